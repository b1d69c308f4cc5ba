"""The lobby: seeks, cancels against claims, no-shows, cooldowns, and passes at once."""

import asyncio
from collections.abc import Sequence
from typing import Final

import pytest

from server.core.events import MatchCreated, SeatTold, Settled
from server.core.ids import SEATS, MatchId, PlayerId
from server.core.refusal import Reason, Refused
from server.play import waiting
from server.store.keys import LadderKeys
from server.store.link import Link
from server.store.players import match_hold, match_of
from server.store.seeks import GONE_MS, Claim, Pool, Seek, Standing, new_nonce, seek_hold, seek_of
from server.web.services import Services
from server.wire import messages as wire
from tests.play.given import (
    DECK,
    PATIENCE_S,
    Ear,
    Process,
    comes,
    event_zero,
    events_of,
    here,
    logged,
    made,
    seated,
    short,
    signed_up,
)
from tests.support.until import until

KEYS: Final = LadderKeys(DECK)


async def standing(at: Services, pool: str = "rated") -> dict[PlayerId, Standing]:
    found = await at.lobby._seeks[DECK].read("rated" if pool == "rated" else "casual")
    return {seek.player: seek for seek in found.standing}


async def stands(at: Services, ear: Ear, since: int = 0) -> None:
    """A seek that no pass of this process knows of."""
    seek = Seek(await seated(at, ear.who), new_nonce(), None)
    hold = seek_hold(DECK, "rated", seek.nonce)
    assert await at.players.hold(ear.who.id, "", hold) is None
    await at.lobby._seeks[DECK].add("rated", seek, since)


async def refusal(at: Services, ear: Ear, *, deck: str = DECK, rated: bool = True) -> Refused:
    with pytest.raises(Refused) as refused:
        await at.lobby.seek(ear.who, deck, rated=rated)
    return refused.value


async def one_pass(at: Services) -> None:
    await at.lobby._passes.run(DECK, "rated")


async def test_two_who_seek_are_told_of_one_match(process: Process) -> None:
    at = await process()
    ada, bob = await signed_up(at, "Ada"), await signed_up(at, "Bob")
    first = await at.lobby.seek(ada.who, DECK, rated=True)
    second = await at.lobby.seek(bob.who, DECK, rated=True)
    assert (first.waiting, second.waiting, first.waited_ms) == (1, 2, 0)
    one, two = await ada.hears(wire.Paired), await bob.hears(wire.Paired)
    assert one.match == two.match
    assert {one.seat, two.seat} == set(SEATS)
    assert (one.opponent.name, two.opponent.name) == ("Bob", "Ada")
    assert one.stake is not None
    assert (one.stake.win, one.stake.draw, one.stake.loss) == (20, 0, -20)
    for ear in (ada, bob):
        assert await at.players.held_by(ear.who.id) == match_hold(MatchId(one.match))
    assert await standing(at) == {}


async def test_a_pairing_goes_to_every_socket_of_the_player(process: Process) -> None:
    at = await process()
    ada, bob = await signed_up(at, "Ada"), await signed_up(at, "Bob")
    tab = here(at, ada.who)
    for ear in (ada, bob):
        await at.lobby.seek(ear.who, DECK, rated=True)
    assert (await tab.hears(wire.Paired)).match == (await ada.hears(wire.Paired)).match


async def test_rated_and_casual_seeks_do_not_meet(process: Process) -> None:
    at = await process()
    ada, bob, cyd = [await signed_up(at, name) for name in ("Ada", "Bob", "Cyd")]
    await at.lobby.seek(ada.who, DECK, rated=True)
    await at.lobby.seek(bob.who, DECK, rated=False)
    await at.lobby.seek(cyd.who, DECK, rated=False)
    paired = await bob.hears(wire.Paired)
    assert (paired.opponent.name, paired.rated, paired.unrated_because) == ("Cyd", False, "casual")
    assert list(await standing(at)) == [ada.who.id]


async def test_passes_at_once_at_many_processes_make_one_match(process: Process) -> None:
    passing = [await process() for _ in range(4)]
    ada, bob = await signed_up(passing[0], "Ada"), await signed_up(passing[0], "Bob")
    for ear in (ada, bob):
        await stands(passing[0], ear)
    await asyncio.gather(*(one_pass(at) for at in passing))
    made_here = [at for at in passing if len(at.matches)]
    assert len(made_here) == 1
    held = {await passing[0].players.held_by(ear.who.id) for ear in (ada, bob)}
    (hold,) = held
    match = match_of(hold)
    assert match is not None
    assert len(await events_of(passing[0], match)) == 1
    assert await passing[0].link.call("ZCARD", passing[0].logs.partitions[0].due) == 1


async def test_a_process_has_one_pass_of_a_pool_at_a_time(
    process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    passes = (await process()).lobby._passes
    begun: list[tuple[str, ...]] = []
    ended: list[tuple[str, ...]] = []

    async def run(*pool: str) -> None:
        assert len(begun) == len(ended)
        begun.append(pool)
        await asyncio.sleep(0)
        ended.append(pool)

    monkeypatch.setattr(passes, "run", run)
    passes.want(DECK, "rated")
    await asyncio.gather(*(passes._pass(DECK, "rated") for _ in range(2)))

    async def both() -> bool:
        return len(ended) == 2  # what was wanted meanwhile comes after it

    await until(both)


async def test_many_seeks_and_many_passes_leave_nobody_in_two_matches(process: Process) -> None:
    passing = [await process() for _ in range(3)]
    ears = [await signed_up(passing[0], f"Player {n}") for n in range(12)]
    for ear in ears:
        await stands(passing[0], ear)
    await asyncio.gather(*(one_pass(at) for at in passing for _ in range(2)))
    holds = [await passing[0].players.held_by(ear.who.id) for ear in ears]
    matches = [match for hold in holds if (match := match_of(hold))]
    waiting = await standing(passing[0])
    assert len(matches) + len(waiting) == len(ears)
    assert len(matches) == 2 * len(set(matches))
    for ear, hold in zip(ears, holds, strict=True):
        if match := match_of(hold):
            (created,) = await events_of(passing[0], match)
            assert isinstance(created, MatchCreated)
            assert ear.who.id in [player.id for player in created.players]


async def test_one_who_seeks_already_is_refused(process: Process) -> None:
    at, elsewhere = await process(), await process()
    ada = await signed_up(at, "Ada")
    await at.lobby.seek(ada.who, DECK, rated=True)
    for asked in (at, elsewhere):
        assert (await refusal(asked, ada)).reason is Reason.ALREADY_SEEKING
    assert len(await standing(at)) == 1


async def test_one_who_plays_is_told_where(process: Process) -> None:
    at = await process()
    ada, bob = await signed_up(at, "Ada"), await signed_up(at, "Bob")
    match = await made(at, (ada, bob))
    refused = await refusal(at, ada, rated=False)
    assert (refused.reason, refused.match) == (Reason.ALREADY_IN_MATCH, match)


async def test_a_deck_that_is_not_there_holds_nobody(process: Process) -> None:
    at = await process()
    ada = await signed_up(at, "Ada")
    assert (await refusal(at, ada, deck="none")).reason is Reason.NO_SUCH_DECK
    assert await at.players.held_by(ada.who.id) == ""


async def test_a_hold_whose_seek_is_gone_keeps_nobody_from_seeking(process: Process) -> None:
    at = await process()
    ada = await signed_up(at, "Ada")
    await at.players.hold(ada.who.id, "", seek_hold(DECK, "rated", "lost"))
    await at.lobby.seek(ada.who, DECK, rated=True)
    assert list(await standing(at)) == [ada.who.id]


async def test_a_seek_that_is_claimed_still_holds(process: Process) -> None:
    at = await process()
    ears = await signed_up(at, "Ada"), await signed_up(at, "Bob")
    for ear in ears:
        await stands(at, ear)
    found = await standing(at)
    one, two = (found[ear.who.id] for ear in ears)
    created = await event_zero(at, ears)
    claim = Claim("rated", "zero", created, (one.seek.nonce, two.seek.nonce))
    assert await at.lobby._seeks[DECK].claim(claim, (one, two))
    assert (await refusal(at, ears[0])).reason is Reason.ALREADY_SEEKING
    await at.lobby._seeks[DECK].claim_done(created.match)
    assert not (await at.lobby.seek(ears[0].who, DECK, rated=False)).rated


async def test_a_cancel_lets_the_player_go(process: Process) -> None:
    at = await process()
    ada = await signed_up(at, "Ada")
    await at.lobby.cancel(ada.who.id)
    await at.lobby.seek(ada.who, DECK, rated=True)
    await at.lobby.cancel(ada.who.id)
    assert await at.players.held_by(ada.who.id) == ""
    assert await standing(at) == {}
    assert (await at.lobby.seek(ada.who, DECK, rated=False)).rated is False


async def test_a_cancel_finds_a_seek_whose_hold_is_let_go_for_a_moment(process: Process) -> None:
    at = await process()
    ada = await signed_up(at, "Ada")
    await at.lobby.seek(ada.who, DECK, rated=True)
    held = await at.players.held_by(ada.who.id)
    await at.players.hold(ada.who.id, held, "")  # by whoever had not seen it in its pool
    await at.lobby.cancel(ada.who.id)
    assert await at.claims.seeks[DECK].find("rated", ada.who.id) is None
    assert not at.lobby.is_waiting(ada.who.id)


@pytest.mark.parametrize("step", ["find", "cancel", "claims"])
async def test_a_cancel_that_a_whole_claim_overtakes_is_refused(
    process: Process, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """Between any two steps of the cancel, another process makes the match from end to end."""
    at, elsewhere = await process(), await process()
    ada, bob = await signed_up(at, "Ada"), await signed_up(at, "Bob")
    for ear in (ada, bob):
        await stands(at, ear)
    seeks = at.lobby._seeks[DECK]
    careful = getattr(seeks, step)

    async def too_late(*args: object) -> object:
        await one_pass(elsewhere)
        return await careful(*args)

    monkeypatch.setattr(seeks, step, too_late)
    if step == "claims":
        monkeypatch.setattr(seeks, "cancel", lambda *_: asyncio.sleep(0, result=False))
    with pytest.raises(Refused) as refused:
        await at.lobby.cancel(ada.who.id)
    assert refused.value.reason is Reason.ALREADY_IN_MATCH
    assert refused.value.match == match_of(await at.players.held_by(ada.who.id))


async def test_of_cancels_and_passes_at_once_each_is_told_the_truth(process: Process) -> None:
    for n in range(8):
        at, elsewhere = await process(), await process()
        ada, bob = await signed_up(at, f"Ada {n}"), await signed_up(at, f"Bob {n}")
        for ear in (ada, bob):
            await stands(at, ear)
        cancelled, _ = await asyncio.gather(
            at.lobby.cancel(ada.who.id), one_pass(elsewhere), return_exceptions=True
        )
        held = match_of(await at.players.held_by(ada.who.id))
        assert isinstance(cancelled, Refused) == (held is not None)
        if held is None:
            await at.lobby.cancel(bob.who.id)


async def test_one_who_came_goes_to_the_front_and_the_other_is_charged(process: Process) -> None:
    at = await process(ready_ms=400)
    ada, bob = await signed_up(at, "Ada"), await signed_up(at, "Bob")
    await at.lobby.seek(ada.who, DECK, rated=True)
    since = (await standing(at))[ada.who.id].since
    await at.link.call("HDEL", KEYS.seeks("rated"), ada.who.id)
    await at.players.hold(ada.who.id, await at.players.held_by(ada.who.id), "")
    await stands(at, ada, since - 20_000)
    await at.lobby.seek(bob.who, DECK, rated=True)
    match = MatchId((await ada.hears(wire.Paired)).match)
    await comes(at, match, ada)
    seeking = await ada.hears(wire.Seeking)
    assert seeking.waited_ms is not None
    assert 20_000 <= seeking.waited_ms < 25_000
    assert (seeking.rated, seeking.waiting) == (True, 1)
    again = (await standing(at))[ada.who.id]
    assert (again.since, again.seek.last_opponent) == (since - 20_000, bob.who.id)
    assert seek_of(await at.players.held_by(ada.who.id)) == (DECK, "rated", again.seek.nonce)
    assert await at.players.held_by(bob.who.id) == ""
    assert not bob.of(wire.Seeking)
    assert any(isinstance(event, SeatTold) for event in await events_of(at, match))
    assert len(await at.boards[DECK].charges(bob.who.id)) == 1
    assert await at.boards[DECK].charges(ada.who.id) == []
    assert await at.boards[DECK].top(10) == []


async def test_one_whom_the_pairing_never_reached_is_not_charged(process: Process) -> None:
    at, elsewhere = await process(ready_ms=300), await process()
    ada, bob = await signed_up(at, "Ada"), await signed_up(elsewhere, "Bob")
    await at.lobby.seek(ada.who, DECK, rated=True)
    await stands(at, bob)
    match = MatchId((await ada.hears(wire.Paired)).match)
    await comes(at, match, ada)
    await logged(at, match, Settled)
    assert await at.boards[DECK].charges(bob.who.id) == []


async def test_one_who_came_and_left_again_does_not_seek_on(process: Process) -> None:
    at = await process()
    ada, bob = await signed_up(at, "Ada"), await signed_up(at, "Bob")
    match = await made(at, (ada, bob), short(ready_ms=300))
    await comes(at, match, ada)
    at.presence.go(ada)
    await logged(at, match, Settled)
    assert await at.players.held_by(ada.who.id) == ""
    assert await standing(at) == {}


@pytest.mark.parametrize(
    ("ages_ms", "wait_ms"),
    [((0,), 0), ((0, 90_000), 60_000), ((10_000, 0), 60_000), ((0, 1, 2), 300_000)],
)
async def test_who_left_early_waits_before_the_next_rated_seek(
    process: Process, ages_ms: tuple[int, ...], wait_ms: int
) -> None:
    at = await process()
    ada = await signed_up(at, "Ada")
    seconds, _ = await at.link.call("TIME")
    for n, age_ms in enumerate(ages_ms):
        await at.link.call("ZADD", KEYS.charges(ada.who.id), int(seconds) * 1000 - age_ms, f"m{n}")
    if wait_ms:
        refused = await refusal(at, ada)
        assert refused.reason is Reason.COOLING_DOWN
        assert refused.retry_in_ms == pytest.approx(wait_ms, abs=3_000)
        assert await at.players.held_by(ada.who.id) == ""
        assert (await at.lobby.seek(ada.who, DECK, rated=False)).waiting == 1
    else:
        assert (await at.lobby.seek(ada.who, DECK, rated=True)).waiting == 1


async def test_who_connects_again_finds_seek_and_wait(process: Process) -> None:
    at, elsewhere = await process(), await process()
    ada = await signed_up(at, "Ada")
    seconds, _ = await at.link.call("TIME")
    await stands(at, ada, int(seconds) * 1000 - 30_000)
    match, seeking = await elsewhere.lobby.resume(ada.who.id)
    assert match is None
    assert seeking is not None
    assert (seeking.deck, seeking.rated) == (DECK, True)
    assert 30_000 <= seeking.waited_ms < 35_000


async def test_a_seek_is_alive_as_soon_as_its_player_is_back(process: Process, link: Link) -> None:
    at, elsewhere = await process(), await process()
    ada = await signed_up(at, "Ada")
    await stands(at, ada)
    beats = KEYS.beats("rated")
    before = await link.call("ZINCRBY", beats, -1_000, ada.who.id)
    await elsewhere.lobby.resume(ada.who.id)
    assert int(await link.call("ZSCORE", beats, ada.who.id)) >= int(before) + 1_000


async def test_who_connects_after_the_seek_has_gone_finds_nothing(process: Process) -> None:
    at = await process()
    ada = await signed_up(at, "Ada")
    await stands(at, ada)
    await at.link.call("ZINCRBY", KEYS.beats("rated"), -GONE_MS, ada.who.id)
    assert await at.lobby.resume(ada.who.id) == (None, None)
    assert await at.players.held_by(ada.who.id) == ""


async def test_who_connects_in_a_match_is_told_which(process: Process) -> None:
    at = await process()
    ada, bob = await signed_up(at, "Ada"), await signed_up(at, "Bob")
    match = await made(at, (ada, bob))
    assert await at.lobby.resume(bob.who.id) == (match, None)
    assert await at.lobby.resume(PlayerId("nobody")) == (None, None)


async def test_the_seek_of_a_player_without_a_socket_is_taken_back(process: Process) -> None:
    at = await process()
    ada = await signed_up(at, "Ada")
    await at.lobby.seek(ada.who, DECK, rated=True)
    at.presence.go(ada)
    for _ in range(3):
        await at.lobby._room.beat(DECK, "rated")
    await at.link.call("ZINCRBY", KEYS.beats("rated"), -GONE_MS, ada.who.id)
    await at.lobby._room.beat(DECK, "rated")
    assert not at.lobby.is_waiting(ada.who.id)
    assert not await at.link.call("HEXISTS", KEYS.seeks("rated"), ada.who.id)
    assert await at.players.held_by(ada.who.id) == ""


async def test_who_waits_is_told_when_more_wait(process: Process) -> None:
    at = await process()
    ada = await signed_up(at, "Ada")
    await at.lobby.seek(ada.who, DECK, rated=True)
    await at.lobby._room.beat(DECK, "rated")
    assert ada.of(wire.Seeking) == []
    stranger = await signed_up(at, "Bob")
    await at.link.call("ZADD", KEYS.beats("rated"), 2**52, stranger.who.id)
    await at.lobby._room.beat(DECK, "rated")
    await at.lobby._room.beat(DECK, "rated")
    assert [seeking.waiting for seeking in ada.of(wire.Seeking)] == [2]


async def test_a_server_about_to_stop_makes_no_match(process: Process) -> None:
    at = await process()
    ada, bob = await signed_up(at, "Ada"), await signed_up(at, "Bob")
    at.lobby.stop_pairing()
    for ear in (ada, bob):
        await at.lobby.seek(ear.who, DECK, rated=True)

    async def passed() -> bool:
        return not at.timers.pending((DECK, "rated"))

    await until(passed)
    assert set(await standing(at)) == {ada.who.id, bob.who.id}


async def test_an_outage_forgets_no_seek_whose_player_is_here(process: Process) -> None:
    at = await process()
    ada = await signed_up(at, "Ada")
    await at.lobby.seek(ada.who, DECK, rated=True)
    at.lobby._room._beaten.clear()
    await at.link.call("ZINCRBY", KEYS.beats("rated"), -2 * GONE_MS, ada.who.id)
    await one_pass(at)
    assert list(await standing(at)) == [ada.who.id]
    assert await at.players.held_by(ada.who.id) != ""


async def test_of_two_seeks_of_one_player_at_once_one_is_refused(process: Process) -> None:
    at = await process()
    ada = await signed_up(at, "Ada")
    outcomes = await asyncio.gather(
        at.lobby.seek(ada.who, DECK, rated=True),
        at.lobby.seek(ada.who, DECK, rated=False),
        return_exceptions=True,
    )
    assert isinstance(outcomes[0], wire.Seeking)
    assert isinstance(outcomes[1], Refused)
    assert outcomes[1].reason is Reason.ALREADY_SEEKING
    assert list(await standing(at)) == [ada.who.id]


async def test_a_pool_that_does_not_answer_holds_up_no_other(
    process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "BEAT_EVERY_MS", 10)
    at = await process()
    ada, bob = await signed_up(at, "Ada"), await signed_up(at, "Bob")
    await at.lobby.seek(ada.who, DECK, rated=True)
    await at.lobby.seek(bob.who, DECK, rated=False)
    seeks = at.lobby._seeks[DECK]
    beat, released, beats = seeks.beat, asyncio.Event(), asyncio.Semaphore(0)

    async def beat_if_casual(
        pool: Pool, players: Sequence[PlayerId]
    ) -> tuple[int, tuple[PlayerId, ...]]:
        if pool == "rated":
            await released.wait()
        beats.release()
        return await beat(pool, players)

    monkeypatch.setattr(seeks, "beat", beat_if_casual)
    at.lobby.start()
    async with asyncio.timeout(PATIENCE_S):
        for _ in range(5):
            await beats.acquire()
    released.set()
