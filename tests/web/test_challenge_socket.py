"""Challenges over real sockets: by a link, and to one player."""

import asyncio
from collections.abc import Awaitable, Callable

import aiohttp
import pytest

from server.core.challenge import Kind
from server.core.ids import PlayerId
from server.store.keys import LadderKeys
from server.store.link import Link
from tests.support.player import DECK, connected, get, pair, sign_up
from tests.support.served import Served
from tests.web.offering import direct, hears, link_of, plays, refused, room
from tests.wire.protocol_page import examples

Serve = Callable[..., Awaitable[Served]]
NO_CODE = "AAAAAA"


async def test_a_link_that_is_accepted_takes_both_to_the_match(served: Serve) -> None:
    server = await served(rounds=2)
    async with room(server.url, "Ada", "Bob") as (ada, bob):
        code = await link_of(ada, rated=True)
        assert ada.last("challenge_changed")["stake"] is None, "nobody knows yet against whom"
        seen = await bob.ask("watch_challenge", challenge=code)
        assert (seen["kind"], seen["state"], seen["to"]) == ("link", "open", None)
        assert seen["stake"] == {"win": 20, "draw": 0, "loss": -20}
        assert (seen["here"], seen["k_share"], seen["unrated_because"]) == (True, 1, None)
        assert 0 < seen["expires_in_ms"] <= 24 * 3600 * 1000
        taken = await bob.ask("accept_challenge", challenge=code)
        assert (taken["state"], taken["to"]["id"]) == ("accepted", bob.id)
        assert taken["expires_in_ms"] == 0
        told = await hears(ada, code, "accepted")
        assert (told["match"], told["stake"]["win"]) == (taken["match"], 20)
        assert (ada.last("paired")["seat"], bob.last("paired")["seat"]) == (0, 1)
        assert ada.last("paired")["match"] == taken["match"]
        over = await plays(taken["match"], ada, bob)
        assert over["ratings"] is not None


async def test_a_casual_link_is_played_by_its_own_rounds_and_seconds(served: Serve) -> None:
    server = await served(rounds=2)
    async with room(server.url, "Ada", "Bob") as (ada, bob):
        code = await link_of(ada, rated=False, rounds=5, limit_ms=7_000)
        taken = await bob.ask("accept_challenge", challenge=code)
        assert (taken["rated"], taken["unrated_because"], taken["stake"]) == (False, "casual", None)
        assert (taken["rounds"], taken["limit_ms"], taken["k_share"]) == (5, 7_000, 0)
        entered = await bob.ask("enter", match=taken["match"])
        assert (entered["rounds"], entered["limit_ms"], entered["rated"]) == (5, 7_000, False)


async def test_a_rated_challenge_has_no_limits_of_its_own(served: Serve) -> None:
    server = await served()
    async with room(server.url, "Ada") as (ada,):
        asked = {"deck": DECK, "to": None, "rated": True}
        assert await refused(ada, "challenge", **asked, rounds=5) == "rated_limits"
        assert await refused(ada, "challenge", **asked, limit_ms=5_000) == "rated_limits"
        await link_of(ada, rated=True)


async def test_two_who_accept_at_once_make_one_match(served: Serve) -> None:
    server = await served()
    async with room(server.url, "Ada", "Bob", "Cyd") as (ada, bob, cyd):
        for _ in range(30):
            code = await link_of(ada, rated=False)
            replies = await asyncio.gather(
                bob.ask("accept_challenge", challenge=code),
                cyd.ask("accept_challenge", challenge=code),
            )
            (taken,) = [reply for reply in replies if reply["type"] == "challenge_changed"]
            (other,) = [reply for reply in replies if reply["type"] == "refused"]
            assert other["reason"] == "challenge_over"
            match = taken["match"]
            assert (await ada.until("paired"))["match"] == match
            winner, loser = (bob, cyd) if taken["to"]["id"] == bob.id else (cyd, bob)
            assert (await loser.ask("seek", deck=DECK))["type"] == "seeking", "nobody holds him"
            assert (await loser.ask("cancel_seek"))["type"] == "seek_cancelled"
            await winner.ask("enter", match=match)
            assert (await winner.ask("resign", match=match))["type"] == "done"
            await winner.until("match_over", match=match)


async def test_to_accept_twice_is_to_accept_once(served: Serve) -> None:
    server = await served()
    bob_again = await sign_up(server.url, "Bob")
    async with (
        room(server.url, "Ada") as (ada,),
        connected(server.url, bob_again) as bob,
        connected(server.url, bob_again) as tab,
    ):
        code = await link_of(ada)
        first, second = await asyncio.gather(
            bob.ask("accept_challenge", challenge=code), tab.ask("accept_challenge", challenge=code)
        )
        assert first["match"] == second["match"] is not None
        assert (await bob.ask("accept_challenge", challenge=code))["match"] == first["match"]


async def test_each_refusal_of_a_link_says_its_reason(served: Serve) -> None:
    server = await served()
    async with room(server.url, "Ada", "Bob", "Cyd") as (ada, bob, cyd):
        own = await link_of(ada)
        for does in ("accept_challenge", "decline_challenge"):
            assert await refused(ada, does, challenge=own) == "own_challenge"
        for does in ("withdraw_challenge", "decline_challenge"):
            assert await refused(bob, does, challenge=own) == "not_your_challenge"
        assert (await ada.ask("withdraw_challenge", challenge=own))["state"] == "withdrawn"
        for player, does in ((bob, "accept_challenge"), (ada, "withdraw_challenge")):
            assert await refused(player, does, challenge=own) == "challenge_over"
        taken = await link_of(ada)
        assert (await bob.ask("accept_challenge", challenge=taken))["state"] == "accepted"
        for player, does in ((cyd, "accept_challenge"), (ada, "withdraw_challenge")):
            assert await refused(player, does, challenge=taken) == "challenge_over"
        for does in ("accept", "decline", "withdraw", "watch"):
            assert await refused(bob, f"{does}_challenge", challenge=NO_CODE) == "no_such_challenge"
        assert await refused(bob, "accept_challenge", challenge="") == "no_such_challenge"
        assert await refused(bob, "challenge", deck="none", to=None) == "no_such_deck"
    async with connected(server.url, None) as visitor:
        assert (await visitor.ask("watch_challenge", challenge=taken))["state"] == "accepted"
        assert await refused(visitor, "accept_challenge", challenge=taken) == "not_signed_in"


async def test_a_code_is_read_as_it_is_said(served: Serve) -> None:
    server = await served()
    async with room(server.url, "Ada", "Bob") as (ada, bob):
        code = await link_of(ada)
        for said in (code.lower(), f"{code[:3]} {code[3:]}", f" {code[:2]}-{code[2:]} "):
            assert (await bob.ask("watch_challenge", challenge=said))["challenge"] == code
            assert (await bob.ask("unwatch_challenge", challenge=said))["type"] == "done"
        taken = await bob.ask("accept_challenge", challenge=f"{code[:3]}-{code[3:]}".lower())
        assert taken["state"] == "accepted"


async def test_an_offer_to_one_player_is_told_to_every_socket_of_both(served: Serve) -> None:
    server = await served()
    bob_again = await sign_up(server.url, "Bob")
    async with (
        room(server.url, "Ada", "Cyd") as (ada, cyd),
        connected(server.url, bob_again) as bob,
        connected(server.url, bob_again) as tab,
    ):
        code = (await direct(ada, bob))["challenge"]
        for socket in (bob, tab):
            told = await hears(socket, code, "open")
            assert (told["kind"], told["to"]["id"], told["by"]["id"]) == ("direct", bob.id, ada.id)
            assert told["stake"] == {"win": 20, "draw": 0, "loss": -20}
            assert 0 < told["expires_in_ms"] <= 60_000
        assert await refused(cyd, "accept_challenge", challenge=code) == "not_your_challenge"
        assert await refused(cyd, "decline_challenge", challenge=code) == "not_your_challenge"
        assert (await cyd.ask("watch_challenge", challenge=code))["stake"] is None
        assert (await tab.ask("decline_challenge", challenge=code))["state"] == "declined"
        for socket in (ada, bob, cyd):
            await hears(socket, code, "declined")
        assert await refused(bob, "accept_challenge", challenge=code) == "challenge_over"


async def test_a_second_offer_to_the_same_player_is_the_first_one(served: Serve) -> None:
    server = await served()
    async with room(server.url, "Ada", "Bob", "Cyd") as (ada, bob, cyd):
        first = await direct(ada, bob, rated=False)
        assert (await direct(ada, bob))["challenge"] == first["challenge"]
        assert (await direct(ada, cyd))["challenge"] != first["challenge"]
        await bob.ask("decline_challenge", challenge=first["challenge"])
        assert (await direct(ada, bob))["challenge"] != first["challenge"]


async def test_who_cannot_be_challenged_and_why(served: Serve) -> None:
    server = await served()
    services = server.app._services
    async with room(server.url, "Ada", "Bob", "Cyd", "Dee") as (ada, bob, cyd, dee):
        asked = {"deck": DECK, "rated": False}
        assert await refused(ada, "challenge", **asked, to=ada.id) == "own_challenge"
        assert await refused(ada, "challenge", **asked, to="nobody") == "no_such_player"
        away = await sign_up(server.url, "Eve")
        assert await refused(ada, "challenge", **asked, to=away["id"]) == "not_online"
        match = await pair(bob, cyd)
        assert await refused(ada, "challenge", **asked, to=bob.id) == "opponent_busy"
        told = await bob.ask("challenge", **asked, to=ada.id)
        assert (told["reason"], told["match"]) == ("already_in_match", match)
        await services.accounts.mutes.mute(PlayerId(dee.id or ""), PlayerId(ada.id or ""), 1)
        assert await refused(ada, "challenge", **asked, to=dee.id) == "not_accepting"
        assert (await dee.ask("challenge", **asked, to=ada.id))["state"] == "open"


async def test_a_player_has_five_links_open_and_no_more(served: Serve) -> None:
    server = await served()
    async with room(server.url, "Ada", "Bob") as (ada, bob):
        codes = [await link_of(ada) for _ in range(5)]
        asked = {"deck": DECK, "to": None}
        assert await refused(ada, "challenge", **asked) == "too_many_challenges"
        assert (await direct(ada, bob))["state"] == "open", "those are counted by themselves"
        await ada.ask("withdraw_challenge", challenge=codes[2])
        await link_of(ada)
        assert await refused(ada, "challenge", **asked) == "too_many_challenges"


async def test_so_many_are_offered_in_an_hour(served: Serve) -> None:
    server = await served(rate_limit=1_000)
    async with room(server.url, "Ada") as (ada,):
        for _ in range(200):
            code = await link_of(ada)
            await ada.ask("withdraw_challenge", challenge=code)
        assert await refused(ada, "challenge", deck=DECK, to=None) == "too_many_challenges"


async def test_a_challenger_who_is_not_here_is_waited_for(served: Serve) -> None:
    server = await served()
    account = await sign_up(server.url, "Ada")
    async with room(server.url, "Bob") as (bob,):
        async with connected(server.url, account) as ada:
            code = await link_of(ada)
            assert (await bob.ask("watch_challenge", challenge=code))["here"]
        gone = await bob.until("challenge_changed", here=False)
        assert (gone["challenge"], gone["state"]) == (code, "open")
        assert await refused(bob, "accept_challenge", challenge=code) == "not_online"
        async with connected(server.url, account) as ada:
            await bob.until("challenge_changed", here=True)
            taken = await bob.ask("accept_challenge", challenge=code)
            assert (await ada.until("paired"))["match"] == taken["match"]


async def test_who_is_in_a_match_takes_no_other(served: Serve) -> None:
    server = await served()
    async with room(server.url, "Ada", "Bob", "Cyd", "Dee") as (ada, bob, cyd, dee):
        by_ada, by_cyd = await link_of(ada), await link_of(cyd)
        match = await pair(ada, bob)
        assert await refused(dee, "accept_challenge", challenge=by_ada) == "opponent_busy"
        told = await bob.ask("accept_challenge", challenge=by_cyd)
        assert (told["reason"], told["match"]) == ("already_in_match", match)
        assert (await dee.ask("accept_challenge", challenge=by_cyd))["state"] == "accepted"


async def test_a_seek_of_either_is_taken_back_when_a_challenge_is_accepted(served: Serve) -> None:
    server = await served(pair_every_ms=60_000)
    async with room(server.url, "Ada", "Bob", "Cyd") as (ada, bob, cyd):
        code = await link_of(ada, rated=False)
        await ada.ask("seek", deck=DECK)
        await bob.ask("seek", deck=DECK, rated=False)
        assert (await ada.ask("watch_challenge", challenge=code))["state"] == "open"
        taken = await bob.ask("accept_challenge", challenge=code)
        assert (await ada.until("paired"))["match"] == taken["match"]
        assert (await cyd.ask("seek", deck=DECK))["waiting"] == 1
        assert (await ada.ask("seek", deck=DECK))["match"] == taken["match"]


async def test_an_expired_challenge_says_so_to_all_who_watch(served: Serve, link: Link) -> None:
    server = await served()
    server.app._services.challenges._offers._life_ms = {  # type: ignore[misc] # shorter lives
        Kind.LINK: 300,
        Kind.DIRECT: 300,
        Kind.REMATCH: 300,
    }
    async with room(server.url, "Ada", "Bob") as (ada, bob), connected(server.url) as visitor:
        code = await link_of(ada)
        await visitor.ask("watch_challenge", challenge=code)
        for socket in (ada, visitor):
            expired = await hears(socket, code, "expired")
            assert (expired["expires_in_ms"], expired["stake"]) == (0, None)
        for player, does in ((bob, "accept"), (ada, "withdraw")):
            reason = await refused(player, f"{does}_challenge", challenge=code)
            assert reason == "challenge_over"
        assert await link.call("PTTL", LadderKeys(DECK).challenge(code)) > 6 * 24 * 3600 * 1000


async def test_open_challenges_are_told_after_the_welcome(served: Serve) -> None:
    server = await served()
    ada_again = await sign_up(server.url, "Ada")
    async with room(server.url, "Bob") as (bob,):
        async with connected(server.url, ada_again) as ada:
            kept, gone = await link_of(ada), await link_of(ada)
            await ada.ask("withdraw_challenge", challenge=gone)
            to_ada = (await direct(bob, ada))["challenge"]
        async with connected(server.url, ada_again) as ada:
            await ada.settled()
            told = [m["challenge"] for m in ada.seen if m["type"] == "challenge_changed"]
            assert sorted(told) == sorted([kept, to_ada])


async def test_a_challenge_outlives_the_server(served: Serve) -> None:
    server = await served()
    accounts = [await sign_up(server.url, name) for name in ("Ada", "Bob")]
    async with connected(server.url, accounts[0]) as ada:
        code = await link_of(ada, rated=False, rounds=7)
    await server.stop()
    again = await served()
    async with connected(again.url, accounts[0]) as ada, connected(again.url, accounts[1]) as bob:
        assert (await hears(ada, code, "open"))["rounds"] == 7
        taken = await bob.ask("accept_challenge", challenge=code)
        assert (await ada.until("paired"))["match"] == taken["match"]


async def test_who_cools_down_neither_offers_nor_takes_what_is_rated(
    served: Serve, link: Link
) -> None:
    server = await served()
    async with room(server.url, "Ada", "Bob") as (ada, bob):
        seconds, _ = await link.call("TIME")
        for number in range(2):
            charges = LadderKeys(DECK).charges(PlayerId(bob.id or ""))
            await link.call("ZADD", charges, int(seconds) * 1000, f"m{number}")
        code = await link_of(ada, rated=True)
        cooling = await bob.ask("accept_challenge", challenge=code)
        assert cooling["reason"] == "cooling_down"
        assert 0 < cooling["retry_in_ms"] <= 60_000
        assert await refused(bob, "challenge", deck=DECK, to=None) == "cooling_down"
        casual = await link_of(bob, rated=False)
        assert (await ada.ask("accept_challenge", challenge=casual))["state"] == "accepted"


async def test_what_a_pair_still_plays_for_is_told_before(served: Serve, link: Link) -> None:
    server = await served(pair_limits="on")
    async with room(server.url, "Ada", "Bob") as (ada, bob):
        one, two = PlayerId(ada.id or ""), PlayerId(bob.id or "")
        seconds, _ = await link.call("TIME")
        code = await link_of(ada, rated=True)
        for number, (share, unrated) in enumerate(
            [(1, None), (1, None), (1, None), (0.5, None), (0.5, None), (0, "pair_limit")]
        ):
            seen = await bob.ask("watch_challenge", challenge=code)
            assert (seen["k_share"], seen["unrated_because"]) == (share, unrated)
            assert (seen["stake"] is None) == (unrated is not None)
            pair_key = LadderKeys(DECK).pair(one, two)
            await link.call("ZADD", pair_key, int(seconds) * 1000, f"m{number}")
        taken = await bob.ask("accept_challenge", challenge=code)
        assert (await ada.until("paired", match=taken["match"]))["unrated_because"] == "pair_limit"


async def test_a_bot_is_challenged_to_what_is_not_rated(served: Serve) -> None:
    server = await served()
    async with room(server.url, "Ada") as (ada,), room(server.url, "Robo", bots=True) as (robo,):
        offered = await direct(ada, robo, rated=True)
        assert (offered["unrated_because"], offered["stake"]) == ("bot", None)
        assert (await robo.ask("accept_challenge", challenge=offered["challenge"]))["to"]["bot"]


async def test_who_did_not_come_to_a_challenged_match_leaves_nobody_in_the_queue(
    served: Serve, link: Link
) -> None:
    server = await served(ready_ms=200)
    async with room(server.url, "Ada", "Bob") as (ada, bob):
        code = await link_of(ada)
        match = (await bob.ask("accept_challenge", challenge=code))["match"]
        await bob.ask("enter", match=match)
        await bob.ask("ready", match=match)
        assert (await bob.until("match_over"))["reason"] == "no_show"
        await bob.settled()
        assert "seeking" not in {message["type"] for message in bob.seen}
        assert not await link.call("EXISTS", LadderKeys(DECK).seeks("rated"))
        assert (await bob.ask("seek", deck=DECK))["type"] == "seeking"


async def test_the_call_and_the_page_and_the_picture_of_a_challenge(served: Serve) -> None:
    server = await served()
    async with room(server.url, "Ada") as (ada,):
        code = await link_of(ada, rated=True)
        found = await get(f"{server.url}/api/challenges/{code[:3]}-{code[3:].lower()}")
        (example,) = examples("GET /api/challenges/{challenge}")
        assert set(found) == set(example)
        assert set(found["by"]) == set(example["by"])
        assert (found["challenge"], found["state"]) == (code, "open")
        async with aiohttp.ClientSession(server.url) as client:
            async with client.get(f"/challenges/{code}") as page:
                assert page.status == 200
                text = await page.text()
                assert "Ada challenges you" in text
                assert "Rated: 10 questions of 15 seconds each" in text
            async with client.get(f"/challenges/{code}/qr.svg") as picture:
                assert picture.content_type == "image/svg+xml"
                assert (await picture.text()).count("<path") == 2, "dark on light"
            async with client.get(f"/challenges/{NO_CODE}") as page:
                assert page.status == 200
                assert '"challenge":null' in await page.text()
            async with client.get(f"/challenges/{NO_CODE}/qr.svg") as picture:
                assert picture.status == 404


@pytest.mark.parametrize("kind", ["link", "direct"])
async def test_a_challenge_can_be_accepted_from_what_was_said_after_a_reload(
    served: Serve, kind: str
) -> None:
    server = await served()
    bob_again = await sign_up(server.url, "Bob")
    async with room(server.url, "Ada") as (ada,):
        async with connected(server.url, bob_again) as bob:
            code = await link_of(ada) if kind == "link" else (await direct(ada, bob))["challenge"]
        async with connected(server.url, bob_again) as bob:
            assert (await bob.ask("accept_challenge", challenge=code))["state"] == "accepted"
            await hears(ada, code, "accepted")
