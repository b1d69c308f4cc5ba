"""The figures of a bench as a table for people and as one line of JSON for programs."""

import msgspec
from msgspec import Struct
from rich.console import Console
from rich.table import Table

from scripts.benching.ladder import Looks
from scripts.benching.phases import Between, Cost, Memory, Thinking
from scripts.benching.plan import Latency


class Report(Struct, omit_defaults=True):
    """What was measured; a phase that was left out is not there."""

    at_once: int
    workers: int
    memory: Memory | None = None
    same_connections: Cost | None = None
    new_connections: Cost | None = None
    thinking: Thinking | None = None
    between: Between | None = None
    ladder: Looks | None = None


def show(report: Report) -> None:
    """Print the table, then the line."""
    costs = [report.same_connections, report.new_connections]
    table = Table(title=f"{report.at_once} duels at a time, workers: {report.workers}")
    table.add_column("")
    for heading in ("same connections", "new connections", "thinking"):
        table.add_column(heading, justify="right")
    thinking = report.thinking
    _row(table, "duels", [_text(cost, "duels", 0) for cost in costs], _text(thinking, "duels", 0))
    for name, text in COST_ROWS.items():
        last = _text(thinking, name, 2) if name == "server_cpu_ms" else ""
        _row(table, text, [_text(cost, name, 2) for cost in costs], last)
    for name, text in LATENCY_ROWS.items():
        waits = [getattr(phase, name, None) for phase in (*costs, thinking)]
        shown = [_latency(wait) for wait in waits]
        _row(table, text, shown[:2], shown[2])
    console = Console(width=100)
    console.print(table)
    if report.memory is not None:
        console.print(
            f"memory: {report.memory.idle_connection_kib:.1f} KiB an idle connection, "
            f"{report.memory.live_match_kib:.1f} KiB a live match"
        )
    between = report.between
    if between is not None:
        console.print(
            "last answer to round_closed at the opponent, p50 / p99 ms: "
            f"{_latency(between.together_ms)} at one process, {_latency(between.apart_ms)} "
            f"between two (p50 {between.added_p50_ms:+.2f})"
        )
    if report.ladder is not None:
        _show_ladder(console, report.ladder)
    print(msgspec.json.encode(report).decode())  # noqa: T201 - what the command is for


def _show_ladder(console: Console, ladder: Looks) -> None:
    looks = {"top 10": ladder.top_ms, "a rank": ladder.rank_ms, "ten around": ladder.around_ms}
    told = ", ".join(f"{text} {took.p50:.2f} / {took.p99:.2f}" for text, took in looks.items())
    console.print(
        f"{ladder.players:,} players on one ladder ({ladder.redis_mib:.0f} MiB), "
        f"p50 / p99 ms at the store: {told}"
    )


COST_ROWS = {
    "duels_per_s": "duels a second",
    "server_cpu_ms": "server CPU a duel, ms",
    "busiest_cpu_ms": "of its busiest process, ms",
    "echo_cpu_ms": "echo CPU a duel, ms",
    "ratio": "server / echo",
    "redis_cpu_ms": "Redis CPU a duel, ms",
    "redis_share": "Redis / server",
    "client_cpu_ms": "client CPU a duel, ms",
    "frames": "frames a duel",
    "echo_frames": "frames a duel, echo",
}
LATENCY_ROWS = {
    "taken_ms": "answer to answer_taken, p50 / p99 ms",
    "closed_ms": "last answer to round_closed, p50 / p99 ms",
}


def _row(table: Table, text: str, costs: list[str], thinking: str) -> None:
    table.add_row(text, *costs, thinking)


def _text(figures: Struct | None, name: str, digits: int) -> str:
    return "" if figures is None else f"{getattr(figures, name):.{digits}f}"


def _latency(latency: Latency | None) -> str:
    return "" if latency is None else f"{latency.p50:.1f} / {latency.p99:.1f}"
