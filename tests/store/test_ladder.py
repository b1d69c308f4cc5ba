"""The ladder: a settlement commits once, and the board that comes of it."""

import asyncio
from typing import Final

import msgspec
import pytest
from msgspec.structs import replace

from server.core.elo import RatingChange
from server.core.events import Ending, MatchEnded
from server.core.fairness import DAY_MS
from server.core.ids import BySeat, MatchId, PlayerId
from server.core.outcome import Outcome, Why
from server.store.keys import LOG_LIFE_MS, LadderKeys
from server.store.ladder import Commit, Ladder, Record, Settlement, StoredResult, decode_record
from server.store.link import Link, scored

DECK: Final = "deck"
KEYS: Final = LadderKeys(DECK)
ADA, BOB = PlayerId("ada"), PlayerId("bob")
ENDING: Final = Ending(MatchEnded(Outcome.SEAT_0, Why.PLAYED), (2000, 900))


def change(before: int, by: int) -> RatingChange:
    return RatingChange(before, before + by, by, 0.5, 40)


def after(before: bytes, by: int | None) -> Record:
    """The record after a match that moved it so much, or was unrated."""
    record = decode_record(before)
    record = replace(record, version=record.version + 1)
    if by is None:
        return record
    return replace(record, rating=record.rating + by, matches=record.matches + 1, change=by)


async def commit_of(
    ladder: Ladder,
    match: str,
    gains: BySeat[int] | None,
    players: BySeat[PlayerId] = (ADA, BOB),
    *,
    charged: BySeat[bool] = (False, False),
    played: bool = True,
) -> Commit:
    """A settlement decided on the records as they are now; `gains` None: unrated."""
    one, two = (raw or b"" for raw in await ladder.records(players))
    first, second = decode_record(one), decode_record(two)
    ratings = gains and (change(first.rating, gains[0]), change(second.rating, gains[1]))
    return Commit(
        match=MatchId(match),
        players=players,
        before=(one, two),
        after=(after(one, gains and gains[0]), after(two, gains and gains[1])),
        result=StoredResult(ratings, ENDING),
        charged=charged,
        played=played,
    )


async def settle(
    ladder: Ladder, match: str, gains: BySeat[int], *players: PlayerId
) -> Settlement | None:
    one, two = players or (ADA, BOB)
    return await ladder.commit(await commit_of(ladder, match, gains, (one, two)))


async def board(ladder: Ladder, limit: int = 10) -> list[tuple[int, str, int]]:
    return [(row.rank, row.player, row.record.rating) for row in await ladder.top(limit)]


async def test_a_settlement_moves_records_board_histories_and_counts(link: Link) -> None:
    ladder = Ladder(link, DECK)
    settlement = await settle(ladder, "m1", (20, -20))
    assert settlement is not None
    assert settlement.result == StoredResult((change(1500, 20), change(1500, -20)), ENDING)
    records = [decode_record(raw) for raw in await ladder.records((ADA, BOB))]
    assert [(r.rating, r.matches, r.version) for r in records] == [(1520, 1, 1), (1480, 1, 1)]
    assert await board(ladder) == [(1, ADA, 1520), (2, BOB, 1480)]
    assert (await ladder.changes(), await ladder.rated_players()) == (1, 2)
    for player in (ADA, BOB):
        assert await ladder.played(player, settlement.at + 1, 9) == [("m1", settlement.at)]
        assert await link.call("LLEN", KEYS.history(player)) == 1
        assert await ladder.charges(player) == []
    assert await ladder.rated_in_a_day(ADA, BOB, settlement.at) == 1
    assert await ladder.rated_in_a_day(BOB, ADA, settlement.at) == 1


async def test_a_second_settlement_gives_the_stored_numbers_and_changes_nothing(link: Link) -> None:
    ladder = Ladder(link, DECK)
    first = await settle(ladder, "m1", (20, -20))
    before = await ladder.records((ADA, BOB))
    assert await settle(ladder, "m1", (-7, 7)) == first
    assert await ladder.records((ADA, BOB)) == before
    assert await ladder.changes() == 1
    assert await link.call("LLEN", KEYS.history(ADA)) == 1


async def test_two_settlements_of_a_match_at_once_commit_once(link: Link) -> None:
    elsewhere = Link(link._url)
    await elsewhere.open()
    here, there = Ladder(link, DECK), Ladder(elsewhere, DECK)
    one, two = await commit_of(here, "m1", (20, -20)), await commit_of(there, "m1", (20, -20))
    first, second = await asyncio.gather(here.commit(one), there.commit(two))
    await elsewhere.close()
    assert first is not None
    assert first == second
    assert await board(here) == [(1, ADA, 1520), (2, BOB, 1480)]
    assert await here.changes() == 1


@pytest.mark.parametrize("players", [(ADA, PlayerId("cyd")), (PlayerId("cyd"), BOB)])
async def test_a_record_that_moved_meanwhile_is_decided_on_anew(
    link: Link, players: BySeat[PlayerId]
) -> None:
    ladder = Ladder(link, DECK)
    stale = await commit_of(ladder, "m1", (20, -20))
    await settle(ladder, "m2", (20, -20), *players)
    assert await ladder.commit(stale) is None
    assert await ladder.changes() == 1
    assert not await link.call("EXISTS", KEYS.settled(MatchId("m1")))
    settlement = await settle(ladder, "m1", (19, -19))
    assert settlement is not None
    assert settlement.result.ratings is not None
    moved = {players[0]: 1520, players[1]: 1480}
    befores = [moved.get(player, 1500) for player in (ADA, BOB)]
    assert [r.before for r in settlement.result.ratings] == befores
    ratings = {player: rating for _, player, rating in await board(ladder)}
    assert (ratings[ADA], ratings[BOB]) == (befores[0] + 19, befores[1] - 19)


async def test_a_marker_outlives_the_log_that_could_be_settled_again(link: Link) -> None:
    ladder = Ladder(link, DECK)
    await settle(ladder, "m1", (20, -20))
    life = await link.call("PTTL", KEYS.settled(MatchId("m1")))
    assert LOG_LIFE_MS - 5_000 < life <= LOG_LIFE_MS


async def test_a_settlement_that_did_not_keep_the_ending_is_read_as_it_is(link: Link) -> None:
    ladder = Ladder(link, DECK)
    await link.call("SET", KEYS.settled(MatchId("m1")), msgspec.msgpack.encode([7, [None]]))
    assert await settle(ladder, "m1", (20, -20)) == Settlement(7, StoredResult(None))
    assert await board(ladder) == []


async def test_an_unrated_match_is_listed_and_moves_no_rating(link: Link) -> None:
    ladder = Ladder(link, DECK)
    settlement = await ladder.commit(await commit_of(ladder, "m1", None))
    assert settlement is not None
    assert settlement.result.ratings is None
    assert [m for m, _ in await ladder.played(ADA, 2**52, 9)] == ["m1"]
    assert await board(ladder) == []
    assert await ladder.changes() == 0
    assert await ladder.rated_in_a_day(ADA, BOB, settlement.at) == 0
    assert not await link.call("EXISTS", KEYS.history(ADA))
    assert decode_record((await ladder.records((ADA,)))[0]).version == 1


async def test_an_aborted_match_charges_who_left_and_is_not_listed(link: Link) -> None:
    ladder = Ladder(link, DECK)
    aborted = await commit_of(ladder, "m1", None, charged=(False, True), played=False)
    settlement = await ladder.commit(aborted)
    await ladder.commit(aborted)
    assert settlement is not None
    assert await ladder.charges(ADA) == []
    assert await ladder.charges(BOB) == [settlement.at]
    assert DAY_MS - 5_000 < await link.call("PTTL", KEYS.charges(BOB)) <= DAY_MS
    assert await ladder.played(BOB, 2**52, 9) == []


async def test_rated_matches_of_a_pair_are_counted_for_a_day(link: Link) -> None:
    ladder = Ladder(link, DECK)
    for n in range(3):
        settlement = await settle(ladder, f"m{n}", (1, -1), *((ADA, BOB) if n else (BOB, ADA)))
    assert settlement is not None
    assert await ladder.rated_in_a_day(ADA, BOB, settlement.at) == 3
    assert await ladder.rated_in_a_day(ADA, PlayerId("cyd"), settlement.at) == 0
    assert DAY_MS - 5_000 < await link.call("PTTL", KEYS.pair(ADA, BOB)) <= DAY_MS
    await link.call("ZINCRBY", KEYS.pair(ADA, BOB), -DAY_MS - 60_000, "m0")
    assert await ladder.rated_in_a_day(ADA, BOB, settlement.at) == 2
    await settle(ladder, "m4", (1, -1))
    kept = scored(await link.call("ZRANGE", KEYS.pair(ADA, BOB), 0, -1, "WITHSCORES"))
    assert [match for match, _ in kept] == [b"m1", b"m2", b"m4"]


async def fill(ladder: Ladder, *gains: int) -> None:
    """Players p0, p1, … who gained so much, each against one q… of his own who lost nothing."""
    for n, gain in enumerate(gains):
        commit = await commit_of(ladder, f"m{n}", (gain, 0), (PlayerId(f"p{n}"), PlayerId("low")))
        assert commit.after[1] is not None
        low = replace(commit.after[1], rating=100)
        assert await ladder.commit(replace(commit, after=(commit.after[0], low)))


async def test_equal_ratings_share_a_rank_in_the_order_of_arrival(link: Link) -> None:
    ladder = Ladder(link, DECK)
    await fill(ladder, 10, 30, 10, 30, 20)
    assert (await board(ladder))[:5] == [
        (1, "p1", 1530),
        (1, "p3", 1530),
        (3, "p4", 1520),
        (4, "p0", 1510),
        (4, "p2", 1510),
    ]


async def test_a_change_of_nothing_keeps_the_place(link: Link) -> None:
    ladder = Ladder(link, DECK)
    await fill(ladder, 10, 10)
    await settle(ladder, "again", (0, 0), PlayerId("p0"), PlayerId("p1"))
    assert (await board(ladder))[:2] == [(1, "p0", 1510), (1, "p1", 1510)]
    await settle(ladder, "away", (5, 0), PlayerId("p0"), PlayerId("p1"))
    await settle(ladder, "back", (-5, 0), PlayerId("p0"), PlayerId("p1"))
    assert (await board(ladder))[:2] == [(1, "p1", 1510), (1, "p0", 1510)]


async def test_a_first_match_that_changes_nothing_puts_both_on_the_board(link: Link) -> None:
    ladder = Ladder(link, DECK)
    await settle(ladder, "m1", (0, 0))
    assert await board(ladder) == [(1, ADA, 1500), (1, BOB, 1500)]


async def test_a_rated_match_after_unrated_ones_puts_both_on_the_board(link: Link) -> None:
    ladder = Ladder(link, DECK)
    for n in range(3):
        await ladder.commit(await commit_of(ladder, f"casual-{n}", None))
    await settle(ladder, "m1", (0, 0))
    assert await board(ladder) == [(1, ADA, 1500), (1, BOB, 1500)]


async def test_the_top_is_as_long_as_asked(link: Link) -> None:
    ladder = Ladder(link, DECK)
    await fill(ladder, 10, 30, 20)
    assert await board(ladder, 2) == [(1, "p1", 1530), (2, "p2", 1520)]
    assert await board(ladder, 0) == []
    assert await Ladder(link, "other").top(10) == []


async def test_around_a_player_stand_those_above_and_below_with_their_ranks(link: Link) -> None:
    ladder = Ladder(link, DECK)
    await fill(ladder, 50, 40, 40, 40, 30, 20)
    rows = await ladder.around(PlayerId("p3"), 1)
    assert [(row.rank, row.player) for row in rows] == [(2, "p2"), (2, "p3"), (5, "p4")]
    rows = await ladder.around(PlayerId("p0"), 2)
    assert [(row.rank, row.player) for row in rows] == [(1, "p0"), (2, "p1"), (2, "p2")]
    assert await ladder.around(PlayerId("nobody"), 5) == []


async def test_finished_matches_come_newest_first_and_page_by_page(link: Link) -> None:
    ladder = Ladder(link, DECK)
    for n in range(4):
        await settle(ladder, f"m{n}", (1, -1))
        await link.call("ZADD", KEYS.played(ADA), 1_000 + n, f"m{n}")
    assert await ladder.played(ADA, 2_000, 2) == [("m3", 1_003), ("m2", 1_002)]
    assert await ladder.played(ADA, 1_002, 9) == [("m1", 1_001), ("m0", 1_000)]


async def test_the_ratings_of_one_player_are_kept_newest_first(link: Link) -> None:
    ladder = Ladder(link, DECK)
    await settle(ladder, "m1", (20, -20))
    await settle(ladder, "m2", (15, -15))
    newest, oldest = await link.call("LRANGE", KEYS.history(ADA), 0, -1)
    assert b"m2" in newest
    assert b"m1" in oldest
