"""Challenges: offers to one person, or by a link to whoever takes them, that become matches."""

from server.core.ids import MatchId, PlayerId
from server.play.listener import Listener
from server.store.players import Account
from server.wire.messages import ChallengeChanged


class Challenges:
    """The challenges of every ladder, as far as this process works on them."""

    async def offer(
        self,
        account: Account,
        deck: str,
        *,
        to: PlayerId | None,
        rated: bool,
        rounds: int | None,
        limit_ms: int | None,
    ) -> ChallengeChanged:
        """Offer a match to one player, or by a link."""
        raise NotImplementedError

    async def accept(self, account: Account, challenge: str) -> ChallengeChanged:
        """Play a challenge now."""
        raise NotImplementedError

    async def decline(self, account: Account, challenge: str) -> ChallengeChanged:
        """Turn a challenge down."""
        raise NotImplementedError

    async def withdraw(self, account: Account, challenge: str) -> ChallengeChanged:
        """Take one's own challenge back."""
        raise NotImplementedError

    async def rematch(self, account: Account, match: MatchId) -> ChallengeChanged:
        """Offer another match to the opponent of a finished one, or accept that offer."""
        raise NotImplementedError

    async def view(self, challenge: str, account: Account | None) -> ChallengeChanged:
        """A challenge as a player, or a visitor, may see it."""
        raise NotImplementedError

    async def open_of(self, player: PlayerId) -> list[ChallengeChanged]:
        """The open challenges by and to a player."""
        del player
        return []

    async def watch(self, challenge: str, listener: Listener) -> ChallengeChanged:
        """Send a listener this challenge whenever it changes; the one to send now."""
        raise NotImplementedError

    def unwatch(self, challenge: str, listener: Listener) -> None:
        """Stop sending it."""
        raise NotImplementedError
