"""The sweeper: beats, and does what nobody else did: overdue deadlines, lost seats, settlements."""

import contextlib
import logging
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final

from server.core.commands import LoseProcess
from server.core.ids import MatchId, ProcessId
from server.core.refusal import Refused
from server.play.matches import Matches
from server.play.storage import Storage
from server.play.timers import Job, Timers, mono_ms
from server.store.keys import PartitionKeys
from server.store.link import Unavailable
from server.store.log import MatchLogs

log: Final = logging.getLogger(__name__)

BEAT_MS: Final = 500
BEAT_AWAY_MS: Final = 100
"""Between beats while Redis is away, so that it is known to be back as soon as it is."""
RECOVER_EVERY_MS: Final = 2_000


async def guarded(what: str, work: Awaitable[None]) -> None:
    """Do the work on one thing; a bug in one must not starve the others.

    Raises:
        Unavailable: nor can the others be worked on now.
    """
    try:
        await work
    except Unavailable:
        raise
    except Exception:
        log.exception("%s could not be swept", what)


class Sweeper:
    """One per process; two of them are harmless, because taking work pushes it ahead.

    `settle` settles a match; `recover` carries out claims left half done.
    """

    def __init__(
        self,
        matches: Matches,
        logs: MatchLogs,
        timers: Timers,
        storage: Storage,
        settle: Callable[[MatchId], Awaitable[None]],
        recover: Callable[[], Awaitable[None]],
    ) -> None:
        self._matches: Final = matches
        self._logs: Final = logs
        self._timers: Final = timers
        self._storage: Final = storage
        self._settle: Final = settle
        self._recover: Final = recover
        self._at_work: Final[set[str]] = set()
        self._taken_for_dead: Final[set[int]] = set()
        """The partitions in which this process may have been so, and not held its seats again."""

    def start(self) -> None:
        """Begin to beat, in each partition by itself: one that is away holds up no other."""
        for partition, keys in enumerate(self._logs.partitions):
            self._timers.soon(partial(self._beat_on, partition, keys))
        self._timers.every("recovery", RECOVER_EVERY_MS, self._carry_out_claims)

    async def _beat_on(self, partition: int, keys: PartitionKeys) -> None:
        try:
            await self._beat(partition, keys)
        finally:
            pause_ms = BEAT_MS if self._storage.reaches((partition,)) else BEAT_AWAY_MS
            again = partial(self._beat_on, partition, keys)
            self._timers.after(("sweeper", partition), pause_ms, again)

    async def _beat(self, partition: int, keys: PartitionKeys) -> None:
        """Beat in a partition, and begin its work, for which the next beat does not wait."""
        try:
            work = await self._logs.beat(keys)
        except Unavailable as error:
            self._taken_for_dead.add(partition)  # the reply may have said so
            self._storage.silent(partition, mono_ms(), error)
            return
        back = self._storage.answered(partition, mono_ms())
        self._matches.following.told_time(partition, work.at, work.paused_ms, anew=back)
        if not work.known:
            self._taken_for_dead.add(partition)
        if partition in self._taken_for_dead:
            with contextlib.suppress(Unavailable):
                await self._logs.hold_again(keys, self._matches.seated_here(partition))
                self._taken_for_dead.discard(partition)
        for process in work.gone:
            self._do(keys.held(process), partial(self._mourn, keys, process))
        for match in work.due:
            self._do(f"match {match}", partial(self._matches.tick, match))
        for match in work.unsettled:
            self._do(f"match {match}", partial(self._settle, match))

    def _do(self, what: str, job: Job) -> None:
        """Work on one thing beside all others, unless that is still being done."""

        async def work() -> None:
            try:
                with contextlib.suppress(Unavailable):  # a beat brings it again
                    await guarded(what, job())
            finally:
                self._at_work.discard(what)

        if what not in self._at_work:
            self._at_work.add(what)
            self._timers.soon(work)

    async def _mourn(self, keys: PartitionKeys, process: ProcessId) -> None:
        """Report the seats that a dead process held away, and strike the process."""
        for match in await self._logs.held_by(keys, process):
            await guarded(f"match {match}", self._report_away(match, LoseProcess(process)))
        await self._logs.forget(keys, process)

    async def _report_away(self, match: MatchId, lost: LoseProcess) -> None:
        with contextlib.suppress(Refused):  # the match is gone, and its seats with it
            await self._matches.command(match, lambda _: lost)

    async def _carry_out_claims(self) -> None:
        with contextlib.suppress(Unavailable):
            await self._recover()
