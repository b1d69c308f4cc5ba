"""The lobby: who seeks is paired, by passes at once; no-shows and cooldowns."""

import asyncio
from typing import Final

import pytest

from server.core.events import MatchCreated, SeatTold, Settled
from server.core.ids import SEATS, MatchId
from server.core.refusal import Reason, Refused
from server.store.keys import LadderKeys
from server.store.players import match_hold, match_of
from server.store.seeks import seek_of
from server.wire import messages as wire
from tests.play.given import (
    DECK,
    Process,
    comes,
    events_of,
    here,
    logged,
    made,
    one_pass,
    short,
    signed_up,
    standing,
    stands,
)
from tests.support.until import until

KEYS: Final = LadderKeys(DECK)


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
        with pytest.raises(Refused) as refused:
            await at.lobby.seek(ada.who, DECK, rated=True)
        assert refused.value.reason is Reason.COOLING_DOWN
        assert refused.value.retry_in_ms == pytest.approx(wait_ms, abs=3_000)
        assert await at.players.held_by(ada.who.id) == ""
        assert (await at.lobby.seek(ada.who, DECK, rated=False)).waiting == 1
    else:
        assert (await at.lobby.seek(ada.who, DECK, rated=True)).waiting == 1


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
