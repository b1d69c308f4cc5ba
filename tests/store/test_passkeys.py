"""Passkeys as stored, and the challenges that count once."""

import asyncio
from typing import Final

import pytest

from server.core.ids import PlayerId
from server.store import keys, passkeys
from server.store.link import Link
from server.store.passkeys import Passkey, Passkeys, TooManyPasskeys
from tests.store.given import every_key

ADA, BOB = PlayerId("ada"), PlayerId("bob")
LAPTOP: Final = Passkey("aaaa", "Laptop", b"public", 3, 1_000)
PHONE: Final = Passkey("bbbb", "Phone", b"other", 0, 2_000)


async def test_a_challenge_counts_once_and_for_what_it_was_made(link: Link) -> None:
    held = Passkeys(link)
    challenge = await held.challenge("sign in")
    used = await asyncio.gather(*(held.use(challenge) for _ in range(5)))
    assert sorted(used, key=str) == [None] * 4 + ["sign in"]
    assert await held.use(b"never made") is None


async def test_a_challenge_lives_five_minutes_and_is_not_stored_itself(link: Link) -> None:
    challenge = await Passkeys(link).challenge("sign in")
    (key,) = await every_key(link)
    assert challenge.hex().encode() not in key
    assert 290 < await link.call("TTL", key) <= 300


async def test_passkeys_are_listed_by_age_and_found_by_player(link: Link) -> None:
    held = Passkeys(link)
    for passkey in (PHONE, LAPTOP):
        await held.add(ADA, passkey)
    assert await held.of(ADA) == [LAPTOP, PHONE]
    assert await held.find(ADA, "bbbb") == PHONE
    assert await held.find(BOB, "bbbb") is None
    assert await held.remove(ADA, "bbbb")
    assert not await held.remove(ADA, "bbbb")
    assert await held.of(ADA) == [LAPTOP]
    await held.forget(ADA)
    assert not await link.call("EXISTS", keys.passkeys(ADA))


async def test_a_passkey_counts_what_it_signed_once(link: Link) -> None:
    held = Passkeys(link)
    await held.add(ADA, LAPTOP)
    assert await held.count(ADA, LAPTOP, 3)
    assert await held.count(ADA, LAPTOP, 4)
    assert not await held.count(ADA, LAPTOP, 5)  # decided on an older state
    found = await held.find(ADA, "aaaa")
    assert found is not None
    assert found.sign_count == 4


async def test_counting_does_not_bring_a_removed_passkey_back(link: Link) -> None:
    held = Passkeys(link)
    await held.add(ADA, LAPTOP)
    await held.remove(ADA, "aaaa")
    assert not await held.count(ADA, LAPTOP, 4)
    assert await held.of(ADA) == []


async def test_a_player_has_so_many_passkeys(link: Link, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passkeys, "MOST", 1)
    held = Passkeys(link)
    await held.add(ADA, LAPTOP)
    with pytest.raises(TooManyPasskeys):
        await held.add(ADA, PHONE)
