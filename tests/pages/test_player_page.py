"""The page of a player: ratings, the picture of them, matches, the way to challenge."""

import re
import time
from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import expect

from tests.pages.learning import CARDS
from tests.pages.rated import DRAWN, LOST, WON, as_player, known, matches
from tests.pages.test_accessibility import axe_finds_nothing
from tests.pages.test_layout import never_jumped, stands_well
from tests.pages.visitor import DESKTOP, PHONE, TABLET, Visit, Visitor
from tests.support.player import DECK, begin, connected
from tests.support.served import Served

Start = Callable[..., Awaitable[Served]]


async def reading(visitor: Visitor) -> str:
    """What the picture says of the chosen point."""
    return await visitor.locator("deckduel-chart .readout").inner_text()


async def room(visitor: Visitor) -> float:
    """How tall the way to challenge is."""
    box = await visitor.locator("deckduel-challenge-button").bounding_box()
    assert box is not None
    return box["height"]


async def test_a_player_is_shown_with_rating_rank_record_and_best_win(
    served: Start, visit: Visit
) -> None:
    server = await served()
    ada, bob = await known(server, "Ada"), await known(server, "Bob")
    won, *_ = await matches(server, ada, bob, [WON, LOST, DRAWN, LOST])
    watcher = await visit(server.url)
    await watcher.go(f"/players/{ada.id}")
    await watcher.headline("Ada")
    standing = watcher.locator(".standing")
    (rating,) = [row for row in await server.app._services.ladders.top(DECK) if row.name == "Ada"]
    await expect(standing.locator(".rating b")).to_have_text(f"{rating.rating}?")
    await expect(standing).to_contain_text("No. 2 on the board")
    await expect(standing).to_contain_text("1 won, 1 drawn, 2 lost")
    await expect(standing).to_contain_text("1 loss")
    await expect(standing).to_contain_text("1520")
    await standing.get_by_role("link", name="Bob (1500)").click()
    await watcher.page.wait_for_url(f"**/matches/{won}")


async def test_the_picture_is_read_by_keys_by_pointer_and_as_a_table(
    served: Start, visit: Visit
) -> None:
    server = await served()
    ada, bob = await known(server, "Ada"), await known(server, "Bob")
    first, *_ = await matches(server, ada, bob, [WON, LOST, WON])
    watcher = await visit(server.url)
    await watcher.go(f"/players/{ada.id}")
    plot = watcher.page.get_by_role("slider", name="Rating, match by match")
    last = await reading(watcher)
    await plot.press("Home")
    await expect(plot).to_have_attribute("aria-valuetext", re.compile(r"^1520\?, \+20 against Bob"))
    assert (await reading(watcher)).startswith("1520?, +20 against Bob")
    link = watcher.page.get_by_role("link", name="See the match")
    await expect(link).to_have_attribute("href", f"/matches/{first}")
    await plot.press("ArrowRight")
    await expect(plot).to_have_attribute("aria-valuenow", "2")
    await plot.press("End")
    assert await reading(watcher) == last
    await plot.press("ArrowRight")
    assert await reading(watcher) == last
    box = await plot.bounding_box()
    assert box is not None
    await watcher.page.mouse.move(box["x"] + 2, box["y"] + 20)
    await expect(plot).to_have_attribute("aria-valuenow", "1")
    await watcher.page.get_by_text("All ratings as a table").click()
    rows = watcher.locator("deckduel-chart tbody tr")
    await expect(rows).to_have_count(3)
    await expect(rows.last).to_contain_text("Bob")
    await expect(rows.last).to_contain_text("1520?")
    await expect(watcher.locator("deckduel-chart .band")).to_have_attribute("d", re.compile("^M"))


async def test_finished_matches_are_read_page_by_page(served: Start, visit: Visit) -> None:
    server = await served()
    ada, bob = await known(server, "Ada"), await known(server, "Bob")
    await matches(server, ada, bob, [WON] * 11 + [LOST] * 12)
    watcher = await visit(server.url)
    await watcher.go(f"/players/{ada.id}")
    rows = watcher.locator(".played li")
    await expect(rows).to_have_count(20)
    await expect(rows.first.locator(".went")).to_have_text("Lost")
    more = watcher.page.get_by_role("button", name="More matches")
    await more.press("Enter")
    await expect(rows).to_have_count(23)
    await expect(more).to_be_hidden()
    await expect(rows.nth(20).locator(".went")).to_be_focused()
    await expect(rows.last.locator(".change")).to_have_text("+20")
    await rows.first.locator(".who").click()
    await watcher.headline("Bob")


async def test_somebody_who_is_here_is_challenged_from_the_page(
    served: Start, visit: Visit
) -> None:
    server = await served()
    ada, bob = await known(server, "Ada"), await known(server, "Bob")
    await matches(server, ada, bob, [WON, WON, LOST])
    visitor = await visit(server.url, width=PHONE, touch=True)
    await as_player(visitor, ada)
    await visitor.go(f"/players/{bob.id}")
    await visitor.reads("You 2 wins, Bob 1 win.")
    button = visitor.page.get_by_role("button", name="Challenge", exact=True)
    await visitor.reads("Bob is not here. Leave a challenge link instead.")
    await expect(button).to_have_attribute("aria-disabled", "true")
    place = await room(visitor)
    async with connected(server.url, bob.signed_up) as here:
        await visitor.reads("Here now")
        await expect(button).not_to_have_attribute("aria-disabled", "true")
        assert await room(visitor) == place
        await button.press("Enter")
        offer = await here.until("challenge_changed")
        assert (offer["by"]["id"], offer["to"]["id"], offer["rated"]) == (ada.id, bob.id, True)
        await visitor.reads("Bob has your challenge")
        assert await room(visitor) == place
        await here.ask("decline_challenge", challenge=offer["challenge"])
        await expect(button).not_to_have_attribute("aria-disabled", "true")
        assert await room(visitor) == place
    await visitor.reads("Not here right now")
    assert await room(visitor) == place


async def test_somebody_in_a_match_is_watched_and_not_challenged(
    served: Start, visit: Visit
) -> None:
    server = await served(rounds=3)
    ada, bob, cyd = [await known(server, name) for name in ("Ada", "Bob", "Cyd")]
    visitor = await visit(server.url)
    await as_player(visitor, ada)
    await visitor.go(f"/players/{bob.id}")
    async with connected(server.url, bob.signed_up) as one:
        await visitor.reads("Here now")
        async with connected(server.url, cyd.signed_up) as two:
            match = await begin(one, two)
            await visitor.reads("Bob is in a match. Watch it, or come back afterwards.")
            watch = visitor.page.get_by_role("link", name="Watch it")
            await expect(watch).to_have_attribute("href", f"/matches/{match}")
            await one.ask("resign", match=match)
            await visitor.reads("Here now")


async def test_ones_own_page_shows_the_weakest_cards_and_leads_to_them(
    served: Start, visit: Visit
) -> None:
    server = await served()
    ada = await known(server, "Ada")
    visitor = await visit(server.url)
    await as_player(visitor, ada)
    await visitor.go(f"/players/{ada.id}")
    await visitor.reads("None. What you lose in a duel or miss while studying stands here.")
    at_ms = int(time.time() * 1000)
    reviews = [
        {"id": f"review-{card}-x", "card": card, "at_ms": at_ms, "how": "typed", "right": right}
        for card, right in (("4", False), ("7", True), ("9", False))
    ]
    answer = await visitor.page.request.post(
        f"{server.url}/api/decks/{DECK}/reviews", data={"reviews": reviews}
    )
    assert answer.ok
    await visitor.page.reload()
    await expect(visitor.locator(".weak li b")).to_have_text(
        [CARDS[card].prompt for card in ("4", "9")]
    )
    await visitor.page.get_by_role("link", name="Learn these 2").click()
    await visitor.page.wait_for_url("**/learn?cards=4,9")
    stranger = await visit(server.url)
    await stranger.go(f"/players/{ada.id}")
    await stranger.headline("Ada")
    await expect(stranger.locator(".weak")).to_have_count(0)


async def test_a_new_player_and_a_bot_have_a_page_that_says_so(served: Start, visit: Visit) -> None:
    server = await served()
    ada, robo = await known(server, "Ada"), await known(server, "Robo", bot=True)
    watcher = await visit(server.url)
    await watcher.go(f"/players/{ada.id}")
    await watcher.reads("No rating yet: Ada has played no rated match here.")
    await watcher.reads("Nothing here yet.")
    await watcher.reads("Choose a name to challenge others")
    await watcher.go(f"/players/{robo.id}")
    await watcher.reads("Bot")
    await watcher.reads("No rating: matches with a bot are unrated.")
    missing = await watcher.page.request.get(f"{server.url}/players/nobody")
    assert missing.status == 404


@pytest.mark.parametrize("width", [PHONE, TABLET, DESKTOP])
async def test_the_page_stands_well_at_every_width(served: Start, visit: Visit, width: int) -> None:
    server = await served()
    wide, bob = await known(server, "W" * 20), await known(server, "Donaudampfschifffahr")
    await matches(server, wide, bob, [WON, LOST, DRAWN] * 5)
    visitor = await visit(server.url, width=width, touch=width == PHONE)
    await as_player(visitor, bob)
    for player in (wide, bob):
        await visitor.go(f"/players/{player.id}")
        await expect(visitor.locator("deckduel-chart .line")).to_have_attribute(
            "d", re.compile("L")
        )
        await expect(
            visitor.locator(".dot[data-here]" if player is bob else ".dot")
        ).to_be_visible()
        await stands_well(visitor)
        await never_jumped(visitor)
        if width != TABLET:
            await axe_finds_nothing(visitor)


async def test_a_thousand_matches_are_drawn_at_once(served: Start, visit: Visit) -> None:
    server = await served()
    ada = await known(server, "Ada")
    points = [
        {
            "match": f"m{n}",
            "at_ms": n * 3_600_000,
            "rating": 1500 + (n * 37) % 211,
            "change": 1,
            "opponent": None,
            "low": None,
            "high": None,
        }
        for n in range(1000)
    ]
    visitor = await visit(server.url)
    await visitor.go(f"/players/{ada.id}")
    took: float = await visitor.page.evaluate(
        """async (points) => {
            const { Chart } = await import("/static/ui/chart.js");
            const chart = new Chart();
            document.querySelector("main").append(chart);
            const began = performance.now();
            chart.show(points);
            return performance.now() - began;
        }""",
        points,
    )
    assert took < 200
    line = await visitor.locator("deckduel-chart .line").get_attribute("d")
    assert line is not None
    assert 100 < line.count("L") <= 240
