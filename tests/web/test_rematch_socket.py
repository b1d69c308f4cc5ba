"""Rematches over real sockets: offered, accepted by offering, declined, and let go."""

import asyncio
from collections.abc import Awaitable, Callable

from tests.support.player import PATIENCE_S, pair
from tests.support.served import Served
from tests.web.offering import hears, link_of, paired, plays, refused, room

Serve = Callable[..., Awaitable[Served]]


async def test_the_second_to_ask_for_a_rematch_accepts_it_with_the_seats_swapped(
    served: Serve,
) -> None:
    server = await served(rounds=2)
    async with room(server.url, "Ada", "Bob") as (ada, bob):
        code = await link_of(ada, rated=False, rounds=5, limit_ms=9_000)
        first = (await bob.ask("accept_challenge", challenge=code))["match"]
        await ada.until("paired")
        assert await refused(ada, "rematch", match=first) == "not_over"
        await plays(first, ada, bob)
        offered = await ada.ask("rematch", match=first)
        assert (offered["kind"], offered["rematch_of"]) == ("rematch", first)
        assert (offered["rated"], offered["rounds"], offered["limit_ms"]) == (False, 5, 9_000)
        assert 0 < offered["expires_in_ms"] <= 30_000
        assert (await ada.ask("rematch", match=first))["challenge"] == offered["challenge"]
        await hears(bob, offered["challenge"], "open")
        taken = await bob.ask("rematch", match=first)
        assert (taken["state"], taken["challenge"]) == ("accepted", offered["challenge"])
        assert (await ada.until("paired"))["seat"] == 1, "he sat in seat 0"
        assert bob.last("paired")["seat"] == 0
        assert (await bob.ask("rematch", match=first))["match"] == taken["match"]


async def test_both_who_ask_for_a_rematch_at_once_are_in_one_match(served: Serve) -> None:
    server = await served(rounds=1)
    async with room(server.url, "Ada", "Bob") as (ada, bob):
        match = await paired(ada, bob)
        for _ in range(10):
            one, two = await asyncio.gather(
                ada.ask("rematch", match=match), bob.ask("rematch", match=match)
            )
            assert one["challenge"] == two["challenge"]
            taken = await hears(ada, one["challenge"], "accepted")
            assert taken["rated"]
            match = taken["match"]
            await plays(match, ada, bob)


async def test_a_rematch_is_for_the_two_who_played(served: Serve) -> None:
    server = await served(rounds=1)
    async with room(server.url, "Ada", "Bob", "Cyd") as (ada, bob, cyd):
        match = await paired(ada, bob)
        assert await refused(cyd, "rematch", match=match) == "not_your_match"
        assert await refused(ada, "rematch", match="none") == "no_such_match"
        code = (await ada.ask("rematch", match=match))["challenge"]
        assert await refused(cyd, "accept_challenge", challenge=code) == "not_your_challenge"
        assert (await bob.ask("decline_challenge", challenge=code))["state"] == "declined"
        await hears(ada, code, "declined")
        assert await refused(ada, "rematch", match=match) == "challenge_over", "he said no"
        again = await bob.ask("rematch", match=match)
        assert (again["state"], again["by"]["id"]) == ("open", bob.id), "and may ask himself"


async def test_an_offer_of_a_rematch_ends_when_either_begins_another_match(served: Serve) -> None:
    server = await served(rounds=1)
    async with room(server.url, "Ada", "Bob", "Cyd") as (ada, bob, cyd):
        match = await paired(ada, bob)
        code = (await ada.ask("rematch", match=match))["challenge"]
        await pair(bob, cyd)
        for player in (ada, bob):
            await hears(player, code, "withdrawn")
        assert await refused(ada, "rematch", match=match) == "opponent_busy"


async def test_who_has_left_is_offered_no_rematch(served: Serve) -> None:
    server = await served(rounds=1)
    async with room(server.url, "Ada") as (ada,):
        async with room(server.url, "Bob") as (bob,):
            match = await paired(ada, bob)
        async with asyncio.timeout(PATIENCE_S):
            while (reply := await ada.ask("rematch", match=match))["type"] != "refused":
                await ada.ask("withdraw_challenge", challenge=reply["challenge"])
        assert reply["reason"] == "not_online"
