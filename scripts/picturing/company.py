"""The README's pictures of the company one finds: a review, a player, a challenge to a friend."""

from collections.abc import Awaitable, Callable

from playwright.async_api import Page, expect

from tests.pages.visitor import Visitor
from tests.support.player import DECK, Map

Picture = Callable[[Page, str], Awaitable[None]]


async def meet(at_desk: Visitor, by_phone: Visitor, account: Map, picture: Picture) -> None:
    """From the result that is open: its review, the player of `account`, a link to a friend."""
    await at_desk.page.reload()
    await at_desk.locator(".running-score").evaluate("(score) => score.scrollIntoView()")
    await picture(at_desk.page, "review")
    await at_desk.go(f"/players/{account['id']}")
    await expect(at_desk.locator("deckduel-chart .line").first).to_be_visible()
    await picture(at_desk.page, "player")
    await at_desk.go(f"/decks/{DECK}/challenge")
    await at_desk.page.get_by_role("button", name="Challenge a friend").click()
    await at_desk.reads("Your link is ready")
    await at_desk.page.get_by_role("button", name="Find an opponent").click()
    await at_desk.reads("Looking for an opponent")
    await picture(at_desk.page, "waiting")
    code = (await at_desk.locator(".code [aria-hidden]").inner_text()).replace(" ", "")
    await by_phone.go(f"/challenges/{code}")
    await by_phone.reads("asks you to play")
    await picture(by_phone.page, "challenge-phone-dark")
    await at_desk.page.get_by_role("button", name="Cancel").click()
    await at_desk.page.get_by_role("button", name="Take it back").first.click()
