"""`GET /api/openapi.json` says of every call what the running server does."""

import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from server.core.ids import PlayerId
from server.store import keys
from server.store.embedded import EmbeddedRedis
from server.store.link import Link
from server.web.calls import MAX_BODY
from tests.conftest import quick_settings
from tests.support.player import DECK, Map, get, sign_up
from tests.support.served import Served, serve
from tests.web.described import Asker, faults_by
from tests.web.studying import sent
from tests.web.table import table
from tests.web.test_tiles import pairs
from tests.wire.protocol_page import rows

Serve = Callable[..., Awaitable[Served]]

DEAL = "POST /api/decks/{deck}/tiles"
FINISH = "POST /api/decks/{deck}/tiles/{game}"
GRADE = "POST /api/decks/{deck}/grade"
REVIEWS = "POST /api/decks/{deck}/reviews"
MUTED = "/api/me/muted/{player}"
TYPED = {"card": "4", "text": "relu"}

BODIES: dict[str, object] = {
    "POST /api/players": {"name": "Grace"},
    "PATCH /api/me": {"challenges": False},
    REVIEWS: {"reviews": [sent()]},
    GRADE: {"answers": [TYPED]},
    FINISH: {"turns": []},
    "POST /api/sessions": {"link": "x"},
    "POST /api/me/passkeys": {"credential": {}},
}
"""What each call that takes something may be sent."""

ENDING = {"DELETE /api/me", "DELETE /api/sessions"}
"""After these nobody is signed in."""

ELSEWHERE = {
    "too_few_cards": "a deck that is hard to deal from",
    "link_expired": "ten minutes",
    "too_many_muted": "hundreds of players",
    "too_many_passkeys": "an authenticator",
    "too_fast": "haste",
    "too_slow": "ten seconds",
    "unavailable": "a Redis that is away",
}
"""Errors that other tests provoke, and what they take."""

OF_AN_AUTHENTICATOR = {
    ("POST /api/me/passkeys", 201, None),
    ("DELETE /api/me/passkeys/{passkey}", 200, None),
}
"""What only the browser of a passkey is answered: in the tests of the pages."""


@asynccontextmanager
async def asking(url: str) -> AsyncIterator[Asker]:
    """Somebody who keeps no cookie, and checks every answer."""
    async with aiohttp.ClientSession(url, cookie_jar=aiohttp.DummyCookieJar()) as client:
        asker = Asker(client, await get(f"{url}/api/openapi.json"))
        asker.values = dict.fromkeys(("player", "match", "game", "challenge", "passkey"), "x")
        asker.values["deck"] = DECK
        yield asker


@pytest.fixture
async def server(served: Serve) -> Served:
    return await served(rounds=1)


@pytest.fixture
async def asker(server: Served) -> AsyncIterator[Asker]:
    async with asking(server.url) as asker:
        yield asker


async def test_every_route_of_a_call_is_in_it_and_nothing_else(
    server: Served, asker: Asker
) -> None:
    routes = {
        f"{route.method} {route.resource.canonical}"
        for route in server._runner.app.router.routes()
        if route.resource is not None
    }
    called = re.compile(r"(?!HEAD)\w+ (/api/.+|/healthz|/readyz|/metrics)")
    assert {route for route in routes if called.fullmatch(route)} == set(asker.calls)


async def test_every_call_is_told_in_words_and_every_place_in_its_path(asker: Asker) -> None:
    names = [call["operationId"] for call in asker.calls.values()]
    assert len(set(names)) == len(names)
    for name, call in asker.calls.items():
        assert call["summary"].endswith("."), name
        assert call["description"], name
        places = {told["name"] for told in call["parameters"] if told["in"] == "path"}
        assert places == set(re.findall(r"\{(\w+)\}", name))
        assert all(told["description"].endswith(".") for told in call["parameters"]), name


async def test_every_example_is_valid_and_every_body_has_one(asker: Asker) -> None:
    assert {name for name, call in asker.calls.items() if "requestBody" in call} == set(BODIES)
    for name, call in asker.calls.items():
        body = [call["requestBody"]] if "requestBody" in call else []
        for holder in [*body, *call["responses"].values()]:
            for media in holder["content"].values():
                faults = faults_by(asker.whole(media["schema"]))
                examples = [example["value"] for example in media.get("examples", {}).values()]
                wrong = [faults(example) for example in examples if faults(example)]
                assert (name, wrong) == (name, [])
                assert examples or holder not in body, name


async def test_every_shape_is_there_and_every_pattern_is_one_of_a_browser(asker: Asker) -> None:
    """The patterns of JSON Schema are those of ECMA-262, which has neither \\A nor \\Z."""
    text = json.dumps(asker.document)
    named = set(re.findall(r'"\$ref": "(.+?)"', text))
    shapes = asker.document["components"]["schemas"]
    assert named <= {f"#/components/schemas/{name}" for name in shapes}
    patterns = re.findall(r'"pattern": "(.+?)"', text)
    assert patterns
    assert [pattern for pattern in patterns if re.search(r"\\[AZ]", pattern)] == []


async def test_every_error_of_a_call_is_one_of_the_page(asker: Asker) -> None:
    listed = {(int(status), error) for status, error, _ in rows("Errors")}
    told = {(status, error) for _, status, error in asker.documented() if error is not None}
    assert told <= listed
    assert {error for _, error in listed - told} == {"not_found", "bad_method"}


async def test_every_call_is_answered_as_it_is_described(
    server: Served, asker: Asker, link: Link
) -> None:
    async with table(server.url) as t:
        await t.begin()
        await asker.ask("DELETE /api/me", token=t.ada["token"])
        await t.play_out()
        offered = await t.one.ask("challenge", deck=DECK, to=None, rated=True)
        known = {"player": t.bob["id"], "match": t.match, "challenge": offered["challenge"]}
        for name in asker.calls:
            if name.startswith("GET "):
                await asker.ask(name, None, t.ada["token"], needed(asker, name), **known)
        await study(asker, t.ada["token"])
        await play_tiles(asker, t.ada, link)
        await come_and_go(asker, t.ada["token"], t.bob)
        for name in sorted(set(asker.calls) - ENDING):
            await provoke(asker, name, t.ada["token"], known)
    for number, name in enumerate(sorted(ENDING)):
        leaving = await sign_up(server.url, f"Leaver {number}")
        await provoke(asker, name, leaving["token"], known)
    missed = asker.documented() - asker.heard - OF_AN_AUTHENTICATOR
    assert {told for told in missed if told[2] not in ELSEWHERE} == set()


async def study(asker: Asker, token: str) -> None:
    """Review and have graded, with a name and without."""
    for name in (REVIEWS, GRADE):
        await asker.ask(name, BODIES[name], token)
        await asker.ask(name, BODIES[name])
    await asker.ask(GRADE, {"answers": [{**TYPED, "card": "x"}]}, token)


async def play_tiles(asker: Asker, player: Map, link: Link) -> None:
    """End a game too soon, unfinished, and well."""
    dealt = await asker.ask(DEAL, {}, player["token"])
    turns = {"turns": pairs(dealt)}
    for body in (turns, BODIES[FINISH]):
        await asker.ask(FINISH, body, player["token"], game=dealt["game"])
    await link.call("HINCRBY", keys.tiles(PlayerId(player["id"]), DECK), "dealt_at", -60_000)
    await asker.ask(FINISH, turns, player["token"], game=dealt["game"])


async def come_and_go(asker: Asker, token: str, other: Map) -> None:
    """Names, mutes, links, sessions, and passkeys as far as no authenticator is needed."""
    for name in ("Grace", other["name"]):
        await asker.ask("POST /api/players", {"name": name})
    for name in ("E", other["name"], "Eve", "Eva"):
        await asker.ask("PATCH /api/me", {"name": name}, token)
    for method in ("PUT", "DELETE"):
        await asker.ask(f"{method} {MUTED}", token=token, player=other["id"])
    made = await asker.ask("POST /api/me/links", token=token)
    for _ in range(2):
        await asker.ask("POST /api/sessions", {"link": made["token"]})
    await asker.ask("POST /api/sessions", {"passkey": {}})


def needed(asker: Asker, name: str) -> str:
    """A query with all that a call cannot do without."""
    told = asker.calls[name]["parameters"]
    names = [one["name"] for one in told if one["in"] == "query" and one["required"]]
    return "&".join(f"{one}={asker.values[one]}" for one in names)


async def provoke(asker: Asker, name: str, token: str, known: dict[str, str]) -> None:
    """Call as nobody, from elsewhere, for what is not there, with what cannot be read; and well."""
    body = BODIES.get(name)
    await asker.ask(name, body)
    await asker.ask(name, body, token, origin="http://elsewhere.example")
    if "{deck}" in name:
        await asker.ask(name, body, token, deck="x")
    for told in asker.calls[name]["parameters"]:
        if told["in"] == "query":
            query = f"{told['name']}=x&{needed(asker, name)}"
            await asker.ask(name, body, token, query, **known)
    if body is not None:
        await asker.ask(name, b"{", token)
        await asker.ask(name, {"x": "x" * MAX_BODY}, token)
    await asker.ask(name, body, token)


async def test_a_caller_in_haste_is_answered_as_it_is_described(served: Serve) -> None:
    server = await served(rate_limit=20)
    empty = {"card": "4", "text": ""}
    async with asking(server.url) as asker:
        hasty = {name for name, _, error in asker.documented() if error == "too_fast"}
        for number, name in enumerate(sorted(hasty - {"POST /api/players"})):
            ada = await sign_up(server.url, f"Player {number}")
            for size in (100, 10):
                await until_too_fast(asker, GRADE, {"answers": [empty] * size}, ada["token"])
            await until_too_fast(asker, name, BODIES.get(name), ada["token"])
        await until_too_fast(asker, "POST /api/players", b"{", None)
        assert {name for name, _, error in asker.heard if error == "too_fast"} == hasty


async def until_too_fast(asker: Asker, name: str, body: object, token: str | None) -> None:
    """Make a call again and again."""
    while (await asker.ask(name, body, token)).get("error") != "too_fast":
        pass


async def test_without_redis_every_call_is_answered_as_it_is_described(tmp_path: Path) -> None:
    embedded = EmbeddedRedis(tmp_path)
    url = await embedded.start()
    server = await serve(quick_settings(url), url)
    try:
        ada = await sign_up(server.url, "Ada")
        async with asking(server.url) as asker:
            await embedded.stop()
            for name in asker.calls:
                await asker.ask(name, BODIES.get(name), ada["token"])
            untroubled = {name for name, status, _ in asker.heard if status != 503}
            assert untroubled == {
                "GET /api/decks",
                "GET /api/decks/{deck}",
                "GET /api/openapi.json",
                "GET /api/practice",
                "GET /api/schema",
                "GET /healthz",
                "GET /metrics",
            }
    finally:
        await server.stop()
        await embedded.stop()
