"""What a match survives: tabs, absences, servers that come and go; each seen on the page."""

import asyncio
import re
from collections.abc import Awaitable, Callable

from playwright.async_api import expect

from tests.conftest import quick_settings
from tests.pages.meeting import answer, in_round_one, match_of, paired_with
from tests.pages.visitor import DECK_PAGE, SERVER_GONE, Visit
from tests.serving import free_port
from tests.support.player import DECK, connected, pair, sign_up
from tests.support.served import Served, serve

Start = Callable[..., Awaitable[Served]]

NEVER_READY = """
const send = WebSocket.prototype.send;
WebSocket.prototype.send = function (frame) {
  const text = typeof frame === "string" ? frame : new TextDecoder().decode(frame);
  if (!text.includes("ready")) send.call(this, frame);
};
"""
"""A page whose word that it is ready never gets out."""


async def test_a_second_tab_joins_the_match_and_is_told_the_answer(
    served: Start, visit: Visit
) -> None:
    server = await served(round_ms=60_000)
    ada = await visit(server.url)
    async with in_round_one(ada) as bob:
        first, second = ada.page, await ada.context.new_page()
        asked = await ada.prompt()
        ada.page = second
        await ada.go(DECK_PAGE)
        await ada.reads("You are in a match.")
        await second.get_by_role("link", name="Go to it").click()
        await ada.round(1)
        assert second.url == first.url
        assert await ada.prompt() == asked
        await ada.answers(await ada.best())
        await expect(first.locator(".choice[data-mine]")).to_have_count(1)
        await first.close()
        await answer(bob, 1, 0)
        await ada.round(2)
        await expect(ada.locator(".scoreboard .state[data-away]")).to_have_count(0)


async def test_whoever_is_in_a_match_is_taken_to_it_instead_of_another(
    served: Start, visit: Visit
) -> None:
    server = await served(round_ms=60_000)
    ada = await visit(server.url)
    async with in_round_one(ada):
        match = ada.page.url
        ada.page = await ada.context.new_page()
        await ada.go(f"{DECK_PAGE}/challenge")
        await ada.page.wait_for_url(match)
        await ada.round(1)


async def test_the_cost_of_resigning_follows_the_match_while_it_is_read(
    served: Start, visit: Visit
) -> None:
    server = await served(round_ms=60_000)
    ada = await visit(server.url)
    async with in_round_one(ada) as bob:
        await ada.page.get_by_role("button", name="Resign").click()
        await ada.reads(re.compile("^Nobody has answered yet"))
        await answer(bob, 1, 0)
        await ada.reads(re.compile("^You lose the match. Win"))
        await ada.page.get_by_role("dialog").get_by_role("button", name="Resign").click()
        await ada.headline("You lost")
        await expect(ada.locator("body")).not_to_have_class("playing")


async def test_an_opponent_who_is_gone_forfeits_after_a_countdown(
    served: Start, visit: Visit
) -> None:
    server = await served(forfeit_ms=5000, round_ms=60_000)
    ada = await visit(server.url)
    async with in_round_one(ada) as bob:
        await ada.answers(await ada.best())
        await bob.close()
        away = ada.locator(".scoreboard .state[data-away]")
        await expect(away).to_have_text(re.compile(r"^forfeits in \d\s*s$"))
        seen = await away.inner_text()
        await expect(away).not_to_have_text(seen)
        await ada.headline("You won")
        await ada.reads("Bob stayed away too long.")
        await expect(ada.locator(".gain[data-won]")).to_contain_text("(+20)")


async def test_when_both_stay_away_the_match_is_aborted_and_its_page_says_so(
    served: Start, visit: Visit
) -> None:
    server = await served(forfeit_ms=6000, round_ms=60_000)
    ada = await visit(server.url)
    async with in_round_one(ada) as bob, connected(server.url) as onlooker:
        match = match_of(bob)
        await onlooker.ask("enter", match=match)
        await ada.answers(0)
        await asyncio.gather(ada.page.goto("about:blank"), bob.close())
        await onlooker.until("match_over")
    await ada.go(f"/matches/{match}")
    await ada.headline("Match aborted")
    await ada.reads("Both players stayed away, so no rating moves.")
    await expect(ada.locator(".gain .rating")).to_have_count(0)


async def test_whoever_comes_alone_looks_on_and_reads_why(served: Start, visit: Visit) -> None:
    server = await served(ready_ms=3000)
    ada = await visit(server.url)
    async with paired_with(ada):
        await ada.reads("It starts when both pages are ready.")
        await ada.page.wait_for_url("**/challenge")
        await ada.reads("Bob did not come. Nobody's rating moved. Looking on.")
        await ada.reads("Looking for an opponent")
        async with connected(server.url, await sign_up(server.url, "Cy")) as cy:
            await cy.ask("seek", deck=DECK)
            match = (await cy.until("paired"))["match"]
            await ada.page.wait_for_url(f"**/matches/{match}")


async def test_whoever_does_not_come_reads_that_they_were_missing(
    served: Start, visit: Visit
) -> None:
    server = await served(ready_ms=8000)
    ada = await visit(server.url)
    await ada.context.add_init_script(NEVER_READY)
    async with paired_with(ada) as bob:
        await bob.ask("ready", match=match_of(bob))
        await ada.headline("Match aborted")
        await ada.reads(re.compile("You were missing .* leaving again can mean a wait"))
        await bob.until("seeking")


async def test_a_match_that_nobody_comes_to_is_aborted_before_a_spectators_eyes(
    served: Start, visit: Visit
) -> None:
    server = await served(ready_ms=4000)
    eve = await visit(server.url)
    ada, bob = await sign_up(server.url, "Ada"), await sign_up(server.url, "Bob")
    async with connected(server.url, ada) as one, connected(server.url, bob) as two:
        match = await pair(one, two)
        await eve.go(f"/matches/{match}")
        await eve.reads("It starts when both pages are ready.")
        await eve.headline("Match aborted")
        await eve.reads("Not everybody came in time, so there was no match and no rating moves.")


async def test_a_server_restarted_in_a_round_brings_the_page_back_to_it(
    redis_url: str, served: Start, visit: Visit
) -> None:
    del served  # but for the empty Valkey
    port = free_port()
    server = await serve_at(port, redis_url)
    ada, bob = await visit(server.url), await visit(server.url)
    await ada.sign_up("Ada")
    await ada.reads("Looking for an opponent")
    await bob.sign_up("Bob")
    await ada.round(1)
    await bob.round(1)
    asked = await ada.prompt()
    best = await ada.best()
    await ada.answers(best)
    for visitor in (ada, bob):
        visitor.forgive(SERVER_GONE)
    await server.stop()
    await ada.reads("Connection lost. Reconnecting…")
    server = await serve_at(port, redis_url)
    try:
        for visitor in (ada, bob):
            await expect(visitor.locator("deckduel-connection .notice")).to_be_hidden()
            assert await visitor.prompt() == asked
        await expect(ada.choice(best)).to_have_attribute("data-mine", "")
        await bob.reads("Ada has answered.")
        await bob.page.keyboard.press(str(best + 1))
        await ada.revealed(1)
        await bob.revealed(1)
    finally:
        await server.stop()


async def serve_at(port: int, redis_url: str) -> Served:
    """A server where the last one was."""
    settings = quick_settings(redis_url, reveal_ms=60_000, round_ms=60_000)
    return await serve(settings, redis_url, port)
