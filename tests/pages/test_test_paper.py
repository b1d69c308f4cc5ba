"""The paper of the study mode Test: offline, after a reload, in print, at every width."""

import re
from collections.abc import Awaitable, Callable
from typing import Final, Literal

import pytest
from playwright.async_api import expect

from server.web.study import MOST_TEXT
from tests.pages import exam
from tests.pages.answers import ANSWERS
from tests.pages.test_accessibility import axe_finds_nothing
from tests.pages.test_layout import never_jumped, stands_well
from tests.pages.visitor import DECK_PAGE, DESKTOP, OFFLINE, PHONE, TABLET, Visit, Visitor
from tests.support.served import Served

Start = Callable[..., Awaitable[Served]]

MEDIA: Final[tuple[Literal["screen", "print"], ...]] = ("screen", "print")
SIZES: Final = "(asked) => asked.map((one) => getComputedStyle(one).fontSize)"


async def test_without_a_connection_the_answers_wait_and_are_checked_when_it_is_back(
    served: Start, visit: Visit
) -> None:
    ada = await visit((await served()).url)
    ada.forgive(OFFLINE)
    await exam.make(ada, "2", "Written")
    for field in await exam.fields(ada).all():
        await field.fill(await exam.answer_of(field))
    await ada.context.set_offline(offline=True)
    await exam.press(ada, "Check my answers")
    await ada.reads("No connection, and checking what you wrote needs the server.")
    again = ada.page.get_by_role("button", name="Try again")
    await expect(again).to_be_focused()
    await again.press("Enter")
    await ada.reads("No connection, and checking what you wrote needs the server.")
    await stands_well(ada)
    await ada.context.set_offline(offline=False)
    await exam.percent(ada, "100 %")
    assert len(await exam.progress(ada)) == 2


async def test_a_test_without_written_answers_is_graded_offline(
    served: Start, visit: Visit
) -> None:
    ada = await visit((await served()).url)
    ada.forgive(OFFLINE)
    await exam.make(ada, "2", "True or false")
    await ada.context.set_offline(offline=True)
    for picks in await ada.locator(".test-question .picks").all():
        await picks.locator(".pick").first.click()
    await exam.check(ada)
    await ada.reads("No connection. 2 answers kept here, sent when it is back.")
    await ada.context.set_offline(offline=False)
    assert len(await exam.progress(ada)) == 2


async def test_a_reload_keeps_the_answers_and_later_the_score(served: Start, visit: Visit) -> None:
    ada = await visit((await served()).url)
    await exam.make(ada, exam.ALL_KINDS)
    await ada.locator(".test-question .pick").first.click()
    await ada.locator("select").last.select_option(index=2)
    await exam.fields(ada).last.fill("half a thought")
    asked = await ada.locator(".test-asked").all_inner_texts()
    await ada.page.reload()
    await ada.reads("3 of 8 answered")
    assert await ada.locator(".test-asked").all_inner_texts() == asked
    await expect(ada.locator(".test-question .pick input").first).to_be_checked()
    await expect(ada.locator("select").last).to_have_value("1")
    await expect(exam.fields(ada).last).to_have_value("half a thought")
    await never_jumped(ada)
    await exam.press(ada, "Check my answers")
    await exam.press(ada, "Check anyway")
    score = await ada.locator(".test-score h2").inner_text()
    await ada.page.reload()
    await expect(ada.locator(".test-score h2")).to_have_text(score)
    await expect(ada.page.get_by_role("button", name="I was right")).to_have_count(0)
    found = await exam.progress(ada)
    assert {one["reviews"] for one in found.values()} == {1}
    assert len(found) == 8


async def test_what_is_spoilt_in_the_browser_means_to_start_anew(
    served: Start, visit: Visit
) -> None:
    ada = await visit((await served()).url)
    await exam.make(ada, "4")
    await ada.page.evaluate(
        "for (const key of Object.keys(localStorage)) localStorage.setItem(key, '{\"settings\": 5')"
    )
    await ada.page.reload()
    await expect(ada.page.get_by_label("Number of questions")).to_have_value("20")


async def test_on_paper_there_are_lines_and_a_key_and_no_buttons(
    served: Start, visit: Visit
) -> None:
    ada = await visit((await served()).url, dark=True)
    await exam.make(ada, exam.ALL_KINDS)
    key = ada.locator(".test-key")
    await expect(key).to_be_hidden()
    await ada.page.emulate_media(media="print")
    await expect(key).to_be_visible()
    await expect(key.locator("li")).to_have_count(8)
    assert await key.evaluate("(key) => getComputedStyle(key).breakBefore") == "page"
    assert await ada.page.evaluate(
        "getComputedStyle(document.body.parentElement).backgroundColor"
    ) == ("rgb(255, 255, 255)")
    for gone in (".head", ".modes", ".study-foot", ".test-line", ".test-end"):
        await expect(ada.locator(gone)).to_be_hidden()
    await expect(ada.locator(".study .button:visible, .title .button:visible")).to_have_count(0)
    for field in await exam.fields(ada).all():
        question = await field.locator("xpath=..").locator(".test-asked").inner_text()
        number = await field.locator("xpath=..").locator(".number").inner_text()
        await expect(key.locator("li").nth(int(number) - 1)).to_have_text(ANSWERS[question])
    pdf = await ada.page.pdf()
    assert len(re.findall(rb"/Type /Page\b", pdf)) >= 3
    await ada.page.emulate_media(media="screen")
    await exam.press(ada, "Check my answers")
    await exam.press(ada, "Check anyway")
    await exam.percent(ada, "0 %")
    await ada.page.emulate_media(media="print")
    await expect(key).to_have_count(0)
    await expect(ada.locator(".test-row")).to_have_count(8)
    await expect(ada.locator(".study .button:visible")).to_have_count(0)


async def test_the_print_button_prints(served: Start, visit: Visit) -> None:
    ada = await visit((await served()).url)
    await exam.make(ada, "4")
    await ada.page.evaluate("window.print = () => { document.title = 'printed'; }")
    await exam.press(ada, "Print")
    await expect(ada.page).to_have_title("printed")


async def every_state(ada: Visitor, look: Callable[[Visitor], Awaitable[None]]) -> None:
    """Look at the settings, the paper and the score, each also when it complains or changes."""
    await exam.settings(ada, "none")
    await exam.press(ada, "Make the test")
    await ada.reads("Type a number from 1 to 100.")
    await look(ada)
    await ada.page.get_by_label("Number of questions").fill("13")
    await ada.page.get_by_label("Both, mixed").check()
    await exam.press(ada, "Make the test")
    await ada.locator(".test-question .pick").first.click()
    await ada.locator("select").first.select_option(index=1)
    await exam.fields(ada).first.fill("Lorem ipsum dolor sit amet " * 9)
    await exam.press(ada, "Check my answers")
    await ada.reads(re.compile("Check anyway"))
    # From the top, the line that sticks to it is in front of nothing.
    await ada.page.evaluate("scrollTo(0, 0)")
    await look(ada)
    await exam.press(ada, "Check anyway")
    await exam.press(ada, "I was right")
    await ada.reads("Counted as right, because you say so.")
    await ada.page.evaluate("scrollTo(0, 0)")
    await look(ada)


@pytest.mark.parametrize("width", [PHONE, TABLET, DESKTOP])
async def test_every_state_stands_well_and_still(served: Start, visit: Visit, width: int) -> None:
    ada = await visit((await served()).url, width=width, touch=width == PHONE)
    await ada.go(f"{DECK_PAGE}/test")
    await stands_well(ada)
    await every_state(ada, stands_well)
    await never_jumped(ada)


async def test_axe_finds_nothing_in_any_state(served: Start, visit: Visit) -> None:
    ada = await visit((await served()).url, width=PHONE, touch=True)
    await every_state(ada, axe_finds_nothing)


async def test_what_is_to_be_given_is_named_as_in_the_settings(served: Start, visit: Visit) -> None:
    ada = await visit((await served()).url)
    for side in ("The answer", "The question"):
        await exam.make(ada, "1", "Written", side=side)
        await expect(exam.fields(ada)).to_have_attribute("placeholder", side)
        await exam.press(ada, "Settings")


async def test_every_question_is_asked_in_one_size_on_screen_and_on_paper(
    served: Start, visit: Visit
) -> None:
    ada = await visit((await served()).url)
    await exam.make(ada, exam.ALL_KINDS)
    for media in MEDIA:
        await ada.page.emulate_media(media=media)
        sizes = await ada.locator(".test-asked").evaluate_all(SIZES)
        assert len(sizes) == 8
        assert len(set(sizes)) == 1


async def test_the_longest_answers_that_the_server_takes_are_graded(
    served: Start, visit: Visit
) -> None:
    ada = await visit((await served()).url)
    await exam.make(ada, "50", "Written")
    await exam.fields(ada).first.focus()
    await ada.page.keyboard.insert_text("語" * (MOST_TEXT + 1))
    await expect(exam.fields(ada).first).to_have_value("語" * MOST_TEXT)
    for field in await exam.fields(ada).all():
        await field.fill("語" * MOST_TEXT)
    await exam.check(ada)
    await exam.percent(ada, "0 %")
