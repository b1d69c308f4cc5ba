"""Who waits: found again after a reconnect, kept alive by beats, and told when more wait."""

import asyncio
from collections.abc import Sequence
from typing import Final

import pytest

from server.core.ids import PlayerId
from server.play import waiting
from server.store.keys import LadderKeys
from server.store.link import Link
from server.store.seeks import GONE_MS, Pool
from server.wire import messages as wire
from tests.play.given import (
    DECK,
    PATIENCE_S,
    Process,
    made,
    one_pass,
    signed_up,
    standing,
    stands,
)

KEYS: Final = LadderKeys(DECK)


async def test_who_connects_again_finds_seek_and_wait(process: Process) -> None:
    at, elsewhere = await process(), await process()
    ada = await signed_up(at, "Ada")
    seconds, _ = await at.link.call("TIME")
    await stands(at, ada, int(seconds) * 1000 - 30_000)
    match, seeking = await elsewhere.lobby.resume(ada.who.id)
    assert match is None
    assert seeking is not None
    assert (seeking.deck, seeking.rated) == (DECK, True)
    assert 30_000 <= seeking.waited_ms < 35_000


async def test_a_seek_is_alive_as_soon_as_its_player_is_back(process: Process, link: Link) -> None:
    at, elsewhere = await process(), await process()
    ada = await signed_up(at, "Ada")
    await stands(at, ada)
    beats = KEYS.beats("rated")
    before = await link.call("ZINCRBY", beats, -1_000, ada.who.id)
    await elsewhere.lobby.resume(ada.who.id)
    assert int(await link.call("ZSCORE", beats, ada.who.id)) >= int(before) + 1_000


async def test_who_connects_after_the_seek_has_gone_finds_nothing(process: Process) -> None:
    at = await process()
    ada = await signed_up(at, "Ada")
    await stands(at, ada)
    await at.link.call("ZINCRBY", KEYS.beats("rated"), -GONE_MS, ada.who.id)
    assert await at.lobby.resume(ada.who.id) == (None, None)
    assert await at.players.held_by(ada.who.id) == ""


async def test_who_connects_in_a_match_is_told_which(process: Process) -> None:
    at = await process()
    ada, bob = await signed_up(at, "Ada"), await signed_up(at, "Bob")
    match = await made(at, (ada, bob))
    assert await at.lobby.resume(bob.who.id) == (match, None)
    assert await at.lobby.resume(PlayerId("nobody")) == (None, None)


async def test_the_seek_of_a_player_without_a_socket_is_taken_back(process: Process) -> None:
    at = await process()
    ada = await signed_up(at, "Ada")
    await at.lobby.seek(ada.who, DECK, rated=True)
    at.presence.go(ada)
    for _ in range(3):
        await at.lobby._room.beat(DECK, "rated")
    await at.link.call("ZINCRBY", KEYS.beats("rated"), -GONE_MS, ada.who.id)
    await at.lobby._room.beat(DECK, "rated")
    assert not at.lobby.is_waiting(ada.who.id)
    assert not await at.link.call("HEXISTS", KEYS.seeks("rated"), ada.who.id)
    assert await at.players.held_by(ada.who.id) == ""


async def test_who_waits_is_told_when_more_wait(process: Process) -> None:
    at = await process()
    ada = await signed_up(at, "Ada")
    await at.lobby.seek(ada.who, DECK, rated=True)
    await at.lobby._room.beat(DECK, "rated")
    assert ada.of(wire.Seeking) == []
    stranger = await signed_up(at, "Bob")
    await at.link.call("ZADD", KEYS.beats("rated"), 2**52, stranger.who.id)
    await at.lobby._room.beat(DECK, "rated")
    await at.lobby._room.beat(DECK, "rated")
    assert [seeking.waiting for seeking in ada.of(wire.Seeking)] == [2]


async def test_an_outage_forgets_no_seek_whose_player_is_here(process: Process) -> None:
    at = await process()
    ada = await signed_up(at, "Ada")
    await at.lobby.seek(ada.who, DECK, rated=True)
    at.lobby._room._beaten.clear()
    await at.link.call("ZINCRBY", KEYS.beats("rated"), -2 * GONE_MS, ada.who.id)
    await one_pass(at)
    assert list(await standing(at)) == [ada.who.id]
    assert await at.players.held_by(ada.who.id) != ""


async def test_a_pool_that_does_not_answer_holds_up_no_other(
    process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "BEAT_EVERY_MS", 10)
    at = await process()
    ada, bob = await signed_up(at, "Ada"), await signed_up(at, "Bob")
    await at.lobby.seek(ada.who, DECK, rated=True)
    await at.lobby.seek(bob.who, DECK, rated=False)
    seeks = at.claims.seeks[DECK]
    beat, released, beats = seeks.beat, asyncio.Event(), asyncio.Semaphore(0)

    async def beat_if_casual(
        pool: Pool, players: Sequence[PlayerId]
    ) -> tuple[int, tuple[PlayerId, ...]]:
        if pool == "rated":
            await released.wait()
        beats.release()
        return await beat(pool, players)

    monkeypatch.setattr(seeks, "beat", beat_if_casual)
    at.lobby.start()
    async with asyncio.timeout(PATIENCE_S):
        for _ in range(5):
            await beats.acquire()
    released.set()
