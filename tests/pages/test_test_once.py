"""The study mode Test: a test is graded by its own verdicts, and each answer counts once."""

from collections.abc import Awaitable, Callable

from playwright.async_api import Route, expect

from tests.pages.exam import answer_of, fields, make, percent, press, progress
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
