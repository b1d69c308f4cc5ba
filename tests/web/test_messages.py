"""Every message of the contract, in both encodings, over real sockets."""

import json
from collections.abc import Awaitable, Callable
from typing import get_args

import aiohttp
import msgspec
import pytest

from server.wire.codec import SubProtocol
from server.wire.messages import ServerMessage
from tests.support.player import DECK, PATIENCE_S, Player, connected, pair, sign_up
from tests.support.served import Served
from tests.web.table import table

Serve = Callable[..., Awaitable[Served]]
KINDS = {str(kind.__struct_config__.tag): kind for kind in get_args(ServerMessage)}


def assert_in_the_contract(player: Player) -> None:
    """Every message seen is one of the contract, with all its keys and no other."""
    for message in player.seen:
        kind = KINDS[message["type"]]
        again = json.loads(msgspec.json.encode(msgspec.convert(message, kind)))
        assert again == message


@pytest.mark.parametrize("protocol", SubProtocol)
async def test_a_match_from_the_welcome_to_the_ladder_says_every_message(
    served: Serve, protocol: SubProtocol
) -> None:
    server = await served(rounds=2, reveal_ms=10, countdown_ms=10)
    async with table(server.url, protocol) as t, connected(server.url, None, protocol) as watcher:
        assert (await watcher.ask("watch_ladder", deck=DECK))["top"] == []
        assert (await watcher.ask("watch_lobby", deck=DECK))["type"] == "lobby"
        assert (await watcher.ask("watch_player", player=t.ada["id"]))["online"]
        code = (await t.one.ask("challenge", deck=DECK, to=None))["challenge"]
        assert (await watcher.ask("watch_challenge", challenge=code))["state"] == "open"
        assert (await t.one.ask("withdraw_challenge", challenge=code))["state"] == "withdrawn"
        for kind, key, watched in (
            ("challenge", "challenge", code),
            ("lobby", "deck", DECK),
            ("player", "player", t.ada["id"]),
        ):
            assert (await watcher.ask(f"unwatch_{kind}", **{key: watched}))["type"] == "done"
        assert (await t.one.ask("seek", deck=DECK))["waiting"] == 1
        assert (await t.one.ask("cancel_seek"))["type"] == "seek_cancelled"
        await t.pair()
        assert (await watcher.ask("enter", match=t.match))["seat"] is None
        for player in (t.one, t.two):
            assert (await player.ask("enter", match=t.match))["seat"] == t.seat(player)
            assert (await player.ask("ready", match=t.match))["type"] == "done"
        for player in (t.one, t.two):
            await player.until("round_opened")
        await watcher.ask("leave", match=t.match)
        for player in (t.one, t.two):
            await player.until("watchers", watchers=0)
        assert (await watcher.ask("enter", match=t.match))["phase"] == "open"
        await t.one.ask("answer", match=t.match, round=1, choice=0)
        again = await t.one.ask("answer", match=t.match, round=1, choice=1)
        assert again["reason"] == "already_answered"
        await t.two.ask("answer", match=t.match, round=1, choice=0)
        for player in (t.one, t.two):
            await player.until("round_opened", round=2)
        over = await t.play_out()
        assert await watcher.until("match_over") == over
        await watcher.until("ladder")
        assert (await watcher.ask("unwatch_ladder", deck=DECK))["type"] == "done"
        assert (await watcher.ask("leave", match=t.match))["type"] == "done"
        assert (await watcher.ask("ping", t=1.5))["t"] == 1.5
    said = set[str]()
    for player in (t.one, t.two, watcher):
        assert_in_the_contract(player)
        said |= {message["type"] for message in player.seen}
    assert said == set(KINDS) - {"storage"}  # that one in test_outage.py


@pytest.mark.parametrize("protocol", SubProtocol)
async def test_the_welcome_says_who_is_signed_in(served: Serve, protocol: SubProtocol) -> None:
    server = await served()
    ada = await sign_up(server.url, "Ada")
    async with (
        connected(server.url, ada, protocol) as player,
        connected(server.url, None, protocol) as visitor,
    ):
        welcome = player.seen[0]
        assert welcome["player"] == {"id": ada["id"], "name": "Ada"}
        assert (welcome["live_match"], welcome["seeking"]) == (None, None)
        assert visitor.seen[0]["player"] is None


@pytest.mark.parametrize("ref", ["", "a ref", 0, -1, 2**63 - 1])
@pytest.mark.parametrize("protocol", SubProtocol)
async def test_the_reply_and_the_refusal_carry_the_ref_back(
    served: Serve, protocol: SubProtocol, ref: str | int
) -> None:
    server = await served()
    async with connected(server.url, None, protocol) as player:
        await player.send("ping", t=7, ref=ref)
        assert await player.receive() == {"type": "pong", "t": 7, "ref": ref}
        await player.send("seek", deck=DECK, ref=ref)
        refused = await player.receive()
        assert (refused["reason"], refused["ref"]) == ("not_signed_in", ref)


async def test_without_a_ref_a_reply_has_none_and_commands_are_not_acknowledged(
    served: Serve,
) -> None:
    server = await served()
    async with table(server.url) as t:
        await t.pair()
        await t.one.ask("enter", match=t.match)
        seen = len(t.one.seen)
        await t.one.send("unwatch_ladder", deck=DECK)
        await t.one.send("leave", match=t.match)
        await t.one.send("ping", t=1)
        assert await t.one.until("pong") == {"type": "pong", "t": 1}
        assert "done" not in {message["type"] for message in t.one.seen[seen:]}


async def test_a_socket_without_a_sub_protocol_speaks_json(served: Serve) -> None:
    server = await served()
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"{server.url}/ws") as socket,
    ):
        assert (await socket.receive_json(timeout=PATIENCE_S))["type"] == "welcome"
        await socket.send_str('{"type": "ping", "t": 1}')
        assert await socket.receive_json(timeout=PATIENCE_S) == {"type": "pong", "t": 1}


async def test_of_several_sub_protocols_one_we_know_is_chosen(served: Serve) -> None:
    server = await served()
    offered = ("something.else", SubProtocol.JSON)
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"{server.url}/ws", protocols=offered) as socket,
    ):
        assert socket.protocol == SubProtocol.JSON


@pytest.mark.filterwarnings("ignore")
async def test_a_socket_that_asks_for_an_unknown_sub_protocol_speaks_json(served: Serve) -> None:
    server = await served()
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"{server.url}/ws", protocols=("something.else",)) as socket,
    ):
        assert socket.protocol is None
        assert (await socket.receive_json(timeout=PATIENCE_S))["type"] == "welcome"


async def test_a_seek_that_still_stands_is_in_the_welcome(served: Serve) -> None:
    server = await served()
    ada = await sign_up(server.url, "Ada")
    async with connected(server.url, ada) as first:
        await first.ask("seek", deck=DECK, rated=False)
        async with connected(server.url, ada) as second:
            seeking = second.seen[0]["seeking"]
            assert (seeking["deck"], seeking["rated"]) == (DECK, False)
            assert (await second.ask("cancel_seek"))["type"] == "seek_cancelled"
        async with connected(server.url, ada) as third:
            assert third.seen[0]["seeking"] is None


async def test_every_socket_of_a_player_hears_of_the_pairing(served: Serve) -> None:
    server = await served()
    async with table(server.url) as t, connected(server.url, t.ada, SubProtocol.JSON) as tab:
        match = await pair(t.one, t.two)
        heard = await tab.until("paired")
        assert heard == t.one.last("paired")
        assert heard["match"] == match
        assert heard["opponent"]["id"] == t.bob["id"]
        assert {heard["seat"], t.two.last("paired")["seat"]} == {0, 1}


async def test_who_waits_hears_when_more_wait(served: Serve) -> None:
    server = await served(pair_every_ms=60_000)
    ada, bob = await sign_up(server.url, "Ada"), await sign_up(server.url, "Bob")
    async with connected(server.url, ada) as one:
        assert (await one.ask("seek", deck=DECK))["waiting"] == 1
        # The first pass runs at once and finds nobody; the next one is a minute away.
        async with connected(server.url, bob) as two:
            assert (await two.ask("seek", deck=DECK))["waiting"] == 2
            assert (await one.until("seeking", "paired"))["waiting"] == 2
