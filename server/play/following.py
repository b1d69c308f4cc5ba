"""The live matches of this process, each kept up with its log, whoever appends to it."""

from collections.abc import Callable, Collection
from functools import partial
from typing import Final

from server.core.clock import MatchClock
from server.core.commands import Decision
from server.core.events import MatchCreated
from server.core.ids import MatchId
from server.core.refusal import Reason, Refused
from server.play.live import LiveMatch
from server.play.telling import Origin, tell, tell_anew
from server.play.timers import Timers, mono_ms
from server.store.keys import partition_of
from server.store.link import Unavailable
from server.store.log import Lost, MatchLogs, StoredEntry
from server.store.mail import Begun, Heard, written

LATER_MS: Final = 500


class Following:
    """Every match that this process holds, as far as it has the log.

    `moved` is called when an entry of a match has been told to everyone here, `refolded` when the
    whole log was, and `watch` when what others had appended was taken.
    """

    def __init__(
        self,
        logs: MatchLogs,
        timers: Timers,
        moved: Callable[[LiveMatch], None],
        refolded: Callable[[LiveMatch], None],
        watch: Callable[[LiveMatch], None],
    ) -> None:
        self._logs: Final = logs
        self._timers: Final = timers
        self._moved: Final = moved
        self._refolded: Final = refolded
        self._watch: Final = watch
        self._live: Final[dict[MatchId, LiveMatch]] = {}
        self._attaching: Final[dict[MatchId, int]] = {}
        self._clocks: Final = tuple(MatchClock() for _ in logs.partitions)
        self._paused_ms: Final[list[int | None]] = [None for _ in logs.partitions]

    def clock(self, match: MatchId) -> MatchClock:
        """The match time of a match's partition, as this process knows it."""
        return self._clocks[partition_of(match, len(self._clocks))]

    def told_time(self, partition: int, at: int, paused_ms: int, *, anew: bool = False) -> None:
        """Take in the match time of a partition, and for how long it has stood still in all.

        Where it stood still again, all that is due moved: everybody in a match there is told anew,
        as they are when `anew` asks for it.
        """
        clock = self._clocks[partition]
        clock.heard(at, mono_ms())
        before, self._paused_ms[partition] = self._paused_ms[partition], paused_ms
        if not anew and before in {None, paused_ms}:
            return
        for live in tuple(self._live.values()):
            if live.clock is clock:
                self._timers.soon(partial(self._listen, live, None, anew=True))

    def __len__(self) -> int:
        return len(self._live)

    def held(self, match: MatchId) -> LiveMatch | None:
        """The match, if it is live here."""
        return self._live.get(match)

    def of_partition(self, partition: int) -> list[LiveMatch]:
        """The matches of one partition that are live here."""
        here = self._live.values()
        return [live for live in here if partition_of(live.id, len(self._clocks)) == partition]

    def let_go(self, live: LiveMatch) -> None:
        """Hold a match no longer."""
        if self._live.get(live.id) is live:
            del self._live[live.id]

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
        self._attaching.setdefault(match, 0)
        try:
            at, entries = await self._logs.attach(match)
        finally:
            longest = self._attaching.pop(match, 0)
        return self._hold(match, at, entries, longest)

    async def begin(self, nonce: str, created: MatchCreated) -> LiveMatch | None:
        """Begin a match's log and hold it, and tell all processes; None where it had begun already.

        Raises:
            Unavailable: whether it has begun is unknown.
        """
        match, events, (one, two) = created.match, (created,), created.players
        news = written(Begun(match, (one.id, two.id)))
        self._attaching.setdefault(match, 0)
        try:
            begun, at = await self._logs.create(match, nonce, events, created.limits.ready_ms, news)
        finally:
            longest = self._attaching.pop(match, 0)
        if not begun:
            return None
        return self._hold(match, at, (StoredEntry(nonce, at, events),), longest)

    def _hold(
        self, match: MatchId, at: int, entries: tuple[StoredEntry, ...], longest: int
    ) -> LiveMatch:
        """Hold a match of these entries, of which others said meanwhile that it has `longest`."""
        clock = self.clock(match)
        clock.heard(at, mono_ms())
        if not entries:
            raise _no_such_match()
        meanwhile = self._live.get(match)
        if meanwhile is not None:
            return meanwhile
        live = LiveMatch(match, entries, clock)
        if live.state.settled is None:
            self._live[match] = live
            self._watch(live)
            if longest > live.length:
                self.look_again(live)
        return live

    def hear(self, heard: Heard) -> None:
        """Take in what another process has appended."""
        live = self._live.get(heard.match)
        if live is not None:
            if heard.is_old(live.length, live.last):
                return
            # Mostly it is the next entry, and nothing else of the match is under way.
            if live.taken or not self._has(live, heard):
                self._timers.soon(partial(self._listen, live, heard))
            else:
                self._watch(live)
        elif heard.match in self._attaching:
            # It may be younger than the log that is on its way.
            longest = max(self._attaching[heard.match], heard.index + 1)
            self._attaching[heard.match] = longest

    def hear_again(self, partitions: Collection[int]) -> None:
        """Read every log of some partitions again: others may have appended what was not heard."""
        for live in tuple(self._live.values()):
            if partition_of(live.id, len(self._clocks)) in partitions:
                self.look_again(live)

    def look_again(self, live: LiveMatch) -> None:
        """Read what others have appended, beside the caller."""
        self._timers.soon(partial(self._listen, live, None))

    async def _listen(self, live: LiveMatch, heard: Heard | None, *, anew: bool = False) -> None:
        """Take the next entry; where that is not the one that was heard, all that is missing.

        `anew`: and send everyone a snapshot, whatever was missing.
        """
        try:
            async with live.turn():
                if self._live.get(live.id) is not live:
                    return  # let go: everyone here has heard all, whatever the log says now
                told = live.stale  # catching up tells them then
                if heard is None or not self._has(live, heard):
                    await self.catch_up(live)
                if anew and not told and live.id in self._live:
                    tell_anew(live, live.clock.now(mono_ms()))
                self._watch(live)
        except Unavailable:
            live.stale = True
            self._timers.after(live.id, LATER_MS, partial(self._listen, live, None))
        except Refused:
            pass  # the match is gone

    def _has(self, live: LiveMatch, heard: Heard) -> bool:
        """Whether what was heard was known, or is by now: nothing lay in between."""
        if heard.is_old(live.length, live.last):
            return True
        follows = not live.stale and heard.follows(live.length, live.last)
        if follows:
            self.take(live, heard.stored, None)
        return follows

    async def catch_up(self, live: LiveMatch) -> None:
        """Take what others have appended, in one's turn; after an outage fold it anew.

        Raises:
            Refused: the match is gone.
            Unavailable: Redis does not answer.
        """
        if live.stale:
            return await self.fold_anew(live)
        at, entries = await self._logs.attach(live.id, live.length - 1)
        live.clock.heard(at, mono_ms())
        if not entries or (entries[0].head, entries[0].at) != (live.last, live.last_at):
            # After a failover: an entry that was lost and appended again has another instant.
            return await self.fold_anew(live)
        for stored in entries[1:]:
            self.take(live, stored, None)
        return None

    async def take_lost(
        self, live: LiveMatch, lost: Lost, nonce: str, origin: Origin | None
    ) -> bool:
        """Take what a lost race has missed; whether one's own entry was among it after all."""
        if lost.start == live.length:
            for stored in lost.entries:
                self.take(live, stored, origin if stored.nonce == nonce else None)
        else:
            await self.fold_anew(live)
        return any(stored.nonce == nonce for stored in lost.entries)

    async def fold_anew(self, live: LiveMatch) -> None:
        """Read the whole log, and tell everyone what they then see.

        Raises:
            Refused: the match is gone.
            Unavailable: Redis does not answer.
        """
        at, entries = await self._logs.attach(live.id)
        live.clock.heard(at, mono_ms())
        if not entries:
            self.let_go(live)
            raise _no_such_match()
        live.refold(entries)
        tell_anew(live, live.clock.now(mono_ms()))
        self._refolded(live)

    def take(
        self,
        live: LiveMatch,
        stored: StoredEntry,
        origin: Origin | None,
        decision: Decision | None = None,
    ) -> None:
        """Take one entry of the log, which holds `decision` at its instant; tell everybody."""
        tell(live, stored, mono_ms(), origin, decision)
        self._moved(live)


def _no_such_match() -> Refused:
    return Refused(Reason.NO_SUCH_MATCH, "There is no match at this address.")
