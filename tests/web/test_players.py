"""A player by HTTP: rank, streak, best win, head-to-head, the history of a rating."""

from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import pytest

from server.core.elo import standard_error
from server.core.events import MatchEnded
from server.core.outcome import Outcome, Why
from server.web.services import Services
from server.web.visitors import LOOKS_BURST
from tests.play.given import DECK, Ear, ended, signed_up
from tests.support.player import Map, get
from tests.support.served import Served
from tests.web.table import Table, table
from tests.wire.protocol_page import examples

WON, LOST, DRAWN = Outcome.SEAT_0, Outcome.SEAT_1, Outcome.DRAW


@pytest.fixture
async def server(served: Callable[..., Awaitable[Served]]) -> Served:
    return await served(rounds=1)


async def matches(at: Services, one: Ear, two: Ear, *outcomes: Outcome) -> list[str]:
    """Rated matches of two, settled, with these outcomes for the first."""
    found: list[str] = []
    for outcome in outcomes:
        match = await ended(at, one, two, how=MatchEnded(outcome, Why.PLAYED))
        assert await at.settling.settle(match) is not None
        found.append(match)
    return found


async def ladder(server: Served, ear: Ear) -> Any:  # noqa: ANN401 - any JSON
    """What a player is on the only ladder."""
    (found,) = (await get(f"{server.url}/api/players/{ear.who.id}"))["decks"]
    return found


async def asked_by(url: str, account: Map | None) -> Any:  # noqa: ANN401 - any JSON
    headers = {"Authorization": f"Bearer {account['token']}"} if account else {}
    async with aiohttp.ClientSession() as http, http.get(url, headers=headers) as answer:
        assert answer.status == 200
        return await answer.json()


async def test_a_streak_goes_on_until_it_is_broken(server: Served) -> None:
    at = server.app._services
    ada, bob = await signed_up(at, "Ada"), await signed_up(at, "Bob")
    seen = []
    for outcome in (WON, WON, LOST, LOST, DRAWN, WON):
        await matches(at, ada, bob, outcome)
        of_ada, of_bob = await ladder(server, ada), await ladder(server, bob)
        seen.append((of_ada["streak"], of_bob["streak"]))
    assert seen == [(1, -1), (2, -2), (-1, 1), (-2, 2), (0, 0), (1, -1)]
    assert (of_ada["best_streak"], of_bob["best_streak"]) == (2, 2)


async def test_the_best_win_is_that_over_the_strongest(server: Served) -> None:
    at = server.app._services
    ada, bob, cyd = [await signed_up(at, name) for name in ("Ada", "Bob", "Cyd")]
    (first,) = await matches(at, ada, cyd, WON)
    assert (await ladder(server, ada))["best_win"] == {
        "match": first,
        "rating": 1500,
        "player": cyd.who.id,
        "name": "Cyd",
    }
    assert (await ladder(server, cyd))["best_win"] is None
    await matches(at, bob, cyd, WON, WON)
    before = (await ladder(server, bob))["rating"]
    await matches(at, ada, bob, LOST, DRAWN)
    (best,) = await matches(at, ada, bob, WON)
    await matches(at, ada, cyd, WON)
    win = (await ladder(server, ada))["best_win"]
    assert (win["match"], win["player"]) == (best, bob.who.id)
    assert win["rating"] > before


async def test_a_rank_is_there_with_a_rating(server: Served) -> None:
    at = server.app._services
    ada, bob, cyd = [await signed_up(at, name) for name in ("Ada", "Bob", "Cyd")]
    await matches(at, ada, bob, LOST)
    assert [(await ladder(server, ear))["rank"] for ear in (ada, bob, cyd)] == [2, 1, None]


async def test_head_to_head_is_told_from_the_side_of_who_asks(played: Table) -> None:
    url = f"{played.url}/api/players/{played.bob['id']}"
    (asked,) = (await asked_by(url, played.ada))["decks"]
    assert asked["against"] == {"wins": 1, "draws": 0, "losses": 0}
    for nobody in (played.bob, None):
        (asked,) = (await asked_by(url, nobody))["decks"]
        assert "against" not in asked
    (asked,) = (await asked_by(f"{played.url}/api/players/{played.ada['id']}", played.bob))["decks"]
    assert asked["against"] == {"wins": 0, "draws": 0, "losses": 1}


async def test_a_player_is_told_as_the_example_on_the_page_tells_it(played: Table) -> None:
    (example,) = examples("GET /api/players/{player}")
    found = await asked_by(f"{played.url}/api/players/{played.ada['id']}", played.bob)
    (told,) = example["decks"]
    told["best_win"] |= {"match": played.match, "player": played.bob["id"]}
    assert found == example | {"id": played.ada["id"]}


async def test_presence_says_who_is_here_and_in_which_match(served: Any) -> None:  # noqa: ANN401 - a fixture
    server = await served(rounds=3)
    async with table(server.url) as t:
        url = f"{server.url}/api/players/{t.ada['id']}"
        await t.begin()
        found = await get(url)
        assert (found["online"], found["playing"]) == (True, t.match)
        await t.two.ask("resign", match=t.match)
        await t.one.until("match_over")
        assert (await get(url))["playing"] is None


async def test_a_history_is_read_page_by_page_with_its_uncertainty(server: Served) -> None:
    at = server.app._services
    ada, bob = await signed_up(at, "Ada"), await signed_up(at, "Bob")
    listed = await matches(at, ada, bob, *[WON, LOST] * 5, WON)
    url = f"{server.url}/api/players/{ada.who.id}/history?deck={DECK}"
    whole = await get(url)
    assert [point["match"] for point in whole["points"]] == listed[::-1]
    assert whole["next"] is None
    for number, point in enumerate(reversed(whole["points"]), 1):
        doubt = standard_error(number)
        band = (point["rating"] - doubt, point["rating"] + doubt) if number < 10 else (None, None)
        assert (point["low"], point["high"]) == band
        assert point["opponent"] == {"id": bob.who.id, "name": "Bob"}
    first = await get(f"{url}&limit=4")
    rest = await get(f"{url}&limit=100&before={first['next']}")
    assert first["points"] + rest["points"] == whole["points"]
    assert len(first["points"]) == 4
    assert (await get(f"{url}&before=1"))["points"] == []


async def test_look_ups_from_one_address_are_paced(
    served: Callable[..., Awaitable[Served]],
) -> None:
    server = await served(rate_limit=20)
    told: list[int] = []
    async with aiohttp.ClientSession(server.url) as http:
        while not told or (told[-1] != 429 and len(told) < 2 * LOOKS_BURST):
            async with http.get("/api/challenges/K7QWXP") as answer:
                told.append(answer.status)
        assert len(told) > LOOKS_BURST
        for path in ("/challenges/K7QWXP", "/challenges/K7QWXP/qr.svg", "/api/players/x/matches"):
            for _ in range(3):  # one may have come back meanwhile
                async with http.get(path) as answer:
                    told.append(answer.status)
            assert told[-1] == 429, path


async def test_a_history_is_told_as_the_example_on_the_page_tells_it(played: Table) -> None:
    (example,) = examples("GET /api/players/{player}/history")
    found = await get(f"{played.url}/api/players/{played.ada['id']}/history?deck={DECK}")
    (point,), (told,) = found["points"], example["points"]
    bob = {"id": played.bob["id"], "name": "Bob"}
    assert point == told | {"match": played.match, "at_ms": point["at_ms"], "opponent": bob}
    assert set(found) == set(example)
