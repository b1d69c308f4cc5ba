"""Claims: a process may die between any two steps, and whoever comes next carries on."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import pytest

from server.core.events import MatchCreated
from server.core.ids import SEATS, BySeat, MatchId
from server.store.keys import LadderKeys
from server.store.link import Link, Unavailable
from server.store.log import StoredEntry
from server.store.players import match_hold
from server.store.seeks import Claim, Seeks, Standing, seek_hold
from server.web.services import Services
from tests.play.given import (
    DECK,
    Ear,
    Process,
    event_zero,
    events_of,
    made,
    signed_up,
    standing,
    stands,
)

Seeking = tuple[BySeat[Ear], BySeat[Standing]]


async def both_seek(at: Services, one: str = "Ada", other: str = "Bob") -> Seeking:
    """Ada and Bob, each held by a seek of their own."""
    ears = (await signed_up(at, one), await signed_up(at, other))
    for ear in ears:
        await stands(at, ear)
    found = await standing(at)
    return ears, (found[ears[0].who.id], found[ears[1].who.id])


async def claimed(at: Services, seeking: Seeking) -> Claim:
    """The first step: both seeks are taken for a match."""
    ears, (one, two) = seeking
    created = await event_zero(at, ears)
    claim = Claim("rated", "zero", created, (one.seek.nonce, two.seek.nonce))
    assert await Seeks(at.link, DECK).claim(claim, (one, two))
    return claim


async def hold(at: Services, claim: Claim, seat: int) -> None:
    player = claim.created.players[seat].id
    before = seek_hold(DECK, "rated", claim.nonces[seat])
    assert await at.players.hold(player, before, match_hold(claim.created.match)) is None


async def hold_ada(at: Services, claim: Claim) -> None:
    await hold(at, claim, 0)


async def hold_bob(at: Services, claim: Claim) -> None:
    await hold(at, claim, 1)


async def begin(at: Services, claim: Claim) -> None:
    created = claim.created
    begun, _ = await at.logs.create(created.match, claim.nonce, (created,), 10_000)
    assert begun


STEPS: Final[tuple[Callable[[Services, Claim], Awaitable[None]], ...]] = (
    *(hold_ada, hold_bob),
    begin,
)


@pytest.mark.parametrize("done", range(len(STEPS) + 1))
async def test_another_process_carries_out_what_one_left_half_done(
    process: Process, done: int
) -> None:
    died, heir = await process(), await process()
    seeking = await both_seek(died)
    claim = await claimed(died, seeking)
    for step in STEPS[:done]:
        await step(died, claim)
    made = await heir.claims.recover(DECK)
    match = claim.created.match
    assert [live.id for live in made] == [match], "or nobody tells the players of it"
    assert await events_of(heir, match) == [claim.created]
    for ear in seeking[0]:
        assert await heir.players.held_by(ear.who.id) == match_hold(match)
    assert await Seeks(heir.link, DECK).claims() == []
    assert await heir.claims.recover(DECK) == []
    assert await events_of(heir, match) == [claim.created]


async def test_processes_that_recover_at_once_make_one_match(process: Process) -> None:
    died, *heirs = [await process() for _ in range(4)]
    seeking = await both_seek(died)
    claim = await claimed(died, seeking)
    await asyncio.gather(*(heir.claims.recover(DECK) for heir in heirs))
    assert await events_of(died, claim.created.match) == [claim.created]
    for ear in seeking[0]:
        assert await died.players.held_by(ear.who.id) == match_hold(claim.created.match)
    assert await Seeks(died.link, DECK).claims() == []


@pytest.mark.parametrize("seat", SEATS)
async def test_where_one_is_held_by_something_else_the_other_seeks_on(
    process: Process, seat: int
) -> None:
    died, heir = await process(), await process()
    ears, seeks = await both_seek(died)
    claim = await claimed(died, (ears, seeks))
    gone, stays = ears[seat].who.id, ears[1 - seat].who.id
    before = seek_hold(DECK, "rated", claim.nonces[seat])
    assert await died.players.hold(gone, before, "match other") is None
    assert await heir.claims.recover(DECK) == []
    assert await heir.players.held_by(gone) == "match other"
    (again,) = (await Seeks(heir.link, DECK).read("rated")).standing
    assert claim.created.sought is not None
    assert (again.player, again.since) == (stays, claim.created.sought.since[1 - seat])
    assert await heir.players.held_by(stays) == seek_hold(DECK, "rated", again.seek.nonce)
    assert await events_of(heir, claim.created.match) == []
    assert await Seeks(heir.link, DECK).claims() == []
    assert not await heir.link.call("EXISTS", LadderKeys(DECK).playing)


async def test_where_both_are_held_by_something_else_nobody_seeks_on(process: Process) -> None:
    died, heir = await process(), await process()
    ears, seeks = await both_seek(died)
    claim = await claimed(died, (ears, seeks))
    for ear, nonce in zip(ears, claim.nonces, strict=True):
        await died.players.hold(ear.who.id, seek_hold(DECK, "rated", nonce), "")
    assert await heir.claims.recover(DECK) == []
    assert (await Seeks(heir.link, DECK).read("rated")).standing == ()
    assert await Seeks(heir.link, DECK).claims() == []
    assert [await heir.players.held_by(ear.who.id) for ear in ears] == ["", ""]


async def test_a_claim_that_stands_is_made_into_a_match_at_once(process: Process) -> None:
    at = await process()
    ears, seeks = await both_seek(at)
    live = await at.claims.claim(DECK, "rated", seeks, 1_000)
    assert live is not None
    (created,) = await events_of(at, live.id)
    assert isinstance(created, MatchCreated)
    assert [player.id for player in created.players] == [ear.who.id for ear in ears]
    assert created.rated
    assert created.k_share == 1
    assert len({card.card for card in created.deal}) == 10
    assert created.sought is not None
    assert created.sought.since == (seeks[0].since, seeks[1].since)


async def test_a_claim_on_a_seek_that_went_makes_no_match(process: Process) -> None:
    at = await process()
    ears, seeks = await both_seek(at)
    assert await at.claims.seeks[DECK].cancel("rated", ears[0].who.id, seeks[0].raw)
    assert await at.claims.claim(DECK, "rated", seeks, 1_000) is None
    assert not await at.link.call("EXISTS", at.logs.partitions[0].due)
    assert len(at.matches) == 0


@pytest.mark.parametrize(
    ("played", "share", "unrated"),
    [(2, 1, None), (3, 0.5, None), (4, 0.5, None), (5, 0, "pair_limit")],
)
async def test_a_pair_that_met_often_today_plays_for_less(
    process: Process, link: Link, played: int, share: float, unrated: str | None
) -> None:
    at = await process(pair_limits="on")
    ears, seeks = await both_seek(at)
    now = seeks[0].since
    pair = LadderKeys(DECK).pair(ears[0].who.id, ears[1].who.id)
    for n in range(played):
        await link.call("ZADD", pair, now - n, f"m{n}")
    await link.call("ZADD", pair, now - 24 * 3600 * 1000 - 1, "yesterday")
    live = await at.claims.claim(DECK, "rated", seeks, now)
    assert live is not None
    assert live.state.created.k_share == share
    assert live.state.created.unrated_because == unrated


async def test_a_match_that_is_gone_is_not_claimed_again(process: Process) -> None:
    """A claim read by a slow process, carried out and settled by others meanwhile."""
    slow, quick = await process(), await process()
    ears, seeks = await both_seek(slow)
    claim = await claimed(slow, (ears, seeks))
    await quick.claims.recover(DECK)
    for ear in ears:
        await quick.players.hold(ear.who.id, match_hold(claim.created.match), "")
    assert await slow.claims._carry_out(claim) is None
    assert [await slow.players.held_by(ear.who.id) for ear in ears] == ["", ""]
    assert (await Seeks(slow.link, DECK).read("rated")).standing == ()
    assert await events_of(slow, MatchId(claim.created.match)) == [claim.created]


async def test_a_match_of_which_a_failover_left_nothing_holds_nobody(process: Process) -> None:
    at = await process()
    ears, seeks = await both_seek(at)
    claim = await claimed(at, (ears, seeks))
    await hold_ada(at, claim)
    ada, match = ears[0].who, claim.created.match
    assert await at.lobby.resume(ada.id) == (match, None)  # it is claimed, and about to begin
    await hold_bob(at, claim)
    await begin(at, claim)
    await Seeks(at.link, DECK).claim_done(match)
    assert await at.lobby.resume(ada.id) == (match, None)
    await at.link.call("DEL", at.logs.keys(match).log(match))
    assert await at.lobby.resume(ada.id) == (None, None)
    await at.lobby.cancel(ears[1].who.id)
    assert [await at.players.held_by(ear.who.id) for ear in ears] == ["", ""]


async def test_no_claims_are_read_for_a_player_whose_match_has_begun(
    process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = await process()
    ada, bob = await signed_up(at, "Ada"), await signed_up(at, "Bob")
    match = await made(at, (ada, bob))
    monkeypatch.delattr(Seeks, "claims")
    assert await at.claims.playing(ada.who.id) == match


async def test_a_claim_that_cannot_be_carried_out_holds_up_no_other(
    process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    died, heir = await process(), await process()
    await claimed(died, await both_seek(died))
    await claimed(died, await both_seek(died, "Cyd", "Dan"))
    away, there = await Seeks(died.link, DECK).claims()
    read = heir.logs.read

    async def read_if_there(match: MatchId) -> tuple[int, tuple[StoredEntry, ...]]:
        if match == away.created.match:
            raise Unavailable
        return await read(match)

    monkeypatch.setattr(heir.logs, "read", read_if_there)
    (live,) = await heir.claims.recover(DECK)
    assert live.id == there.created.match
