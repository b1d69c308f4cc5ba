"""A rematch between two browsers: accepted, declined, expired, and with one leaving."""

import asyncio
import re
from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Locator, expect

from server.core.challenge import LIFE_MS, Kind
from tests.pages.meeting import in_round_one, match_of
from tests.pages.noticing import LEARN, briefly_told, button, notice, told, wins_the_only_round
from tests.pages.test_accessibility import axe_finds_nothing
from tests.pages.test_layout import never_jumped, stands_well
from tests.pages.visitor import DESKTOP, PHONE, TABLET, Visit, Visitor
from tests.support.player import DECK, Map, Player, connected, get, sign_up
from tests.support.served import Served

Start = Callable[..., Awaitable[Served]]

SHORT_MS = 3_000
MATCH = "**/matches/*"


def offer(visitor: Visitor, name: str) -> Locator:
    """A button of the rematch below the result."""
    return visitor.locator("deckduel-rematch").get_by_role("button", name=name, exact=True)


async def match_played(ada: Visitor, grace: Visitor) -> str:
    """Have both sign up, and play a match of one round that Ada wins; its address."""
    await ada.sign_up("Ada")
    await ada.reads("Looking for an opponent")
    await grace.sign_up("Grace")
    await asyncio.gather(ada.round(1), grace.round(1))
    best = await ada.best()
    await ada.answers(best)
    await grace.page.keyboard.press(str((best + 1) % 4 + 1))
    await asyncio.gather(ada.headline("You won"), grace.headline("You lost"))
    await expect(offer(ada, "Rematch")).to_be_enabled()
    await expect(offer(grace, "Rematch")).to_be_enabled()
    return ada.page.url


async def record(visitor: Visitor, address: str) -> Map:
    """The record of a match."""
    return await get(f"{visitor.url}/api/matches/{address.rpartition('/')[2]}")


async def test_a_rematch_takes_both_to_the_new_match_with_the_seats_swapped(
    served: Start, visit: Visit
) -> None:
    server = await served(rounds=1, ready_ms=60_000)
    ada, grace = await visit(server.url), await visit(server.url, width=PHONE, touch=True)
    first = await match_played(ada, grace)
    await offer(ada, "Rematch").press("Enter")
    await ada.reads("Waiting for Grace.")
    await grace.reads("Ada wants a rematch.")
    await expect(notice(grace)).to_have_count(0)
    async with briefly_told(ada, "Grace accepted."):
        await offer(grace, "Accept").tap()
    for visitor in (ada, grace):
        await visitor.page.wait_for_url(lambda url: "/matches/" in url and url != first)
    assert ada.page.url == grace.page.url
    await asyncio.gather(ada.round(1), grace.round(1))
    before, after = [(await record(ada, url))["players"] for url in (first, ada.page.url)]
    assert [player["id"] for player in after] == [player["id"] for player in before[::-1]]


async def test_a_rematch_offered_while_the_last_answer_is_shown_waits_below_the_result(
    served: Start, visit: Visit
) -> None:
    server = await served(rounds=1, round_ms=60_000)
    ada = await visit(server.url)
    async with in_round_one(ada) as bob:
        await wins_the_only_round(ada, bob, match_of(bob))
        await bob.ask("rematch", match=match_of(bob))
        await ada.headline("You won")
        await ada.reads("Bob wants a rematch.")
        await offer(ada, "Accept").click()
        match = (await bob.until("paired"))["match"]
        await ada.page.wait_for_url(f"**/matches/{match}")


async def test_both_who_press_rematch_play_one(served: Start, visit: Visit) -> None:
    server = await served(rounds=1, ready_ms=60_000)
    ada, grace = await visit(server.url), await visit(server.url)
    first = await match_played(ada, grace)
    main = "deckduel-rematch button:first-child"
    await asyncio.gather(ada.locator(main).click(), grace.locator(main).click())
    for visitor in (ada, grace):
        await visitor.page.wait_for_url(lambda url: "/matches/" in url and url != first)
    assert ada.page.url == grace.page.url


async def test_a_rematch_that_is_declined_or_taken_back_says_so(
    served: Start, visit: Visit
) -> None:
    server = await served(rounds=1, ready_ms=60_000)
    ada, grace = await visit(server.url), await visit(server.url)
    await match_played(ada, grace)
    await offer(ada, "Rematch").click()
    await offer(grace, "Decline").click()
    await ada.reads("Grace does not want a rematch now.")
    await grace.reads("You declined.")
    await offer(grace, "Rematch").click()
    await ada.reads("Grace wants a rematch.")
    await offer(grace, "Take it back").click()
    await ada.reads("Grace took the offer back.")
    await grace.reads("Your offer is taken back.")
    await expect(offer(grace, "Rematch")).to_be_focused()


async def test_a_rematch_that_nobody_answers_expires_on_both_sides(
    served: Start, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(LIFE_MS, Kind.REMATCH, SHORT_MS)
    server = await served(rounds=1, ready_ms=60_000)
    ada, grace = await visit(server.url), await visit(server.url)
    await match_played(ada, grace)
    await offer(ada, "Rematch").click()
    await expect(grace.locator("deckduel-rematch deckduel-seconds")).not_to_be_empty()
    await ada.reads("Grace did not answer in time.")
    await grace.reads("The offer of Ada has expired.")
    await expect(offer(ada, "Rematch")).to_be_enabled()


async def test_a_player_who_has_left_greys_the_rematch_out(served: Start, visit: Visit) -> None:
    server = await served(rounds=1, ready_ms=60_000)
    ada, grace = await visit(server.url), await visit(server.url)
    await match_played(ada, grace)
    await grace.page.close()
    await ada.reads("Grace has left.")
    await expect(offer(ada, "Rematch")).to_be_disabled()
    grace.page = await grace.context.new_page()
    await grace.go(LEARN)
    await expect(offer(ada, "Rematch")).to_be_enabled()


async def test_a_rematch_finds_a_player_who_studies_by_now(served: Start, visit: Visit) -> None:
    server = await served(rounds=1, ready_ms=60_000)
    ada, grace = await visit(server.url), await visit(server.url)
    first = await match_played(ada, grace)
    await grace.go(LEARN)
    await offer(ada, "Rematch").click()
    await told(grace, "Ada (1520?) wants a rematch")
    await button(grace, "Accept").click()
    for visitor in (ada, grace):
        await visitor.page.wait_for_url(lambda url: "/matches/" in url and url != first)
    assert ada.page.url == grace.page.url


async def test_a_spectator_is_offered_no_rematch(served: Start, visit: Visit) -> None:
    server = await served(rounds=1, ready_ms=60_000)
    ada, grace, eve = [await visit(server.url) for _ in range(3)]
    address = await match_played(ada, grace)
    await eve.page.goto(address)
    await eve.headline("Ada won")
    await expect(eve.locator("deckduel-rematch")).to_have_count(0)


@pytest.mark.parametrize("width", [PHONE, TABLET, DESKTOP])
async def test_nothing_moves_while_an_offer_comes_and_goes(
    served: Start, visit: Visit, width: int
) -> None:
    server = await served(rounds=1, ready_ms=60_000)
    ada, grace = await visit(server.url, width=width, touch=width == PHONE), await visit(server.url)
    await match_played(ada, grace)
    await expect(ada.locator(".explanation").first).to_be_visible()
    await stands_well(ada)
    below = "document.querySelector('.gains').getBoundingClientRect().top + scrollY"
    place = await ada.page.evaluate(below)
    await offer(grace, "Rematch").click()
    await ada.reads("Grace wants a rematch.")
    assert await ada.page.evaluate(below) == place
    await stands_well(ada)
    await axe_finds_nothing(ada)
    await offer(grace, "Take it back").click()
    await ada.reads("Grace took the offer back.")
    assert await ada.page.evaluate(below) == place
    await never_jumped(ada)


async def test_a_practice_opponent_plays_again_and_says_what_a_result_resembles(
    served: Start, visit: Visit
) -> None:
    server = await served(rounds=5, ready_ms=60_000)
    server.app.practise(server.url)
    ada = await visit(server.url)
    account = await sign_up(server.url, "Ada")
    await ada.sign_in(account)
    async with connected(server.url, account) as elsewhere:
        keys = {"rated": False, "rounds": 5, "limit_ms": 5_000}
        match = await plays_practice(elsewhere, keys)
        await ada.go(f"/matches/{match}")
        for number in range(1, 6):
            await ada.round(number)
            await ada.page.keyboard.press(str(await ada.best() + 1))
        await ada.reads(re.compile(r"You played like somebody rated about \d+\."))
    await offer(ada, "Rematch").click()
    await ada.page.wait_for_url(lambda url: "/matches/" in url and not url.endswith(match))
    await ada.round(1)


async def plays_practice(player: Player, keys: Map) -> str:
    """Have a player challenge the first practice opponent, who accepts; the match."""
    made = await player.ask("challenge", deck=DECK, to="practice-1", **keys)
    if made.get("match") is None:
        made = await player.until("challenge_changed", state="accepted")
    match: str = made["match"]
    return match
