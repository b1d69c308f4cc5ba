"""The calls of studying, held to their examples on the page of the protocol."""

from typing import Any

import aiohttp
import pytest

from server.store.link import Link
from server.web.session import COOKIE
from tests.support.player import DECK
from tests.support.served import Served
from tests.web.studying import now, post, seen, sent
from tests.web.test_calls import shape
from tests.web.test_tiles import Visitor
from tests.wire.protocol_page import examples


@pytest.mark.parametrize(
    ("call", "body"),
    [
        ("grade", {"answers": [{"card": "4", "text": "relu"}]}),
        ("tiles", {}),
    ],
)
async def test_the_answer_to_a_study_call_has_the_keys_of_the_example_on_the_page(
    client: aiohttp.ClientSession, call: str, body: dict[str, Any]
) -> None:
    (example,) = examples(f"POST /api/decks/{{deck}}/{call}")
    async with client.post(f"/api/decks/{DECK}/{call}", json=body) as answer:
        found = await answer.json()
        assert answer.ok
        assert shape(found, example) == shape(example, found)
        # Only what is studied without a name is remembered.
        assert (COOKIE in answer.cookies) == (call == "tiles")


async def test_reviews_and_progress_are_told_as_the_examples_on_the_page_tell_them(
    client: aiohttp.ClientSession,
) -> None:
    (posted,) = examples("POST /api/decks/{deck}/reviews")
    (looked,) = examples("GET /api/decks/{deck}/progress")
    (card,) = posted["cards"]
    (refused,) = posted["refused"]
    at = now()
    body = [sent(card=card["card"], at_ms=at), sent(id=refused["id"], card="gone")]
    found, cookies = await post(client, *body)
    for told, example in (
        (found, posted),
        (await seen(client, cookies[COOKIE].value), looked),
    ):
        moved = at_another_time(example, at - card["last_at_ms"])
        for answer in (told, moved):
            answer["queue"] = answer["queue"][:1]
            assert answer.pop("server_time_ms") >= at
        assert told == moved


def at_another_time(value: Any, by: int) -> Any:  # noqa: ANN401 - any JSON
    """An example with all its instants moved."""
    if isinstance(value, list):
        return [at_another_time(inner, by) for inner in value]
    if not isinstance(value, dict):
        return value
    instants = {key: value[key] + by for key in value if key.endswith(("_at_ms", "_time_ms"))}
    return {key: at_another_time(inner, by) for key, inner in value.items()} | instants


async def test_a_finished_game_of_tiles_is_told_as_the_example_on_the_page_tells_it(
    server: Served, link: Link
) -> None:
    (example,) = examples("POST /api/decks/{deck}/tiles/{game}")
    jar = aiohttp.CookieJar(unsafe=True)  # an address of numbers is fine here
    async with aiohttp.ClientSession(server.url, cookie_jar=jar) as http:
        ada = Visitor(http, link)
        account = await ada.sign_up("Ada")
        finished = await ada.play(example["elapsed_ms"], example["misses"])
    late = finished["elapsed_ms"] - example["elapsed_ms"]
    times = {key: example[key] + late for key in ("time_ms", "elapsed_ms", "best_ms")}
    (row,) = example["top"]
    row |= {"player": account["id"], "time_ms": row["time_ms"] + late}
    assert finished == {**example, **times}
