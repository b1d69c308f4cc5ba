"""The boards by HTTP: of all time, of the month and the week, page by page."""

from collections.abc import Awaitable, Callable

import pytest

from server.web.services import Services
from tests.play.given import DECK, ended, signed_up
from tests.support.player import get
from tests.support.served import Served
from tests.web.table import Table
from tests.wire.protocol_page import examples

BOARD = f"/api/decks/{DECK}/leaderboard"


@pytest.fixture
async def server(served: Callable[..., Awaitable[Served]]) -> Served:
    return await served(rounds=1)


def services(server: Served) -> Services:
    return server.app._services


async def test_a_board_of_the_week_has_what_was_gained_in_it(played: Table) -> None:
    for period in ("week", "month", "all"):
        board = await get(f"{played.url}{BOARD}?period={period}")
        assert (board["period"], board["rated_players"], board["next"]) == (period, 2, None)
        assert [(row["rank"], row["name"], row["change"]) for row in board["top"]] == [
            (1, "Ada", 20),
            (2, "Bob", -20),
        ]


async def test_a_board_is_read_page_by_page(server: Served) -> None:
    at = services(server)
    ears = [await signed_up(at, f"Player {n}") for n in range(6)]
    for one, two in zip(ears[::2], ears[1::2], strict=True):
        await at.settling.settle(await ended(at, one, two))
    for period in ("all", "week"):
        url = f"{server.url}{BOARD}?limit=4&period={period}"
        first = await get(url)
        assert [row["rank"] for row in first["top"]] == [1, 1, 1, 4]
        assert first["next"] == 4
        last = await get(f"{url}&offset={first['next']}")
        assert [row["rank"] for row in last["top"]] == [4, 4]
        assert last["next"] is None
        everybody = [row["player"] for row in first["top"] + last["top"]]
        assert sorted(everybody) == sorted(ear.who.id for ear in ears)
        beyond = await get(f"{url}&offset=6")
        assert (beyond["top"], beyond["next"]) == ([], None)


async def test_a_board_says_who_is_here(played: Table) -> None:
    board = await get(f"{played.url}{BOARD}")
    assert sorted(board["online"]) == sorted([played.ada["id"], played.bob["id"]])
    one = await get(f"{played.url}{BOARD}?limit=1")
    assert one["online"] == [one["top"][0]["player"]]


async def test_the_example_of_a_board_is_this_one(played: Table) -> None:
    (example,) = examples("GET /api/decks/{deck}/leaderboard")
    found = await get(f"{played.url}{BOARD}?limit=1&around={played.ada['id']}")
    row = example["top"][0] | {"player": played.ada["id"]}
    assert found["around"].pop()["name"] == "Bob"
    assert found == example | {
        "top": [row],
        "around": [row],
        "online": [played.ada["id"], played.bob["id"]],
        "next": 1,
    }
