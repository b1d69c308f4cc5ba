"""Passkeys: the public half of each, by player; and the challenges that one is asked to sign."""

import hashlib
import secrets
from typing import Final

import msgspec
from msgspec import Struct

from server.core.ids import PlayerId
from server.store import keys
from server.store.link import Link
from server.store.scripts import Script

MOST: Final = 20
CHALLENGE_BYTES: Final = 32


class Passkey(Struct, frozen=True, array_like=True):
    """A passkey as stored; `made_at` is in ms since 1970, `id` in base64url."""

    id: str
    name: str
    public_key: bytes
    sign_count: int
    made_at: int


class TooManyPasskeys(Exception):  # noqa: N818 - told to the player
    """The player has `MOST` already."""


_encode: Final = msgspec.msgpack.Encoder().encode
_decode: Final = msgspec.msgpack.Decoder(Passkey).decode


class Passkeys:
    """The passkeys of every player.

    A credential names its player itself (as its user handle), so no index over all is needed.
    """

    def __init__(self, link: Link) -> None:
        self._link: Final = link
        self._swap: Final = Script(link, "swap_field")

    async def challenge(self, purpose: str) -> bytes:
        """A new challenge to be signed for a purpose: for five minutes, once."""
        challenge = secrets.token_bytes(CHALLENGE_BYTES)
        await self._link.call("SET", _ceremony(challenge), purpose, "EX", keys.CEREMONY_S)
        return challenge

    async def use(self, challenge: bytes) -> str | None:
        """What a challenge was made for; None where there is none, or it has been used."""
        purpose = await self._link.call("GETDEL", _ceremony(challenge))
        return purpose.decode() if purpose else None

    async def add(self, player: PlayerId, passkey: Passkey) -> None:
        """Keep a passkey; the same one again changes nothing.

        Raises:
            TooManyPasskeys: remove one first.
        """
        if await self._link.call("HLEN", keys.passkeys(player)) >= MOST:
            raise TooManyPasskeys(player)
        await self._link.call("HSETNX", keys.passkeys(player), passkey.id, _encode(passkey))

    async def of(self, player: PlayerId) -> list[Passkey]:
        """A player's passkeys, the oldest first."""
        raw = await self._link.call("HVALS", keys.passkeys(player))
        return sorted((_decode(stored) for stored in raw), key=lambda key: (key.made_at, key.id))

    async def find(self, player: PlayerId, passkey: str) -> Passkey | None:
        """One passkey of a player."""
        raw = await self._link.call("HGET", keys.passkeys(player), passkey)
        return _decode(raw) if raw else None

    async def count(self, player: PlayerId, passkey: Passkey, sign_count: int) -> bool:
        """Keep how often a passkey has signed; False where it has changed, or gone, meanwhile."""
        if sign_count == passkey.sign_count:
            return True
        after = msgspec.structs.replace(passkey, sign_count=sign_count)
        stored = keys.passkeys(player)
        return bool(await self._swap([stored], passkey.id, _encode(passkey), _encode(after)))

    async def remove(self, player: PlayerId, passkey: str) -> bool:
        """Forget a passkey; False where there was none."""
        return bool(await self._link.call("HDEL", keys.passkeys(player), passkey))

    async def forget(self, player: PlayerId) -> None:
        """Forget all of a player."""
        await self._link.call("DEL", keys.passkeys(player))


def _ceremony(challenge: bytes) -> str:
    return keys.ceremony(hashlib.sha256(challenge).hexdigest())
