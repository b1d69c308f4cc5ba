"""The processes of a bench, and what the system says of them: CPU time and memory."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import msgspec

from scripts.benching.plan import Line, Plan, Played, Steps
from scripts.starting.ports import free_port
from scripts.starting.ready import NotReadyError, said_until_ready
from server.store.embedded import LOCK_NAME, SOCKET_NAME

ROOT: Final = Path(__file__).parents[2]
READY_S: Final = 30.0
STOP_S: Final = 20.0
_CPU_OF_A_PROCESS: Final = 2
"""The kernel's clock of all threads of one process, without its children (CPUCLOCK_SCHED)."""

LOAD_FLAGS: Final = (
    *("--pair-limits", "off", "--rate-limit", "0", "--pair-every-ms", "10"),
    *("--countdown-ms", "0", "--reveal-ms", "0", "--log-level", "warning"),
)


class BenchError(Exception):
    """The bench cannot say what it was asked; the message is one sentence."""


def cpu_s(pid: int) -> float:
    """CPU seconds of a process so far, user and system: as in /proc, but to the nanosecond."""
    return time.clock_gettime(~pid << 3 | _CPU_OF_A_PROCESS)


def _children(pid: int) -> list[int]:
    return [
        int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
    ]


def _runs_redis(pid: int) -> bool:
    return Path(f"/proc/{pid}/comm").read_text("utf-8").strip().endswith("-server")


def rss_kib(pid: int) -> float:
    """Resident memory of a process, in KiB."""
    pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1024


def _environment() -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if "DECKDUEL" not in name}
    return inherited | {"PYTHONUNBUFFERED": "1", "PYTHONPATH": str(ROOT)}


class Server:
    """A `deckduel serve` under load settings, with its embedded Redis."""

    def __init__(self, pid: int, port: int, data: Path) -> None:
        self.port: Final = port
        children = _children(pid)
        (self.redis_pid,) = (child for child in children if _runs_redis(child))
        self.pids: Final = [pid, *(child for child in children if child != self.redis_pid)]
        """The server's own processes: with more than one worker, first that which minds them."""
        self.redis_socket: Final = (
            Path((data / LOCK_NAME).read_text("utf-8").splitlines()[1]) / SOCKET_NAME
        )

    def call(self, path: str, body: object = None) -> Any:  # noqa: ANN401 - JSON, read at once
        """One HTTP call, its JSON answer decoded."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=READY_S) as answer:  # noqa: S310 - our own
            return json.load(answer)

    def sign_up(self, number: int) -> str:
        """A new player's token."""
        letters = "".join(chr(ord("a") + int(digit)) for digit in str(number))
        token: str = self.call("/api/players", {"name": f"Bench {letters}"})["token"]
        return token


@contextlib.contextmanager
def serving(data: Path, profile: Path | None, workers: int = 1) -> Iterator[Server]:
    """Start a server on an empty data directory; `profile` is where cProfile writes, if at all."""
    flags = ["--data-dir", str(data), "--workers", str(workers)]
    with _listening(flags, profile) as (pid, port):
        yield Server(pid, port, data)


@contextlib.contextmanager
def beside(server: Server) -> Iterator[int]:
    """Start a second server on the Redis of another; its port."""
    with _listening(["--redis-url", f"unix://{server.redis_socket}"], None) as (_, port):
        yield port


@contextlib.contextmanager
def _listening(flags: list[str], profile: Path | None) -> Iterator[tuple[int, int]]:
    """Start a server; its process id and its port."""
    port = free_port()
    profiler = ["-m", "cProfile", "-o", str(profile)] if profile else []
    address = ["--host", "127.0.0.1", "--port", str(port)]
    deckduel = str(Path(sys.executable).with_name("deckduel"))
    program = [deckduel, "serve", *address, *flags, *LOAD_FLAGS]
    with subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, *profiler, *program],
        env=_environment(),
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            said_until_ready(process, READY_S)
            yield process.pid, port
        except NotReadyError:
            raise BenchError("The server did not start; see above.") from None
        finally:
            process.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(STOP_S)
            process.kill()


@contextlib.contextmanager
def echoing(steps: list[Steps]) -> Iterator[tuple[int, int]]:
    """Start the echo server; its process id and its port."""
    with _module("echo") as process:
        _tell(process, msgspec.json.encode(steps).decode())
        assert process.stdout
        yield process.pid, int(process.stdout.readline())


class Clients:
    """The client process of one phase, ready to begin."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process: Final = process

    def wait_for(self, at: str) -> Played | None:
        """Wait until the clients have come so far; what they saw, once they are done.

        Raises:
            BenchError: they never will.
        """
        assert self._process.stdout
        text = self._process.stdout.readline()
        if not text:
            raise BenchError("The client process ended; see above.")
        line = msgspec.json.decode(text, type=Line)
        if line.at != at:
            raise BenchError(f"The clients {line.at} before {at}: {line.detail}.")
        return line.played

    def go(self) -> None:
        """Have them begin, or go on."""
        _tell(self._process, "go")


@contextlib.contextmanager
def clients(plan: Plan) -> Iterator[Clients]:
    """Start the client process of a phase."""
    with _module("playing") as process:
        _tell(process, msgspec.json.encode(plan).decode())
        ready = Clients(process)
        ready.wait_for("ready")
        yield ready


@contextlib.contextmanager
def _module(name: str) -> "Iterator[subprocess.Popen[str]]":
    with subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-m", f"scripts.benching.{name}"],
        cwd=ROOT,
        env=_environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def _tell(process: "subprocess.Popen[str]", line: str) -> None:
    assert process.stdin
    process.stdin.write(line + "\n")
    process.stdin.flush()
