"""Tiles over the wire: games dealt, finished and refused, and who stands on the list."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from http import HTTPStatus
from typing import Any, Final

import aiohttp
import pytest

from deck.library import builtin
from server.core.ids import PlayerId
from server.store import keys
from server.store.link import Link
from server.store.players import Players
from server.web.session import COOKIE
from tests.support.player import DECK, Map
from tests.support.served import Served

TILES: Final = f"/api/decks/{DECK}/tiles"
LIST: Final = keys.LadderKeys(DECK).tiles
ANSWERS: Final = {card.prompt: card.answer for card in builtin()[0].cards}
TOLERANCE_MS: Final = 30_000
"""What a busy machine may add to a time."""

Turns = list[list[int]]


class Visitor:
    """A browser with its cookies: nobody until it deals, then a guest, then perhaps named."""

    def __init__(self, http: aiohttp.ClientSession, link: Link) -> None:
        self._http = http
        self._link = link

    async def call(self, method: str, path: str, body: object = None) -> tuple[int, Map]:
        """Status and answer of a call."""
        data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        async with self._http.request(method, path, data=data) as answer:
            told: Map = await answer.json()
            return answer.status, told

    async def sign_up(self, name: str, *, bot: bool = False) -> Map:
        """Take a name."""
        status, account = await self.call("POST", "/api/players", {"name": name, "bot": bot})
        assert status == HTTPStatus.CREATED
        return account

    async def deal(self) -> Map:
        """Begin a game."""
        status, game = await self.call("POST", TILES)
        assert status == HTTPStatus.CREATED
        return game

    async def player(self) -> PlayerId:
        """Who the server takes this browser for."""
        (token,) = [c.value for c in self._http.cookie_jar if c.key == COOKIE]
        player = await Players(self._link).remembered(token)
        assert player is not None
        return player

    async def dealt_ago(self, ms: int) -> None:
        """As if the game had been dealt so much earlier."""
        key = keys.tiles(await self.player(), DECK)
        await self._link.call("HINCRBY", key, "dealt_at", -ms)

    async def finish(self, game: Map, turns: Turns | None = None) -> tuple[int, Map]:
        """Send the turns, or those that find each pair at once."""
        turns = pairs(game) if turns is None else turns
        return await self.call("POST", f"{TILES}/{game['game']}", {"turns": turns})

    async def play(self, ms: int, misses: int = 0) -> Map:
        """A whole game that took a bit over so much time."""
        game = await self.deal()
        await self.dealt_ago(ms)
        status, finished = await self.finish(game, [miss(game)] * misses + pairs(game))
        assert status == HTTPStatus.OK, finished
        return finished

    async def best_times(self) -> Map:
        """What the deck's page of tiles shows."""
        status, best = await self.call("GET", TILES)
        assert status == HTTPStatus.OK
        return best


def pairs(game: Map) -> Turns:
    """The six turns that find every pair of a game."""
    tile_of = {tile["text"]: tile["tile"] for tile in game["tiles"]}
    return [[tile_of[text], tile_of[ANSWERS[text]]] for text in tile_of if text in ANSWERS]


def miss(game: Map) -> list[int]:
    """Two tiles of different cards."""
    first, second = pairs(game)[:2]
    return [first[0], second[1]]


@pytest.fixture
async def server(served: Callable[..., Awaitable[Served]]) -> Served:
    return await served()


@pytest.fixture
async def visitor(server: Served, link: Link) -> AsyncIterator[Callable[[], Awaitable[Visitor]]]:
    """`await visitor()`: one more browser."""
    async with AsyncExitStack() as stack:

        async def come() -> Visitor:
            jar = aiohttp.CookieJar(unsafe=True)  # an address of numbers is fine here
            http = aiohttp.ClientSession(server.url, cookie_jar=jar)
            return Visitor(await stack.enter_async_context(http), link)

        yield come


Come = Callable[[], Awaitable[Visitor]]


async def test_a_game_is_twelve_tiles_that_do_not_tell_which_belong_together(visitor: Come) -> None:
    game = await (await visitor()).deal()
    assert set(game) == {"game", "tiles", "penalty_ms", "best_ms"}
    assert (game["penalty_ms"], game["best_ms"]) == (1_000, None)
    assert [tile["tile"] for tile in game["tiles"]] == list(range(12))
    assert all(set(tile) == {"tile", "text", "side"} for tile in game["tiles"])
    assert len({tile for pair in pairs(game) for tile in pair}) == 12


@pytest.mark.parametrize("misses", [0, 1, 4])
async def test_a_game_takes_the_servers_time_and_a_second_for_every_miss(
    visitor: Come, misses: int
) -> None:
    finished = await (await visitor()).play(9_000, misses)
    assert 9_000 <= finished["elapsed_ms"] < 9_000 + TOLERANCE_MS
    assert finished["time_ms"] == finished["elapsed_ms"] + 1_000 * misses
    assert finished["misses"] == misses
    assert (finished["best_ms"], finished["improved"]) == (finished["time_ms"], True)
    assert (finished["rank"], finished["top"]) == (None, [])  # a guest's


async def test_only_a_better_time_is_a_new_best(visitor: Come) -> None:
    ada = await visitor()
    first = await ada.play(100_000)
    worse = await ada.play(200_000)
    assert (worse["improved"], worse["best_ms"]) == (False, first["time_ms"])
    assert (await ada.deal())["best_ms"] == first["time_ms"]
    better = await ada.play(50_000)
    assert (better["improved"], better["best_ms"]) == (True, better["time_ms"])
    assert (await ada.best_times())["best_ms"] == better["time_ms"]


async def test_a_game_finished_twice_is_answered_twice_alike_and_counts_once(
    visitor: Come,
) -> None:
    ada = await visitor()
    await ada.sign_up("Ada")
    game = await ada.deal()
    await ada.dealt_ago(9_000)
    both = await asyncio.gather(ada.finish(game), ada.finish(game, [miss(game), *pairs(game)]))
    assert both[0] == both[1]
    await ada.dealt_ago(9_000)
    assert await ada.finish(game) == both[0]
    assert await ada.finish(game, []) == both[0]


async def test_a_forged_time_is_refused_and_the_game_goes_on(visitor: Come) -> None:
    ada = await visitor()
    await ada.sign_up("Ada")
    game = await ada.deal()
    await ada.dealt_ago(-60_000)  # however slow this machine is
    for turns in (pairs(game), [miss(game), *pairs(game)]):
        status, told = await ada.finish(game, turns)
        assert (status, told["error"]) == (409, "impossible_time")
    assert await ada.best_times() == {"best_ms": None, "top": []}
    await ada.dealt_ago(69_000)
    status, finished = await ada.finish(game)
    assert (status, finished["rank"]) == (200, 1)


async def test_turns_beyond_what_the_time_allows_are_refused(visitor: Come) -> None:
    ada = await visitor()
    game = await ada.deal()
    await ada.dealt_ago(60_000)
    status, told = await ada.finish(game, [miss(game)] * 294 + pairs(game))
    assert (status, told["error"]) == (409, "impossible_time")


@pytest.mark.parametrize("left", [0, 1, 5])
async def test_an_unfinished_game_is_refused_and_goes_on(visitor: Come, left: int) -> None:
    ada = await visitor()
    game = await ada.deal()
    await ada.dealt_ago(9_000)
    status, told = await ada.finish(game, pairs(game)[:left])
    assert (status, told["error"]) == (422, "not_finished")
    assert f"{6 - left} of 6" in told["detail"]
    assert (await ada.finish(game))[0] == HTTPStatus.OK


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff",
        b"[" * 4_000,
        [],
        {},
        {"turns": None},
        {"turns": 7},
        {"turns": [7]},
        {"turns": [[0]]},
        {"turns": [[0, 1, 2]]},
        {"turns": [["0", "1"]]},
        {"turns": [[0.5, 1]]},
        {"turns": [[True, False]]},
        {"turns": [[0, 12]]},
        {"turns": [[-1, 0]]},
        {"turns": [[0, 10**30]]},
        {"turns": [[3, 3]]},
        {"turns": [[0, 1]] * 301},
    ],
)
async def test_turns_that_nobody_could_have_played_are_malformed(
    visitor: Come, body: object
) -> None:
    ada = await visitor()
    game = await ada.deal()
    await ada.dealt_ago(9_000)
    status, told = await ada.call("POST", f"{TILES}/{game['game']}", body)
    assert (status, told["error"]) == (422, "malformed")
    assert told["detail"].endswith(".")
    assert (await ada.finish(game))[0] == HTTPStatus.OK


async def test_a_pair_that_was_found_is_not_there_for_another_turn(visitor: Come) -> None:
    ada = await visitor()
    game = await ada.deal()
    await ada.dealt_ago(9_000)
    first, second = pairs(game)[:2]
    for turns in ([first, first], [first, [first[0], second[0]]], [*pairs(game), second]):
        status, told = await ada.finish(game, turns)
        assert (status, told["error"]) == (422, "malformed")


@pytest.mark.parametrize("game", ["x", "%00", "%ff", "x" * 4_000])
async def test_there_is_no_game_by_a_name_that_was_never_given(visitor: Come, game: str) -> None:
    ada = await visitor()
    await ada.deal()
    status, told = await ada.call("POST", f"{TILES}/{game}", {"turns": []})
    assert (status, told["error"]) == (404, "no_such_game")


async def test_nobody_finishes_the_game_of_another(visitor: Come) -> None:
    ada, bob = await visitor(), await visitor()
    game = await ada.deal()
    await ada.dealt_ago(9_000)
    assert (await bob.finish(game))[1]["error"] == "no_such_game"  # nobody yet
    await bob.deal()
    assert (await bob.finish(game))[1]["error"] == "no_such_game"
    assert (await ada.finish(game))[0] == HTTPStatus.OK


async def test_a_new_deal_ends_the_game_before_also_when_it_was_finished(visitor: Come) -> None:
    ada = await visitor()
    open_, finished = await ada.deal(), await ada.deal()
    await ada.dealt_ago(9_000)
    assert (await ada.finish(open_))[1]["error"] == "no_such_game"
    assert (await ada.finish(finished))[0] == HTTPStatus.OK
    await ada.deal()
    assert (await ada.finish(finished))[1]["error"] == "no_such_game"


async def test_a_game_is_gone_after_an_hour(visitor: Come, link: Link) -> None:
    ada = await visitor()
    game = await ada.deal()
    await link.call("PEXPIRE", keys.tiles(await ada.player(), DECK), 0)
    status, told = await ada.finish(game)
    assert (status, told["error"]) == (404, "no_such_game")


@pytest.mark.parametrize(
    ("method", "path", "status", "error"),
    [
        ("GET", "/api/decks/x/tiles", 404, "no_such_deck"),
        ("POST", "/api/decks/x/tiles", 404, "no_such_deck"),
        ("POST", "/api/decks/x/tiles/g", 404, "no_such_deck"),
        ("GET", f"{TILES}/g", 405, "bad_method"),
        ("PUT", TILES, 405, "bad_method"),
    ],
)
async def test_a_wrong_call_is_told_so(
    visitor: Come, method: str, path: str, status: int, error: str
) -> None:
    told = await (await visitor()).call(method, path, {"turns": []})
    assert (told[0], told[1]["error"]) == (status, error)


async def test_a_deck_of_too_few_cards_says_what_it_needs(server: Served, visitor: Come) -> None:
    decks = server.app._services.decks
    decks[DECK] = replace(decks[DECK], cards=decks[DECK].cards[:5])
    status, told = await (await visitor()).call("POST", TILES)
    assert (status, told["error"]) == (409, "too_few_cards")


async def test_a_page_of_another_site_neither_deals_nor_finishes(server: Served) -> None:
    async with aiohttp.ClientSession(
        server.url, headers={"Origin": "http://elsewhere.example"}
    ) as http:
        for path in (TILES, f"{TILES}/g"):
            async with http.post(path, json={"turns": []}) as answer:
                assert (await answer.json())["error"] == "foreign_origin"


async def test_a_body_too_large_for_any_game_is_not_read(visitor: Come) -> None:
    ada = await visitor()
    game = await ada.deal()
    status, told = await ada.finish(game, [[0, 1]] * 12_000)
    assert (status, told["error"]) == (413, "too_large")


async def test_the_list_names_the_best_of_each_player_once(visitor: Come) -> None:
    ada, bob = await visitor(), await visitor()
    ids = [(await one.sign_up(name))["id"] for one, name in ((ada, "Ada"), (bob, "Bob"))]
    slow = await ada.play(200_000)
    fast = await bob.play(100_000)
    rows: list[dict[str, Any]] = [
        {"rank": 1, "player": ids[1], "name": "Bob", "time_ms": fast["time_ms"]},
        {"rank": 2, "player": ids[0], "name": "Ada", "time_ms": slow["time_ms"]},
    ]
    assert (slow["rank"], slow["top"]) == (1, [{**rows[1], "rank": 1}])
    assert (fast["rank"], fast["top"]) == (1, rows)
    assert await ada.best_times() == {"best_ms": slow["time_ms"], "top": rows}
    assert await (await visitor()).best_times() == {"best_ms": None, "top": rows}
    again = await ada.play(300_000)
    assert (again["rank"], again["top"]) == (2, rows)


async def test_the_list_shows_ten_and_an_eleventh_knows_the_rank(visitor: Come, link: Link) -> None:
    for place in range(10):
        await link.call("ZADD", LIST, (3_000 + place) * 2**31, f"p{place}")
    ada = await visitor()
    await ada.sign_up("Ada")
    finished = await ada.play(9_000)
    assert finished["rank"] == 11
    assert [row["rank"] for row in finished["top"]] == list(range(1, 11))


async def test_a_guest_is_on_the_list_once_he_has_a_name(visitor: Come) -> None:
    ada = await visitor()
    time_ms = (await ada.play(9_000))["time_ms"]
    assert await ada.best_times() == {"best_ms": time_ms, "top": []}
    guest = await ada.player()
    assert (await ada.sign_up("Ada"))["id"] == guest
    row = {"rank": 1, "player": guest, "name": "Ada", "time_ms": time_ms}
    assert await ada.best_times() == {"best_ms": time_ms, "top": [row]}


async def test_a_bot_is_never_on_the_list(visitor: Come) -> None:
    robot = await visitor()
    await robot.sign_up("Robot", bot=True)
    finished = await robot.play(9_000)
    assert (finished["improved"], finished["rank"], finished["top"]) == (True, None, [])
    assert (await robot.best_times())["top"] == []


async def test_a_bot_that_takes_its_own_name_as_a_person_stays_a_bot(visitor: Come) -> None:
    robot = await visitor()
    account = await robot.sign_up("Robot", bot=True)
    time_ms = (await robot.play(9_000))["time_ms"]
    again = await robot.sign_up("ROBOT")
    assert (again["id"], again["name"]) == (account["id"], "Robot")
    me = {"id": account["id"], "name": "Robot", "bot": True}
    status, told = await robot.call("GET", "/api/me")
    assert (status, {key: told[key] for key in me}) == (200, me)
    assert await robot.best_times() == {"best_ms": time_ms, "top": []}
    finished = await robot.play(5_000)
    assert (finished["rank"], finished["top"]) == (None, [])


async def test_a_best_that_a_dead_process_had_not_listed_is_listed_by_a_repeat_or_a_next_game(
    visitor: Come, link: Link
) -> None:
    ada = await visitor()
    await ada.sign_up("Ada")
    game = await ada.deal()
    await ada.dealt_ago(9_000)
    _, first = await ada.finish(game)
    await link.call("DEL", LIST)
    assert await ada.finish(game) == (200, first)
    assert (await ada.best_times())["top"] == first["top"]
    await link.call("DEL", LIST)
    assert (await ada.play(20_000 + TOLERANCE_MS))["top"] == first["top"]
