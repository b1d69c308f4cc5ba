"""Tiles in Redis: a game finishes once, and the list that comes of the bests."""

import asyncio
from random import Random
from typing import Final

import pytest

from deck.library import builtin
from server.core.ids import PlayerId
from server.core.tiles import TilesDeal, deal
from server.play.tiles import Tiles
from server.store import keys
from server.store.link import Argument, Link, Reply, Unavailable
from server.store.players import Players
from server.store.tiles import Best, Finish, TilesGames
from tests.store.given import every_key

DECK: Final = "deck"
ADA, BOB, CYD, DAN = (PlayerId(name) for name in ("ada", "bob", "cyd", "dan"))
DEAL: Final[TilesDeal] = deal(builtin()[0], Random(1))  # noqa: S311 - any deal
YEAR_2025_MS: Final = 1_735_689_600_000
LONGEST_MS: Final = 3_600_000 + 294_000


def games(link: Link, deck: str = DECK) -> TilesGames:
    return TilesGames(link, deck)


def finish(time_ms: int, best_ms: int, *, improved: bool = True) -> Finish:
    return Finish(time_ms, time_ms, 0, best_ms, improved)


async def best_of(link: Link, player: PlayerId, time_ms: int, at: int) -> None:
    """Have a player reach a best and be listed with it."""
    await games(link).begin(player, "g", DEAL)
    stored = await games(link).finish(player, "g", finish(time_ms, time_ms), Best(time_ms, at))
    assert stored is not None
    await games(link).enlist(player)


async def listed(link: Link, limit: int = 10) -> list[tuple[int, str, int]]:
    return [(row.rank, row.player, row.time_ms) for row in await games(link).top(limit)]


async def test_a_dealt_game_is_read_with_its_instants(link: Link) -> None:
    seconds, micros = await link.call("TIME")
    before = int(seconds) * 1000 + int(micros) // 1000
    assert await games(link).begin(ADA, "g", DEAL) is None
    found = await games(link).read(ADA, "g")
    assert found is not None
    assert before <= found.dealt_at <= found.now < before + 60_000
    assert (found.deal, found.finish, found.best) == (DEAL, None, None)


async def test_time_runs_from_the_deal(link: Link) -> None:
    await games(link).begin(ADA, "g", DEAL)
    await link.call("HINCRBY", keys.tiles(ADA, DECK), "dealt_at", -9_000)
    found = await games(link).read(ADA, "g")
    assert found is not None
    assert 9_000 <= found.now - found.dealt_at < 60_000


@pytest.mark.parametrize(
    ("player", "deck", "game"), [(ADA, DECK, "h"), (BOB, DECK, "g"), (ADA, "other", "g")]
)
async def test_no_other_player_deck_or_id_has_the_game(
    link: Link, player: PlayerId, deck: str, game: str
) -> None:
    await games(link).begin(ADA, "g", DEAL)
    assert await games(link, deck).read(player, game) is None
    stored = await games(link, deck).finish(player, game, finish(9_000, 9_000), Best(9_000, 1))
    assert stored is None
    assert await games(link, deck).best(player) is None


async def test_a_game_that_is_not_finished_lives_an_hour(link: Link) -> None:
    await games(link).begin(ADA, "g", DEAL)
    assert 3_590_000 < await link.call("PTTL", keys.tiles(ADA, DECK)) <= 3_600_000
    await link.call("PEXPIRE", keys.tiles(ADA, DECK), 0)
    assert await games(link).read(ADA, "g") is None
    assert await games(link).finish(ADA, "g", finish(9_000, 9_000), Best(9_000, 1)) is None
    assert await every_key(link) == []


async def test_a_game_finishes_once_whoever_asks_again(link: Link) -> None:
    first, second = finish(9_000, 9_000), finish(5_000, 5_000)
    await games(link).begin(ADA, "g", DEAL)
    stored = await asyncio.gather(
        games(link).finish(ADA, "g", first, Best(9_000, 1)),
        games(link).finish(ADA, "g", second, Best(5_000, 2)),
    )
    assert list(stored) == [first, first]
    assert await games(link).best(ADA) == Best(9_000, 1)
    found = await games(link).read(ADA, "g")
    assert found is not None
    assert (found.finish, found.best) == (first, Best(9_000, 1))


async def test_a_new_deal_replaces_the_game_and_knows_the_best(link: Link) -> None:
    await games(link).begin(ADA, "g", DEAL)
    await games(link).finish(ADA, "g", finish(9_000, 9_000), Best(9_000, 1))
    assert await games(link).begin(ADA, "h", DEAL) == Best(9_000, 1)
    assert await games(link).read(ADA, "g") is None
    assert await games(link).finish(ADA, "g", finish(5_000, 5_000), Best(5_000, 2)) is None
    found = await games(link).read(ADA, "h")
    assert found is not None
    assert (found.finish, found.best) == (None, Best(9_000, 1))


async def test_a_best_lives_400_days_and_once_listed_for_ever(link: Link) -> None:
    await games(link).begin(ADA, "g", DEAL)
    await games(link).finish(ADA, "g", finish(9_000, 9_000), Best(9_000, 1))
    days = await link.call("TTL", keys.best(ADA, DECK)) / 86_400
    assert 399 < days <= 400
    assert await listed(link) == []
    await games(link).enlist(ADA)
    assert await link.call("TTL", keys.best(ADA, DECK)) == -1


async def test_the_list_has_the_best_first_and_equal_times_share_a_rank(link: Link) -> None:
    at = YEAR_2025_MS + 10_000
    await best_of(link, DAN, 12_001, at)
    await best_of(link, CYD, 12_000, at + 1_000)
    await best_of(link, ADA, 9_000, at + 3_000)
    await best_of(link, BOB, 9_000, at + 2_000)  # listed later, reached earlier
    assert await listed(link) == [
        (1, BOB, 9_000),
        (1, ADA, 9_000),
        (3, CYD, 12_000),
        (4, DAN, 12_001),
    ]
    assert [await games(link).rank(player) for player in (ADA, BOB, CYD, DAN)] == [1, 1, 3, 4]
    assert await listed(link, 2) == [(1, BOB, 9_000), (1, ADA, 9_000)]


async def test_a_player_stands_once_on_the_list_and_only_goes_up(link: Link) -> None:
    at = YEAR_2025_MS
    await best_of(link, ADA, 9_000, at)
    await best_of(link, BOB, 8_000, at)
    await best_of(link, ADA, 9_001, at)
    assert await listed(link) == [(1, BOB, 8_000), (2, ADA, 9_000)]
    await best_of(link, ADA, 7_999, at)
    assert await listed(link) == [(1, ADA, 7_999), (2, BOB, 8_000)]


async def test_listing_again_changes_nothing(link: Link) -> None:
    for player, at in ((ADA, 2_000), (BOB, 1_000)):
        await best_of(link, player, 9_000, YEAR_2025_MS + at)
    for player in (BOB, ADA, BOB):
        await games(link).enlist(player)
    assert await listed(link) == [(1, BOB, 9_000), (1, ADA, 9_000)]


async def test_nobody_is_listed_without_a_best(link: Link) -> None:
    await games(link).enlist(ADA)
    assert (await listed(link), await games(link).rank(ADA)) == ([], None)
    assert await every_key(link) == []


@pytest.mark.parametrize("at", [YEAR_2025_MS, YEAR_2025_MS + (2**31 - 2) * 1_000])
async def test_the_longest_game_is_listed_to_the_millisecond_and_second(
    link: Link, at: int
) -> None:
    await best_of(link, ADA, LONGEST_MS - 1, at + 1_000)
    await best_of(link, BOB, LONGEST_MS, at + 1_000)
    await best_of(link, CYD, LONGEST_MS, at)
    expected = [(1, ADA, LONGEST_MS - 1), (2, CYD, LONGEST_MS), (2, BOB, LONGEST_MS)]
    assert await listed(link) == expected
    assert await games(link).rank(BOB) == 2


async def test_the_lists_of_two_decks_are_apart(link: Link) -> None:
    await best_of(link, ADA, 9_000, YEAR_2025_MS)
    assert await games(link, "other").top(10) == []
    assert await games(link, "other").best(ADA) is None


class Mortal(Link):
    """The link of a process that dies at one of its calls, carried out or not."""

    calls_left = 1_000
    carried_out = False
    last: asyncio.Future[Reply] | None = None

    def call(self, *command: Argument) -> asyncio.Future[Reply]:
        self.calls_left -= 1
        if self.calls_left >= 0:
            return super().call(*command)
        if self.calls_left == -1 and self.carried_out:
            self.last = super().call(*command)
        lost: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        lost.set_exception(Unavailable("dead"))
        lost.exception()
        return lost


def tiles(link: Link) -> Tiles:
    return Tiles({}, {DECK: games(link)}, Players(link), Random(1))  # noqa: S311 - deals nothing


@pytest.mark.parametrize("carried_out", [False, True])
@pytest.mark.parametrize("calls", range(6))
async def test_a_process_that_dies_at_any_call_leaves_what_a_repeat_makes_whole(
    redis_url: str, link: Link, calls: int, *, carried_out: bool
) -> None:
    account, _ = await Players(link).sign_up("Ada", bot=False, now_ms=1)
    await games(link).begin(account.id, "g", DEAL)
    await link.call("HINCRBY", keys.tiles(account.id, DECK), "dealt_at", -9_000)
    turns = [
        (one, two)
        for one in range(12)
        for two in range(one)
        if DEAL.tiles[one].card == DEAL.tiles[two].card
    ]
    dying = Mortal(redis_url)
    await dying.open()
    dying.calls_left, dying.carried_out = calls, carried_out
    with pytest.raises(Unavailable):
        await tiles(dying).finish(DECK, account.id, "g", turns)
    if dying.last is not None:
        await dying.last
    kept = await games(link).best(account.id)
    finished = await tiles(link).finish(DECK, account.id, "g", turns)
    assert await tiles(link).finish(DECK, account.id, "g", turns) == finished
    assert finished.improved
    assert kept is None or kept.time_ms == finished.time_ms
    assert await listed(link) == [(1, account.id, finished.time_ms)]
    assert await link.call("TTL", keys.best(account.id, DECK)) == -1
    await dying.close()
