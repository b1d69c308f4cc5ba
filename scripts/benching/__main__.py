"""The bench's command line: `scripts/bench`."""

import argparse
import pstats
import sys
import tempfile
from pathlib import Path

from scripts.benching.ladder import look_at_ladder
from scripts.benching.phases import Bench
from scripts.benching.process import BenchError, serving
from scripts.benching.report import Report, show

PHASES = ("memory", "same", "new", "thinking", "between", "ladder")
LINES = 25


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument(
        "--duels",
        type=int,
        default=2000,
        help="duels on the same connections (2000), half as many on new ones",
    )
    parser.add_argument("--at-once", type=int, default=200, help="duels at a time (200)")
    parser.add_argument("--workers", type=int, default=1, help="processes of the server (1)")
    parser.add_argument(
        "--players", type=int, default=1_000_000, help="players of the phase `ladder` (1000000)"
    )
    parser.add_argument(
        "--only", nargs="+", choices=PHASES, default=PHASES, help="phases to play (all)"
    )
    parser.add_argument(
        "--think",
        nargs=2,
        type=float,
        default=(0.3, 2.0),
        metavar="SECONDS",
        help="least and most time before an answer (0.3 2)",
    )
    parser.add_argument(
        "--profile", action="store_true", help="profile the server; all figures are then too high"
    )
    return parser


def _measure(options: argparse.Namespace, profile: Path | None, data: Path) -> Report:
    report = Report(options.at_once, options.workers)
    with serving(data, profile, options.workers) as server:
        bench = Bench(server, options.at_once)
        for phase in options.only:
            print(f"playing: {phase}", file=sys.stderr)  # noqa: T201 - a run takes minutes
            match phase:
                case "memory":
                    report.memory = bench.memory()
                case "same":
                    report.same_connections = bench.cost(options.duels, fresh=False)
                case "new":
                    report.new_connections = bench.cost(max(1, options.duels // 2), fresh=True)
                case "thinking":
                    report.thinking = bench.thinking(tuple(options.think))
                case "between":
                    report.between = bench.between(tuple(options.think))
                case _:
                    report.ladder = look_at_ladder(options.players)
        bench.check_all()
    return report


def main() -> int:
    """Measure and print."""
    options = _parser().parse_args()
    with tempfile.TemporaryDirectory(prefix="deckduel-bench-") as folder:
        profile = Path(folder) / "profile" if options.profile else None
        try:
            report = _measure(options, profile, Path(folder) / "data")
        except BenchError as error:
            print(f"bench: {error}", file=sys.stderr)  # noqa: T201 - a command prints
            return 1
        if profile is not None:
            pstats.Stats(str(profile)).sort_stats("tottime").print_stats(LINES)
    show(report)
    return 0


if __name__ == "__main__":
    sys.exit(main())
