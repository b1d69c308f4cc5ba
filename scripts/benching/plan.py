"""What the bench tells its client process, and what that tells back: one JSON line each."""

from typing import TypeAlias

from msgspec import Struct

DECK = "deep-learning-interview"
ROUNDS = 10
SUB_PROTOCOL = "deckduel.v1.msgpack"

Steps: TypeAlias = list[tuple[int, list[int]]]
"""One socket's duel: bytes of each client frame and of the server frames that follow it.

The first step has no client frame (0 bytes): it is what a connection begins with.
"""


class Plan(Struct):
    """One phase: who connects where, and how many duels they play."""

    ports: list[int]
    """One for each process; the players are dealt out to them by chance."""
    tokens: list[str]
    """Two for each duel that is played at a time; their bearers, in no order."""
    answers: dict[str, str]
    """The right answer of each prompt, as the deck's page shows it."""
    duels: int
    limit_s: float
    """The phase fails if it takes longer."""
    fresh: bool = False
    """New connections for each duel; otherwise all on the same ones."""
    think_s: tuple[float, float] | None = None
    """A client waits between these before it answers; None: not at all."""
    stagger_s: float = 0
    """The players begin spread over so long."""
    pause: bool = False
    """Stop and say so twice: when all are connected, and when all have round 1 open."""
    trace: bool = False
    """Give back the sizes of the frames of each socket."""
    steps: list[Steps] | None = None
    """Set: move these frames (by seat) against the echo, instead of playing duels."""


class Latency(Struct):
    """Milliseconds, by percentile."""

    p50: float
    p99: float


class Result(Struct):
    """What one player was told of a finished match."""

    match: str
    totals: list[int]
    ratings: list[int]
    """By seat, after the match."""


class Played(Struct):
    """What a client process has seen of one phase."""

    duels: int
    wall_s: float
    client_cpu_s: float
    frames: int
    """Both ways, without handshakes and pings."""
    taken: Latency | None = None
    """From an answer sent to its `answer_taken`."""
    closed: Latency | None = None
    """From the later answer of a round sent to `round_closed`."""
    together: Latency | None = None
    """The same at the opponent of whoever sent that answer, at the same port."""
    apart: Latency | None = None
    """The same again, at another port."""
    results: list[Result] = []
    traces: list[Steps] = []


class Line(Struct):
    """One line from the client process: where it stands, and why it failed."""

    at: str
    """`ready`, `idle`, `live`, `done` or `failed`."""
    detail: str = ""
    played: Played | None = None
