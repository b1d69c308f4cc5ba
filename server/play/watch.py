"""What is looked at while somebody watches it, and sent whenever it is not what it was."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Final, Generic, TypeAlias, TypeVar

from server.play.listener import Listener
from server.play.timers import Timers
from server.store.link import Unavailable
from server.wire.codec import Frame
from server.wire.messages import ServerMessage

AT_ONCE: Final = 100
"""So many are looked at together: others get their turn at Redis in between."""

Key = TypeVar("Key", bound=str)
Message = TypeVar("Message", bound=ServerMessage)
Look: TypeAlias = Callable[[Sequence[Key]], Awaitable[Sequence[Message]]]


class Watch(Generic[Key, Message]):
    """The watchers at this process of some kind of thing, by its key.

    All that is watched is looked at together, `pause_ms` after the last look has ended,
    whichever process changed it: nobody gets two messages of one thing in less. Where a look is
    `dear`, who begins to watch what somebody watches already gets what the last one saw.
    """

    def __init__(
        self,
        name: str,
        look: Look[Key, Message],
        timers: Timers,
        *,
        pause_ms: float,
        dear: bool,
    ) -> None:
        self._name: Final = name
        self._look: Final = look
        self._timers: Final = timers
        self._pause_ms: Final = pause_ms
        self._dear: Final = dear
        self._watched: Final[dict[Key, tuple[Message, set[Listener]]]] = {}

    async def add(self, key: Key, listener: Listener) -> Message:
        """Send a listener the message of a key whenever it changes; the one to send now.

        Raises:
            Unavailable: Redis does not answer; nothing is watched.
        """
        now, _ = self._watched.get(key, (None, None))
        if now is None or not self._dear:
            (now,) = await self._look((key,))
        _, watchers = self._watched.setdefault(key, (now, set()))
        watchers.add(listener)
        if not self._timers.pending(self._name):
            self._timers.after(self._name, self._pause_ms, self._look_at_all)
        return now

    def remove(self, key: Key, listener: Listener) -> None:
        """Stop sending it; what nobody watches is no longer looked at."""
        _, watchers = self._watched.get(key, (None, set[Listener]()))
        watchers.discard(listener)
        if not watchers:
            self._watched.pop(key, None)
        if not self._watched:
            self._timers.cancel(self._name)

    async def _look_at_all(self) -> None:
        try:
            with suppress(Unavailable):  # seen at the next look
                keys = tuple(self._watched)
                for start in range(0, len(keys), AT_ONCE):
                    some = keys[start : start + AT_ONCE]
                    for key, now in zip(some, await self._look(some), strict=True):
                        self._tell(key, now)
        finally:
            if self._watched:
                self._timers.after(self._name, self._pause_ms, self._look_at_all)

    def _tell(self, key: Key, now: Message) -> None:
        seen, watchers = self._watched.get(key, (now, set[Listener]()))
        if now != seen:
            self._watched[key] = now, watchers
            frame = Frame(now)
            for listener in tuple(watchers):
                listener.send(frame)
