"""The whole board of a deck, and who stands around oneself under the Top 10."""

import re
from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import expect

from tests.pages.rated import WON, a_board, as_player, known, matches
from tests.pages.test_accessibility import axe_finds_nothing
from tests.pages.test_layout import never_jumped, stands_well
from tests.pages.visitor import DECK_PAGE, DESKTOP, PHONE, TABLET, Visit
from tests.support.player import DECK, begin, connected
from tests.support.served import Served

Start = Callable[..., Awaitable[Served]]

BOARD = f"{DECK_PAGE}/leaderboard"


async def test_the_board_is_read_page_by_page_and_finds_oneself(
    served: Start, visit: Visit
) -> None:
    server = await served()
    *_, last = await a_board(server, 53)
    visitor = await visit(server.url)
    await as_player(visitor, last)
    await visitor.go(DECK_PAGE)
    await visitor.page.get_by_role("link", name="Whole board").click()
    await visitor.headline("Leaderboard")
    rows = visitor.locator(".whole-board tbody tr")
    await expect(rows).to_have_count(50)
    await visitor.reads("1 to 50 of 53 players")
    await expect(visitor.page.get_by_role("link", name="Previous")).to_have_count(0)
    await visitor.page.get_by_role("link", name="Next").click()
    await visitor.page.wait_for_url("**/leaderboard?offset=50")
    await expect(rows).to_have_count(3)
    await visitor.reads("51 to 53 of 53 players")
    await expect(visitor.page.get_by_role("link", name="Next")).to_have_count(0)
    await visitor.page.get_by_role("link", name="Previous").click()
    await visitor.page.get_by_role("link", name="Go to me").click()
    await visitor.page.wait_for_url("**/leaderboard?offset=50#you")
    own = visitor.locator("tr[data-me]")
    await expect(own.get_by_role("link", name="Anchor")).to_be_focused()
    await expect(own).to_contain_text("(you)")
    await expect(own.locator(".rank")).to_have_text("53")


async def test_the_time_is_in_the_address_and_an_empty_week_says_so(
    served: Start, visit: Visit
) -> None:
    server = await served()
    visitor = await visit(server.url)
    await visitor.go(BOARD)
    await visitor.reads("No ratings yet.")
    await visitor.page.get_by_role("link", name="This week").click()
    await visitor.page.wait_for_url("**/leaderboard?period=week")
    await visitor.reads("Nobody has played a rated match this week.")
    ada, bob = await known(server, "Ada"), await known(server, "Bob")
    await matches(server, ada, bob, [WON, WON])
    await visitor.page.get_by_role("link", name="This month").click()
    table = visitor.page.get_by_role("table")
    change = (await server.app._services.ladders.top(DECK))[0].rating - 1500
    await expect(table.locator("tr[data-player]").first).to_contain_text(f"+{change}")
    await expect(table.get_by_role("columnheader", name="This month")).to_be_visible()
    current = visitor.page.get_by_role("link", name="This month")
    await expect(current).to_have_attribute("aria-current", "page")


async def test_the_board_says_who_is_here(served: Start, visit: Visit) -> None:
    server = await served()
    ada, bob = await known(server, "Ada"), await known(server, "Bob")
    await matches(server, ada, bob)
    visitor = await visit(server.url)
    row = visitor.page.get_by_role("row", name="Ada")
    async with connected(server.url, ada.signed_up):
        await visitor.go(BOARD)
        await expect(row).to_contain_text("here now")
        await expect(visitor.page.get_by_role("row", name="Bob")).not_to_contain_text("here now")
    await expect(row).not_to_contain_text("here now")
    async with connected(server.url, ada.signed_up):
        await expect(row).to_contain_text("here now")


async def test_who_is_here_and_free_is_challenged_from_the_board(
    served: Start, visit: Visit
) -> None:
    server = await served(rounds=3)
    ada, bob, cyd = [await known(server, name) for name in ("Ada", "Bob", "Cyd")]
    await matches(server, ada, bob)
    await matches(server, ada, cyd)
    visitor = await visit(server.url, width=TABLET)
    await as_player(visitor, ada)
    asks = visitor.page.get_by_role("button", name=re.compile("^Challenge (Ada|Bob|Cyd)$"))
    async with connected(server.url, bob.signed_up) as one:
        for path in (BOARD, DECK_PAGE):
            await visitor.go(path)
            await expect(asks).to_have_count(1)  # not oneself, and not who is away
            await stands_well(visitor)
            await asks.press("Enter")
            offer = await one.until("challenge_changed")
            assert (offer["by"]["id"], offer["to"]["id"], offer["rated"]) == (ada.id, bob.id, True)
            await one.ask("decline_challenge", challenge=offer["challenge"])
        await visitor.page.set_viewport_size({"width": PHONE, "height": 740})
        await expect(asks).to_have_count(0)
        await visitor.page.set_viewport_size({"width": TABLET, "height": 1024})
        await expect(asks).to_have_count(1)
        async with connected(server.url, cyd.signed_up) as two:
            await expect(asks).to_have_count(2)
            await begin(one, two)
            await expect(asks).to_have_count(0)


async def test_the_board_follows_the_matches(served: Start, visit: Visit) -> None:
    server = await served()
    ada, bob, cyd = [await known(server, name) for name in ("Ada", "Bob", "Cyd")]
    await matches(server, ada, bob)
    visitor = await visit(server.url)
    await visitor.go(BOARD)
    await expect(visitor.locator("tr[data-player]")).to_have_count(2)
    await visitor.page.get_by_role("link", name="Bob").focus()
    await matches(server, ada, cyd)
    await expect(visitor.locator("tr[data-player]")).to_have_count(3)
    await expect(visitor.page.get_by_role("link", name="Bob")).to_be_focused()


async def test_below_the_top_10_stand_those_around_oneself(served: Start, visit: Visit) -> None:
    server = await served()
    *others, last = await a_board(server, 18)
    visitor = await visit(server.url)
    await as_player(visitor, last)
    await visitor.go(DECK_PAGE)
    board = visitor.locator("deckduel-ladder")
    await expect(board.locator("tbody").first.locator("tr")).to_have_count(10)
    around = board.locator("tbody").nth(1)
    await expect(around.get_by_role("rowheader").first).to_have_text("Around you")
    await expect(around.locator("tr[data-player]")).to_have_count(6)
    await expect(around.locator("tr[data-me] .rank")).to_have_text("18")
    for _ in range(3):
        await matches(server, last, others[0])
    (own,) = await server.app._services.boards[DECK].around(last.account.id, 0)
    await expect(board.locator("tr[data-me] .rank")).to_have_text(str(own.rank))
    winner = await visit(server.url)
    await as_player(winner, others[5])
    await winner.go(DECK_PAGE)
    await expect(winner.locator("deckduel-ladder tbody")).to_have_count(1)


@pytest.mark.parametrize("width", [PHONE, TABLET, DESKTOP])
async def test_the_board_stands_well_at_every_width(
    served: Start, visit: Visit, width: int
) -> None:
    server = await served()
    wide, long = await known(server, "W" * 20), await known(server, "Donaudampfschifffahr")
    await matches(server, wide, long, [WON] * 12)
    visitor = await visit(server.url, width=width, touch=width == PHONE)
    await as_player(visitor, long)
    for query in ("", "?period=week"):
        await visitor.go(BOARD + query)
        await expect(
            visitor.locator(".dot[data-here]").or_(visitor.locator("tr[data-me]")).first
        ).to_be_visible()
        await stands_well(visitor)
        await never_jumped(visitor)
    if width != TABLET:
        await axe_finds_nothing(visitor)
    await expect(visitor.page).to_have_title(re.compile("Leaderboard"))
