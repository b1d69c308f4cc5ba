"""All clients of one phase: what they have to do, what they have seen, and when they are done."""

import asyncio
import sys
import time
from collections import Counter
from typing import Final, Protocol

import msgspec

from scripts.benching.plan import Latency, Line, Plan, Played, Result, Steps
from server.core.ids import SEATS


class Failed(Exception):  # noqa: N818 - ends the phase, and with it the bench
    """Something that no duel should meet; the text says what."""


class Client(Protocol):
    """One player of the fleet."""

    def begin(self) -> None:
        """Connect."""

    def go_on(self) -> None:
        """Do what was held back by a pause."""

    def stop(self) -> None:
        """Close the connection; `Fleet.gone` is called once it is."""


class Fleet:
    """Counts what the clients of one phase do, and knows when they have done it."""

    def __init__(self, plan: Plan) -> None:
        self.plan: Final = plan
        self.sent_last: Final[dict[str, tuple[float, int, int]]] = {}
        """The latest answer sent, by match: the instant, the seat, the port."""
        self.taken: Final[list[float]] = []
        self.closed: Final[list[float]] = []
        self.together: Final[list[float]] = []
        self.apart: Final[list[float]] = []
        self.traces: Final[list[Steps]] = []
        self.frames = 0
        self.clients: list[Client] = []
        self.pausing = ""
        """What the clients hold back before: `idle`, `live`, or nothing."""
        self._shares_left = 2 * plan.duels
        self._ends_left = 2 * plan.duels
        self._over: Final[dict[str, Result]] = {}
        self._told: Final[Counter[str]] = Counter()
        self._open = 0
        self._held = 0
        self._closed_all: Final = asyncio.Event()
        self._done: Final[asyncio.Future[None]] = asyncio.get_running_loop().create_future()

    async def run(self) -> Played:
        """Play all duels of the plan.

        Raises:
            Failed: a duel did not come to its end.
        """
        began, cpu = time.perf_counter(), time.process_time()
        self.pausing = "idle" if self.plan.pause else ""
        loop = asyncio.get_running_loop()
        apart_s = self.plan.stagger_s / len(self.clients)
        for number, client in enumerate(self.clients):
            loop.call_later(number * apart_s, client.begin)
        try:
            async with asyncio.timeout(self.plan.limit_s):
                await self._done
                wall_s = time.perf_counter() - began
                for client in self.clients:
                    client.stop()
                await self._closed_all.wait()
        except TimeoutError:
            left = f"{self._ends_left} ends of duels are missing after {self.plan.limit_s} s"
            raise Failed(left) from None
        if once := [match for match, told in self._told.items() if told != len(SEATS)]:
            raise Failed(f"only one player was told the end of {once[0]}")
        return Played(
            duels=self.plan.duels,
            wall_s=wall_s,
            client_cpu_s=time.process_time() - cpu,
            frames=self.frames,
            taken=latency(self.taken),
            closed=latency(self.closed),
            together=latency(self.together),
            apart=latency(self.apart),
            results=list(self._over.values()),
            traces=self.traces,
        )

    def take_share(self) -> bool:
        """Take one seat of the duels still to be played; False where none is left."""
        self._shares_left -= 1
        return self._shares_left >= 0

    def end(self, result: Result | None) -> None:
        """One player has come to the end of a duel."""
        if result is not None:
            if self._over.setdefault(result.match, result) != result:
                self.fail(f"the players were told different ends of {result.match}")
            self._told[result.match] += 1
        self._ends_left -= 1
        if self._ends_left == 0 and not self._done.done():
            self._done.set_result(None)

    def came(self) -> None:
        """A connection was begun."""
        self._open += 1

    def gone(self, *, as_agreed: bool) -> None:
        """A connection is closed."""
        self._open -= 1
        if self._open == 0 and self._ends_left == 0:
            self._closed_all.set()
        if not as_agreed:
            self.fail("a connection was lost")

    def hold(self) -> None:
        """A client holds back; once all do, say so, wait for the word, and let them go on."""
        self._held += 1
        if self._held < len(self.clients):
            return
        say(Line(self.pausing))
        sys.stdin.readline()
        self._held = 0
        self.pausing = "live" if self.pausing == "idle" else ""
        for client in self.clients:
            client.go_on()

    def fail(self, why: str) -> None:
        """End the phase."""
        if not self._done.done():
            self._done.set_exception(Failed(why))


def latency(seconds: list[float]) -> Latency | None:
    """The percentiles, in milliseconds."""
    if not seconds:
        return None
    ordered = sorted(seconds)
    return Latency(1000 * ordered[len(ordered) // 2], 1000 * ordered[len(ordered) * 99 // 100])


def say(line: Line) -> None:
    """Tell the bench."""
    sys.stdout.write(msgspec.json.encode(line).decode() + "\n")
    sys.stdout.flush()
