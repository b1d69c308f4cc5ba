"""Passkeys in a real Chromium, with its virtual authenticator: added, used, forged, repeated."""

import base64
import json
import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import CDPSession, Route, expect

from tests.pages.naming import REFUSED, authenticator, local, named, press
from tests.pages.visitor import Visit, Visitor
from tests.support.served import Served

Serve = Callable[..., Awaitable[Served]]


@pytest.fixture
async def server(served: Serve) -> Served:
    return await served(rounds=1)


async def with_passkey(visit: Visit, server: Served) -> tuple[Visitor, CDPSession, str]:
    """Ada, who has added a passkey and signed out."""
    ada = await visit(local(server))
    session, store = await authenticator(ada)
    await named(ada, "Ada")
    await press(ada, "Add a passkey")
    await ada.reads("This device has a passkey now.")
    await expect(ada.locator("deckduel-account-passkeys .rows li")).to_have_count(1)
    await press(ada, "Sign out here")
    await ada.reads("You come back as Ada with your passkey.")
    await press(ada, "Sign out")
    await ada.headline("Choose a name")
    return ada, session, store


async def test_a_passkey_is_added_and_signs_in_without_a_name(visit: Visit, server: Served) -> None:
    ada, session, store = await with_passkey(visit, server)
    for times in (2, 3):
        await press(ada, "Sign in with a passkey")
        await ada.headline("Ada")
        found = await session.send("WebAuthn.getCredentials", {"authenticatorId": store})
        assert [one["signCount"] for one in found["credentials"]] == [times]
        await press(ada, "Sign out here")
        await press(ada, "Sign out")
        await ada.headline("Choose a name")
    await press(ada, "Sign in with a passkey")
    await ada.headline("Ada")
    await ada.page.get_by_role("button", name=re.compile("^Remove")).click()
    await ada.reads("The passkey is removed.")
    await press(ada, "Sign out here")
    await press(ada, "Sign out")
    await ada.headline("Choose a name")
    ada.forgive(REFUSED)
    await press(ada, "Sign in with a passkey")
    await ada.reads("This passkey is not known here")


async def test_the_same_device_is_not_given_a_second_passkey(visit: Visit, server: Served) -> None:
    ada = await visit(local(server))
    await authenticator(ada)
    await named(ada, "Ada")
    for _ in range(2):
        await press(ada, "Add a passkey")
        await ada.reads("This device has a passkey now.")
        await expect(ada.locator("deckduel-account-passkeys .rows li")).to_have_count(1)


def flipped(text: str) -> str:
    """A base64url text of bytes of which the last is another."""
    raw = bytearray(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    raw[-1] ^= 1
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def signature(passkey: Any) -> None:  # noqa: ANN401 - any JSON
    passkey["response"]["signature"] = flipped(passkey["response"]["signature"])


def counter(passkey: Any) -> None:  # noqa: ANN401 - any JSON
    data = passkey["response"]["authenticatorData"]
    passkey["response"]["authenticatorData"] = flipped(data)


def owner(passkey: Any) -> None:  # noqa: ANN401 - any JSON
    passkey["response"]["userHandle"] = base64.urlsafe_b64encode(b"somebody").decode().rstrip("=")


@pytest.mark.parametrize("forge", [signature, counter, owner])
async def test_a_forged_signature_signs_nobody_in(
    visit: Visit, server: Served, forge: Callable[[Any], None]
) -> None:
    ada, _, _ = await with_passkey(visit, server)

    async def change(route: Route) -> None:
        sent = json.loads(route.request.post_data or "")
        forge(sent["passkey"])
        await route.continue_(post_data=json.dumps(sent))

    await ada.page.route("**/api/sessions", change)
    ada.forgive(REFUSED)
    await press(ada, "Sign in with a passkey")
    await ada.reads(re.compile("could not be checked|not known here"))
    await ada.go("/me")
    await ada.headline("Choose a name")


async def test_a_signature_counts_once_and_only_where_it_was_made(
    visit: Visit, server: Served, served: Serve
) -> None:
    ada, _, _ = await with_passkey(visit, server)
    kept: list[str] = []

    async def keep(route: Route) -> None:
        kept.append(route.request.post_data or "")
        await route.abort()

    await ada.page.route("**/api/sessions", keep)
    ada.forgive(re.compile("ERR_FAILED"))
    for _ in range(2):
        await press(ada, "Sign in with a passkey")
        await ada.reads("The server does not answer.")
    elsewhere = await served(rounds=1)
    foreign, good = kept
    for where, body, want in (
        (elsewhere, foreign, (422, "This passkey could not be checked")),
        (server, foreign, (422, "That took too long, or was done already")),
        (server, good, (201, "")),
        (server, good, (422, "That took too long, or was done already")),
    ):
        headers = {"content-type": "application/json"}
        answer = await ada.context.request.post(
            f"{local(where)}/api/sessions", data=body, headers=headers
        )
        assert answer.status == want[0]
        assert want[1] in await answer.text()


async def test_where_there_are_no_passkeys_the_page_offers_the_link(
    visit: Visit, server: Served
) -> None:
    ada = await visit(server.url)  # an address in numbers has none
    await ada.go("/me")
    await ada.reads("This browser has no passkeys for this address")
    await expect(ada.page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
    await named(ada, "Ada")
    await ada.reads("Use a link instead.")
    await expect(ada.page.get_by_role("button", name="Add a passkey")).to_be_hidden()
