"""The page of a deck: its terms, its Top 10."""

from collections.abc import Awaitable, Callable

from playwright.async_api import expect

from tests.pages.answers import terms
from tests.pages.meeting import in_round_one, match_of
from tests.pages.visitor import DECK_PAGE, OFFLINE, Visit
from tests.support.served import Served

Start = Callable[..., Awaitable[Served]]


async def test_the_start_leads_to_the_only_deck(served: Start, visit: Visit) -> None:
    ada = await visit((await served()).url)
    await ada.go("/")
    assert ada.page.url == ada.url + DECK_PAGE
    await ada.headline("100 Deep Learning interview")


async def test_all_terms_stand_in_the_order_of_the_seed(served: Start, visit: Visit) -> None:
    ada = await visit((await served()).url)
    await ada.go(DECK_PAGE)
    await ada.reads("Terms in this set")
    numbers, prompts, answers = [
        await ada.locator(f".term .{part}").all_inner_texts()
        for part in ("number", "prompt", "answer")
    ]
    assert numbers == [str(number) for number in range(1, 101)]
    assert list(zip(prompts, answers, strict=True)) == terms()


async def test_an_empty_top_10_says_what_the_seed_says(served: Start, visit: Visit) -> None:
    ada = await visit((await served()).url)
    await ada.go(DECK_PAGE)
    board = ada.page.get_by_role("region", name="Top 10 Elo")
    await expect(board).to_contain_text("No ratings yet")
    await expect(board).to_contain_text("Play a challenge match to create ratings.")


async def test_the_search_leaves_the_terms_that_match(served: Start, visit: Visit) -> None:
    ada = await visit((await served()).url)
    await ada.go(DECK_PAGE)
    await ada.page.keyboard.press("/")
    await ada.page.keyboard.type("relu")
    wanted = [
        str(number)
        for number, term in enumerate(terms(), start=1)
        if "relu" in " ".join(term).lower()
    ]
    numbers = ada.locator(".term:visible .number")
    await expect(numbers).to_have_text(wanted)
    await ada.reads(f"{len(wanted)} of 100 terms")
    await ada.page.keyboard.type(" and nothing like it")
    await ada.reads("No term matches.")


async def test_stars_are_kept_over_a_reload(served: Start, visit: Visit) -> None:
    ada = await visit((await served()).url)
    await ada.go(DECK_PAGE)
    for number in (7, 58):
        await ada.page.get_by_role("button", name=f"Star term {number}", exact=True).click()
    await ada.page.reload()
    await ada.page.get_by_role("button", name="Starred").click()
    await expect(ada.locator(".term:visible .number")).to_have_text(["7", "58"])
    await ada.page.get_by_role("button", name="Star term 7", exact=True).click()
    await expect(ada.locator(".term:visible .number")).to_have_text(["58"])
    last = ada.page.get_by_role("button", name="Star term 58", exact=True)
    await expect(last).to_be_focused()
    await last.press("Enter")
    await expect(ada.page.get_by_role("button", name="Starred")).to_be_focused()


async def test_hidden_answers_are_revealed_one_by_one_by_keyboard(
    served: Start, visit: Visit
) -> None:
    ada = await visit((await served()).url)
    await ada.go(DECK_PAGE)
    answer = ada.locator(".term .answer").first
    place = await answer.bounding_box()
    await ada.page.get_by_role("button", name="Hide answers").press("Enter")
    covers = ada.page.get_by_role("button", name="Show the answer to term")
    await expect(covers).to_have_count(100)
    await expect(ada.page.get_by_text(terms()[0][1], exact=True)).to_be_hidden()
    await covers.first.press("Enter")
    await expect(covers).to_have_count(99)
    await expect(answer).to_have_text(terms()[0][1])
    await expect(answer).to_be_focused()
    assert await answer.bounding_box() == place


async def test_a_lost_connection_is_told_until_it_is_back(served: Start, visit: Visit) -> None:
    ada = await visit((await served()).url)
    await ada.go(DECK_PAGE)
    ada.forgive(OFFLINE)
    await ada.context.set_offline(True)
    await ada.reads("Connection lost. Reconnecting…")
    await ada.context.set_offline(False)
    await expect(ada.locator("deckduel-connection .notice")).to_be_hidden()


async def test_the_way_to_ones_match_goes_with_the_match(served: Start, visit: Visit) -> None:
    server = await served(round_ms=60_000)
    ada = await visit(server.url)
    async with in_round_one(ada) as bob:
        await ada.answers(0)
        match_page, ada.page = ada.page, await ada.context.new_page()
        await ada.go(DECK_PAGE)
        await ada.reads("You are in a match.")
        await bob.ask("resign", match=match_of(bob))
        await expect(match_page.locator("h1")).to_have_text("You won")
        await expect(ada.locator("deckduel-connection .notice")).to_be_hidden()


async def test_an_address_without_a_page_says_so(served: Start, visit: Visit) -> None:
    ada = await visit((await served()).url)
    for path in ("/decks/nothing", "/decks/nothing/challenge", "/matches/nothing"):
        answer = await ada.page.request.get(ada.url + path)
        assert answer.status == 404
        assert "There is no such page" in await answer.text()
