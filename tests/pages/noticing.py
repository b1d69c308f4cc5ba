"""Ways to be told of challenges, and to look away from a page."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Locator, expect

from tests.pages.visitor import DECK_PAGE, Visitor
from tests.support.player import DECK, Map, Player, connected, sign_up

LEARN = f"{DECK_PAGE}/learn"


def notice(visitor: Visitor) -> Locator:
    """The notice of a page, while there is one."""
    return visitor.locator("deckduel-notice:not([hidden])")


def button(visitor: Visitor, name: str) -> Locator:
    """A button of the notice by all of its name."""
    return notice(visitor).get_by_role("button", name=name, exact=True)


@asynccontextmanager
async def player_on(visitor: Visitor, path: str, name: str = "Ada") -> AsyncIterator[Map]:
    """The visitor as a player, with a page open that hears the server; the account."""
    account = await sign_up(visitor.url, name)
    await visitor.sign_in(account)
    await visitor.goes_and_hears(path)
    yield account


@asynccontextmanager
async def challenger(url: str, name: str = "Bob") -> AsyncIterator[Player]:
    """Another player, with a socket."""
    async with connected(url, await sign_up(url, name)) as player:
        yield player


async def challenges(player: Player, to: str, **more: object) -> str:
    """Have a player challenge another one, who is here by now; the challenge."""
    made = await player.ask("challenge", deck=DECK, to=to, **more)
    assert made["type"] == "challenge_changed", made
    code: str = made["challenge"]
    return code


async def looks_away(visitor: Visitor) -> None:
    """Look at another tab."""
    await _look(visitor, "yes")


async def looks_back(visitor: Visitor) -> None:
    """Look at the page again."""
    await _look(visitor, "")


async def _look(visitor: Visitor, hidden: str) -> None:
    script = """(hidden) => {
        sessionStorage.setItem("tests.hidden", hidden);
        document.dispatchEvent(new Event("visibilitychange"));
    }"""
    await visitor.page.evaluate(script, hidden)


async def told(visitor: Visitor, text: str) -> None:
    """Wait for what the notice says."""
    await expect(notice(visitor)).to_contain_text(text)


@asynccontextmanager
async def briefly_told(visitor: Visitor, text: str) -> AsyncIterator[None]:
    """Wait for what the notice says before the page goes to a match."""
    async with visitor.seeing("deckduel-notice:not([hidden])", text):
        yield


async def wins_the_only_round(visitor: Visitor, opponent: Player, match: str) -> None:
    """Have the visitor be right and the opponent wrong, who has the result and acts at once."""
    await visitor.round(1)
    best = await visitor.best()
    await visitor.answers(best)
    await opponent.ask("answer", match=match, round=1, choice=(best + 1) % 4)
    await opponent.until("match_over")
