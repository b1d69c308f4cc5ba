"""What pages say and do while the server cannot reach its storage."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.pages.meeting import in_round_one, match_of
from tests.pages.visitor import DECK_PAGE, PHONE, Visit, Visitor
from tests.support.own_redis import OwnRedis, own_redis
from tests.support.player import in_round, sign_up
from tests.support.served import Served

Start = Callable[..., Awaitable[Served]]
LINE = "deckduel-connection .notice"
AWAY = "The server cannot reach its storage just now. Matches wait; nothing is lost."
STANDS_MS = 1_500
"""In which a clock that ran would show another second."""


@pytest.fixture
async def redis(tmp_path: Path) -> AsyncIterator[OwnRedis]:
    async with own_redis(tmp_path) as redis:
        yield redis


@pytest.fixture
def redis_url(redis: OwnRedis) -> str:
    """What `served` serves on here."""
    return redis.url


async def clock(visitor: Visitor) -> str:
    """The seconds that the clock of the round shows, and the length of its bar."""
    shown: str = await visitor.page.evaluate(
        """() => {
          const bar = document.querySelector(".clock-bar");
          return `${document.querySelector(".clock-digits").textContent}`
            + ` ${bar.getBoundingClientRect().width}`;
        }"""
    )
    return shown


async def places(visitor: Visitor) -> list[list[float]]:
    """Where everything of the round stands."""
    found: list[list[float]] = await visitor.page.evaluate(
        """() => {
          const parts = document.querySelectorAll(".scoreboard, .question, .choice, .below");
          return [...parts].map((part) => {
            const { x, y, width, height } = part.getBoundingClientRect();
            return [x, y, width, height];
          });
        }"""
    )
    return found


async def passes(visitor: Visitor, ms: int) -> None:
    """Let time pass in a page."""
    await visitor.page.evaluate("(ms) => new Promise((go) => setTimeout(go, ms))", ms)


async def test_pages_say_it_calmly_the_clock_stands_and_the_match_goes_on(
    redis: OwnRedis, served: Start, visit: Visit
) -> None:
    server = await served(rounds=2, round_ms=60_000)
    ada = await visit(server.url, width=PHONE, touch=True, dark=True)
    cleo = await visit(server.url)
    await cleo.sign_in(await sign_up(server.url, "Cleo"))
    await cleo.goes_and_hears(f"{DECK_PAGE}/flashcards")
    async with in_round_one(ada) as bob:
        before = await places(ada)
        redis.stop()
        for visitor in (ada, cleo):
            await expect(visitor.locator(LINE)).to_have_text(AWAY)
        stood = await clock(ada)
        assert int(stood.split()[0].removesuffix("s")) > 50
        await ada.choice(2).tap()
        await ada.reads("Your answer waits with the match.")
        await cleo.page.keyboard.press("Space")
        await passes(ada, STANDS_MS)
        assert await clock(ada) == stood
        assert await places(ada) == before
        redis.go_on()
        for visitor in (ada, cleo):
            await expect(visitor.locator(LINE)).to_be_hidden()
        await ada.reads("Your answer is in.")
        await bob.send("answer", match=match_of(bob), round=1, choice=0)
        await in_round(bob, match_of(bob), 2)
        closed = bob.last("round_closed")
        assert closed["answers"][1 - bob.last("paired")["seat"]]["choice"] == 2
        await ada.round(2)
        runs = await clock(ada)
        await expect(ada.locator(".clock-digits")).not_to_have_text(runs.split()[0])
