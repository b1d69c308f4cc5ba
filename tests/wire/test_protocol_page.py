"""PROTOCOL.md and the code say the same: calls, messages, keys, refusals."""

import json
import re
from pathlib import Path
from typing import Any, cast, get_args

import msgspec
import pytest
from msgspec.structs import fields

from server.core.refusal import Reason
from server.core.tiles import TilesReason
from server.web.account import AccountApi
from server.web.api import Api
from server.web.boards import Boards
from server.web.challenges import ChallengesApi
from server.web.description import Description
from server.web.passkeys import PasskeyApi
from server.web.players import PlayersApi
from server.web.practice import PracticeApi
from server.web.study import StudyApi
from server.web.tiles import STATUS, TilesApi
from server.wire.client import ClientMessage
from server.wire.codec import SubProtocol, decode, encode
from server.wire.messages import ServerMessage
from tests.wire.protocol_page import PAGE, examples, rows, sections

CLIENT: dict[str, type[ClientMessage]] = {
    str(kind.__struct_config__.tag): kind for kind in get_args(ClientMessage)
}
SERVER: dict[str, type[ServerMessage]] = {
    str(kind.__struct_config__.tag): kind for kind in get_args(ServerMessage)
}


def test_every_message_type_has_exactly_one_section() -> None:
    assert sections("From the client") == list(CLIENT)
    assert sections("From the server") == list(SERVER)


@pytest.mark.parametrize("tag", CLIENT)
def test_the_example_of_a_client_message_is_that_message_with_all_its_keys(tag: str) -> None:
    (example,) = examples(tag)
    message = decode(json.dumps(example).encode(), SubProtocol.JSON)
    assert type(message) is CLIENT[tag]
    assert msgspec.to_builtins(message) == example


@pytest.mark.parametrize("tag", SERVER)
def test_the_example_of_a_server_message_is_that_message_with_its_keys(tag: str) -> None:
    (example,) = examples(tag)
    message = msgspec.convert(example, SERVER[tag])
    assert json.loads(encode(message, SubProtocol.JSON)) == example
    required = {field.encode_name for field in fields(SERVER[tag]) if field.required}
    assert required <= set(example)


@pytest.mark.parametrize("tag", SERVER)
def test_a_key_that_a_server_message_may_lack_is_named_in_its_section(tag: str) -> None:
    section = PAGE.split(f"#### `{tag}`")[1].split("####")[0]
    optional = {field.encode_name for field in fields(SERVER[tag]) if not field.required}
    named = {key for key in optional if f"`{key}`" in section}
    assert optional - {"ref"} <= named


def test_every_refusal_is_listed_with_its_occasion() -> None:
    listed = rows("Refusals")
    assert [reason for reason, _ in listed] == [reason.value for reason in Reason]
    assert all(when for _, when in listed)


def test_every_call_has_a_section_and_every_section_is_a_call() -> None:
    nobody = cast("Any", None)
    every = (
        Api(nobody, nobody, nobody),
        StudyApi({}, nobody, nobody),
        TilesApi({}, nobody, nobody),
        Boards(nobody, nobody, nobody),
        PlayersApi(nobody, nobody, nobody),
        ChallengesApi(nobody, nobody, nobody, nobody),
        PracticeApi({}, nobody),
        AccountApi(nobody, nobody, nobody, nobody),
        PasskeyApi(nobody, nobody, nobody),
        Description([], nobody, nobody),
    )
    calls = [f"{route.method} {route.path}" for api in every for route in api.calls()]
    assert re.findall(r"^### `(.+)`$", PAGE, re.MULTILINE) == calls
    assert "## WebSocket `GET /ws`" in PAGE


def test_every_error_of_the_calls_is_listed() -> None:
    sources = (Path(__file__).parents[2] / "server/web").glob("*.py")
    raised = {
        error
        for source in sources
        for error in re.findall(r'ApiError\(\s*(\d+), "(\w+)"', source.read_text("utf-8"))
    }
    raised |= {(str(STATUS[reason].value), reason.value) for reason in TilesReason}
    listed = {(status, error) for status, error, _ in rows("Errors")}
    assert raised <= listed
    codes = {
        "not_found",
        "bad_method",
        "too_large",
        "unavailable",
        "no_such_match",
        "no_such_challenge",
    }
    assert {error for _, error in listed - raised} == codes


def test_no_key_of_a_message_is_a_secret_of_the_deal() -> None:
    """Only what is sent after a round has closed may hold the right choice."""

    def keys(value: Any) -> set[str]:  # noqa: ANN401 - any JSON
        if isinstance(value, dict):
            return set(value).union(*(keys(inner) for inner in value.values()))
        return set().union(*(keys(inner) for inner in value)) if isinstance(value, list) else set()

    telling = {tag for tag in SERVER if "correct" in keys(examples(tag)[0])}
    assert telling == {"round_closed", "match"}
