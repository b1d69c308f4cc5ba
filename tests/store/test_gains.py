"""What a settlement moves besides the ratings: head-to-head, gains of a week, the history."""

from typing import Final

import pytest
from msgspec.structs import replace

from server.core.ids import PlayerId
from server.core.outcome import Went
from server.core.period import Period, month_of, week_of
from server.store.keys import LadderKeys
from server.store.ladder import Ladder, Tally
from server.store.link import Link
from tests.store.test_ladder import ADA, BOB, DECK, commit_of, settle

KEYS: Final = LadderKeys(DECK)
CYD = PlayerId("cyd")
WEEK_MS: Final = 7 * 24 * 3600 * 1000


async def board(ladder: Ladder, period: Period) -> list[tuple[int, str, int]]:
    return [(row.rank, row.player, row.change) for row in await ladder.top(10, period=period)]


async def test_a_week_and_a_month_sum_up_what_their_matches_changed(link: Link) -> None:
    ladder = Ladder(link, DECK)
    await settle(ladder, "m1", (20, -20))
    await settle(ladder, "m2", (-5, 5))
    for period in (Period.WEEK, Period.MONTH):
        assert await board(ladder, period) == [(1, ADA, 15), (2, BOB, -15)]
        assert await ladder.rated_players(period) == 2
    assert await board(ladder, Period.ALL) == [(1, ADA, -5), (2, BOB, 5)]


async def test_gains_are_ranked_by_gain_and_not_by_rating(link: Link) -> None:
    ladder = Ladder(link, DECK)
    await settle(ladder, "m1", (40, -40))
    now = await ladder.now()
    await link.call("DEL", KEYS.gains(week_of(now)))
    await settle(ladder, "m2", (3, 7), BOB, CYD)
    await settle(ladder, "m3", (0, 7), ADA, PlayerId("dan"))
    assert await board(ladder, Period.WEEK) == [
        (1, CYD, 7),
        (1, "dan", 7),
        (3, BOB, 3),
        (4, ADA, 0),
    ]
    assert await ladder.place(ADA, Period.WEEK) == 3
    assert await ladder.place(ADA, Period.ALL) == 0
    assert await ladder.place(PlayerId("nobody"), Period.WEEK) is None


async def test_gains_are_kept_until_their_time_is_over(link: Link) -> None:
    ladder = Ladder(link, DECK)
    settlement = await settle(ladder, "m1", (20, -20))
    assert settlement is not None
    for span in (week_of(settlement.at), month_of(settlement.at)):
        assert await link.call("PEXPIRETIME", KEYS.gains(span)) == span.ends_at


@pytest.mark.parametrize("by", [WEEK_MS, -WEEK_MS])
async def test_a_week_that_is_over_gets_nothing_whatever_the_clock_said_before(
    link: Link, monkeypatch: pytest.MonkeyPatch, by: int
) -> None:
    ladder = Ladder(link, DECK)
    now = await ladder.now()

    async def another_week() -> int:
        return now + by

    commit = await commit_of(ladder, "m1", (20, -20))
    monkeypatch.setattr(ladder, "now", another_week)
    settlement = await ladder.commit(commit)
    assert settlement is not None
    assert not await link.call("EXISTS", KEYS.gains(week_of(now + by)))
    assert await link.call("ZCARD", KEYS.gains(week_of(settlement.at))) == 2


async def test_an_unrated_match_gains_nothing(link: Link) -> None:
    ladder = Ladder(link, DECK)
    await ladder.commit(await commit_of(ladder, "m1", None))
    assert await board(ladder, Period.WEEK) == []


async def test_two_players_know_how_they_stand_against_each_other(link: Link) -> None:
    ladder = Ladder(link, DECK)
    for match, went in [
        ("m1", (Went.WON, Went.LOST)),
        ("m2", (Went.WON, Went.LOST)),
        ("m3", (Went.LOST, Went.WON)),
        ("m4", (Went.DRAWN, Went.DRAWN)),
    ]:
        commit = replace(await commit_of(ladder, match, None), went=went)
        await ladder.commit(commit)
        await ladder.commit(commit)
    await ladder.commit(await commit_of(ladder, "aborted", None, played=False))
    assert await ladder.against(ADA, BOB) == Tally(2, 1, 1)
    assert await ladder.against(BOB, ADA) == Tally(1, 1, 2)
    assert await ladder.against(ADA, CYD) == Tally(0, 0, 0)


async def test_the_history_is_read_newest_first_and_page_by_page(link: Link) -> None:
    ladder = Ladder(link, DECK)
    for n, by in enumerate((20, -5, 7), 1):
        await settle(ladder, f"m{n}", (by, -by))
    points = await ladder.history(ADA, None, 9)
    assert [(p.number, p.rated.match, p.rated.change.after) for p in points] == [
        (3, "m3", 1522),
        (2, "m2", 1515),
        (1, "m1", 1520),
    ]
    assert {point.rated.opponent for point in points} == {BOB}
    assert [p.number for p in await ladder.history(ADA, None, 2)] == [3, 2]
    assert [p.number for p in await ladder.history(ADA, 2, 2)] == [1]
    assert [p.number for p in await ladder.history(ADA, 3, 1)] == [2]
    assert await ladder.history(ADA, 1, 9) == []
    assert await ladder.history(CYD, None, 9) == []


async def test_a_history_from_before_the_opponent_was_kept_is_read(link: Link) -> None:
    ladder = Ladder(link, DECK)
    await settle(ladder, "m1", (20, -20))
    (entry,) = await link.call("LRANGE", KEYS.history(ADA), 0, -1)
    older = entry.replace(b"\x93\xa2m1", b"\x92\xa2m1").removesuffix(b"\xa3bob")
    await link.call("LSET", KEYS.history(ADA), 0, older)
    (point,) = await ladder.history(ADA, None, 9)
    assert (point.rated.match, point.rated.opponent) == ("m1", None)


async def test_equal_ratings_share_a_rank_that_can_be_asked_for(link: Link) -> None:
    ladder = Ladder(link, DECK)
    await settle(ladder, "m1", (20, 20))
    await settle(ladder, "m2", (5, -7), CYD, PlayerId("dan"))
    ranks = [await ladder.rank(player) for player in (ADA, BOB, CYD, PlayerId("dan"))]
    assert ranks == [1, 1, 3, 4]
    assert await ladder.rank(PlayerId("nobody")) is None


async def test_the_rows_of_a_later_page_have_the_ranks_of_the_whole(link: Link) -> None:
    ladder = Ladder(link, DECK)
    await settle(ladder, "m1", (20, 20))
    await settle(ladder, "m2", (5, -7), CYD, PlayerId("dan"))
    rows = await ladder.top(2, offset=1)
    assert [(row.rank, row.player) for row in rows] == [(1, BOB), (3, CYD)]
    assert await ladder.top(2, offset=4) == []
