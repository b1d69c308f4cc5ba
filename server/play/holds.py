"""What holds players: taken for a seek, kept while it stands, and released where it has gone."""

from collections.abc import Mapping
from typing import Final

from server.core.ids import PlayerId
from server.core.refusal import Reason, Refused
from server.play.claims import Claims
from server.play.waiting import WaitingRoom
from server.store.players import Players, match_of
from server.store.seeks import Pass, Pool, Seek, Seeks, decode_seek, seek_hold, seek_of


class Holds:
    """The holds of all players, as one process takes and releases them.

    A hold and its seek are two keys: each may be there for a moment without the other.
    """

    def __init__(self, claims: Claims, players: Players, room: WaitingRoom) -> None:
        self._claims: Final = claims
        self._seeks: Final[Mapping[str, Seeks]] = claims.seeks
        self._players: Final = players
        self._room: Final = room

    async def take(self, player: PlayerId, hold: str) -> None:
        """Hold a player for a seek; a hold whose seek is gone is released first.

        Raises:
            Refused: something else holds him.
        """
        if await self._players.hold(player, "", hold) is None:
            return
        held = await self.standing(player)
        if match_of(held) is not None:
            detail = "Finish your match first."
            raise Refused(Reason.ALREADY_IN_MATCH, detail, match=match_of(held))
        if held and seek_of(held) is None:
            # His account is going: nothing may hold him in its place.
            raise Refused(Reason.NOT_SIGNED_IN, "This name is given up just now: reload the page.")
        if held or await self._players.hold(player, "", hold) is not None:
            raise Refused(Reason.ALREADY_SEEKING, "You are looking for an opponent already.")

    async def keep(self, deck: str, pool: Pool, seek: Seek) -> None:
        """Hold the player again, should somebody have released him from a seek not yet in its pool.

        Raises:
            Refused: something else holds him by now; the seek is taken back.
        """
        player, hold = seek.player.id, seek_hold(deck, pool, seek.nonce)
        held = await self._players.hold(player, "", hold)
        if held is None:
            return
        raw = await self._find(player, deck, pool, seek.nonce)
        if raw is not None and await self._seeks[deck].cancel(pool, player, raw):
            match = match_of(held)
            reason = Reason.ALREADY_SEEKING if match is None else Reason.ALREADY_IN_MATCH
            raise Refused(reason, "You are doing something else already.", match=match)

    async def standing(self, player: PlayerId) -> str:
        """What holds a player; a hold whose seek is gone is released instead."""
        held = await self._claims.held(player)
        sought = seek_of(held)
        if sought is None or await self._stands(player, *sought):
            return held
        return await self._release(player, held, *sought)

    async def take_back(self, player: PlayerId) -> None:
        """Take a player's seek back, and free him; nothing happens where there is none.

        Raises:
            Refused: a pass, or a challenge, was quicker: the player is in a match.
        """
        held = await self._claims.held(player)
        if match_of(held) is not None:
            raise Refused(Reason.ALREADY_IN_MATCH, "You have been paired.", match=match_of(held))
        sought = seek_of(held) if held else await self._unheld(player)
        if sought is None:
            return
        deck, pool, nonce = sought
        if deck not in self._seeks:
            await self._players.hold(player, held, "")
            return
        raw = await self._find(player, deck, pool, nonce)
        taken_back = raw is not None and await self._seeks[deck].cancel(pool, player, raw)
        match = None if taken_back else await self._claims.claimed(deck, nonce)
        if match is not None:
            raise Refused(Reason.ALREADY_IN_MATCH, "You have been paired.", match=match)
        if await self._players.hold(player, held, ""):
            await self.take_back(player)  # a match, or another seek, holds the player by now

    async def read(self, deck: str, pool: Pool) -> Pass:
        """The seeks of a pool; the players whose seeks were dropped are freed.

        Raises:
            Unavailable: Redis does not answer.
        """
        found = await self._seeks[deck].read(pool, self._room.here(deck, pool))
        for seek in found.gone:
            self._room.dropped(seek.player)
            await self._players.hold(seek.player, seek_hold(deck, pool, seek.seek.nonce), "")
        return found

    async def _stands(self, player: PlayerId, deck: str, pool: Pool, nonce: str) -> bool:
        if deck not in self._seeks:
            return False
        await self.read(deck, pool)
        if await self._find(player, deck, pool, nonce) is not None:
            return True
        return await self._claims.claimed(deck, nonce) is not None

    async def _find(self, player: PlayerId, deck: str, pool: Pool, nonce: str) -> bytes | None:
        """The stored bytes of a player's seek, if it is the one of this nonce."""
        raw: bytes | None = await self._seeks[deck].find(pool, player)
        return raw if raw is not None and decode_seek(raw).seek.nonce == nonce else None

    async def _release(self, player: PlayerId, held: str, deck: str, pool: Pool, nonce: str) -> str:
        """Free a player of a seek that is not in its pool; what holds him then.

        Where it has come into the pool meanwhile, it stands.
        """
        other = await self._players.hold(player, held, "")
        known = deck in self._seeks
        if other is None and known and await self._find(player, deck, pool, nonce) is not None:
            other = await self._players.hold(player, "", held) or held
        return other or ""

    async def _unheld(self, player: PlayerId) -> tuple[str, Pool, str] | None:
        """The seek that a player waits with here, whose hold `_release` may just have let go."""
        waiting = self._room.of(player)
        if waiting is None:
            return None
        raw = await self._seeks[waiting.deck].find(waiting.pool, player)
        return raw and (waiting.deck, waiting.pool, decode_seek(raw).seek.nonce)
