"""The frame around every page: one html, with a page's title, script and first data filled in."""

import posixpath
import re
from collections.abc import Callable, Mapping
from functools import cache
from html import escape
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

SITE: Final = "Deckduel"
_PLACE: Final = re.compile(r"\{\{(\w+)\}\}")
_IMPORT: Final = re.compile(r"""^(?:import|export) (?:[^;"]*? from )?"(\.[^"]+)";""", re.MULTILINE)


class Page(Struct, frozen=True):
    """What one page has of its own, beside its module `static/pages/NAME.js`."""

    about: str
    """For those who are sent a link to it: one sentence."""
    main: str = "page"
    """The classes of its main part."""
    narrow: bool = False


PAGES: Final = {
    "index": Page("Study a deck of flashcards, then duel somebody over it.", narrow=True),
    "deck": Page("Study the terms of this deck, then duel somebody over them.", main="page deck"),
    "flashcards": Page("Flip through the cards of this deck, and sort what you know."),
    "learn": Page("Seven cards at a time, and again when they are due."),
    "test": Page("Make a test of this deck, and see what you know."),
    "tiles": Page("Find six pairs against the clock.", main="page tiles"),
    "challenge": Page(
        "Ten timed questions against somebody else, for an Elo rating.",
        main="page challenge",
    ),
    "challenge-link": Page(
        "Somebody challenges you to a match.", main="page challenge", narrow=True
    ),
    "me": Page("Your name here, and how to keep it.", main="page account", narrow=True),
    "keep": Page("A link to go on playing on another device.", main="page account", narrow=True),
    "leaderboard": Page("Everybody who is rated in this deck, the best first.", narrow=True),
    "player": Page("Ratings, matches and how they came.", main="page person"),
    "match": Page(
        "Two players, the same questions at the same moment. The better and faster one wins.",
        main="duel",
    ),
    "api": Page("Every call and message of this server, for those who write a client or a bot."),
}


class Frame:
    """Every page of `static/`, ready to be filled: read once, at start."""

    def __init__(self, folder: Path) -> None:
        self._html: Final = _filled_once(folder)
        self._missing: Final = (folder / "not-found.html").read_text("utf-8")

    def filled(
        self,
        page: str,
        title: str,
        data: object,
        about: str | None = None,
        address: str | None = None,
    ) -> str:
        """A page with its title and the data that its module starts from.

        `about` is what chat programs show below a link to it, where it says more than the
        page's own sentence; `address` the whole one, for a page that links are passed on to.
        """
        # In a script element only `<` could end the data early.
        raw = msgspec.json.encode(data).decode().replace("<", "\\u003c")
        said = escape(about or PAGES[page].about)
        url = f'<meta property="og:url" content="{escape(address)}">' if address else ""
        values = {"title": escape(_titled(title)), "about": said, "url": url, "data": raw}
        return _fill(self._html[page], values.get)

    def missing(self) -> str:
        """The page for an address at which there is nothing."""
        return _fill(self._missing, {"title": _titled("Nothing here")}.get)


def _titled(title: str) -> str:
    return title if title == SITE else f"{title} · {SITE}"


def _fill(html: str, value: Callable[[str], str | None]) -> str:
    """Put a value in each place that has one; the other places stay."""

    def put(place: re.Match[str]) -> str:
        found = value(place[1])
        return place[0] if found is None else found

    return _PLACE.sub(put, html)


@cache
def _filled_once(folder: Path) -> Mapping[str, str]:
    """Every page with what never changes of it."""
    frame = (folder / "frame.html").read_text("utf-8")
    return {name: _fill(frame, _fixed(name, page, folder)) for name, page in PAGES.items()}


def _fixed(name: str, page: Page, folder: Path) -> Callable[[str], str | None]:
    """What never changes of a page."""
    modules = imported(folder, f"pages/{name}.js")
    preloads = (f'<link rel="modulepreload" href="/static/{module}">' for module in modules)
    return {
        "page": name,
        "main": page.main,
        "width": ' data-width="narrow"' if page.narrow else "",
        "preloads": "\n".join(preloads),
    }.get


def imported(folder: Path, module: str) -> list[str]:
    """Every module that one imports, itself or through others, in the order of their paths.

    The browser is told of all at once, or it would learn of each only from the one before.
    """
    found: set[str] = set()
    unread = [module]
    while unread:
        reader = unread.pop()
        for relative in _imports(folder / reader):
            path = posixpath.normpath(posixpath.join(posixpath.dirname(reader), relative))
            if path not in found:
                found.add(path)
                unread.append(path)
    return sorted(found)


@cache
def _imports(module: Path) -> tuple[str, ...]:
    """What a module imports itself: many pages share it, and it is read once."""
    return tuple(_IMPORT.findall(module.read_text("utf-8")))
