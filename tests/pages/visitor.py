"""A person with a browser: where they are, what they press, what their browser complains of."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final, Protocol, TypedDict, Unpack

from playwright.async_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    ViewportSize,
    WebError,
    WebSocket,
    expect,
)

from server.web.session import COOKIE
from tests.pages.answers import right
from tests.support.player import DECK, Map

PATIENCE_MS: Final = 60_000
"""Nothing that a test waits for takes longer on a busy machine."""

DECK_PAGE: Final = f"/decks/{DECK}"

PHONE: Final = 360
TABLET: Final = 768
DESKTOP: Final = 1440
HEIGHTS: Final = {PHONE: 740, TABLET: 1024, DESKTOP: 900}

OFFLINE: Final = re.compile("ERR_INTERNET_DISCONNECTED")
"""What Chromium says of every try to connect while offline."""
SERVER_GONE: Final = re.compile("WebSocket connection to .* failed|ERR_CONNECTION_REFUSED")
"""What Chromium says of every try to connect while there is no server."""

SCRIPT: Final = Path(__file__).with_name("watch.js").read_text("utf-8")

expect.set_options(timeout=PATIENCE_MS)


class Kind(TypedDict, total=False):
    """What sort of person, on what sort of device; `calm` prefers reduced motion."""

    width: int
    touch: bool
    dark: bool
    calm: bool


class Visit(Protocol):
    """The fixture `visit`."""

    async def __call__(self, url: str, **kind: Unpack[Kind]) -> "Visitor":
        """A new person, with an empty tab."""


class Visitor:
    """One context of the browser; `page` is the tab they look at."""

    def __init__(self, url: str, context: BrowserContext, page: Page) -> None:
        self.url: Final = url
        self.context: Final = context
        self.page = page
        self.complaints: Final[list[str]] = []
        self._forgiven: Final[list[re.Pattern[str]]] = []
        context.on("console", self._console)
        context.on("weberror", self._error)

    @classmethod
    async def at(cls, browser: Browser, url: str, **kind: Unpack[Kind]) -> "Visitor":
        """A person with an empty tab."""
        width, touch = kind.get("width", DESKTOP), kind.get("touch", False)
        context = await browser.new_context(
            viewport=ViewportSize(width=width, height=HEIGHTS[width]),
            has_touch=touch,
            is_mobile=touch,
            device_scale_factor=2 if touch else 1,
            color_scheme="dark" if kind.get("dark") else "light",
            reduced_motion="reduce" if kind.get("calm") else "no-preference",
            ignore_https_errors=True,  # the certificate of a test is signed by nobody
        )
        context.set_default_timeout(PATIENCE_MS)
        await context.add_init_script(SCRIPT)
        return cls(url, context, await context.new_page())

    async def go(self, path: str) -> None:
        """Open a page of the server."""
        await self.page.goto(self.url + path)

    async def goes_and_hears(self, path: str) -> None:
        """Open a page, and wait until the server has spoken on its socket."""
        heard = asyncio.Event()

        def listen(socket: WebSocket) -> None:
            # At once: the first frame may be here before this coroutine goes on.
            socket.on("framereceived", lambda _: heard.set())

        self.page.once("websocket", listen)
        await self.go(path)
        await asyncio.wait_for(heard.wait(), PATIENCE_MS / 1000)

    async def sign_in(self, account: Map) -> None:
        """Be a player that has signed up already."""
        await self.context.add_cookies(
            [{"name": COOKIE, "value": account["token"], "url": self.url}]
        )

    async def sign_up(self, name: str) -> None:
        """Type a name on the challenge page, and look for an opponent."""
        await self.go(f"{DECK_PAGE}/challenge")
        await self.page.get_by_label("Your name").fill(name)
        await self.page.get_by_role("button", name="Find an opponent").click()

    async def answers(self, index: int) -> None:
        """Answer by key, and wait until the server has it."""
        await self.page.keyboard.press(str(index + 1))
        await expect(self.choice(index)).to_have_attribute("data-mine", "")
        await self.reads("Your answer is in.")

    async def best(self) -> int:
        """The right choice."""
        return right(await self.prompt(), await self.choices())

    async def reads(self, text: str | re.Pattern[str]) -> None:
        """Wait until the page shows a text."""
        await expect(self.page.get_by_text(text).locator("visible=true").first).to_be_visible()

    @asynccontextmanager
    async def seeing(self, selector: str, text: str) -> AsyncIterator[None]:
        """Wait for words that do not stay, looked for in each frame from before they come."""
        shows = "([part, text]) => document.querySelector(part)?.textContent.includes(text)"
        async with asyncio.TaskGroup() as group:
            group.create_task(self.page.wait_for_function(shows, arg=[selector, text]))
            yield

    async def headline(self, text: str | re.Pattern[str]) -> None:
        """Wait for the first heading of the page."""
        await expect(self.page.locator("h1")).to_have_text(text)

    async def round(self, number: int) -> None:
        """Wait until a round is open."""
        await expect(self.locator(".question .kicker")).to_contain_text(f"Round {number} of")
        await expect(self.locator("deckduel-clock:not([data-resting])")).to_be_visible()

    async def revealed(self, number: int) -> None:
        """Wait until a round is closed and its right choice shown."""
        await expect(self.locator(".question .kicker")).to_contain_text(f"Round {number} of")
        await expect(self.locator(".choice[data-verdict=right]")).to_be_visible()

    async def stands_still(self) -> None:
        """Wait until only the timer, or the sign of a wait, is in motion."""
        await self.page.wait_for_function(
            "() => watched.motions().every((motion) => /clock-bar|searching/.test(motion))"
        )

    async def zooms_out(self) -> None:
        """Undo the zoom with which a phone's browser may answer a tap on a field of text."""
        session = await self.context.new_cdp_session(self.page)
        await session.send("Emulation.setPageScaleFactor", {"pageScaleFactor": 1})
        await session.detach()

    def locator(self, selector: str) -> Locator:
        """What a selector finds on the page."""
        return self.page.locator(selector)

    def choice(self, index: int) -> Locator:
        """The button of a choice."""
        return self.page.locator(".choice").nth(index)

    async def prompt(self) -> str:
        """The question."""
        return await self.page.locator(".question .prompt").inner_text()

    async def choices(self) -> list[str]:
        """The four texts to choose from."""
        return await self.page.locator(".choice .text").all_inner_texts()

    async def clock_s(self) -> int:
        """The seconds left, as the clock says."""
        minutes, _, seconds = (await self.page.locator(".clock-digits").inner_text()).rpartition(
            ":"
        )
        return 60 * int(minutes or 0) + int(seconds)

    async def totals(self) -> dict[str, str]:
        """Points by name, from the scoreboard or the result."""
        found = {}
        for side in await self.page.locator(".scoreboard > *, .gain").all():
            name, total = await side.locator(".name, .total").all_inner_texts()
            found[name.replace("\xa0", " ").removesuffix(" (you)")] = total.removesuffix(
                "points"
            ).strip()
        return found

    def forgive(self, complaint: re.Pattern[str]) -> None:
        """Expect a complaint, from now on."""
        self._forgiven.append(complaint)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self._complain(message.text)

    def _error(self, error: WebError) -> None:
        self._complain(str(error.error))

    def _complain(self, text: str) -> None:
        if not any(pattern.search(text) for pattern in self._forgiven):
            self.complaints.append(text)
