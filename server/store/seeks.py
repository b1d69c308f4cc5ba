"""The seeks of a ladder's pools, and the claims that turn two of them into a match."""

import asyncio
import secrets
from collections.abc import Sequence
from typing import Final, Literal, TypeAlias

import msgspec
from msgspec import Struct

from server.core.events import MatchCreated, Player
from server.core.ids import BySeat, MatchId, PlayerId
from server.store.keys import LadderKeys
from server.store.link import Link, Reply
from server.store.scripts import Script

GONE_MS: Final = 3_000
"""A seek lives this long after the last heartbeat of its player."""

Pool: TypeAlias = Literal["rated", "casual", "challenge"]
"""Where seeks wait; nobody seeks in `challenge`, whose holds are of challenges being taken."""
SEEK_POOLS: Final[tuple[Pool, ...]] = ("rated", "casual")


def pool_of(*, rated: bool) -> Pool:
    """The pool of rated or of casual seeks."""
    return "rated" if rated else "casual"


class Seek(Struct, frozen=True):
    """An open offer: who, as seated later, and whom not to meet again at once."""

    player: Player
    nonce: str
    last_opponent: PlayerId | None


class StoredSeek(Struct, frozen=True, array_like=True):
    """A seek with its instant (Redis ms)."""

    since: int
    seek: Seek


class Standing(Struct, frozen=True):
    """A seek as a pass reads it, with the bytes that a claim compares."""

    since: int
    seek: Seek
    raw: bytes

    @property
    def player(self) -> PlayerId:
        """Who seeks."""
        return self.seek.player.id


class Claim(Struct, frozen=True):
    """Two seeks, or a `challenge`, taken for one match, and its event 0.

    `nonces` are those of the holds, by seat.
    """

    pool: Pool
    nonce: str
    created: MatchCreated
    nonces: BySeat[str]
    challenge: str | None = None


class Pass(Struct, frozen=True):
    """What a pass finds in a pool; `now` is Redis time in milliseconds."""

    now: int
    standing: tuple[Standing, ...]
    gone: tuple[Standing, ...]


_encode: Final = msgspec.msgpack.Encoder().encode
_seek_decoder: Final = msgspec.msgpack.Decoder(StoredSeek)
_claim_decoder: Final = msgspec.msgpack.Decoder(Claim)


def encode_claim(claim: Claim) -> bytes:
    """A claim as it is stored."""
    return _encode(claim)


def new_nonce() -> str:
    """A nonce for one seek."""
    return secrets.token_urlsafe(9)


def seek_hold(deck: str, pool: Pool, nonce: str) -> str:
    """The value of `busy` while a player seeks, or takes part in taking a challenge."""
    return f"seek {pool} {nonce} {deck}"


def seek_of(hold: str) -> tuple[str, Pool, str] | None:
    """(deck, pool, nonce) of a value of `busy`, None where it is something else."""
    match hold.split(" ", 3):
        case ["seek", ("rated" | "casual" | "challenge") as pool, nonce, deck]:
            return deck, pool, nonce
    return None


class Seeks:
    """The seeks and claims of one ladder."""

    def __init__(self, link: Link, deck: str) -> None:
        self._link: Final = link
        self._keys: Final = LadderKeys(deck)
        self._seek: Final = Script(link, "seek")
        self._seeks: Final = Script(link, "seeks")
        self._beat: Final = Script(link, "beat_seeks")
        self._cancel: Final = Script(link, "cancel_seek")
        self._claim: Final = Script(link, "claim")

    def _pool(self, pool: Pool) -> list[str]:
        return [self._keys.seeks(pool), self._keys.beats(pool)]

    async def add(self, pool: Pool, seek: Seek, since: int = 0) -> tuple[int, int]:
        """Put a seek into a pool; (Redis ms, seeks in the pool).

        `since` is for a player who goes back to the front: when that wait began.
        """
        now, waiting = await self._seek(self._pool(pool), seek.player.id, _encode(seek), since)
        return int(now), int(waiting)

    def find(self, pool: Pool, player: PlayerId) -> asyncio.Future[Reply]:
        """The stored bytes of a player's seek, None where there is none."""
        return self._link.call("HGET", self._keys.seeks(pool), player)

    async def beat(
        self, pool: Pool, players: Sequence[PlayerId]
    ) -> tuple[int, tuple[PlayerId, ...]]:
        """Keep the seeks of these players alive; how many the pool holds, and whose have gone."""
        count, gone = await self._beat([self._keys.beats(pool)], *players)
        return int(count), tuple(PlayerId(player.decode()) for player in gone)

    async def read(self, pool: Pool, here: Sequence[PlayerId] = ()) -> Pass:
        """The seeks of a pool; those whose player has gone are dropped from it.

        The players of `here` are not gone, however long Redis has not heard of them.
        """
        now, standing, gone = await self._seeks(self._pool(pool), GONE_MS, *here)
        return Pass(int(now), _standing(standing), _standing(gone))

    async def cancel(self, pool: Pool, player: PlayerId, raw: bytes) -> bool:
        """Take a seek back; False when it was gone already."""
        return bool(await self._cancel(self._pool(pool), player, raw))

    async def claim(self, claim: Claim, seeks: BySeat[Standing]) -> bool:
        """Take both seeks for the match of `claim`; False when either had gone."""
        one, two = seeks
        return bool(
            await self._claim(
                [*self._pool(claim.pool), self._keys.claims, self._keys.playing],
                claim.created.match,
                _encode(claim),
                *(one.player, one.raw, two.player, two.raw),
            )
        )

    async def claims(self) -> list[Claim]:
        """The claims that are still being carried out."""
        raw = await self._link.call("HVALS", self._keys.claims)
        return [_claim_decoder.decode(stored) for stored in raw]

    async def claim_done(self, match: MatchId) -> None:
        """Forget a claim: its match has a log, or will never have one."""
        await self._link.call("HDEL", self._keys.claims, match)


def decode_seek(raw: bytes) -> Standing:
    """A stored seek."""
    stored = _seek_decoder.decode(raw)
    return Standing(stored.since, stored.seek, raw)


def _standing(raw: Reply) -> tuple[Standing, ...]:
    """The seeks in a flat reply of players and seeks; '' stands for one that was gone."""
    return tuple(decode_seek(seek) for seek in raw[1::2] if seek)
