"""Practice opponents on the challenge page, and what is offered to whoever waits alone."""

import re
from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import expect

from tests.pages.test_accessibility import axe_finds_nothing
from tests.pages.test_challenge_link import CHALLENGE, MATCH, button
from tests.pages.test_layout import never_jumped, stands_well
from tests.pages.visitor import DESKTOP, PHONE, Visit, Visitor
from tests.support.player import sign_up
from tests.support.served import Served

Start = Callable[..., Awaitable[Served]]

SOON_MS = 5_000
THE_REST_MS = 11_000


async def waits_alone(visitor: Visitor, server: Served) -> None:
    """Look for an opponent with a clock that the test moves."""
    await visitor.sign_in(await sign_up(server.url, "Ada"))
    await visitor.page.clock.install()
    await visitor.go(CHALLENGE)
    await button(visitor, "Find an opponent").click()
    await visitor.reads("Nobody else is waiting yet.")


async def test_a_newcomer_plays_a_practice_opponent_to_the_end(served: Start, visit: Visit) -> None:
    server = await served(rounds=2, round_ms=6_000)
    server.app.practise(server.url)
    ada = await visit(server.url)
    await ada.go(CHALLENGE)
    await button(ada, "Play Little Wren").click()
    dialog = ada.page.get_by_role("dialog")
    await dialog.get_by_label("Your name").fill("Ada")
    await dialog.get_by_role("button", name="Play Little Wren").click()
    await ada.page.wait_for_url(MATCH)
    for number in (1, 2):
        await ada.round(number)
        await ada.page.keyboard.press(str(await ada.best() + 1))
    await ada.headline(re.compile("You won|You lost|A draw"))
    await ada.reads("Little Wren")
    await ada.reads(re.compile("Matches with a bot are unrated. You played like somebody rated"))


async def test_a_practice_match_has_the_questions_and_seconds_that_were_chosen(
    served: Start, visit: Visit
) -> None:
    server = await served()
    server.app.practise(server.url)
    ada = await visit(server.url)
    await ada.sign_in(await sign_up(server.url, "Ada"))
    await ada.go(CHALLENGE)
    practice = ada.locator("deckduel-practice")
    await practice.get_by_text("10 questions, 15 seconds each").click()
    await practice.get_by_label("Questions").fill("7")
    await practice.get_by_label("Questions").blur()
    await expect(practice.locator("summary")).to_have_text("7 questions, 15 seconds each")
    await button(ada, "Play Old Owl").click()
    await ada.page.wait_for_url(MATCH)
    await ada.round(1)
    await ada.reads("Round 1 of 7")


async def test_a_practice_opponent_who_is_not_there_says_so(served: Start, visit: Visit) -> None:
    server = await served()
    ada = await visit(server.url)
    await ada.sign_in(await sign_up(server.url, "Ada"))
    await ada.go(CHALLENGE)
    await button(ada, "Play Bold Magpie").click()
    await expect(ada.locator(".practice [data-wrong]")).to_have_text(
        "The other player is not here right now. Try again in a while."
    )
    await expect(button(ada, "Play Bold Magpie")).to_be_enabled()


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
async def test_after_15_s_alone_something_else_is_offered_and_nothing_moves(
    served: Start, visit: Visit, width: int
) -> None:
    server = await served()
    ada = await visit(server.url, width=width, touch=width == PHONE)
    await waits_alone(ada, server)
    cancel = button(ada, "Cancel")
    place = await cancel.bounding_box()
    offer = ada.locator(".alone")
    await ada.page.evaluate(
        """() => {
            window.said = [];
            const aloud = document.getElementById("aloud");
            new MutationObserver(() => said.push(aloud.textContent)).observe(aloud, {
                childList: true, characterData: true, subtree: true });
        }"""
    )
    await ada.page.clock.fast_forward(SOON_MS)
    await expect(offer).not_to_be_visible()
    await ada.page.clock.fast_forward(THE_REST_MS)
    await expect(offer).to_be_visible()
    await expect(offer.get_by_role("button", name="Challenge a friend")).to_be_visible()
    await expect(offer.get_by_role("button", name="Play Bold Magpie")).to_be_visible()
    assert await cancel.bounding_box() == place
    await expect(cancel).to_be_focused()
    await ada.page.clock.fast_forward(THE_REST_MS)
    sentence = "Nobody else yet. Ask a friend with a link, or play a practice opponent?"
    assert await ada.page.evaluate("said") == [sentence]
    await stands_well(ada)
    await never_jumped(ada)
    await axe_finds_nothing(ada)
    await offer.get_by_role("button", name="Challenge a friend").click()
    await ada.reads("Your link is ready")
    await expect(offer.get_by_role("button", name="Challenge a friend")).to_have_count(0)
    await cancel.click()
    await expect(offer).not_to_be_visible()


async def test_who_is_alone_stops_looking_by_playing_a_practice_opponent(
    served: Start, visit: Visit
) -> None:
    server = await served(ready_ms=60_000)
    server.app.practise(server.url)
    ada = await visit(server.url)
    await waits_alone(ada, server)
    await ada.page.clock.fast_forward(SOON_MS + THE_REST_MS)
    offer = ada.locator(".alone").get_by_role("button", name="Play Bold Magpie")
    await offer.click()
    await ada.page.wait_for_url(MATCH)
