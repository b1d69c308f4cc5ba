"""The waiting room: who of this process seeks; their seeks are kept alive, and watched."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from itertools import product
from typing import Final

from msgspec import Struct

from server.core.ids import PlayerId
from server.play.presence import Presence
from server.play.timers import Timers, mono_ms
from server.store.link import Unavailable
from server.store.seeks import GONE_MS, SEEK_POOLS, Pool, Seeks
from server.wire.codec import Frame
from server.wire.messages import Seeking

BEAT_EVERY_MS: Final = 1_000
LATE_MS: Final = GONE_MS - BEAT_EVERY_MS // 2
"""Beats that come so late may find that others have dropped the seeks."""


class Waiting(Struct):
    """A player of this process who seeks; `began` on the monotonic clock, in ms.

    `late`: his seek may be gone for want of a beat of this process, although he is here.
    """

    deck: str
    pool: Pool
    began: float
    told: int
    absent_ms: int = 0
    late: bool = False
    looked_for: bool = False

    def waited_ms(self) -> int:
        """How long the player has waited."""
        return int(mono_ms() - self.began)


class WaitingRoom:
    """The players who wait here.

    `forsaken` is called for a pool in which a seek was beaten no more, its player having left;
    `gone` for a player who is here and whose seek is gone.
    """

    def __init__(
        self,
        seeks: Mapping[str, Seeks],
        presence: Presence,
        timers: Timers,
        forsaken: Callable[[str, Pool], Awaitable[None]],
        gone: Callable[[PlayerId, Waiting], Awaitable[None]],
    ) -> None:
        self._seeks: Final = seeks
        self._presence: Final = presence
        self._timers: Final = timers
        self._forsaken: Final = forsaken
        self._gone: Final = gone
        self._waiting: Final[dict[PlayerId, Waiting]] = {}
        self._spared: Final = list[PlayerId]()
        self._beaten: Final = defaultdict[tuple[str, Pool], float](float)

    def start(self) -> None:
        """Begin to keep the seeks alive, pool by pool: one that is away holds up no other."""
        for deck, pool in product(self._seeks, SEEK_POOLS):
            self._beaten[deck, pool] = mono_ms()
            beat = partial(self.beat, deck, pool)
            self._timers.every(("seek-beats", deck, pool), BEAT_EVERY_MS, beat)

    def add(self, player: PlayerId, waiting: Waiting) -> None:
        """Have a player wait."""
        self._waiting[player] = waiting

    def forget(self, player: PlayerId) -> None:
        """Have a player wait no longer."""
        self._waiting.pop(player, None)

    @contextmanager
    def sparing(self, *players: PlayerId) -> Iterator[None]:
        """Within it nobody looks for the seeks of some players; where it fails, at once after."""
        self._spared.extend(players)
        failed = True
        try:
            yield
            failed = False
        finally:
            for player in players:
                self._spared.remove(player)
                waiting = self._waiting.get(player)
                if failed and waiting is not None:
                    self._look_for(player, waiting)

    def dropped(self, player: PlayerId) -> None:
        """A seek was dropped for want of beats: whoever is here all the same gets it back."""
        waiting = self._waiting.get(player)
        if waiting is not None and self._presence.has(player):
            waiting.late = True  # the next beat finds it gone
        else:
            self.forget(player)

    def of(self, player: PlayerId) -> Waiting | None:
        """How a player waits, if he does."""
        return self._waiting.get(player)

    def anybody(self, deck: str, pool: Pool) -> bool:
        """Whether anybody here waits in a pool."""
        return any((w.deck, w.pool) == (deck, pool) for w in self._waiting.values())

    def here(self, deck: str, pool: Pool) -> list[PlayerId]:
        """Whose seeks may look forsaken although their players are here: after an outage."""
        if mono_ms() - self._beaten[deck, pool] < 2 * BEAT_EVERY_MS:
            return []
        return [
            player
            for player, w in self._waiting.items()
            if (w.deck, w.pool) == (deck, pool) and self._presence.has(player)
        ]

    async def beat(self, deck: str, pool: Pool) -> None:
        """Keep the seeks alive whose player is here; tell them when more or fewer wait."""
        late = mono_ms() - self._beaten[deck, pool] > LATE_MS
        here, forsaken = [], False
        for player, waiting in tuple(self._waiting.items()):
            if (waiting.deck, waiting.pool) != (deck, pool):
                continue
            if self._presence.has(player):
                waiting.absent_ms, waiting.late = 0, waiting.late or late
                here.append(player)
                continue
            waiting.absent_ms += BEAT_EVERY_MS
            if waiting.absent_ms > GONE_MS:
                # He may wait at another process by now, which beats for him.
                self.forget(player)
                forsaken = True
        try:
            if here:
                await self._beat(deck, pool, here)
            if forsaken:
                await self._forsaken(deck, pool)
        except Unavailable:
            return  # the next beat, or the next pass, says it
        self._beaten[deck, pool] = mono_ms()

    async def _beat(self, deck: str, pool: Pool, players: list[PlayerId]) -> None:
        count, gone = await self._seeks[deck].beat(pool, players)
        for player in players:
            waiting = self._waiting.get(player)
            if waiting is None or (waiting.deck, waiting.pool) != (deck, pool):
                continue
            if player in gone:
                self._look_for(player, waiting)
                continue
            waiting.late = False
            if waiting.told != count:
                waiting.told = count
                self._presence.send(player, Frame(seeking(waiting)))

    def _look_for(self, player: PlayerId, waiting: Waiting) -> None:
        """Find out what became of a seek, once at a time: a claim may be on its way."""
        if waiting.looked_for or player in self._spared:
            return
        waiting.looked_for = True
        self._timers.soon(partial(self._found_gone, player, waiting))

    async def _found_gone(self, player: PlayerId, waiting: Waiting) -> None:
        try:
            await self._gone(player, waiting)
        finally:
            waiting.looked_for = False


def seeking(waiting: Waiting) -> Seeking:
    """What a player who waits is told."""
    return Seeking(
        deck=waiting.deck,
        rated=waiting.pool == "rated",
        waiting=waiting.told,
        waited_ms=waiting.waited_ms(),
    )
