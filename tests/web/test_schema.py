"""`GET /api/schema` says of every message what the page of the protocol and a real match say."""

from collections.abc import Awaitable, Callable
from typing import get_args

import pytest

from server.wire.client import ClientMessage
from server.wire.codec import SubProtocol
from server.wire.messages import ServerMessage
from tests.support.player import DECK, Map, connected
from tests.support.served import Served
from tests.web.described import faults_of, messages
from tests.web.table import table
from tests.wire.protocol_page import examples, sections

Serve = Callable[..., Awaitable[Served]]
CHAPTERS = {"ClientMessage": "From the client", "ServerMessage": "From the server"}


@pytest.fixture
async def document(served: Serve) -> Map:
    return await messages((await served()).url)


async def test_its_dialect_is_named_and_every_message_is_in_it_with_its_docstring(
    document: Map,
) -> None:
    assert document["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    for side, kinds in (("ClientMessage", ClientMessage), ("ServerMessage", ServerMessage)):
        names = [kind.__name__ for kind in get_args(kinds)]
        listed = [part["$ref"] for part in document["$defs"][side]["anyOf"]]
        assert listed == [f"#/$defs/{name}" for name in names]
        for kind in get_args(kinds):
            described = document["$defs"][kind.__name__]["description"]
            assert described.splitlines()[0] == kind.__doc__.splitlines()[0]


@pytest.mark.parametrize("side", CHAPTERS)
async def test_every_example_of_the_page_is_valid_and_is_the_example_of_the_schema(
    document: Map, side: str
) -> None:
    faults = faults_of(document, side)
    tags = sections(CHAPTERS[side])
    assert tags
    for tag in tags:
        (example,) = examples(tag)
        assert faults(example) == []
        (part,) = [
            part
            for part in document["$defs"].values()
            if part.get("properties", {}).get("type") == {"enum": [tag]}
            and part.get("examples") == [example]
        ]
        assert part["required"]


@pytest.mark.parametrize(
    ("side", "tag", "change"),
    [
        ("ClientMessage", "answer", {"choice": 4}),
        ("ClientMessage", "answer", {"choice": -1}),
        ("ClientMessage", "answer", {"choice": "1"}),
        ("ClientMessage", "answer", {"round": 1.5}),
        ("ClientMessage", "answer", {"match": None}),
        ("ClientMessage", "answer", {"type": "answers"}),
        ("ClientMessage", "seek", {"ref": True}),
        ("ClientMessage", "seek", {"ref": 2**63}),
        ("ClientMessage", "seek", {"rated": 1}),
        ("ClientMessage", "challenge", {"rounds": 4}),
        ("ClientMessage", "challenge", {"rounds": 21}),
        ("ClientMessage", "challenge", {"limit_ms": 4_999}),
        ("ClientMessage", "challenge", {"limit_ms": 60_001}),
        ("ServerMessage", "round_closed", {"totals": [1]}),
        ("ServerMessage", "round_closed", {"totals": [1, 2, 3]}),
        ("ServerMessage", "round_opened", {"choices": ["a", "b", "c"]}),
        ("ServerMessage", "paired", {"seat": 2}),
        ("ServerMessage", "paired", {"stake": {"win": 1}}),
        ("ServerMessage", "lobby", {"players": None}),
    ],
)
async def test_a_wrong_message_is_not_valid(
    document: Map, side: str, tag: str, change: dict[str, object]
) -> None:
    (example,) = examples(tag)
    faults = faults_of(document, side)
    assert faults(example) == []
    assert faults({**example, **change}) != []


@pytest.mark.parametrize(
    ("tag", "key"), [("answer", "choice"), ("enter", "match"), ("ping", "t"), ("seek", "type")]
)
async def test_a_message_without_a_key_that_it_needs_is_not_valid(
    document: Map, tag: str, key: str
) -> None:
    (example,) = examples(tag)
    del example[key]
    assert faults_of(document, "ClientMessage")(example) != []


async def test_a_message_of_the_other_side_is_not_valid(document: Map) -> None:
    (welcome,) = examples("welcome")
    (enter,) = examples("enter")
    assert faults_of(document, "ClientMessage")(welcome) != []
    assert faults_of(document, "ServerMessage")(enter) != []


@pytest.mark.parametrize("protocol", SubProtocol)
async def test_every_frame_of_a_played_match_is_valid(served: Serve, protocol: SubProtocol) -> None:
    server = await served(rounds=2)
    faults = faults_of(await messages(server.url), "ServerMessage")
    async with table(server.url, protocol) as t, connected(server.url, None, protocol) as watcher:
        await watcher.ask("watch_ladder", deck=DECK)
        await watcher.ask("watch_lobby", deck=DECK)
        await watcher.ask("watch_player", player=t.ada["id"])
        await t.begin()
        await watcher.ask("enter", match=t.match)
        await t.one.ask("seek", deck=DECK)
        await t.play_out()
        await watcher.until("match_over")
        await watcher.until("ladder")
        await watcher.ask("enter", match=t.match)
    seen = [message for player in (t.one, t.two, watcher) for message in player.seen]
    assert {message["type"] for message in seen} >= {
        "welcome",
        "seeking",
        "paired",
        "match",
        "round_opened",
        "answer_taken",
        "round_closed",
        "match_over",
        "ladder",
        "lobby",
        "presence",
        "refused",
        "done",
    }
    assert [(message, faults(message)) for message in seen if faults(message)] == []
