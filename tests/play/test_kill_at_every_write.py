"""`kill -9` about every Redis write of a match and its settlement: nothing lost, nothing twice."""

import asyncio
from collections import Counter
from pathlib import Path
from typing import Final

import pytest

from server.core.elo import Standing, rate
from server.core.ids import SEATS, BySeat, MatchId, PlayerId
from server.core.match import Match
from server.core.outcome import Outcome
from server.store import keys
from server.store.ladder import Ladder
from server.store.link import Link, scored
from server.store.players import Players
from server.store.seeks import Seeks
from tests.play.duelist import as_result, record_of
from tests.play.stage import Case, Stage, stage, try_all
from tests.support.player import DECK
from tests.support.proxy import BACKGROUND, Moment

AT_ONCE: Final = 9

WRITES: Final = (
    *("swap nothing for seek", "seek", "swap nothing for seek"),
    *("swap nothing for seek", "seek", "swap nothing for seek"),
    *("claim", "swap seek for match", "swap seek for match", "create", "HDEL claims"),
    *("append SeatConnected", "append SeatConnected", "append SeatReady"),
    "append SeatReady CountdownStarted RoundOpened",
    *("append AnswerTaken", "append AnswerTaken RoundClosed RoundOpened"),
    *("append AnswerTaken", "append AnswerTaken RoundClosed MatchEnded"),
    *("settle", "swap match for nothing", "swap match for nothing"),
    "append Settled",
)
"""Every write of a match of two rounds, from the first seek to the stored result."""

SLOW_PAGE: Final = "append SeatTold"
"""Written for a player whose page takes more than a second to follow the pairing."""

BURIAL: Final = ("append SeatDisconnected SeatDisconnected", "DEL held", "ZREM processes")
"""What is written when a process has been silent for five seconds."""


async def test_one_match_and_its_settlement_make_these_writes_and_no_others(tmp_path: Path) -> None:
    async with stage(tmp_path / "whole") as whole:
        await whole.cast()
        whole.proxy.record()
        await whole.play()
        await asyncio.sleep(0.1)
        seen = Counter(whole.proxy.writes)
        for name in (*BACKGROUND, SLOW_PAGE):
            del seen[name]
        assert seen == Counter(WRITES)
        await check(whole)


UNWATCHED: Final = frozenset({"online"})
"""What only a page that watches who is here makes the server write."""


@pytest.mark.parametrize(
    "name", [*dict.fromkeys(WRITES), SLOW_PAGE, *sorted(BACKGROUND - UNWATCHED)]
)
async def test_a_server_killed_at_this_write_costs_the_players_a_reconnect(
    name: str, tmp_path: Path
) -> None:
    await try_all(
        [
            Case(name, occurrence, moment)
            for occurrence in range(max(1, WRITES.count(name)))
            for moment in Moment
        ],
        stage,
        kill_once,
        tmp_path,
        AT_ONCE,
    )


async def test_a_server_killed_while_it_buries_another_costs_a_reconnect(tmp_path: Path) -> None:
    cases = [Case(name, 0, moment) for name in BURIAL for moment in Moment]
    await try_all(cases, stage, kill_the_heir, tmp_path, AT_ONCE)


async def kill_once(killed: Stage, case: Case) -> None:
    """Play one match whose server dies at this write and is started again."""
    name = case.name
    await killed.cast()
    ada, bob = killed.players
    if name == SLOW_PAGE:
        ada.may_enter.clear()
        bob.may_enter.clear()
    killed.proxy.stop_at(*case, killed.server.kill)
    async with asyncio.TaskGroup() as playing:
        playing.create_task(ada.play())
        if name in BACKGROUND:
            await killed.proxy.reached.wait()
        playing.create_task(bob.play())
        await killed.proxy.reached.wait()
        ada.may_enter.set()
        bob.may_enter.set()
        killed.server.start()
    await check(killed)


async def kill_the_heir(killed: Stage, case: Case) -> None:
    """Kill a server with both players in a round, then, with both away, the one that buries it."""
    await killed.cast()
    opening = Case("append SeatReady CountdownStarted RoundOpened", 0, Moment.ANSWERED)
    killed.proxy.stop_at(*opening, killed.server.kill)
    async with asyncio.TaskGroup() as playing:
        for player in killed.players:
            playing.create_task(player.play())
        await killed.proxy.reached.wait()
        for player in killed.players:
            player.may_connect.clear()
        killed.proxy.stop_at(*case, killed.server.kill)
        killed.server.start()
        await killed.proxy.reached.wait()
        killed.server.start()
        for player in killed.players:
            player.may_connect.set()
    await check(killed)


async def check(played: Stage) -> None:
    """One result, told alike to both, stored once; nobody held; nothing left to do."""
    ada, bob = played.players
    assert as_result(ada.over) == as_result(bob.over)
    assert ada.over is not None
    match = MatchId(ada.over["match"])
    await check_nothing_is_left(played.link, match, (PlayerId(ada.id), PlayerId(bob.id)))
    state = await check_log(played, match)
    await check_ladder(played.link, state)


async def check_nothing_is_left(link: Link, match: MatchId, players: BySeat[PlayerId]) -> None:
    for player in players:
        assert await Players(link).held_by(player) == ""
    partition, ladder = keys.PartitionKeys(0), keys.LadderKeys(DECK)
    for key in (partition.due, partition.settle, ladder.claims, ladder.seeks("rated")):
        assert not await link.call("EXISTS", key), key
    assert await Seeks(link, DECK).claims() == []
    assert await link.call("PTTL", partition.record(match)) == -1
    assert 0 < await link.call("PTTL", partition.log(match)) <= keys.SETTLED_LOG_LIFE_MS
    assert await link.call("PTTL", ladder.settled(match)) > 0


async def check_log(played: Stage, match: MatchId) -> Match:
    """The record holds what was told and what was acknowledged."""
    state = await record_of(played.link, match, played.players)
    told = as_result(played.players[0].over)
    assert state.ended is not None
    assert state.settled is not None
    assert state.settled.ratings is not None
    assert (told["outcome"], told["reason"]) == (state.ended.outcome, "played")
    assert tuple(told["totals"]) == state.totals
    assert [r["after"] for r in told["ratings"]] == [r.after for r in state.settled.ratings]
    return state


async def check_ladder(link: Link, state: Match) -> None:
    """Board, records, histories and counts are those of exactly one rated match."""
    ladder, players = Ladder(link, DECK), [player.id for player in state.created.players]
    assert state.ended is not None
    score = {Outcome.SEAT_0: 1.0, Outcome.SEAT_1: 0.0, Outcome.DRAW: 0.5}[state.ended.outcome]
    right = rate((Standing(), Standing()), score)
    assert state.settled is not None
    assert state.settled.ratings == right
    rows = {row.player: row.record for row in await ladder.top(10)}
    assert set(rows) == set(players)
    for seat in SEATS:
        record = rows[players[seat]]
        assert (record.rating, record.change) == (right[seat].after, right[seat].change)
        assert (record.matches, record.wins + record.draws + record.losses) == (1, 1)
        assert await link.call("LLEN", ladder.keys.history(players[seat])) == 1
        assert [m for m, _ in await ladder.played(players[seat], 2**52, 9)] == [state.created.match]
        assert await ladder.charges(players[seat]) == []
    pair = await link.call("ZRANGE", ladder.keys.pair(*players), 0, -1, "WITHSCORES")
    assert [m.decode() for m, _ in scored(pair)] == [state.created.match]
    assert await ladder.changes() == 1
