"""Which connections each player has at this process."""

from collections.abc import Iterator
from typing import Final

from server.core.ids import PlayerId
from server.play.listener import Listener
from server.wire.codec import Frame


class Presence:
    """The signed-in connections of this process, by player."""

    def __init__(self) -> None:
        self._here: Final[dict[PlayerId, set[Listener]]] = {}

    def arrive(self, listener: Listener) -> None:
        """Count a connection; those without an account are nobody."""
        if listener.account is not None:
            self._here.setdefault(listener.account.id, set()).add(listener)

    def go(self, listener: Listener) -> None:
        """Forget a connection."""
        if listener.account is not None:
            listeners = self._here.get(listener.account.id, set())
            listeners.discard(listener)
            if not listeners:
                self._here.pop(listener.account.id, None)

    def has(self, player: PlayerId) -> bool:
        """Whether a player has any connection here."""
        return player in self._here

    def of(self, player: PlayerId) -> Iterator[Listener]:
        """A player's connections here."""
        yield from tuple(self._here.get(player, ()))

    def send(self, player: PlayerId, frame: Frame) -> None:
        """Send to every socket of a player."""
        for listener in self.of(player):
            listener.send(frame)
