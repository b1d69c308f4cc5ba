"""How the study mode Match looks: at every width, to axe, and without motion."""

import json
import re
from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import expect

from deck.cards import Card
from deck.library import builtin
from server.store.link import Link
from tests.pages.test_accessibility import axe_finds_nothing
from tests.pages.test_layout import never_jumped, stands_well
from tests.pages.tiling import (
    LONG_MS,
    TILE_KEYS,
    begun,
    button,
    dealt_ago,
    has_best,
    opened,
    pairs,
    play,
    result,
    tiles,
)
from tests.pages.visitor import DESKTOP, PHONE, TABLET, Visit, Visitor
from tests.support.player import sign_up
from tests.support.served import Served

Start = Callable[..., Awaitable[Served]]


@pytest.mark.parametrize("width", [PHONE, TABLET, DESKTOP])
async def test_every_state_stands_well_and_still(
    served: Start, visit: Visit, link: Link, width: int
) -> None:
    server = await served()
    await has_best(link, await sign_up(server.url, "W" * 20), 59_990)
    ada = await visit(server.url, width=width, touch=width == PHONE)
    await opened(ada)
    await stands_well(ada)
    await never_jumped(ada)
    await button(ada, "Start").click()
    found = await pairs(ada)
    await dealt_ago(link, ada, LONG_MS)
    await stands_well(ada)
    await play(ada, [(found[0][0], found[1][0])])
    await stands_well(ada)
    await play(ada, found[:1])
    await stands_well(ada)
    await play(ada, found[1:])
    await expect(result(ada)).to_be_visible()
    await stands_well(ada)


BROKEN = """
[...document.querySelectorAll(".tile .text")].flatMap((text) => {
  const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
  const broken = [];
  while (walker.nextNode()) {
    // A part stands between two places where a line may end.
    for (const { 0: part, index } of walker.currentNode.data.matchAll(/[^\\s\\u00AD-]+/g)) {
      const lines = [...part].map((_, at) => {
        const range = document.createRange();
        range.setStart(walker.currentNode, index + at);
        range.setEnd(walker.currentNode, index + at + 1);
        // The first after a soft hyphen has the hyphen's box as well.
        return [...range.getClientRects()].at(-1).top;
      });
      if (new Set(lines).size > 1) broken.push(part);
    }
  }
  return broken;
})
"""
"""The words that go on in the next line without a hyphen."""


def length(card: Card) -> int:
    """How much there is to read."""
    return len(card.prompt + card.answer)


def longest_word(card: Card) -> int:
    """The letters of its longest word, on either side."""
    return max(len(word) for word in re.findall(r"\w+", f"{card.prompt} {card.answer}"))


async def dealt_at(visitor: Visitor, cards: list[Card]) -> None:
    """Have these six cards dealt, and begin."""
    texts = [(card.prompt, "prompt") for card in cards] + [
        (card.answer, "answer") for card in cards
    ]
    dealt = [{"tile": at, "text": text, "side": side} for at, (text, side) in enumerate(texts)]
    body = json.dumps({"game": "g", "tiles": dealt, "penalty_ms": 1_000, "best_ms": None})
    await visitor.page.route(
        "**/api/decks/*/tiles", lambda route: route.fulfill(status=201, body=body)
    )
    await begun(visitor)


@pytest.mark.parametrize("width", [PHONE, TABLET, DESKTOP])
async def test_the_six_longest_cards_fit_the_screen(
    served: Start, visit: Visit, width: int
) -> None:
    ada = await visit((await served()).url, width=width, touch=width == PHONE)
    for by in (length, longest_word):
        await dealt_at(ada, sorted(builtin()[0].cards, key=by)[-6:])
        await stands_well(ada)
        over = "document.documentElement.scrollHeight - innerHeight"
        assert await ada.page.evaluate(over) <= 0
        assert await ada.page.evaluate(BROKEN) == []


async def test_no_word_of_the_deck_is_broken_without_a_hyphen(served: Start, visit: Visit) -> None:
    ada = await visit((await served()).url, width=PHONE, touch=True)
    cards = sorted(builtin()[0].cards, key=longest_word)[-24:]
    for at in range(0, len(cards), 6):
        await dealt_at(ada, cards[at : at + 6])
        assert await ada.page.evaluate(BROKEN) == []


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
async def test_axe_finds_nothing_in_match(
    served: Start, visit: Visit, link: Link, width: int
) -> None:
    server = await served()
    await has_best(link, await sign_up(server.url, "Grace"), 9_000)
    ada = await visit(server.url, width=width, touch=width == PHONE)
    await opened(ada)
    await axe_finds_nothing(ada)
    await button(ada, "Start").click()
    found = await pairs(ada)
    await dealt_ago(link, ada, LONG_MS)
    await play(ada, [found[0], (found[1][0], found[2][1])])
    await ada.page.keyboard.press(TILE_KEYS[found[3][0]])
    await axe_finds_nothing(ada)
    await ada.page.keyboard.press(TILE_KEYS[found[3][0]])
    await play(ada, found[1:])
    await ada.reads("Put your name on the list")
    await axe_finds_nothing(ada)
    await ada.page.get_by_label("Your name", exact=True).fill("Ada")
    await button(ada, "Put it on the list").click()
    await expect(ada.locator(".best-times tr[data-me]")).to_be_visible()
    await axe_finds_nothing(ada)


async def test_who_prefers_it_sees_no_tile_move(served: Start, visit: Visit) -> None:
    ada = await visit((await served()).url, calm=True)
    found = await begun(ada)
    await play(ada, [(found[0][0], found[1][1])])
    await expect(ada.locator(".tile[data-status=missed]")).to_have_count(2)
    assert await ada.page.evaluate("watched.motions()") == []
    await play(ada, found[:1])
    await ada.reads("1 of 6 found")
    assert await ada.page.evaluate("watched.motions()") == []


async def test_a_missed_tile_shows_that_it_has_the_keyboard(served: Start, visit: Visit) -> None:
    ada = await visit((await served()).url)
    await opened(ada)
    await ada.page.keyboard.press("Enter")
    found = await pairs(ada)
    await expect(tiles(ada).first).to_be_focused()
    ring = "getComputedStyle(document.activeElement).outline"
    free: str = await ada.page.evaluate(ring)
    others = next(pair for pair in found if 0 not in pair)
    await play(ada, [(0, others[0])])
    await expect(tiles(ada).first).to_have_attribute("data-status", "missed")
    await expect(tiles(ada).first).to_be_focused()
    assert await ada.page.evaluate(ring) == free


async def test_forced_colors_show_both_the_chosen_tile_and_the_keyboard(
    served: Start, visit: Visit
) -> None:
    ada = await visit((await served()).url)
    await opened(ada)
    await ada.page.keyboard.press("Enter")
    await expect(tiles(ada).first).to_be_focused()
    await ada.page.emulate_media(forced_colors="active")
    looks = """
    [document.activeElement, document.querySelectorAll(".tile")[1]].map((tile) => {
      const { backgroundColor, outlineStyle } = getComputedStyle(tile);
      return { backgroundColor, outlineStyle };
    })
    """
    free, other = await ada.page.evaluate(looks)
    await ada.page.keyboard.press(TILE_KEYS[0])
    await expect(tiles(ada).first).to_have_attribute("aria-pressed", "true")
    chosen, still = await ada.page.evaluate(looks)
    assert chosen["outlineStyle"] == free["outlineStyle"] != still["outlineStyle"]
    assert chosen["backgroundColor"] != still["backgroundColor"] == other["backgroundColor"]


async def test_the_keys_can_be_asked_for_in_a_game_on_a_narrow_screen(
    served: Start, visit: Visit
) -> None:
    ada = await visit((await served()).url, width=PHONE)
    await begun(ada)
    await ada.page.keyboard.press("?")
    await expect(ada.page.get_by_role("dialog", name="Keys")).to_be_visible()
    await ada.page.keyboard.press("Escape")
    await expect(tiles(ada).first).to_be_visible()
