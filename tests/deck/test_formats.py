"""Reading deck files: good ones whole, bad ones with every problem at its line."""

from pathlib import Path

import pytest

from deck.cards import Card, CardId, Deck, DeckId
from deck.formats import DeckError, load, loads, parse

HEAD = 'id = "d"\ntitle = "D"\n'
GOOD = '[[cards]]\nid = "good"\nprompt = "P?"\nanswer = "A"\n'


def problems(text: str) -> list[str]:
    """What `loads` says of a text, line by line."""
    with pytest.raises(DeckError) as caught:
        loads(text)
    return str(caught.value).splitlines()


def test_a_deck_is_read_as_it_is_written() -> None:
    text = HEAD + (
        '\n[[cards]]  # the first\nid = "1"\nprompt = "Which?"\nanswer = "A"\n'
        'explanation = "So."\ndistractors = [\n  "B",  # wrong\n  "C",\n]\nalternates = ["a"]\n'
        '\n[[cards]]\nid = "2"\nprompt = "What?"\nanswer = "D"\n'
    )
    first = Card(CardId("1"), "Which?", "A", "So.", ("B", "C"), ("a",))
    second = Card(CardId("2"), "What?", "D", "", ())
    assert loads(text) == Deck(DeckId("d"), "D", (first, second))


def test_windows_line_ends_change_nothing() -> None:
    assert loads((HEAD + GOOD).replace("\n", "\r\n")) == loads(HEAD + GOOD)


@pytest.mark.parametrize(
    ("card", "problem"),
    [
        ('id = "1"\nprompt = "P?"', "line 3: card 1 has no answer"),
        ('id = "1"\nanswer = "A"', "line 3: card 1 has no prompt"),
        ('prompt = "P?"\nanswer = "A"', "line 3: card 1 has no id"),
        ('id = 1\nprompt = "P?"\nanswer = "A"', "line 4: card 1 has an id that is no text"),
        ('id = "1"\nprompt = "  "\nanswer = "A"', "line 5: card 1 has an empty prompt"),
        ('id = "1"\nprompt = "P?"\nanswer = ["A"]', "line 6: card 1 has an answer that is no text"),
        (
            'id = "1"\nprompt = "P?"\nanswer = "A"\nexplanation = true',
            "line 7: card 1 has an explanation that is no text",
        ),
        (
            'id = "1"\nprompt = "P?"\nanswer = "A"\ndistractors = "B"',
            "line 7: card 1 has distractors that are no list",
        ),
        (
            'id = "1"\nprompt = "P?"\nanswer = "A"\ndistractors = ["B", 3]',
            "line 7: card 1 has distractors that are empty or no text",
        ),
        (
            'id = "1"\nprompt = "P?"\nanswer = "A"\nalternates = ["B", ""]',
            "line 7: card 1 has alternates that are empty or no text",
        ),
        (
            'id = "1"\nprompt = "P?"\nanswer = "A"\n\ndistractor = ["B"]',
            "line 8: card 1 has an unknown key 'distractor'",
        ),
        (
            'id = "1"\nprompt = "P?"\nanswer = A',
            "line 6: card 1 is no valid TOML: Invalid value",
        ),
        (
            'id = "1"\nprompt = "P?"\nanswer = "A"\ndistractors = [\n  "B",',
            "line 8: card 1 is no valid TOML: Invalid value",
        ),
        (
            'id = "1"\nprompt = "P?"\nprompt = "Q?"\nanswer = "A"',
            "line 6: card 1 is no valid TOML: Cannot overwrite a value",
        ),
    ],
)
def test_a_bad_card_is_named_with_its_line_and_hides_no_other(card: str, problem: str) -> None:
    text = f"{HEAD}[[cards]]\n{card}\n{GOOD}"
    assert problems(text) == [problem]
    assert [good.id for good in parse(text).deck.cards] == ["good"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('title = "D"\n' + GOOD, "line 1: the deck has no id"),
        ('id = "d"\ntitle = ""\n' + GOOD, "line 2: the deck has an empty title"),
        (HEAD + "langauge = 'en'\n" + GOOD, "line 3: the deck has an unknown key 'langauge'"),
        ("id = d\n" + GOOD, "line 1: the deck is no valid TOML: Invalid value"),
        (HEAD, "line 1: the deck has no cards"),
        (HEAD + GOOD + GOOD, "line 8: card 2 has the id 'good' of the card at line 4"),
    ],
)
def test_what_is_wrong_with_the_deck_is_named_with_its_line(text: str, problem: str) -> None:
    assert problems(text) == [problem]


def test_all_problems_are_listed_in_the_order_of_their_lines() -> None:
    text = 'id = "d"\n[[cards]]\nid = "1"\n[[cards]]\nid = "2\n[[cards]]\nprompt = ""\n'
    assert [said.split(":")[0] for said in problems(text)] == [
        "line 1",
        *("line 2", "line 2"),
        "line 5",
        *("line 6", "line 6", "line 7"),
    ]


def test_a_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "deck.toml"
    path.write_text(HEAD + GOOD, encoding="utf-8")
    assert load(path) == loads(HEAD + GOOD)


def test_a_missing_file_is_one_clear_sentence(tmp_path: Path) -> None:
    with pytest.raises(DeckError, match=r"none\.toml cannot be read: No such file"):
        load(tmp_path / "none.toml")


def test_a_file_in_another_encoding_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "deck.toml"
    path.write_bytes(HEAD.encode() + 'x = "é"'.encode("latin-1"))
    with pytest.raises(DeckError, match="line 3: this is not UTF-8 text"):
        load(path)
