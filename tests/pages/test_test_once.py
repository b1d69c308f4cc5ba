"""The study mode Test: a test is graded by its own verdicts, and each answer counts once."""

from collections.abc import Awaitable, Callable

from playwright.async_api import Route, expect

from tests.pages.exam import answer_of, check, fields, make, percent, press, progress
from tests.pages.visitor import Visit, Visitor
from tests.support.served import Served

Start = Callable[..., Awaitable[Served]]


async def write_all(ada: Visitor, *, right: bool = True) -> None:
    """Answer every written question."""
    for field in await fields(ada).all():
        await field.fill(await answer_of(field) if right else "no idea")


async def test_a_late_verdict_grades_no_other_test(served: Start, visit: Visit) -> None:
    ada = await visit((await served()).url)
    calls: list[Route] = []

    async def hold(route: Route) -> None:
        calls.append(route)

    await make(ada, "3", "Written")
    await ada.page.route("**/grade", hold)
    await write_all(ada, right=False)
    await ada.page.keyboard.press("Control+Enter")
    await ada.reads("Checking what you wrote.")
    await press(ada, "Settings")
    await press(ada, "Drop 3 answers?")
    await press(ada, "Make the test")
    await write_all(ada)
    await ada.page.keyboard.press("Control+Enter")
    await ada.reads("Checking what you wrote.")
    first, second = calls
    async with ada.page.expect_response("**/grade") as late:
        await first.continue_()
    await (await late.value).finished()
    await second.continue_()
    await percent(ada, "100 %")
    await expect(ada.locator(".test-score h2")).to_have_text("3 of 3 right")
    found = await progress(ada)
    assert [one["right"] for one in found.values()] == [1, 1, 1]


async def test_two_tabs_that_check_one_test_count_each_answer_once(
    served: Start, visit: Visit
) -> None:
    ada = await visit((await served()).url)
    await make(ada, "4", "True or false", "Written")
    for picks in await ada.locator(".picks").all():
        await picks.locator(".pick").first.click()
    await fields(ada).first.fill(await answer_of(fields(ada).first))
    await fields(ada).last.fill("no idea")
    first, second = ada.page, await ada.context.new_page()
    await second.goto(first.url)
    for ada.page in (first, second):
        await ada.page.bring_to_front()
        await ada.reads("4 of 4 answered")
        await check(ada)
    for ada.page in (first, second):
        await ada.page.bring_to_front()
        await press(ada, "New test")
    found = await progress(ada)
    assert [one["reviews"] for one in found.values()] == [1, 1, 1, 1]
