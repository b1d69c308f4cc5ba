"""What a run is to do: its settings, and the faults that its seed orders."""

import random
from enum import StrEnum
from typing import Final

from msgspec import Struct

DECK: Final = "deep-learning-interview"
PARTITIONS: Final = 4
ROUNDS: Final = 3
SERVER_FLAGS: Final = (
    *("--rounds", str(ROUNDS), "--round-ms", "1500", "--countdown-ms", "100"),
    *("--reveal-ms", "100", "--ready-ms", "3000", "--forfeit-ms", "4000"),
    *("--pair-every-ms", "50", "--pair-limits", "off", "--rate-limit", "0"),
    *("--partitions", str(PARTITIONS), "--log-level", "warning"),
)


class Way(StrEnum):
    """The direction of bytes through a proxy."""

    ASKING = "asking"
    ANSWERING = "answering"


class Kind(StrEnum):
    """What is done to whom; a link is a process's way to Redis, a front the bots' way to it."""

    KILL_SERVER = "server killed"
    STOP_SERVER = "server stopped"
    END_SERVER = "server told to end"
    KILL_REDIS = "Redis killed"
    STOP_REDIS = "Redis stopped"
    DELAY_LINK = "link delayed"
    CUT_LINK = "link cut"
    LOSE_LINK = "link loses a reply"
    SWALLOW_LINK = "link swallows"
    DELAY_FRONT = "front delayed"
    CUT_FRONT = "front cut"
    LOSE_FRONT = "front loses a reply"
    SWALLOW_FRONT = "front swallows"


WEIGHTS: Final = {
    Kind.KILL_SERVER: 8,
    Kind.STOP_SERVER: 6,
    Kind.END_SERVER: 3,
    Kind.KILL_REDIS: 2,
    Kind.STOP_REDIS: 2,
    Kind.DELAY_LINK: 10,
    Kind.CUT_LINK: 12,
    Kind.LOSE_LINK: 12,
    Kind.SWALLOW_LINK: 5,
    Kind.DELAY_FRONT: 8,
    Kind.CUT_FRONT: 12,
    Kind.LOSE_FRONT: 12,
    Kind.SWALLOW_FRONT: 8,
}
LASTS_S: Final = {
    Kind.STOP_SERVER: (0.1, 7.0),
    Kind.STOP_REDIS: (0.1, 4.0),
    Kind.DELAY_LINK: (0.2, 3.0),
    Kind.SWALLOW_LINK: (0.5, 6.0),
    Kind.DELAY_FRONT: (0.2, 3.0),
    Kind.SWALLOW_FRONT: (0.5, 6.0),
}
"""Least and most seconds of what lasts; a server's processes count as gone after 5."""
MOST_DELAY_S: Final = 0.8
PER_SECOND: Final = 2.0
QUICKER_AT_FIRST: Final = 2
"""One of each kind comes first, so much quicker than the others, that no short run lacks one."""


class Fault(Struct, frozen=True):
    """One fault: when (seconds from the start), to which process, and how.

    `share` is of the connections there, at least one; `way` None is both.
    """

    at_s: float
    kind: Kind
    process: int
    lasts_s: float
    share: float
    delay_s: float
    way: Way | None


class Crew(Struct):
    """What a process of bots is told: who they are, where the servers are, where to write."""

    seed: int
    first: int
    bots: int
    ports: list[int]
    told: str


def faults_of(seed: int, seconds: float, processes: int) -> list[Fault]:
    """The faults of a run, in their order: the same for the same seed."""
    rng = random.Random(seed)  # noqa: S311 - to be repeated
    first = list(Kind)
    rng.shuffle(first)
    faults, at_s = list[Fault](), 0.0
    while True:
        rate = PER_SECOND * QUICKER_AT_FIRST if first else PER_SECOND
        at_s += rng.uniform(0.5, 1.5) / rate
        kind = first.pop() if first else rng.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        if at_s > seconds:
            return faults
        faults.append(
            Fault(
                at_s,
                kind,
                rng.randrange(processes),
                rng.uniform(*LASTS_S.get(kind, (0, 0))),
                rng.random() ** 2,
                rng.uniform(0, MOST_DELAY_S),
                rng.choice((*Way, None)),
            )
        )
