"""Flashcards that are left: what was sorted arrives once, and one comes back to the same card."""

import re
from collections.abc import Awaitable, Callable

from playwright.async_api import expect

from tests.pages.flashcards import (
    PATH,
    THREE,
    all_arrived,
    button,
    lies,
    place,
    press,
    prompt,
    reviews,
    sorts,
    tally,
    up,
)
from tests.pages.visitor import OFFLINE, Visit, Visitor
from tests.support.served import Served

Start = Callable[..., Awaitable[Served]]


async def test_a_sort_over_which_the_page_was_left_stands(served: Start, visit: Visit) -> None:
    ada = await visit((await served()).url)
    await ada.go(PATH)
    await sorts_and_leaves(ada)
    await expect(button(ada, "Undo")).to_have_attribute("aria-disabled", "true")
    await press(ada, "Backspace")
    await lies(ada, prompt(2))
    await tally(ada, 0, 1)
    await press(ada, "ArrowLeft", "k")
    await all_arrived(ada)
    assert await reviews(ada, "1", "2") == [(1, 1), (1, 0)]


async def sorts_and_leaves(visitor: Visitor) -> None:
    """Say that the first card is known, leave the page, and come back to it as it was."""
    await press(visitor, "k", "ArrowRight")
    async with visitor.page.expect_response("**/reviews") as sent:
        await visitor.page.evaluate(
            "dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))"
        )
    assert (await sent.value).ok


async def test_one_comes_back_to_the_same_card(served: Start, visit: Visit) -> None:
    ada = await visit((await served()).url)
    await ada.go(PATH)
    await press(ada, "x", "a", *["ArrowRight"] * 6, " ", " ")
    await place(ada, "7 / 100")
    seventh = await up(ada).inner_text()
    await ada.page.reload()
    await place(ada, "7 / 100")
    assert await up(ada).inner_text() == seventh
    await press(ada, "k")
    await sorts(ada, [True, False, False])
    await tally(ada, 2, 1)
    fourth = await up(ada).inner_text()
    await ada.go(THREE)
    await place(ada, "1 / 3")
    await lies(ada, prompt(1))
    await press(ada, "ArrowRight")
    await ada.go(PATH)
    await place(ada, "4 / 100")
    await tally(ada, 2, 1)
    assert await up(ada).inner_text() == fourth
    await ada.go(THREE)
    await lies(ada, prompt(2))
    await ada.go(f"{PATH}?cards=3,2")
    await lies(ada, prompt(3))


async def test_a_spoilt_place_costs_the_place_alone(served: Start, visit: Visit) -> None:
    ada = await visit((await served()).url)
    await ada.go(PATH)
    await press(ada, "ArrowRight")
    keys = "Object.keys(localStorage).filter((key) => key.includes('flashcards'))"
    for spoilt in ("{", '{"whole": {"sort": {"pile": 3}, "left": 4, "sorting": true}}', "[1]"):
        assert await ada.page.evaluate(f"{keys}.length") == 1
        await ada.page.evaluate(f"text => localStorage.setItem({keys}[0], text)", spoilt)
        await ada.page.reload()
        await lies(ada, prompt(1))


async def test_what_is_sorted_without_a_connection_arrives_once(
    served: Start, visit: Visit
) -> None:
    ada = await visit((await served()).url)
    await ada.go(PATH)
    ada.forgive(OFFLINE)
    await press(ada, "k")
    await ada.context.set_offline(True)
    await sorts(ada, [True, False, True])
    await ada.reads(re.compile("^No connection. . answers? kept here"))
    await sorts(ada, [True])
    await tally(ada, 1, 3)
    await ada.context.set_offline(False)
    await expect(ada.locator("deckduel-connection .notice")).to_be_hidden()
    await ada.page.reload()
    await place(ada, "5 / 100")
    await all_arrived(ada)
    assert await reviews(ada, "1", "2", "3", "4") == [(1, 1), (1, 0), (1, 1), (1, 1)]


async def test_two_tabs_sort_one_card_apart_and_the_last_place_is_kept(
    served: Start, visit: Visit
) -> None:
    ada = await visit((await served()).url)
    await ada.go(THREE)
    bea = Visitor(ada.url, ada.context, await ada.context.new_page())
    await bea.go(THREE)
    await press(ada, "k", "ArrowRight", "ArrowRight")
    await press(bea, "k", "ArrowLeft")
    await tally(ada, 0, 2)
    await tally(bea, 1, 0)
    await press(ada, "Backspace")
    await lies(ada, prompt(2))
    await press(bea, "ArrowRight", "ArrowRight")
    await bea.reads("You know 2 of 3")
    await ada.page.close()
    await press(bea, "k")
    await all_arrived(bea)
    # Two answers are two reviews, and the one taken back in its tab is none.
    assert await reviews(bea, "1", "2", "3") == [(2, 1), (1, 1), (1, 1)]
    await press(bea, "k")
    await bea.page.reload()
    await bea.reads("You know 2 of 3")
    assert bea.complaints == []
