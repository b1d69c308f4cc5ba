"""The command line of a chaos run: `scripts/chaos`."""

import argparse
import asyncio
import contextlib
import logging
import secrets
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import uvloop

from scripts.chaosing.report import show
from scripts.chaosing.run import Asked, ChaosError, run


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="scripts/chaos", description=__doc__)
    parser.add_argument("--seconds", type=float, default=600, help="how long to disturb (600)")
    parser.add_argument("--seed", type=int, help="what orders the faults (any)")
    parser.add_argument("--processes", type=int, default=4, help="server processes (4)")
    parser.add_argument("--bots", type=int, default=300, help="players (300)")
    parser.add_argument("--keep", type=Path, help="where to leave logs, and all that was told")
    return parser


@contextlib.contextmanager
def _folder(kept: Path | None) -> Iterator[Path]:
    if kept is not None:
        try:
            kept.mkdir(parents=True, exist_ok=True)
            begun = any(kept.iterdir())
        except OSError as error:
            raise ChaosError(f"Nothing can be kept in {kept}: {error.strerror}.") from None
        if begun:  # an earlier run's store would be judged with this one's
            raise ChaosError(f"There is something in {kept} already: name another folder.")
        yield kept
        return
    with tempfile.TemporaryDirectory(prefix="deckduel-chaos-") as folder:
        yield Path(folder)


def main() -> int:
    """Disturb, judge and print; 1 where a law was broken."""
    options = _parser().parse_args()
    logging.basicConfig(level="CRITICAL")  # that Redis dies is no news here
    seed = secrets.randbelow(10**6) if options.seed is None else options.seed
    asked = Asked(seed, options.seconds, options.processes, options.bots)
    print(f"seed {seed}", file=sys.stderr)  # noqa: T201 - whatever becomes of the run
    try:
        with (
            _folder(options.keep) as folder,
            asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
        ):
            outcome = runner.run(run(asked, folder))
    except ChaosError as error:
        print(f"chaos: {error} The seed was {seed}.", file=sys.stderr)  # noqa: T201 - as above
        return 1
    show(asked, outcome)
    return 1 if outcome.judge.broken else 0


if __name__ == "__main__":
    sys.exit(main())
