"""Sessions: indexed by player, ended one by one or all at once, and told of."""

import asyncio
from asyncio import FIRST_COMPLETED as FIRST
from itertools import count
from typing import Final

import pytest

from server.core.ids import PlayerId
from server.store import keys
from server.store.link import Argument, Link, Reply, Unavailable
from server.store.sessions import LOOK_BACK_MS, Sessions
from tests.store.dying import dying
from tests.store.given import empty

ADA: Final = PlayerId("ada")
BOB: Final = PlayerId("bob")


async def test_a_session_that_is_ended_is_nobodys_and_the_others_stand(link: Link) -> None:
    sessions = Sessions(link)
    one, two = await sessions.begin(ADA), await sessions.begin(ADA)
    await sessions.end(ADA, one)
    assert await sessions.player(one) is None
    assert await sessions.player(two) == ADA
    assert await link.call("ZCARD", keys.sessions(ADA)) == 1


async def test_all_sessions_of_a_player_end_at_once_and_nobody_elses(link: Link) -> None:
    sessions = Sessions(link)
    tokens = [await sessions.begin(ADA) for _ in range(3)]
    other = await sessions.begin(BOB)
    await sessions.end_all(ADA, tokens[1])
    assert [await sessions.player(token) for token in tokens] == [None] * 3
    assert await sessions.player(other) == BOB
    assert not await link.call("EXISTS", keys.sessions(ADA))


@pytest.mark.parametrize("carried_out", [False, True])
async def test_whoever_is_cut_short_can_press_again_or_is_out(
    link: Link, *, carried_out: bool
) -> None:
    for write in count():
        await empty(link)
        sessions = Sessions(link)
        own, other = await sessions.begin(ADA), await sessions.begin(ADA)
        died = False
        try:
            with dying(link, write, carried_out=carried_out):
                await sessions.end_all(ADA, own)
        except Unavailable:
            died = True
        if await sessions.player(own) == ADA:
            assert died
            await sessions.end_all(ADA, own)
        assert await sessions.player(own) is None
        assert await sessions.player(other) is None
        _, changed = await sessions.changes(0)
        assert changed == [ADA]
        if not died:
            assert write >= 6
            return


async def test_a_session_that_begins_while_all_are_ended_is_ended_or_can_be(
    link: Link, monkeypatch: pytest.MonkeyPatch
) -> None:
    call, ending = link.call, Sessions(link)

    async def end_first(*command: Argument) -> Reply:
        monkeypatch.undo()
        await ending.end_all(ADA)
        return await call(*command)

    def interrupted(*command: Argument) -> asyncio.Future[Reply]:
        if command[0] == "SET":
            return asyncio.ensure_future(end_first(*command))
        return call(*command)

    monkeypatch.setattr(link, "call", interrupted)
    token = await Sessions(link).begin(ADA)
    assert await ending.player(token) is None


@pytest.mark.parametrize("held", ["SET", "ZSCORE"])
async def test_a_session_that_begins_between_any_two_steps_of_an_end_is_ended(
    link: Link, redis_url: str, held: str
) -> None:
    other = Link(redis_url)
    await other.open()
    for step in count():
        await empty(link)
        token, all_steps = await begun_amid_an_end(link, other, held, step)
        assert await Sessions(link).player(token) is None
        assert not await link.call("EXISTS", keys.sessions(ADA))
        if all_steps:
            assert step >= 5
            break
    await other.close()


async def begun_amid_an_end(link: Link, other: Link, held: str, step: int) -> tuple[str, bool]:
    """Begin a session, held at a command until an end of all has come to a step (from 0).

    That end goes on when the session has begun. The token, and whether the end had no such step.
    """
    is_held, come_there, begun = asyncio.Event(), asyncio.Event(), asyncio.Event()
    begins, ends, steps = link.call, other.call, count()

    async def after(event: asyncio.Event, command: tuple[Argument, ...]) -> Reply:
        is_held.set()
        await event.wait()
        return await begins(*command)

    async def once_begun(command: tuple[Argument, ...]) -> Reply:
        come_there.set()
        await begun.wait()
        return await ends(*command)

    def beginning(*command: Argument) -> asyncio.Future[Reply]:
        if command[0] == held:
            return asyncio.ensure_future(after(come_there, command))
        return begins(*command)

    def ending(*command: Argument) -> asyncio.Future[Reply]:
        if next(steps) == step:
            return asyncio.ensure_future(once_begun(command))
        return ends(*command)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(link, "call", beginning)
        patch.setattr(other, "call", ending)
        beginner = asyncio.create_task(Sessions(link).begin(ADA))
        await is_held.wait()
        ender = asyncio.create_task(Sessions(other).end_all(ADA))
        await asyncio.wait([ender, asyncio.create_task(come_there.wait())], return_when=FIRST)
        all_steps = not come_there.is_set()
        come_there.set()
        token = await beginner
        begun.set()
        await ender
    return token, all_steps


async def test_an_end_cut_short_leaves_what_had_not_ended_to_the_next(link: Link) -> None:
    sessions = Sessions(link)
    token = await sessions.begin(ADA)
    with pytest.raises(Unavailable), dying(link, 1, carried_out=False):
        await sessions.end_all(ADA)
    assert await sessions.player(token) == ADA
    await sessions.begin(ADA)
    await sessions.end_all(ADA)
    assert await sessions.player(token) is None


async def test_the_list_of_sessions_forgets_those_that_have_run_out(link: Link) -> None:
    sessions = Sessions(link)
    await link.call("ZADD", keys.sessions(ADA), 1_000, "long ago")
    await sessions.begin(ADA)
    assert await link.call("ZCARD", keys.sessions(ADA)) == 1
    assert 0 < await link.call("TTL", keys.sessions(ADA)) <= keys.SESSION_S


async def test_a_short_session_is_listed_no_longer_than_it_lives_and_takes_no_other_along(
    link: Link,
) -> None:
    sessions, index = Sessions(link), keys.sessions(ADA)
    await sessions.begin(ADA, 60)
    ((short, runs_out),) = await listed(link)
    assert 0 < runs_out - await now_s(link) <= 60
    assert 0 < await link.call("TTL", index) <= 60
    await link.call("ZADD", index, "XX", runs_out - 61, short)
    long = await sessions.begin(ADA)
    await sessions.begin(ADA, 60)
    assert len(await listed(link)) == 2
    assert await link.call("TTL", index) > 60
    await sessions.end_all(ADA)
    assert await sessions.player(long) is None


async def listed(link: Link) -> list[tuple[str, int]]:
    """The sessions of a player, by when they run out."""
    raw = await link.call("ZRANGE", keys.sessions(ADA), 0, -1, "WITHSCORES")
    return [(one.decode(), int(at)) for one, at in zip(raw[::2], raw[1::2], strict=True)]


async def now_s(link: Link) -> int:
    return int((await link.call("TIME"))[0])


async def test_changes_are_told_from_an_instant_on_with_some_to_spare(link: Link) -> None:
    sessions = Sessions(link)
    await sessions.changed(ADA)
    since, changed = await sessions.changes(0)
    assert changed == [ADA]
    assert (await sessions.changes(since))[1] == [ADA]
    assert (await sessions.changes(since + LOOK_BACK_MS + 1_000))[1] == []
    await sessions.changed(BOB)
    assert set((await sessions.changes(since))[1]) == {ADA, BOB}


async def test_what_has_changed_is_told_for_an_hour(link: Link) -> None:
    await link.call("ZADD", keys.CHANGED, 1_000, "long ago")
    await Sessions(link).changed(ADA)
    assert await link.call("ZRANGE", keys.CHANGED, 0, -1) == [b"ada"]
