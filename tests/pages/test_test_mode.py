"""The study mode Test: made, answered and graded, by keyboard and by touch."""

import re
from collections.abc import Awaitable, Callable
from typing import Final

from playwright.async_api import expect

from tests.pages import exam
from tests.pages.answers import ANSWERS, terms
from tests.pages.visitor import DECK_PAGE, PHONE, Visit
from tests.support.served import Served

Start = Callable[..., Awaitable[Served]]

LISTEN: Final = """
() => {
  window.swallowed = [];
  addEventListener("keydown", (event) => event.defaultPrevented && swallowed.push(event.key));
  window.print = () => swallowed.push("printed");
}
"""
"""Notes which keys the page keeps from the browser."""

DEAFEN: Final = """
() => {
  window.heard = [];
  window.hear = (event) => {
    heard.push(event.detail);
    event.stopImmediatePropagation();
  };
  addEventListener("doubt", hear, true);
}
"""
"""Catches what the paper asks on its way to the page."""

PLACE: Final = "(row) => [row.offsetTop, row.offsetHeight]"

FOCUSED: Final = """
() => {
  const { activeElement: on } = document;
  const asking = on.closest(".asking");
  const text = (selector) => asking?.querySelector(selector)?.innerText ?? "";
  const of = (selector) => [...(asking?.querySelectorAll(selector) ?? [])];
  return {
    tag: asking ? on.type : on.tagName,
    asked: text(".test-asked"),
    statement: text(".test-statement"),
    choices: of(".picks span, option:not(:first-child)").map((one) => one.textContent),
  };
}
"""
"""The question that has the keyboard."""


async def test_a_test_is_made_answered_and_graded_by_keyboard_alone(
    served: Start, visit: Visit
) -> None:
    ada = await visit((await served()).url)
    keys = ada.page.keyboard
    await ada.go(f"{DECK_PAGE}/test")
    await ada.headline("Test")
    count = ada.page.get_by_label("Number of questions")
    while not await count.evaluate("(field) => field === document.activeElement"):
        await keys.press("Tab")
    await keys.type(exam.ALL_KINDS)
    await keys.press("Enter")
    await expect(ada.locator(".test-paper h2")).to_be_focused()
    for _ in range(3):  # beyond the buttons Print and Settings
        await keys.press("Tab")
    kinds = []
    while (on := await ada.page.evaluate(FOCUSED))["tag"] != "BUTTON":
        kinds.append(on["tag"])
        right = ANSWERS[on["asked"]]
        if on["tag"] == "text":
            await keys.type(right)
        elif on["statement"]:
            await keys.press("t" if on["statement"] == right else "f")
        else:
            texts = [choice.removeprefix(f"{choice[0]}. ") for choice in on["choices"]]
            await keys.press("abcdef"[texts.index(right)])
        await keys.press("Tab" if on["tag"] == "select-one" else "Enter")
    assert kinds == ["radio"] * 4 + ["select-one"] * 2 + ["text"] * 2
    await ada.reads("8 of 8 answered")
    await ada.reads("Every question is answered.")
    await keys.press("Control+Enter")
    await exam.percent(ada, "100 %")
    await expect(ada.locator(".test-score h2")).to_have_text("8 of 8 right")
    await expect(ada.locator(".test-score h2")).to_be_focused()
    found = await exam.progress(ada)
    assert len(found) == 8
    assert {(card["reviews"], card["right"]) for card in found.values()} == {(1, 1)}
    await keys.press("a")
    await ada.reads("0 of 8 answered")
    await expect(ada.locator(".test-paper h2")).to_be_focused()


async def test_a_test_is_made_answered_and_graded_by_touch(served: Start, visit: Visit) -> None:
    ada = await visit((await served()).url, width=PHONE, touch=True)
    await ada.go(f"{DECK_PAGE}/test")
    await ada.page.get_by_label("Number of questions").fill(exam.ALL_KINDS)
    await ada.page.get_by_text("Both, mixed").tap()
    await ada.page.get_by_role("button", name="Make the test").tap()
    for picks in await ada.locator(".test-question .picks").all():
        await picks.locator(".pick").first.tap()
    for select in await ada.locator("select").all():
        await select.select_option(index=1)
    await exam.fields(ada).first.tap()
    await exam.fields(ada).first.fill("no idea")
    await ada.reads("7 of 8 answered")
    await ada.page.get_by_role("button", name="Check my answers").tap()
    await ada.reads("1 is empty and counts as missed. Check anyway?")
    await ada.zooms_out()
    await ada.page.get_by_role("button", name="Go to the first empty one").tap()
    await expect(exam.fields(ada).last).to_be_focused()
    await expect(exam.fields(ada).last).to_be_in_viewport()
    await ada.zooms_out()
    await ada.page.get_by_role("button", name="Check anyway").tap()
    await expect(ada.locator(".test-row")).to_have_count(8)
    missed = await ada.locator(".test-row[data-verdict=wrong]").count()
    assert missed >= 3
    await expect(ada.locator(".test-row .explanation")).to_have_count(8)
    await ada.page.get_by_role("link", name=f"Study these {missed} misses").tap()
    await ada.page.wait_for_url(re.compile(rf"/learn\?cards=(\w+,){{{missed - 1}}}\w+$"))
    found = await exam.progress(ada)
    assert len(found) == 8
    missed_cards = {card for card, one in found.items() if one["missed"]}
    assert missed_cards == set(ada.page.url.partition("=")[2].split(","))


async def test_a_double_press_of_the_check_asks_about_empty_ones_all_the_same(
    served: Start, visit: Visit
) -> None:
    ada = await visit((await served()).url)
    await exam.make(ada, "4")
    await ada.page.get_by_role("button", name="Check my answers").dblclick()
    await ada.reads("4 are empty and count as missed. Check anyway?")
    await exam.press(ada, "Check anyway")
    await exam.percent(ada, "0 %")


async def test_a_number_that_cannot_be_is_explained_in_place(served: Start, visit: Visit) -> None:
    ada = await visit((await served()).url)
    await ada.go(f"{DECK_PAGE}/test")
    for number in ("", "0", "-3", "2.5", "ten"):
        await ada.page.get_by_label("Number of questions").fill(number)
        await expect(ada.locator(".problem:visible")).to_have_count(0)
        await exam.press(ada, "Make the test")
        await ada.reads("Type a number from 1 to 100.")
        await expect(ada.page.get_by_label("Number of questions")).to_be_focused()
    await ada.page.get_by_label("Number of questions").fill("101")
    await exam.press(ada, "Make the test")
    await ada.reads("There are only 100 terms.")
    await ada.page.get_by_label("Number of questions").fill("100")
    await expect(ada.locator(".problem:visible")).to_have_count(0)
    for kind in exam.KINDS:
        await ada.page.get_by_label(kind).uncheck()
    await exam.press(ada, "Make the test")
    await ada.reads("Choose at least one kind of question.")
    await expect(ada.page.get_by_label(exam.KINDS[0])).to_be_focused()
    await ada.page.get_by_label("Written").check()
    await exam.press(ada, "Make the test")
    await ada.reads("0 of 100 answered")
    await expect(exam.fields(ada)).to_have_count(100)


async def test_only_starred_cards_are_asked_where_that_is_chosen(
    served: Start, visit: Visit
) -> None:
    ada = await visit((await served()).url)
    await ada.go(f"{DECK_PAGE}/test")
    await expect(ada.page.get_by_label("Starred: none yet")).to_be_disabled()
    await ada.go(DECK_PAGE)
    for number in (7, 58, 93):
        await ada.page.get_by_role("button", name=f"Star term {number}", exact=True).click()
    await ada.go(f"{DECK_PAGE}/test")
    await ada.page.get_by_label("Starred: 3").check()
    await expect(ada.page.get_by_label("Number of questions")).to_have_value("3")
    await exam.press(ada, "Make the test")
    asked = await ada.locator(".test-asked").all_inner_texts()
    assert sorted(asked) == sorted(terms()[number - 1][0] for number in (7, 58, 93))


async def test_the_settings_are_found_again(served: Start, visit: Visit) -> None:
    ada = await visit((await served()).url)
    await exam.settings(ada, "12", "Written", side="Both, mixed")
    await ada.page.reload()
    await expect(ada.page.get_by_label("Number of questions")).to_have_value("12")
    await expect(ada.page.get_by_label("Written")).to_be_checked()
    await expect(ada.page.get_by_label("Matching")).not_to_be_checked()
    await expect(ada.page.get_by_label("Both, mixed")).to_be_checked()


async def test_what_was_overlooked_in_a_written_answer_is_said(served: Start, visit: Visit) -> None:
    ada = await visit((await served()).url)
    await exam.make(ada, "100", "Written")
    wanted = "Gradient clipping"
    prompt = next(prompt for prompt, answer in terms() if answer == wanted)
    field = ada.page.get_by_label(prompt)
    await field.fill("gradient cliping")
    await exam.press(ada, "Check my answers")
    await exam.press(ada, "Check anyway")
    row = ada.locator(".test-row[data-verdict=right]")
    await expect(row).to_have_count(1)
    await expect(row.locator(".why")).to_have_text("Overlooked: capitals and a slip of the finger.")
    await expect(row.locator("dd")).to_have_text(["gradient cliping", wanted])
    await exam.percent(ada, "1 %")
    found = await exam.progress(ada)
    assert len(found) == 100
    assert sum(one["right"] for one in found.values()) == 1


async def test_whoever_was_right_says_so_and_has_the_score_and_the_review(
    served: Start, visit: Visit
) -> None:
    ada = await visit((await served()).url)
    await exam.make(ada, "3", "Written")
    await exam.fields(ada).nth(0).fill(await exam.answer_of(exam.fields(ada).nth(0)))
    await exam.fields(ada).nth(1).fill("another way to say it")
    await exam.fields(ada).nth(2).fill("something else")
    await exam.check(ada)
    await exam.percent(ada, "33 %")
    claims = ada.page.get_by_role("button", name="I was right")
    await expect(claims).to_have_count(2)
    assert len(await exam.progress(ada)) == 1, "the two that may still be claimed wait"
    place = await ada.locator(".test-row").last.evaluate(PLACE)
    await claims.first.press("Enter")
    await exam.percent(ada, "67 %")
    assert await ada.locator(".test-row").last.evaluate(PLACE) == place
    await expect(claims.first).to_be_focused()
    await expect(ada.locator(".test-row").nth(1)).to_have_attribute("data-verdict", "right")
    await ada.reads("Counted as right, because you say so.")
    await claims.last.press("Enter")
    await exam.percent(ada, "100 %")
    await expect(ada.page.get_by_role("link", name=re.compile("^Study th"))).to_be_hidden()
    await claims.last.press("Enter")
    await exam.percent(ada, "67 %")
    await expect(ada.page.get_by_role("link", name="Study this miss")).to_be_visible()
    await exam.press(ada, "New test")
    await expect(ada.page.get_by_label("Number of questions")).to_be_focused()
    found = await exam.progress(ada)
    assert sorted(one["right"] for one in found.values()) == [0, 1, 1]
    assert {one["reviews"] for one in found.values()} == {1}


async def test_letters_belong_to_the_question_that_has_the_keyboard(
    served: Start, visit: Visit
) -> None:
    ada = await visit((await served()).url)
    await exam.make(ada, "4", "Multiple choice", "Written")
    await ada.locator(".test-question .pick input").first.focus()
    await ada.page.keyboard.press("c")
    await expect(ada.locator(".test-question .pick input").nth(2)).to_be_checked()
    await ada.page.keyboard.press("1")
    await expect(ada.locator(".test-question .pick input").first).to_be_checked()
    await exam.fields(ada).first.focus()
    await ada.page.keyboard.type("a c?")
    await expect(exam.fields(ada).first).to_have_value("a c?")
    await expect(ada.page.get_by_role("dialog")).to_have_count(0)
    await exam.press(ada, "Settings")
    await expect(ada.page.get_by_role("button", name="Drop 2 answers?")).to_be_focused()
    await ada.page.keyboard.press("Tab")
    await exam.press(ada, "Settings")
    await exam.press(ada, "Drop 2 answers?")
    await expect(ada.page.get_by_label("Number of questions")).to_have_value("4")


async def test_keys_that_mean_nothing_where_one_is_are_left_to_the_browser(
    served: Start, visit: Visit
) -> None:
    ada = await visit((await served()).url)
    await exam.make(ada, "4", "True or false")
    await ada.page.evaluate(LISTEN)
    for key in ("Enter", "t", "a", "1"):
        await ada.page.keyboard.press(key)
    assert await ada.page.evaluate("swallowed") == []
    await ada.page.keyboard.press("?")
    await expect(ada.page.get_by_role("dialog", name="Keys")).to_contain_text("True or false")
    await ada.page.keyboard.press("Escape")
    await exam.press(ada, "Check my answers")
    await exam.press(ada, "Check anyway")
    await expect(ada.locator(".test-score h2")).to_be_focused()
    await ada.page.keyboard.press("p")
    assert await ada.page.evaluate("swallowed") == ["?", "printed", "p"]


async def test_the_page_says_what_the_paper_asks_before_answers_are_dropped(
    served: Start, visit: Visit
) -> None:
    ada = await visit((await served()).url)
    await exam.make(ada, "2", "Written")
    await exam.fields(ada).first.fill("half a thought")
    await ada.page.evaluate(DEAFEN)
    await exam.press(ada, "Settings")
    await expect(ada.page.get_by_role("button", name="Drop 1 answer?")).to_be_focused()
    assert await ada.page.evaluate("heard") == ["Drop 1 answer?"]
    await expect(ada.locator("#aloud")).to_be_empty()
    await ada.page.evaluate("removeEventListener('doubt', hear, true)")
    await ada.page.keyboard.press("Tab")
    await exam.press(ada, "Settings")
    await expect(ada.locator("#aloud")).to_have_text("Drop 1 answer?")
