"""The phases of a bench: each plays duels on one server and gives its figures."""

import time
from typing import Final

import msgspec
from msgspec import Struct

from scripts.benching.plan import DECK, Latency, Plan, Played, Steps
from scripts.benching.process import (
    BenchError,
    Server,
    beside,
    clients,
    cpu_s,
    echoing,
    rss_kib,
)
from scripts.benching.truth import Store

LEAST_MATCHES: Final = 100
"""Fewer would leave the memory of one in the noise."""
TAIL_S: Final = 0.3
"""What a server still does after the last message counts too."""
STAGGER_S: Final = 3.0
LIMIT_S: Final = 90.0


class Memory(Struct):
    """Growth of the server's resident memory, in KiB; what the kernel holds is not in it."""

    idle_connection_kib: float
    live_match_kib: float
    """With both players connected already."""


class Cost(Struct):
    """What duels cost, and what the echo of their frames cost just before and just after."""

    duels: int
    duels_per_s: float
    server_cpu_ms: float
    """Of all its processes."""
    busiest_cpu_ms: float
    """Of the one that used most: with a core for each, they would play a duel in this time."""
    redis_cpu_ms: float
    redis_share: float
    """Redis's CPU over the server's."""
    echo_cpu_ms: float
    ratio: float
    """The server's CPU over the echo's."""
    frames: float
    echo_frames: float
    client_cpu_ms: float
    taken_ms: Latency
    closed_ms: Latency


class Thinking(Struct):
    """How long clients wait who think before they answer."""

    duels: int
    server_cpu_ms: float
    taken_ms: Latency
    closed_ms: Latency


class Between(Struct):
    """How long after the last answer of a round it is closed at the opponent, players thinking."""

    duels: int
    together_ms: Latency
    """Both are served by the same process."""
    apart_ms: Latency
    """They are served by two processes, and Redis is between them."""
    added_p50_ms: float


class Bench:
    """One server, its players, and the phases that are played on it, one after another."""

    def __init__(self, server: Server, at_once: int) -> None:
        self._server: Final = server
        self._at_once: Final = at_once
        self._store: Final = Store(server)
        players = 2 * max(at_once, LEAST_MATCHES)
        self._tokens: Final = [server.sign_up(number) for number in range(players)]
        cards = server.call(f"/api/decks/{DECK}")["cards"]
        self._answers: Final = {card["prompt"]: card["answer"] for card in cards}
        self._steps: list[Steps] = []
        self._played = 0

    def memory(self) -> Memory:
        """Hold connections, then matches, and look at the server each time."""
        self._trace()  # whatever is only loaded by the first match
        matches = len(self._tokens) // 2
        plan = self._plan(matches, self._tokens)
        plan.pause = True
        with clients(plan) as fleet:
            before = self._resident()
            fleet.go()
            fleet.wait_for("idle")
            time.sleep(TAIL_S)
            idle = self._resident()
            fleet.go()
            fleet.wait_for("live")
            time.sleep(TAIL_S)
            live = self._resident()
            fleet.go()
            self._check(fleet.wait_for("done"))
        return Memory((idle - before) / len(self._tokens), (live - idle) / matches)

    def cost(self, duels: int, *, fresh: bool) -> Cost:
        """Play with no pauses; before and after, move the same frames against the echo."""
        steps = self._trace()
        plan = self._plan(duels, self._tokens[: 2 * self._at_once])
        plan.fresh = fresh
        first, _ = _echoed(plan, steps)
        spent, redis, played = self._measured(plan)
        server = sum(spent)
        second, moved = _echoed(plan, steps)
        echo = (first + second) / 2
        assert played.taken
        assert played.closed
        return Cost(
            duels=duels,
            duels_per_s=duels / played.wall_s,
            server_cpu_ms=1000 * server / duels,
            busiest_cpu_ms=1000 * max(spent) / duels,
            redis_cpu_ms=1000 * redis / duels,
            redis_share=redis / server,
            echo_cpu_ms=1000 * echo / duels,
            ratio=server / echo,
            frames=played.frames / duels,
            echo_frames=moved.frames / duels,
            client_cpu_ms=1000 * played.client_cpu_s / duels,
            taken_ms=played.taken,
            closed_ms=played.closed,
        )

    def thinking(self, think_s: tuple[float, float]) -> Thinking:
        """Play with pauses, as people would."""
        plan = self._plan(self._at_once, self._tokens[: 2 * self._at_once])
        plan.think_s, plan.stagger_s = think_s, STAGGER_S
        spent, _, played = self._measured(plan)
        assert played.taken
        assert played.closed
        return Thinking(plan.duels, 1000 * sum(spent) / plan.duels, played.taken, played.closed)

    def between(self, think_s: tuple[float, float]) -> Between:
        """Play with pauses, half of the players at a second server on the same Redis."""
        plan = self._plan(2 * self._at_once, self._tokens[: 2 * self._at_once])
        plan.think_s, plan.stagger_s = think_s, STAGGER_S
        with beside(self._server) as port:
            plan.ports = [*plan.ports, port]
            _, _, played = self._measured(plan)
        if played.together is None or played.apart is None:
            raise BenchError("Too few duels to compare: play more of them at once.")
        added = played.apart.p50 - played.together.p50
        return Between(plan.duels, played.together, played.apart, added)

    def check_all(self) -> None:
        """Hold the number of settlements against that of the duels.

        Raises:
            BenchError: they differ.
        """
        self._store.check_count(self._played)

    def _plan(self, duels: int, tokens: list[str]) -> Plan:
        return Plan([self._server.port], tokens, self._answers, duels, LIMIT_S)

    def _resident(self) -> float:
        return sum(rss_kib(pid) for pid in self._server.pids)

    def _measured(self, plan: Plan) -> tuple[list[float], float, Played]:
        """Play a plan; CPU seconds of each process and of Redis, and what the clients saw."""
        with clients(plan) as fleet:
            before = [cpu_s(pid) for pid in self._server.pids]
            redis = cpu_s(self._server.redis_pid)
            fleet.go()
            played = fleet.wait_for("done")
            time.sleep(TAIL_S)
            spent = [cpu_s(p) - b for p, b in zip(self._server.pids, before, strict=True)]
            redis = cpu_s(self._server.redis_pid) - redis
        return spent, redis, self._check(played)

    def _check(self, played: Played | None) -> Played:
        if played is None or len(played.results) != played.duels:
            raise BenchError("The clients did not see the end of every duel.")
        self._store.check(played.results)
        self._played += played.duels
        return played

    def _trace(self) -> list[Steps]:
        """The frames of one real duel, by seat."""
        if not self._steps:
            plan = self._plan(1, self._tokens[:2])
            plan.trace = True
            _, _, played = self._measured(plan)
            self._steps = played.traces
        return self._steps


def _echoed(plan: Plan, steps: list[Steps]) -> tuple[float, Played]:
    """Move the frames of a plan's duels; CPU seconds of the echo, and what the clients saw."""
    with echoing(steps) as (pid, port):
        tokens = [""] * len(plan.tokens)
        plan = msgspec.structs.replace(plan, ports=[port], tokens=tokens, steps=steps)
        with clients(plan) as fleet:
            before = cpu_s(pid)
            fleet.go()
            moved = fleet.wait_for("done")
            time.sleep(TAIL_S)
            spent = cpu_s(pid) - before
    if moved is None:
        raise BenchError("The echo's clients saw nothing.")
    return spent, moved
