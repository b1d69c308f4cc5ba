"""Watching a match: found on the deck's page, seen without a mark too early, left again."""

import re
from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import expect

from tests.pages.meeting import answer, in_round_one, match_of
from tests.pages.test_accessibility import axe_finds_nothing
from tests.pages.test_layout import places, stands_well
from tests.pages.visitor import DECK_PAGE, DESKTOP, PHONE, TABLET, Visit, Visitor
from tests.support.served import Served

Start = Callable[..., Awaitable[Served]]
ROUNDS = 2


async def sees_no_mark(visitor: Visitor) -> None:
    """Nothing on the page tells of an answer to the open round."""
    await expect(visitor.locator(".choice")).to_have_count(4)
    marked = ".choice:is([data-mine], [data-verdict], [data-pending])"
    await expect(visitor.locator(marked)).to_have_count(0)
    await expect(visitor.locator(".choice :is(.picked, .verdict:not(:empty))")).to_have_count(0)


async def test_a_third_browser_watches_two_play_from_the_deck_page_to_the_result(
    served: Start, visit: Visit
) -> None:
    server = await served(rounds=ROUNDS, round_ms=60_000, reveal_ms=2_500, countdown_ms=500)
    ada, bob, cas = [await visit(server.url) for _ in range(3)]
    await cas.go(DECK_PAGE)
    await expect(cas.locator("deckduel-now-playing")).not_to_contain_text("online")
    await ada.sign_up("Ada")
    await ada.reads("Looking for an opponent")
    await bob.sign_up("Bob")
    for player in (ada, bob):
        await player.round(1)
    await cas.reads("2 online")
    row = cas.page.get_by_role("link", name=re.compile("^Watch Ada 1500. 0 Bob 1500. 0|^Watch Bob"))
    await expect(row).to_contain_text("Round 1 of 2 · rated")
    await row.click()
    await cas.page.wait_for_url(ada.page.url)
    await cas.reads("You are watching.")
    await cas.reads("Watching: only you")
    for player in (ada, bob):
        await player.reads("1 watching")
    for number in range(1, ROUNDS + 1):
        for visitor in (ada, bob, cas):
            await visitor.round(number)
        assert await cas.prompt() == await ada.prompt()
        assert await cas.choices() == await ada.choices()
        best = await ada.best()
        await ada.answers(best)
        await cas.reads("has answered")
        await sees_no_mark(cas)
        await cas.page.keyboard.press("1")
        await sees_no_mark(cas)
        await cas.page.reload()
        await cas.round(number)
        await cas.reads("has answered")
        await sees_no_mark(cas)
        await bob.page.keyboard.press(str((best + 1) % 4 + 1))
        for visitor in (ada, bob, cas):
            await visitor.revealed(number)
        await expect(cas.choice(best)).to_have_attribute("data-verdict", "right")
        await expect(cas.choice((best + 1) % 4)).to_have_attribute("data-verdict", "wrong")
        await expect(cas.locator("deckduel-round :is(.scoreboard, .question) a")).to_have_count(0)
    await cas.headline("Ada won")
    await ada.headline("You won")
    assert await cas.totals() == await ada.totals()
    await cas.go(DECK_PAGE)
    await cas.reads("2 online")
    await expect(cas.locator("deckduel-now-playing li")).to_have_count(0)


async def test_whoever_watches_has_a_way_back_and_the_players_see_him_go(
    served: Start, visit: Visit
) -> None:
    server = await served(rounds=ROUNDS, round_ms=60_000)
    ada, cas = await visit(server.url), await visit(server.url)
    async with in_round_one(ada) as bob:
        await cas.go(f"/matches/{match_of(bob)}")
        await cas.round(1)
        await ada.reads("1 watching")
        await cas.page.keyboard.press("?")
        keys = cas.page.get_by_role("dialog", name="Keys")
        await expect(keys).to_contain_text("Go back to the deck")
        await expect(keys).not_to_contain_text("Answer")
        await cas.page.keyboard.press("Escape")
        await ada.page.keyboard.press("?")
        await expect(ada.page.get_by_role("dialog", name="Keys")).to_contain_text("Answer")
        await ada.page.keyboard.press("1")
        await ada.page.keyboard.press("Escape")
        await expect(ada.locator(".choice[data-mine]")).to_have_count(0)
        await expect(cas.page.get_by_role("button", name="Resign")).to_have_count(0)
        await expect(ada.page.get_by_role("link", name="Back to the deck")).to_have_count(0)
        await cas.page.get_by_role("link", name="Back to the deck").press("Enter")
        await cas.headline("100 Deep Learning interview")
        await expect(ada.locator(".question .kicker")).not_to_contain_text("watching")


async def test_a_player_in_a_private_window_watches_like_anybody(
    served: Start, visit: Visit
) -> None:
    server = await served(rounds=ROUNDS, round_ms=60_000)
    ada, private = await visit(server.url), await visit(server.url)
    async with in_round_one(ada) as bob:
        await private.go(f"/matches/{match_of(bob)}")
        await private.round(1)
        await private.reads("You are watching.")
        await answer(bob, 1, 0)
        await private.reads("has answered")
        await sees_no_mark(private)


@pytest.mark.parametrize("width", [PHONE, TABLET, DESKTOP])
async def test_a_match_that_begins_and_ends_moves_nothing_on_the_deck_page(
    served: Start, visit: Visit, width: int
) -> None:
    server = await served(rounds=ROUNDS, round_ms=60_000)
    cas, ada = await visit(server.url, width=width, touch=width == PHONE), await visit(server.url)
    await cas.go(DECK_PAGE)
    await expect(cas.locator(".ladder")).to_be_visible()
    assert "playing" not in (await cas.page.inner_text("main")).lower()
    before = await terms_top(cas)
    async with in_round_one(ada, "A name of 20 letters", "Another of 20 letter") as bob:
        await expect(cas.locator("deckduel-now-playing[data-playing]")).to_be_attached()
        await cas.reads("2 online")
        assert await terms_top(cas) == before
        if width < DESKTOP and await cas.locator(".lobby button").is_visible():
            await cas.page.get_by_role("button", name="Now playing: 1 match").click()
        row = cas.locator("deckduel-now-playing li a")
        await expect(row).to_be_visible()
        await stands_well(cas)
        await axe_finds_nothing(cas)
        await row.focus()
        await bob.ask("resign", match=match_of(bob))
        await expect(cas.locator("deckduel-now-playing[data-playing]")).to_have_count(0)
    assert "playing" not in (await cas.page.inner_text("main")).lower()
    assert await terms_top(cas) == before


async def terms_top(visitor: Visitor) -> float:
    """Where the terms begin."""
    top: float = await visitor.locator(".term").first.evaluate(
        "(term) => term.getBoundingClientRect().top + scrollY"
    )
    return top


@pytest.mark.parametrize("width", [PHONE, TABLET, DESKTOP])
async def test_the_watching_page_stands_well_and_nothing_moves_between_its_phases(
    served: Start, visit: Visit, width: int
) -> None:
    server = await served(rounds=ROUNDS, round_ms=60_000, reveal_ms=5_000)
    cas, ada = await visit(server.url, width=width, touch=width == PHONE), await visit(server.url)
    async with in_round_one(ada, "A name of 20 letters", "Another of 20 letter") as bob:
        await cas.go(f"/matches/{match_of(bob)}")
        await cas.round(1)
        await cas.reads("Watching: only you")
        await stands_well(cas)
        await axe_finds_nothing(cas)
        parts = await places(cas)
        await ada.answers(1)
        await answer(bob, 1, 0)
        await cas.revealed(1)
        assert await places(cas) == parts
        await stands_well(cas)
        await cas.revealed(1)
