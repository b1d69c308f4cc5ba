"""Every HTTP call of the contract, with good and with bad input."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from server.store.embedded import EmbeddedRedis
from server.web.session import COOKIE
from tests.conftest import quick_settings
from tests.support.player import DECK, connected, get, sign_up
from tests.support.served import Served, serve
from tests.web.table import Table, table
from tests.wire.protocol_page import examples, rows

Serve = Callable[..., Awaitable[Served]]


@pytest.fixture
async def server(served: Serve) -> Served:
    return await served(rounds=1)


@pytest.fixture
async def played(server: Served) -> AsyncIterator[Table]:
    """Two players after a rated match of one round."""
    async with table(server.url) as t:
        await t.begin()
        await t.play_out()
        yield t


GRADE = "/api/decks/{deck}/grade"
CALLS: list[tuple[str, str, object, int, str]] = [
    ("GET", "/api/me", None, 401, "not_signed_in"),
    ("POST", "/api/players", {"name": "Carl", "origin": "x"}, 403, "foreign_origin"),
    ("GET", "/api/nothing", None, 404, "not_found"),
    ("GET", "/api/", None, 404, "not_found"),
    ("GET", "/api/decks/x", None, 404, "no_such_deck"),
    ("GET", "/api/decks/x/leaderboard", None, 404, "no_such_deck"),
    ("GET", "/api/players/x", None, 404, "no_such_player"),
    ("GET", "/api/players/x/matches", None, 404, "no_such_player"),
    ("GET", "/api/players/{ada}/matches?deck=x", None, 404, "no_such_deck"),
    ("GET", "/api/matches/x", None, 404, "no_such_match"),
    ("GET", "/api/matches/%00", None, 404, "no_such_match"),
    ("GET", "/api/players", None, 405, "bad_method"),
    ("POST", "/api/decks", {}, 405, "bad_method"),
    ("DELETE", "/api/players/{ada}", None, 405, "bad_method"),
    ("PUT", "/api/me", {}, 405, "bad_method"),
    ("POST", "/api/players", {"name": "Ada"}, 409, "name_taken"),
    ("POST", "/api/players", {"name": "ADA"}, 409, "name_taken"),
    ("POST", "/api/players", {"name": " aDa "}, 409, "name_taken"),
    ("POST", "/api/players", {"name": "Ａｄａ"}, 409, "name_taken"),
    ("POST", "/api/players", {"name": "x" * 70_000}, 413, "too_large"),
    ("POST", "/api/players", b"", 422, "bad_name"),
    ("POST", "/api/players", b"{", 422, "bad_name"),
    ("POST", "/api/players", b"\xff", 422, "bad_name"),
    ("POST", "/api/players", b"[" * 4000, 422, "bad_name"),
    ("POST", "/api/players", [], 422, "bad_name"),
    ("POST", "/api/players", {}, 422, "bad_name"),
    ("POST", "/api/players", {"name": 7}, 422, "bad_name"),
    ("POST", "/api/players", {"name": None}, 422, "bad_name"),
    ("POST", "/api/players", {"name": "Carl", "bot": 1}, 422, "bad_name"),
    ("POST", "/api/players", {"name": "Carl", "bot": "no"}, 422, "bad_name"),
    ("POST", "/api/players", {"name": ""}, 422, "bad_name"),
    ("POST", "/api/players", {"name": "C"}, 422, "bad_name"),
    ("POST", "/api/players", {"name": "x" * 21}, 422, "bad_name"),
    ("POST", "/api/players", {"name": "x" * 201}, 422, "bad_name"),
    ("POST", "/api/players", {"name": "A\u0000da"}, 422, "bad_name"),
    ("POST", "/api/players", {"name": "Ada\u202e"}, 422, "bad_name"),
    ("POST", "/api/players", {"name": "Аda"}, 422, "bad_name"),
    ("POST", "/api/players", {"name": "<b>Ada</b>"}, 422, "bad_name"),
    ("POST", "/api/sessions", {"link": "x"}, 404, "no_such_link"),
    ("POST", "/api/sessions", {"passkey": {"id": "x"}}, 422, "bad_passkey"),
    ("POST", "/api/sessions", {}, 422, "malformed"),
    ("DELETE", "/api/sessions", None, 401, "not_signed_in"),
    ("DELETE", "/api/me", None, 401, "not_signed_in"),
    ("PATCH", "/api/me", {"name": "Carl"}, 401, "not_signed_in"),
    ("GET", "/api/decks/x/difficulty", None, 404, "no_such_deck"),
    ("GET", "/api/decks/x/progress", None, 404, "no_such_deck"),
    ("POST", "/api/decks/x/grade", {}, 404, "no_such_deck"),
    ("POST", GRADE, {"answers": [{"card": "x", "text": ""}]}, 404, "no_such_card"),
    ("POST", GRADE, {"answers": []}, 422, "malformed"),
    ("POST", GRADE, {"answers": [{"card": "1", "text": "x" * 501}]}, 422, "malformed"),
    ("POST", GRADE, {"answers": [{"card": "1", "text": "x"}] * 101}, 422, "malformed"),
    ("POST", GRADE, {"answers": [{"card": "1"}]}, 422, "malformed"),
    ("POST", GRADE, {"answers": [{"card": "1", "text": "", "side": "back"}]}, 422, "malformed"),
    ("POST", GRADE, b"\xff", 422, "malformed"),
    ("POST", "/api/decks/{deck}/tiles/x", {"turns": []}, 404, "no_such_game"),
    ("GET", "/api/decks/{deck}/leaderboard?limit=ten", None, 422, "bad_query"),
    ("GET", "/api/challenges/AAAAAA", None, 404, "no_such_challenge"),
    ("GET", "/api/decks/{deck}/leaderboard?limit=-1", None, 422, "bad_query"),
    ("GET", "/api/decks/{deck}/leaderboard?limit=1.5", None, 422, "bad_query"),
    ("GET", "/api/decks/{deck}/leaderboard?limit=", None, 422, "bad_query"),
    ("GET", "/api/decks/{deck}/leaderboard?limit=٣", None, 422, "bad_query"),
    ("GET", "/api/decks/{deck}/leaderboard?period=year", None, 422, "bad_query"),
    ("GET", "/api/decks/{deck}/leaderboard?offset=-1", None, 422, "bad_query"),
    ("GET", "/api/players/x/history?deck={deck}", None, 404, "no_such_player"),
    ("GET", "/api/players/{ada}/history", None, 404, "no_such_deck"),
    ("GET", "/api/players/{ada}/history?deck={deck}&before=x", None, 422, "bad_query"),
    ("GET", "/api/players/{ada}/matches?limit=x", None, 422, "bad_query"),
    ("GET", "/api/players/{ada}/matches?before=now", None, 422, "bad_query"),
    ("GET", "/api/players/{ada}/matches?before=99999999999999999", None, 422, "bad_query"),
]


@pytest.mark.parametrize(("method", "path", "body", "status", "error"), CALLS)
async def test_a_bad_call_is_answered_with_its_status_and_a_sentence(
    server: Served,
    client: aiohttp.ClientSession,
    method: str,
    path: str,
    body: object,
    status: int,
    error: str,
) -> None:
    ada = await sign_up(server.url, "Ada")
    raw = body if isinstance(body, bytes | None) else json.dumps(body).encode()
    headers = {"Origin": "http://elsewhere.example"} if error == "foreign_origin" else {}
    where = path.replace("{ada}", ada["id"]).replace("{deck}", DECK)
    async with client.request(method, where, data=raw, headers=headers) as answer:
        told = await answer.json()
        assert (answer.status, told["error"]) == (status, error)
        assert set(told) == {"error", "detail"}
        assert told["detail"].endswith(".")
        assert answer.headers["Cache-Control"] == "no-store"


def test_the_bad_calls_here_are_those_of_the_page() -> None:
    here = {(str(status), error) for _, _, _, status, error in CALLS}
    listed = {(status, error) for status, error, _ in rows("Errors")}
    elsewhere = {
        "already_in_match",
        "impossible_time",
        "link_expired",
        "link_used",
        "no_such_passkey",
        "not_finished",
        "too_fast",
        "too_few_cards",
        "too_many_muted",
        "too_many_passkeys",
        "too_slow",
        "too_soon",
        "unavailable",
    }
    assert {error for _, error in listed - here} == elsewhere
    assert here <= listed


def shape(value: Any, like: Any) -> Any:  # noqa: ANN401 - any JSON
    """The keys of a value, at every depth at which the other one has something to compare."""
    if isinstance(value, dict) and isinstance(like, dict):
        return {key: shape(inner, like.get(key)) for key, inner in value.items()}
    if isinstance(value, list) and isinstance(like, list):
        return [shape(inner, other) for inner, other in zip(value, like, strict=False)]
    return None


@pytest.mark.parametrize(
    ("call", "path"),
    [
        ("/api/decks", "/api/decks"),
        ("/api/decks/{deck}", f"/api/decks/{DECK}"),
        ("/api/decks/{deck}/leaderboard", f"/api/decks/{DECK}/leaderboard?around={{ada}}"),
        ("/api/players/{player}/matches", "/api/players/{ada}/matches"),
        ("/api/matches/{match}", "/api/matches/{match}"),
        ("/api/decks/{deck}/tiles", f"/api/decks/{DECK}/tiles"),
        ("/api/practice", "/api/practice"),
        ("/api/decks/{deck}/difficulty", f"/api/decks/{DECK}/difficulty"),
        ("/healthz", "/healthz"),
        ("/readyz", "/readyz"),
    ],
)
async def test_the_answer_has_the_keys_of_the_example_on_the_page(
    played: Table, call: str, path: str
) -> None:
    (example,) = examples(f"GET {call}")
    where = path.replace("{ada}", played.ada["id"]).replace("{match}", played.match)
    found = await get(played.url + where)
    assert shape(found, example) == shape(example, found)


async def test_signing_up_gives_a_token_and_a_cookie_that_scripts_cannot_read(
    client: aiohttp.ClientSession,
) -> None:
    async with client.post("/api/players", json={"name": "Zoë"}) as answer:
        assert answer.status == 201
        account = await answer.json()
        (example,) = examples("POST /api/players")
        assert set(account) == set(example)
        cookie = answer.cookies[COOKIE]
        assert cookie.value == account["token"]
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert cookie["path"] == "/"
        assert not cookie["secure"]


async def test_behind_https_the_cookie_is_secure(served: Serve) -> None:
    server = await served(public_url="https://duel.example.org")
    headers = {"Origin": "https://duel.example.org"}
    async with (
        aiohttp.ClientSession() as client,
        client.post(f"{server.url}/api/players", json={"name": "Ada"}, headers=headers) as answer,
    ):
        assert answer.status == 201
        assert answer.cookies[COOKIE]["secure"]


@pytest.mark.parametrize(
    "header",
    ["Authorization: Bearer {}", "Authorization: bearer {}", "Cookie: deckduel_session={}"],
)
async def test_the_token_serves_as_bearer_and_as_cookie(
    client: aiohttp.ClientSession, server: Served, header: str
) -> None:
    ada = await sign_up(server.url, "Ada", bot=True)
    name, _, value = header.format(ada["token"]).partition(": ")
    async with client.get("/api/me", headers={name: value}) as answer:
        told = await answer.json()
        assert (told["id"], told["name"], told["bot"]) == (ada["id"], "Ada", True)
    async with client.ws_connect("/ws", headers={name: value}) as socket:
        assert (await socket.receive_json())["player"]["id"] == ada["id"]


@pytest.mark.parametrize("token", ["", "x", "x" * 5000, "é", "' OR 1=1"])
async def test_a_wrong_token_signs_nobody_in(client: aiohttp.ClientSession, token: str) -> None:
    async with client.get("/api/me", headers={"Authorization": f"Bearer {token}"}) as answer:
        assert answer.status == 401


@pytest.mark.parametrize("origin", ["http://elsewhere.example", "null", "https://127.0.0.1", "x"])
async def test_a_page_of_another_site_gets_no_socket(
    client: aiohttp.ClientSession, origin: str
) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await client.ws_connect("/ws", headers={"Origin": origin})
    assert refused.value.status == 403


async def test_the_servers_own_page_gets_a_socket(
    client: aiohttp.ClientSession, server: Served
) -> None:
    async with client.ws_connect("/ws", headers={"Origin": server.url}) as socket:
        assert (await socket.receive_json())["type"] == "welcome"


async def test_a_plain_get_of_the_socket_is_a_bad_request(client: aiohttp.ClientSession) -> None:
    async with client.get("/ws") as answer:
        assert answer.status == 400


async def test_a_name_is_taken_once_however_many_ask_at_once(
    client: aiohttp.ClientSession,
) -> None:
    async def ask(name: str) -> int:
        async with client.post("/api/players", json={"name": name}) as answer:
            return answer.status

    got = await asyncio.gather(*(ask(name) for name in ["Ada", "ada", "ADA", "aDA"] * 5))
    assert sorted(got) == [201] + [409] * 19


async def test_the_board_has_bounds_and_the_rows_around_a_player(played: Table) -> None:
    board = f"{played.url}/api/decks/{DECK}/leaderboard"
    whole = await get(board)
    assert whole["rated_players"] == 2
    assert [row["rank"] for row in whole["top"]] in ([1, 2], [1, 1])
    assert "around" not in whole
    assert (await get(f"{board}?limit=0"))["top"] == []
    assert len((await get(f"{board}?limit=1"))["top"]) == 1
    assert len((await get(f"{board}?limit=999999"))["top"]) == 2
    around = await get(f"{board}?limit=0&around={played.bob['id']}")
    assert around["around"] == whole["top"]
    assert (await get(f"{board}?around=nobody"))["around"] == []


async def test_matches_are_listed_newest_first_and_page_by_page(played: Table) -> None:
    first = played.match
    await played.begin(rated=False)
    await played.play_out()
    listed = f"{played.url}/api/players/{played.ada['id']}/matches"
    whole = await get(listed)
    assert [match["id"] for match in whole["matches"]] == [played.match, first]
    assert [match["rated"] for match in whole["matches"]] == [False, True]
    newest = await get(f"{listed}?limit=1&deck={DECK}")
    assert [match["id"] for match in newest["matches"]] == [played.match]
    older = await get(f"{listed}?limit=1&before={newest['next']}")
    assert [match["id"] for match in older["matches"]] == [first]
    last = await get(f"{listed}?limit=1&before={older['next']}")
    assert last == {"matches": [], "next": None}
    assert (await get(f"{listed}?before=0"))["matches"] == []


async def test_a_player_has_the_sum_of_their_matches(played: Table) -> None:
    over = played.one.last("match_over")
    for player in (played.one, played.two):
        (ladder,) = (await get(f"{played.url}/api/players/{player.id}"))["decks"]
        change = over["ratings"][played.seat(player)]
        assert (ladder["rating"], ladder["matches"]) == (change["after"], 1)
        assert ladder["wins"] + ladder["draws"] + ladder["losses"] == 1
        assert ladder["peak"] == max(1500, change["after"])
        assert ladder["provisional"]


async def test_the_record_of_a_live_match_has_only_its_closed_rounds(served: Serve) -> None:
    server = await served(rounds=3)
    async with table(server.url) as t:
        await t.begin()
        record = await t.record()
        assert (record["phase"], record["round"], record["rounds"]) == ("open", 1, [])
        for player in (t.one, t.two):
            await player.ask("answer", match=t.match, round=1, choice=0)
        for player in (t.one, t.two):
            await player.until("round_opened", round=2)
        await t.one.ask("answer", match=t.match, round=2, choice=0)
        record = await t.record()
        assert [round_["round"] for round_ in record["rounds"]] == [1]
        assert (record["round"], record["result"], record["ratings"]) == (2, None, None)
        await t.two.ask("resign", match=t.match)
        await t.one.until("match_over")
        assert (await t.record())["result"]["reason"] == "resigned"


async def test_the_metrics_parse_and_count(played: Table) -> None:
    async with connected(played.url) as visitor:
        await visitor.ask("enter", match="x")
        async with (
            aiohttp.ClientSession() as client,
            client.get(f"{played.url}/metrics") as answer,
        ):
            text = await answer.text()
            assert answer.headers["Content-Type"].startswith("text/plain")
    values = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    assert values["deckduel_connections",] == 3
    assert values["deckduel_live_matches",] == 0
    assert values["deckduel_matches_settled_total",] == 1
    assert values["deckduel_messages_total", "Seek"] == 2
    assert values["deckduel_refusals_total", "no_such_match"] == 1


async def test_without_its_redis_a_server_is_alive_but_not_ready(tmp_path: Path) -> None:
    embedded = EmbeddedRedis(tmp_path)
    url = await embedded.start()
    server = await serve(quick_settings(url), url)
    try:
        async with aiohttp.ClientSession(server.url) as client:
            assert await get(f"{server.url}/readyz") == {"ok": True}
            await embedded.stop()
            assert await get(f"{server.url}/healthz") == {"ok": True}
            for path in ("/readyz", "/api/matches/x", f"/api/decks/{DECK}/leaderboard"):
                async with client.get(path) as answer:
                    assert answer.status == 503
                    assert (await answer.json())["error"] == "unavailable"
            async with client.get(f"/decks/{DECK}") as answer:
                assert answer.status == 503
                assert answer.headers["Retry-After"]
    finally:
        await server.stop()
        await embedded.stop()
