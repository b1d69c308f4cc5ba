"""Words as the deck compares them: folded, without punctuation."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

_WORD = re.compile(r"\w+")


@lru_cache(maxsize=1 << 14)
def words(text: str) -> tuple[str, ...]:
    """Split a text into its words, blind to case, width, punctuation and hyphens."""
    return tuple(_WORD.findall(unicodedata.normalize("NFKC", text).casefold()))


def singular(word: str) -> str:
    """Drop a plural's s, so that "learning rates" names the learning rate."""
    return word[:-1] if len(word) > 3 and word[-1] == "s" and word[-2] != "s" else word  # noqa: PLR2004 - "gas" and "is" keep theirs


@lru_cache(maxsize=1 << 14)
def stems(text: str) -> tuple[str, ...]:
    """The words of a text, each in the singular."""
    return tuple(singular(word) for word in words(text))


def runs(words: tuple[str, ...], length: int) -> Iterator[tuple[str, ...]]:
    """Every run of that many neighbouring words."""
    return (words[start : start + length] for start in range(len(words) - length + 1))
