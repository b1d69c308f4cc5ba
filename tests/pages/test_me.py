"""One's own page: name, devices, challenges, leaving; in a real Chromium."""

import asyncio
import re
from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Route, expect

from server.store import keys
from server.store.link import Link
from server.store.onelinks import LIFE_MS
from server.web.session import COOKIE
from tests.pages.naming import REFUSED, authenticator, local, make_link, named, press
from tests.pages.test_accessibility import axe_finds_nothing
from tests.pages.visitor import DECK_PAGE, DESKTOP, PHONE, TABLET, Visit, Visitor
from tests.support.player import DECK, sign_up
from tests.support.served import Served

Serve = Callable[..., Awaitable[Served]]


@pytest.fixture
async def server(served: Serve) -> Served:
    return await served(rounds=1)


async def test_a_second_device_comes_in_by_the_link_once(visit: Visit, server: Served) -> None:
    laptop, phone = await visit(server.url), await visit(server.url, width=PHONE, touch=True)
    await named(laptop, "Ada")
    path = await make_link(laptop)
    await expect(laptop.locator("deckduel-account-device .qr")).to_be_visible()
    assert await laptop.page.evaluate(
        "() => document.querySelector('deckduel-account-device .qr').naturalWidth > 0"
    )
    await expect(laptop.locator("deckduel-account-device deckduel-seconds")).to_have_text(
        re.compile(r"10:00|9:5\d")
    )
    await phone.go(path)
    await phone.headline("Go on as Ada on this device?")
    await phone.page.reload()  # looking uses nothing up
    await press(phone, "Go on as Ada")
    await expect(phone.locator("#me")).to_have_text("Ada")
    await phone.go("/me")
    await phone.headline("Ada")
    third = await visit(server.url)
    await third.go(path)
    await third.headline("This link has been used")
    await laptop.go(path)
    await laptop.headline("This link has been used")
    again = await visit(server.url)
    await again.go(path[:-1])
    await again.headline("There is no such link")


async def test_a_link_that_ends_while_it_is_looked_at_says_so(
    visit: Visit, server: Served, link: Link
) -> None:
    laptop, phone = await visit(server.url), await visit(server.url)
    await named(laptop, "Ada")
    path = await make_link(laptop)
    await phone.go(path)
    await phone.headline("Go on as Ada on this device?")
    player = path.removeprefix("/keep/").partition(".")[0]
    await link.call("HINCRBY", f"{{p:{player}}}:link", "ends_at", -LIFE_MS)
    phone.forgive(REFUSED)
    await press(phone, "Go on as Ada")
    await phone.headline("This link is too old")
    await phone.reads("A link is good for ten minutes.")
    await expect(phone.page.get_by_role("button", name="Go on as Ada")).to_be_hidden()


async def test_the_link_runs_out_on_the_page_that_made_it(visit: Visit, server: Served) -> None:
    laptop = await visit(server.url)
    await laptop.page.clock.install()
    await named(laptop, "Ada")
    first = await make_link(laptop)
    await laptop.page.clock.fast_forward(LIFE_MS + 1_000)
    await laptop.reads("That link has run out. Make a new one.")
    await expect(laptop.locator("deckduel-account-device .qr")).to_be_hidden()
    assert await make_link(laptop) != first
    await expect(laptop.locator("deckduel-account-device .qr")).to_be_visible()


async def test_a_device_of_another_player_is_told_what_happens_to_him(
    visit: Visit, server: Served
) -> None:
    laptop, phone = await visit(server.url), await visit(server.url)
    await named(laptop, "Ada")
    await named(phone, "Bob")
    path = await make_link(laptop)
    await phone.go(path)
    await phone.reads("Bob is signed out here")
    await press(phone, "Go on as Ada")
    await expect(phone.locator("#me")).to_have_text("Ada")
    own = await make_link(laptop)
    await laptop.go(own)
    await laptop.headline("You are Ada on this device already")


async def test_signing_out_everywhere_reaches_a_page_that_is_open(
    visit: Visit, server: Served
) -> None:
    laptop, phone = await visit(server.url), await visit(server.url)
    await named(laptop, "Ada")
    await phone.go(await make_link(laptop))
    await press(phone, "Go on as Ada")
    await expect(phone.locator("#me")).to_have_text("Ada")
    async with phone.page.expect_websocket():  # it comes back, as nobody
        await press(laptop, "Sign out everywhere")
        await laptop.reads("You have no passkey, so nothing brings you back as Ada")
        await (
            laptop.locator("dialog[open]").get_by_role("button", name="Sign out everywhere").click()
        )
    await laptop.headline("Choose a name")
    assert not [one for one in await laptop.context.cookies() if one.get("name") == COOKIE]
    await phone.go("/me")
    await phone.headline("Choose a name")


async def test_a_name_is_changed_once_and_the_head_shows_it(visit: Visit, server: Served) -> None:
    ada = await visit(server.url)
    await sign_up(server.url, "Bob")
    await named(ada, "Ada")
    await ada.reads("You can change it once in 30 days.")
    ada.forgive(REFUSED)
    await ada.page.get_by_label("New name").fill("BOB")
    await press(ada, "Change name")
    await ada.reads("Somebody has this name already")
    await expect(ada.page.get_by_label("New name")).to_be_focused()
    await ada.page.get_by_label("New name").fill("Zoe")
    await expect(ada.page.get_by_text("Somebody has this name already")).to_be_hidden()
    await press(ada, "Change name")
    await ada.headline("Zoe")
    await ada.reads("Your name is changed.")
    await ada.reads("You can change it again on")
    await ada.go(DECK_PAGE)
    await expect(ada.locator("#me a")).to_have_text("Zoe")
    await ada.locator("#me a").click()
    await ada.headline("Zoe")
    await expect(ada.page.get_by_label("New name")).to_be_hidden()


async def test_challenges_are_switched_off_and_the_muted_are_unmuted(
    visit: Visit, server: Served
) -> None:
    ada = await visit(server.url)
    await named(ada, "Ada")
    bob = await sign_up(server.url, "Bob")
    await ada.context.request.put(f"{server.url}/api/me/muted/{bob['id']}")
    await ada.page.reload()
    box = ada.page.get_by_label("Let others challenge me")
    await expect(box).to_be_checked()
    answered = asyncio.Event()

    async def slow(route: Route) -> None:
        await answered.wait()
        await route.continue_()

    await ada.page.route("**/api/me", slow)
    await box.click()
    await ada.page.get_by_role("button", name="Unmute Bob").press("Enter")
    await expect(box).not_to_be_checked()
    answered.set()
    await ada.reads("Your own challenges and links work as before.")
    await expect(ada.page.get_by_text("Muted", exact=True)).to_be_hidden()
    await expect(box).to_be_focused()
    await ada.page.reload()
    await expect(box).not_to_be_checked()


async def test_who_deletes_himself_types_his_name_and_is_gone(
    visit: Visit, server: Served, link: Link
) -> None:
    ada = await visit(server.url)
    await named(ada, "Ada")
    await press(ada, "Delete me")
    await ada.reads("They say “deleted player” in place of your name.")
    sure = ada.locator("dialog[open]").get_by_role("button", name="Delete me")
    await expect(sure).to_be_disabled()
    await ada.page.get_by_label("Type Ada to go on").fill("Ad")
    await expect(sure).to_be_disabled()
    await ada.page.keyboard.press("Escape")
    await press(ada, "Delete me")
    await ada.page.get_by_label("Type Ada to go on").fill(" ada ")
    await ada.page.keyboard.press("Enter")
    await ada.headline("Choose a name")
    assert not await link.call("EXISTS", keys.name("ada"))
    await named(ada, "Ada")


async def test_a_visitor_is_asked_quietly_only_where_it_helps(visit: Visit, server: Served) -> None:
    somebody = await visit(server.url)
    await somebody.go(DECK_PAGE)
    await expect(somebody.locator("#me a")).to_have_text("Sign in")
    for path in ("flashcards", "learn"):
        await somebody.go(f"/decks/{DECK}/{path}")
        await expect(somebody.locator("h1").first).to_be_attached()
        await expect(somebody.locator("#me a")).to_have_count(0)
    await somebody.go("/me")
    await somebody.headline("Choose a name")
    await expect(somebody.locator("#me a")).to_have_count(0)


async def test_who_lost_his_name_is_told_at_his_next_visit(
    visit: Visit, server: Served, link: Link
) -> None:
    ada = await visit(server.url)
    await named(ada, "Ada")
    me = await (await ada.context.request.get(f"{server.url}/api/me")).json()
    await link.call("SET", keys.busy(me["id"]), "unnaming")
    registry = server.app._services.players.registry
    assert await registry.unname(me["id"], "Ada", "unnaming", -(10**14))
    await ada.go(DECK_PAGE)
    await ada.page.get_by_role("link", name="Ada is free again: choose a name").click()
    await ada.headline("Choose a name again")
    await ada.reads("Your name Ada was given free")
    await named_again(ada)


async def named_again(ada: Visitor) -> None:
    await ada.page.get_by_label("Your name").fill("Ada")
    await press(ada, "Take this name")
    await ada.headline("Ada")
    await ada.go(DECK_PAGE)
    await expect(ada.locator("#me a")).to_have_text("Ada")


@pytest.mark.parametrize("width", [PHONE, TABLET, DESKTOP])
async def test_nothing_is_cut_off_and_nothing_is_wrong_for_a_screen_reader(
    visit: Visit, server: Served, width: int
) -> None:
    ada = await visit(local(server), width=width, touch=width == PHONE)
    await named(ada, "Margarethe Steinbach")
    bob = await sign_up(server.url, "Bob")
    await ada.context.request.put(f"{local(server)}/api/me/muted/{bob['id']}")
    await authenticator(ada)
    await ada.page.reload()
    await press(ada, "Add a passkey")
    await ada.reads("This device has a passkey now.")
    await make_link(ada)
    assert await ada.page.evaluate(
        "() => document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    )
    await axe_finds_nothing(ada)
    await press(ada, "Delete me")
    await axe_finds_nothing(ada)
