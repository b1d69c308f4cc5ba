"""The README's pictures: a season of real matches, one in two browsers, and a study of it."""

import asyncio
import random
import tempfile
from contextlib import AsyncExitStack
from itertools import pairwise
from pathlib import Path
from typing import Final

import uvloop
from playwright.async_api import Browser, Page, async_playwright, expect

from scripts.picturing.company import meet
from scripts.picturing.studying import study
from server.settings import Settings
from server.store.embedded import EmbeddedRedis
from tests.conftest import quick_settings
from tests.pages.answers import ANSWERS
from tests.pages.conftest import FLAGS
from tests.pages.visitor import DECK_PAGE, PHONE, Visitor
from tests.support.browser import find_chromium
from tests.support.player import DECK, Map, Player, begin, connected, get, sign_up
from tests.support.served import serve

FOLDER: Final = Path(__file__).parents[2] / "docs" / "screenshots"

STRENGTHS: Final = {
    "Ada": 0.9,
    "Grace": 0.88,
    "Barbara": 0.82,
    "Linus": 0.8,
    "Radia": 0.8,
    "Edsger": 0.75,
    "Margaret": 0.72,
    "Donald": 0.7,
    "Alan": 0.68,
    "Katherine": 0.65,
    "Ken": 0.6,
    "Frances": 0.55,
}
"""The players, and how often each is right."""

MATCHES: Final = 60
BEST: Final = 4
"""The match of the pictures is between two of so many."""
NEAR: Final = 90
"""Ratings no further apart than this are paired at once."""

PICTURED_ROUND: Final = 4
AT_DESK_WRONG: Final = {3}
BY_PHONE_WRONG: Final = {2, 6}
MOTION_S: Final = 0.4
"""For motions of a page to end before its picture is taken."""


async def main() -> None:
    """Make every picture."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data:
        embedded = EmbeddedRedis(Path(data))
        redis_url = await embedded.start()
        try:
            accounts = await _season(redis_url)
            await _pictures(redis_url, accounts)
        finally:
            await embedded.stop()


async def _season(redis_url: str) -> dict[str, Map]:
    """Have everybody play real matches; their accounts by name."""
    server = await serve(quick_settings(redis_url), redis_url)
    chance = random.Random(100)  # noqa: S311 (the same pictures each time)
    try:
        accounts = {name: await sign_up(server.url, name) for name in STRENGTHS}
        async with AsyncExitStack() as stack:
            players = {
                name: await stack.enter_async_context(connected(server.url, account))
                for name, account in accounts.items()
            }
            ratings = dict.fromkeys(STRENGTHS, 1500)
            played = dict.fromkeys(STRENGTHS, 0)
            for _ in range(MATCHES):
                one, two = _next_pair(ratings, played, chance)
                await _play(players[one], players[two], chance, ratings)
                played[one] += 1
                played[two] += 1
        return accounts
    finally:
        await server.stop()


def _next_pair(
    ratings: dict[str, int], played: dict[str, int], chance: random.Random
) -> tuple[str, str]:
    """Whoever has played least, against somebody near."""
    names = sorted(ratings, key=lambda name: (played[name], chance.random()))
    near = [
        (one, two)
        for one in names
        for two in names
        if one != two and abs(ratings[one] - ratings[two]) <= NEAR
    ]
    return near[0]


async def _play(one: Player, two: Player, chance: random.Random, ratings: dict[str, int]) -> None:
    """One match, each right as often as they are."""
    match = await begin(one, two)
    results = await asyncio.gather(*(_answer_all(player, match, chance) for player in (one, two)))
    for player in (one, two):
        assert player.name is not None
        seat = player.last("paired")["seat"]
        ratings[player.name] = results[0]["ratings"][seat]["after"]
        player.seen.clear()


async def _answer_all(player: Player, match: str, chance: random.Random) -> Map:
    """Answer to the end; the result."""
    opened = player.last("round_opened")
    while opened["type"] != "match_over":
        best = opened["choices"].index(ANSWERS[opened["prompt"]])
        right = chance.random() < STRENGTHS[str(player.name)]
        choice = best if right else (best + 1) % 4
        await player.send("answer", match=match, round=opened["round"], choice=choice)
        opened = await player.until("round_opened", "match_over", match=match)
    return opened


async def _pictures(redis_url: str, accounts: dict[str, Map]) -> None:
    """Play one match at people's pace in two browsers, and take the pictures."""
    usual = {field: getattr(Settings(), field) for field in ("reveal_ms", "countdown_ms")}
    server = await serve(quick_settings(redis_url, **usual), redis_url)
    try:
        async with async_playwright() as driver:
            browser = await driver.chromium.launch(executable_path=find_chromium(), args=FLAGS)
            at_desk, by_phone, best = await _duel(browser, server.url, accounts)
            await meet(at_desk, by_phone, best, _picture)
            await study(at_desk, by_phone, redis_url, accounts, _picture)
            await browser.close()
    finally:
        await server.stop()


async def _duel(
    browser: Browser, url: str, accounts: dict[str, Map]
) -> tuple[Visitor, Visitor, Map]:
    """A match of two near the top; who sits where, and the account of the first."""
    top = (await get(f"{url}/api/decks/{DECK}/leaderboard"))["top"][:BEST]
    first, second = min(pairwise(top), key=lambda two: two[0]["rating"] - two[1]["rating"])
    at_desk = await Visitor.at(browser, url)
    by_phone = await Visitor.at(browser, url, width=PHONE, touch=True, dark=True)
    await at_desk.sign_in(accounts[first["name"]])
    await by_phone.sign_in(accounts[second["name"]])
    for visitor in (at_desk, by_phone):
        await visitor.go(DECK_PAGE)
        await visitor.reads("Terms in this set")
    await _picture(at_desk.page, "deck")
    await _picture(by_phone.page, "deck-phone-dark")
    for visitor in (at_desk, by_phone):
        await visitor.go(f"{DECK_PAGE}/challenge")
        await visitor.page.get_by_role("button", name="Find an opponent").click()
    for number in range(1, 11):
        await at_desk.round(number)
        await by_phone.round(number)
        await _round(at_desk, by_phone, number)
    await expect(at_desk.locator(".explanation").first).to_be_visible()
    await _picture(at_desk.page, "result")
    await _picture(by_phone.page, "result-phone-dark")
    return at_desk, by_phone, accounts[first["name"]]


async def _round(at_desk: Visitor, by_phone: Visitor, number: int) -> None:
    """Both think for a while, and answer."""
    pictured = number == PICTURED_ROUND
    best = await at_desk.best()
    await asyncio.sleep(1 + number % 3 / 2)
    await by_phone.choice((best + 1) % 4 if number in BY_PHONE_WRONG else best).tap()
    if pictured:
        await at_desk.reads("has answered.")
        await asyncio.sleep(MOTION_S)
        await _picture(at_desk.page, "round")
        await _picture(by_phone.page, "round-phone-dark")
    await at_desk.page.keyboard.press(str((best + (number in AT_DESK_WRONG)) % 4 + 1))
    await at_desk.revealed(number)
    if pictured:
        await asyncio.sleep(MOTION_S)
        await _picture(at_desk.page, "reveal")


async def _picture(page: Page, name: str) -> None:
    await page.screenshot(path=FOLDER / f"{name}.png")


if __name__ == "__main__":
    uvloop.run(main())
