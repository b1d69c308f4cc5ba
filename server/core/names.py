"""Which names players may have, and when two names are the same."""

import unicodedata
from typing import Final

MIN_LENGTH: Final = 2
MAX_LENGTH: Final = 20
RENAME_EVERY_MS: Final = 30 * 24 * 3600 * 1000
"""A name stands so long before it may be changed again."""
FREE_AFTER_MS: Final = 7 * 24 * 3600 * 1000
"""A name with which no match is finished in so long is given free."""
PUNCTUATION: Final = frozenset(" -_.'’·")
MOST_MARKS: Final = 3
"""Marks in a row on one letter: enough for every living script, too few for a tower."""

DELETED_NAME: Final = "deleted player"
"""What a player is called whose account is gone: nobody else may be called so."""

_APOSTROPHES: Final = str.maketrans("ʼʻ‘", "’’’")
_COMMON: Final = "COMMON"
_UNNAMED: Final = "UNNAMED"
_HIDDEN: Final = frozenset(
    chr(code)
    for span in (
        range(0x034F, 0x0350),
        range(0x115F, 0x1161),
        range(0x17B4, 0x17B6),
        range(0x180B, 0x1810),
        range(0x3164, 0x3165),
        range(0xFE00, 0xFE10),
        range(0xFFA0, 0xFFA1),
        range(0xE0100, 0xE01F0),
    )
    for code in span
)
"""Letters and marks that show nothing (Unicode's Default_Ignorable_Code_Point)."""
_NO_SCRIPT: Final = frozenset({"CARON", "MASU", "MODIFIER", "ROMAN", "TURNED", "VERTICAL"})
"""First words of the letters that belong to no script: tone marks and the like."""
_SCRIPT_OF_DIGITS: Final = {"ARABIC-INDIC": "ARABIC", "EXTENDED": "ARABIC"}
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
        BadName: length outside 2 to 20; a character that is no letter, mark, digit
            or plain punctuation (which bars control and bidi characters), or that
            shows nothing; marks without a letter, or in a heap; more than one
            script; or what deleted players are called.
    """
    for char in raw:
        hidden = unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
        if hidden or char in _HIDDEN:
            msg = "Leave out invisible and control characters."
            raise BadName(msg)
    plain = unicodedata.normalize("NFKC", raw).translate(_APOSTROPHES)
    name = " ".join(plain.split())
    if not MIN_LENGTH <= len(name) <= MAX_LENGTH:
        msg = f"Choose a name of {MIN_LENGTH} to {MAX_LENGTH} characters."
        raise BadName(msg)
    for char in name:
        if char not in PUNCTUATION and not _is_written(char):
            msg = f"Use letters, digits, spaces and - _ . ' only; {char!r} is none of them."
            raise BadName(msg)
    if not any(unicodedata.category(char)[0] in "LN" for char in name):
        msg = "Use at least one letter or digit."
        raise BadName(msg)
    if _marked_badly(name):
        msg = f"Put accents on letters, at most {MOST_MARKS} on one."
        raise BadName(msg)
    scripts = {_script(char) for char in name} - {_COMMON}
    if len(scripts) > 1 and not any(scripts <= group for group in _TOGETHER):
        msg = "Use letters of one alphabet only."
        raise BadName(msg)
    if folded(name) == DELETED_NAME:
        msg = "Choose another name: players who are gone are called this."
        raise BadName(msg)
    return name


def folded(name: str) -> str:
    """What two names share when they count as the same one (NFKC, casefold).

    The straight and the curly apostrophe count as one.
    """
    plain = unicodedata.normalize("NFKC", name).replace("’", "'")
    return unicodedata.normalize("NFKC", plain.casefold())


def may_rename_at(renamed_at: int | None, now: int) -> int | None:
    """When a player may change his name again, all in ms since 1970; None for now."""
    if renamed_at is None or renamed_at + RENAME_EVERY_MS <= now:
        return None
    return renamed_at + RENAME_EVERY_MS


def _is_written(char: str) -> bool:
    """Whether this is a letter, a digit or an accent of some script."""
    category = unicodedata.category(char)
    return category[0] in "LMN" and category != "Me" and _script(char) not in _NO_SCRIPT


def _marked_badly(name: str) -> bool:
    """Whether a mark stands on no letter, or too many on one."""
    marks = MOST_MARKS  # as if the start were full: no mark may come first
    for char in name:
        if unicodedata.category(char)[0] == "M":
            marks += 1
            if marks > MOST_MARKS:
                return True
        else:
            marks = MOST_MARKS if char in PUNCTUATION else 0
    return False


def _script(char: str) -> str:
    """The script of a letter, mark or digit, by the first word of its Unicode name."""
    if (char.isascii() and not char.isalpha()) or char in PUNCTUATION:
        return _COMMON
    word = unicodedata.name(char, _UNNAMED).split(" ", 1)[0]
    return _COMMON if word == "COMBINING" else _SCRIPT_OF_DIGITS.get(word, word)
