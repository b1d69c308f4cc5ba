"""Taking a challenge, between processes: whoever dies or is slower leaves one match or none."""

import asyncio
from contextlib import suppress
from typing import Final

import pytest

from server.core.ids import MatchId
from server.core.practice import CHARACTERS
from server.core.refusal import Reason, Refused
from server.play.claims import Claims
from server.store.keys import LadderKeys
from server.store.keys import matches as matches_of
from server.store.link import Link, Unavailable, time_ms
from server.store.players import Account, match_hold
from server.store.seeks import Seeks, new_nonce, seek_hold
from server.web.services import Services
from server.wire.messages import ChallengeChanged, Paired, SeekCancelled
from tests.play.given import DECK, Ear, Process, ended, here, made, signed_up
from tests.play.test_claims import both_seek, claimed
from tests.support.until import until

WREN: Final = Account(CHARACTERS[0].id, CHARACTERS[0].name, bot=True, practice=True)


async def link_of(at: Services, ear: Ear) -> str:
    """The code of a casual link."""
    offered = await at.challenges.offer(
        ear.who, DECK, to=None, rated=False, rounds=None, limit_ms=None
    )
    return offered.challenge


async def test_of_two_who_accept_at_two_processes_one_plays(process: Process) -> None:
    one, two = await process(), await process()
    ada, bob, cyd = [await signed_up(one, name) for name in ("Ada", "Bob", "Cyd")]
    here(two, cyd.who)
    for _ in range(5):
        code = await link_of(one, ada)
        results = await asyncio.gather(
            one.challenges.accept(bob.who, code),
            two.challenges.accept(cyd.who, code),
            return_exceptions=True,
        )
        (taken,) = [result for result in results if isinstance(result, ChallengeChanged)]
        (refused,) = [result for result in results if isinstance(result, Refused)]
        assert refused.reason == "challenge_over"
        hold = match_hold(MatchId(taken.match or ""))
        winner, loser = (bob, cyd) if taken.to and taken.to.id == bob.who.id else (cyd, bob)
        assert await one.players.held_by(loser.who.id) == ""
        for ear in (ada, winner):
            assert await one.players.held_by(ear.who.id) == hold
            await one.players.hold(ear.who.id, hold, "")


@pytest.mark.parametrize("gone", ["challenger", "taker"])
async def test_where_one_is_held_by_something_else_the_challenge_is_open_again(
    process: Process, monkeypatch: pytest.MonkeyPatch, gone: str
) -> None:
    at = await process()
    ada, bob = await signed_up(at, "Ada"), await signed_up(at, "Bob")
    code = await link_of(at, ada)
    away, stays = (ada, bob) if gone == "challenger" else (bob, ada)
    carry_out = Claims._carry_out

    async def after_something_else(claims: Claims, claim: object) -> object:
        held = await at.players.held_by(away.who.id)
        assert await at.players.hold(away.who.id, held, "match other") is None
        return await carry_out(claims, claim)  # type: ignore[arg-type] # a claim

    monkeypatch.setattr(Claims, "_carry_out", after_something_else)
    with pytest.raises(Refused):
        await at.challenges.accept(bob.who, code)
    assert await at.players.held_by(away.who.id) == "match other"
    assert await at.players.held_by(stays.who.id) == ""
    assert await Seeks(at.link, DECK).claims() == []
    now = await at.challenges.view(code, None)
    assert (now.state, now.to, now.match) == ("open", None, None)
    assert stays.of(Paired) == away.of(Paired) == []


@pytest.mark.parametrize("trouble", [Refused(Reason.OPPONENT_BUSY, "Not now."), Unavailable("cut")])
async def test_whose_seek_was_taken_back_for_a_match_that_did_not_begin_hears_of_it(
    process: Process, monkeypatch: pytest.MonkeyPatch, trouble: Exception
) -> None:
    at = await process()
    ada, bob = await signed_up(at, "Ada"), await signed_up(at, "Bob")
    code = await link_of(at, ada)
    await at.lobby.seek(bob.who, DECK, rated=True)

    async def fails(*_: object) -> None:
        raise trouble

    monkeypatch.setattr(Claims, "claim_challenge", fails)
    with pytest.raises(type(trouble)):
        await at.challenges.accept(bob.who, code)
    await bob.hears(SeekCancelled)
    assert not at.lobby.is_waiting(bob.who.id)
    assert await at.players.held_by(bob.who.id) == ""
    assert ada.of(SeekCancelled) == []


async def test_a_hold_that_a_dead_process_left_is_in_nobodys_way(process: Process) -> None:
    at = await process()
    ada, bob = await signed_up(at, "Ada"), await signed_up(at, "Bob")
    code = await link_of(at, ada)
    for ear in (ada, bob):
        left = seek_hold(DECK, "challenge", new_nonce())
        assert await at.players.hold(ear.who.id, "", left) is None
    taken = await at.challenges.accept(bob.who, code)
    assert taken.state == "accepted"
    cyd = await signed_up(at, "Cyd")
    await at.players.hold(cyd.who.id, "", seek_hold(DECK, "challenge", new_nonce()))
    assert (await at.lobby.seek(cyd.who, DECK, rated=False)).waiting == 1


async def test_a_claim_that_cannot_be_forgotten_is_told_all_the_same(
    process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    at, heir = await process(), await process()
    ears, seeks = await both_seek(at)

    async def lost(*_: object) -> None:
        raise Unavailable("its reply was lost")

    with monkeypatch.context() as patched:
        patched.setattr(Seeks, "claim_done", lost)
        live = await at.claims.claim(DECK, "rated", seeks, 1_000)
    assert live is not None, "both are told at once"
    for ear in ears:
        assert await at.players.held_by(ear.who.id) == match_hold(live.id)
    assert len(await Seeks(at.link, DECK).claims()) == 1
    await heir.claims.recover(DECK)
    assert await Seeks(at.link, DECK).claims() == []


async def test_a_practice_opponent_plays_several_at_once_and_is_held_by_none(
    process: Process, link: Link
) -> None:
    at = await process(running=True)
    await link.call("HSET", f"{{p:{WREN.id}}}:account", "name", WREN.name, "bot", 1, "practice", 1)
    wren = here(at, WREN)
    matches = []
    for name in ("Ada", "Bob"):
        ear = await signed_up(at, name)
        offered = await at.challenges.offer(
            ear.who, DECK, to=WREN.id, rated=True, rounds=5, limit_ms=None
        )
        assert (offered.rated, offered.stake, offered.unrated_because) == (False, None, "bot")
        assert (offered.rounds, offered.to and offered.to.practice) == (5, True)
        assert offered.to is not None
        assert offered.to.rating == CHARACTERS[0].strength
        taken = await at.challenges.accept(WREN, offered.challenge)
        matches.append(MatchId(taken.match or ""))
        assert (await ear.hears(Paired)).match == taken.match
    assert await at.players.held_by(WREN.id) == ""
    assert await at.practised.of(WREN.id) == sorted(matches)
    assert [paired.match for paired in wren.of(Paired)] == matches
    with pytest.raises(Refused, match="not_accepting"):
        await at.lobby.seek(WREN, DECK, rated=False)


async def test_a_rematch_is_offered_only_once_the_first_is_settled(process: Process) -> None:
    at = await process(running=True)
    ada, bob = await signed_up(at, "Ada"), await signed_up(at, "Bob")
    match = await ended(at, ada, bob)

    async def is_settled() -> bool:
        with suppress(Refused):
            await at.settle(match)
        return (await at.matches.attach(match)).state.settled is not None

    await until(is_settled)
    offered = await at.challenges.rematch(ada.who, match)
    assert (offered.kind, offered.rounds) == ("rematch", 2)
    assert not await at.link.call("EXISTS", LadderKeys(DECK).seeks("rated"))


async def test_whoever_cools_down_since_the_offer_plays_no_rated_match_by_it(
    process: Process,
) -> None:
    at = await process()
    ada, bob = await signed_up(at, "Ada"), await signed_up(at, "Bob")
    rated, casual = [
        await at.challenges.offer(
            ada.who, DECK, to=None, rated=is_rated, rounds=None, limit_ms=None
        )
        for is_rated in (True, False)
    ]
    now = time_ms(await at.link.call("TIME"))
    for number in range(2):
        await at.link.call("ZADD", LadderKeys(DECK).charges(ada.who.id), now, f"m{number}")
    with pytest.raises(Refused, match="opponent_busy: Ada may not play for rating") as refused:
        await at.challenges.accept(bob.who, rated.challenge)
    assert refused.value.retry_in_ms is None, "that would be his own"
    assert (await at.challenges.view(rated.challenge, None)).state == "open"
    assert (await at.challenges.accept(bob.who, casual.challenge)).state == "accepted"


async def test_of_a_practice_opponents_matches_those_that_are_over_or_gone_are_struck_off(
    process: Process,
) -> None:
    at = await process()
    wren = Ear(WREN)
    live = await made(at, (await signed_up(at, "Cyd"), wren))
    settled = await ended(at, await signed_up(at, "Dee"), wren)
    await at.settling.settle(settled)
    begins = (await claimed(at, await both_seek(at))).created.match
    listed = (live, settled, begins, "gone")
    await at.link.call("SADD", matches_of(WREN.id), *listed)
    assert await at.claims.practised(WREN.id) == sorted([live, begins])
    assert await at.practised.of(WREN.id) == sorted([live, begins])
