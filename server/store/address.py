"""Where Redis is, and how to greet it: the URLs of one Redis, of sentinels, and of a cluster."""

import asyncio
import ssl
from collections.abc import Callable
from enum import Enum
from functools import cached_property
from typing import Any, Final, NamedTuple, TypeVar
from urllib.parse import unquote, urlsplit

from redis.asyncio.connection import SSLConnection, parse_url

DEFAULT_PORT: Final = 6379
SENTINEL_PORT: Final = 26379

P = TypeVar("P", bound=asyncio.BaseProtocol)


class Place(NamedTuple):
    """Where one of them listens: host and port, or the path of a socket and 0."""

    host: str
    port: int

    def __str__(self) -> str:
        """As a person writes it."""
        if not self.port:
            return self.host
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


class Kind(Enum):
    """What a URL leads to."""

    ONE = ""
    SENTINELS = "sentinel"
    CLUSTER = "cluster"


class Address:
    """A parsed URL: `places` are those it names, `base` how each is spoken to, and `master`
    is the name that sentinels know.

    User and password are those of Redis itself; sentinels that want some have theirs as
    `?sentinel_username=…&sentinel_password=…`.

    Raises:
        ValueError: it is no Redis URL.
    """

    def __init__(self, url: str) -> None:
        scheme, _, rest = url.partition("://")
        self.base, _, kind = scheme.partition("+")
        self.kind: Final = Kind(kind)
        if self.base == "unix" and self.kind is not Kind.ONE:
            raise ValueError("sentinels and clusters are not at a socket")
        first, places, path = rest, [], urlsplit(f"//{rest}").path
        self.master = ""
        if self.kind is not Kind.ONE:
            login, at, hosts = rest.partition("/")[0].partition("?")[0].rpartition("@")
            query = urlsplit(f"//{rest}").query
            if self.kind is Kind.SENTINELS:
                self.master, _, path = unquote(path).strip("/").partition("/")
            port = SENTINEL_PORT if self.kind is Kind.SENTINELS else DEFAULT_PORT
            places = [_place(host, port) for host in hosts.split(",")]
            first = f"{login}{at}localhost/{path.strip('/')}?{query}"
        self._options: Final[dict[str, Any]] = dict(parse_url(f"{self.base}://{first}"))
        if self.kind is Kind.SENTINELS and not self.master:
            raise ValueError("the name of the master is missing behind the sentinels")
        if self.kind is Kind.CLUSTER and self._options.get("db"):
            raise ValueError("a cluster has no numbered databases")
        self.places: Final = tuple(places) or (self._only(),)

    def _only(self) -> Place:
        if (path := self._options.get("path")) is not None:
            return Place(path, 0)
        host = self._options.get("host", "localhost")
        return Place(host, self._options.get("port", DEFAULT_PORT))

    async def connect(self, place: Place, protocol: Callable[[], P]) -> P:
        """Open a connection.

        Raises:
            OSError: nobody answers there.
        """
        loop = asyncio.get_running_loop()
        if not place.port:
            return (await loop.create_unix_connection(protocol, place.host))[1]
        return (await loop.create_connection(protocol, *place, ssl=self._tls))[1]

    def greeting(self) -> list[tuple[str, ...]]:
        """The commands that sign in and choose the database.

        Who was sent by sentinels asks for the role, too: they may be the last to hear of a change.
        """
        commands = _sign_in(self._options.get("username"), self._options.get("password"))
        if self._options.get("db"):
            commands.append(("SELECT", str(self._options["db"])))
        if self.kind is Kind.SENTINELS:
            commands.append(("ROLE",))
        return commands

    def sentinel_greeting(self) -> list[tuple[str, ...]]:
        """The commands that sign in to a sentinel."""
        options = self._options
        return _sign_in(options.get("sentinel_username"), options.get("sentinel_password"))

    @cached_property
    def _tls(self) -> ssl.SSLContext | None:
        """Made at the first connection, and once: to read all that vouch takes long."""
        if self._options.get("connection_class") is not SSLConnection:
            return None
        context = ssl.create_default_context(cafile=self._options.get("ssl_ca_certs"))
        if self._options.get("ssl_cert_reqs") == "none":
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        if certificate := self._options.get("ssl_certfile"):
            context.load_cert_chain(certificate, self._options.get("ssl_keyfile"))
        return context


def _place(text: str, default_port: int) -> Place:
    parts = urlsplit(f"//{text}")
    if not parts.hostname or parts.port == 0:
        raise ValueError("a host is missing")
    return Place(parts.hostname, parts.port or default_port)


def _sign_in(username: str | None, password: str | None) -> list[tuple[str, ...]]:
    if password is None:
        return []
    return [("AUTH", username, password) if username else ("AUTH", password)]
