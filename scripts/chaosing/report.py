"""A run as tables for people: faults by kind, what the bots saw, and how each law held."""

from rich.console import Console
from rich.table import Table

from scripts.chaosing.judge import Law
from scripts.chaosing.plan import Kind
from scripts.chaosing.run import Asked, Outcome

MOST_SHOWN = 20


def show(asked: Asked, outcome: Outcome) -> None:
    """Print the tables, and what broke."""
    console = Console(width=120, soft_wrap=True)
    console.print(
        f"seed {asked.seed}: {asked.seconds:g} s, {asked.processes} processes, {asked.bots} bots"
    )
    faults = {kind: outcome.faults[kind] for kind in Kind}
    _print(console, f"{outcome.faults.total()} faults", faults)
    facts = {
        "matches settled": outcome.matches,
        "messages of matches": outcome.frames,
        "starts of servers": outcome.starts,
        **dict(sorted(outcome.seen.items())),
    }
    _print(console, "what was played", facts)
    judge = outcome.judge
    _print(console, "laws, and how often checked", {law: judge.checked[law] for law in Law})
    for law, what in judge.broken[:MOST_SHOWN]:
        console.print(f"BROKEN: {law}: {what}", markup=False, highlight=False)
    if judge.broken:
        console.print(f"{len(judge.broken)} breaks; again with --seed {asked.seed}")


def _print(console: Console, title: str, counts: dict[str, int] | dict[Kind, int]) -> None:
    table = Table(title=title, title_justify="left")
    table.add_column("")
    table.add_column("", justify="right")
    for name, count in counts.items():
        table.add_row(str(name), f"{count:,}")
    console.print(table)
