"""Which names are taken as they are, which are mended, which are refused."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.core.names import (
    DELETED_NAME,
    RENAME_EVERY_MS,
    BadName,
    clean_name,
    folded,
    may_rename_at,
)
from tests.core.strategies import raw_names


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("Ada", "Ada"),
        ("Al", "Al"),
        ("a" * 20, "a" * 20),
        ("42", "42"),
        ("x_1-2.3", "x_1-2.3"),
        ("O'Neil", "O'Neil"),
        ("O’Neil", "O’Neil"),
        ("O\u02bcNeil", "O’Neil"),  # modifier letter apostrophe
        ("Hawai\u02bbi", "Hawai’i"),  # okina
        ("Gal·la", "Gal·la"),
        ("  Ada  ", "Ada"),
        ("Ada   Lovelace", "Ada Lovelace"),
        ("Ada\u00a0L", "Ada L"),  # no-break space
        ("Ada\u3000L", "Ada L"),  # ideographic space
        (" a" + "b" * 19 + " ", "a" + "b" * 19),  # 20 after trimming
        ("Ａｄａ", "Ada"),  # full-width
        ("\u2460\u2461", "12"),  # circled digits
        ("\ufb01n", "fin"),  # a ligature
        ("Zoe\u0308", "Zoë"),  # composed
        ("Nguyễn Thị", "Nguyễn Thị"),
        ("Грета", "Грета"),
        ("Ελένη", "Ελένη"),
        ("山田", "山田"),
        ("山田さん", "山田さん"),
        ("ケーキ", "ケーキ"),
        ("ｶﾞｰﾄﾞ", "ガード"),  # half-width
        ("佐々木", "佐々木"),
        ("東京タワーへ", "東京タワーへ"),
        ("김철수", "김철수"),
        ("金철수", "金철수"),
        ("ㄅㄆ文", "ㄅㄆ文"),
        ("שָׁלוֹם", "שָׁלוֹם"),
        ("مُحَمَّد", "مُحَمَّد"),
        ("علي٣", "علي٣"),
        ("हिन्दी", "हिन्दी"),
        ("ก้อง", "ก้อง"),
        ("Team 7", "Team 7"),
        ("Ёж 3", "Ёж 3"),
    ],
)
def test_a_good_name_is_shown_normalised(raw: str, name: str) -> None:
    assert clean_name(raw) == unicodedata.normalize("NFC", name)


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        ("", "2 to 20"),
        ("A", "2 to 20"),
        ("  A  ", "2 to 20"),
        ("a" * 21, "2 to 20"),
        ("Ａ" * 21, "2 to 20"),
        ("a\u0308", "2 to 20"),  # one after NFKC
        ("\ufdfa\ufdfa", "2 to 20"),  # a ligature of eighteen letters
        ("   ", "2 to 20"),
        ("--", "letter or digit"),
        ("’’", "letter or digit"),
        ("\u02bc\u02bc", "letter or digit"),
        ("Аda", "one alphabet"),  # Cyrillic А
        ("Adа", "one alphabet"),  # Cyrillic а
        ("Οscar", "one alphabet"),  # Greek Ο
        ("Ada山", "one alphabet"),
        ("さん김", "one alphabet"),
        ("ㄅさ", "one alphabet"),
        ("Adaー", "one alphabet"),  # long vowel mark as a dash
        ("a1\u0663", "one alphabet"),  # Arabic digit
        ("a\u06f3", "one alphabet"),  # extended Arabic digit
        ("O\u0e50", "one alphabet"),  # Thai zero
        ("ka\u093f", "one alphabet"),  # Devanagari vowel sign
        ("\U00018800ada", "one alphabet"),  # a Tangut letter that Unicode leaves unnamed
        ("Ada\u200b", "invisible"),  # zero width space
        ("A\u200dda", "invisible"),  # zero width joiner
        ("\ufeffAda", "invisible"),
        ("Ada\u202e", "invisible"),  # right-to-left override
        ("\u2066Ada\u2069", "invisible"),
        ("Ad\u00ada", "invisible"),  # soft hyphen
        ("A\tda", "invisible"),
        ("A\nda", "invisible"),
        ("A\x00da", "invisible"),
        ("A\x7fda", "invisible"),
        ("A\u0085da", "invisible"),
        ("A\u2028da", "invisible"),
        ("A\u2029da", "invisible"),
        ("Ada\ud800", "invisible"),  # half a surrogate pair
        ("Ada\ue000", "invisible"),  # private use
        ("Ada\u0378", "invisible"),  # unassigned
        ("Ad\ufe0fa", "invisible"),  # variation selector
        ("Ad\U000e0100a", "invisible"),
        ("A\u034fda", "invisible"),  # grapheme joiner
        ("\u3164\u3164", "invisible"),  # Hangul fillers
        ("김\u115f철", "invisible"),
        ("김\uffa0철", "invisible"),
        ("ក\u17b4ក", "invisible"),
        ("ᠠ\u180bᠠ", "invisible"),
        ("Ada 🎉", "none of them"),
        ("🎉🎉", "none of them"),
        ("Ada!", "none of them"),
        ("<b>", "none of them"),
        ("a/b", "none of them"),
        ("a@b", "none of them"),
        ("Ada\u2014L", "none of them"),  # a dash
        ("1\u20e3a", "none of them"),  # an enclosing mark
        ("Ada\u02c7", "none of them"),  # a letter of no script
        ("\u2132da", "none of them"),  # turned F
        ("\u303c\u303c", "none of them"),
        ("\u0301Ada", "accents"),  # would stand on what comes before the name
        ("A \u0301da", "accents"),
        ("A-\u0301da", "accents"),
        ("\u00a8Ada", "accents"),  # a spacing accent, which NFKC takes apart
        ("q" + "\u0316" * 4, "accents"),
        ("q\u0316\u0317\u0318\u0319", "accents"),
    ],
)
def test_a_bad_name_is_refused_and_told_why(raw: str, told: str) -> None:
    with pytest.raises(BadName, match=told):
        clean_name(raw)


def test_three_marks_may_stand_on_one_letter() -> None:
    assert clean_name("q\u0316\u0317\u0318q\u0316") == "q\u0316\u0317\u0318q\u0316"


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Ada", "ADA"),
        ("Ada", "ａｄａ"),
        ("Straße", "STRASSE"),
        ("Straße", "STRAẞE"),
        ("ΟΔΟΣ", "οδος"),
        ("οδοσ", "οδος"),
        ("Zoe\u0308", "Zoë"),
        ("İz", "i\u0307z"),
        ("\ufb01n", "FIN"),
        ("O'Neil", "O’neil"),
        ("Ⅳa", "iva"),
        ("ГРЕТА", "грета"),
    ],
)
def test_names_that_differ_by_case_or_form_are_one(one: str, two: str) -> None:
    assert folded(one) == folded(two)


@pytest.mark.parametrize(
    ("one", "two"),
    [("Ada", "Adá"), ("Iz", "İz"), ("Ada L", "AdaL"), ("山田", "山口"), ("a.b", "a-b")],
)
def test_names_that_differ_in_letters_are_two(one: str, two: str) -> None:
    assert folded(one) != folded(two)


@given(raw_names)
def test_cleaning_a_clean_name_changes_nothing(raw: str) -> None:
    name = _cleaned(raw)
    assert name == "" or clean_name(name) == name


@given(raw_names)
def test_a_name_is_one_with_itself_however_it_is_typed(raw: str) -> None:
    name = _cleaned(raw)
    assert folded(folded(name)) == folded(name)
    assert folded(name.casefold()) == folded(name)
    assert folded(unicodedata.normalize("NFD", name)) == folded(name)


def _cleaned(raw: str) -> str:
    try:
        return clean_name(raw)
    except BadName:
        return ""


@given(st.characters())
def test_a_clean_name_holds_nothing_invisible(char: str) -> None:
    try:
        name = clean_name(f"a{char}") if char.isascii() else clean_name(char * 2)
    except BadName:
        return
    assert name.isprintable()
    assert name == name.strip()
    assert not {unicodedata.category(c) for c in name} & {"Cc", "Cf", "Cs", "Co", "Cn"}


@pytest.mark.parametrize(
    ("renamed_at", "now", "until"),
    [
        (None, 0, None),
        (1_000, 1_000, 1_000 + RENAME_EVERY_MS),
        (1_000, 999 + RENAME_EVERY_MS, 1_000 + RENAME_EVERY_MS),
        (1_000, 1_000 + RENAME_EVERY_MS, None),
    ],
)
def test_a_name_may_be_changed_thirty_days_after_the_last_change(
    renamed_at: int | None, now: int, until: int | None
) -> None:
    assert may_rename_at(renamed_at, now) == until


@pytest.mark.parametrize("raw", [DELETED_NAME, "Deleted  Player", "ＤＥＬＥＴＥＤ player"])
def test_nobody_is_called_what_deleted_players_are(raw: str) -> None:
    with pytest.raises(BadName, match="players who are gone"):
        clean_name(raw)
    assert clean_name(f"{DELETED_NAME}s") == f"{DELETED_NAME}s"
