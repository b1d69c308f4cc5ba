"""Nobody gets the right choice before its round closes: not in a frame, a body or a log line."""

import json
import logging
import re
from collections.abc import Awaitable, Callable

import aiohttp
import pytest

from server.wire.codec import SubProtocol
from tests.support.player import DECK, connected, in_round
from tests.support.served import Served
from tests.web.table import Table, table

Serve = Callable[..., Awaitable[Served]]
ROUNDS = 4
KEY = re.compile(rb'"correct"|\xa7correct')
"""The name of the right choice in JSON and in MessagePack: some cards have the word, too."""


async def bodies(t: Table) -> list[bytes]:
    """Everything that anybody can fetch about the match and its players."""
    paths = [
        f"/matches/{t.match}",
        f"/api/matches/{t.match}",
        f"/api/players/{t.ada['id']}",
        f"/api/players/{t.ada['id']}/matches",
        f"/api/decks/{DECK}/leaderboard",
        "/metrics",
    ]
    found = []
    async with aiohttp.ClientSession(t.url) as client:
        for path in paths:
            async with client.get(path, headers={"Authorization": t.ada["token"]}) as answer:
                assert answer.status == 200
                found.append(await answer.read())
    return found


def told_of(value: object) -> set[int]:
    """The rounds of a match whose right choice a decoded value holds, at any depth."""
    if isinstance(value, list):
        return set().union(*(told_of(inner) for inner in value))
    if not isinstance(value, dict):
        return set()
    here = {value["round"]} if "correct" in value or "explanation" in value else set()
    return here.union(*(told_of(inner) for inner in value.values()))


@pytest.mark.parametrize("protocol", SubProtocol)
async def test_nothing_sent_served_or_logged_tells_the_right_choice_of_an_open_round(
    served: Serve, protocol: SubProtocol, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server = await served(rounds=ROUNDS)
    told: dict[int, bytes] = {}
    async with table(server.url, protocol) as t, connected(server.url, None, protocol) as watcher:
        everybody = [t.one, t.two, watcher]
        await t.pair()
        await watcher.ask("enter", match=t.match)
        for player in (t.one, t.two):
            await player.ask("enter", match=t.match)
            await player.ask("ready", match=t.match)
        for number in range(1, ROUNDS + 1):
            for player in everybody:
                await in_round(player, t.match, number)
            await t.one.ask("answer", match=t.match, round=number, choice=number % 4)
            await t.one.ask("answer", match=t.match, round=number, choice=0)
            for player in everybody:
                await player.ask("enter", match=t.match)
            async with connected(server.url, t.bob, protocol) as tab:
                await tab.ask("enter", match=t.match)
                heard = [message for player in (*everybody, tab) for message in player.seen]
                frames = [frame for player in (*everybody, tab) for frame in player.raw]
            served_now = await bodies(t)
            read = [json.loads(body) for body in served_now if body.startswith((b"{", b"["))]
            assert told_of([*heard, *read]) == set(range(1, number))
            lines = [f"{record.getMessage()} {record.args}" for record in caplog.records]
            told[number] = b"\n".join([*frames, *served_now, "\n".join(lines).encode()])
            await t.two.send("answer", match=t.match, round=number, choice=0)
        await t.one.until("match_over")
        record = await t.record()
    assert len(told) == len(record["rounds"]) == ROUNDS
    assert not KEY.search(told[1])
    for round_ in record["rounds"]:
        assert round_["explanation"]  # it names the right answer
        for number, everything in told.items():
            if number <= round_["round"]:
                assert round_["explanation"].encode() not in everything
                assert json.dumps(round_["explanation"]).encode() not in everything


async def test_the_choices_do_not_stand_in_the_order_of_the_deck(served: Serve) -> None:
    server = await served(rounds=20)
    async with table(server.url) as t:
        await t.begin()
        await t.play_out()
        right = [round_["correct"] for round_ in (await t.record())["rounds"]]
        assert len(right) == 20
        assert len(set(right)) > 1


async def test_a_round_that_was_cut_short_is_shown_only_in_the_record(served: Serve) -> None:
    server = await served(rounds=3)
    async with table(server.url) as t:
        await t.begin()
        await t.one.ask("answer", match=t.match, round=1, choice=0)
        await t.two.ask("resign", match=t.match)
        for player in (t.one, t.two):
            await player.until("match_over")
            view = await player.ask("enter", match=t.match)
            assert view["closed"] == []
            assert b"correct" not in b"".join(player.raw)
        assert [round_["round"] for round_ in (await t.record())["rounds"]] == [1]
