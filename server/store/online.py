"""Who is here, across all processes, and what is being played of a deck."""

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from server.core.ids import MatchId, PlayerId
from server.store import keys
from server.store.link import Link, scored, time_ms
from server.store.scripts import Script

GONE_MS: Final = 6_000
"""Nobody is here who was not seen for so long: three beats."""
LINGER_MS: Final = 2_500
"""Who leaves stays here for so long, unless another process says that he is there: a page
that loads anew, or a beat of another process, takes less."""
AT_ONCE: Final = 500
"""Players of one script: Redis serves others between two of them."""


class Here(Struct, frozen=True):
    """Who is here: how many, and the first of them in no order."""

    count: int
    players: tuple[PlayerId, ...]


class Online:
    """The players who are here, whichever process they are connected to; or some kind of them."""

    def __init__(self, link: Link, key: str = keys.ONLINE) -> None:
        self._key: Final = key
        self._beat: Final = Script(link, "beat_online")
        self._online: Final = Script(link, "online")

    async def beat(self, players: Sequence[PlayerId]) -> None:
        """Say that these players are here; whoever was not seen for `GONE_MS` is not."""
        for start in range(0, len(players), AT_ONCE):
            await self._beat([self._key], GONE_MS, 0, *players[start : start + AT_ONCE])

    async def leave(self, player: PlayerId) -> None:
        """Say that a player has left; he is gone in `LINGER_MS` if nobody sees him elsewhere."""
        await self._beat([self._key], GONE_MS, GONE_MS - LINGER_MS, player)

    async def here(self, most: int) -> Here:
        """How many are here, and up to `most` of them."""
        count, listed, _ = await self._online([self._key], GONE_MS, most)
        return Here(int(count), tuple(PlayerId(player.decode()) for player in listed))

    async def among(self, players: Sequence[PlayerId]) -> set[PlayerId]:
        """Those of some players who are here."""
        asked = [players[start : start + AT_ONCE] for start in range(0, len(players), AT_ONCE)]
        replies = [self._online([self._key], GONE_MS, 0, *some) for some in asked]
        found = set()
        for some, reply in zip(asked, replies, strict=True):
            _, _, here = await reply
            found |= {player for player, is_here in zip(some, here, strict=True) if is_here}
        return found


class Playing:
    """The live matches of one deck: a claim puts them in, a settlement takes them out."""

    def __init__(self, link: Link, deck: str) -> None:
        self._link: Final = link
        self._key: Final = keys.LadderKeys(deck).playing

    async def latest(self, most: int) -> tuple[int, list[tuple[MatchId, int]]]:
        """Redis ms, and the matches claimed last with when that was, the latest first."""
        now = self._link.call("TIME")
        raw = await self._link.call("ZREVRANGE", self._key, 0, most - 1, "WITHSCORES")
        return time_ms(await now), [(MatchId(match.decode()), at) for match, at in scored(raw)]

    async def drop(self, match: MatchId) -> None:
        """Take out a match that is not live."""
        await self._link.call("ZREM", self._key, match)
