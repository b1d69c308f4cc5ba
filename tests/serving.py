"""A real `deckduel serve` as a process of its own, for tests of what stands outside it."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from scripts.starting.ports import free_port
from scripts.starting.ready import said_until_ready

__all__ = ["DECKDUEL", "PATIENCE_S", "Server", "environment", "free_port", "serving"]

DECKDUEL = Path(sys.executable).with_name("deckduel")
PATIENCE_S = 60


def environment(home: Path, **more: str) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if "DECKDUEL" not in name}
    return inherited | {"HOME": str(home), "XDG_DATA_HOME": "", "PYTHONUNBUFFERED": "1"} | more


@dataclass
class Server:
    """A `deckduel serve` that has said it is ready."""

    process: subprocess.Popen[str]
    host: str
    port: int
    lines: list[str]
    ready_s: float

    def fetch(self, path: str, body: object = None) -> bytes:
        """Get what is at a path, or post a JSON body to it."""
        request = urllib.request.Request(
            f"http://{self.host}:{self.port}{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:  # noqa: S310 (our own)
            found: bytes = answer.read()
            return found

    def call(self, path: str, body: object = None) -> dict[str, str]:
        """Fetch and decode."""
        found: dict[str, str] = json.loads(self.fetch(path, body))
        return found

    def stop(self, how: signal.Signals) -> int:
        self.process.send_signal(how)
        return self.process.wait(PATIENCE_S)


@contextlib.contextmanager
def serving(
    home: Path,
    *flags: str,
    program: Path = DECKDUEL,
    host: str = "127.0.0.1",
    port: int | None = None,
    stdin: int | None = None,
) -> Iterator[Server]:
    """Start a server with its data under `home`, and end it however the test ends."""
    port = port or free_port()
    began = monotonic()
    with subprocess.Popen(
        [program, "serve", "--host", host, "--port", str(port), *flags],
        env=environment(home),
        stdin=stdin,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            lines = said_until_ready(process, PATIENCE_S)
            yield Server(process, host, port, lines, monotonic() - began)
        finally:
            process.kill()
