"""The review of a match: its running score, its sums, the way on, and what a link to it says."""

import re
from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import expect

from tests.pages.learning import loses
from tests.pages.test_accessibility import axe_finds_nothing
from tests.pages.test_layout import never_jumped, stands_well
from tests.pages.visitor import DECK_PAGE, DESKTOP, PHONE, TABLET, Visit, Visitor
from tests.support.player import Map, begin, connected, get, sign_up
from tests.support.served import Served

Start = Callable[..., Awaitable[Served]]

DELETED = "deleted player"


async def reviewed(visitor: Visitor, rounds: int) -> tuple[Map, str]:
    """Be Ada, who has lost a match to Bob, wrong in every round, and open its review."""
    account = await sign_up(visitor.url, "Ada")
    await loses(visitor.url, account, rounds)
    matches = await get(f"{visitor.url}/api/players/{account['id']}/matches")
    match: str = matches["matches"][0]["id"]
    await visitor.sign_in(account)
    await visitor.go(f"/matches/{match}")
    await visitor.headline("You lost")
    return account, match


async def meta(visitor: Visitor, name: str) -> str:
    """What a chat program reads of a page."""
    content = await visitor.locator(f'meta[property="og:{name}"]').get_attribute("content")
    assert content is not None
    return content


@pytest.mark.parametrize("width", [PHONE, TABLET, DESKTOP])
async def test_the_review_stands_well_at_every_width(
    served: Start, visit: Visit, width: int
) -> None:
    server = await served(rounds=5)
    ada = await visit(server.url, width=width, touch=width == PHONE)
    await reviewed(ada, 5)
    await expect(ada.locator("deckduel-rematch button").first).to_be_visible()
    leftmost = "(parts) => Math.min(...parts.map((at) => at.getBoundingClientRect().left))"
    numbers = await ada.locator(".running text").evaluate_all(leftmost)
    assert numbers >= await ada.locator(".running-score").evaluate_all(leftmost)
    await never_jumped(ada)
    await stands_well(ada)
    await axe_finds_nothing(ada)


async def test_the_running_score_is_drawn_and_can_be_heard(served: Start, visit: Visit) -> None:
    server = await served(rounds=3)
    ada = await visit(server.url)
    await reviewed(ada, 3)
    picture = ada.page.get_by_role("img", name=re.compile("^Running score: .* after 3 rounds"))
    await expect(picture).to_be_visible()
    await expect(picture).to_have_attribute(
        "aria-label", re.compile("The lead never changed hands.$")
    )
    for seat in (0, 1):
        await expect(picture.locator(f"[data-seat='{seat}'] > line")).to_have_count(3)
        await expect(picture.locator(f"[data-seat='{seat}'] path")).to_have_count(1)
    rows = ada.page.get_by_role("table", name="Total points after each round").get_by_role("row")
    await expect(rows).to_have_count(4)
    await expect(rows.nth(0)).to_have_text("RoundAdaBob")
    record = await get(f"{server.url}/api/matches/{ada.page.url.rpartition('/')[2]}")
    seat = next(at for at in (0, 1) if record["players"][at]["name"] == "Bob")
    total = f"{record['result']['totals'][seat]:,}"
    await expect(rows.nth(3)).to_have_text(f"30{total}")


async def test_the_sum_names_its_numbers_and_the_mark_stays(served: Start, visit: Visit) -> None:
    server = await served(rounds=1)
    ada = await visit(server.url)
    await reviewed(ada, 1)
    own = ada.locator(".gain").first
    await expect(own.locator(".rating")).to_have_text("Elo 1500? → 1480?(−20)")
    await own.get_by_text("How it is worked out").click()
    await expect(own.locator("dd")).to_have_text(["1500", "0.50", "0", "40", "1480"])
    await axe_finds_nothing(ada)


async def test_what_was_missed_is_studied_and_nothing_else(served: Start, visit: Visit) -> None:
    server = await served(rounds=2)
    ada = await visit(server.url)
    _, match = await reviewed(ada, 2)
    record = await get(f"{server.url}/api/matches/{match}")
    cards = [round_["card"] for round_ in record["rounds"]]
    link = ada.page.get_by_role("link", name="Study the 2 I missed")
    await expect(link).to_have_attribute("href", f"{DECK_PAGE}/learn?cards={','.join(cards)}")
    await link.click()
    await ada.headline("Learn")
    bob = await visit(server.url)
    await bob.go(f"/matches/{match}")
    await bob.headline("Bob won")
    await expect(bob.page.get_by_role("link", name=re.compile("^Study"))).to_have_count(0)


async def test_names_lead_to_their_players_save_that_of_a_deleted_one(
    served: Start, visit: Visit
) -> None:
    server = await served(rounds=1)
    ada, eve = await visit(server.url), await visit(server.url)
    account, match = await reviewed(ada, 1)
    own = ada.locator(".gain .name a")
    await expect(own.first).to_have_attribute("href", f"/players/{account['id']}")
    gone = await ada.page.request.delete(f"{server.url}/api/me", data={"name": "Ada"})
    assert gone.ok, await gone.text()
    await eve.go(f"/matches/{match}")
    await eve.headline("Bob won")
    names = await eve.locator(".gain .name").all_inner_texts()
    assert sorted(names) == ["Bob", DELETED]
    await expect(eve.locator(".gain .name a")).to_have_text(["Bob"])
    await eve.page.get_by_role("link", name="Bob", exact=True).click()
    await expect(eve.locator(".played .who")).to_have_text([DELETED])
    await expect(eve.locator(".played a.who")).to_have_count(0)
    await eve.page.go_back()
    await eve.headline("Bob won")
    assert re.fullmatch(rf"Bob beat {DELETED} \d+ : 0 · Deckduel", await meta(eve, "title"))


async def test_a_link_to_a_live_match_says_who_plays(served: Start, visit: Visit) -> None:
    server = await served(rounds=1, public_url="https://duel.example")
    eve = await visit(server.url)
    one, two = await sign_up(server.url, "Ada"), await sign_up(server.url, "Bob")
    async with connected(server.url, one) as ada, connected(server.url, two) as bob:
        match = await begin(ada, bob)
        await eve.go(f"/matches/{match}")
        first, second = [
            player["name"] for player in (await get(f"{server.url}/api/matches/{match}"))["players"]
        ]
        assert await meta(eve, "title") == f"{first} vs {second} · Deckduel"
        assert await meta(eve, "description") == (
            f"{first} (1500?) and {second} (1500?) play 100 Deep Learning interview"
            " for Elo ratings."
        )
        assert await meta(eve, "url") == f"https://duel.example/matches/{match}"
        await ada.send("resign", match=match)
        await ada.until("match_over")
    await eve.page.reload()
    said = "100 Deep Learning interview. The match was aborted: no rating moved."
    assert await meta(eve, "description") == said


async def test_a_link_to_a_finished_match_says_who_won_and_both_ratings(
    served: Start, visit: Visit
) -> None:
    server = await served(rounds=1)
    ada = await visit(server.url)
    _, match = await reviewed(ada, 1)
    assert re.fullmatch(r"Bob beat Ada \d+ : 0 · Deckduel", await meta(ada, "title"))
    said = await meta(ada, "description")
    assert said.startswith("100 Deep Learning interview. Elo after it: ")
    assert {"Ada 1480? (−20)", "Bob 1520? (+20)"} <= set(re.split(": |, ", said.rstrip(".")))
    assert await meta(ada, "url") == f"{server.url}/matches/{match}"


async def test_the_address_is_copied(served: Start, visit: Visit) -> None:
    server = await served(rounds=1)
    ada = await visit(server.url)
    await ada.context.grant_permissions(["clipboard-read", "clipboard-write"])
    _, match = await reviewed(ada, 1)
    await ada.page.get_by_role("button", name="Copy link").click()
    await expect(ada.page.get_by_role("button", name="Link copied")).to_be_focused()
    copied = await ada.page.evaluate("navigator.clipboard.readText()")
    assert copied == f"{server.url}/matches/{match}"
