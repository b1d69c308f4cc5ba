"""Carries out commands on matches: decides, appends, and has it told.

Nothing is told before it is in the log, and nothing is decided on a log that another
process has carried on meanwhile: a lost race decides the same command again.
"""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Final, TypeAlias, assert_never

from msgspec import Struct

from server.core.commands import Command, Decision, decide
from server.core.events import Event, MatchEnded, SeatConnected, Settled
from server.core.match import Match
from server.core.refusal import Reason, Refused
from server.play.following import Following
from server.play.live import LiveMatch
from server.play.telling import Origin
from server.play.timers import Job, Timers, mono_ms, sleep_ms
from server.store.link import Reply, Unavailable
from server.store.log import Early, Lost, Mark, MatchLogs, StoredEntry, Won, head_of, outcome

RETRY_FOR_MS: Final = 3_000
"""An append is tried for so long while Redis does not answer; then it is refused."""
RETRY_EVERY_MS: Final = 100
EARLY_MS: Final = 5
LOOK_AT_MOST_MS: Final = 250
"""Of one match the log is read for the sake of a refusal at most so often, whoever provokes it."""

_MARKS: Final[dict[type[Event], Mark]] = {
    SeatConnected: Mark.HOLD,
    MatchEnded: Mark.ENDED,
    Settled: Mark.SETTLED,
}
"""By kind of event; the last one of an entry counts, which an end always is."""

Decide: TypeAlias = Callable[[Match], Command]
Done: TypeAlias = Callable[[Exception | None], None]


class _Attempt(Struct, frozen=True, gc=False):
    """One decision on its way into the log; `give_up` in monotonic ms."""

    live: LiveMatch
    decide_on: Decide
    decision: Decision
    nonce: str
    origin: Origin | None
    give_up: float


class Performing:
    """Appends what this process decides.

    `won` is called when an own entry has been told, `unknown` when it may or may not be in the
    log, and `watch` whenever a match may be due at another time.
    """

    def __init__(
        self,
        logs: MatchLogs,
        timers: Timers,
        following: Following,
        won: Callable[[LiveMatch], None],
        unknown: Callable[[LiveMatch], None],
        watch: Callable[[LiveMatch], None],
    ) -> None:
        self._logs: Final = logs
        self._timers: Final = timers
        self._following: Final = following
        self._won: Final = won
        self._unknown: Final = unknown
        self._watch: Final = watch

    async def perform(self, live: LiveMatch, decide_on: Decide, origin: Origin | None) -> None:
        """Decide, append, tell; over again where another entry was quicker.

        Raises:
            Refused: the rules say no, in the state as far as this process has the log.
            Unavailable: Redis did not answer for `RETRY_FOR_MS`; the next command on
                this match finds out whether the entry is in the log.
        """
        async with live.turn:
            try:
                await self._decide(live, decide_on, origin)
            finally:
                self._watch(live)

    def start(self, live: LiveMatch, decide_on: Decide, origin: Origin | None, done: Done) -> None:
        """The same without a task that waits for it, unless something stands in the way.

        `done` is called when all is told, with the error that `perform` would have raised.
        """
        live.turn.begin(partial(self._try, live, decide_on, origin, done))

    def _try(self, live: LiveMatch, decide_on: Decide, origin: Origin | None, done: Done) -> None:
        """With the turn: decide and send, or have `_decide` find out why that cannot be."""
        now = mono_ms()
        try:
            decision = decide(live.state, decide_on(live.state), live.clock.now(now))
            if decision.events and not live.stale:
                attempt = self._attempt(live, decide_on, decision, origin, now + RETRY_FOR_MS)
                self._send(attempt).add_done_callback(partial(self._replied, attempt, done))
                return
        except Exception:  # noqa: BLE001, S110 - it comes again, and then `done` hears of it
            pass
        self._go_on(live, done, partial(self._decide, live, decide_on, origin))

    def _replied(self, attempt: _Attempt, done: Done, reply: asyncio.Future[Reply]) -> None:
        """Tell what has won; whatever else came of it is seen through by a task."""
        live, error = attempt.live, None
        try:
            won = outcome(reply.result()) if reply.exception() is None else None
            if not isinstance(won, Won):
                self._go_on(live, done, partial(self._see_through, attempt, reply))
                return
            self._take(attempt, won)
        except Exception as bug:  # noqa: BLE001 - `done` hears of it
            error = bug
        self._end(live, done, error)

    def _go_on(self, live: LiveMatch, done: Done, rest: Job) -> None:
        async def to_the_end() -> None:
            error: Exception | None = None
            try:
                await rest()
            except Exception as trouble:  # noqa: BLE001 - as above
                error = trouble
            finally:
                self._end(live, done, error)

        self._timers.soon(to_the_end)

    async def _see_through(self, attempt: _Attempt, reply: asyncio.Future[Reply]) -> None:
        if not await self._conclude(attempt, reply):
            await self._decide(attempt.live, attempt.decide_on, attempt.origin)

    def _end(self, live: LiveMatch, done: Done, error: Exception | None) -> None:
        self._watch(live)
        live.turn.end()
        done(error)

    async def _decide(self, live: LiveMatch, decide_on: Decide, origin: Origin | None) -> None:
        give_up = mono_ms() + RETRY_FOR_MS
        if live.stale:
            await self._following.fold_anew(live)
        while True:
            now = live.clock.now(mono_ms())
            try:
                decision = decide(live.state, decide_on(live.state), now)
            except Refused as refusal:
                if refusal.reason is Reason.NOT_OPEN and await self._was_behind(live):
                    continue
                raise
            if not decision.events:
                return
            attempt = self._attempt(live, decide_on, decision, origin, give_up)
            if await self._conclude(attempt, self._send(attempt)):
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
        await self._following.catch_up(live)
        return live.length != length

    def _attempt(
        self,
        live: LiveMatch,
        decide_on: Decide,
        decision: Decision,
        origin: Origin | None,
        give_up: float,
    ) -> _Attempt:
        return _Attempt(live, decide_on, decision, self._logs.new_nonce(), origin, give_up)

    def _send(self, attempt: _Attempt) -> asyncio.Future[Reply]:
        """Append one decision; the reply is to be read by `outcome`."""
        live, decision = attempt.live, attempt.decision
        return self._logs.append(
            live.id,
            length=live.length,
            last=live.last,
            head=head_of(attempt.nonce),
            events=decision.events,
            decided_at=decision.at,
            not_before=decision.not_before,
            due=decision.due if decision.due != live.due else None,
            mark=_mark(decision),
        )

    async def _conclude(self, attempt: _Attempt, reply: asyncio.Future[Reply]) -> bool:
        """See an append through; False where it must be decided again."""
        live = attempt.live
        while True:
            try:
                came_of_it = outcome(await reply)
                break
            except Unavailable:
                if mono_ms() >= attempt.give_up:
                    # Whether the entry is in the log must come out, with nobody asking.
                    live.stale = True
                    self._unknown(live)
                    raise
                await sleep_ms(RETRY_EVERY_MS)
                reply = self._send(attempt)
        match came_of_it:
            case Won():
                self._take(attempt, came_of_it)
                return True
            case Early(at=at):
                live.clock.heard(at, mono_ms())
                await sleep_ms(EARLY_MS)
                return False
            case Lost(at=at):
                live.clock.heard(at, mono_ms())
                won = await self._following.take_lost(
                    live, came_of_it, attempt.nonce, attempt.origin
                )
                if won:
                    self._won(live)
                return won
            case _:
                assert_never(came_of_it)

    def _take(self, attempt: _Attempt, won: Won) -> None:
        """Tell what is in the log now."""
        live, decision = attempt.live, attempt.decision
        live.clock.heard(won.at, mono_ms())
        own = StoredEntry(attempt.nonce, won.stamp, decision.events)
        folded = decision if won.stamp == decision.at else None
        self._following.take(live, own, attempt.origin, folded)
        self._won(live)


def _mark(decision: Decision) -> Mark:
    """What the sets beside the log must learn from this entry."""
    mark = Mark.NONE
    for event in decision.events:
        mark = _MARKS.get(type(event), mark)
    return mark
