"""What play knows of a connection: who it is, how to send to it, how far away it is."""

from collections.abc import Callable
from typing import Protocol

from server.store.players import Account
from server.wire.codec import Frame


class Listener(Protocol):
    """One connection. `account` is None where nobody signed in."""

    account: Account | None

    def send(self, frame: Frame, *, written: Callable[[], None] | None = None) -> None:
        """Queue a frame; never waits, never raises. `written` is called once it is out."""

    def credit_ms(self) -> int:
        """The network's share to take off a measured time: whole ms, bounded."""
