"""One live match as this process holds it: its folded state and who listens."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final

from server.core.clock import MatchClock
from server.core.commands import due
from server.core.ids import SEATS, BySeat, MatchId, PlayerId, Seat
from server.core.match import Match, Phase, fold
from server.play.listener import Listener
from server.store.log import StoredEntry

READING_MS: Final = 250
"""A question counts as shown at the latest so long after its opening was logged, or a
player could read along as a spectator first."""


class LiveMatch:
    """The log of one match as far as this process knows it, and its audience.

    A `turn` is taken by whoever appends: at most one append in flight per match here.
    `due` is the match time at which the match goes on by itself, None once it is over.
    `paired_here` says that the pairing was told at this process, `alarm_at` is the match time
    for which its timer is set, if it has one, and (monotonic ms) `looked_at` when the log was
    last read because of a refusal, `told_watchers_at` when all last heard how many watch.
    """

    def __init__(self, match: MatchId, entries: tuple[StoredEntry, ...], clock: MatchClock) -> None:
        self.id: Final = match
        self.clock: Final = clock
        self._lock: Final = asyncio.Lock()
        self._turns = 0
        self.seats: Final[BySeat[set[Listener]]] = (set(), set())
        self.spectators: Final[set[Listener]] = set()
        self._watching: Final[Counter[Listener | PlayerId]] = Counter()
        self.stale = False
        self.paired_here = False
        self.alarm_at = 0
        self.looked_at = 0.0
        self.told_watchers_at = 0.0
        self._shown: list[float | None] = [None, None]
        self._opened_here = 0
        self.refold(entries)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Have the log to oneself, once all who came before have had their turns."""
        self._turns += 1
        try:
            async with self._lock:
                yield
        finally:
            self._turns -= 1

    @property
    def taken(self) -> bool:
        """Whether anybody has a turn or waits for one."""
        return self._turns > 0

    @property
    def in_use(self) -> bool:
        """Whether anybody has a turn or waits for one, or listens."""
        return self.taken or bool(self.audience())

    def refold(self, entries: tuple[StoredEntry, ...]) -> None:
        """Take the whole log anew."""
        self.state = fold(stored.entry for stored in entries)
        self.due = due(self.state)
        self.length = len(entries)
        self.last, self.last_at = entries[-1].head, entries[-1].at
        self.stale = False
        self._opened_here = 0
        self._shown = [None, None]

    def advance(self, state: Match, mono: float) -> None:
        """Take the state after one more event, received at `mono`."""
        self.state = state
        if state.phase is Phase.OPEN and len(state.rounds) != self._opened_here:
            self._opened(mono)

    def audience(self) -> Sequence[Listener]:
        """Everybody who gets this match's events."""
        return [*self.seats[0], *self.seats[1], *self.spectators]

    @property
    def watchers(self) -> int:
        """How many watch here who do not play; whoever is signed in counts once."""
        return len(self._watching)

    def watch(self, listener: Listener) -> None:
        """Take a spectator in."""
        if listener not in self.spectators:
            self.spectators.add(listener)
            self._watching[_watcher(listener)] += 1

    def others(self, seat: Seat) -> Sequence[Listener]:
        """Everybody but the sockets of one seat."""
        return [*self.seats[1 - seat], *self.spectators]

    def drop(self, listener: Listener) -> Seat | None:
        """Take a listener out; the seat that has lost its last one, if any."""
        if listener in self.spectators:
            self.spectators.discard(listener)
            who = _watcher(listener)
            self._watching[who] -= 1
            if not self._watching[who]:
                del self._watching[who]
        for seat in SEATS:
            if listener in self.seats[seat]:
                self.seats[seat].discard(listener)
                return seat if not self.seats[seat] else None
        return None

    def shows(self, seat: Seat, mono: float) -> None:
        """A socket of this seat is being sent the open question."""
        if self._opened_here == len(self.state.rounds) and self._shown[seat] is None:
            self._shown[seat] = min(mono, self._latest_showing())

    def elapsed(self, seat: Seat, received: float) -> tuple[int, bool]:
        """Reaction time of an answer received at `received`, whole ms of match time.

        And whether it was measured from the showing here (so that a credit for the
        network applies) or, after a change of process, from the opening in the log.
        """
        if self._opened_here != len(self.state.rounds):
            opened_at = self.clock.mono_of(self.state.phase_at)
            return self.clock.between(opened_at, received), False
        shown = self._shown[seat]
        start = self._latest_showing() if shown is None else shown
        return self.clock.between(start, received), True

    def _opened(self, mono: float) -> None:
        """A round opened while this process was attached."""
        self._opened_here = len(self.state.rounds)
        mono = min(mono, self._latest_showing())
        self._shown = [mono if self.seats[seat] else None for seat in SEATS]

    def _latest_showing(self) -> float:
        return self.clock.mono_of(self.state.phase_at) + READING_MS


def _watcher(listener: Listener) -> Listener | PlayerId:
    """Who counts as one: a player with all his pages, else each page."""
    return listener if listener.account is None else listener.account.id
