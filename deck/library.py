"""The decks that travel in the package."""

from functools import cache
from importlib.resources import files

from deck.cards import Deck
from deck.formats import loads

FILES = ("deep-learning-interview.toml",)


@cache
def builtin() -> tuple[Deck, ...]:
    """The package's own decks, in the order in which they are shown."""
    return tuple(loads(files("deck").joinpath(name).read_text(encoding="utf-8")) for name in FILES)
