"""The printed report and its exit codes."""

import io
from pathlib import Path

from rich.console import Console

from deck.report import main

HEAD = 'id = "d"\ntitle = "Sacks [and] hats"\n'
CARD = (
    '[[cards]]\nid = "7"\nprompt = "What holds rice?"\nanswer = "Some old sack"\n'
    'distractors = ["One long sack", "Two short sacks", "Ten big sacks"]\n'
)


def report(tmp_path: Path, text: str) -> tuple[int, str]:
    """The exit code for a deck file of that text, and what was printed."""
    path = tmp_path / "deck.toml"
    path.write_text(text, encoding="utf-8")
    out = io.StringIO()
    return main(path, Console(file=out, width=100)), out.getvalue()


def test_a_clean_deck_is_0_and_says_so(tmp_path: Path) -> None:
    code, printed = report(tmp_path, HEAD + CARD + 'explanation = "It is woven."\n')
    assert code == 0
    assert "Sacks [and] hats: 1 cards" in printed
    assert "Nothing to mend." in printed
    assert "longest choice" in printed


def test_a_finding_is_1_and_names_the_card(tmp_path: Path) -> None:
    code, printed = report(tmp_path, HEAD + CARD)
    assert code == 1
    assert "card 7 has no explanation" in printed
    assert "To mend: 1 cards, 0 blind ways of picking." in printed


def test_a_leak_is_1_and_marked(tmp_path: Path) -> None:
    cards = "".join(
        f'[[cards]]\nid = "{n}"\nprompt = "P{n}"\nanswer = "Far too long"\n'
        'explanation = "So."\ndistractors = ["Too long", "Also long", "Very long", "Far long"]\n'
        for n in range(40)
    )
    code, printed = report(tmp_path, HEAD + cards)
    assert code == 1
    assert "gives answers away" in printed
    assert "To mend: 0 cards" in printed


def test_a_file_that_is_no_deck_is_2_with_every_problem(tmp_path: Path) -> None:
    code, printed = report(tmp_path, 'id = "d"\n[[cards]]\nid = "1"\nprompt = "P?"\n')
    assert code == 2
    assert "is not a deck yet:" in printed
    assert "line 1: the deck has no title\nline 2: card 1 has no answer\n" in printed


def test_a_missing_file_is_2_in_one_sentence(tmp_path: Path) -> None:
    out = io.StringIO()
    assert main(tmp_path / "none.toml", Console(file=out, width=200)) == 2
    assert "cannot be read: No such file or directory" in out.getvalue()
