"""Flashcards: turned, leafed through and sorted, by keys alone and by a thumb alone."""

import re
from collections.abc import Awaitable, Callable
from typing import Final

from playwright.async_api import expect

from tests.pages.flashcards import (
    PATH,
    THREE,
    all_arrived,
    answer,
    button,
    card,
    heard,
    lies,
    place,
    press,
    prompt,
    reviews,
    sorts,
    swipe,
    tally,
    up,
)
from tests.pages.visitor import DECK_PAGE, PHONE, Visit, Visitor
from tests.support.player import DECK
from tests.support.served import Served

Start = Callable[..., Awaitable[Served]]

SIDE_MS: Final = 4000
"""How long a side lies there while the cards play."""
LEARN: Final = f"{DECK_PAGE}/learn"


async def test_cards_are_turned_and_leafed_through_by_keys(served: Start, visit: Visit) -> None:
    ada = await visit((await served()).url)
    await ada.go(PATH)
    await lies(ada, prompt(1))
    await press(ada, " ")
    await lies(ada, answer(1))
    await heard(ada, answer(1))
    await ada.reads(re.compile("^Deep learning stacks many layers"))
    await press(ada, "ArrowRight")
    await lies(ada, prompt(2))
    await heard(ada, prompt(2))
    await place(ada, "2 / 100")
    await press(ada, "ArrowRight", "ArrowLeft", "ArrowLeft", "ArrowLeft")
    await lies(ada, prompt(1))
    await press(ada, "a")
    await lies(ada, answer(1))
    await heard(ada, f"Answer first: on. {answer(1)}")
    await press(ada, " ")
    await lies(ada, prompt(1))
    await press(ada, "a", "x")
    await place(ada, "1 / 100")
    await ada.go(THREE)
    await press(ada, *["ArrowRight"] * 3)
    await expect(ada.page.get_by_role("heading", name="That was all 3 cards")).to_be_focused()
    await press(ada, "ArrowLeft")
    await expect(card(ada)).to_be_focused()
    await press(ada, "ArrowRight", "Enter")
    await expect(button(ada, "Sort what I know")).to_have_attribute("aria-pressed", "true")
    await place(ada, "1 / 3")
    await press(ada, "?")
    await expect(ada.page.get_by_role("dialog")).to_contain_text("Take the last one back")


async def test_the_rest_is_gone_over_until_none_is_left_by_keys(
    served: Start, visit: Visit
) -> None:
    ada = await visit((await served()).url)
    await ada.go(THREE)
    await press(ada, "k", " ", "ArrowLeft", "ArrowRight", "ArrowLeft")
    await expect(ada.page.get_by_role("heading", name="You know 1 of 3")).to_be_focused()
    learn = ada.page.get_by_role("link", name="Learn these")
    await expect(learn).to_have_attribute("href", f"{LEARN}?cards=1,3")
    await press(ada, "Enter")
    await expect(card(ada)).to_be_focused()
    await lies(ada, prompt(1))
    await place(ada, "Pass 21 / 2")
    await sorts(ada, [True, False])
    await ada.reads("You know 2 of 3")
    await expect(ada.page.get_by_role("link", name="Learn it")).to_have_attribute(
        "href", f"{LEARN}?cards=3"
    )
    await press(ada, "Enter", "ArrowRight")
    await ada.reads("You know all 3")
    await press(ada, "Backspace")
    await lies(ada, prompt(3))
    await press(ada, "ArrowRight", "Enter")
    await ada.page.wait_for_url(f"**/decks/{DECK}/challenge")
    await ada.go(PATH)
    await all_arrived(ada)
    assert await reviews(ada, "1", "2", "3") == [(2, 1), (1, 1), (3, 1)]


async def test_a_thumb_turns_swipes_and_sorts(served: Start, visit: Visit) -> None:
    ada = await visit((await served()).url, width=PHONE, touch=True)
    await ada.go(THREE)
    await card(ada).tap()
    await lies(ada, answer(1))
    await swipe(ada, -40, -160)
    await lies(ada, prompt(2))
    await swipe(ada, 40, 160)
    await lies(ada, prompt(1))
    await swipe(ada, 40, 160)
    await lies(ada, prompt(1))
    await button(ada, "Next").tap()
    await lies(ada, prompt(2))
    await button(ada, "Previous").tap()
    await button(ada, "Sort what I know").tap()
    await swipe(ada, 40, 160)
    await tally(ada, 0, 1)
    await swipe(ada, -40, -160)
    await tally(ada, 1, 1)
    await button(ada, "Undo").tap()
    await tally(ada, 0, 1)
    await lies(ada, prompt(2))
    await button(ada, "1 Know").tap()
    await button(ada, "0 Still learning").tap()
    await ada.reads("You know 2 of 3")
    await button(ada, "Go over the one still learning").tap()
    await swipe(ada, 40, 160)
    await ada.reads("You know all 3")
    await button(ada, "Start over").tap()
    await lies(ada, prompt(1))
    await tally(ada, 0, 0)


async def test_a_card_let_go_too_early_springs_back_and_is_not_turned(
    served: Start, visit: Visit
) -> None:
    ada = await visit((await served()).url, width=PHONE, touch=True)
    await ada.go(PATH)
    await button(ada, "Sort what I know").tap()
    at_rest = await card(ada).bounding_box()
    assert at_rest
    touch = await ada.context.new_cdp_session(ada.page)
    start = {"x": 180, "y": at_rest["y"] + 200}
    await touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [start]})
    for way, says in ((90, []), (110, ["Know"]), (-110, ["Still learning"]), (40, []), (41, [])):
        point = {**start, "x": start["x"] + way}
        await touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
        await expect(ada.locator("deckduel-flashcard")).to_have_css("translate", f"{way}px")
        await expect(ada.locator(".flash-lean:visible")).to_have_text(says)
    # So slow a finger means it only when it has gone far.
    await touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    await ada.stands_still()
    assert await card(ada).bounding_box() == at_rest
    await lies(ada, prompt(1))
    await swipe(ada, 40, 200, cancelled=True)
    await ada.stands_still()
    await lies(ada, prompt(1))
    await tally(ada, 0, 0)


async def test_a_card_is_flung_away_by_a_short_quick_swipe(served: Start, visit: Visit) -> None:
    ada = await visit((await served()).url, width=PHONE, touch=True)
    await ada.go(PATH)
    await swipe(ada, -20, -70)
    await lies(ada, prompt(2))
    await swipe(ada, -70, -30)
    await lies(ada, prompt(2))


async def test_a_sort_that_is_taken_back_leaves_no_review(served: Start, visit: Visit) -> None:
    ada = await visit((await served()).url)
    await ada.go(PATH)
    await press(ada, "k", "ArrowRight", "Backspace", "Backspace")
    await lies(ada, prompt(1))
    await heard(ada, prompt(1))
    await expect(button(ada, "Undo")).to_have_attribute("aria-disabled", "true")
    async with ada.page.expect_response("**/reviews") as sent:
        await sorts(ada, [False, True])
    assert (await sent.value).ok
    assert await reviews(ada, "1", "2") == [(1, 0), (0, 0)]
    async with ada.page.expect_response("**/reviews") as sent:
        await press(ada, "k")
    assert (await sent.value).ok
    assert await reviews(ada, "1", "2") == [(1, 0), (1, 1)]


async def test_stars_are_those_of_the_deck_page(served: Start, visit: Visit) -> None:
    ada = await visit((await served()).url)
    await ada.go(DECK_PAGE)
    await ada.page.get_by_role("button", name="Star term 7", exact=True).click()
    await ada.go(PATH)
    await press(ada, "ArrowRight", "s")
    await heard(ada, "Starred.")
    await expect(button(ada, "Star this card")).to_have_attribute("aria-pressed", "true")
    await button(ada, "Starred only").click()
    await place(ada, "1 / 2")
    await lies(ada, prompt(2))
    await press(ada, "ArrowRight")
    await lies(ada, prompt(7))
    await ada.page.reload()
    await lies(ada, prompt(7))
    await button(ada, "Star this card").click()
    await ada.go(DECK_PAGE)
    await ada.page.get_by_role("button", name="Starred").click()
    await expect(ada.locator(".term:visible .number")).to_have_text(["2"])


async def test_a_switch_keeps_the_keyboard_until_the_cards_move(
    served: Start, visit: Visit
) -> None:
    ada = await visit((await served()).url)
    await ada.go(f"{PATH}?cards=1,2")
    switch = button(ada, "Sort what I know")
    await switch.focus()
    await press(ada, "Enter")
    await expect(switch).to_be_focused()
    await press(ada, "ArrowRight")
    await expect(card(ada)).to_be_focused()
    await switch.focus()
    await press(ada, "ArrowLeft")
    await expect(ada.page.get_by_role("heading", name="You know 1 of 2")).to_be_focused()
    await press(ada, "Enter")
    await place(ada, "Pass 21 / 1")
    await expect(switch).to_have_attribute("aria-pressed", "true")
    await button(ada, "Starred only").focus()
    await press(ada, "Enter")
    await heard(ada, "No card is starred")
    await expect(button(ada, "Starred only")).to_be_focused()
    await press(ada, "Enter")
    await expect(button(ada, "Starred only")).to_be_focused()
    await heard(ada, prompt(1))


async def test_after_a_switch_is_clicked_space_turns_the_card(served: Start, visit: Visit) -> None:
    ada = await visit((await served()).url)
    await ada.go(PATH)
    for name in ("Sort what I know", "Shuffle", "Answer first"):
        await button(ada, name).click()
        await expect(card(ada)).to_be_focused()
        before = await up(ada).inner_text()
        await press(ada, " ")
        await expect(up(ada)).not_to_have_text(before)
        await expect(button(ada, name)).to_have_attribute("aria-pressed", "true")


async def test_starred_only_without_a_star_says_so_and_leads_out(
    served: Start, visit: Visit
) -> None:
    ada = await visit((await served()).url)
    await ada.go(PATH)
    await button(ada, "Starred only").click()
    await expect(ada.page.get_by_role("heading", name="No card is starred")).to_be_focused()
    await button(ada, "Show all cards").click()
    await lies(ada, prompt(1))
    await expect(card(ada)).to_be_focused()


async def test_cards_play_until_a_key_or_a_finger_takes_over(served: Start, visit: Visit) -> None:
    ada = await visit((await served()).url)
    await ada.go(PATH)
    passes = await stopped(ada)
    await button(ada, "Play").click()
    await passes(SIDE_MS - 1)
    await lies(ada, prompt(1))
    await passes(1)
    await lies(ada, answer(1))
    await passes(SIDE_MS)
    await lies(ada, prompt(2))
    await button(ada, "Pause").click()
    await expect(button(ada, "Play")).to_be_focused()
    await passes(2 * SIDE_MS)
    await lies(ada, prompt(2))
    for stop in ("Tab", " "):
        await press(ada, "p")
        await expect(button(ada, "Pause")).to_be_visible()
        await card(ada).focus()
        await press(ada, stop)
        await expect(button(ada, "Play")).to_be_visible()
    await lies(ada, answer(2))
    await press(ada, "p")
    await ada.locator("h1").click()
    await expect(button(ada, "Play")).to_be_visible()


async def test_cards_do_not_play_while_nobody_looks(served: Start, visit: Visit) -> None:
    ada = await visit((await served()).url)
    await ada.go(PATH)
    passes = await stopped(ada)
    await press(ada, "p")
    await turn_away(ada, "1")
    await passes(5 * SIDE_MS)
    await lies(ada, prompt(1))
    await turn_away(ada, "")
    await passes(SIDE_MS)
    await lies(ada, answer(1))


async def stopped(visitor: Visitor) -> Callable[[int], Awaitable[None]]:
    """Stop the clock of a page; what is given back lets it go on for so many ms."""
    clock = visitor.page.clock
    await clock.install()
    await clock.pause_at(await visitor.page.evaluate("Date.now() + 1000"))
    return clock.run_for


async def turn_away(visitor: Visitor, hidden: str) -> None:
    """Look at another tab, or at this one again."""
    script = """(hidden) => {
        sessionStorage.setItem("tests.hidden", hidden);
        document.dispatchEvent(new Event("visibilitychange"));
    }"""
    await visitor.page.evaluate(script, hidden)
