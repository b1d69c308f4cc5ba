"""The lobby and spectators over real sockets: who is here, what is played, nothing too early."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from itertools import pairwise

import pytest

from server.wire.codec import SubProtocol
from tests.support.player import DECK, PATIENCE_S, Map, Player, connected, get, in_round, sign_up
from tests.support.served import Served
from tests.web.table import Table, table

Serve = Callable[..., Awaitable[Served]]
ROUNDS = 4
OFF_THE_LIST_S = 6.0


async def lobby_where(watcher: Player, so: Callable[[Map], bool], since: int = 0) -> Map:
    """The first lobby heard of which something is true, after so many messages."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            for message in watcher.seen[since:]:
                if message["type"] == "lobby" and so(message):
                    return message
            await watcher.receive()


def told(player: Player) -> list[bytes]:
    """What a socket was sent unasked, save a player's own answers: byte for byte."""
    return [
        frame
        for message, frame in zip(player.seen, player.raw, strict=True)
        if "ref" not in message
        and not (message["type"] == "answer_taken" and "choice" in message)
        and message["type"] not in ("welcome", "paired", "seeking")
    ]


async def test_a_watched_lobby_tells_who_comes_what_they_play_and_who_goes(served: Serve) -> None:
    server, elsewhere = await served(rounds=2), await served(rounds=2)
    async with connected(elsewhere.url) as watcher:
        first = await watcher.ask("watch_lobby", deck=DECK)
        assert (first["online"], first["players"], first["matches"]) == (0, [], [])
        async with table(server.url) as t:
            here = await lobby_where(watcher, lambda lobby: lobby["online"] == 2)
            assert {player["name"] for player in here["players"]} == {"Ada", "Bob"}
            assert here["matches"] == []
            await t.begin()
            live = await lobby_where(watcher, lambda lobby: len(lobby["matches"]) == 1)
            (match,) = live["matches"]
            assert (match["match"], match["rounds"], match["totals"]) == (t.match, 2, [0, 0])
            assert {player["playing"] for player in live["players"]} == {t.match}
            since = len(watcher.seen)
            await t.play_out()
            over = await lobby_where(watcher, lambda lobby: lobby["matches"] == [], since)
            assert {player["playing"] for player in over["players"]} == {None}
            left_at = time.monotonic()
            await t.two.close()
            await lobby_where(
                watcher, lambda lobby: [p["name"] for p in lobby["players"]] == ["Ada"]
            )
            assert time.monotonic() - left_at < OFF_THE_LIST_S
        lobbies = [message for message in watcher.seen[2:] if message["type"] == "lobby"]
        assert all(one != two for one, two in pairwise(lobbies))


async def test_a_lobby_of_no_deck_is_refused_and_one_given_up_is_not_sent(served: Serve) -> None:
    server = await served()
    async with connected(server.url) as watcher:
        for command in ("watch_lobby", "unwatch_lobby"):
            refused = await watcher.ask(command, deck="nothing")
            assert (refused["type"], refused["reason"]) == ("refused", "no_such_deck")
        await watcher.ask("watch_lobby", deck=DECK)
        assert (await watcher.ask("unwatch_lobby", deck=DECK))["type"] == "done"
        async with connected(server.url) as other, table(server.url):
            await other.ask("watch_lobby", deck=DECK)
            await lobby_where(other, lambda lobby: lobby["online"] == 2)
            await watcher.settled()
        assert len([m for m in watcher.seen if m["type"] == "lobby"]) == 1


async def test_a_watched_player_is_told_of_across_servers(served: Serve) -> None:
    server, elsewhere = await served(), await served()
    ada = await sign_up(server.url, "Ada")
    async with connected(elsewhere.url) as watcher:
        now = await watcher.ask("watch_player", player=ada["id"])
        assert (now["online"], now["playing"]) == (False, None)
        async with connected(server.url, ada):
            assert (await watcher.until("presence"))["online"]
            stranger = await watcher.ask("watch_player", player="nobody")
            assert not stranger["online"]
        left_at = time.monotonic()
        assert not (await watcher.until("presence"))["online"]
        assert time.monotonic() - left_at < OFF_THE_LIST_S


async def spectators(stack: AsyncExitStack, t: Table, protocol: SubProtocol) -> list[Player]:
    """Somebody signed in, nobody, and Ada herself in a private window; all in the match."""
    cas = await sign_up(t.url, "Cas")
    found = [
        await stack.enter_async_context(connected(t.url, account, protocol))
        for account in (cas, None, None)
    ]
    for player in found:
        view = await player.ask("enter", match=t.match)
        assert view["seat"] is None
    return found


@pytest.mark.parametrize("protocol", SubProtocol)
async def test_a_spectator_gets_byte_for_byte_what_a_player_gets_who_has_not_answered(
    served: Serve, protocol: SubProtocol
) -> None:
    server = await served(rounds=ROUNDS)
    async with AsyncExitStack() as stack:
        t = await stack.enter_async_context(table(server.url, protocol))
        await t.pair()
        for player in (t.one, t.two):
            await player.ask("enter", match=t.match)
        watching = await spectators(stack, t, protocol)
        await t.two.until("watchers", watchers=3)
        for player in watching:
            await player.until("watchers", watchers=3)
        begun = {player: len(told(player)) for player in (t.two, *watching)}
        for player in (t.one, t.two):
            await player.ask("ready", match=t.match)
        for number in range(1, ROUNDS + 1):
            for player in (t.two, *watching):
                await in_round(player, t.match, number)
            taken = await t.one.ask("answer", match=t.match, round=number, choice=number % 4)
            assert taken["choice"] == number % 4
            own = await t.two.ask("enter", match=t.match)
            frames = told(t.two)[begun[t.two] :]
            news = next(m for m in reversed(t.two.seen) if m["type"] == "answer_taken")
            assert (news["round"], news["seat"]) == (number, t.seat(t.one))
            for player in watching:
                view = await player.ask("enter", match=t.match)
                assert told(player)[begun[player] :] == frames
                assert view["my_choice"] is None
                for key in ("closed", "seats", "prompt", "choices", "round", "watchers"):
                    assert view[key] == own[key]
                assert [closed["round"] for closed in view["closed"]] == list(range(1, number))
            await t.two.ask("answer", match=t.match, round=number, choice=0)
            for player in (t.two, *watching):
                await player.until("round_closed", match=t.match, round=number)
        over = [await player.until("match_over") for player in (t.two, *watching)]
        assert all(result == over[0] for result in over)
        assert len({tuple(told(player)[begun[player] :]) for player in (t.two, *watching)}) == 1


async def test_a_lobby_says_nothing_of_a_round_before_it_closes(served: Serve) -> None:
    server = await served(rounds=2, reveal_ms=60_000)
    async with table(server.url) as t, connected(server.url) as watcher:
        await t.begin()
        await watcher.ask("watch_lobby", deck=DECK)
        deck_right = await right_choice(t)
        await t.one.ask("answer", match=t.match, round=1, choice=deck_right)
        async with connected(server.url) as fresh:
            before = await fresh.ask("watch_lobby", deck=DECK)
            assert before["matches"] == watcher.last("lobby")["matches"]
            assert (before["matches"][0]["round"], before["matches"][0]["totals"]) == (1, [0, 0])
        await t.two.ask("answer", match=t.match, round=1, choice=(deck_right + 1) % 4)
        after = await lobby_where(watcher, lambda lobby: lobby["matches"][0]["totals"] != [0, 0])
        assert after["matches"][0]["totals"][1 - t.seat(t.one)] == 0
        assert after["matches"][0]["totals"][t.seat(t.one)] > 500


async def right_choice(t: Table) -> int:
    """The right choice of the open round, by the deck."""
    deck = await get(f"{t.url}/api/decks/{DECK}")
    right = {card["prompt"]: card["answer"] for card in deck["cards"]}
    question = t.one.last("round_opened")
    choices: list[str] = question["choices"]
    return choices.index(right[question["prompt"]])


async def test_a_spectator_cannot_answer_and_a_player_elsewhere_has_his_seat(
    served: Serve,
) -> None:
    server = await served(rounds=2)
    async with AsyncExitStack() as stack:
        t = await stack.enter_async_context(table(server.url))
        await t.begin()
        cas, nobody, _ = await spectators(stack, t, SubProtocol.JSON)
        for player, reason in ((cas, "not_your_match"), (nobody, "not_signed_in")):
            for command, keys in (("answer", {"round": 1, "choice": 0}), ("resign", {})):
                refused = await player.ask(command, match=t.match, **keys)
                assert (refused["type"], refused["reason"]) == ("refused", reason)
        told_of = await t.one.until("watchers", watchers=3)
        assert told_of["match"] == t.match
        async with connected(server.url, t.ada) as phone:
            view = await phone.ask("enter", match=t.match)
            assert (view["seat"], view["watchers"]) == (t.seat(t.one), 3)
        await nobody.close()
        assert (await t.two.until("watchers", watchers=2))["match"] == t.match
