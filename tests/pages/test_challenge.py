"""The page on which an opponent is found."""

import re
from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import expect

from tests.pages.visitor import DECK_PAGE, Visit
from tests.support.player import DECK, begin, connected, sign_up
from tests.support.served import Served

Start = Callable[..., Awaitable[Served]]

ONE_MINUTE_MS = 60_000

REFUSED = re.compile("status of 4(09|22)")
"""What Chromium says of a call that the server refuses."""


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("ada", "Somebody has this name already. Choose another one."),
        ("x", "Choose a name of 2 to 20 characters."),
        ("Ada\N{CYRILLIC SMALL LETTER IE}", "Use letters of one alphabet only."),
        ("", "Type a name first."),
    ],
)
async def test_a_name_that_is_not_taken_is_explained_at_its_field(
    served: Start, visit: Visit, name: str, sentence: str
) -> None:
    server = await served()
    await sign_up(server.url, "Ada")
    grace = await visit(server.url)
    grace.forgive(REFUSED)
    await grace.sign_up(name)
    field = grace.page.get_by_label("Your name")
    await expect(field).to_have_accessible_description(re.compile(re.escape(sentence)))
    await expect(field).to_have_attribute("aria-invalid", "true")
    await expect(field).to_be_focused()
    await field.fill("Grace")
    await expect(field).not_to_have_attribute("aria-invalid", "true")
    await field.press("Enter")
    await grace.reads("Looking for an opponent")


async def test_a_name_is_remembered(served: Start, visit: Visit) -> None:
    ada = await visit((await served()).url)
    await ada.sign_up("Ada")
    await ada.reads("Nobody else is waiting yet.")
    await ada.page.get_by_role("button", name="Cancel").click()
    await ada.reads("No longer looking")
    await ada.page.reload()
    await ada.reads("Ready when you are, Ada")


async def test_a_reload_goes_on_with_the_same_wait(served: Start, visit: Visit) -> None:
    server = await served()
    ada = await visit(server.url)
    await ada.sign_up("Ada")
    await expect(ada.locator(".elapsed")).to_have_text("0:02")
    await ada.page.reload()
    await ada.reads("Looking for an opponent")
    await expect(ada.locator(".elapsed")).not_to_have_text(re.compile("0:0[01]"))
    async with connected(server.url, await sign_up(server.url, "Bob")) as bob:
        await bob.ask("seek", deck=DECK)
        await ada.page.wait_for_url("**/matches/*")


async def test_the_wait_is_counted_and_can_be_cancelled(served: Start, visit: Visit) -> None:
    server = await served()
    ada = await visit(server.url)
    await ada.sign_up("Ada")
    await ada.reads("Nobody else is waiting yet.")
    await expect(ada.locator(".elapsed")).to_have_text("0:01")
    cancel = ada.page.get_by_role("button", name="Cancel")
    await expect(cancel).to_be_focused()
    await cancel.press("Enter")
    await ada.reads("No longer looking")
    async with connected(server.url, await sign_up(server.url, "Bob")) as bob:
        assert (await bob.ask("seek", deck=DECK))["waiting"] == 1


async def test_leaving_twice_is_answered_by_a_break_that_counts_down(
    served: Start, visit: Visit
) -> None:
    server = await served()
    account, other = await sign_up(server.url, "Ada"), await sign_up(server.url, "Bob")
    async with connected(server.url, account) as one, connected(server.url, other) as two:
        for _ in range(2):
            match = await begin(one, two)
            await one.ask("resign", match=match)
            await one.until("match_over", match=match)
            await two.until("match_over", match=match)
            one.seen.clear()
            two.seen.clear()
    ada = await visit(server.url)
    await ada.sign_in(account)
    await ada.page.clock.install()
    await ada.go(f"{DECK_PAGE}/challenge")
    button = ada.page.get_by_role("button", name="Find an opponent")
    await button.click()
    await ada.reads("A short break first")
    await ada.reads("You left a match early.")
    await expect(ada.locator(".elapsed")).to_have_text(re.compile(r"^\d+\s*s$|^1:00$|^0:\d\d$"))
    await expect(button).to_be_disabled()
    await ada.page.clock.fast_forward(ONE_MINUTE_MS)
    await ada.reads("Ready when you are, Ada")
    await expect(ada.page.get_by_text("You left a match early.")).to_have_count(0)
    await expect(button).to_be_enabled()


async def test_a_tab_out_of_sight_says_in_its_title_that_an_opponent_was_found(
    served: Start, visit: Visit
) -> None:
    server = await served(ready_ms=60_000)
    ada = await visit(server.url)
    await ada.sign_up("Ada")
    await ada.reads("Looking for an opponent")
    titles: list[str] = []

    def titled(title: str) -> None:
        titles.append(title)

    await ada.context.expose_function("titled", titled)
    await ada.page.evaluate(
        """() => {
            sessionStorage.setItem("tests.hidden", "yes");
            const title = document.querySelector("title");
            new MutationObserver(() => titled(document.title)).observe(title, { childList: true });
        }"""
    )
    async with connected(server.url, await sign_up(server.url, "Bob")) as bob:
        await bob.ask("seek", deck=DECK)
        await ada.page.wait_for_url("**/matches/*")
        assert titles == ["Opponent found: Bob"]
        await expect(ada.page).to_have_title("Your match: Bob")
        await ada.page.evaluate(
            """() => {
                sessionStorage.removeItem("tests.hidden");
                document.dispatchEvent(new Event("visibilitychange"));
            }"""
        )
        await expect(ada.page).to_have_title(re.compile(" vs "))
