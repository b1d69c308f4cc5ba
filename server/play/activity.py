"""Who is here and what is being played: looked up for a page, and pushed to those who watch."""

from server.core.ids import PlayerId
from server.play.listener import Listener
from server.wire.messages import Lobby, PresenceMessage


class Activity:
    """Presence and live matches of every deck, and their watchers at this process."""

    async def watch_lobby(self, deck: str, listener: Listener) -> Lobby:
        """Send a listener the lobby of a deck whenever it changes; the one to send now."""
        raise NotImplementedError

    def unwatch_lobby(self, deck: str, listener: Listener) -> None:
        """Stop sending it."""
        raise NotImplementedError

    async def watch_player(self, player: PlayerId, listener: Listener) -> PresenceMessage:
        """Send a listener whether a player is here whenever that changes; the one to send now."""
        raise NotImplementedError

    def unwatch_player(self, player: PlayerId, listener: Listener) -> None:
        """Stop sending it."""
        raise NotImplementedError
