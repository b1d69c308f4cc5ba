"""Settlement: once, whoever tries, however often, and on the records as they stand."""

import asyncio

import pytest

from server.core.commands import Resign
from server.core.elo import Standing, rate
from server.core.events import MatchEnded, Settled
from server.core.ids import MatchId
from server.core.match import fold
from server.core.outcome import Outcome, Why
from server.core.practice import CHARACTERS
from server.play.settlement import decide_settlement
from server.store.ladder import Settlement, decode_record
from server.store.link import Link, Unavailable
from server.store.players import Account
from server.web.services import Services
from server.wire import messages as wire
from tests.play.given import DECK, Ear, Process, comes, ended, events_of, here, made, signed_up


async def two(at: Services) -> tuple[Ear, Ear]:
    return await signed_up(at, "Ada"), await signed_up(at, "Bob")


async def board(at: Services) -> list[tuple[str, int, int]]:
    rows = await at.ladders.top(DECK)
    return [(row.name, row.rating, row.matches) for row in rows]


async def settlements(at: Services, match: MatchId) -> list[Settled]:
    return [event for event in await events_of(at, match) if isinstance(event, Settled)]


async def test_an_ended_match_is_settled_and_its_players_are_free(process: Process) -> None:
    at = await process()
    ears = await two(at)
    match = await ended(at, *ears)
    state = await at.settling.settle(match)
    assert state is not None
    (settled,) = await settlements(at, match)
    assert settled.ratings == rate((Standing(), Standing()), 1)
    assert settled.instead is None
    assert await board(at) == [("Ada", 1520, 1), ("Bob", 1480, 1)]
    assert [await at.players.held_by(ear.who.id) for ear in ears] == ["", ""]
    assert not await at.link.call("EXISTS", at.logs.partitions[0].settle)
    records = [
        decode_record(raw) for raw in await at.boards[DECK].records([e.who.id for e in ears])
    ]
    assert [(r.wins, r.draws, r.losses, r.peak) for r in records] == [
        (1, 0, 0, 1520),
        (0, 0, 1, 1500),
    ]
    assert [record.last_opponent for record in records] == [ear.who.id for ear in ears[::-1]]


async def test_both_are_told_the_result_once_it_is_stored(process: Process) -> None:
    at = await process()
    ears = await two(at)
    match = await made(at, ears)
    for ear in ears:
        await comes(at, match, ear)
    live = await at.matches.attach(match)
    await at.matches.perform(live, lambda _: Resign(1))
    told = [await ear.hears(wire.MatchOver) for ear in ears]
    assert told[0] is told[1]
    assert (told[0].outcome, told[0].reason) == ("aborted", "resigned")
    assert told[0].ratings is None
    assert [len(await at.boards[DECK].charges(ear.who.id)) for ear in ears] == [0, 1]
    assert await board(at) == []


async def test_settling_again_changes_nothing(process: Process) -> None:
    at, later = await process(), await process()
    match = await ended(at, *(await two(at)))
    await at.settling.settle(match)
    assert await at.settling.settle(match) is None
    assert await later.settling.settle(match) is None
    assert len(await settlements(at, match)) == 1
    assert await board(at) == [("Ada", 1520, 1), ("Bob", 1480, 1)]


async def test_processes_that_settle_at_once_settle_once(process: Process) -> None:
    drainers = [await process() for _ in range(4)]
    at = drainers[0]
    match = await ended(at, *(await two(at)))
    await asyncio.gather(*(drainer.settling.settle(match) for drainer in drainers))
    assert len(await settlements(at, match)) == 1
    assert await board(at) == [("Ada", 1520, 1), ("Bob", 1480, 1)]


async def test_two_matches_of_one_player_settled_at_once_both_count(process: Process) -> None:
    one, other = await process(), await process()
    ada, bob = await two(one)
    cyd = await signed_up(one, "Cyd")
    first = await ended(one, ada, bob)
    await one.players.hold(ada.who.id, f"match {first}", "")
    second = await ended(one, ada, cyd)
    await asyncio.gather(one.settling.settle(first), other.settling.settle(second))
    (raw,) = await one.boards[DECK].records((ada.who.id,))
    record = decode_record(raw)
    assert (record.matches, record.wins) == (2, 2)
    changes = [
        settled.ratings[0]
        for match in (first, second)
        for settled in await settlements(one, match)
        if settled.ratings
    ]
    assert sorted(change.before for change in changes) == [1500, 1520]
    assert record.rating == 1500 + sum(change.change for change in changes)


async def dies_after_the_commit(
    died: Services, monkeypatch: pytest.MonkeyPatch
) -> tuple[tuple[Ear, Ear], MatchId]:
    """A match that is settled, of which nobody was freed or told; and its players."""
    ears = await two(died)
    match = await ended(died, *ears)

    async def die(*_: object) -> None:
        raise Unavailable

    monkeypatch.setattr(died.players, "hold", die)
    assert await died.settling.settle(match) is None
    return ears, match


async def test_a_process_that_died_after_the_commit_is_finished_with_its_numbers(
    process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    died, heir = await process(), await process()
    ears, match = await dies_after_the_commit(died, monkeypatch)
    stored = await died.boards[DECK].records([ear.who.id for ear in ears])
    assert await settlements(heir, match) == []
    await heir.settling.settle(match)
    (settled,) = await settlements(heir, match)
    assert settled.ratings == rate((Standing(), Standing()), 1)
    assert await heir.boards[DECK].records([ear.who.id for ear in ears]) == stored
    assert [await heir.players.held_by(ear.who.id) for ear in ears] == ["", ""]


async def test_what_was_settled_stands_where_a_failover_has_lost_the_end(
    process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    died, heir = await process(), await process()
    ears, match = await dies_after_the_commit(died, monkeypatch)
    await died.link.call("RPOP", died.logs.keys(match).log(match))
    for ear in ears:
        await comes(heir, match, ear)
    live = await heir.matches.attach(match)
    await heir.matches.perform(live, lambda _: Resign(0))
    told = [await ear.hears(wire.MatchOver) for ear in ears]
    assert {(over.outcome, over.reason) for over in told} == {("seat_0", "played")}
    assert told[0].ratings == rate((Standing(), Standing()), 1)
    assert [len(await heir.boards[DECK].charges(ear.who.id)) for ear in ears] == [0, 0]
    view = await heir.matches.enter(match, here(heir, ears[0].who))
    assert view.result == told[0]


async def test_a_repeat_does_not_free_who_plays_again(process: Process) -> None:
    at = await process()
    ears = await two(at)
    match = await ended(at, *ears)
    await at.players.hold(ears[0].who.id, f"match {match}", "match later")
    await at.settling.settle(match)
    assert [await at.players.held_by(ear.who.id) for ear in ears] == ["match later", ""]


async def test_a_record_that_moves_between_reading_and_storing_is_read_again(
    process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    at, quick = await process(), await process()
    ada, bob = await two(at)
    cyd = await signed_up(at, "Cyd")
    first = await ended(at, ada, bob)
    await at.players.hold(ada.who.id, f"match {first}", "")
    second = await ended(at, ada, cyd)
    ladder = at.boards[DECK]
    commit = ladder.commit
    tries: list[int] = []

    async def after_another(*args: object) -> Settlement | None:
        if not tries:
            await quick.settling.settle(second)
        tries.append(1)
        return await commit(*args)  # type: ignore[arg-type] # passed on as it came

    monkeypatch.setattr(ladder, "commit", after_another)
    await at.settling.settle(first)
    assert len(tries) == 2
    (settled,) = await settlements(at, first)
    assert settled.ratings == rate((Standing(1520, 1, 1520), Standing()), 1)
    assert (await board(at))[0] == ("Ada", 1520 + 19, 2)


async def test_a_match_that_is_gone_waits_for_no_settlement(process: Process, link: Link) -> None:
    at = await process()
    await link.call("ZADD", at.logs.partitions[0].settle, 1, "gone")
    assert await at.settling.settle(MatchId("gone")) is None
    assert not await link.call("EXISTS", at.logs.partitions[0].settle)


async def test_a_match_that_has_not_ended_is_left_alone(process: Process) -> None:
    at = await process()
    ears = await two(at)
    match = await made(at, ears)
    assert await at.settling.settle(match) is None
    assert await settlements(at, match) == []
    _, entries = await at.logs.read(match)
    with pytest.raises(ValueError, match="only an ended match"):
        decide_settlement(
            fold(entry.entry for entry in entries), (ears[0].who.id, ears[1].who.id), (b"", b"")
        )


@pytest.mark.parametrize(
    ("how", "rated", "charged"),
    [
        (MatchEnded(Outcome.DRAW, Why.PLAYED), True, [0, 0]),
        (MatchEnded(Outcome.SEAT_1, Why.FORFEIT), True, [0, 0]),
        (MatchEnded(Outcome.ABORTED, Why.NO_SHOW, (1,)), False, [0, 1]),
        (MatchEnded(Outcome.ABORTED, Why.ABANDONED, (0, 1)), False, [1, 1]),
    ],
)
async def test_what_an_end_moves(
    process: Process, how: MatchEnded, *, rated: bool, charged: list[int]
) -> None:
    at = await process()
    ears = await two(at)
    match = await ended(at, *ears, how=how)
    await at.settling.settle(match)
    (settled,) = await settlements(at, match)
    assert (settled.ratings is not None) == rated
    assert len(await board(at)) == (2 if rated else 0)
    ladder = at.boards[DECK]
    assert [len(await ladder.charges(ear.who.id)) for ear in ears] == charged
    assert len(await ladder.played(ears[0].who.id, 2**52, 9)) == rated
    late = here(at, ears[0].who)
    view = await at.matches.enter(match, late)
    assert view.result is not None
    assert view.result.reason == how.why


async def test_many_matches_of_one_practice_opponent_are_settled_in_one_try_each(
    process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    at, many = await process(), 40
    wren = Ear(Account(CHARACTERS[0].id, CHARACTERS[0].name, bot=True, practice=True))
    ears = [await signed_up(at, f"Player {number}") for number in range(many)]
    matches = [await ended(at, ear, wren) for ear in ears]
    ladder = at.boards[DECK]
    run, runs = ladder._settle, list[object]()

    def counted(named: list[str], *args: object) -> object:
        runs.append(args[0])
        return run(named, *args)  # type: ignore[arg-type] # passed on as it came

    monkeypatch.setattr(ladder, "_settle", counted)
    await asyncio.gather(*(at.settling.settle(match) for match in matches))
    assert sorted(map(str, runs)) == sorted(matches)
    assert await ladder.records([wren.who.id]) == [None]
    records = await ladder.records([ear.who.id for ear in ears])
    assert [decode_record(raw).last_opponent for raw in records] == [wren.who.id] * many
    assert await at.link.call("ZCARD", ladder.keys.played(wren.who.id)) == many
