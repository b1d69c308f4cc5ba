"""PROTOCOL.md taken apart: words and examples for what the code gives the shapes of."""

import json
import re
from importlib.resources import files
from pathlib import Path
from typing import Final

from msgspec import Struct

_SECTION: Final = re.compile(r"^####? `(.+)`\n((?:(?!^#).*\n)*)", re.MULTILINE)
_ANSWER: Final = re.compile(r"```json\n(.*?)```", re.DOTALL)
_BODY: Final = re.compile(r"`(\{[^`]*\})`")


class Section(Struct, frozen=True):
    """What the page says of one call or message."""

    words: str
    """Markdown, without the examples."""
    answers: tuple[object, ...]
    """The examples that stand alone: messages, and answers of calls."""
    bodies: tuple[object, ...]
    """Those inside a sentence: what a call is sent."""


def guide(name: str) -> Path:
    """A page of words: in the installed package, or at its place in a checkout."""
    packaged = Path(str(files("server"))) / "guides" / Path(name).name
    return packaged if packaged.is_file() else Path(str(files("server"))).parent / name


def sections(page: str) -> dict[str, Section]:
    """The sections of the page whose headings are code: `GET /api/me`, or the type of a message.

    Raises:
        ValueError: an example is no JSON.
    """
    return {found[1]: _section(found[2]) for found in _SECTION.finditer(page)}


def _section(text: str) -> Section:
    words = _ANSWER.sub("", text).strip()
    return Section(
        words=words,
        answers=tuple(json.loads(example) for example in _ANSWER.findall(text)),
        bodies=tuple(json.loads(example) for example in _BODY.findall(words)),
    )
