"""Games of tiles in one deck: the open ones, each player's best, and the deck's list of bests.

A finish is stored with the best in one script, in the player's slot; the list is in the
deck's, so it is written afterwards, from the best as stored. Whoever dies in between leaves
a list that the same finish, repeated, or the player's next one makes whole.
"""

from typing import Final

import msgspec
from msgspec import Struct

from server.core.ids import PlayerId
from server.core.tiles import TilesDeal
from server.store import keys
from server.store.link import Link, scored
from server.store.scripts import Script

_SECONDS: Final = 2**31
"""List scores: milliseconds · 2^31 + seconds since `_EPOCH_S`, a whole double for times below an
hour and ten minutes. So the score of a best is the same whenever, and however often, it is
listed, and of equal times the earlier one stands first."""
_EPOCH_S: Final = 1_735_689_600
"""The first second of 2025: the seconds since then have 31 bits until 2093."""


class Best(Struct, frozen=True, array_like=True):
    """A player's best time and when it was reached (Redis ms)."""

    time_ms: int
    at: int


class Finish(Struct, frozen=True, array_like=True):
    """What a finished game came to; `best_ms` is the player's best from then on."""

    time_ms: int
    elapsed_ms: int
    misses: int
    best_ms: int
    improved: bool


class TilesGame(Struct, frozen=True):
    """A player's game as read at `now`; both instants are Redis time in milliseconds."""

    now: int
    dealt_at: int
    deal: TilesDeal
    finish: Finish | None
    best: Best | None


class TilesRow(Struct, frozen=True):
    """One row of the list, without the player's name."""

    rank: int
    player: PlayerId
    time_ms: int


_encode: Final = msgspec.msgpack.Encoder().encode
_deal_decoder: Final = msgspec.msgpack.Decoder(TilesDeal)
_finish_decoder: Final = msgspec.msgpack.Decoder(Finish)
_best_decoder: Final = msgspec.msgpack.Decoder(Best)


class TilesGames:
    """The games of tiles in one deck."""

    def __init__(self, link: Link, deck: str) -> None:
        self._link: Final = link
        self._deck: Final = deck
        self._list: Final = keys.LadderKeys(deck).tiles
        self._begin: Final = Script(link, "deal_tiles")
        self._read: Final = Script(link, "tiles")
        self._finish: Final = Script(link, "finish_tiles")

    def _of(self, player: PlayerId) -> list[str]:
        return [keys.tiles(player, self._deck), keys.best(player, self._deck)]

    async def begin(self, player: PlayerId, game: str, deal: TilesDeal) -> Best | None:
        """Begin a game in place of the player's last one; the best so far."""
        return _best(await self._begin(self._of(player), game, _encode(deal), keys.TILES_LIFE_MS))

    async def read(self, player: PlayerId, game: str) -> TilesGame | None:
        """A game and the present instant; None where the player has no such game now."""
        reply = await self._read(self._of(player), game)
        if reply is None:
            return None
        now, dealt_at, deal, finish, best = reply
        return TilesGame(
            now,
            dealt_at,
            _deal_decoder.decode(deal),
            _finish_decoder.decode(finish) if finish else None,
            _best(best),
        )

    async def finish(
        self, player: PlayerId, game: str, finish: Finish, best: Best
    ) -> Finish | None:
        """Store what a game came to, and the best from then on; only the first time counts.

        Gives what is stored; None where another game, or an hour, has come between.
        """
        stored = await self._finish(
            self._of(player), game, _encode(finish), _encode(best), keys.BEST_S
        )
        return _finish_decoder.decode(stored) if stored else None

    async def best(self, player: PlayerId) -> Best | None:
        """A player's best."""
        return _best(await self._link.call("GET", keys.best(player, self._deck)))

    async def enlist(self, player: PlayerId) -> None:
        """Put the player's best, if there is one, on the list; harmless when it is there.

        The caller sees to it that the player has a name and is no bot.
        """
        best = await self.best(player)
        if best is not None:
            kept = self._link.call("PERSIST", keys.best(player, self._deck))
            listed = self._link.call("ZADD", self._list, "LT", _score(best), player)
            await kept
            await listed

    async def unlist(self, player: PlayerId) -> None:
        """Take a player off the list; the best stays his."""
        await self._link.call("ZREM", self._list, player)

    async def forget(self, player: PlayerId) -> None:
        """Forget a player's game and best, and take him off the list."""
        await self._link.call("DEL", *self._of(player))
        await self.unlist(player)

    async def top(self, limit: int) -> list[TilesRow]:
        """The best of the list; equal times share a rank (1, 1, 3), the earlier one first."""
        raw = await self._link.call("ZRANGE", self._list, 0, limit - 1, "WITHSCORES")
        rows: list[TilesRow] = []
        for place, (player, score) in enumerate(scored(raw), 1):
            time_ms = score // _SECONDS
            shared = rows and rows[-1].time_ms == time_ms
            rank = rows[-1].rank if shared else place
            rows.append(TilesRow(rank, PlayerId(player.decode()), time_ms))
        return rows

    async def rank(self, player: PlayerId) -> int | None:
        """The rank of a player on the list; None for who is not on it."""
        score = await self._link.call("ZSCORE", self._list, player)
        if score is None:
            return None
        least = int(float(score)) // _SECONDS * _SECONDS
        return 1 + int(await self._link.call("ZCOUNT", self._list, "-inf", f"({least}"))


def _best(raw: bytes | None) -> Best | None:
    return _best_decoder.decode(raw) if raw else None


def _score(best: Best) -> int:
    return best.time_ms * _SECONDS + best.at // 1000 - _EPOCH_S
