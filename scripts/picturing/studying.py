"""The README's pictures of the study modes: two players who have duels behind them study."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from playwright.async_api import Page, expect

from server.store.link import Link
from tests.pages.exam import answer_of, check, fields, make
from tests.pages.learning import in_phase, learn, studied
from tests.pages.tiling import begun, has_best, play, tiles
from tests.pages.visitor import Visitor
from tests.support.player import DECK, Map

Picture = Callable[[Page, str], Awaitable[None]]

BEST_MS: Final = (18_420, 21_070, 24_650, 31_900, 47_310)
SLIPPED: Final = ("68", "l2 regularisation")
"""A card, and what is typed for it: another word for the answer, and a slip in it."""
FOUND: Final = 2
"""Pairs that are found in the picture of Match."""
SEARCH_S: Final = 3.1
"""What finding a pair takes a person."""


async def study(
    at_desk: Visitor, by_phone: Visitor, redis_url: str, accounts: dict[str, Map], picture: Picture
) -> None:
    """Study in each mode, and take the pictures."""
    await _flashcards(at_desk, picture)
    await _learn(at_desk, by_phone, picture)
    await _test(at_desk, picture)
    link = Link(redis_url)
    await link.open()
    for account, time_ms in zip(accounts.values(), BEST_MS, strict=False):
        await has_best(link, account, time_ms)
    await link.close()
    await _tiles(at_desk, by_phone, picture)


async def _flashcards(visitor: Visitor, picture: Picture) -> None:
    await visitor.go(f"/decks/{DECK}/flashcards")
    await visitor.page.get_by_role("button", name="Sort what I know").click()
    for key in ("ArrowRight", "ArrowRight", "ArrowLeft", " "):
        await visitor.page.keyboard.press(key)
        await visitor.stands_still()
    await picture(visitor.page, "flashcards")


async def _learn(visitor: Visitor, by_phone: Visitor, picture: Picture) -> None:
    card, typed = SLIPPED
    await studied(visitor, card, days_ago=2)
    await learn(visitor, card)
    await visitor.page.keyboard.type(typed)
    await visitor.page.keyboard.press("Enter")
    await in_phase(visitor, "verdict")
    await visitor.stands_still()
    await picture(visitor.page, "learn")
    await learn(by_phone)
    await by_phone.reads("Lost in a duel")
    await picture(by_phone.page, "learn-phone-dark")


async def _test(visitor: Visitor, picture: Picture) -> None:
    await make(visitor, "4", "Written")
    for number, field in enumerate(await fields(visitor).all()):
        await field.fill((await answer_of(field)).lower() if number else "no idea")
    await check(visitor)
    await visitor.stands_still()
    await picture(visitor.page, "test")


async def _tiles(at_desk: Visitor, by_phone: Visitor, picture: Picture) -> None:
    for visitor, name in ((at_desk, "tiles"), (by_phone, "tiles-phone-dark")):
        pairs = await begun(visitor)
        for pair in pairs[:FOUND]:
            await asyncio.sleep(SEARCH_S)
            await play(visitor, [pair])
        await tiles(visitor).nth(pairs[FOUND][0]).click()
        await expect(visitor.locator(".tile[aria-pressed=true]")).to_have_count(1)
        await visitor.stands_still()
        await picture(visitor.page, name)
