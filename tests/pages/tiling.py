"""Ways to play the study mode Match, without the time that a person takes."""

import re
from random import Random
from typing import Final

from playwright.async_api import Locator, expect

from deck.library import builtin
from server.core.ids import PlayerId
from server.core.tiles import deal
from server.store import keys
from server.store.link import Link
from server.store.players import Players
from server.store.tiles import Best, Finish, TilesGames
from server.web.session import COOKIE
from tests.pages.answers import ANSWERS
from tests.pages.visitor import DECK_PAGE, Visitor
from tests.support.player import DECK, Map

TILE_KEYS: Final = "1234qwerasdf"
LONG_MS: Final = 20_000
"""A time that a person may well take."""
SOFT_HYPHEN: Final = "\u00ad"
SECONDS: Final = re.compile(r"^(\d+)\.(\d\d) s")


PLACES: Final = """
[...document.querySelectorAll(".tile")].map((tile) => {
  return [tile.offsetLeft, tile.offsetTop, tile.offsetWidth, tile.offsetHeight];
})
"""


async def opened(visitor: Visitor) -> None:
    """Open the mode."""
    await visitor.go(f"{DECK_PAGE}/match")
    await visitor.headline("Match")


async def begun(visitor: Visitor) -> list[tuple[int, int]]:
    """Open the mode and press Start; the pairs."""
    await opened(visitor)
    await button(visitor, "Start").click()
    return await pairs(visitor)


async def pairs(visitor: Visitor) -> list[tuple[int, int]]:
    """The numbers of the tiles that belong together, the questions first."""
    await expect(tiles(visitor)).to_have_count(12)
    shown = await tiles(visitor).locator(".text").all_text_contents()
    texts = [text.replace(SOFT_HYPHEN, "") for text in shown]
    return [(at, texts.index(ANSWERS[text])) for at, text in enumerate(texts) if text in ANSWERS]


def tiles(visitor: Visitor) -> Locator:
    """All twelve."""
    return visitor.locator(".tile")


def button(visitor: Visitor, name: str) -> Locator:
    """A button by its name, which may go on with its key."""
    return visitor.page.get_by_role("button", name=re.compile(f"^{name}"))


async def dealt_ago(link: Link, visitor: Visitor, ms: int) -> None:
    """As if the visitor's game had been dealt so much earlier."""
    key = keys.tiles(PlayerId(await player(link, visitor)), DECK)
    assert await link.call("EXISTS", key)
    await link.call("HINCRBY", key, "dealt_at", -ms)


async def player(link: Link, visitor: Visitor) -> str:
    """Who the server takes a visitor for."""
    (token,) = [c["value"] for c in await visitor.context.cookies() if c["name"] == COOKIE]
    found = await Players(link).remembered(token)
    assert found is not None
    return found


async def play(visitor: Visitor, found: list[tuple[int, int]]) -> None:
    """Find pairs by the tiles' own keys."""
    for tile in (tile for pair in found for tile in pair):
        await visitor.page.keyboard.press(TILE_KEYS[tile])


async def played(visitor: Visitor, link: Link, ms: int = LONG_MS) -> None:
    """A whole game that took a bit over so much time."""
    found = await begun(visitor)
    await dealt_ago(link, visitor, ms)
    await play(visitor, found)
    await expect(result(visitor)).to_be_visible()


def result(visitor: Visitor) -> Locator:
    """The time of a game that is over."""
    return visitor.locator("h2[data-time]")


async def rested(visitor: Visitor) -> None:
    """Let pass the moment in which a press still counts as one for the last pair."""
    now = await visitor.page.evaluate("performance.now()")
    await visitor.page.wait_for_function("(now) => performance.now() - now >= 500", arg=now)


async def result_ms(visitor: Visitor) -> int:
    """The time of a game that is over, in ms."""
    said = (await result(visitor).inner_text()).replace("Your time:", "").strip()
    match = SECONDS.match(said)
    assert match, said
    return int(match[1]) * 1_000 + int(match[2]) * 10


async def listed(visitor: Visitor) -> list[list[str]]:
    """The rows of the list: rank, name, time."""
    rows = await visitor.locator(".best-times tbody tr").all()
    return [
        [text.strip() for text in await row.locator("td, th").all_inner_texts()] for row in rows
    ]


async def has_best(link: Link, account: Map, time_ms: int) -> None:
    """Have a named player on the list."""
    games, who = TilesGames(link, DECK), PlayerId(account["id"])
    await games.begin(who, "g", deal(builtin()[0], Random(1)))  # noqa: S311 - any deal
    finish = Finish(time_ms, time_ms, 0, time_ms, improved=True)
    await games.finish(who, "g", finish, Best(time_ms, 1_735_689_600_000 + time_ms))
    await games.enlist(who)
