"""The calls of studying, with good and with bad input: progress and reviews."""

import asyncio
import json
from collections.abc import Awaitable, Callable

import aiohttp
import pytest

from server.core.schedule import GRACE_MS, How, Review, ReviewId, schedule
from tests.support.player import DECK, Map, sign_up
from tests.support.served import Served
from tests.web.studying import (
    DAY_MS,
    IDS,
    PROGRESS,
    REVIEWS,
    bearer,
    lasting,
    now,
    post,
    seen,
    sent,
)

Serve = Callable[..., Awaitable[Served]]

EVERYTHING_NEW = [{"card": card, "because": "new"} for card in IDS]


# Bad calls

MALFORMED: list[object] = [
    b"",
    b"{",
    b"\xff",
    b'{"reviews": [{"id": "\xff"}]}',
    b'{"more": ' + b"[" * 30_000 + b"]" * 30_000 + b', "reviews": []}',
    b'{"reviews": [{"id": "review-1", "card": "\\ud800"}]}',
    [],
    {},
    {"reviews": None},
    {"reviews": []},
    {"reviews": [7]},
    {"reviews": {"id": "review-1"}},
    {"reviews": [sent(number) for number in range(101)]},
    *({"reviews": [{k: v for k, v in sent().items() if k != key}]} for key in sent()),
    *(
        {"reviews": [sent(2), sent() | {key: value}]}
        for key, value in [
            ("id", 12345678),
            ("id", "x" * 7),
            ("id", "x" * 41),
            ("id", "review 1"),
            ("id", "review-1\n"),
            ("id", "réview-1"),
            ("card", None),
            ("card", 1),
            ("card", "x" * 101),
            ("at_ms", -1),
            ("at_ms", 1.5),
            ("at_ms", "1"),
            ("at_ms", None),
            ("at_ms", True),
            ("at_ms", 2**53 + 1),
            ("how", "guessed"),
            ("how", "TYPED"),
            ("how", None),
            ("right", 1),
            ("right", "yes"),
            ("right", None),
        ]
    ),
]


@pytest.mark.parametrize("body", MALFORMED, ids=range(len(MALFORMED)))
async def test_a_malformed_body_is_answered_with_a_sentence_and_keeps_nothing(
    server: Served, client: aiohttp.ClientSession, body: object
) -> None:
    ada = await sign_up(server.url, "Ada")
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    async with client.post(REVIEWS, data=raw, headers=bearer(ada["token"])) as answer:
        told = await answer.json()
        assert (answer.status, told["error"]) == (422, "malformed")
        assert set(told) == {"error", "detail"}
        assert told["detail"].endswith(".")
    assert (await seen(client, ada["token"]))["cards"] == []


@pytest.mark.parametrize(
    ("method", "path", "origin", "status", "error"),
    [
        ("GET", PROGRESS.replace(DECK, "x"), None, 404, "no_such_deck"),
        ("POST", REVIEWS.replace(DECK, "x"), None, 404, "no_such_deck"),
        ("POST", REVIEWS, "http://elsewhere.example", 403, "foreign_origin"),
        ("POST", REVIEWS, "null", 403, "foreign_origin"),
        ("GET", REVIEWS, None, 405, "bad_method"),
        ("POST", PROGRESS, None, 405, "bad_method"),
    ],
)
async def test_a_refused_call_makes_no_guest(
    client: aiohttp.ClientSession,
    method: str,
    path: str,
    origin: str | None,
    status: int,
    error: str,
) -> None:
    headers = {"Origin": origin} if origin else {}
    body = {"reviews": [sent()]}
    async with client.request(method, path, json=body, headers=headers) as answer:
        assert (answer.status, (await answer.json())["error"]) == (status, error)
        assert not answer.cookies


async def test_a_body_that_is_too_large_is_told_so(client: aiohttp.ClientSession) -> None:
    async with client.post(REVIEWS, data=b" " * (64 * 1024 + 1)) as answer:
        assert (answer.status, (await answer.json())["error"]) == (413, "too_large")


async def test_who_calls_too_fast_is_slowed_down_and_what_was_taken_is_kept(
    served: Serve,
) -> None:
    server = await served(rate_limit=20)
    ada = await sign_up(server.url, "Ada")
    async with aiohttp.ClientSession(server.url, headers=bearer(ada["token"])) as client:

        async def send(number: int) -> Map:
            body = {"reviews": [sent(number)]}
            async with client.post(REVIEWS, json=body) as answer:
                return {"status": answer.status, **(await answer.json())}

        got = await asyncio.gather(*(send(number) for number in range(200)))
        taken = [answer for answer in got if answer["status"] == 200]
        slowed = [answer for answer in got if answer["status"] == 429]
        assert len(taken) >= 60
        assert len(slowed) > 50
        assert len(taken) + len(slowed) == 200
        assert {answer["error"] for answer in slowed} == {"too_fast"}
        assert all(answer["detail"].endswith(".") for answer in slowed)
        (card,) = (await seen(client))["cards"]
        assert card["reviews"] == len(taken)


# Progress


async def test_for_a_visitor_without_a_session_the_whole_deck_is_new(
    client: aiohttp.ClientSession,
) -> None:
    before = now()
    found = await seen(client)
    assert before <= found.pop("server_time_ms") <= now()
    assert found == {
        "deck": DECK,
        "cards": [],
        "queue": EVERYTHING_NEW,
        "next_due_at_ms": None,
    }
    assert lasting(await seen(client, "made up")) == lasting(found)


async def test_a_review_is_told_back_with_its_card(
    server: Served, client: aiohttp.ClientSession
) -> None:
    token = (await sign_up(server.url, "Ada"))["token"]
    at = now()
    answer, cookies = await post(client, sent(card=IDS[2], at_ms=at), token=token)
    assert answer.pop("refused") == []
    due_at = at + 2 * DAY_MS - GRACE_MS
    assert lasting(answer) == {
        "cards": [
            {
                "card": IDS[2],
                "mastery": "learning",
                "due_at_ms": due_at,
                "last_at_ms": at,
                "reviews": 1,
                "right": 1,
                "missed": False,
                "lost": False,
                "duels": {"won": 0, "lost": 0},
            }
        ],
        "queue": [queued for queued in EVERYTHING_NEW if queued["card"] != IDS[2]],
        "next_due_at_ms": due_at,
    }
    assert not cookies
    assert lasting(await seen(client, token)) == lasting(answer)


async def test_what_is_due_leads_the_queue_and_what_is_mastered_says_so(
    server: Served, client: aiohttp.ClientSession
) -> None:
    token = (await sign_up(server.url, "Ada"))["token"]
    early, yesterday = now() - 20 * DAY_MS, now() - DAY_MS
    due_at = now() + 60_000
    answer, _ = await post(
        client,
        sent(1, card=IDS[7], at_ms=due_at - 2 * DAY_MS + GRACE_MS),
        sent(2, card=IDS[5], at_ms=early),
        sent(3, card=IDS[6], at_ms=early),
        sent(4, card=IDS[6], at_ms=yesterday),
        sent(5, card=IDS[8], at_ms=yesterday, right=False),
        token=token,
    )
    cards = {card["card"]: card for card in answer["cards"]}
    assert list(cards) == IDS[5:9]
    assert [card["mastery"] for card in cards.values()] == [
        *("learning", "mastered", "learning", "learning")
    ]
    assert [card["missed"] for card in cards.values()] == [False, False, False, True]
    assert [card["right"] for card in cards.values()] == [1, 2, 1, 0]
    assert answer["queue"][:3] == [
        {"card": IDS[5], "because": "due"},
        {"card": IDS[8], "because": "due"},
        {"card": IDS[0], "because": "new"},
    ]
    assert answer["next_due_at_ms"] == due_at


# Reviews


async def test_the_same_review_again_changes_nothing(
    server: Served, client: aiohttp.ClientSession
) -> None:
    token = (await sign_up(server.url, "Ada"))["token"]
    reviews = [sent(1), sent(2, how="choice"), sent(3, card=IDS[1], right=False)]
    first, _ = await post(client, *reviews, token=token)
    for repeat in (reviews[:1], reviews[1:], reviews[::-1] + reviews):
        again, _ = await post(client, *repeat, token=token)
        assert again["refused"] == []
        assert lasting(again) == lasting(first)


async def test_an_unknown_card_is_refused_and_the_others_are_kept(
    server: Served, client: aiohttp.ClientSession
) -> None:
    token = (await sign_up(server.url, "Ada"))["token"]
    reviews = [sent(1), sent(2, card="gone"), sent(3, card="a\0b"), sent(4)]
    answer, _ = await post(client, *reviews, token=token)
    reasons = [(refused["id"], refused["reason"]) for refused in answer["refused"]]
    assert reasons == [("review-02", "no_such_card"), ("review-03", "no_such_card")]
    assert all(refused["detail"].endswith(".") for refused in answer["refused"])
    assert [(card["card"], card["reviews"]) for card in answer["cards"]] == [(IDS[0], 2)]


async def test_an_instant_in_the_future_counts_as_now(
    server: Served, client: aiohttp.ClientSession
) -> None:
    token = (await sign_up(server.url, "Ada"))["token"]
    before = now()
    answer, _ = await post(client, sent(at_ms=before + 3_600_000), token=token)
    (card,) = answer["cards"]
    assert before <= card["last_at_ms"] <= answer["server_time_ms"] <= now()
    again, _ = await post(client, sent(at_ms=2**53), token=token)
    assert lasting(again) == lasting(answer)


async def test_the_shortest_and_longest_ids_and_a_full_sending_are_taken(
    server: Served, client: aiohttp.ClientSession
) -> None:
    token = (await sign_up(server.url, "Ada"))["token"]
    odd = [sent(id="aZ09_-xy"), sent(id="x" * 40), sent(card=IDS[1], at_ms=0)]
    more = [sent(number, id=f"{number:08}", card=IDS[number]) for number in range(2, 99)]
    answer, _ = await post(client, *odd, *more, token=token)
    assert answer["refused"] == []
    assert [card["reviews"] for card in answer["cards"]] == [2, *(1 for _ in range(98))]
    assert answer["cards"][1]["last_at_ms"] == 0


@pytest.mark.parametrize("how", How)
async def test_every_form_of_asking_comes_to_its_own_schedule(
    server: Served, client: aiohttp.ClientSession, how: How
) -> None:
    token = (await sign_up(server.url, "Ada"))["token"]
    at = now() - 40 * DAY_MS
    reviews = [sent(1, how=how, at_ms=at), sent(2, how=how, at_ms=at + 9 * DAY_MS)]
    answer, _ = await post(client, *reviews, token=token)
    kept = [Review(ReviewId(one["id"]), one["at_ms"], how, one["right"]) for one in reviews]
    expected = schedule(kept)
    assert expected is not None
    assert answer["cards"][0]["due_at_ms"] == expected.due_at
