"""Practice opponents on a real server: they play as any bot does, as many matches as are wanted."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from server.core.ids import PlayerId
from server.core.practice import CHARACTERS, Character
from server.practice.line import MOST_MATCHES
from tests.practice.sparring import (
    QUICKEST,
    SLOWEST,
    begin,
    challenge,
    choices,
    practise,
    seat_of,
    thoughts,
)
from tests.support.player import DECK, Player, connected, get, play_out, sign_up
from tests.support.served import Served
from tests.support.until import until

Serve = Callable[..., Awaitable[Served]]
LIMIT_MS = 600
LATE_MS = 400


@pytest.fixture
def practised(served: Serve) -> Serve:
    """`await practised(rounds=2, …)`: a server on which the practice opponents are there."""

    async def start(**flags: int | str) -> Served:
        server = await served(**{"round_ms": LIMIT_MS, **flags})
        server.app.practise(server.url)
        for character in CHARACTERS:
            await sockets_of(server, character, 1)
        return server

    return start


async def sockets_of(server: Served, character: Character, wanted: int) -> None:
    """Wait until a character has so many sockets."""
    presence = server.app._services.presence
    await until(lambda: len(list(presence.of(PlayerId(character.id)))) == wanted)


@pytest.mark.parametrize("character", CHARACTERS, ids=lambda character: character.name)
async def test_a_character_answers_what_it_thinks_and_no_sooner(
    practised: Serve, character: Character
) -> None:
    limit_ms = 900
    server = await practised(rounds=6, round_ms=limit_ms)
    async with connected(server.url, await sign_up(server.url, "Ada")) as ada:
        match = (await practise(ada, character))["match"]
    record = await get(f"{server.url}/api/matches/{match}")
    seat = seat_of(record, character.id)
    for thought, round_ in zip(
        thoughts(record, character, limit_ms), record["rounds"], strict=True
    ):
        answer = round_["answers"][seat]
        if answer is None:
            # What it wanted to say at the last moment may come too late on a busy machine.
            assert thought.choice is None or thought.after_ms > limit_ms - LATE_MS
        else:
            assert answer["choice"] == thought.choice
            # It counts from when it hears the question, the server from when it sends it.
            assert thought.after_ms - 5 <= answer["elapsed_ms"] + answer["credit_ms"] < limit_ms


async def test_a_match_with_a_character_is_unrated_and_says_what_it_resembles(
    practised: Serve,
) -> None:
    server = await practised(rounds=2)
    async with connected(server.url, await sign_up(server.url, "Ada")) as ada:
        over = await practise(ada, SLOWEST)
        paired = ada.last("paired")
    assert (paired["rated"], paired["unrated_because"], paired["stake"]) == (False, "bot", None)
    opponent = paired["opponent"]
    assert (opponent["id"], opponent["name"]) == (SLOWEST.id, SLOWEST.name)
    assert (opponent["rating"], opponent["provisional"]) == (1000, False)
    assert (opponent["bot"], opponent["practice"]) == (True, True)
    assert over["ratings"] is None
    assert 800 < over["resembles"] < 1200
    board = await get(f"{server.url}/api/decks/{DECK}/leaderboard?around={SLOWEST.id}")
    assert (board["rated_players"], board["top"], board["around"]) == (0, [], [])


async def test_a_rematch_is_taken_up_at_once(practised: Serve) -> None:
    server = await practised(rounds=1)
    async with connected(server.url, await sign_up(server.url, "Ada")) as ada:
        first = (await practise(ada, QUICKEST))["match"]
        await ada.ask("rematch", match=first)
        again = (await ada.until("paired"))["match"]
        assert again != first
        await begin(ada, again)
        assert (await play_out(ada, again))["reason"] == "played"


async def test_a_challenge_sets_the_rounds_and_the_seconds(practised: Serve) -> None:
    server = await practised()
    async with connected(server.url, await sign_up(server.url, "Ada")) as ada:
        match = await challenge(ada, QUICKEST, rounds=5, limit_ms=5_000)
        view = await ada.ask("enter", match=match)
        assert (view["rounds"], view["limit_ms"]) == (5, 5_000)


async def test_a_character_plays_more_matches_than_one_socket_can_follow(
    practised: Serve,
) -> None:
    server = await practised(rounds=1, round_ms=20_000, ready_ms=60_000)
    names = [f"Ada {number}" for number in range(MOST_MATCHES + 3)]
    async with AsyncExitStack() as stack:
        players: list[Player] = []
        for name in names:
            account = await sign_up(server.url, name)
            players.append(await stack.enter_async_context(connected(server.url, account)))
        matches = [await challenge(player, QUICKEST) for player in players]
        await sockets_of(server, QUICKEST, 2)
        await asyncio.gather(*map(begin, players, matches))
        overs = await asyncio.gather(*map(play_out, players, matches))
        assert {over["reason"] for over in overs} == {"played"}
        await sockets_of(server, QUICKEST, 1)
        assert (await practise(players[0], QUICKEST))["reason"] == "played"


async def test_a_character_with_many_matches_keeps_to_the_rate_limit(practised: Serve) -> None:
    server = await practised(rounds=2, round_ms=8_000, ready_ms=60_000, rate_limit=10)
    async with AsyncExitStack() as stack:
        players: list[Player] = []
        for number in range(12):
            account = await sign_up(server.url, f"Ada {number}")
            players.append(await stack.enter_async_context(connected(server.url, account)))
        matches = await asyncio.gather(*(challenge(player, QUICKEST) for player in players))
        await asyncio.gather(*map(begin, players, matches))
        overs = await asyncio.gather(*map(play_out, players, matches))
        assert {over["reason"] for over in overs} == {"played"}
    assert await refusals(server) == {}


async def refusals(server: Served) -> dict[str, float]:
    """How often the server has refused, by reason."""
    async with aiohttp.ClientSession() as http, http.get(f"{server.url}/metrics") as answer:
        families = text_string_to_metric_families(await answer.text())
    return {
        sample.labels["reason"]: sample.value
        for family in families
        for sample in family.samples
        if sample.name == "deckduel_refusals_total" and sample.value
    }


async def test_a_character_that_loses_its_connection_goes_on_with_its_match(
    practised: Serve,
) -> None:
    server = await practised(rounds=2, round_ms=6_000)
    async with connected(server.url, await sign_up(server.url, "Ada")) as ada:
        match = await challenge(ada, SLOWEST)
        await begin(ada, match)
        for listener in server.app._services.presence.of(PlayerId(SLOWEST.id)):
            listener._transport.abort()  # type: ignore[attr-defined]
        assert (await play_out(ada, match))["reason"] == "played"
    record = await get(f"{server.url}/api/matches/{match}")
    wanted = [thought.choice for thought in thoughts(record, SLOWEST, 6_000)]
    assert choices(record, SLOWEST.id) == wanted


async def test_a_character_never_seeks_and_its_name_is_nobodys(practised: Serve) -> None:
    server = await practised()
    token = await server.app._services.character_token(PlayerId(QUICKEST.id))
    account = {"id": QUICKEST.id, "name": QUICKEST.name, "token": token}
    async with connected(server.url, account) as owl:
        assert (await owl.ask("seek", deck=DECK, rated=False))["type"] == "refused"
    async with (
        aiohttp.ClientSession() as http,
        http.post(f"{server.url}/api/players", json={"name": "old owl"}) as answer,
    ):
        assert answer.status == 409


async def test_a_server_that_stops_takes_its_characters_with_it(practised: Serve) -> None:
    server = await practised()
    await server.stop()
    assert not [task for task in asyncio.all_tasks() if task.get_name() == "practice"]
