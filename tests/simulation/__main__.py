"""Play many seeds: `python -m tests.simulation --seeds 10000 --scenario duel`."""

import argparse
import asyncio
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from server.store.embedded import EmbeddedRedis
from tests.simulation.scenarios import SCENARIOS, Run, run
from tests.simulation.valkey import Valkey

DULL = ("beat", "beat_online", "take_due", "tell_changed", "HVALS", "ZRANGEBYSCORE")
"""What happens every other moment and seldom matters."""


def main() -> int:
    """Say which seeds broke a law, and how many were played in a minute."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seeds", type=int, default=1_000, help="of each scenario")
    parser.add_argument("--first", type=int, default=0, help="the first of them")
    parser.add_argument("--scenario", choices=SCENARIOS, action="append")
    parser.add_argument("--trace", action="store_true", help="tell the story of each that fails")
    given = parser.parse_args()
    with asyncio.Runner() as runner, tempfile.TemporaryDirectory() as folder:
        embedded = EmbeddedRedis(Path(folder))
        url = runner.run(embedded.start())
        valkey = Valkey(Path(url.removeprefix("unix://")))
        valkey.do("CONFIG", "SET", "appendonly", "no")
        try:
            failed = sum(_play(name, given, valkey) for name in given.scenario or SCENARIOS)
        finally:
            valkey.close()
            runner.run(embedded.stop())
    return 1 if failed else 0


def _play(scenario: str, given: argparse.Namespace, valkey: Valkey) -> int:
    """Play the seeds of one scenario; how many of them failed."""
    began, commands, failed, laws = time.monotonic(), 0, 0, Counter[str]()
    for number in range(given.first, given.first + given.seeds):
        done = run(scenario, number, valkey)
        commands += len(done.trace)
        if done.broken:
            failed += 1
            laws.update(done.broken[:1])
            _tell(done, trace=given.trace)
    minutes = (time.monotonic() - began) / 60
    _say(
        f"{scenario}: {given.seeds} seeds, {failed} failed; {given.seeds / minutes:.0f} "
        f"interleavings a minute, {commands / given.seeds:.0f} commands each"
    )
    return failed


def _tell(done: Run, *, trace: bool) -> None:
    _say(f"seed {done.seed}: {done.broken[0]} ({len(done.broken)} in all)")
    if trace:
        for what in done.broken:
            _say(f"  {what}")
        story = [(at, f"   told {who} {message}") for at, who, message in done.told]
        for at, who, what, command, reply in done.trace:
            if what not in DULL:
                said = command[3:] if command[:1] == ("EVALSHA",) else command[1:]
                story.append((at, f"{who:>5} {what} {said} -> {reply}"))
        for at, line in sorted(story):
            _say(f"  {at:9.4f} {line}")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
