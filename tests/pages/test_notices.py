"""What a player is told on every page: a challenge to answer, what became of one's own, a match."""

import asyncio
from collections.abc import Awaitable, Callable

import aiohttp
import pytest
from playwright.async_api import WebSocket, expect

from server.core.challenge import LIFE_MS, Kind
from tests.pages.noticing import (
    LEARN,
    briefly_told,
    button,
    challenger,
    challenges,
    looks_away,
    looks_back,
    notice,
    player_on,
    told,
    wins_the_only_round,
)
from tests.pages.test_accessibility import axe_finds_nothing
from tests.pages.test_layout import never_jumped
from tests.pages.visitor import DECK_PAGE, DESKTOP, PHONE, TABLET, Visit, Visitor
from tests.support.player import DECK, Map, Player, begin, connected, play_out, sign_up
from tests.support.served import Served

Start = Callable[..., Awaitable[Served]]

STUDY = [f"{DECK_PAGE}/{mode}" for mode in ("flashcards", "learn", "test", "match")]
WITH_SOCKETS = [DECK_PAGE, f"{DECK_PAGE}/challenge", f"{DECK_PAGE}/leaderboard"]
PAGES = [*STUDY, *WITH_SOCKETS, "/me", "/players/practice-1", "/", "/api"]
SHORT_MS = 2_000


async def sockets(visitor: Visitor, path: str) -> int:
    """How many sockets a page opens."""
    opened: list[WebSocket] = []

    def count(socket: WebSocket) -> None:
        opened.append(socket)

    # The page before may be about to open its own.
    await visitor.page.goto("about:blank")
    visitor.page.on("websocket", count)
    await visitor.go(path)
    await visitor.page.wait_for_load_state("networkidle")
    visitor.page.remove_listener("websocket", count)
    return len(opened)


async def test_a_challenge_is_told_on_every_page_and_can_be_declined(
    served: Start, visit: Visit
) -> None:
    server = await served()
    ada = await visit(server.url)
    async with player_on(ada, LEARN) as account, challenger(server.url) as bob:
        link = (await bob.ask("challenge", deck=DECK))["challenge"]
        for path in (*PAGES, f"/challenges/{link}", await keeping(ada.url, account)):
            await ada.goes_and_hears(path)
            await is_told_and_declines(ada, account, bob)


async def keeping(url: str, account: Map) -> str:
    """The address of a one-time link of a player's own."""
    headers = {"Authorization": f"Bearer {account['token']}"}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.post(f"{url}/api/me/links") as answer,
    ):
        path: str = (await answer.json())["path"]
        return path


async def is_told_and_declines(ada: Visitor, account: Map, bob: Player) -> None:
    """Have Bob challenge Ada, who is told of it on the page that she looks at, and declines."""
    focused = await ada.page.evaluate("document.activeElement.outerHTML.slice(0, 80)")
    await challenges(bob, account["id"])
    await told(ada, "Bob (1500?) challenges you")
    await told(ada, "Win +20, draw 0, lose −20.")
    await expect(ada.locator("#aloud")).to_contain_text("Bob (1500?) challenges you.")
    assert focused == await ada.page.evaluate("document.activeElement.outerHTML.slice(0, 80)")
    await never_jumped(ada)
    await button(ada, "Decline").click()
    await bob.until("challenge_changed", state="declined")
    await expect(notice(ada)).to_have_count(0)


async def test_a_page_opens_no_socket_for_who_has_no_name_and_one_for_a_player(
    served: Start, visit: Visit
) -> None:
    server = await served()
    ada = await visit(server.url)
    for path in STUDY:
        assert await sockets(ada, path) == 0
    await ada.sign_in(await sign_up(server.url, "Ada"))
    for path in (*STUDY, *WITH_SOCKETS):
        assert await sockets(ada, path) == 1


async def test_accepting_leads_both_to_the_match(served: Start, visit: Visit) -> None:
    server = await served()
    ada = await visit(server.url)
    async with player_on(ada, LEARN) as account, challenger(server.url) as bob:
        await challenges(bob, account["id"])
        await button(ada, "Accept").press("Enter")
        match = (await bob.until("paired"))["match"]
        await ada.page.wait_for_url(f"**/matches/{match}")


async def test_whoever_watches_a_match_is_told_of_his_own_and_goes_there(
    served: Start, visit: Visit
) -> None:
    server = await served(round_ms=60_000, ready_ms=60_000)
    ada = await visit(server.url, width=PHONE, touch=True)
    account = await sign_up(server.url, "Ada")
    await ada.sign_in(account)
    async with (
        connected(server.url, account) as elsewhere,
        challenger(server.url) as bob,
        challenger(server.url, "Cy") as cy,
        challenger(server.url, "Dee") as dee,
    ):
        link = (await elsewhere.ask("challenge", deck=DECK))["challenge"]
        await ada.go(f"/matches/{await begin(cy, dee)}")
        await ada.reads("You are watching.")
        await challenges(bob, account["id"])
        await told(ada, "Bob (1500?) challenges you")
        await ada.stands_still()
        scores, strip = [
            await ada.locator(part).bounding_box() for part in (".scoreboard", "deckduel-notice")
        ]
        assert scores is not None
        assert strip is not None
        assert scores["y"] + scores["height"] <= strip["y"]
        async with briefly_told(ada, "Bob accepted."):
            match = (await bob.ask("accept_challenge", challenge=link))["match"]
        await ada.page.wait_for_url(f"**/matches/{match}")
        await ada.reads("ready")


async def test_a_friend_who_takes_my_link_while_the_last_answer_is_shown_plays_me_next(
    served: Start, visit: Visit
) -> None:
    server = await served(rounds=1, round_ms=60_000)
    ada = await visit(server.url)
    account = await sign_up(server.url, "Ada")
    await ada.sign_in(account)
    async with (
        connected(server.url, account) as elsewhere,
        challenger(server.url) as bob,
        challenger(server.url, "Cy") as cy,
    ):
        link = (await elsewhere.ask("challenge", deck=DECK))["challenge"]
        first = await begin(elsewhere, bob)
        await ada.go(f"/matches/{first}")
        await wins_the_only_round(ada, bob, first)
        async with briefly_told(ada, "Cy accepted."):
            match = (await cy.ask("accept_challenge", challenge=link))["match"]
            await ada.headline("You won")
        await ada.page.wait_for_url(f"**/matches/{match}")


async def test_escape_declines_nothing_and_the_keys_of_the_page_stay_with_the_page(
    served: Start, visit: Visit
) -> None:
    server = await served()
    ada = await visit(server.url)
    async with player_on(ada, LEARN) as account, challenger(server.url) as bob:
        question = ada.locator("deckduel-learn-question")
        await expect(question).to_have_attribute("data-phase", "asking")
        await challenges(bob, account["id"])
        await button(ada, "Decline").focus()
        for key in ("Escape", "1", "s"):
            await ada.page.keyboard.press(key)
        await expect(question).to_have_attribute("data-phase", "asking")
        await told(ada, "challenges you")
        await ada.page.keyboard.press("Enter")
        await bob.until("challenge_changed", state="declined")


async def test_the_keyboard_goes_back_to_where_it_was(served: Start, visit: Visit) -> None:
    server = await served()
    ada = await visit(server.url)
    async with player_on(ada, DECK_PAGE) as account, challenger(server.url) as bob:
        await ada.page.get_by_label("Search the terms").focus()
        await challenges(bob, account["id"])
        await button(ada, "Decline").focus()
        await ada.page.keyboard.press("Enter")
        await expect(notice(ada)).to_have_count(0)
        await expect(ada.page.get_by_label("Search the terms")).to_be_focused()


@pytest.mark.parametrize(
    ("path", "answered"), [(LEARN, ".asked, .choice"), (f"{DECK_PAGE}/match", ".tile")]
)
async def test_on_a_phone_a_notice_covers_nothing_that_is_answered(
    served: Start, visit: Visit, path: str, answered: str
) -> None:
    server = await served()
    ada = await visit(server.url, width=PHONE, touch=True)
    async with player_on(ada, path) as account, challenger(server.url, "W" * 20) as bob:
        if path != LEARN:
            await ada.page.get_by_role("button", name="Start").tap()
        await expect(ada.locator(answered).first).to_be_visible()
        places = f"""[...document.querySelectorAll("{answered}")]
            .map((part) => Math.round(part.getBoundingClientRect().top))"""
        before = await ada.page.evaluate(places)
        await challenges(bob, account["id"])
        await told(ada, "challenges you")
        await ada.stands_still()
        assert await ada.page.evaluate(places) == before
        lower = await ada.page.evaluate(
            "document.querySelector('deckduel-notice').getBoundingClientRect().bottom"
        )
        assert lower <= min(before)
        assert await ada.page.evaluate("document.documentElement.scrollWidth") == PHONE


@pytest.mark.parametrize("width", [PHONE, TABLET, DESKTOP])
async def test_a_notice_says_all_and_axe_finds_nothing(
    served: Start, visit: Visit, width: int
) -> None:
    server = await served()
    ada = await visit(server.url, width=width, touch=width == PHONE)
    async with player_on(ada, LEARN) as account, challenger(server.url) as bob:
        await challenges(bob, account["id"], rated=False, rounds=5, limit_ms=10_000)
        await told(ada, "challenges you")
        await axe_finds_nothing(ada)
        await notice(ada).get_by_text("More").click()
        await expect(notice(ada).locator(".notice-menu")).to_contain_text(
            "100 Deep Learning interview. 5 questions, 10 seconds each. A casual match"
        )
        await axe_finds_nothing(ada)


async def test_whoever_is_muted_can_ask_no_more(served: Start, visit: Visit) -> None:
    server = await served()
    ada = await visit(server.url)
    async with player_on(ada, LEARN) as account, challenger(server.url) as bob:
        await challenges(bob, account["id"])
        await notice(ada).get_by_text("More").click()
        await button(ada, "Mute Bob").click()
        await told(ada, "Bob is muted.")
        await bob.until("challenge_changed", state="declined")
        refused = await bob.ask("challenge", deck=DECK, to=account["id"])
        assert refused["reason"] == "not_accepting"
        await notice(ada).get_by_role("link").click()
        await ada.page.wait_for_url("**/me")


async def test_a_page_out_of_sight_says_it_in_its_title(served: Start, visit: Visit) -> None:
    server = await served()
    ada = await visit(server.url)
    async with player_on(ada, LEARN) as account, challenger(server.url) as bob:
        await looks_away(ada)
        code = await challenges(bob, account["id"])
        await expect(ada.page).to_have_title("Bob (1500?) challenges you")
        await bob.ask("withdraw_challenge", challenge=code)
        await expect(ada.page).to_have_title("Bob took this challenge back.")
        await looks_back(ada)
        await expect(ada.page).to_have_title("Learn: 100 Deep Learning interview · Deckduel")
        await told(ada, "Bob took this challenge back.")
        await button(ada, "Close").click()
        await expect(notice(ada)).to_have_count(0)


async def test_one_who_does_not_answer_is_told_that_it_is_too_late(
    served: Start, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(LIFE_MS, Kind.DIRECT, SHORT_MS)
    server = await served()
    ada = await visit(server.url)
    async with player_on(ada, LEARN) as account, challenger(server.url) as bob:
        await challenges(bob, account["id"])
        await told(ada, "challenges you")
        await told(ada, "You did not answer Bob in time.")


async def test_who_is_challenged_first_is_asked_first(served: Start, visit: Visit) -> None:
    server = await served()
    ada = await visit(server.url)
    async with (
        player_on(ada, LEARN) as account,
        challenger(server.url) as bob,
        challenger(server.url, "Cy") as cy,
    ):
        await challenges(bob, account["id"])
        await told(ada, "Bob (1500?) challenges you")
        await challenges(cy, account["id"])
        await told(ada, "Bob (1500?) challenges you (and 1 more)")
        await button(ada, "Decline").click()
        await told(ada, "Cy (1500?) challenges you")


async def finished(ada: Visitor, bob: Player, account: Map) -> str:
    """Have Ada and Bob play a match elsewhere, and open its review; the match."""
    async with connected(ada.url, account) as elsewhere:
        match = await begin(elsewhere, bob)
        await asyncio.gather(play_out(elsewhere, match), play_out(bob, match))
    await ada.go(f"/matches/{match}")
    await expect(ada.page.get_by_role("button", name="Challenge again")).to_be_enabled()
    return match


async def test_a_challenge_from_a_finished_match_is_accepted_and_gone_to(
    served: Start, visit: Visit
) -> None:
    server = await served(rounds=1)
    ada = await visit(server.url)
    async with player_on(ada, DECK_PAGE) as account, challenger(server.url) as bob:
        await finished(ada, bob, account)
        await ada.page.get_by_role("button", name="Challenge again").click()
        asked = await bob.until("challenge_changed", state="open")
        assert (asked["kind"], asked["rated"]) == ("direct", True)
        await told(ada, "Waiting for Bob.")
        async with briefly_told(ada, "Bob accepted."):
            match = (await bob.ask("accept_challenge", challenge=asked["challenge"]))["match"]
        await ada.page.wait_for_url(f"**/matches/{match}")


async def test_a_challenge_from_a_finished_match_is_declined_taken_back_or_muted(
    served: Start, visit: Visit
) -> None:
    server = await served(rounds=1)
    ada = await visit(server.url)
    async with player_on(ada, DECK_PAGE) as account, challenger(server.url) as bob:
        await finished(ada, bob, account)
        again = ada.page.get_by_role("button", name="Challenge again")
        await again.click()
        asked = await bob.until("challenge_changed", state="open")
        await bob.ask("decline_challenge", challenge=asked["challenge"])
        await told(ada, "Bob does not want to play now.")
        await again.click()
        await bob.until("challenge_changed", state="open")
        await button(ada, "Close").or_(button(ada, "Take it back")).first.wait_for()
        if await button(ada, "Close").is_visible():
            await button(ada, "Close").click()
        await button(ada, "Take it back").click()
        await bob.until("challenge_changed", state="withdrawn")
        await expect(notice(ada)).to_have_count(0)


async def accepted_unseen(ada: Visitor, bob: Player, account: Map) -> str:
    """Have Ada challenge Bob in another tab, look away, and Bob accept; the match."""
    async with connected(ada.url, account) as elsewhere:
        code = await challenges(elsewhere, str(bob.id))
        await told(ada, "Waiting for Bob.")
        await looks_away(ada)
        match: str = (await bob.ask("accept_challenge", challenge=code))["match"]
    await expect(ada.page).to_have_title("Bob accepted.")
    return match


async def test_a_page_out_of_sight_goes_to_the_match_when_it_is_looked_at(
    served: Start, visit: Visit
) -> None:
    server = await served(ready_ms=60_000)
    ada = await visit(server.url)
    async with player_on(ada, LEARN) as account, challenger(server.url) as bob:
        match = await accepted_unseen(ada, bob, account)
        await told(ada, "Taking you to the match.")
        assert ada.page.url.endswith("/learn")
        await looks_back(ada)
        await ada.page.wait_for_url(f"**/matches/{match}")


async def test_a_page_out_of_sight_stays_where_the_match_is_over_when_it_is_looked_at(
    served: Start, visit: Visit
) -> None:
    server = await served(ready_ms=1_000)
    ada = await visit(server.url)
    async with player_on(ada, LEARN) as account, challenger(server.url) as bob:
        match = await accepted_unseen(ada, bob, account)
        if (await bob.ask("enter", match=match))["result"] is None:
            await bob.until("match_over")
        await looks_back(ada)
        await expect(notice(ada)).to_have_count(0)
        assert ada.page.url.endswith("/learn")
