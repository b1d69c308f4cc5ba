"""What every HTTP call shares: its description, JSON answers, errors of one form, checked input."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Final, NamedTuple, TypeVar

import msgspec
from aiohttp import hdrs, web
from msgspec import Struct

from deck.cards import Deck
from server.store.link import Unavailable
from server.web import session
from server.web.limits import Pace
from server.web.socket import NO_STORE

MAX_BODY: Final = 64 * 1024
"""Bytes of the largest body: a hundred typed answers, or reviews, of any sensible length."""
REQUEST_S: Final = 10.0
"""For a connection to send the whole head of a request, and as much again for its body."""

T = TypeVar("T")


class Trouble(NamedTuple):
    """An error that a call may answer: its status, and the `error` of the body."""

    status: int
    error: str


NOT_SIGNED_IN: Final = Trouble(401, "not_signed_in")
FOREIGN_ORIGIN: Final = Trouble(403, "foreign_origin")
NO_SUCH_DECK: Final = Trouble(404, "no_such_deck")
NO_SUCH_PLAYER: Final = Trouble(404, "no_such_player")
NO_SUCH_MATCH: Final = Trouble(404, "no_such_match")
MALFORMED: Final = Trouble(422, "malformed")
BAD_QUERY: Final = Trouble(422, "bad_query")
TOO_FAST: Final = Trouble(429, "too_fast")
UNAVAILABLE: Final = Trouble(503, "unavailable")
ADMITTED: Final = (FOREIGN_ORIGIN, TOO_FAST)
"""What `Visitors.admit` may say to a call."""


class Call(Struct, frozen=True):
    """One call of the contract: what its route is made of, and its description in OpenAPI.

    The first sentence of the handler's docstring is what the call is for. `query` and `body`
    are types of what it takes, `answer` of what it gives: `str` is plain text, None is
    nothing. `errors` are those that not every call of its kind may answer: that Redis is
    away, or a body too large, goes without saying.
    """

    method: str
    path: str
    handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    answer: object
    status: int = 200
    query: type[Struct] | None = None
    body: type[Struct] | None = None
    errors: tuple[Trouble, ...] = ()


def routes_of(calls: Iterable[Call]) -> list[web.RouteDef]:
    """The routes by which calls are reached."""
    return [web.route(call.method, call.path, call.handler) for call in calls]


class ErrorBody(Struct, frozen=True):
    """An error of a call: `error` is for code, `detail` one sentence that a person can act on."""

    error: str
    detail: str


class ApiError(Exception):
    """An answer of 4xx or 5xx: `{"error": reason, "detail": one sentence}`."""

    def __init__(self, status: int, error: str, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.error = error
        self.detail = detail


def json(value: object, status: int = 200) -> web.Response:
    """A JSON answer that no cache keeps."""
    return web.Response(
        body=msgspec.json.encode(value),
        status=status,
        content_type="application/json",
        headers={hdrs.CACHE_CONTROL: "no-store"},
    )


@web.middleware
async def errors_as_json(request: web.Request, handler: session.Handle) -> web.StreamResponse:
    """Every trouble of an API call, in the contract's form."""
    if not request.path.startswith("/api/"):
        return await handler(request)
    try:
        return await handler(request)
    except ApiError as error:
        return json(ErrorBody(error.error, error.detail), error.status)
    except Unavailable:
        return json(ErrorBody("unavailable", NO_STORE), 503)
    except web.HTTPException as error:
        reason = {404: "not_found", 405: "bad_method", 413: "too_large"}.get(error.status, "bad")
        detail = f"{error.reason}: see PROTOCOL.md for the calls of this server."
        return json(ErrorBody(reason, detail), error.status)


def whole_number(request: web.Request, name: str, default: int, least: int, most: int) -> int:
    """A whole number in the query, held to its bounds.

    Raises:
        ApiError: it is no whole number.
    """
    raw = request.query.get(name)
    if raw is None:
        return default
    if not (raw.isascii() and raw.isdigit() and len(raw) <= 16):  # noqa: PLR2004 - fits 2**53
        raise ApiError(422, "bad_query", f"`{name}` is a whole number from {least} to {most}.")
    return max(least, min(most, int(raw)))


def deck_of(request: web.Request, decks: Mapping[str, Deck]) -> Deck:
    """The deck that the path names.

    Raises:
        ApiError: there is none of that name.
    """
    return deck_named(request.match_info["deck"], decks)


def deck_named(name: str, decks: Mapping[str, Deck]) -> Deck:
    """A deck by its id.

    Raises:
        ApiError: there is none of that name.
    """
    if name not in decks:
        raise ApiError(404, "no_such_deck", "There is no deck of that name here.")
    return decks[name]


def slow_down(pace: Pace, caller: str, detail: str, cost: int = 1) -> None:
    """Hold a caller to a pace; `detail` says what to do.

    Raises:
        ApiError: too fast.
    """
    if not pace.take(caller, time.monotonic(), cost):
        raise ApiError(429, "too_fast", detail)


async def body_of(request: web.Request, kind: type[T], error: str = "malformed") -> T:
    """The body of a call, checked.

    Raises:
        ApiError: it is too slow, no JSON, or none of that shape; the text says where.
    """
    try:
        async with asyncio.timeout(REQUEST_S):
            body = await request.read()
        return msgspec.json.decode(body, type=kind)
    except TimeoutError as trouble:
        detail = "The body did not arrive in time: send it again."
        raise ApiError(408, "too_slow", detail) from trouble
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as trouble:
        raise ApiError(422, error, f"{trouble}: see PROTOCOL.md for the body.") from trouble
