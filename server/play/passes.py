"""When a pool's passes run, and what one does: read the seeks, find pairs, claim them."""

import asyncio
import logging
from collections.abc import Callable
from typing import Final

from msgspec import Struct

from server.core.pairing import Candidate, find
from server.play.claims import Claims
from server.play.holds import Holds
from server.play.live import LiveMatch
from server.play.timers import Timers, mono_ms
from server.store.link import Unavailable
from server.store.seeks import Pool, Standing

log: Final = logging.getLogger(__name__)


class PassState(Struct):
    """When a pool's last pass began (monotonic ms), and whether one runs."""

    began: float = 0
    running: bool = False
    wanted: bool = False


class Passes:
    """The passes of this process over every pool; two processes running them are harmless.

    `paired` is told of each match made; `waits` says whether anybody of this process still
    seeks in a pool.
    """

    def __init__(
        self,
        claims: Claims,
        holds: Holds,
        timers: Timers,
        paired: Callable[[LiveMatch], None],
        waits: Callable[[str, Pool], bool],
        *,
        pair_every_ms: int,
    ) -> None:
        self._claims: Final = claims
        self._holds: Final = holds
        self._timers: Final = timers
        self._paired: Final = paired
        self._waits: Final = waits
        self._pair_every_ms: Final = pair_every_ms
        self._states: Final[dict[tuple[str, Pool], PassState]] = {}
        self._open = True

    def stop(self) -> None:
        """Make no new matches."""
        self._open = False

    def want(self, deck: str, pool: Pool) -> None:
        """Have a pass run, at most every `pair_every_ms`."""
        state = self._states.setdefault((deck, pool), PassState())
        if state.running:
            state.wanted = True
        elif not self._timers.pending((deck, pool)):
            wait_ms = state.began + self._pair_every_ms - mono_ms()
            self._timers.after((deck, pool), wait_ms, lambda: self._pass(deck, pool))

    async def run(self, deck: str, pool: Pool) -> None:
        """One pass.

        Raises:
            Unavailable: Redis does not answer.
        """
        found = await self._holds.read(deck, pool)
        standing = {seek.player: seek for seek in found.standing}
        pairs, _ = find([_candidate(seek, found.now) for seek in found.standing])
        made = await asyncio.gather(
            *(
                self._claims.claim(deck, pool, (standing[a.player], standing[b.player]), found.now)
                for a, b in pairs
            ),
            return_exceptions=True,
        )
        for live in made:
            if isinstance(live, LiveMatch):
                self._paired(live)
        for trouble in made:
            if isinstance(trouble, BaseException) and not isinstance(trouble, Unavailable):
                raise trouble

    async def _pass(self, deck: str, pool: Pool) -> None:
        state = self._states[deck, pool]
        if state.running:  # wanted between the end of another's wait and its beginning
            state.wanted = True
            return
        state.began, state.running, state.wanted = mono_ms(), True, False
        try:
            if self._open:
                await self.run(deck, pool)
        except Unavailable:
            log.warning("a pass was put off: Redis does not answer")
        finally:
            state.running = False
            if self._open and (state.wanted or self._waits(deck, pool)):
                self.want(deck, pool)


def _candidate(seek: Standing, now: int) -> Candidate:
    player = seek.seek.player
    waited_ms = max(0, now - seek.since)
    return Candidate(
        player.id, player.standing.rating, waited_ms, player.bot, seek.seek.last_opponent
    )
