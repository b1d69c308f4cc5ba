"""A whole rated match between two browsers: one by keyboard, one by touch, in everyday life."""

import re
from collections.abc import Awaitable, Callable
from itertools import count

from playwright.async_api import expect

from tests.pages.visitor import DECK_PAGE, OFFLINE, PHONE, Visit, Visitor
from tests.support.served import Served

Start = Callable[..., Awaitable[Served]]

ROUNDS = 10
MISTAKES = {2, 5, 9}
"""The rounds that the second player gets wrong."""


async def test_two_browsers_play_a_whole_match_by_keyboard_and_by_touch(
    served: Start, visit: Visit
) -> None:
    server = await served(countdown_ms=500, reveal_ms=1200, round_ms=60_000)
    onlooker = await visit(server.url)
    await onlooker.go(DECK_PAGE)
    await onlooker.reads("No ratings yet")
    await onlooker.page.evaluate("document.body.dataset.kept = 'yes'")
    ada, grace = await visit(server.url), await visit(server.url, width=PHONE, touch=True)

    for player in (ada, grace):
        await player.go(DECK_PAGE)
    await seek_by_keyboard(ada, "Ada")
    await ada.reads("Looking for an opponent")
    await seek_by_touch(grace, "Grace")
    await ada.page.wait_for_url("**/matches/*")
    await grace.page.wait_for_url(ada.page.url)
    for number in range(1, ROUNDS + 1):
        await ada.round(number)
        await grace.round(number)
        assert await ada.prompt() == await grace.prompt()
        assert await ada.choices() == await grace.choices()
        if number == 4:
            await reload_in_the_middle(ada)
        if number == 6:
            await go_offline_and_come_back(grace, ada)
        best = await ada.best()
        if number != 6:
            await ada.page.keyboard.press(str(best + 1))
        await expect(ada.locator(".choice[data-mine]:not([data-pending])")).to_have_count(1)
        await grace.choice((best + 1) % 4 if number in MISTAKES else best).tap()
        for visitor in (ada, grace):
            await visitor.revealed(number)
            await expect(visitor.locator(".choice[data-verdict=wrong]")).to_have_count(
                1 if number in MISTAKES else 0
            )

    await ada.headline("You won")
    await grace.headline("You lost")
    for visitor in (ada, grace):
        await result_is_whole(visitor)
    assert await ada.totals() == await grace.totals()
    assert (
        await sums(ada)
        == await sums(grace)
        == {
            "Ada": "1500 + 40 × (1 − 0.50) = 1520",
            "Grace": "1500 + 40 × (0 − 0.50) = 1480",
        }
    )
    board = onlooker.locator(".ladder tbody tr")
    await expect(board).to_have_text(
        [re.compile(r"^1Ada1520\?\+20"), re.compile(r"^2Grace1480\?−20")]
    )
    assert await onlooker.page.evaluate("document.body.dataset.kept") == "yes"
    await play_again(ada, grace)


async def seek_by_keyboard(visitor: Visitor, name: str) -> None:
    """From the deck's page, with nothing but keys."""
    press = visitor.page.keyboard.press
    await tab_to(visitor, "Challenge")
    await press("Enter")
    await visitor.page.wait_for_url("**/challenge")
    await tab_to(visitor, "")
    await visitor.page.keyboard.type(name)
    await press("Enter")


async def tab_to(visitor: Visitor, text: str) -> None:
    """Press Tab until the link, button or (by no text) field has the focus."""
    await expect(visitor.locator("main h1")).to_be_visible()
    focused = "[document.activeElement.textContent, document.activeElement.tagName]"
    for tabs in count(1):
        await visitor.page.keyboard.press("Tab")
        said, tag = await visitor.page.evaluate(focused)
        if said == text and tag in {"A", "BUTTON", "INPUT"}:
            return
        assert tabs < 10, f"{text!r} is not within ten tabs"


async def seek_by_touch(visitor: Visitor, name: str) -> None:
    """From the deck's page, with nothing but a thumb."""
    await visitor.page.get_by_role("link", name="Challenge").tap()
    await visitor.page.get_by_label("Your name").tap()
    await visitor.page.keyboard.insert_text(name)
    await visitor.page.get_by_role("button", name="Find an opponent").tap()


async def reload_in_the_middle(visitor: Visitor) -> None:
    """Once before the answer and once after it: question, score, clock and answer are kept."""
    asked, scored = await visitor.prompt(), await visitor.totals()
    left_s = await visitor.clock_s()
    await visitor.page.reload()
    await visitor.round(4)
    assert await visitor.prompt() == asked
    assert await visitor.totals() == scored
    assert await visitor.clock_s() <= left_s
    best = await visitor.best()
    await visitor.answers(best)
    left_s = await visitor.clock_s()
    await visitor.page.reload()
    await visitor.round(4)
    assert await visitor.prompt() == asked
    await expect(visitor.choice(best)).to_have_attribute("data-mine", "")
    await visitor.reads("Your answer is in.")
    assert await visitor.clock_s() <= left_s


async def go_offline_and_come_back(away: Visitor, other: Visitor) -> None:
    """The other one answers meanwhile; whoever was away finds that, the question and the clock."""
    asked, scored, left_s = await away.prompt(), await away.totals(), await away.clock_s()
    away.forgive(OFFLINE)
    await away.context.set_offline(True)
    await away.reads("Connection lost. Reconnecting…")
    await other.answers(await other.best())
    await away.context.set_offline(False)
    await expect(away.page.get_by_text("Reconnecting…").locator("visible=true")).to_have_count(0)
    await away.reads("has answered")
    assert await away.prompt() == asked
    assert await away.totals() == scored
    assert await away.clock_s() <= left_s
    await expect(other.locator(".scoreboard .state[data-away]")).to_have_count(0)


async def result_is_whole(visitor: Visitor) -> None:
    """All ten rounds, each with its explanation, and who answered what."""
    await expect(visitor.locator(".reviewed")).to_have_count(ROUNDS)
    await expect(visitor.locator(".reviewed .explanation:not(:empty)")).to_have_count(ROUNDS)
    await expect(visitor.locator(".reviewed [data-verdict=wrong]")).to_have_count(len(MISTAKES))
    await expect(visitor.locator(".gain[data-won] .name")).to_contain_text("Ada")


async def sums(visitor: Visitor) -> dict[str, str]:
    """The arithmetic of each rating by name."""
    found = {}
    for gain in await visitor.locator(".gain").all():
        name = await gain.locator(".name").inner_text()
        found[name.removesuffix(" (you)")] = await gain.locator(".sum").inner_text()
    return found


async def play_again(one: Visitor, two: Visitor) -> None:
    """A new seek for each, and a new match."""
    before = one.page.url
    await one.page.get_by_role("link", name="Find another").press("Enter")
    await one.reads("Looking for an opponent")
    await two.page.get_by_role("link", name="Find another").tap()
    await one.page.wait_for_url("**/matches/*")
    await two.page.wait_for_url(one.page.url)
    assert one.page.url != before
    await one.round(1)
