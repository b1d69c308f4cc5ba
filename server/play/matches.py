"""Drives live matches: a command is decided, appended to the log, and told to everyone.

Nothing is told before it is in the log, and nothing is decided on a log that another
process has carried on meanwhile: a lost race decides the same command again.
"""

import contextlib
import random
from collections.abc import Awaitable, Callable, Hashable, Sequence
from functools import partial
from typing import Final, TypeAlias, assert_never

from server.core.commands import (
    Command,
    Connect,
    Decision,
    Disconnect,
    Tick,
    decide,
)
from server.core.events import Event, MatchEnded, SeatConnected, Settled
from server.core.ids import SEATS, MatchId, PlayerId, ProcessId, Seat
from server.core.match import Match
from server.core.refusal import Reason, Refused
from server.play.following import LATER_MS, Following
from server.play.listener import Listener
from server.play.live import LiveMatch
from server.play.telling import Origin, tell_watchers
from server.play.timers import Job, Timers, mono_ms, sleep_ms
from server.play.views import snapshot
from server.store.link import Unavailable
from server.store.log import Early, Lost, Mark, MatchLogs, StoredEntry, Won, head_of
from server.wire.messages import MatchView

JITTER_MS: Final = 100
"""Deadlines fire up to this late, so that the processes of a match seldom race."""
RETRY_FOR_MS: Final = 3_000
"""An append is tried for so long while Redis does not answer; then it is refused."""
RETRY_EVERY_MS: Final = 100
EARLY_MS: Final = 5
AWAY_AFTER_MS: Final = 2_000
"""A seat without a socket for less than this has only reloaded its page."""
WATCHERS_EVERY_MS: Final = 1_000
LOOK_AT_MOST_MS: Final = 250
"""Of one match the log is read for the sake of a refusal at most so often, whoever provokes it."""
SETTLED_WITHIN_MS: Final = 2_000
"""Of a match that has ended and not been settled the log is read again so often."""

_MARKS: Final[dict[type[Event], Mark]] = {
    SeatConnected: Mark.HOLD,
    MatchEnded: Mark.ENDED,
    Settled: Mark.SETTLED,
}
"""By kind of event; the last one of an entry counts, which an end always is."""

Decide: TypeAlias = Callable[[Match], Command]


class Matches:
    """Every match that this process is attached to.

    `ended` is called with a match to be settled, `settled` with each that has been, whichever
    process did it; `names` says what players are called by now.
    """

    def __init__(
        self,
        logs: MatchLogs,
        timers: Timers,
        process: ProcessId,
        ended: Callable[[MatchId], None],
        settled: Callable[[Match], None],
        names: Callable[[Sequence[PlayerId]], Awaitable[list[str]]],
    ) -> None:
        self._logs: Final = logs
        self._timers: Final = timers
        self._process: Final = process
        self._ended: Final = ended
        self._settled: Final = settled
        self._names: Final = names
        self.following: Final = Following(logs, timers, self._moved, self._refolded, self._watch)

    def __len__(self) -> int:
        return len(self.following)

    def holds(self, match: MatchId) -> bool:
        """Whether this match is live here: a settled one is let go."""
        return self.following.held(match) is not None

    def played_here(self, match: MatchId) -> LiveMatch | None:
        """The live match, where a player of it is here: so nobody knows its state sooner."""
        live = self.following.held(match)
        return live if live is not None and any(live.seats) else None

    def seated_here(self, partition: int) -> list[MatchId]:
        """The matches of a partition in whose log this process holds a seat."""
        return [
            live.id
            for live in self.following.of_partition(partition)
            if any(seat.process == self._process for seat in live.state.seats)
        ]

    def watchers(self, match: MatchId) -> int:
        """How many watch a match at this process without playing in it."""
        live = self.following.held(match)
        return 0 if live is None else live.watchers

    async def attach(self, match: MatchId) -> LiveMatch:
        """The live match, read from its log if this process does not hold it yet.

        Raises:
            Refused: there is no such match.
            Unavailable: Redis does not answer.
        """
        return await self.following.attach(match)

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
        live = self.following.held(match)
        if live is None:
            return
        before = live.watchers
        seat = live.drop(listener)
        self._count_watchers(live, before)
        if seat is not None:
            self._miss(live, seat)
        else:
            self._timers.soon(partial(self._leave_to_others, live))

    async def command(
        self, match: MatchId, decide_on: Decide, origin: Origin | None = None
    ) -> None:
        """Carry out a command on a match, which is let go again unless it is needed here.

        Raises:
            Refused: no such match, or the rules say no.
            Unavailable: Redis does not answer.
        """
        live = await self.attach(match)
        await self.perform(live, decide_on, origin)
        await self._leave_to_others(live)

    async def perform(
        self, live: LiveMatch, decide_on: Decide, origin: Origin | None = None
    ) -> None:
        """Decide, append, tell; over again where another entry was quicker.

        Raises:
            Refused: the rules say no, in the state as far as this process has the log.
            Unavailable: Redis did not answer for `RETRY_FOR_MS`; the next command on
                this match finds out whether the entry is in the log.
        """
        async with live.turn():
            try:
                await self._decide(live, decide_on, origin)
            finally:
                self._watch(live)

    async def _decide(self, live: LiveMatch, decide_on: Decide, origin: Origin | None) -> None:
        give_up = mono_ms() + RETRY_FOR_MS
        if live.stale:
            await self.following.fold_anew(live)
        while True:
            now = live.clock.now(mono_ms())
            try:
                decision = decide(live.state, decide_on(live.state), now)
            except Refused as refusal:
                if refusal.reason is Reason.NOT_OPEN and await self._was_behind(live):
                    continue
                raise
            if not decision.events or await self._append(live, decision, origin, give_up):
                return

    async def _was_behind(self, live: LiveMatch) -> bool:
        """Whether others have appended what was not heard here; looked up now and then only.

        Of all that is refused only a round that is not open here may be open by now: an answer
        that was given, or an end, stays.
        """
        length, mono = live.length, mono_ms()
        if mono - live.looked_at < LOOK_AT_MOST_MS:
            return False
        live.looked_at = mono
        await self.following.catch_up(live)
        return live.length != length

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
                    due=decision.due if decision.due != live.due else None,
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
                own = StoredEntry(nonce, stamp, decision.events)
                folded = decision if stamp == decision.at else None
                self.following.take(live, own, origin, folded)
                self._hand_over(live)
                return True
            case Early():
                await sleep_ms(EARLY_MS)
                return False
            case Lost():
                won = await self.following.take_lost(live, reply, nonce, origin)
                if won:
                    self._hand_over(live)
                return won
            case _:
                assert_never(reply)

    def _moved(self, live: LiveMatch) -> None:
        """More of a match was told here: it goes on, it has ended, or all is done."""
        if live.state.settled is not None:
            self._let_go(live)
            self._settled(live.state)
        elif live.state.ended is not None:
            self._timers.cancel(live.id)
        else:
            for seat in SEATS:
                if live.seats[seat] and live.state.seats[seat].process is None:
                    self._insist(live, seat)

    def _let_go(self, live: LiveMatch) -> None:
        self.following.let_go(live)
        for timer in (live.id, *((live.id, beside) for beside in (*SEATS, "watchers"))):
            self._timers.cancel(timer)

    async def _leave_to_others(self, live: LiveMatch) -> None:
        """Let go of a match that goes on at other processes, of which nobody is here any more."""
        at = {seat.process for seat in live.state.seats} - {None}
        reporting = any(self._timers.pending((live.id, seat)) for seat in SEATS)
        if not at or self._process in at or reporting or live.in_use or live.stale:
            return
        if live.state.ended is None and self.following.held(live.id) is live:
            self._let_go(live)
            with contextlib.suppress(Unavailable):  # then it is told what it does not listen to
                await self._logs.unfollow(live.id)

    def _refolded(self, live: LiveMatch) -> None:
        """What this process said of a match may be in its log no longer: it says so again."""
        self._moved(live)
        self._hand_over(live)
        for seat in SEATS:
            if live.seats[seat] and live.state.seats[seat].process != self._process:
                self._insist(live, seat)

    def _hand_over(self, live: LiveMatch) -> None:
        """Settle what this process has ended; should it die over it, a sweeper does."""
        if live.state.ended is not None and live.state.settled is None:
            self._ended(live.id)

    def _watch(self, live: LiveMatch) -> None:
        """Have a timer for what is due next.

        One that is set for earlier stays: it finds nothing due then, and is set anew.
        """
        if not self.holds(live.id):
            return
        at = live.due
        if at is None:
            if not self._timers.pending(live.id):
                look = partial(self._look_again, live)
                self._timers.after(live.id, SETTLED_WITHIN_MS, look)
            return
        if self._timers.pending(live.id) and live.alarm_at <= at:
            return
        live.alarm_at = at
        wait_ms = at - live.clock.now(mono_ms())
        jitter_ms = random.uniform(0, JITTER_MS)  # noqa: S311 - it only spreads load
        self._timers.after(live.id, wait_ms + jitter_ms, partial(self.tick, live.id))

    async def _look_again(self, live: LiveMatch) -> None:
        """What another process settles is told here even if its message was lost."""
        self.following.look_again(live)

    async def tick(self, match: MatchId) -> None:
        """Carry out what is due; if Redis does not answer, try again a little later."""
        try:
            await self.command(match, lambda _: Tick())
        except Unavailable:
            self._timers.after(match, LATER_MS, lambda: self.tick(match))
        except Refused:
            with contextlib.suppress(Unavailable):  # else the sweeper brings it again
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
            await self._leave_to_others(live)

        if live.state.settled is None:
            self._timers.after((live.id, seat), AWAY_AFTER_MS, report)

    def _insist(self, live: LiveMatch, seat: Seat) -> None:
        """Another process reported a seat away that has a socket here: it is not."""

        rival = live.state.seats[seat].process

        async def object_to_it() -> None:
            def if_here(state: Match) -> Command:
                still = live.seats[seat] and state.seats[seat].process == rival
                return Connect(seat, self._process) if still else Tick()

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
        mark = _MARKS.get(type(event), mark)
    return mark
