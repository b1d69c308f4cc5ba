"""What the tests of accounts do in a browser: take a name, make a link, have a passkey store."""

import re
from typing import Final

from playwright.async_api import CDPSession, expect

from tests.pages.visitor import Visitor
from tests.support.served import Served

REFUSED: Final = re.compile("the server responded with a status of 4")
"""What Chromium says of every call that is refused."""
AUTHENTICATOR: Final = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def local(server: Served) -> str:
    """The address of a server at which a browser has passkeys."""
    return server.url.replace("127.0.0.1", "localhost")


async def press(visitor: Visitor, name: str) -> None:
    await visitor.page.get_by_role("button", name=name, exact=True).click()


async def named(visitor: Visitor, name: str) -> None:
    """Take a name on `/me`."""
    await visitor.go("/me")
    await visitor.page.get_by_label("Your name").fill(name)
    await press(visitor, "Take this name")
    await visitor.headline(name)


async def authenticator(visitor: Visitor) -> tuple[CDPSession, str]:
    """Give the tab a passkey store of its own."""
    session = await visitor.context.new_cdp_session(visitor.page)
    await session.send("WebAuthn.enable")
    made = await session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return session, made["authenticatorId"]


async def make_link(visitor: Visitor) -> str:
    """Press for a link; its path."""
    async with visitor.page.expect_response("**/api/me/links") as made:
        await visitor.page.get_by_role("button", name=re.compile("^Make a")).click()
    path = str((await (await made.value).json())["path"])
    address = visitor.page.get_by_label("Or send yourself the link")
    await expect(address).to_have_value(re.compile(re.escape(path)))
    return path
