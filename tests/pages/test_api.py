"""The page of calls and messages: all of both documents, as text, at every width."""

import json
import re
from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import expect

from tests.pages.test_accessibility import axe_finds_nothing
from tests.pages.test_layout import never_jumped, stands_well
from tests.pages.visitor import DESKTOP, PHONE, TABLET, Visit
from tests.support.player import get
from tests.support.served import Served

Start = Callable[..., Awaitable[Served]]

UNAVAILABLE = re.compile("status of 503")


async def test_every_call_message_and_key_stands_on_the_page_to_be_searched(
    served: Start, visit: Visit
) -> None:
    server = await served()
    openapi = await get(f"{server.url}/api/openapi.json")
    schema = await get(f"{server.url}/api/schema")
    ada = await visit(server.url)
    await ada.go("/api")
    await ada.headline("For programs")
    await ada.reads("Bodies and answers of calls")
    text = await ada.page.evaluate("document.getElementById('main').textContent")
    for path, methods in openapi["paths"].items():
        assert all(f"{method.upper()} {path}" in text for method in methods)
    parts = [*openapi["components"]["schemas"].values(), *schema["$defs"].values()]
    for key in {key for part in parts for key in part.get("properties", {})}:
        assert key in text
    assert '"deck": "deep-learning-interview"' in text


async def test_every_link_of_the_page_leads_somewhere(served: Start, visit: Visit) -> None:
    server = await served()
    ada = await visit(server.url)
    await ada.go("/api")
    await ada.reads("Bodies and answers of calls")
    lost = await ada.page.evaluate(
        "[...document.querySelectorAll('main a[href^=\"#\"]')].map((a) => a.hash.slice(1))"
        ".filter((id) => document.getElementById(id) === null)"
    )
    assert lost == []
    ids = await ada.page.evaluate("[...document.querySelectorAll('[id]')].map(({ id }) => id)")
    assert len(set(ids)) == len(ids)
    links = await ada.page.evaluate(
        "[...document.querySelectorAll('main a:not([href^=\"#\"])')].map((a) => a.pathname)"
    )
    assert set(links) == {"/guides/bots", "/guides/protocol", "/api/openapi.json", "/api/schema"}
    for link in links:
        answer = await ada.context.request.get(server.url + link)
        assert answer.ok, link


async def test_a_link_to_a_message_opens_the_page_there(served: Start, visit: Visit) -> None:
    ada = await visit((await served()).url)
    await ada.go("/api#message-RoundClosed")
    await expect(ada.locator("#message-RoundClosed h3")).to_be_in_viewport()
    await expect(ada.locator(".api-entry [open]")).to_have_count(1)
    await expect(ada.locator("#message-RoundClosed pre")).to_be_visible()
    seek = ada.page.get_by_role("link", name="seek", exact=True)
    for _ in range(2):  # closed again, the same link opens it again
        await seek.click()
        await expect(ada.locator("#message-Seek h3")).to_be_in_viewport()
        await ada.locator("#message-Seek summary").click()
        await expect(ada.locator("#message-Seek pre")).to_be_hidden()
    height: int = await ada.page.evaluate("document.documentElement.scrollHeight")
    assert height < 20_000


async def test_the_page_is_found_from_one_s_own(served: Start, visit: Visit) -> None:
    ada = await visit((await served()).url)
    await ada.go("/me")
    await ada.page.get_by_label("Your name").fill("Ada")
    await ada.page.get_by_role("button", name="Take this name").click()
    await ada.headline("Ada")
    await ada.page.get_by_role("link", name="For bots and tools").click()
    await ada.headline("For programs")


@pytest.mark.parametrize("width", [PHONE, TABLET, DESKTOP])
async def test_the_page_stands_well(served: Start, visit: Visit, width: int) -> None:
    ada = await visit((await served()).url, width=width, touch=width == PHONE)
    await ada.go("/api")
    await ada.reads("Bodies and answers of calls")
    await stands_well(ada)
    await never_jumped(ada)


async def test_axe_finds_nothing_on_the_page(served: Start, visit: Visit) -> None:
    """Shown a few calls, messages and shapes: of all of them axe would take minutes."""
    server = await served()
    openapi = await get(f"{server.url}/api/openapi.json")
    schema = await get(f"{server.url}/api/schema")
    for calls in (openapi["paths"], openapi["components"]["schemas"]):
        for name in list(calls)[3:]:
            del calls[name]
    sides = [schema["$defs"][side]["anyOf"] for side in ("ClientMessage", "ServerMessage")]
    for side in sides:
        del side[3:]
    for name, part in list(schema["$defs"].items()):
        if "examples" in part and f'/{name}"' not in json.dumps(sides):
            del schema["$defs"][name]
    ada = await visit(server.url)
    await ada.page.route("**/api/openapi.json", lambda route: route.fulfill(json=openapi))
    await ada.page.route("**/api/schema", lambda route: route.fulfill(json=schema))
    await ada.go("/api")
    await ada.reads("Bodies and answers of calls")
    await axe_finds_nothing(ada)


async def test_a_server_that_does_not_answer_is_told(served: Start, visit: Visit) -> None:
    ada = await visit((await served()).url)
    await ada.page.route("**/api/schema", lambda route: route.fulfill(status=503, body="{}"))
    ada.forgive(UNAVAILABLE)
    await ada.go("/api")
    await ada.reads("Then reload this page.")
