"""Who is asking: a bearer token or the session cookie; and from which page."""

from collections.abc import Awaitable, Callable
from http.cookies import SimpleCookie
from typing import Final, TypeAlias

from aiohttp import hdrs, web

from server.store.keys import SESSION_S
from server.store.players import Account, Players

COOKIE: Final = "deckduel_session"
FREED_COOKIE: Final = "deckduel_freed"
FREED_COOKIE_S: Final = 3600
"""Every page sets it anew as long as it is so."""
_BEARER: Final = "bearer "


def token_of(request: web.Request) -> str | None:
    """The token a request carries, the `Authorization` header before the cookie."""
    header = request.headers.get(hdrs.AUTHORIZATION, "")
    if header.lower().startswith(_BEARER):
        return header[len(_BEARER) :].strip()
    return request.cookies.get(COOKIE)


async def account_of(request: web.Request, players: Players) -> Account | None:
    """Whoever is signed in.

    Raises:
        Unavailable: Redis does not answer.
    """
    token = token_of(request)
    return await players.signed_in(token) if token else None


def remember(
    response: web.Response, token: str, request: web.Request, public_url: str | None
) -> None:
    """Set the session cookie: not readable by scripts, not sent by other sites' forms."""
    response.set_cookie(
        COOKIE,
        token,
        max_age=SESSION_S,
        httponly=True,
        samesite="Lax",
        secure=_is_secure(request, public_url),
        path="/",
    )


def forget(response: web.Response, request: web.Request, public_url: str | None) -> None:
    """Have the browser forget the session cookie."""
    secure = _is_secure(request, public_url)
    response.del_cookie(COOKIE, httponly=True, samesite="Lax", secure=secure, path="/")


def freed_cookie(value: str) -> str:
    """The cookie, as a header, that tells a page of its visitor's name that was given free."""
    cookie: SimpleCookie = SimpleCookie()
    cookie[FREED_COOKIE] = value
    told = cookie[FREED_COOKIE]
    told["max-age"], told["path"], told["samesite"] = FREED_COOKIE_S, "/", "Lax"
    return told.OutputString()


def forget_freed(response: web.Response, request: web.Request) -> None:
    """Have a browser that was told of a freed name forget it."""
    if FREED_COOKIE in request.cookies:
        response.del_cookie(FREED_COOKIE, samesite="Lax", path="/")


def _is_secure(request: web.Request, public_url: str | None) -> bool:
    return request.secure or (public_url or "").startswith("https:")


def from_elsewhere(request: web.Request, public_url: str | None) -> bool:
    """Whether a page of another site sent this request.

    A client that is no browser sends no Origin, and is nobody's page. Where we are reached
    by HTTPS, a page without it may be anybody's; where we are not, TLS may end at a proxy
    that does not say so.
    """
    origin = request.headers.get(hdrs.ORIGIN)
    if origin is None or origin == public_url:
        return False
    scheme, _, host = origin.partition("://")
    by_https = request.secure or public_url == f"https://{host}"
    return host != request.host or (by_https and scheme != "https")


Handle: TypeAlias = Callable[[web.Request], Awaitable[web.StreamResponse]]
"""What a middleware hands a request on to."""
