"""Whose progress it is: a guest's who takes a name, a player's of two devices, a duelist's."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

import aiohttp
import pytest

from tests.support.player import DECK, Map, Player, connected, in_round, sign_up
from tests.support.served import Served
from tests.web.studying import CARDS, DAY_MS, IDS, bearer, lasting, now, post, seen, sent
from tests.web.table import table

Serve = Callable[..., Awaitable[Served]]

COOKIE = "deckduel_session"
BY_PROMPT = {card.prompt: card for card in CARDS}


@pytest.fixture
async def server(served: Serve) -> Served:
    return await served(rounds=4)


@pytest.fixture
async def browser(server: Served) -> AsyncIterator[aiohttp.ClientSession]:
    """Somebody who keeps cookies."""
    jar = aiohttp.CookieJar(unsafe=True)  # the server here has a number and no name
    async with aiohttp.ClientSession(server.url, cookie_jar=jar) as browser:
        yield browser


async def take_name(browser: aiohttp.ClientSession, name: str, *, bot: bool = False) -> Map:
    """Sign up as whoever the cookie says."""
    async with browser.post("/api/players", json={"name": name, "bot": bot}) as answer:
        assert answer.status == 201
        account: Map = await answer.json()
        return account


async def guest_of(client: aiohttp.ClientSession, *reviews: Map) -> str:
    """Have somebody without a session send reviews; the token that he is given."""
    _, cookies = await post(client, *reviews)
    return cookies[COOKIE].value


async def whoami(client: aiohttp.ClientSession, token: str | None = None) -> tuple[int, Map]:
    async with client.get("/api/me", headers=bearer(token)) as answer:
        return answer.status, await answer.json()


# Guests


async def test_a_visitor_becomes_a_guest_once_by_a_cookie_that_scripts_cannot_read(
    browser: aiohttp.ClientSession,
) -> None:
    _, cookies = await post(browser, sent(1))
    cookie = cookies[COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert cookie["max-age"] == str(400 * 24 * 3600)
    answer, cookies = await post(browser, sent(2, card=IDS[1]))
    assert not cookies
    assert [card["card"] for card in answer["cards"]] == IDS[:2]
    assert lasting(await seen(browser)) == lasting(answer)


async def test_looking_at_progress_makes_no_guest(browser: aiohttp.ClientSession) -> None:
    assert (await seen(browser))["cards"] == []
    assert len(browser.cookie_jar) == 0


async def test_guests_and_players_are_apart(server: Served, client: aiohttp.ClientSession) -> None:
    one = await guest_of(client, sent(card=IDS[1]))
    two = await guest_of(client, sent(card=IDS[2]))
    ada = (await sign_up(server.url, "Ada"))["token"]
    await post(client, sent(card=IDS[3]), token=ada)
    for token, card in ((one, IDS[1]), (two, IDS[2]), (ada, IDS[3])):
        assert [known["card"] for known in (await seen(client, token))["cards"]] == [card]


async def test_a_token_that_nobody_has_is_replaced_by_a_guests(
    client: aiohttp.ClientSession,
) -> None:
    unknown = "x" * 43
    _, cookies = await post(client, sent(), token=unknown)
    token = cookies[COOKIE].value
    assert token != unknown
    assert len((await seen(client, token))["cards"]) == 1
    assert (await seen(client, unknown))["cards"] == []


async def test_a_guest_plays_no_match_and_is_nobody_to_the_other_calls(
    server: Served, client: aiohttp.ClientSession
) -> None:
    token = await guest_of(client, sent())
    status, told = await whoami(client, token)
    assert (status, told["error"]) == (401, "not_signed_in")
    guest = {"id": None, "name": None, "token": token}
    async with connected(server.url, guest) as socket:
        assert socket.last("welcome")["player"] is None
        refused = await socket.ask("seek", deck=DECK)
        assert (refused["type"], refused["reason"]) == ("refused", "not_signed_in")


async def test_a_guest_who_takes_a_name_keeps_his_progress_on_both_tokens(
    browser: aiohttp.ClientSession, client: aiohttp.ClientSession
) -> None:
    answer, cookies = await post(browser, sent(1), sent(2, card=IDS[4], right=False))
    old = cookies[COOKIE].value
    account = await take_name(browser, "Ada")
    assert account["token"] != old
    for token in (None, old, account["token"]):
        who = browser if token is None else client
        assert lasting(await seen(who, token)) == lasting(answer)
        status, me = await whoami(who, token)
        assert (status, me["id"], me["name"]) == (200, account["id"], "Ada")


async def test_the_second_name_of_a_browser_is_somebody_new(
    browser: aiohttp.ClientSession, client: aiohttp.ClientSession
) -> None:
    await post(browser, sent())
    ada = await take_name(browser, "Ada")
    bob = await take_name(browser, "Bob")
    assert ada["id"] != bob["id"]
    assert (await seen(browser))["cards"] == []
    assert len((await seen(client, ada["token"]))["cards"]) == 1


async def test_a_bot_takes_no_guests_progress(
    browser: aiohttp.ClientSession, client: aiohttp.ClientSession
) -> None:
    _, cookies = await post(browser, sent())
    bot = await take_name(browser, "Robby", bot=True)
    assert (await seen(client, bot["token"]))["cards"] == []
    assert len((await seen(client, cookies[COOKIE].value))["cards"]) == 1


async def test_whose_reviews_are_all_refused_is_not_remembered(
    client: aiohttp.ClientSession,
) -> None:
    answer, cookies = await post(client, sent(card="none"))
    assert [refused["reason"] for refused in answer["refused"]] == ["no_such_card"]
    assert not cookies


# Two devices


async def two_devices(browser: aiohttp.ClientSession, name: str) -> tuple[str, str]:
    """A new player with two sessions: that of before the name, and the name's."""
    async with browser.post(f"/api/decks/{DECK}/tiles", json={}) as answer:
        before = answer.cookies[COOKIE].value
    account = await take_name(browser, name)
    browser.cookie_jar.clear()
    return before, account["token"]


async def test_two_devices_of_a_player_come_to_the_same_in_either_order(
    browser: aiohttp.ClientSession, client: aiohttp.ClientSession
) -> None:
    start = now() - 30 * DAY_MS
    phone = [
        sent(1, at_ms=start, how="choice"),
        sent(3, at_ms=start + 9 * DAY_MS, right=False),
        sent(5, card=IDS[1], at_ms=start),
    ]
    laptop = [
        sent(2, at_ms=start + 2 * DAY_MS),
        sent(4, at_ms=start + 12 * DAY_MS),
        sent(1, at_ms=start, how="choice"),
    ]

    async def studied(name: str, order: Sequence[tuple[int, Sequence[Map]]]) -> Map:
        devices = await two_devices(browser, name)
        for device, reviews in order:
            await post(client, *reviews, token=devices[device])
        one, other = [lasting(await seen(client, token)) for token in devices]
        assert one == other
        return one

    expected = await studied("Ada", [(0, phone), (1, laptop)])
    assert [card["reviews"] for card in expected["cards"]] == [4, 1]
    assert await studied("Bob", [(1, laptop), (0, phone)]) == expected
    apart = [(device, [review]) for device in (1, 0) for review in (laptop, phone)[1 - device]]
    assert await studied("Cyd", apart[::-1]) == expected


async def test_two_devices_that_send_at_once_lose_no_review(
    browser: aiohttp.ClientSession, client: aiohttp.ClientSession
) -> None:
    devices = await two_devices(browser, "Ada")
    await asyncio.gather(
        *(post(client, sent(number), token=devices[number % 2]) for number in range(20))
    )
    (card,) = (await seen(client, devices[0]))["cards"]
    assert (card["reviews"], card["right"]) == (20, 20)


# Duels


async def answers(player: Player, match: str, number: int, *, right: bool) -> str:
    """Answer a round as told; the card that it was."""
    opened = await in_round(player, match, number)
    card = BY_PROMPT[opened["prompt"]]
    correct = opened["choices"].index(card.answer)
    choice = correct if right else (correct + 1) % 4
    await player.send("answer", match=match, round=number, choice=choice)
    return card.id


@pytest.mark.parametrize("rated", [True, False])
async def test_a_card_lost_in_a_duel_comes_first_until_it_is_reviewed_rightly(
    server: Served, client: aiohttp.ClientSession, *, rated: bool
) -> None:
    async with table(server.url) as t:
        ada, bob = t.ada["token"], t.bob["token"]
        await t.begin(rated=rated)
        played = {}
        for number in range(1, 5):
            right = number % 2 == 0
            card = await answers(t.one, t.match, number, right=right)
            await answers(t.two, t.match, number, right=True)
            played[card] = {"won": int(right), "lost": int(not right)}
        for player in (t.one, t.two):
            await player.until("match_over")

    due = next(card for card in IDS if card not in played)
    found, _ = await post(client, sent(1, card=due, at_ms=now() - 9 * DAY_MS), token=ada)
    lost = [card for card in IDS if card in played and played[card]["lost"]]
    assert len(lost) == 2
    assert found["queue"][:3] == [
        *({"card": card, "because": "lost"} for card in lost),
        {"card": due, "because": "due"},
    ]
    assert len(found["queue"]) == len(IDS)
    duels = {card["card"]: card["duels"] for card in found["cards"] if any(card["duels"].values())}
    assert duels == played
    assert [card["card"] for card in found["cards"] if card["lost"]] == lost
    his = await seen(client, bob)
    assert [card["duels"] for card in his["cards"]] == [{"won": 1, "lost": 0}] * 4
    assert not any(card["lost"] for card in his["cards"])
    assert all(queued["because"] == "new" for queued in his["queue"])

    missed, _ = await post(client, sent(2, card=lost[0], right=False), token=ada)
    assert missed["queue"][0] == {"card": lost[0], "because": "lost"}
    mended, _ = await post(client, sent(3, card=lost[0], how="choice"), token=ada)
    assert mended["queue"][0] == {"card": lost[1], "because": "lost"}
    assert lost[0] not in [queued["card"] for queued in mended["queue"]]
    (card,) = [card for card in mended["cards"] if card["card"] == lost[0]]
    assert (card["lost"], card["reviews"], card["duels"]) == (False, 2, {"won": 0, "lost": 1})
