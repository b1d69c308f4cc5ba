"""The bench plays real duels and gives every figure."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec

from scripts.benching.plan import Plan
from tests.serving import free_port

ROOT = Path(__file__).parents[1]
PHASES = {
    *("memory", "same_connections", "new_connections"),
    *("thinking", "between", "ladder"),
}


def test_a_tiny_bench_prints_a_table_and_every_figure() -> None:
    program = [sys.executable, "-m", "scripts.benching"]
    flags = ["--duels", "4", "--at-once", "6", "--think", "0.01", "0.05", "--players", "50"]
    done = subprocess.run(
        [*program, *flags], cwd=ROOT, stdout=subprocess.PIPE, text=True, timeout=250, check=True
    )
    *table, line = done.stdout.splitlines()
    assert any("server CPU a duel" in row for row in table)
    report = json.loads(line)
    assert report.keys() == PHASES | {"at_once", "workers"}
    figures = dict(numbers(report))
    assert len(figures) == 54
    figures.pop(".between.added_p50_ms")  # of so few duels it may be below zero
    assert all(figure > 0 for figure in figures.values()), figures


def test_clients_without_a_server_fail_and_say_so() -> None:
    plan = Plan(ports=[free_port()], tokens=["a", "b"], answers={}, duels=1, limit_s=5)
    done = subprocess.run(
        [sys.executable, "-m", "scripts.benching.playing"],
        cwd=ROOT,
        input=msgspec.json.encode(plan).decode() + "\ngo\n",
        stdout=subprocess.PIPE,
        text=True,
        timeout=250,
        check=True,
    )
    last = json.loads(done.stdout.splitlines()[-1])
    assert last["at"] == "failed"
    assert "no connection" in last["detail"]


def numbers(report: object, path: str = "") -> Iterator[tuple[str, float]]:
    """Every number in a JSON value, by its path."""
    if isinstance(report, dict):
        for key, value in report.items():
            yield from numbers(value, f"{path}.{key}")
    elif isinstance(report, int | float):
        yield path, report
