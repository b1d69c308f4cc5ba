"""Challenges as stored: each on its ladder, and listed with its players while it is open."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Final

import msgspec
from msgspec import Struct

from server.core.challenge import (
    ALPHABET,
    CODE_LENGTH,
    KEPT_MS,
    LIFE_MS,
    MOST_OPEN,
    OFFERS_AN_HOUR,
    Challenge,
    Kind,
    Offer,
    State,
    state_at,
)
from server.core.ids import MatchId, PlayerId
from server.store import keys
from server.store.keys import CHALLENGES_MS, OFFERED_MS, LadderKeys
from server.store.link import Link, time_ms
from server.store.scripts import Script
from server.store.seeks import Claim, encode_claim

MOST_RECEIVED: Final = 50
"""Of the open challenges to one player, so many are found again after a reload."""
_MOVING: Final = ("state", "taker", "match")
_FIELDS: Final = ("offer", "expires_at", *_MOVING)
_TO: Final = "to"
_FULL: Final = b"full"
_encode: Final = msgspec.msgpack.Encoder().encode
_decoder: Final = msgspec.msgpack.Decoder(Offer)


class Stands(Struct, frozen=True):
    """The player has an open one about the same already, under this code."""

    code: str


class Full(Struct, frozen=True):
    """The player has as many open as may be, or has offered as many in an hour."""


class Offers:
    """Every challenge of this installation.

    `life_ms` is how long each kind stays open, `an_hour` how many one player may offer.
    """

    def __init__(
        self, link: Link, life_ms: Mapping[Kind, int] = LIFE_MS, an_hour: int = OFFERS_AN_HOUR
    ) -> None:
        self._link: Final = link
        self._life_ms: Final = life_ms
        self._an_hour: Final = an_hour
        self._offer: Final = Script(link, "offer_challenge")
        self._end: Final = Script(link, "end_challenge")
        self._claim: Final = Script(link, "claim_challenge")
        self._reopen: Final = Script(link, "reopen_challenge")
        self._list: Final = Script(link, "list_challenge")

    async def add(self, offer: Offer, believed: str | None = None) -> str | None:
        """Keep a new offer, which nobody knows of until it is listed; its code.

        None: it is a rematch, and the latest one of its match is not `believed` any more.
        """
        code = await self._new_code(offer)
        life_ms = self._life_ms[offer.kind]
        ladder = LadderKeys(offer.deck)
        named, about = [ladder.challenge(code)], list[str]()
        if offer.rematch_of is not None:
            named.append(ladder.rematch(offer.rematch_of))
            about = [code, believed or ""]
        kept = await self._offer(named, _encode(offer), life_ms, life_ms + KEPT_MS, *about)
        return code if kept else None

    async def _new_code(self, offer: Offer) -> str:
        """A code of nobody's; what it names is found on its deck's ladder."""
        kept_ms = self._life_ms[offer.kind] + KEPT_MS
        while True:
            code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
            if await self._link.call("SET", keys.challenge(code), offer.deck, "NX", "PX", kept_ms):
                return code

    async def list_by(self, code: str, offer: Offer) -> Stands | Full | None:
        """List an offer with who offers it; None when done."""
        about = offer.rematch_of or offer.to or code
        reply = await self._list(
            [keys.challenges(offer.by), keys.offered(offer.by)],
            *(offer.kind, about, code, self._life_ms[offer.kind], MOST_OPEN, CHALLENGES_MS),
            *(OFFERED_MS, self._an_hour),
        )
        if not reply:
            return None
        return Full() if reply == _FULL else Stands(reply.decode())

    async def list_to(self, code: str, offer: Offer) -> None:
        """List an offer with whom it is to."""
        if offer.to is not None:
            life_ms, listed = self._life_ms[offer.kind], [keys.challenges(offer.to)]
            await self._list(listed, _TO, code, code, life_ms, MOST_RECEIVED, CHALLENGES_MS)

    async def unlist(self, challenge: Challenge) -> None:
        """Take one that is over off its players' lists."""
        code, offer = challenge.code, challenge.offer
        about = offer.rematch_of or offer.to or code
        removed = self._link.call("ZREM", keys.challenges(offer.by), f"{offer.kind} {about} {code}")
        if offer.to is not None:
            await self._link.call("ZREM", keys.challenges(offer.to), f"{_TO} {code} {code}")
        await removed

    async def forget(self, code: str, offer: Offer) -> None:
        """Drop an offer that was never listed."""
        dropped = self._link.call("DEL", keys.challenge(code))
        await self._link.call("DEL", LadderKeys(offer.deck).challenge(code))
        await dropped

    async def listed(self, player: PlayerId) -> list[str]:
        """The codes listed with a player, those that expire first first; some may be over."""
        raw = await self._link.call("ZRANGE", keys.challenges(player), 0, -1)
        return [member.decode().rpartition(" ")[2] for member in raw]

    async def find(self, code: str) -> Challenge | None:
        """A challenge as it stands."""
        deck = await self._link.call("GET", keys.challenge(code))
        if deck is None:
            return None
        found = self._link.call("HMGET", LadderKeys(deck.decode()).challenge(code), *_FIELDS)
        now = time_ms(await self._link.call("TIME"))
        offer, expires_at, *moved = await found
        if offer is None:
            return None
        return _moved(code, _decoder.decode(offer), int(expires_at), now, moved)

    async def look(self, challenges: Sequence[Challenge]) -> list[Challenge]:
        """Some challenges as they stand now, in one batch, without those that are forgotten."""
        found = [self._link.call("HMGET", self._key(known), *_MOVING) for known in challenges]
        now = time_ms(await self._link.call("TIME"))
        return [
            _moved(known.code, known.offer, known.expires_at, now, moved)
            for known, moved in zip(challenges, [await reply for reply in found], strict=True)
            if moved[0] is not None
        ]

    async def latest_rematch(self, deck: str, match: MatchId) -> str | None:
        """The code under which a rematch of a match was offered last."""
        code = await self._link.call("GET", LadderKeys(deck).rematch(match))
        return code.decode() if code else None

    async def end(self, challenge: Challenge, state: State) -> bool:
        """End an open challenge without a match; False when it was over already."""
        return bool(await self._end([self._key(challenge)], state))

    async def claim(self, challenge: Challenge, claim: Claim, taker: PlayerId) -> bool:
        """Take an open challenge for the match of `claim`; False when it was over already."""
        ladder = LadderKeys(challenge.offer.deck)
        named = [self._key(challenge), ladder.claims, ladder.playing]
        return bool(await self._claim(named, claim.created.match, encode_claim(claim), taker))

    async def reopen(self, code: str, deck: str, match: MatchId) -> None:
        """Undo the claim of a challenge for a match that cannot be, and forget that claim."""
        ladder = LadderKeys(deck)
        await self._reopen([ladder.challenge(code), ladder.claims, ladder.playing], match)

    def _key(self, challenge: Challenge) -> str:
        return LadderKeys(challenge.offer.deck).challenge(challenge.code)


def _moved(code: str, offer: Offer, expires_at: int, now: int, moved: list[bytes]) -> Challenge:
    """A challenge by what it is for good and what has become of it: `_MOVING`, as stored."""
    state, taker, match = moved
    return Challenge(
        code=code,
        offer=offer,
        state=state_at(State(state.decode()), expires_at, now),
        to=PlayerId(taker.decode()) if taker else offer.to,
        match=MatchId(match.decode()) if match else None,
        expires_at=expires_at,
        now=now,
    )
