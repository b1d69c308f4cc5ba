"""Sessions: whose token is whose, how one is ended, and how every process hears of it.

A token opens one session, on one device. Only its hash is stored, and indexed by player,
so that all sessions of a player can end at once. A session that is being ended is marked in
the index first, so one that is just opening there sees it, whenever either process dies.
"""

import hashlib
import secrets
from typing import Final

from server.core.ids import PlayerId
from server.store import keys
from server.store.link import Link, time_ms
from server.store.scripts import Script

TOKEN_BYTES: Final = 32
_ENDED: Final = b"inf"
"""The score of a session that is being ended: it stays on the index until it has."""
LOOK_BACK_MS: Final = 10_000
"""A look goes back so far behind the last one: longer than a handshake that read too early."""


class Sessions:
    """Every session of this installation."""

    def __init__(self, link: Link) -> None:
        self._link: Final = link
        self._index: Final = Script(link, "index_session")
        self._tell: Final = Script(link, "tell_changed")

    async def begin(self, player: PlayerId, life_s: int = keys.SESSION_S) -> str:
        """Open a session; the token, which nobody can be told again."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        session = _hash(token)
        # Indexed before it opens, or a death in between would leave one that nothing ends.
        index = keys.sessions(player)
        await self._index([index], session, life_s)
        await self._link.call("SET", keys.session(session), player, "EX", life_s)
        if await self._link.call("ZSCORE", index, session) in {None, _ENDED}:
            # All sessions were ended just now: this one, not yet told to anybody, with them.
            await self._link.call("DEL", keys.session(session))
        return token

    async def player(self, token: str) -> PlayerId | None:
        """Whose token this is, with a name or without."""
        player = await self._link.call("GET", keys.session(_hash(token)))
        return PlayerId(player.decode()) if player else None

    async def end(self, player: PlayerId, token: str) -> None:
        """End one session; harmless when it has ended."""
        await self._end(player, [_hash(token)])
        await self.changed(player)

    async def end_all(self, player: PlayerId, own: str | None = None) -> None:
        """End every session of a player, that of the token `own` last.

        So whoever is cut short by a death can press again.
        """
        last = [] if own is None else [_hash(own)]
        stored = await self._link.call("ZRANGE", keys.sessions(player), 0, -1)
        await self._end(player, [one for raw in stored if (one := raw.decode()) not in last])
        await self.changed(player)
        await self._end(player, last)
        await self.changed(player)

    async def _end(self, player: PlayerId, sessions: list[str]) -> None:
        if not sessions:
            return
        index = keys.sessions(player)
        marks = [part for session in sessions for part in (_ENDED, session)]
        await self._link.call("ZADD", index, "XX", *marks)
        ended = [self._link.call("DEL", keys.session(session)) for session in sessions]
        for end in ended:
            await end
        await self._link.call("ZREM", index, *sessions)

    async def changed(self, player: PlayerId) -> None:
        """Have every process look again at who its sockets of this player are."""
        await self._tell([keys.CHANGED], player, keys.CHANGED_MS)

    async def changes(self, since: int) -> tuple[int, list[PlayerId]]:
        """Whose sessions or names have changed; the instant (Redis ms) to ask from next time.

        The same player may be named again for `LOOK_BACK_MS`.
        """
        time = self._link.call("TIME")
        raw = await self._link.call("ZRANGE", keys.CHANGED, since, "+inf", "BYSCORE")
        now = time_ms(await time)
        return now - LOOK_BACK_MS, [PlayerId(player.decode()) for player in raw]


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
