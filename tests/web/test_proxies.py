"""Behind proxies: whose address counts, by which scheme, and who is not believed."""

from collections.abc import Awaitable, Callable
from ipaddress import ip_network

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request
from multidict import CIMultiDict

from server.settings import from_sources
from server.web import visitors
from server.web.proxies import Proxies
from server.web.session import COOKIE
from server.web.visitors import FREED
from tests.support.served import Served

Serve = Callable[..., Awaitable[Served]]

CHAIN = "127.0.0.1,::1,10.0.0.0/8,fd00::/8"
FOR, PROTO = "X-Forwarded-For", "X-Forwarded-Proto"


async def passed_on(proxies: Proxies, peer: str, lines: list[tuple[str, str]]) -> web.Request:
    """The request that a handler sees, of one sent from `peer`."""
    seen: list[web.Request] = []

    async def handler(request: web.Request) -> web.Response:
        seen.append(request)
        return web.Response()

    sent = make_mocked_request("GET", "/", CIMultiDict(lines)).clone(remote=peer)
    await proxies.middleware(sent, handler)
    return seen[0]


@pytest.mark.parametrize(
    ("peer", "lines", "client", "scheme"),
    [
        ("127.0.0.1", [], "127.0.0.1", "http"),
        ("127.0.0.1", [(FOR, "192.0.2.7"), (PROTO, "https")], "192.0.2.7", "https"),
        ("::ffff:127.0.0.1", [(FOR, "192.0.2.7")], "192.0.2.7", "http"),
        ("::1", [(FOR, "2001:DB8:0::7")], "2001:db8::7", "http"),
        ("10.1.2.3", [(FOR, "::ffff:192.0.2.7")], "192.0.2.7", "http"),
        # Whoever is no proxy of ours is not believed, whatever he says.
        ("192.0.2.7", [(FOR, "198.51.100.1"), (PROTO, "https")], "192.0.2.7", "http"),
        ("11.0.0.1", [(FOR, "10.0.0.1")], "11.0.0.1", "http"),
        ("", [(FOR, "198.51.100.1")], "", "http"),
        # What stands left of the first stranger is his own invention.
        ("127.0.0.1", [(FOR, "198.51.100.1, 192.0.2.7")], "192.0.2.7", "http"),
        ("127.0.0.1", [(FOR, "10.0.0.9, 192.0.2.7")], "192.0.2.7", "http"),
        ("127.0.0.1", [(FOR, "198.51.100.1"), (FOR, "192.0.2.7")], "192.0.2.7", "http"),
        # A chain: the last of it to be called by a stranger knows him.
        ("127.0.0.1", [(FOR, "192.0.2.7,10.0.0.2 ,fd00::3")], "192.0.2.7", "http"),
        ("127.0.0.1", [(FOR, "192.0.2.7, 10.0.0.2"), (PROTO, "https, http")], "192.0.2.7", "https"),
        ("127.0.0.1", [(FOR, "192.0.2.7, 10.0.0.2"), (PROTO, "https")], "192.0.2.7", "https"),
        ("127.0.0.1", [(FOR, "192.0.2.7"), (PROTO, "https, http")], "192.0.2.7", "http"),
        ("127.0.0.1", [(FOR, "10.0.0.3, 10.0.0.2")], "10.0.0.3", "http"),
        # What is no address or no scheme says nothing; the last who could be told apart counts.
        ("127.0.0.1", [(FOR, ""), (PROTO, "")], "127.0.0.1", "http"),
        ("127.0.0.1", [(FOR, "unknown")], "127.0.0.1", "http"),
        ("127.0.0.1", [(FOR, "192.0.2.7, unknown, 10.0.0.2")], "10.0.0.2", "http"),
        ("127.0.0.1", [(FOR, "192.0.2.7:5555")], "127.0.0.1", "http"),
        ("127.0.0.1", [(FOR, "192.0.2.07"), (PROTO, "wss")], "127.0.0.1", "http"),
        ("127.0.0.1", [(FOR, "192.0.2.7"), (PROTO, "HTTPS")], "192.0.2.7", "https"),
        ("127.0.0.1", [("Forwarded", "for=198.51.100.1;proto=https")], "127.0.0.1", "http"),
    ],
)
async def test_the_client_is_the_first_stranger_in_the_chain(
    peer: str, lines: list[tuple[str, str]], client: str, scheme: str
) -> None:
    trusted = from_sources({"trusted_proxies": CHAIN}, {"HOME": "/"}).trusted_proxies
    assert trusted is not None
    seen = await passed_on(Proxies(tuple(map(ip_network, trusted))), peer, lines)
    assert (seen.remote, seen.scheme, seen.secure) == (client, scheme, scheme == "https")


async def named(server: Served, name: str, **headers: str) -> aiohttp.ClientResponse:
    """The answer to somebody who takes a name."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as client:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return await client.post(f"{server.url}/api/players", json={"name": name}, headers=sent)


@pytest.fixture
def one_name_each(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody takes more than one name while a test runs."""
    monkeypatch.setattr(visitors, "NEW_BURST", 1)
    monkeypatch.setattr(visitors, "NEW_A_SECOND", 1e-300)


@pytest.mark.usefixtures("one_name_each")
async def test_each_client_of_a_proxy_has_a_pace_of_his_own(served: Serve) -> None:
    server = await served(rate_limit=20, trusted_proxies="127.0.0.1")
    assert (await named(server, "Ada", X_Forwarded_For="192.0.2.1")).status == 201
    assert (await named(server, "Bob", X_Forwarded_For="192.0.2.2")).status == 201
    assert (await named(server, "Eve", X_Forwarded_For="192.0.2.3, 192.0.2.1")).status == 429


@pytest.mark.usefixtures("one_name_each")
async def test_who_forges_the_header_of_a_proxy_keeps_one_pace(served: Serve) -> None:
    for flags in ({}, {"trusted_proxies": "192.0.2.0/24"}):
        server = await served(rate_limit=20, **flags)
        assert (await named(server, f"Ada{len(flags)}", X_Forwarded_For="192.0.2.1")).status == 201
        assert (await named(server, "Eve", X_Forwarded_For="192.0.2.2")).status == 429


@pytest.mark.parametrize(
    ("trusted", "proto", "secure"),
    [("127.0.0.1", "https", True), ("127.0.0.1", "http", False), ("192.0.2.1", "https", False)],
)
async def test_the_cookie_is_secure_where_a_trusted_proxy_was_called_by_https(
    served: Serve,
    trusted: str,
    proto: str,
    secure: bool,  # noqa: FBT001 - a column of the table above
) -> None:
    server = await served(trusted_proxies=trusted)
    told = await named(server, "Ada", X_Forwarded_Proto=proto, X_Forwarded_For="192.0.2.1")
    assert bool(told.cookies[COOKIE]["secure"]) is secure


@pytest.mark.parametrize(
    ("proto", "origin", "status"),
    [
        ("https", "https://duel.example.org", 201),
        ("https", "http://duel.example.org", 403),  # a page that anybody on the way may have sent
        ("https", "https://elsewhere.example", 403),
        ("https", "https://duel.example.org:444", 403),
        ("https", "https://duel.example.org@elsewhere.example", 403),
        ("https", "https://[", 403),
        ("http", "http://duel.example.org", 201),
        ("http", "https://duel.example.org", 201),  # TLS ends at a proxy that does not say so
        ("http", "http://elsewhere.example", 403),
    ],
)
async def test_the_page_must_come_from_the_host_and_by_https_where_that_is_spoken(
    served: Serve, proto: str, origin: str, status: int
) -> None:
    server = await served(trusted_proxies="127.0.0.1")
    headers = {"X_Forwarded_Proto": proto, "Host": "duel.example.org", "Origin": origin}
    told = await named(server, "Ada", X_Forwarded_Host="elsewhere.example", **headers)
    assert told.status == status


async def test_a_page_without_https_is_not_the_public_one_with_it(served: Serve) -> None:
    server = await served(public_url="https://duel.example.org")
    for origin, status in {"https://duel.example.org": 201, "http://duel.example.org": 403}.items():
        told = await named(server, "Ada", Host="duel.example.org", Origin=origin)
        assert told.status == status


async def test_what_a_page_notes_on_its_request_is_there_when_it_is_sent() -> None:
    """A note of a freed name becomes a cookie only then."""

    async def handler(request: web.Request) -> web.Response:
        request[FREED] = "Ada"
        return web.Response()

    sent = make_mocked_request("GET", "/").clone(remote="127.0.0.1")
    await Proxies((ip_network("127.0.0.1"),)).middleware(sent, handler)
    assert sent[FREED] == "Ada"
