"""One-time links: ten minutes, once, one a player."""

import asyncio
from typing import Final

import pytest

from server.core.ids import PlayerId
from server.store import keys
from server.store.link import Link
from server.store.onelinks import LIFE_MS, LinkState, OneLinks

ADA: Final = PlayerId("ada")


async def test_an_open_link_says_whose_it_is_and_how_long_it_lives(link: Link) -> None:
    links = OneLinks(link)
    token = await links.make(ADA)
    for _ in range(2):  # looking does not use it up
        found = await links.look(token)
        assert (found.state, found.player) == (LinkState.OPEN, ADA)
        assert LIFE_MS - 5_000 < found.left_ms <= LIFE_MS


async def test_a_link_is_good_once_however_many_come_at_once(link: Link) -> None:
    links = OneLinks(link)
    token = await links.make(ADA)
    taken = await asyncio.gather(*(links.take(token) for _ in range(9)))
    assert [found.state for found in taken].count(LinkState.OPEN) == 1
    assert (await links.look(token)).state is LinkState.USED


@pytest.mark.parametrize(("left_ms", "state"), [(-1, LinkState.EXPIRED), (5_000, LinkState.OPEN)])
async def test_a_link_that_ran_out_says_so(link: Link, left_ms: int, state: LinkState) -> None:
    links = OneLinks(link)
    token = await links.make(ADA)
    await link.call("HINCRBY", keys.one_link(ADA), "ends_at", left_ms - LIFE_MS)
    assert (await links.take(token)).state is state


async def test_a_newer_link_takes_the_place_of_the_last_one(link: Link) -> None:
    links = OneLinks(link)
    old, new = await links.make(ADA), await links.make(ADA)
    assert (await links.take(old)).state is LinkState.UNKNOWN
    assert (await links.take(new)).state is LinkState.OPEN
    fresh = await links.make(ADA)
    assert (await links.look(fresh)).state is LinkState.OPEN


@pytest.mark.parametrize("token", ["", ".", "ada", "ada.", "ada.x", ".x", "bob.{secret}", "x" * 99])
async def test_any_other_token_is_unknown(link: Link, token: str) -> None:
    links = OneLinks(link)
    _, _, secret = (await links.make(ADA)).partition(".")
    found = await links.take(token.replace("{secret}", secret))
    assert (found.state, found.player) == (LinkState.UNKNOWN, None)


async def test_of_a_link_only_a_hash_is_stored_and_not_for_long(link: Link) -> None:
    token = await OneLinks(link).make(ADA)
    stored = await link.call("HGETALL", keys.one_link(ADA))
    assert token.partition(".")[2].encode() not in b" ".join(stored)
    left = await link.call("PTTL", keys.one_link(ADA))
    assert LIFE_MS < left <= LIFE_MS + keys.ONE_LINK_MS


async def test_a_forgotten_link_is_unknown(link: Link) -> None:
    links = OneLinks(link)
    token = await links.make(ADA)
    await links.forget(ADA)
    assert (await links.take(token)).state is LinkState.UNKNOWN
