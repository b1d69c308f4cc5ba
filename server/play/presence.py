"""Which connections each player has at this process."""

from collections.abc import Callable, Iterator
from typing import Final

from server.core.ids import PlayerId
from server.play.listener import Listener
from server.store.players import Account
from server.wire.codec import Frame


class Presence:
    """The signed-in connections of this process, by player.

    `moved` is called with whoever has got his first connection here, or lost his last one.
    """

    def __init__(self, moved: Callable[[Account], None]) -> None:
        self._moved: Final = moved
        self._accounts: Final[dict[PlayerId, Account]] = {}
        self._here: Final[dict[PlayerId, set[Listener]]] = {}

    def arrive(self, listener: Listener) -> None:
        """Count a connection; those without an account are nobody."""
        account = listener.account
        if account is None:
            return
        self._here.setdefault(account.id, set()).add(listener)
        if account.id not in self._accounts:
            self._accounts[account.id] = account
            self._moved(account)

    def go(self, listener: Listener) -> None:
        """Forget a connection."""
        account = listener.account
        if account is None:
            return
        listeners = self._here.get(account.id, set())
        listeners.discard(listener)
        if not listeners and self._accounts.pop(account.id, None) is not None:
            self._here.pop(account.id)
            self._moved(account)

    def has(self, player: PlayerId) -> bool:
        """Whether a player has any connection here."""
        return player in self._here

    def everybody(self) -> list[PlayerId]:
        """Everybody with a connection here."""
        return list(self._accounts)

    def characters(self) -> list[PlayerId]:
        """The practice opponents with a connection here."""
        return [player for player, account in self._accounts.items() if account.practice]

    def people(self) -> list[PlayerId]:
        """Everybody with a connection here but practice opponents, who are nobody to meet."""
        return [player for player, account in self._accounts.items() if not account.practice]

    def of(self, player: PlayerId) -> Iterator[Listener]:
        """A player's connections here."""
        yield from tuple(self._here.get(player, ()))

    def send(self, player: PlayerId, frame: Frame) -> None:
        """Send to every socket of a player."""
        for listener in self.of(player):
            listener.send(frame)
