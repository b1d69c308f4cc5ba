"""What all study modes share: the way in and out, the keys, the outbox, the groups of the deck."""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import expect

from tests.pages.exam import SENT
from tests.pages.test_accessibility import axe_finds_nothing
from tests.pages.test_layout import never_jumped, stands_well
from tests.pages.visitor import DECK_PAGE, DESKTOP, PHONE, TABLET, Visit, Visitor
from tests.support.player import DECK, Map
from tests.support.served import Served
from tests.web.table import table

Start = Callable[..., Awaitable[Served]]

MODES = {"flashcards": "Flashcards", "learn": "Learn", "test": "Test", "match": "Match"}
DAY_MS = 24 * 3600 * 1000


async def study(visitor: Visitor, *reviews: tuple[str, int, bool]) -> Map:
    """Have studied some cards, typed: each a card, how many days ago, and whether it was right."""
    now = int(time.time() * 1000)
    sent = [
        {
            "id": f"review-{now}-{number}",
            "card": card,
            "at_ms": now - days * DAY_MS,
            "how": "typed",
            "right": right,
        }
        for number, (card, days, right) in enumerate(reviews)
    ]
    where = f"{visitor.url}/api/decks/{DECK}/reviews"
    answer = await visitor.page.request.post(where, data={"reviews": sent})
    kept: Map = await answer.json()
    assert answer.ok, kept
    return kept


async def progress(visitor: Visitor) -> dict[str, int]:
    """How many reviews of each card have arrived."""
    answer = await visitor.page.request.get(f"{visitor.url}/api/decks/{DECK}/progress")
    return {card["card"]: card["reviews"] for card in (await answer.json())["cards"]}


async def test_the_mode_row_leads_to_every_mode_and_back(served: Start, visit: Visit) -> None:
    ada = await visit((await served()).url)
    await ada.go(DECK_PAGE)
    for mode, title in MODES.items():
        await ada.page.get_by_role("link", name=title, exact=True).click()
        await ada.page.wait_for_url(f"**/decks/{DECK}/{mode}")
        await ada.headline(title)
        here = ada.page.get_by_role("navigation", name="Study modes").locator("[aria-current]")
        await expect(here).to_have_text(title)
    await ada.page.get_by_role("link", name="100 Deep Learning interview").click()
    await ada.reads("Terms in this set")


@pytest.mark.parametrize("mode", MODES)
async def test_a_question_mark_shows_the_keys_and_v_leads_into_a_duel(
    served: Start, visit: Visit, mode: str
) -> None:
    ada = await visit((await served()).url)
    await ada.go(f"/decks/{DECK}/{mode}")
    await ada.headline(MODES[mode])
    keys = ada.page.get_by_role("dialog", name="Keys")
    await ada.page.keyboard.press("?")
    await expect(keys).to_be_visible()
    assert await keys.locator("dd").count() >= 3
    await expect(keys).to_contain_text("Challenge somebody")
    await axe_finds_nothing(ada)
    await ada.page.keyboard.press("v")
    await expect(keys).to_be_visible()
    await ada.page.keyboard.press("Escape")
    await expect(keys).to_be_hidden()
    await ada.page.keyboard.press("v")
    await ada.page.wait_for_url(f"**/decks/{DECK}/challenge")


async def test_the_keys_are_also_behind_a_button(served: Start, visit: Visit) -> None:
    ada = await visit((await served()).url)
    await ada.go(f"{DECK_PAGE}/flashcards")
    await ada.page.get_by_role("button", name="Keys").press("Enter")
    await expect(ada.page.get_by_role("dialog", name="Keys")).to_be_visible()
    await ada.page.get_by_role("button", name="Close").press("Enter")
    await expect(ada.page.get_by_role("button", name="Keys")).to_be_focused()


async def test_a_deck_that_was_not_studied_has_no_groups(served: Start, visit: Visit) -> None:
    ada = await visit((await served()).url)
    await ada.go(DECK_PAGE)
    await expect(ada.locator(".term")).to_have_count(100)
    await expect(ada.locator(".group")).to_have_count(0)


@pytest.mark.parametrize("width", [PHONE, TABLET, DESKTOP])
async def test_the_terms_stand_in_groups_once_something_was_studied(
    served: Start, visit: Visit, width: int
) -> None:
    ada = await visit((await served()).url, width=width, touch=width == PHONE)
    await ada.go(DECK_PAGE)
    await study(ada, *[("3", days, True) for days in (20, 12, 1)], ("5", 1, False), ("2", 1, True))
    await ada.page.reload()
    groups = ada.locator(".group")
    await expect(groups.locator("h3")).to_have_text(
        ["Still learning 2", "Not studied 97", "Mastered 1"]
    )
    for at, numbers in enumerate((["2", "5"], None, ["3"])):
        if numbers is not None:
            await expect(groups.nth(at).locator(".term .number")).to_have_text(numbers)
    await stands_well(ada)
    await axe_finds_nothing(ada)
    await never_jumped(ada)
    await ada.page.get_by_label("Search the terms").fill(
        await groups.nth(2).locator(".prompt").inner_text()
    )
    await expect(ada.locator(".group:visible h3")).to_have_text(["Mastered 1"])
    await ada.page.get_by_label("Search the terms").fill("")
    await ada.page.get_by_role("link", name="Learn these").click()
    await ada.page.wait_for_url(f"**/decks/{DECK}/learn?cards=2,5")


async def test_each_row_shows_how_the_players_duels_went_on_it(served: Start, visit: Visit) -> None:
    server = await served(rounds=2)
    ada = await visit(server.url)
    await ada.go(DECK_PAGE)
    async with table(server.url) as duel:
        await duel.begin()
        await duel.play_out()
        await ada.sign_in(duel.ada)
        await ada.page.reload()
        records = ada.locator(".term .duels:visible")
        await expect(records).to_have_count(2)
        for record in await records.all():
            await expect(record).to_contain_text(re.compile("^Duels: [01] of 1 right$"))
        await stands_well(ada)


async def test_what_was_answered_without_a_connection_is_sent_by_the_next_page(
    served: Start, visit: Visit
) -> None:
    ada = await visit((await served()).url)
    await ada.go(DECK_PAGE)
    review = {"id": "left-behind", "card": "9", "at_ms": 0, "how": "typed", "right": True}
    await ada.page.evaluate(
        "([key, entry]) => localStorage.setItem(key, JSON.stringify(entry))",
        [f"deckduel.review.{DECK}.left-behind", {"review": review, "held_until_ms": 0}],
    )
    await ada.page.reload()
    await expect(ada.locator(".group h3").first).to_have_text("Still learning 1")
    assert await progress(ada) == {"9": 1}
    assert await ada.page.evaluate("Object.keys(localStorage)") == []
    await ada.page.reload()
    await ada.reads("Still learning 1")
    assert await progress(ada) == {"9": 1}


async def test_a_guest_keeps_what_he_studied_when_he_takes_a_name(
    served: Start, visit: Visit
) -> None:
    ada = await visit((await served()).url)
    await study(ada, ("5", 1, False))
    await ada.sign_up("Ada")
    await ada.reads("Looking for an opponent")
    await ada.go(DECK_PAGE)
    await ada.reads("Ada")
    await expect(ada.locator(".group h3").first).to_have_text("Still learning 1")


async def test_two_first_answers_at_once_make_one_guest(served: Start, visit: Visit) -> None:
    ada = await visit((await served()).url)
    other = await ada.context.new_page()
    for page in (ada.page, other):
        await page.goto(f"{ada.url}/decks/{DECK}/learn?cards=7")
        await expect(page.locator(".choice")).to_have_count(4)
    await asyncio.gather(*(page.keyboard.press("Escape") for page in (ada.page, other)))
    await asyncio.gather(*(page.keyboard.press("Enter") for page in (ada.page, other)))
    await ada.page.wait_for_function(SENT)
    assert await progress(ada) == {"7": 2}


@pytest.mark.parametrize("mode", MODES)
async def test_a_mode_of_no_deck_is_no_page(served: Start, visit: Visit, mode: str) -> None:
    ada = await visit((await served()).url)
    answer = await ada.page.request.get(f"{ada.url}/decks/nothing/{mode}")
    assert answer.status == 404
