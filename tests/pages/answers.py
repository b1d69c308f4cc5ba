"""The right answers, from the page that the deck was written after."""

from pathlib import Path
from typing import Final

SEED: Final = Path(__file__).parents[1] / "deck" / "seed.txt"
FIRST_LINES: Final = 5
"""The title, the empty Top 10 and what stands above the terms."""


def terms() -> list[tuple[str, str]]:
    """Prompt and answer of every term, in order."""
    lines = SEED.read_text("utf-8").splitlines()[FIRST_LINES:]
    numbers, prompts, answers = lines[::3], lines[1::3], lines[2::3]
    assert numbers[:100] == [str(number) for number in range(1, 101)]
    return list(zip(prompts, answers, strict=False))[:100]


ANSWERS: Final = dict(terms())


def right(prompt: str, choices: list[str]) -> int:
    """Which of the choices answers a question."""
    return choices.index(ANSWERS[prompt])
