"""The Lua scripts, each a file that says what it touches, as callables on a link."""

import asyncio
import hashlib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Final

from server.store.link import Argument, Link, Reply

_PROLOGUE_MARK: Final = "match_time("


class Script:
    """A script by its SHA-1; Redis is given the source where it does not know it."""

    def __init__(self, link: Link, name: str) -> None:
        source = _source(name)
        self._digest: Final = hashlib.sha1(source.encode(), usedforsecurity=False).hexdigest()
        self._link: Final = link
        link.remember(self._digest, source)

    def __call__(self, keys: Sequence[str], *args: Argument) -> asyncio.Future[Reply]:
        """Run it; the future gives the reply that the file describes.

        Raises (on await):
            Unavailable: the outcome is unknown.
        """
        return self._link.call("EVALSHA", self._digest, len(keys), *keys, *args)


@cache
def _source(name: str) -> str:
    """The text of a script, behind the prologue if it reads match time."""
    folder = files("server.store") / "lua"
    source = (folder / f"{name}.lua").read_text("utf-8")
    if _PROLOGUE_MARK in source:
        source = (folder / "prologue.lua").read_text("utf-8") + source
    return source
