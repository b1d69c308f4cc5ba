"""Printing what a check of a deck file found."""

from pathlib import Path

from rich.console import Console
from rich.table import Table

from deck.cards import Deck
from deck.check import Report, check
from deck.formats import DeckError, load

CLEAN, FINDINGS, UNREADABLE = 0, 1, 2


def main(path: Path, console: Console | None = None) -> int:
    """Check a deck file and print the report.

    Returns the exit code: 0 clean, 1 with something to mend, 2 if the file is no deck.
    """
    console = console or Console()
    try:
        deck = load(path)
    except DeckError as error:
        console.print(f"{path} is not a deck yet:", markup=False, soft_wrap=True)
        console.print(str(error), markup=False, soft_wrap=True, highlight=False)
        return UNREADABLE
    report = check(deck)
    _print(deck, report, console)
    return CLEAN if report.clean else FINDINGS


def _print(deck: Deck, report: Report, console: Console) -> None:
    console.print(f"{deck.title}: {len(deck.cards)} cards", markup=False, style="bold")
    for finding in report.findings:
        line = f"card {finding.card} {finding.text}"
        console.print(line, markup=False, soft_wrap=True, highlight=False)
    if report.measures:
        console.print(_table(report))
    console.print("Nothing to mend." if report.clean else _sum(report), markup=False)


def _table(report: Report) -> Table:
    """How often each blind way of picking is right, and how often it may be."""
    table = Table("picked blindly by", title="Chance is 25 %", title_justify="left")
    table.add_column("right", justify="right")
    table.add_column("allowed", justify="right")
    table.add_column("")
    for measure in report.measures:
        allowed = f"{max(0.0, measure.low):.0%} to {measure.high:.0%}"
        told = "gives answers away" if measure.leaks else ""
        table.add_row(measure.name, f"{measure.share:.1%}", allowed, told)
    return table


def _sum(report: Report) -> str:
    cards = len({finding.card for finding in report.findings})
    leaks = sum(measure.leaks for measure in report.measures)
    return f"To mend: {cards} cards, {leaks} blind ways of picking."
