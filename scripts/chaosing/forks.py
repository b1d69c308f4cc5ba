"""Servers forked from a process that has imported everything: a start costs next to nothing."""

import contextlib
import multiprocessing
import os
import sys
from collections.abc import Sequence
from functools import cache
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Final

from server.cli import main

_forks: Final = multiprocessing.get_context("forkserver")
_forks.set_forkserver_preload(["server.web.app", "scripts.chaosing.forks"])


@cache
def warm_up() -> None:
    """Import everything once, so that no server's start holds up an event loop."""
    first = _forks.Process(target=_nothing)
    first.start()
    first.join()


def _nothing() -> None:
    """What the first fork does."""


def fork(flags: Sequence[str], words: Path) -> ForkServerProcess:
    """Start `deckduel serve` with these flags; the file `words` collects what it says."""
    process = _forks.Process(target=_serve, args=(list(flags), str(words)))
    process.start()
    return process


def _serve(flags: list[str], words: str) -> None:
    out = os.open(words, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError):
            os.dup2(out, stream.fileno())
    sys.exit(main(["serve", *flags]))
