"""How much studying one player, one address, or somebody made up may ask for."""

import asyncio
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from types import SimpleNamespace
from typing import Final

import aiohttp
import pytest

from server.web import calls, visitors
from server.web.session import COOKIE
from tests.support.player import DECK, Map, sign_up
from tests.support.served import Served
from tests.web.studying import IDS, PROGRESS, bearer, seen, sent

Start = Callable[..., Awaitable[aiohttp.ClientSession]]

TILES: Final = f"/api/decks/{DECK}/tiles"
TYPED: Final = {"card": IDS[0], "text": "x"}
CALLS: Final[dict[str, tuple[str, Map]]] = {
    "reviews": (f"/api/decks/{DECK}/reviews", {"reviews": [sent()]}),
    "grade": (f"/api/decks/{DECK}/grade", {"answers": [TYPED]}),
    "deal": (TILES, {}),
    "finish": (f"{TILES}/none", {"turns": []}),
}
PASSED: Final = {
    "reviews": HTTPStatus.OK,
    "grade": HTTPStatus.OK,
    "deal": HTTPStatus.CREATED,
    "finish": HTTPStatus.NOT_FOUND,  # it was let in, and there is no such game
    "sign_up": HTTPStatus.CREATED,
}
TOO_FAST: Final = HTTPStatus.TOO_MANY_REQUESTS


@pytest.fixture
async def start(served: Callable[..., Awaitable[Served]], monkeypatch: pytest.MonkeyPatch) -> Start:
    """`await start(CALLS=3)`: somebody without cookies at a server of smaller bursts.

    What was used up does not come back while a test runs.
    """

    async def begin(rate_limit: int = 20, workers: int = 1, **bursts: int) -> aiohttp.ClientSession:
        for purse, burst in bursts.items():
            monkeypatch.setattr(visitors, f"{purse}_BURST", burst)
            monkeypatch.setattr(visitors, f"{purse}_A_SECOND", 1e-300)
        server = await served(rate_limit=rate_limit, workers=workers)
        return aiohttp.ClientSession(server.url, cookie_jar=aiohttp.DummyCookieJar())

    return begin


async def post(client: aiohttp.ClientSession, path: str, body: Map, headers: dict[str, str]) -> int:
    """The status of a call; who is too fast is told so in a sentence, and gets no cookie."""
    async with client.post(path, json=body, headers=headers) as answer:
        if answer.status == TOO_FAST:
            told = await answer.json()
            assert (set(told), told["error"]) == ({"error", "detail"}, "too_fast")
            assert told["detail"].endswith(".")
            assert not answer.cookies
        return answer.status


async def call(client: aiohttp.ClientSession, kind: str, token: str | None = None) -> int:
    """The status of a call with one item in it."""
    return await post(client, *CALLS[kind], bearer(token))


async def account(client: aiohttp.ClientSession, name: str) -> str:
    """The token of a new player."""
    token: str = (await sign_up(str(client._base_url).rstrip("/"), name))["token"]
    return token


# One player


@pytest.mark.parametrize("kind", CALLS)
async def test_who_has_used_up_his_calls_is_refused_every_kind_and_another_player_none(
    start: Start, kind: str
) -> None:
    async with await start(CALLS=3) as client:
        ada, bob = await account(client, "Ada"), await account(client, "Bob")
        assert [await call(client, kind, ada) for _ in range(3)] == [PASSED[kind]] * 3
        before = await seen(client, ada)
        assert [await call(client, other, ada) for other in CALLS] == [TOO_FAST] * 4
        assert (await seen(client, ada))["cards"] == before["cards"]
        assert await call(client, kind, bob) == PASSED[kind]


@pytest.mark.parametrize("purse", ["CALLS", "ADDRESS"])
@pytest.mark.parametrize("kind", ["reviews", "grade"])
@pytest.mark.parametrize(("items", "cost"), [(10, 1), (11, 2), (100, 10)])
async def test_every_ten_items_of_a_call_cost_as_much_as_a_call(
    start: Start, purse: str, kind: str, items: int, cost: int
) -> None:
    async with await start(**{purse: 12}) as client:
        token = await account(client, "Ada") if purse == "CALLS" else None
        body: dict[str, Map] = {
            "reviews": {"reviews": [sent(id=f"review-{number}") for number in range(items)]},
            "grade": {"answers": [TYPED] * items},
        }
        assert await post(client, CALLS[kind][0], body[kind], bearer(token)) == HTTPStatus.OK
        left = [await call(client, "grade", token) for _ in range(12 - cost + 1)]
        assert left == [HTTPStatus.OK] * (12 - cost) + [TOO_FAST]


async def test_a_call_that_costs_more_than_is_left_takes_nothing(start: Start) -> None:
    async with await start(CALLS=3) as client:
        ada = await account(client, "Ada")
        many = {"answers": [TYPED] * 31}
        assert await post(client, CALLS["grade"][0], many, bearer(ada)) == TOO_FAST
        assert [await call(client, "grade", ada) for _ in range(4)] == [HTTPStatus.OK] * 3 + [
            TOO_FAST
        ]


async def test_the_sessions_of_a_player_share_what_he_may_ask_for(start: Start) -> None:
    async with await start(CALLS=4) as client:
        async with client.post(TILES) as answer:
            guest = answer.cookies[COOKIE].value
        named = {"name": "Ada"}
        async with client.post("/api/players", json=named, headers=bearer(guest)) as answer:
            ada = (await answer.json())["token"]
        assert ada != guest
        got = [await call(client, "grade", token) for token in [guest, ada] * 3]
        assert got == [HTTPStatus.OK] * 4 + [TOO_FAST] * 2


# One address


@pytest.mark.parametrize(
    "made_up",
    [
        {"Authorization": "Bearer {}"},
        {"Cookie": COOKIE + "={}"},
        {"X-Forwarded-For": "10.0.0.{}"},
        {"Forwarded": "for=10.0.0.{}"},
    ],
    ids=lambda header: next(iter(header)),
)
async def test_what_a_caller_makes_up_buys_no_more_calls(
    start: Start, made_up: dict[str, str]
) -> None:
    async with await start(CALLS=1, ADDRESS=5) as client:

        async def grade(number: int) -> int:
            headers = {name: value.format(number) for name, value in made_up.items()}
            return await post(client, *CALLS["grade"], headers)

        # The same one twice: nobody's token has no purse of its own, not even a small one.
        got = [await grade(number) for number in (0, 0, 1, 2, 3)]
        assert got == [HTTPStatus.OK] * 5
        assert [await grade(number) for number in (0, 3, 4)] == [TOO_FAST] * 3
        assert await call(client, "grade") == TOO_FAST


async def test_the_players_of_an_address_share_what_it_may_ask_for(start: Start) -> None:
    async with await start(ADDRESS=4) as client:
        tokens = [await account(client, name) for name in ("Ada", "Bob", "Cyd")]
        got = [await call(client, "deal", token) for token in [*tokens[:2], *tokens[:2]]]
        assert got == [HTTPStatus.CREATED] * 4
        assert [await call(client, kind, tokens[2]) for kind in CALLS] == [TOO_FAST] * 4


async def test_workers_share_what_an_address_gets_back_and_each_has_all_of_it_at_once(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visitors, "ADDRESS_BURST", 12)
    monkeypatch.setattr(visitors, "ADDRESS_A_SECOND", 4)
    now = 1_000.0
    async with await start(workers=4) as client:
        monkeypatch.setattr(calls, "time", SimpleNamespace(monotonic=lambda: now))
        assert [await call(client, "grade") for _ in range(12)] == [HTTPStatus.OK] * 12
        now += 0.99
        assert await call(client, "grade") == TOO_FAST
        now += 0.02
        assert [await call(client, "grade") for _ in range(2)] == [HTTPStatus.OK, TOO_FAST]


@pytest.mark.parametrize("first", ["reviews", "deal", "sign_up"])
async def test_new_guests_are_paced_as_new_players_are(start: Start, first: str) -> None:
    async with await start(NEW=4) as client:
        ada = await account(client, "Ada")

        async def come(kind: str, number: int) -> int:
            if kind != "sign_up":
                return await call(client, kind)
            return await post(client, "/api/players", {"name": f"Pupil {number}"}, {})

        assert [await come(first, number) for number in range(3)] == [PASSED[first]] * 3
        late = [await come(kind, 9) for kind in ("reviews", "deal", "sign_up")]
        assert late == [TOO_FAST] * 3
        # Who is known, or is not to be remembered, is not new.
        assert [await call(client, kind, ada) for kind in CALLS] == [PASSED[kind] for kind in CALLS]
        assert await call(client, "grade") == HTTPStatus.OK


async def test_a_classroom_signs_up_at_once_and_a_script_is_slowed_down(start: Start) -> None:
    async with await start() as client:

        async def ask(name: str) -> Map:
            async with client.post("/api/players", json={"name": name}) as answer:
                return {"status": answer.status, **(await answer.json())}

        got = await asyncio.gather(*(ask(f"pupil {number}") for number in range(200)))
        assert {answer["status"] for answer in got} == {201}
        more = await asyncio.gather(*(ask(f"script {number}") for number in range(200)))
        slowed = [answer for answer in more if answer["status"] == 429]
        assert len(slowed) > 50
        assert {answer["error"] for answer in slowed} == {"too_fast"}


# No limit


async def test_to_look_is_not_paced(start: Start) -> None:
    async with await start(CALLS=1, ADDRESS=1, NEW=1) as client:
        ada = await account(client, "Ada")
        assert await call(client, "grade", ada) == HTTPStatus.OK
        assert await call(client, "grade", ada) == TOO_FAST
        for path in (PROGRESS, TILES):
            for token in [ada, None, "made up"] * 10:
                async with client.get(path, headers=bearer(token)) as answer:
                    assert answer.status == HTTPStatus.OK


async def test_a_rate_limit_of_0_lifts_every_pace(start: Start) -> None:
    async with await start(0, CALLS=1, ADDRESS=1, NEW=1) as client:
        tokens = [await account(client, "Ada"), await account(client, "Bob"), None]
        for token in tokens * 3:
            got = [await call(client, kind, token) for kind in CALLS]
            assert got == [PASSED[kind] for kind in CALLS]
