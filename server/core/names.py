"""Which names players may have, and when two names are the same."""

import unicodedata
from typing import Final

MIN_LENGTH: Final = 2
MAX_LENGTH: Final = 20
PUNCTUATION: Final = frozenset(" -_.'’·")

_COMMON: Final = "COMMON"
_TOGETHER: Final = (
    frozenset({"CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "IDEOGRAPHIC"}),
    frozenset({"CJK", "HANGUL"}),
    frozenset({"CJK", "BOPOMOFO"}),
)
"""Writing systems that use several scripts in one word (UTS 39, "highly restrictive")."""


class BadName(Exception):  # noqa: N818 - the rule's answer, told to a person
    """A name that breaks the rules; its text says what to change."""


def clean_name(raw: str) -> str:
    """The name as it is shown: NFKC, trimmed, single spaces.

    Raises:
        BadName: length outside 2 to 20, a character that is no letter, mark, digit
            or plain punctuation (which bars control and bidi characters), or
            letters of more than one script.
    """
    for char in raw:
        if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}:
            msg = "Leave out invisible and control characters."
            raise BadName(msg)
    name = " ".join(unicodedata.normalize("NFKC", raw).split())
    if not MIN_LENGTH <= len(name) <= MAX_LENGTH:
        msg = f"Choose a name of {MIN_LENGTH} to {MAX_LENGTH} characters."
        raise BadName(msg)
    for char in name:
        if unicodedata.category(char)[0] not in "LMN" and char not in PUNCTUATION:
            msg = f"Use letters, digits, spaces and - _ . ' only; {char!r} is none of them."
            raise BadName(msg)
    if not any(unicodedata.category(char)[0] in "LN" for char in name):
        msg = "Use at least one letter or digit."
        raise BadName(msg)
    scripts = {_script(char) for char in name} - {_COMMON}
    if len(scripts) > 1 and not any(scripts <= group for group in _TOGETHER):
        msg = "Use letters of one alphabet only."
        raise BadName(msg)
    return name


def folded(name: str) -> str:
    """What two names share when they count as the same one (NFKC, casefold)."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


def _script(char: str) -> str:
    """The script of a letter, by the first word of its Unicode name."""
    if unicodedata.category(char)[0] != "L":
        return _COMMON
    return unicodedata.name(char, _COMMON).split(" ", 1)[0]
