"""Learn in every state: axe finds nothing, nothing overflows, the way on keeps its place."""

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import expect

from tests.pages.learning import answers, button, ends, goes_on, in_phase, learn, studied
from tests.pages.test_accessibility import axe_finds_nothing
from tests.pages.test_layout import never_jumped, stands_well
from tests.pages.visitor import DESKTOP, OFFLINE, PHONE, TABLET, Visit, Visitor
from tests.support.served import Served

Start = Callable[..., Awaitable[Served]]
Look = Callable[[Visitor], Awaitable[None]]

RELU = "4"
LONG = "90"
"""Three of its choices and its explanation are the longest of the deck."""

PLACES = """
() => [".lesson-card", ".given", ".bar"].map((part) => {
  const { x, y, width, height } = document.querySelector(part).getBoundingClientRect();
  const top = part === ".bar" ? y : y + scrollY;
  return [part, x, top, width, height].map((value) => Math.round(value) || value).join(" ");
})
"""
"""Where the parts of a question are: the bar on the screen, what is above it on the page."""


async def places(visitor: Visitor) -> list[str]:
    """Where the parts of a question are, once nothing moves any more."""
    await visitor.stands_still()
    found: list[str] = await visitor.page.evaluate(PLACES)
    return found


async def reads_to_the_end(visitor: Visitor) -> None:
    """Scroll to all that is explained: where it is longer than the screen, the bar lies over it."""
    await visitor.locator(".explanation").evaluate(
        "(part) => part.scrollIntoView({ block: 'nearest', behavior: 'instant' })"
    )


async def through_every_state(visitor: Visitor, look: Look, *, still: bool = False) -> None:
    """Study and look at each state; with `still`, the parts of a question keep their places."""
    visitor.forgive(OFFLINE)
    await studied(visitor, RELU, "5")
    await learn(visitor, LONG, RELU, "5")
    await in_phase(visitor, "asking")
    await look(visitor)
    before = await places(visitor)
    await answers(visitor, rightly=False)
    await reads_to_the_end(visitor)
    await look(visitor)
    assert not still or await places(visitor) == before
    await goes_on(visitor)
    await look(visitor)
    before = await places(visitor)
    await answers(visitor, rightly=False)
    await reads_to_the_end(visitor)
    await look(visitor)
    assert not still or await places(visitor) == before
    await button(visitor, "I was right").click()
    await look(visitor)
    assert not still or await places(visitor) == before
    await button(visitor, "Continue").click()
    await visitor.page.keyboard.type("a long answer " * 12)
    await visitor.context.set_offline(True)
    await visitor.page.keyboard.press("Enter")
    await visitor.reads("No connection: were you right?")
    await look(visitor)
    await visitor.context.set_offline(False)
    await visitor.page.keyboard.press("r")
    await button(visitor, "Settings").click()
    if not still:  # a dialog lies over what it is asked about
        await look(visitor)
    await visitor.page.keyboard.press("Escape")
    for _ in range(2):
        await answers(visitor)
        await goes_on(visitor)
    await expect(visitor.locator(".learnt .came-to").filter(has_text="due")).to_have_count(3)
    await look(visitor)


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
async def test_axe_finds_nothing_in_any_state_of_learn(
    served: Start, visit: Visit, width: int
) -> None:
    ada = await visit((await served()).url, width=width, touch=width == PHONE)
    await through_every_state(ada, axe_finds_nothing)


@pytest.mark.parametrize("width", [PHONE, TABLET, DESKTOP])
async def test_learn_stands_well_and_still_in_every_state(
    served: Start, visit: Visit, width: int
) -> None:
    ada = await visit((await served()).url, width=width, touch=width == PHONE)
    await through_every_state(ada, stands_well, still=True)
    await never_jumped(ada)


async def test_on_a_phone_a_set_has_the_screen_and_the_asked_card_keeps_its_place(
    served: Start, visit: Visit
) -> None:
    ada = await visit((await served()).url, width=PHONE, touch=True)
    await studied(ada, RELU)
    await learn(ada, "1", "2", RELU)
    for rightly in (False, True, False):
        before = await on_the_screen(ada)
        assert await ada.page.evaluate("document.documentElement.scrollHeight <= innerHeight")
        await answers(ada, rightly=rightly)
        assert await on_the_screen(ada) == before
        await goes_on(ada)
    await expect(ada.locator(".head")).to_be_hidden()
    await expect(ada.locator(".modes")).to_be_hidden()
    await expect(ada.page.get_by_role("link", name="Challenge")).to_be_visible()
    await ends(ada)
    await expect(ada.locator(".head")).to_be_visible()
    await expect(ada.locator(".modes")).to_be_visible()


async def on_the_screen(visitor: Visitor) -> list[str]:
    """Where the asked card and the way on are on the screen, once nothing moves any more."""
    await visitor.stands_still()
    found: list[str] = await visitor.page.evaluate(
        """() => [".lesson-card", ".bar"].map((part) => {
            const { top, bottom } = document.querySelector(part).getBoundingClientRect();
            return `${part} ${top} ${bottom} ${top >= 0 && bottom <= innerHeight}`;
        })"""
    )
    assert all(place.endswith(" true") for place in found), found
    return found


async def test_who_prefers_it_sees_nothing_of_learn_move(served: Start, visit: Visit) -> None:
    ada = await visit((await served()).url, width=PHONE, touch=True, calm=True)
    await learn(ada, LONG)
    await answers(ada)
    assert await ada.page.evaluate("watched.motions()") == []
    assert (
        await ada.page.evaluate("getComputedStyle(document.documentElement).scrollBehavior")
        == "auto"
    )


async def test_every_part_of_learn_that_is_pressed_is_large_enough_for_a_thumb(
    served: Start, visit: Visit
) -> None:
    ada = await visit((await served()).url, width=PHONE, touch=True)

    async def large_enough(visitor: Visitor) -> None:
        # Rounded: what a dialog that still rises holds is less by a millionth of a pixel.
        small = await visitor.page.evaluate(
            """() => [...document.querySelectorAll("main :is(button, input, label, .button)")]
              .filter((part) => part.checkVisibility({ visibilityProperty: true }))
              .filter((part) => part.type !== "radio")
              .filter((part) => Math.round(part.getBoundingClientRect().height * 100) < 4400)
              .map((part) => part.outerHTML)"""
        )
        assert small == []

    await through_every_state(ada, large_enough)
