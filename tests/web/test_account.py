"""One's own account over real sockets: links, sign-out, name, challenges, deletion, pages."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Final

import aiohttp
import pytest

from server.core.names import RENAME_EVERY_MS
from server.store import keys
from server.store.link import Link
from server.store.onelinks import LIFE_MS
from server.web.session import COOKIE, FREED_COOKIE
from tests.support.player import DECK, Map, connected, get, sign_up
from tests.support.served import Served
from tests.web.table import table
from tests.wire.protocol_page import examples

Serve = Callable[..., Awaitable[Served]]
Answered = tuple[int, Map]


class Device:
    """A browser, or a client: it keeps the cookie, or sends a token."""

    def __init__(self, client: aiohttp.ClientSession, token: str | None = None) -> None:
        self._client: Final = client
        self._headers: Final = {"Authorization": f"Bearer {token}"} if token else {}

    async def ask(self, method: str, path: str, body: object = None) -> Answered:
        """A call: its status, and what it answers."""
        async with self._client.request(method, path, json=body, headers=self._headers) as answer:
            return answer.status, await answer.json()

    async def page(self, path: str) -> tuple[int, str]:
        """A page: its status and text."""
        async with self._client.get(path, headers=self._headers) as answer:
            return answer.status, await answer.text()

    async def name(self) -> str | None:
        """Who is signed in here."""
        status, me = await self.ask("GET", "/api/me")
        return str(me["name"]) if status == 200 else None

    @property
    def cookies(self) -> dict[str, str]:
        """What is kept."""
        return {cookie.key: cookie.value for cookie in self._client.cookie_jar}


@pytest.fixture
async def server(served: Serve) -> Served:
    return await served(rounds=1)


@pytest.fixture
async def devices(server: Served) -> AsyncIterator[Callable[..., Awaitable[Device]]]:
    """`await devices()`: a browser of its own; `await devices("Ada")`: signed up there."""
    opened: list[aiohttp.ClientSession] = []

    async def device(name: str | None = None) -> Device:
        jar = aiohttp.CookieJar(unsafe=True)
        opened.append(aiohttp.ClientSession(server.url, cookie_jar=jar))
        new = Device(opened[-1])
        if name is not None:
            assert (await new.ask("POST", "/api/players", {"name": name}))[0] == 201
        return new

    yield device
    for client in opened:
        await client.close()


New = Callable[..., Awaitable[Device]]


async def linked(one: Device) -> str:
    """A one-time link."""
    status, made = await one.ask("POST", "/api/me/links", {})
    assert status == 201
    assert made["path"] == f"/keep/{made['token']}"
    assert made["expires_in_ms"] == LIFE_MS
    return str(made["token"])


async def test_a_link_signs_another_device_in_once(devices: New) -> None:
    laptop, phone, other = await devices("Ada"), await devices(), await devices()
    token = await linked(laptop)
    for _ in range(2):  # a chat's preview uses nothing up
        status, text = await phone.page(f"/keep/{token}")
        assert status == 200
        assert '"state":"open"' in text
        assert '"name":"Ada"' in text
    assert await phone.name() is None
    status, told = await phone.ask("POST", "/api/sessions", {"link": token})
    assert (status, told["name"]) == (201, "Ada")
    assert phone.cookies[COOKIE] == told["token"]
    assert await phone.name() == await laptop.name() == "Ada"
    status, told = await other.ask("POST", "/api/sessions", {"link": token})
    assert (status, told["error"]) == (410, "link_used")
    assert '"state":"used"' in (await other.page(f"/keep/{token}"))[1]
    assert await other.name() is None


async def test_of_many_who_take_a_link_at_once_one_is_signed_in(devices: New) -> None:
    token = await linked(await devices("Ada"))
    phones = [await devices() for _ in range(5)]
    taken = await asyncio.gather(
        *(phone.ask("POST", "/api/sessions", {"link": token}) for phone in phones)
    )
    assert sorted(status for status, _ in taken) == [201, 410, 410, 410, 410]


async def test_a_link_that_ran_out_says_so(devices: New, link: Link) -> None:
    laptop, phone = await devices("Ada"), await devices()
    token = await linked(laptop)
    player = token.partition(".")[0]
    await link.call("HINCRBY", f"{{p:{player}}}:link", "ends_at", -LIFE_MS)
    status, told = await phone.ask("POST", "/api/sessions", {"link": token})
    assert (status, told["error"]) == (410, "link_expired")
    assert '"state":"expired"' in (await phone.page(f"/keep/{token}"))[1]
    assert (await phone.page(f"/keep/{token}/qr.svg"))[0] == 404
    assert '"state":"unknown"' in (await phone.page("/keep/nothing"))[1]


async def test_the_picture_of_an_open_link_is_an_svg(devices: New) -> None:
    laptop = await devices("Ada")
    status, text = await laptop.page(f"/keep/{await linked(laptop)}/qr.svg")
    assert status == 200
    assert "<svg" in text


async def test_what_a_guest_of_the_device_has_studied_goes_along(devices: New) -> None:
    laptop, phone = await devices("Ada"), await devices()
    review = {"id": "review-1", "card": "1", "at_ms": 1, "how": "typed", "right": True}
    status, _ = await phone.ask("POST", f"/api/decks/{DECK}/reviews", {"reviews": [review]})
    assert status == 200
    token = await linked(laptop)
    assert '"studied":true' in (await phone.page(f"/keep/{token}"))[1]
    await phone.ask("POST", "/api/sessions", {"link": token})
    _, progress = await laptop.ask("GET", f"/api/decks/{DECK}/progress")
    assert [card["card"] for card in progress["cards"]] == ["1"]


async def test_another_player_of_the_device_is_signed_out_there(
    devices: New, server: Served
) -> None:
    laptop, phone = await devices("Ada"), await devices("Bob")
    bob = phone.cookies[COOKIE]
    await phone.ask("POST", "/api/sessions", {"link": await linked(laptop)})
    assert await phone.name() == "Ada"
    async with aiohttp.ClientSession(server.url) as client:
        assert await Device(client, bob).name() is None


async def test_signing_out_here_leaves_the_other_devices(devices: New, server: Served) -> None:
    laptop, phone = await devices("Ada"), await devices()
    await phone.ask("POST", "/api/sessions", {"link": await linked(laptop)})
    kept = {"id": "", "name": "Ada", "token": laptop.cookies[COOKIE]}
    gone = {"id": "", "name": "Ada", "token": phone.cookies[COOKIE]}
    async with connected(server.url, kept) as one, connected(server.url, gone) as two:
        assert (await phone.ask("DELETE", "/api/sessions"))[0] == 200
        assert COOKIE not in phone.cookies
        assert await phone.name() is None
        assert await two.until_closed() == 1001
        await one.settled()
        assert await laptop.name() == "Ada"


async def test_signing_out_everywhere_ends_every_session_and_socket_of_every_process(
    devices: New, server: Served, served: Serve
) -> None:
    laptop, phone = await devices("Ada"), await devices()
    await phone.ask("POST", "/api/sessions", {"link": await linked(laptop)})
    link = await linked(laptop)
    bob = await sign_up(server.url, "Bob")
    elsewhere = await served(rounds=1)
    one = {"id": "", "name": "Ada", "token": laptop.cookies[COOKIE]}
    two = {"id": "", "name": "Ada", "token": phone.cookies[COOKIE]}
    async with (
        connected(server.url, one) as here,
        connected(elsewhere.url, two) as there,
        connected(elsewhere.url, bob) as other,
    ):
        assert (await laptop.ask("DELETE", "/api/sessions?everywhere=1"))[0] == 200
        assert await here.until_closed() == 1001
        assert await there.until_closed() == 1001
        await other.settled()
    assert await laptop.name() is None
    assert await phone.name() is None
    status, told = await phone.ask("POST", "/api/sessions", {"link": link})
    assert (status, told["error"]) == (404, "no_such_link")
    async with connected(elsewhere.url, two) as nobody:
        assert nobody.last("welcome")["player"] is None


async def test_a_wish_to_sign_out_that_is_not_understood_signs_nobody_out(devices: New) -> None:
    laptop, phone = await devices("Ada"), await devices()
    await phone.ask("POST", "/api/sessions", {"link": await linked(laptop)})
    for wish in ("true", "yes", ""):
        status, told = await phone.ask("DELETE", f"/api/sessions?everywhere={wish}")
        assert (status, told["error"]) == (422, "bad_query")
        assert await phone.name() == await laptop.name() == "Ada"
    assert (await phone.ask("DELETE", "/api/sessions?everywhere=0"))[0] == 200
    assert (await phone.name(), await laptop.name()) == (None, "Ada")


async def test_a_new_name_is_shown_everywhere_and_can_be_changed_again_in_a_month(
    server: Served, link: Link
) -> None:
    async with table(server.url) as t, aiohttp.ClientSession(server.url) as client:
        await t.begin()
        await t.play_out()
        await t.two.ask("watch_ladder", deck=DECK)
        ada = Device(client, t.ada["token"])
        status, me = await ada.ask("PATCH", "/api/me", {"name": "Zoe"})
        assert (status, me["name"]) == (200, "Zoe")
        assert me["may_rename_at_ms"] is not None
        told = await t.two.until("ladder")
        assert {row["name"] for row in told["top"]} == {"Zoe", "Bob"}
        assert (await get(f"{server.url}/api/players/{t.ada['id']}"))["name"] == "Zoe"
        assert {player["name"] for player in (await t.record())["players"]} == {"Zoe", "Bob"}
        status, told = await ada.ask("PATCH", "/api/me", {"name": "Kim"})
        assert (status, told["error"]) == (403, "too_soon")
        await sign_up(server.url, "Ada")  # free for others at once
        key = keys.account(t.ada["id"])
        await link.call("HINCRBY", key, "renamed_at", -RENAME_EVERY_MS)
        for name, want in (("Ada", 409), ("B", 422), ("Kim", 200)):
            assert (await ada.ask("PATCH", "/api/me", {"name": name}))[0] == want
        # The socket that was open all the time speaks for the new name by now.
        await t.one.ask("seek", deck=DECK, rated=False)
        await t.two.ask("seek", deck=DECK, rated=False)
        assert (await t.two.until("paired"))["opponent"]["name"] == "Kim"


async def test_challenges_and_mutes_are_kept_and_refuse_in_the_same_words(
    server: Served,
) -> None:
    async with table(server.url) as t, aiohttp.ClientSession(server.url) as client:
        ada, bob = Device(client, t.ada["token"]), t.bob["id"]

        async def refused() -> bool:
            told = await t.two.ask(
                "challenge", deck=DECK, to=t.ada["id"], rated=False, rounds=None, limit_ms=None
            )
            if told["type"] == "refused":
                assert told["reason"] == "not_accepting"
            return bool(told["type"] == "refused")

        _, me = await ada.ask("PUT", f"/api/me/muted/{bob}")
        assert me["muted"] == [{"id": bob, "name": "Bob"}]
        assert await refused()
        _, me = await ada.ask("DELETE", f"/api/me/muted/{bob}")
        assert me["muted"] == []
        _, me = await ada.ask("PATCH", "/api/me", {"challenges": False})
        assert me["challenges"] is False
        assert await refused()
        _, me = await ada.ask("PATCH", "/api/me", {"challenges": True})
        assert me["challenges"] is True
        assert not await refused()
        for other in ("nobody", t.ada["id"]):
            status, told = await ada.ask("PUT", f"/api/me/muted/{other}")
            assert (status, told["error"]) == (404, "no_such_player")


async def test_who_is_gone_is_muted_by_nobody(devices: New, link: Link) -> None:
    ada, bob, cyd = await devices("Ada"), await devices("Bob"), await devices("Cyd")
    ids = [(await one.ask("GET", "/api/me"))[1]["id"] for one in (ada, bob, cyd)]
    for other in ids[1:]:
        await ada.ask("PUT", f"/api/me/muted/{other}")
    assert (await bob.ask("DELETE", "/api/me"))[0] == 200
    _, me = await ada.ask("GET", "/api/me")
    assert me["muted"] == [{"id": ids[2], "name": "Cyd"}]
    assert await link.call("ZCARD", keys.muted(ids[0])) == 1


async def test_a_deleted_player_is_nobody_and_the_record_stays(server: Served) -> None:
    async with table(server.url) as t, aiohttp.ClientSession(server.url) as client:
        await t.begin()
        ada = Device(client, t.ada["token"])
        status, told = await ada.ask("DELETE", "/api/me")
        assert (status, told["error"]) == (409, "already_in_match")
        await t.play_out()
        await t.two.ask("watch_ladder", deck=DECK)
        assert (await ada.ask("DELETE", "/api/me"))[0] == 200
        assert await t.one.until_closed() == 1001
        (row,) = (await t.two.until("ladder"))["top"]
        assert row["name"] == "Bob"
        assert await ada.name() is None
        async with client.get(f"/api/players/{t.ada['id']}") as answer:
            assert (answer.status, (await answer.json())["error"]) == (404, "no_such_player")
        record = await t.record()
        names = {player["name"]: player["deleted"] for player in record["players"]}
        assert names == {"deleted player": True, "Bob": False}
        (listed,) = (await get(f"{server.url}/api/players/{t.bob['id']}/matches"))["matches"]
        assert listed["players"] == record["players"]
        assert "Ada" not in (await ada.page(f"/matches/{t.match}"))[1]
        assert (await sign_up(server.url, "Ada"))["id"] != t.ada["id"]


async def test_who_lost_his_name_is_told_on_every_page_until_he_has_one(
    devices: New, server: Served, link: Link
) -> None:
    laptop, phone = await devices("Ada"), await devices()
    await phone.ask("POST", "/api/sessions", {"link": await linked(laptop)})
    _, me = await laptop.ask("GET", "/api/me")
    await link.call("SET", keys.busy(me["id"]), "unnaming")
    assert await server.app._services.players.registry.unname(
        me["id"], "Ada", "unnaming", -(10**14)
    )
    assert (await laptop.page(f"/decks/{DECK}"))[0] == 200
    assert laptop.cookies[FREED_COOKIE] == "Ada"
    assert (await phone.page(f"/decks/{DECK}"))[0] == 200
    assert phone.cookies[FREED_COOKIE] == "Ada"
    assert (await phone.ask("DELETE", "/api/sessions"))[0] == 200
    assert FREED_COOKIE not in phone.cookies
    assert '"freed":"Ada"' in (await laptop.page("/me"))[1]
    status, again = await laptop.ask("POST", "/api/players", {"name": "Ada"})
    assert (status, again["id"]) == (201, me["id"])
    assert FREED_COOKIE not in laptop.cookies
    assert '"freed":null' in (await laptop.page("/me"))[1]


async def test_a_cookie_of_another_sites_page_changes_nothing(devices: New, server: Served) -> None:
    laptop = await devices("Ada")
    headers = {"Origin": "http://elsewhere.example", "Cookie": f"{COOKIE}={laptop.cookies[COOKIE]}"}
    async with aiohttp.ClientSession(server.url, headers=headers) as client:
        device = Device(client)
        for method, path in (
            ("PATCH", "/api/me"),
            ("DELETE", "/api/me"),
            ("POST", "/api/me/links"),
            ("DELETE", "/api/sessions?everywhere=1"),
            ("POST", "/api/me/passkeys/options"),
            ("POST", "/api/sessions"),
        ):
            status, told = await device.ask(method, path, {})
            assert (status, told["error"]) == (403, "foreign_origin")
    assert await laptop.name() == "Ada"


async def test_calls_of_one_player_are_paced(served: Serve) -> None:
    server = await served(rate_limit=20)
    ada = await sign_up(server.url, "Ada")
    async with aiohttp.ClientSession(server.url) as client:
        device = Device(client, ada["token"])
        told: list[int] = [(await device.ask("POST", "/api/me/links", {}))[0] for _ in range(70)]
    assert told[0] == 201
    assert told[-1] == 429


async def test_a_change_is_told_where_it_is_wrong(devices: New) -> None:
    ada = await devices("Ada")
    for body, error in (
        ({"challenges": "x"}, "malformed"),
        ([], "malformed"),
        ({"name": 5}, "bad_name"),
        ({"name": "x" * 201}, "bad_name"),
        ({"name": "B"}, "bad_name"),
    ):
        status, told = await ada.ask("PATCH", "/api/me", body)
        assert (status, told["error"]) == (422, error)


@pytest.mark.parametrize(
    ("method", "call", "body"),
    [
        ("GET", "/api/me", None),
        ("PATCH", "/api/me", {"challenges": True}),
        ("PUT", "/api/me/muted/{player}", None),
        ("DELETE", "/api/me/muted/{player}", None),
        ("POST", "/api/me/links", {}),
        ("POST", "/api/me/passkeys/options", {}),
        ("POST", "/api/passkeys/options", {}),
        ("DELETE", "/api/sessions", None),
    ],
)
async def test_an_answer_has_the_keys_of_its_example(
    devices: New, server: Served, method: str, call: str, body: object
) -> None:
    laptop = await devices("Ada")
    bob = await sign_up(server.url, "Bob")
    (example,) = examples(f"{method} {call}")
    _, told = await laptop.ask(method, call.replace("{player}", bob["id"]), body)
    assert set(told) == set(example)
