"""Reading a deck from its file, with every problem named by its line."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from deck.cards import Card, CardId, Deck, DeckId

_HEADER = re.compile(r"^\s*\[\[\s*cards\s*\]\]\s*(#.*)?$")
_PLACE = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)$")
_HEAD = ("id", "title")
_REQUIRED = ("id", "prompt", "answer")
_LISTS = ("distractors", "alternates")


class DeckError(Exception):
    """A deck file that cannot be used as it is; the message has one line a problem."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a deck file, at its line (from 1)."""

    line: int
    text: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.text}"


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a deck file holds: its good cards, and what is wrong with the rest of it."""

    deck: Deck
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Table:
    """A piece of the file that parses by itself: the head of the deck, or one card."""

    line: int
    text: str
    values: Mapping[str, object]

    def line_of(self, key: str) -> int:
        """The line that sets the key, or where the table begins."""
        for offset, line in enumerate(self.text.splitlines()):
            if re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*[=.]", line):
                return self.line + offset
        return self.line


def load(path: Path) -> Deck:
    """Read a deck file.

    Raises:
        DeckError: the file cannot be read, or has problems; all of them are listed.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        message = f"line {line}: this is not UTF-8 text"
        raise DeckError(message) from error
    except OSError as error:
        message = f"{path} cannot be read: {error.strerror or error}"
        raise DeckError(message) from error
    return loads(text)


def loads(text: str) -> Deck:
    """Read a deck from the text of its file.

    Raises:
        DeckError: the text has problems; all of them are listed.
    """
    parsed = parse(text)
    if parsed.problems:
        raise DeckError("\n".join(map(str, parsed.problems)))
    return parsed.deck


def parse(text: str) -> Parsed:
    """Read what can be read: a bad card is a problem and hides no other card."""
    problems: list[Problem] = []
    head, *tables = _tables(text, problems)
    deck_id, title = (_string(head, key, "the deck", problems) for key in _HEAD)
    _no_others(head, _HEAD, "the deck", problems)
    cards: list[Card] = []
    lines: dict[str, int] = {}
    for number, table in enumerate(tables, start=1):
        card = _card(table, f"card {number}", problems)
        if card is None or table is None:
            continue
        line = table.line_of("id")
        if card.id in lines:
            said = f"card {number} has the id {card.id!r} of the card at line {lines[card.id]}"
            problems.append(Problem(line, said))
            continue
        lines[card.id] = line
        cards.append(card)
    if not tables:
        problems.append(Problem(1, "the deck has no cards"))
    deck = Deck(DeckId(deck_id or ""), title or "", tuple(cards))
    return Parsed(deck, tuple(sorted(problems, key=lambda problem: problem.line)))


def _tables(text: str, problems: list[Problem]) -> list[_Table | None]:
    """Cut the file at its card headers and parse each piece: an error stays in its card."""
    tables: list[_Table | None] = []
    for line, piece in _pieces(text):
        number = len(tables)
        try:
            values: dict[str, object] = tomllib.loads(piece)
        except tomllib.TOMLDecodeError as error:
            problems.append(_syntax(error, line, piece, f"card {number}" if number else "the deck"))
            tables.append(None)
            continue
        card = values.pop("cards", None) if number else None
        if isinstance(card, list):
            values |= card[0]
        tables.append(_Table(line, piece, values))
    return tables


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """The head and then each card, every piece with the line on which it begins."""
    # TOML's own line ends, and no others: tomllib counts the same lines.
    lines = text.replace("\r\n", "\n").split("\n")
    starts = [0, *(at for at, line in enumerate(lines) if _HEADER.match(line)), len(lines)]
    for start, end in pairwise(starts):
        yield start + 1, "\n".join(lines[start:end])


def _syntax(error: tomllib.TOMLDecodeError, line: int, piece: str, whose: str) -> Problem:
    """A piece that is no TOML, at the line of the file and not of the piece."""
    said = str(error)
    place = _PLACE.search(said)
    inside = int(place[1]) if place and place[1] else piece.rstrip().count("\n") + 1
    return Problem(line + inside - 1, f"{whose} is no valid TOML: {_PLACE.sub('', said)}")


def _card(table: _Table | None, whose: str, problems: list[Problem]) -> Card | None:
    """One card, or None where a problem of it was listed."""
    if table is None:
        return None
    before = len(problems)
    card_id, prompt, answer = (_string(table, key, whose, problems) for key in _REQUIRED)
    explanation = (
        _string(table, "explanation", whose, problems) if "explanation" in table.values else ""
    )
    distractors, alternates = (_strings(table, key, whose, problems) for key in _LISTS)
    _no_others(table, (*_REQUIRED, "explanation", *_LISTS), whose, problems)
    if len(problems) > before or not (card_id and prompt and answer):
        return None
    return Card(CardId(card_id), prompt, answer, explanation or "", distractors, alternates)


def _string(table: _Table | None, key: str, whose: str, problems: list[Problem]) -> str | None:
    """The string under a key that must be there, or None where it is a problem."""
    if table is None:
        return None
    value = table.values.get(key)
    article = "an" if key[0] in "aei" else "a"
    if value is None:
        problems.append(Problem(table.line_of(key), f"{whose} has no {key}"))
    elif not isinstance(value, str):
        problems.append(Problem(table.line_of(key), f"{whose} has {article} {key} that is no text"))
    elif not value.strip():
        problems.append(Problem(table.line_of(key), f"{whose} has an empty {key}"))
    else:
        return value
    return None


def _strings(table: _Table, key: str, whose: str, problems: list[Problem]) -> tuple[str, ...]:
    """The list of strings under a key that may be left out."""
    value = table.values.get(key, [])
    if not isinstance(value, list):
        problems.append(Problem(table.line_of(key), f"{whose} has {key} that are no list"))
        return ()
    texts = tuple(text for text in value if isinstance(text, str) and text.strip())
    if len(texts) < len(value):
        said = f"{whose} has {key} that are empty or no text"
        problems.append(Problem(table.line_of(key), said))
    return texts


def _no_others(
    table: _Table | None, known: tuple[str, ...], whose: str, problems: list[Problem]
) -> None:
    """Name each key that nobody reads: most are misspelt ones."""
    if table is None:
        return
    problems.extend(
        Problem(table.line_of(key), f"{whose} has an unknown key {key!r}")
        for key in table.values
        if key not in known
    )
