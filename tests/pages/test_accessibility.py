"""Axe finds nothing, on any page, in any phase of a match, light and dark."""

import re
from collections.abc import Awaitable, Callable
from typing import Final, Literal

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import expect

from tests.pages.meeting import answer, match_of, paired_with, unhurried
from tests.pages.test_challenge import REFUSED
from tests.pages.visitor import DECK_PAGE, DESKTOP, PHONE, Visit, Visitor
from tests.support.player import sign_up
from tests.support.served import Served

Start = Callable[..., Awaitable[Served]]

MISSING = re.compile("status of 404")

LOOKS: Final[list[tuple[Literal["light", "dark"], dict[str, list[str]]]]] = [
    ("light", {}),
    ("dark", {"runOnly": ["color-contrast"]}),
]
"""Each colour scheme, and what of axe is asked in it; all of it where nothing is said."""

OPTIONS: Final[dict[str, object]] = {"preload": False, "resultTypes": ["violations"]}
"""Preloading would fetch and parse the styles anew, which the page's policy forbids; and every
element that passes a rule would be told of, all rules over."""

LONG_ENOUGH_MS = 8_000
"""For axe to look twice at what passes by itself."""


async def axe_finds_nothing(visitor: Visitor) -> None:
    """Look at the page as it is, then at its colours in the dark: the rest is the same there."""
    for scheme, rules in LOOKS:
        await visitor.page.emulate_media(color_scheme=scheme)
        await visitor.stands_still()
        found = await Axe().run(visitor.page, options={**OPTIONS, **rules})
        report = found.generate_report() if found.violations_count else ""
        assert found.violations_count == 0, f"{visitor.page.url} {scheme}: {report}"
        assert found.response["passes"]


async def test_axe_finds_nothing_on_the_deck_page(served: Start, visit: Visit) -> None:
    ada = await visit((await served()).url)
    await ada.go(DECK_PAGE)
    await ada.reads("Terms in this set")
    await axe_finds_nothing(ada)
    await ada.page.get_by_role("button", name="Star term 1", exact=True).click()
    await ada.page.get_by_role("button", name="Hide answers").click()
    await axe_finds_nothing(ada)


async def test_axe_finds_nothing_where_there_is_nothing(served: Start, visit: Visit) -> None:
    ada = await visit((await served()).url)
    ada.forgive(MISSING)
    await ada.go("/decks/nothing")
    await ada.headline("There is no such page")
    await axe_finds_nothing(ada)


async def test_axe_finds_nothing_on_the_challenge_page(served: Start, visit: Visit) -> None:
    server = await served()
    await sign_up(server.url, "Ada")
    ada = await visit(server.url)
    ada.forgive(REFUSED)
    await ada.go(f"{DECK_PAGE}/challenge")
    await ada.reads("Who is playing?")
    await axe_finds_nothing(ada)
    await ada.sign_up("Ada")
    await ada.reads("Somebody has this name already.")
    await axe_finds_nothing(ada)
    await ada.sign_up("Grace")
    await ada.reads("Nobody else is waiting yet.")
    await axe_finds_nothing(ada)
    await ada.page.get_by_role("button", name="Cancel").click()
    await ada.reads("No longer looking")
    await axe_finds_nothing(ada)


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
async def test_axe_finds_nothing_in_any_phase_of_a_match(
    served: Start, visit: Visit, width: int
) -> None:
    server = await unhurried(served, LONG_ENOUGH_MS)
    ada = await visit(server.url, width=width, touch=width == PHONE)
    async with paired_with(ada) as bob:
        await ada.reads("It starts when both pages are ready.")
        await axe_finds_nothing(ada)
        await bob.ask("ready", match=match_of(bob))
        await expect(ada.locator("deckduel-meeting .count")).to_be_visible()
        await axe_finds_nothing(ada)
        await expect(ada.locator("deckduel-meeting .count")).to_be_visible()
        await ada.round(1)
        await axe_finds_nothing(ada)
        best = await ada.best()
        await ada.answers((best + 1) % 4)
        await axe_finds_nothing(ada)
        await answer(bob, 1, best)
        await ada.revealed(1)
        await axe_finds_nothing(ada)
        await ada.revealed(1)
        await ada.round(2)
        await answer(bob, 2, 0)
        await ada.reads("Bob has answered.")
        await ada.page.get_by_role("button", name="Resign").click()
        await ada.reads("Resign this match?")
        await axe_finds_nothing(ada)
        await ada.page.get_by_role("button", name="Resign", exact=True).last.click()
    await ada.headline("You lost")
    await expect(ada.locator(".explanation").first).to_be_visible()
    await axe_finds_nothing(ada)
    await ada.page.reload()
    await expect(ada.locator(".explanation").first).to_be_visible()
    await axe_finds_nothing(ada)
    await ada.go(DECK_PAGE)
    await ada.reads("? provisional")
    await axe_finds_nothing(ada)
