"""Grading a typed answer: what a fair teacher overlooks, and nothing else.

An answer is right if it is the accepted text once the following is overlooked, each of which is
named in the verdict if, and only if, it was needed:

1. case;
2. accents on letters (of Latin, Greek and Cyrillic);
3. punctuation: points, quotes, hyphens, slashes, the spaces that they or their lack make ("soft
   max"), "&" for "and", wide letters and ligatures. Signs that mean something stay: 1.5, -1, C++;
4. an article before a word;
5. the plural of a word: s, es after a hiss, or ies for y;
6. parentheses: what stands in the accepted text's own may be left out; typed ones may be added
   that hold, by themselves and without a slip, an accepted text;
7. an alternate in place of the answer;
8. slips of the finger: in words of five letters or more one letter less, more, other, or swapped
   with its neighbour; one word in every four begun (so one in up to four, two in up to eight).
   No slip is in the first letter ("asymmetric"), in a word with a digit or with a capital inside
   (L2, ResNet: the spelling is the answer), lands on another word of the deck, or goes into
   another alphabet.

All words must be there, in their order. Of several ways to be right the mildest counts, by this
order from its end: nothing slipped is milder than no alternate, and so on.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from enum import StrEnum
from functools import cache, lru_cache, partial
from typing import Final, TypeAlias

from msgspec import Struct
from rapidfuzz.distance import OSA

from deck.cards import Deck

SLIP_FROM: Final = 5
"""Letters of a word in which a slip is overlooked."""
DECKS_KEPT: Final = 64
"""Decks whose words are kept: taking them out of one costs as much as a hundred answers."""
WORDS_A_SLIP: Final = 4
"""One slip for each so many words begun."""
PLURAL_FROM: Final = 3
"""Letters of a singular: "it" is not "its"."""

_ARTICLES: Final = frozenset({"a", "an", "the"})
_ACCENTS: Final = re.compile(r"[\u0300-\u036f]")
_STROKES: Final = str.maketrans("øłđØŁĐ", "oldOLD")
_APOSTROPHES: Final = frozenset("'’‘`")
_RAISED: Final = re.compile(r"([⁰¹²³⁴⁵⁶⁷⁸⁹]+)")
_MARK: Final = re.compile(
    r"(?P<sign>(?<![^\W\d_])[.,](?=\d)|(?<![^\s(=])[-−](?=[\d.])|[%#*])|[^\w\s]|_"
)
"""All that is neither letter, digit nor space; a sign is one that means something."""
_BETWEEN: Final = re.compile(r"(\W)")
_PARENTHESES: Final = re.compile(r"(?<![^\W_])\(([^()]*)\)")
"""None that belong to what stands before them: O(n) is no O."""


class Allowance(StrEnum):
    """What was overlooked, from the mildest."""

    CASE = "case"
    ACCENTS = "accents"
    PUNCTUATION = "punctuation"
    ARTICLE = "article"
    PLURAL = "plural"
    PARENTHESES = "parentheses"
    ALTERNATE = "alternate"
    SLIP = "slip"


Allowed: TypeAlias = frozenset[Allowance]
Reader: TypeAlias = Callable[[Allowed], tuple[str, ...]]
"""The words of one text, by what is overlooked."""

_IN_WORDS: Final = frozenset(Allowance) - {Allowance.PARENTHESES, Allowance.ALTERNATE}
"""What `_same` can overlook; the other two choose the texts it compares."""
_SEVEREST_FIRST: Final = sorted(_IN_WORDS, key=list(Allowance).index, reverse=True)


class Verdict(Struct, frozen=True, gc=False):
    """`matched` is the accepted text that was typed, or the answer if none was."""

    right: bool
    allowed: tuple[Allowance, ...]
    matched: str


def grade(
    typed: str, answer: str, alternates: Sequence[str] = (), words: AbstractSet[str] = frozenset()
) -> Verdict:
    """Judge what was typed, by the rules above; any text is graded.

    `words` are the deck's, of `vocabulary`: typing one of them for another is no slip.
    """
    mildest: tuple[list[bool], Verdict] | None = None
    for allowed, matched in _ways(typed, answer, alternates, words):
        cost = [allowance in allowed for allowance in reversed(Allowance)]
        if mildest is None or cost < mildest[0]:
            named = tuple(allowance for allowance in Allowance if allowance in allowed)
            mildest = cost, Verdict(right=True, allowed=named, matched=matched)
    return mildest[1] if mildest else Verdict(right=False, allowed=(), matched=answer)


def vocabulary(texts: Iterable[str]) -> frozenset[str]:
    """The folded words of a deck's texts, on which a slip may not land."""
    return frozenset(_fold(word, _IN_WORDS) for text in texts for word in _words(text, _IN_WORDS))


@lru_cache(maxsize=DECKS_KEPT)
def words_of(deck: Deck) -> frozenset[str]:
    """The vocabulary of all that a deck's cards say or accept."""
    return vocabulary(
        text
        for card in deck.cards
        for text in (card.prompt, card.answer, *card.alternates, *card.distractors)
    )


def _ways(
    typed: str, answer: str, alternates: Sequence[str], words: AbstractSet[str]
) -> Iterator[tuple[Allowed, str]]:
    """Every way in which the typed text is right: what it needs, and the text it then is."""
    accepted: list[tuple[str, Allowed]] = [(answer, frozenset())]
    accepted += [(text, frozenset({Allowance.ALTERNATE})) for text in alternates]
    said: list[tuple[Reader, Allowed]] = [(_reader(typed), frozenset())]
    added = _PARENTHESES.findall(typed)
    if len(added) == 1 and any(
        _same(_reader(added[0]), form, _IN_WORDS - {Allowance.SLIP}, words)
        for text, _ in accepted
        for form, _ in _forms(text)
    ):
        said.append((_reader(_bare(typed)), frozenset({Allowance.PARENTHESES})))
    for text, by_text in accepted:
        for form, by_form in _forms(text):
            for read, by_typed in said:
                needs = _needed(read, form, words)
                if needs is not None:
                    yield needs | by_text | by_form | by_typed, text


def _forms(text: str) -> Iterator[tuple[str, Allowed]]:
    """An accepted text as it is, and without what it has in parentheses."""
    yield text, frozenset()
    if "(" in text and (bare := _bare(text)):
        yield bare, frozenset({Allowance.PARENTHESES})


def _bare(text: str) -> str:
    return _PARENTHESES.sub(" ", text).strip()


def _needed(read: Reader, wanted: str, words: AbstractSet[str]) -> Allowed | None:
    """The least that must be overlooked for the two to be the same; None if all is too little."""
    allowed = _IN_WORDS
    if not _same(read, wanted, allowed, words):
        return None
    for allowance in _SEVEREST_FIRST:
        if _same(read, wanted, allowed - {allowance}, words):
            allowed -= {allowance}
    return allowed


def _same(read: Reader, wanted: str, allowed: Allowed, words: AbstractSet[str]) -> bool:
    """Whether the two are the same, word for word, once so much is overlooked."""
    ours, theirs = read(allowed), _wanted(wanted, allowed)
    slips = -(-len(theirs) // WORDS_A_SLIP) if Allowance.SLIP in allowed else 0
    at = other_at = 0
    while at < len(ours) and other_at < len(theirs):
        one, other = ours[at], theirs[other_at]
        at, other_at = at + 1, other_at + 1
        if _same_word(one, other, allowed):
            continue
        if slips and _slipped(one, other, allowed, words):
            slips -= 1
            continue
        one, other = _fold(one, allowed), _fold(other, allowed)
        while one != other:
            if other.startswith(one) and at < len(ours):
                one, at = _joined(one, _fold(ours[at], allowed)), at + 1
            elif one.startswith(other) and other_at < len(theirs):
                other, other_at = _joined(other, _fold(theirs[other_at], allowed)), other_at + 1
            else:
                return False
    return at == len(ours) and other_at == len(theirs)


def _joined(one: str, following: str) -> str:
    """Two words as one; digits keep their distance, or 1/2 were 12."""
    apart = one[-1:].isdigit() and following[:1].isdigit()
    return f"{one} {following}" if apart else one + following


def _reader(typed: str) -> Reader:
    """Forgets with the call: what anybody types may not fill a cache of the process."""
    return cache(partial(_words, typed))


@lru_cache(maxsize=1 << 11)
def _wanted(text: str, allowed: Allowed) -> tuple[str, ...]:
    return _words(text, allowed)


def _words(text: str, allowed: Allowed) -> tuple[str, ...]:
    """The words of a text, in their own case, and if punctuation counts all that is between them.

    None is left out if nothing would be left.
    """
    words = unicodedata.normalize("NFC", text).split()
    blind = Allowance.PUNCTUATION in allowed
    if blind:
        raised = _RAISED.sub(r"^\1", text)  # 10² is no 102
        words = _MARK.sub(_unmarked, unicodedata.normalize("NFKC", raised)).split() or words
    if Allowance.ARTICLE in allowed:
        kept = (word for word in words[:-1] if word.casefold() not in _ARTICLES)
        words = [*kept, *words[-1:]]
    if not blind:
        words = [part for word in words for part in (*_BETWEEN.split(word), " ") if part]
    return tuple(words)


def _unmarked(mark: re.Match[str]) -> str:
    char = mark[0]
    if mark["sign"]:
        return "-" if char == "−" else char
    if char == "&":
        return " and "
    category = unicodedata.category(char)
    if char in _APOSTROPHES or category == "Cf":
        return ""
    return " " if category[0] == "P" else char


def _fold(word: str, allowed: Allowed) -> str:
    if Allowance.ACCENTS in allowed and not word.isascii():
        word = _ACCENTS.sub("", unicodedata.normalize("NFD", word)).translate(_STROKES)
    if Allowance.CASE in allowed:
        word = word.upper().casefold()  # so that ı, whose capital is I, is i
    return unicodedata.normalize("NFC", word)


def _same_word(one: str, other: str, allowed: Allowed) -> bool:
    one, other = _fold(one, allowed), _fold(other, allowed)
    if one == other:
        return True
    return Allowance.PLURAL in allowed and (_is_plural(one, other) or _is_plural(other, one))


def _is_plural(many: str, one: str) -> bool:
    if len(one) < PLURAL_FROM or not one.isalpha():
        return False
    if one.endswith(("s", "x", "z", "sh")):
        return many == one + "es"
    if one.endswith("ch") and many == one + "es":
        return True  # batches, but epochs
    return many == one + "s" or (one[-1] == "y" and many == one[:-1] + "ies")


def _slipped(typed: str, wanted: str, allowed: Allowed, words: AbstractSet[str]) -> bool:
    """Whether the typed word is the wanted one but for one slip, by rule 8."""
    one, other = _fold(typed, allowed), _fold(wanted, allowed)
    return (
        len(other) >= SLIP_FROM
        and one.isalpha()
        and other.isalpha()
        and wanted[1:] == wanted[1:].lower()
        and one[0] == other[0]
        and one.isascii() == other.isascii()
        and OSA.distance(one, other, score_cutoff=1) == 1
        and _fold(typed, _IN_WORDS) not in words
    )
