"""Faults put in on purpose: each shows that a law can be broken, and that seeds find it."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from itertools import count
from typing import Any, Final, NamedTuple
from unittest import mock

from server.core.clock import MatchClock
from server.core.match import Match
from server.play import views
from server.play.following import Following
from server.play.waiting import WaitingRoom
from tests.simulation.valkey import Mutant

AHEAD_MS: Final = 400


class Fault(NamedTuple):
    """What is wrong, in which scenario it shows, and the law that it breaks there."""

    scenario: str
    law: str
    scripts: tuple[Mutant, ...] = ()
    patch: Callable[[], AbstractContextManager[Any]] = nullcontext


def _ahead() -> AbstractContextManager[Any]:
    """Have clocks run ahead of the store's, as they never should."""
    now = MatchClock.now

    def ahead(clock: MatchClock, mono: float) -> int:
        return now(clock, mono) + AHEAD_MS

    return mock.patch.object(MatchClock, "now", ahead)


def _nothing(*_: object) -> None:
    """Do nothing."""


FAULTS: Final[Mapping[str, Fault]] = {
    "an append that does not compare the nonce": Fault(
        "failover",
        "logs",
        (Mutant("append", "string.sub(tail[1], 1, #ARGV[3]) ~= ARGV[3]", "false"),),
        lambda: mock.patch.object(Following, "hear_again", _nothing),
    ),
    "an append that is told and not kept": Fault(
        "duel",
        "told",
        (
            Mutant(
                "append",
                "redis.call('RPUSH', KEYS[2], entry)",
                "if redis.call('INCR', 'n') ~= 7 then redis.call('RPUSH', KEYS[2], entry) end",
            ),
        ),
    ),
    "a close before its time": Fault(
        "duel",
        "logs",
        (Mutant("append", "if at < tonumber(ARGV[6]) then", "if false then"),),
        _ahead,
    ),
    "a settlement without its marker": Fault(
        "failover", "ratings", (Mutant("settle", "if stored then", "if false then"),)
    ),
    "a settlement that does not say how the match had ended": Fault(
        "failover",
        "stands",
        (),
        lambda: mock.patch.object(Match, "ending", None),
    ),
    "a hold that is taken from whoever has it": Fault(
        "lobby", "cancels", (Mutant("swap", "if value == ARGV[1] and", "if"),)
    ),
    "a hold that is never released": Fault(
        "duel", "left", (Mutant("swap", "redis.call('DEL', KEYS[1])", ""),)
    ),
    "a match without a log": Fault(
        "duel", "paired", (Mutant("create", "redis.call('RPUSH', KEYS[2]", "tostring(KEYS[2]"),)
    ),
    "a seek that is dropped while nobody looks": Fault(
        "lobby",
        "seeks on",
        (Mutant("seeks", "now - ARGV[1]", "now - 500"),),
        lambda: mock.patch.object(WaitingRoom, "_look_for", _nothing),
    ),
    "a result that differs by whom it is told": Fault(
        "duel",
        "results",
        (),
        lambda: mock.patch.object(views, "resembles", side_effect=count()),
    ),
}
