"""What happens every day: reloads, lost connections, people who leave, servers that restart."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from server.store.embedded import EmbeddedRedis
from tests.conftest import quick_settings
from tests.serving import Server, serving
from tests.support.player import DECK, PATIENCE_S, Map, Player, connected, sign_up
from tests.support.served import Served, serve
from tests.web.table import Table, table

Serve = Callable[..., Awaitable[Served]]


def question(message: Map) -> tuple[object, ...]:
    """What is asked, in a snapshot or a `round_opened`."""
    return message["match"], message["round"], message["prompt"], message["choices"]


async def test_a_reload_comes_back_to_the_same_question_score_and_clock(served: Serve) -> None:
    server = await served(rounds=3)
    async with table(server.url) as t:
        await t.begin()
        for player in (t.one, t.two):
            await player.ask("answer", match=t.match, round=1, choice=0)
        asked = await t.one.until("round_opened", round=2)
        await t.one.ask("answer", match=t.match, round=2, choice=3)
        before = await t.one.ask("enter", match=t.match)
        await t.one.close()
        async with connected(server.url, t.ada) as reloaded:
            assert reloaded.seen[0]["live_match"] == t.match
            view = await reloaded.ask("enter", match=t.match)
            assert question(view) == question(asked)
            assert (view["my_choice"], view["seat"]) == (3, t.seat(t.one))
            assert 0 < view["left_ms"] <= before["left_ms"] <= view["limit_ms"]
            while view["left_ms"] == before["left_ms"]:  # the clock goes on, or this never ends
                view = await reloaded.ask("enter", match=t.match)
            assert view["closed"] == before["closed"]
            assert view["seats"] == before["seats"]


async def test_a_connection_that_is_back_at_once_was_never_away(served: Serve) -> None:
    server = await served(rounds=1, round_ms=2_500)
    async with table(server.url) as t:
        await t.begin()
        t.one.cut()
        async with connected(server.url, t.ada) as back:
            await back.ask("enter", match=t.match)
            seen = len(t.two.seen)
            await t.two.until("round_closed")  # 2.8 s after the question
            assert [m["type"] for m in t.two.seen[seen:]] == ["round_closed"]


async def test_who_is_gone_for_two_seconds_is_away_and_then_forfeits(served: Serve) -> None:
    server = await served(forfeit_ms=2_600)
    async with table(server.url) as t:
        await t.begin()
        await t.two.ask("answer", match=t.match, round=1, choice=0)
        t.one.cut()
        away = await t.two.until("seat_changed")
        assert (away["seat"], away["connected"]) == (t.seat(t.one), False)
        assert 0 < away["forfeit_in_ms"] <= 600
        over = await t.two.until("match_over")
        assert (over["outcome"], over["reason"]) == (f"seat_{t.seat(t.two)}", "forfeit")
        assert over["ratings"][t.seat(t.two)]["change"] > 0


async def test_who_comes_back_in_time_plays_on(served: Serve) -> None:
    server = await served(rounds=2)
    async with table(server.url) as t:
        await t.begin()
        t.one.cut()
        assert not (await t.two.until("seat_changed"))["connected"]
        async with connected(server.url, t.ada) as back:
            view = await back.ask("enter", match=t.match)
            assert view["seats"][t.seat(t.one)]["forfeit_in_ms"] is None
            again = await t.two.until("seat_changed")
            assert (again["connected"], again["forfeit_in_ms"]) == (True, None)
            for number in (1, 2):
                for player in (back, t.two):
                    await player.ask("answer", match=t.match, round=number, choice=0)
            assert (await back.until("match_over"))["reason"] == "played"


async def test_with_both_gone_too_long_the_match_is_void(served: Serve) -> None:
    server = await served(forfeit_ms=2_600)
    async with table(server.url) as t, connected(server.url) as watcher:
        await t.begin()
        await watcher.ask("enter", match=t.match)
        await t.one.ask("answer", match=t.match, round=1, choice=0)
        t.one.cut()
        t.two.cut()
        over = await watcher.until("match_over")
        assert (over["outcome"], over["reason"]) == ("aborted", "abandoned")
        assert over["ratings"] is None


async def test_with_both_gone_a_return_forfeits_the_one_who_is_past_his_time(
    served: Serve,
) -> None:
    server = await served(forfeit_ms=5_000, round_ms=60_000)
    async with table(server.url) as t, connected(server.url) as watcher:
        await t.begin()
        await watcher.ask("enter", match=t.match)
        await t.one.ask("answer", match=t.match, round=1, choice=0)
        t.one.cut()
        await watcher.until("seat_changed", connected=False)
        t.two.cut()
        await watcher.until("seat_changed", connected=False, seat=t.seat(t.two))
        async with asyncio.timeout(PATIENCE_S):
            view = await watcher.ask("enter", match=t.match)
            while view["seats"][t.seat(t.one)]["forfeit_in_ms"] > 0:
                await asyncio.sleep(0.01)  # between two looks
                view = await watcher.ask("enter", match=t.match)
        assert view["phase"] == "open"
        async with connected(server.url, t.bob) as back:
            assert back.seen[0]["live_match"] == t.match
            await back.ask("enter", match=t.match)
            over = await watcher.until("match_over")
            assert (over["outcome"], over["reason"]) == (f"seat_{t.seat(t.two)}", "forfeit")


async def no_show(t: Table, watcher: Player) -> Map:
    await watcher.ask("enter", match=t.match)
    over = await watcher.until("match_over", match=t.match)
    assert (over["outcome"], over["reason"], over["ratings"]) == ("aborted", "no_show", None)
    return over


async def test_when_nobody_is_ready_there_is_no_match_and_both_are_charged(served: Serve) -> None:
    server = await served(ready_ms=1_500)
    async with table(server.url) as t, connected(server.url) as watcher:
        for _ in range(2):
            await t.pair()
            await no_show(t, watcher)
        for player in (t.one, t.two):
            refused = await player.ask("seek", deck=DECK)
            assert refused["reason"] == "cooling_down"


async def test_who_did_come_goes_back_to_the_front_of_the_queue(served: Serve) -> None:
    server = await served(ready_ms=600)
    async with table(server.url) as t:
        await t.pair()
        await t.one.ask("enter", match=t.match)
        await t.one.ask("ready", match=t.match)
        over = await t.one.until("match_over", "seeking")
        seeking = await t.one.until("match_over", "seeking")
        if over["type"] == "seeking":
            over, seeking = seeking, over
        assert (over["outcome"], over["reason"]) == ("aborted", "no_show")
        assert seeking["waited_ms"] >= 600
        carl = await sign_up(server.url, "Carl")
        async with connected(server.url, carl) as three:
            await three.ask("seek", deck=DECK)
            assert (await t.one.until("paired"))["opponent"]["name"] == "Carl"
        assert t.two.id is not None
        assert (await t.two.ask("seek", deck=DECK))["type"] == "seeking"


async def test_a_seek_ends_soon_after_its_player_has_gone(served: Serve) -> None:
    server = await served(pair_every_ms=60_000)
    async with table(server.url) as t:
        assert (await t.two.ask("seek", deck=DECK))["waiting"] == 1
        assert (await t.one.ask("seek", deck=DECK))["waiting"] == 2
        await t.two.until("seeking", waiting=2)
        t.one.cut()
        await t.two.until("seeking", waiting=1)
        async with connected(server.url, t.ada) as back:
            assert back.seen[0]["seeking"] is None


FLAGS = {"rounds": 2, "reveal-ms": 0, "countdown-ms": 0, "pair-every-ms": 10, "rate-limit": 0}


def subprocess(home: Path, redis_url: str) -> AbstractContextManager[Server]:
    flags = (f"--{name}={value}" for name, value in FLAGS.items())
    return serving(home, f"--redis-url={redis_url}", *flags)


@pytest.mark.usefixtures("link")
@pytest.mark.parametrize(("how", "code"), [(signal.SIGTERM, 1001), (signal.SIGKILL, 1006)])
async def test_a_server_that_restarts_in_a_round_goes_on_with_the_same_question(
    redis_url: str, tmp_path: Path, how: signal.Signals, code: int
) -> None:
    with subprocess(tmp_path, redis_url) as server:
        async with table(f"http://127.0.0.1:{server.port}") as t:
            await t.begin()
            asked = t.one.last("round_opened")
            await t.one.ask("answer", match=t.match, round=1, choice=2)
            before = await t.one.ask("enter", match=t.match)
            server.process.send_signal(how)
            assert await t.two.until_closed() == code
            assert await t.one.until_closed() == code
            ended = await asyncio.to_thread(server.process.wait)
            assert ended == (0 if how is signal.SIGTERM else -signal.SIGKILL)
    with subprocess(tmp_path, redis_url) as server:
        url = f"http://127.0.0.1:{server.port}"
        async with connected(url, t.ada) as one, connected(url, t.bob) as two:
            for player, choice in ((one, 2), (two, None)):
                assert player.seen[0]["live_match"] == t.match
                view = await player.ask("enter", match=t.match)
                assert question(view) == question(asked)
                assert view["my_choice"] == choice
                assert 0 < view["left_ms"] <= before["left_ms"]
            await two.ask("answer", match=t.match, round=1, choice=1)
            closed = await one.until("round_closed", round=1)
            assert [closed["answers"][t.seat(p)]["choice"] for p in (t.one, t.two)] == [2, 1]
            for player in (one, two):
                await player.until("round_opened", round=2)
            for player in (one, two):
                await player.send("answer", match=t.match, round=2, choice=0)
            over = await one.until("match_over")
            assert over == await two.until("match_over")
            assert over["reason"] == "played"
            assert len(over["ratings"]) == 2


async def test_while_redis_is_gone_answers_are_unavailable_and_then_the_match_goes_on(
    tmp_path: Path,
) -> None:
    embedded = EmbeddedRedis(tmp_path)
    url = await embedded.start()
    server = await serve(quick_settings(url, rounds=2, round_ms=60_000), url)
    try:
        async with table(server.url) as t:
            await t.begin()
            await t.one.ask("answer", match=t.match, round=1, choice=3)
            assert embedded.pid is not None
            os.kill(embedded.pid, signal.SIGSTOP)
            refused = await t.two.ask("answer", match=t.match, round=1, choice=1)
            assert refused["reason"] == "unavailable"
            os.kill(embedded.pid, signal.SIGKILL)
            reply = refused
            async with asyncio.timeout(PATIENCE_S):
                while reply.get("reason") == "unavailable":
                    reply = await t.two.ask("answer", match=t.match, round=1, choice=2)
            # The first try may have been carried out before the end: one of them counts.
            closed = t.two.last("round_closed") if reply["type"] == "refused" else None
            closed = closed or await t.two.until("round_closed", round=1)
            mine = closed["answers"][t.seat(t.two)]["choice"]
            assert mine == reply["choice"]
            assert closed["answers"][t.seat(t.one)]["choice"] == 3
            view = await t.one.ask("enter", match=t.match)
            assert (view["phase"], view["round"]) == ("open", 2)
            for player in (t.one, t.two):
                await player.send("answer", match=t.match, round=2, choice=0)
            over = await t.one.until("match_over")
            assert over == await t.two.until("match_over")
            assert over["reason"] == "played"
    finally:
        await server.stop()
        await embedded.stop()
