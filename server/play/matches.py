"""Drives live matches: a command is decided, appended to the log, and told to everyone.

Nothing is told before it is in the log, and nothing is decided on a log that another
process has carried on meanwhile: a lost race decides the same command again.
"""

import random
from collections.abc import Awaitable, Callable, Hashable, Sequence
from functools import partial
from typing import Final, TypeAlias, assert_never

from server.core.clock import MatchClock
from server.core.commands import (
    Command,
    Connect,
    Decision,
    Disconnect,
    Tick,
    decide,
    due,
)
from server.core.events import MatchEnded, SeatConnected, SeatDisconnected, Settled
from server.core.ids import SEATS, MatchId, PlayerId, ProcessId, Seat
from server.core.match import Match
from server.core.refusal import Reason, Refused
from server.play.listener import Listener
from server.play.live import LiveMatch
from server.play.telling import Origin, tell, tell_anew, tell_watchers
from server.play.timers import Job, Timers, mono_ms, sleep_ms
from server.play.views import snapshot
from server.store.keys import partition_of
from server.store.link import Unavailable
from server.store.log import Early, Heard, Lost, Mark, MatchLogs, StoredEntry, Won, head_of
from server.wire.messages import MatchView

JITTER_MS: Final = 100
"""Deadlines fire up to this late, so that the processes of a match seldom race."""
RETRY_FOR_MS: Final = 3_000
"""An append is tried for so long while Redis does not answer; then it is refused."""
RETRY_EVERY_MS: Final = 100
EARLY_MS: Final = 5
LATER_MS: Final = 500
AWAY_AFTER_MS: Final = 2_000
"""A seat without a socket for less than this has only reloaded its page."""
WATCHERS_EVERY_MS: Final = 1_000

Decide: TypeAlias = Callable[[Match], Command]


class Matches:
    """Every match that this process is attached to.

    `ended` is called with a match to be settled; `names` says what players are called by now.
    """

    def __init__(
        self,
        logs: MatchLogs,
        timers: Timers,
        process: ProcessId,
        ended: Callable[[MatchId], None],
        names: Callable[[Sequence[PlayerId]], Awaitable[list[str]]],
    ) -> None:
        self._logs: Final = logs
        self._timers: Final = timers
        self._process: Final = process
        self._ended: Final = ended
        self._names: Final = names
        self._live: Final[dict[MatchId, LiveMatch]] = {}
        self._attaching: Final[dict[MatchId, int]] = {}
        self._clocks: Final = tuple(MatchClock() for _ in logs.partitions)

    def clock(self, match: MatchId) -> MatchClock:
        """The match time of a match's partition, as this process knows it."""
        return self._clocks[partition_of(match, len(self._clocks))]

    def heard(self, partition: int, at: int) -> None:
        """Take in the match time that a partition has just given."""
        self._clocks[partition].heard(at, mono_ms())

    def __len__(self) -> int:
        return len(self._live)

    def holds(self, match: MatchId) -> bool:
        """Whether this match is live here: a settled one is let go."""
        return match in self._live

    def played_here(self, match: MatchId) -> LiveMatch | None:
        """The live match, where a player of it is here: so nobody knows its state sooner."""
        live = self._live.get(match)
        return live if live is not None and any(live.seats) else None

    def watchers(self, match: MatchId) -> int:
        """How many watch a match at this process without playing in it."""
        live = self._live.get(match)
        return 0 if live is None else live.watchers

    async def attach(self, match: MatchId) -> LiveMatch:
        """The live match, read from its log if this process does not hold it yet.

        A settled match is read and not held.

        Raises:
            Refused: there is no such match.
            Unavailable: Redis does not answer.
        """
        live = self._live.get(match)
        if live is not None:
            return live
        return await self._read(match)

    async def _read(self, match: MatchId) -> LiveMatch:
        self._attaching.setdefault(match, 0)
        try:
            at, entries = await self._logs.attach(match)
        finally:
            longest = self._attaching.pop(match, 0)
        clock = self.clock(match)
        clock.heard(at, mono_ms())
        if not entries:
            raise Refused(Reason.NO_SUCH_MATCH, "There is no match at this address.")
        meanwhile = self._live.get(match)
        if meanwhile is not None:
            return meanwhile
        live = LiveMatch(match, entries, clock)
        if live.state.settled is None:
            self._live[match] = live
            self._watch(live)
            if longest > live.length:
                self._timers.soon(partial(self._listen, live, None))
        return live

    def adopt(self, match: MatchId, created: StoredEntry) -> LiveMatch:
        """Hold a match whose log this process has just begun with `created`."""
        clock = self.clock(match)
        clock.heard(created.at, mono_ms())
        live = self._live.setdefault(match, LiveMatch(match, (created,), clock))
        self._watch(live)
        return live

    def hear(self, heard: Heard) -> None:
        """Take in what another process has appended."""
        live = self._live.get(heard.match)
        if live is not None:
            if not heard.is_old(live.length, live.last):
                self._timers.soon(partial(self._listen, live, heard))
        elif heard.match in self._attaching:
            # It may be younger than the log that is on its way.
            longest = max(self._attaching[heard.match], heard.index + 1)
            self._attaching[heard.match] = longest

    def hear_again(self) -> None:
        """Read every log again: others may have appended what was not heard."""
        for live in tuple(self._live.values()):
            self._timers.soon(partial(self._listen, live, None))

    async def _listen(self, live: LiveMatch, heard: Heard | None) -> None:
        """Take the next entry; where that is not the one that was heard, all that is missing."""
        try:
            async with live.lock:
                if heard is None or not heard.is_old(live.length, live.last):
                    await self._follow(live, heard)
                self._watch(live)
        except Unavailable:
            live.stale = True
            self._timers.after(live.id, LATER_MS, partial(self.tick, live.id))
        except Refused:
            pass  # the match is gone

    async def _follow(self, live: LiveMatch, heard: Heard | None) -> None:
        if live.stale:
            await self._resync(live)
        elif heard is not None and heard.follows(live.length, live.last):
            self._take(live, heard.stored, None)
        else:
            at, entries = await self._logs.attach(live.id)
            live.clock.heard(at, mono_ms())
            if len(entries) < live.length or entries[live.length - 1].head != live.last:
                await self._resync(live)
                return
            for stored in entries[live.length :]:
                self._take(live, stored, None)

    async def enter(self, match: MatchId, listener: Listener) -> MatchView:
        """Attach a connection, as its player or else as spectator; the snapshot to send.

        From the moment this returns, the listener gets every event: the caller sends
        the snapshot before it gives way to anything else. A settled one has present names.

        Raises:
            Refused: no such match.
            Unavailable: Redis does not answer; nothing was attached.
        """
        live = await self.attach(match)
        player = listener.account.id if listener.account is not None else None
        seat = live.state.seat_of(player)
        if seat is not None and live.state.settled is None:
            arriving = Connect(seat, self._process)
            try:
                await self.perform(live, lambda _: arriving)
            except Unavailable:
                if not live.seats[seat]:  # it may be in the log all the same
                    self._miss(live, seat)
                raise
        over = live.state.settled is not None
        names = await self._names([p.id for p in live.state.created.players]) if over else None
        if not over:
            mono = mono_ms()
            if seat is None:
                before = live.watchers
                live.watch(listener)
                self._count_watchers(live, before)
            else:
                live.seats[seat].add(listener)
                self._timers.cancel((live.id, seat))
                live.shows(seat, mono)
        return snapshot(live.state, seat, live.clock.now(mono_ms()), live.watchers, names)

    def leave(self, match: MatchId, listener: Listener) -> None:
        """Detach a connection; a seat without any is away after two seconds."""
        live = self._live.get(match)
        if live is None:
            return
        before = live.watchers
        seat = live.drop(listener)
        self._count_watchers(live, before)
        if seat is not None:
            self._miss(live, seat)

    async def command(
        self, match: MatchId, decide_on: Decide, origin: Origin | None = None
    ) -> None:
        """Carry out a command on a match.

        Raises:
            Refused: no such match, or the rules say no.
            Unavailable: Redis does not answer.
        """
        await self.perform(await self.attach(match), decide_on, origin)

    async def perform(
        self, live: LiveMatch, decide_on: Decide, origin: Origin | None = None
    ) -> None:
        """Decide, append, tell; over again where another entry was quicker.

        Raises:
            Refused: the rules say no, in the state as far as this process has the log.
            Unavailable: Redis did not answer for `RETRY_FOR_MS`; the next command on
                this match finds out whether the entry is in the log.
        """
        async with live.lock:
            try:
                await self._decide(live, decide_on, origin)
            finally:
                self._watch(live)

    async def _decide(self, live: LiveMatch, decide_on: Decide, origin: Origin | None) -> None:
        give_up = mono_ms() + RETRY_FOR_MS
        if live.stale:
            await self._resync(live)
        while True:
            now = live.clock.now(mono_ms())
            decision = decide(live.state, decide_on(live.state), now)
            if not decision.events or await self._append(live, decision, origin, give_up):
                return

    async def _append(
        self, live: LiveMatch, decision: Decision, origin: Origin | None, give_up: float
    ) -> bool:
        """Append one decision; False where it must be decided again."""
        nonce = self._logs.new_nonce()
        while True:
            try:
                reply = await self._logs.append(
                    live.id,
                    length=live.length,
                    last=live.last,
                    head=head_of(nonce),
                    events=decision.events,
                    decided_at=decision.at,
                    not_before=decision.not_before,
                    due=due(decision.state),
                    mark=_mark(decision),
                )
                break
            except Unavailable:
                if mono_ms() >= give_up:
                    # Whether the entry is in the log must come out, with nobody asking.
                    live.stale = True
                    self._timers.after(live.id, LATER_MS, partial(self.tick, live.id))
                    raise
                await sleep_ms(RETRY_EVERY_MS)
        live.clock.heard(reply.at, mono_ms())
        match reply:
            case Won(stamp=stamp):
                states = decision.states if stamp == decision.at else None
                self._take(live, StoredEntry(nonce, stamp, decision.events), origin, states)
                return True
            case Early():
                await sleep_ms(EARLY_MS)
                return False
            case Lost(start=start, entries=entries):
                return await self._catch_up(live, start, entries, nonce, origin)
            case _:
                assert_never(reply)

    async def _catch_up(
        self,
        live: LiveMatch,
        start: int,
        entries: tuple[StoredEntry, ...],
        nonce: str,
        origin: Origin | None,
    ) -> bool:
        """Take what was missed; whether one's own entry was among it after all."""
        if start == live.length:
            for stored in entries:
                self._take(live, stored, origin if stored.nonce == nonce else None)
        else:
            await self._resync(live)
        return any(stored.nonce == nonce for stored in entries)

    async def _resync(self, live: LiveMatch) -> None:
        """Read the log anew, and tell everyone what they then see.

        Raises:
            Refused: the match is gone.
            Unavailable: Redis does not answer.
        """
        at, entries = await self._logs.attach(live.id)
        live.clock.heard(at, mono_ms())
        if not entries:
            self._live.pop(live.id, None)
            raise Refused(Reason.NO_SUCH_MATCH, "There is no match at this address.")
        live.refold(entries)
        tell_anew(live, live.clock.now(mono_ms()))
        self._conclude(live)
        for seat in SEATS:
            if live.seats[seat] and live.state.seats[seat].process != self._process:
                self._insist(live, seat)

    def _take(
        self,
        live: LiveMatch,
        stored: StoredEntry,
        origin: Origin | None,
        states: tuple[Match, ...] | None = None,
    ) -> None:
        """Fold one entry of the log (or take its `states`), and tell everybody."""
        mono = mono_ms()
        tell(live, stored, mono, origin, states)
        for event in stored.events:
            if isinstance(event, SeatDisconnected) and live.seats[event.seat]:
                self._insist(live, event.seat)
        self._conclude(live)

    def _conclude(self, live: LiveMatch) -> None:
        """Hand an ended match to settlement; let a settled one go."""
        if live.state.settled is not None:
            self._live.pop(live.id, None)
            self._timers.cancel(live.id)
            for beside in (*SEATS, "watchers"):
                self._timers.cancel((live.id, beside))
        elif live.state.ended is not None:
            self._timers.cancel(live.id)
            self._ended(live.id)

    def _watch(self, live: LiveMatch) -> None:
        """Have a timer for what is due next.

        One that is set for earlier stays: it finds nothing due then, and is set anew.
        """
        at = due(live.state)
        if at is None or live.id not in self._live:
            return
        if self._timers.pending(live.id) and live.alarm_at <= at:
            return
        live.alarm_at = at
        wait_ms = at - live.clock.now(mono_ms())
        jitter_ms = random.uniform(0, JITTER_MS)  # noqa: S311 - it only spreads load
        self._timers.after(live.id, wait_ms + jitter_ms, partial(self.tick, live.id))

    async def tick(self, match: MatchId) -> None:
        """Carry out what is due; if Redis does not answer, try again a little later."""
        try:
            await self.command(match, lambda _: Tick())
        except Unavailable:
            self._timers.after(match, LATER_MS, lambda: self.tick(match))
        except Refused:
            await self._logs.drop_work(match)

    def _count_watchers(self, live: LiveMatch, before: int) -> None:
        """Tell everybody in a match how many watch, if there were another number before."""
        key = (live.id, "watchers")
        if live.watchers == before or self._timers.pending(key):
            return

        async def tell_them() -> None:
            tell_watchers(live, mono_ms())

        wait_ms = live.told_watchers_at + WATCHERS_EVERY_MS - mono_ms()
        self._timers.after(key, wait_ms, tell_them)

    def _miss(self, live: LiveMatch, seat: Seat) -> None:
        """Report a seat away unless a socket of it comes back at once."""

        async def report() -> None:
            def unless_back(_: Match) -> Command:
                if live.seats[seat]:
                    return Tick()
                return Disconnect(seat, self._process, AWAY_AFTER_MS)

            await self._in_time((live.id, seat), live, unless_back, report)

        if live.state.settled is None:
            self._timers.after((live.id, seat), AWAY_AFTER_MS, report)

    def _insist(self, live: LiveMatch, seat: Seat) -> None:
        """Another process reported a seat away that has a socket here: it is not."""

        async def object_to_it() -> None:
            def if_here(_: Match) -> Command:
                return Connect(seat, self._process) if live.seats[seat] else Tick()

            await self._in_time((live.id, seat, "here"), live, if_here, object_to_it)

        self._timers.soon(object_to_it)

    async def _in_time(self, key: Hashable, live: LiveMatch, decide_on: Decide, again: Job) -> None:
        """Perform what nobody waits for; try again later while Redis does not answer."""
        try:
            await self.perform(live, decide_on)
        except Unavailable:
            self._timers.after(key, LATER_MS, again)
        except Refused:
            pass  # the match is gone


def _mark(decision: Decision) -> Mark:
    """What the sets beside the log must learn from this entry."""
    mark = Mark.NONE
    for event in decision.events:
        if isinstance(event, MatchEnded):
            return Mark.ENDED
        if isinstance(event, Settled):
            return Mark.SETTLED
        if isinstance(event, SeatConnected):
            mark = Mark.HOLD
    return mark
