"""Flashcards stand well and still, turn at once, and are clean to axe."""

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import expect

from tests.pages.flashcards import (
    PATH,
    THREE,
    answer,
    lies,
    place,
    press,
    prompt,
    sorts,
    tally,
)
from tests.pages.test_accessibility import axe_finds_nothing
from tests.pages.test_layout import WIDTHS, never_jumped, stands_well
from tests.pages.visitor import PHONE, Visit, Visitor
from tests.support.served import Served

Start = Callable[..., Awaitable[Served]]


async def test_who_prefers_calm_sees_no_card_turn_or_fly(served: Start, visit: Visit) -> None:
    ada = await visit((await served()).url, calm=True)
    await ada.go(PATH)
    for key in (" ", "ArrowRight", "k", "ArrowRight", "Backspace"):
        await press(ada, key)
        assert await ada.page.evaluate("watched.motions()") == []
    await expect(ada.locator("[data-leaving]")).to_have_count(0)


async def test_a_card_turns_within_a_quarter_of_a_second(served: Start, visit: Visit) -> None:
    ada = await visit((await served()).url)
    await ada.go(PATH)
    longest = await ada.page.evaluate("""async () => {
        document.querySelector(".flash-button").click();
        await new Promise(requestAnimationFrame);
        const motions = document.querySelector("deckduel-flashcard").getAnimations({subtree: true});
        return Math.max(...motions.map(({effect}) => effect.getComputedTiming().endTime));
    }""")
    assert 0 < longest <= 250


@pytest.mark.parametrize("width", WIDTHS)
async def test_flashcards_stand_well_and_still(served: Start, visit: Visit, width: int) -> None:
    ada = await visit((await served()).url, width=width, touch=width == PHONE)
    await ada.go(THREE)
    await lies(ada, prompt(1))
    await stands_well(ada)
    still = await boxes(ada)
    options = still[-1]
    await press(ada, " ")
    await stands_well(ada)
    assert await boxes(ada) == still
    await press(ada, *["ArrowRight"] * 3)
    await ada.reads("That was all 3 cards")
    await stands_well(ada)
    assert (await boxes(ada))[-1] == options
    await press(ada, "Enter", " ", "ArrowRight")
    await stands_well(ada)
    assert await boxes(ada) == still
    await sorts(ada, [False, False])
    await ada.reads("You know 1 of 3")
    await stands_well(ada)
    assert (await boxes(ada))[-1] == options
    await press(ada, "Enter", "ArrowRight")
    await place(ada, "Pass 22 / 2")
    await stands_well(ada)
    assert await boxes(ada) == still
    await press(ada, "o")
    await ada.reads("No card is starred")
    await stands_well(ada)
    assert (await boxes(ada))[-1] == options
    await never_jumped(ada)


async def test_all_cards_are_of_one_height(served: Start, visit: Visit) -> None:
    ada = await visit((await served()).url, width=PHONE, touch=True)
    await ada.go(PATH)
    await lies(ada, prompt(1))
    heights = await ada.page.evaluate("""() => {
        const height = () => document.querySelector("deckduel-flashcard").offsetHeight;
        const seen = new Set();
        for (let card = 1; card < 100; card += 1) {
            seen.add(height());
            document.querySelector(".flash-step:last-child").click();
        }
        return [...seen.add(height())];
    }""")
    await place(ada, "100 / 100")
    assert len(heights) == 1


async def boxes(visitor: Visitor) -> list[str]:
    """Where the parts are that must not move: the card, what is below it, the switches last."""
    found: list[str] = await visitor.page.evaluate("""() =>
        [".flash-button", "deckduel-flash-steps", "deckduel-flash-options"].map((part) => {
            const {x, y, width, height} = document.querySelector(part).getBoundingClientRect();
            return [x, y + scrollY, width, height].map(Math.round).join(" ");
        })""")
    return found


async def test_axe_finds_nothing_on_flashcards(served: Start, visit: Visit) -> None:
    ada = await visit((await served()).url, width=PHONE, touch=True)
    await ada.go(THREE)
    await lies(ada, prompt(1))
    await axe_finds_nothing(ada)
    await press(ada, " ", "s")
    await lies(ada, answer(1))
    await axe_finds_nothing(ada)
    await press(ada, "k", "ArrowLeft")
    await tally(ada, 1, 0)
    await axe_finds_nothing(ada)
    await sorts(ada, [True, True])
    await ada.reads("You know 2 of 3")
    await axe_finds_nothing(ada)
    await press(ada, "k", "s", "o", "s", "o", "o")
    await ada.page.evaluate("document.activeElement.blur()")
    await axe_finds_nothing(ada)
