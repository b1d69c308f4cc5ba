"""A challenge to a friend: its link, its code, and the page at which the link leads."""

import asyncio
import re
from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Locator, expect

from server.core.challenge import LIFE_MS, Kind
from tests.pages.test_accessibility import axe_finds_nothing
from tests.pages.test_layout import never_jumped, stands_well
from tests.pages.visitor import DECK_PAGE, DESKTOP, PHONE, TABLET, Visit, Visitor
from tests.support.player import DECK, Player, begin, connected, sign_up
from tests.support.served import Served

Start = Callable[..., Awaitable[Served]]

CHALLENGE = f"{DECK_PAGE}/challenge"
SHORT_MS = 3_000
MATCH = "**/matches/*"


def button(visitor: Visitor, name: str) -> Locator:
    """A button of the page by all of its name."""
    return visitor.page.get_by_role("button", name=name, exact=True).locator("visible=true")


async def code_on(visitor: Visitor) -> str:
    """The short code of the link that a page shows."""
    shown = await visitor.locator(".code [aria-hidden]").inner_text()
    return shown.replace(" ", "")


async def makes_a_link(visitor: Visitor, name: str = "Ada") -> str:
    """Type a name and make a link; its code."""
    await visitor.go(CHALLENGE)
    await button(visitor, "Challenge a friend").click()
    dialog = visitor.page.get_by_role("dialog")
    await dialog.get_by_label("Your name").fill(name)
    await dialog.get_by_role("button", name="Make the link").click()
    await visitor.reads("Your link is ready")
    return await code_on(visitor)


async def offers(player: Player, **more: object) -> str:
    """Have a player with a socket make a challenge; its code."""
    made = await player.ask("challenge", deck=DECK, **more)
    assert made["type"] == "challenge_changed", made
    code: str = made["challenge"]
    return code


async def test_a_newcomer_takes_a_name_and_a_link_in_one_go(served: Start, visit: Visit) -> None:
    server = await served()
    ada, bob = await visit(server.url), await visit(server.url)
    code = await makes_a_link(ada)
    await bob.go(f"/challenges/{code}")
    await bob.reads("Ada (1500?) asks you to play")
    await bob.reads("10 questions, 15 seconds each")
    await bob.reads("Rated: it moves your Elo rating.")
    await bob.reads("Open for another 24 hours.")
    await bob.reads("Ada is here and waits for you.")
    await bob.page.get_by_role("link", name="Not now").click()
    await bob.page.wait_for_url(f"**/decks/{DECK}")
    await bob.page.go_back()
    await bob.page.get_by_label("Your name").fill("Bob")
    await bob.page.keyboard.press("Enter")
    await asyncio.gather(ada.page.wait_for_url(MATCH), bob.page.wait_for_url(MATCH))
    assert ada.page.url == bob.page.url
    await asyncio.gather(ada.round(1), bob.round(1))


async def test_who_has_a_name_reads_the_numbers_and_accepts_by_keyboard(
    served: Start, visit: Visit
) -> None:
    server = await served()
    async with connected(server.url, await sign_up(server.url, "Ada")) as ada:
        bob = await visit(server.url)
        await bob.sign_in(await sign_up(server.url, "Bob"))
        await bob.go(f"/challenges/{await offers(ada)}")
        await bob.reads("Rated. Win +20, draw 0, lose −20.")
        await expect(button(bob, "Decline")).to_have_count(0)
        later = bob.page.get_by_role("link", name="Not now")
        await expect(later).to_have_attribute("href", DECK_PAGE)
        await button(bob, "Accept").focus()
        await bob.page.keyboard.press("Enter")
        match = (await ada.until("paired"))["match"]
        await bob.page.wait_for_url(f"**/matches/{match}")


async def test_a_name_that_is_taken_is_said_at_its_field(served: Start, visit: Visit) -> None:
    server = await served()
    async with connected(server.url, await sign_up(server.url, "Ada")) as ada:
        bob = await visit(server.url)
        bob.forgive(re.compile("status of 409"))
        await bob.go(f"/challenges/{await offers(ada)}")
        field = bob.page.get_by_label("Your name")
        await field.fill("ada")
        await field.press("Enter")
        await expect(field).to_have_accessible_description(re.compile("has this name already"))
        await field.fill("Bob")
        await field.press("Enter")
        await bob.page.wait_for_url(MATCH)


async def test_a_link_stays_over_a_reload_and_is_taken_back(served: Start, visit: Visit) -> None:
    server = await served()
    ada, bob = await visit(server.url), await visit(server.url)
    code = await makes_a_link(ada)
    await ada.go(DECK_PAGE)
    await ada.go(CHALLENGE)
    await ada.reads("Your link is ready")
    await ada.page.reload()
    assert await code_on(ada) == code
    await bob.go(f"/challenges/{code}")
    await bob.reads("asks you to play")
    await button(ada, "Take it back").click()
    await bob.reads("Ada took this challenge back.")
    await expect(bob.page.get_by_role("link", name="Find an opponent")).to_be_visible()
    await ada.reads("You took this challenge back.")
    await expect(button(ada, "Challenge a friend")).to_be_focused()
    await bob.page.reload()
    await bob.reads("Ada took this challenge back.")


async def test_a_link_leaves_its_maker_free_to_look_for_another(
    served: Start, visit: Visit
) -> None:
    server = await served()
    ada, bob = await visit(server.url), await visit(server.url)
    code = await makes_a_link(ada)
    await button(ada, "Find an opponent").click()
    await ada.reads("Nobody else is waiting yet.")
    await ada.reads("Your link is ready")
    await bob.sign_in(await sign_up(server.url, "Bob"))
    await bob.go(f"/challenges/{code}")
    await button(bob, "Accept").click()
    await asyncio.gather(ada.page.wait_for_url(MATCH), bob.page.wait_for_url(MATCH))
    assert ada.page.url == bob.page.url


async def test_one_s_own_link_shows_what_there_is_to_pass_on(served: Start, visit: Visit) -> None:
    server = await served()
    ada = await visit(server.url)
    code = await makes_a_link(ada)
    await ada.go(f"/challenges/{code.lower()}")
    await ada.headline("Your challenge")
    address = ada.page.get_by_label("Or send the link")
    await expect(address).to_have_value(f"{server.url}/challenges/{code}")
    picture = ada.page.get_by_role("img", name="QR code of the link")
    await picture.scroll_into_view_if_needed()
    await expect(picture).to_have_js_property("complete", value=True)
    assert await picture.evaluate("(image) => image.naturalWidth") > 0
    await ada.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await button(ada, "Copy").click()
    await expect(button(ada, "Copied")).to_be_visible()
    copied = await ada.page.evaluate("navigator.clipboard.readText()")
    assert copied == f"{server.url}/challenges/{code}"
    await button(ada, "Take it back").click()
    await ada.reads("You took this challenge back.")


async def test_a_page_without_the_clipboard_copies_the_older_way(
    served: Start, visit: Visit
) -> None:
    ada = await visit((await served()).url)
    await ada.context.add_init_script("delete Navigator.prototype.clipboard")
    await makes_a_link(ada)
    await button(ada, "Copy").click()
    await expect(button(ada, "Copied")).to_be_visible()


async def test_accepting_waits_until_the_challenger_is_back(served: Start, visit: Visit) -> None:
    server = await served()
    account = await sign_up(server.url, "Ada")
    bob = await visit(server.url)
    await bob.sign_in(await sign_up(server.url, "Bob"))
    async with connected(server.url, account) as ada:
        await bob.go(f"/challenges/{await offers(ada)}")
        await bob.reads("Ada is here and waits for you.")
        await expect(button(bob, "Accept")).to_be_enabled()
    await bob.reads("Ada is away. Accept works when they are back.")
    await expect(button(bob, "Accept")).to_be_disabled()
    async with connected(server.url, account):
        await bob.reads("Ada is here and waits for you.")
        await button(bob, "Accept").click()
        await bob.page.wait_for_url(MATCH)


async def test_accepting_waits_until_the_match_of_the_challenger_is_over(
    served: Start, visit: Visit
) -> None:
    server = await served()
    ada_, eve_ = [await sign_up(server.url, name) for name in ("Ada", "Eve")]
    async with connected(server.url, ada_) as ada, connected(server.url, eve_) as eve:
        code = await offers(ada)
        match = await begin(ada, eve)
        bob = await visit(server.url)
        await bob.sign_in(await sign_up(server.url, "Bob"))
        await bob.go(f"/challenges/{code}")
        await bob.reads("Ada is in a match. Accept works when it is over.")
        await expect(button(bob, "Accept")).to_be_disabled()
        await eve.ask("resign", match=match)
        await bob.reads("Ada is here and waits for you.")
        await expect(button(bob, "Accept")).to_be_enabled()


async def test_a_link_expires_while_one_looks_at_it(
    served: Start, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(LIFE_MS, Kind.LINK, SHORT_MS)
    server = await served()
    ada, bob = await visit(server.url), await visit(server.url)
    code = await makes_a_link(ada)
    await bob.go(f"/challenges/{code}")
    await bob.reads("This challenge has expired: nobody took it in time.")
    await expect(bob.page.get_by_role("link", name="Make your own challenge")).to_be_visible()
    await ada.reads("This challenge has expired: nobody took it in time.")
    await expect(button(ada, "Challenge a friend")).to_be_visible()


async def test_of_two_who_accept_at_once_one_plays_and_the_other_may_watch(
    served: Start, visit: Visit
) -> None:
    server = await served()
    async with connected(server.url, await sign_up(server.url, "Ada")) as ada:
        code = await offers(ada)
        both = [await visit(server.url) for _ in range(2)]
        for visitor, name in zip(both, ("Bob", "Eve"), strict=True):
            await visitor.sign_in(await sign_up(server.url, name))
            await visitor.go(f"/challenges/{code}")
            await expect(button(visitor, "Accept")).to_be_enabled()
        # Not `click`: it would wait for the button that the page of the slower takes away.
        accepts = [await button(visitor, "Accept").element_handle() for visitor in both]
        await asyncio.gather(*(accept.evaluate("button => button.click()") for accept in accepts))
        match = (await ada.until("paired"))["match"]
        first = await ada.until("challenge_changed", state="accepted")
        bob, eve = both if first["to"]["name"] == "Bob" else reversed(both)
        await bob.page.wait_for_url(f"**/matches/{match}")
        await eve.reads(f"{first['to']['name']} was quicker and took this challenge.")
        watch = eve.page.get_by_role("link", name="Watch the match")
        await expect(watch).to_have_attribute("href", f"/matches/{match}")


async def test_a_direct_challenge_is_declined_on_its_page(served: Start, visit: Visit) -> None:
    server = await served()
    async with connected(server.url, await sign_up(server.url, "Ada")) as ada:
        account = await sign_up(server.url, "Bob")
        bob, eve = await visit(server.url), await visit(server.url)
        await bob.sign_in(account)
        await bob.go(DECK_PAGE)
        code = await offers(ada, to=account["id"])
        await bob.go(f"/challenges/{code}")
        await eve.go(f"/challenges/{code}")
        await eve.reads("Ada asks Bob to play.")
        await expect(eve.page.get_by_role("link", name="Find an opponent")).to_be_visible()
        await button(bob, "Decline").click()
        await bob.reads("You declined.")
        await ada.until("challenge_changed", challenge=code, state="declined")
        await eve.reads("Bob does not want to play now.")


async def test_a_code_is_typed_as_it_was_heard(served: Start, visit: Visit) -> None:
    server = await served()
    async with connected(server.url, await sign_up(server.url, "Ada")) as ada:
        code = await offers(ada)
        bob = await visit(server.url)
        await bob.go(CHALLENGE)
        field = bob.page.get_by_label("Have a code?")
        for wrong, sentence in [
            ("K7Q", "A code is six letters and digits, such as K7Q WXP."),
            ("ZZZ ZZZ", "There is no such challenge."),
        ]:
            await field.fill(wrong)
            await field.press("Enter")
            await expect(field).to_have_accessible_description(re.compile(re.escape(sentence)))
            await expect(field).to_have_attribute("aria-invalid", "true")
            await expect(field).to_be_focused()
        await field.fill(f" {code[:3].lower()}-{code[3:].lower()}")
        await expect(field).not_to_have_attribute("aria-invalid", "true")
        await field.press("Enter")
        await bob.page.wait_for_url(f"**/challenges/{code}")
        await bob.reads("Ada (1500?) asks you to play")


async def test_a_code_of_no_challenge_leads_to_another_opponent(
    served: Start, visit: Visit
) -> None:
    bob = await visit((await served()).url)
    await bob.go("/challenges/ZZZZZZ")
    await bob.headline("No such challenge")
    await bob.page.get_by_role("link", name="Find an opponent").click()
    await bob.page.wait_for_url(f"**/decks/{DECK}")


async def test_a_casual_link_has_its_own_questions_and_seconds(served: Start, visit: Visit) -> None:
    server = await served()
    ada, bob = await visit(server.url), await visit(server.url)
    await ada.sign_in(await sign_up(server.url, "Ada"))
    await ada.go(CHALLENGE)
    friend = ada.locator("deckduel-challenge-friend")
    questions, seconds = friend.get_by_label("Questions"), friend.get_by_label("Seconds each")
    await expect(questions).to_be_disabled()
    await friend.get_by_label("Casual").check()
    await questions.fill("3")
    await seconds.fill("20")
    await seconds.blur()
    await expect(questions).to_have_value("5")
    await button(ada, "Challenge a friend").click()
    await ada.reads("5 questions, 20 seconds each")
    await bob.go(f"/challenges/{await code_on(ada)}")
    await bob.reads("5 questions, 20 seconds each")
    await bob.reads("A casual match: no rating moves.")
    await bob.page.get_by_label("Your name").fill("Bob")
    await button(bob, "Accept").click()
    await asyncio.gather(ada.round(1), bob.round(1))
    await ada.reads("Round 1 of 5")


async def test_who_is_online_is_challenged_from_the_list(served: Start, visit: Visit) -> None:
    server = await served()
    async with connected(server.url, await sign_up(server.url, "Bob")) as bob:
        ada = await visit(server.url)
        await ada.sign_in(await sign_up(server.url, "Ada"))
        await ada.go(CHALLENGE)
        await button(ada, "Challenge Bob").click()
        await ada.reads("Waiting for Bob.")
        offered = await bob.until("challenge_changed", kind="direct")
        await bob.ask("decline_challenge", challenge=offered["challenge"])
        await ada.reads("Bob does not want to play now.")
        await button(ada, "Challenge Bob").click()
        again = await bob.until("challenge_changed", kind="direct", state="open")
        await bob.ask("accept_challenge", challenge=again["challenge"])
        await ada.page.wait_for_url(MATCH)


@pytest.mark.parametrize("width", [PHONE, TABLET, DESKTOP])
async def test_the_pages_of_a_link_stand_well_and_axe_finds_nothing(
    served: Start, visit: Visit, width: int
) -> None:
    server = await served()
    touch = width == PHONE
    ada = await visit(server.url, width=width, touch=touch)
    bob = await visit(server.url, width=width, touch=touch)
    code = await makes_a_link(ada, "W" * 20)
    await stands_well(ada)
    await axe_finds_nothing(ada)
    await ada.page.reload()
    await ada.reads("Your link is ready")
    await never_jumped(ada)
    await ada.go(f"/challenges/{code}")
    await stands_well(ada)
    await bob.go(f"/challenges/{code}")
    await bob.reads("here and waits")
    await stands_well(bob)
    await axe_finds_nothing(bob)
    await ada.page.goto("about:blank")
    await bob.reads("is away")
    await stands_well(bob)
    await ada.go(CHALLENGE)
    await button(ada, "Take it back").click()
    await bob.reads("took this challenge back")
    await stands_well(bob)
    await axe_finds_nothing(bob)
