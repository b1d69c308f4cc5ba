"""Where Redis is, and how to greet it: the URLs of one Redis, of sentinels, and of a cluster."""

import asyncio
import ssl
from collections.abc import Callable, Mapping
from enum import Enum
from functools import cached_property
from typing import Final, NamedTuple, TypeVar
from urllib.parse import parse_qsl, unquote, urlsplit

SCHEMES: Final = frozenset(
    {
        *("redis", "redis+sentinel", "redis+cluster"),
        *("rediss", "rediss+sentinel", "rediss+cluster"),
        "unix",
    }
)
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
    """What a URL says: `places` are those it names, `base` how each is spoken to, `options` those
    behind its question mark with user and password, and `master` is the name that sentinels know.
    """

    def __init__(
        self,
        base: str,
        kind: Kind,
        places: tuple[Place, ...],
        options: Mapping[str, str],
        database: int = 0,
        master: str = "",
    ) -> None:
        self.base: Final = base
        self.kind: Final = kind
        self.places: Final = places
        self.master: Final = master
        self._options: Final = options
        self._database: Final = database

    @classmethod
    def of(cls, url: str) -> "Address":
        """What a URL says.

        User and password are those of Redis itself; sentinels that want some have theirs as
        `?sentinel_username=…&sentinel_password=…`.

        Raises:
            ValueError: it is no Redis URL.
        """
        text, _, query = url.partition("#")[0].partition("?")
        scheme, _, rest = text.partition("://")
        if scheme.lower() not in SCHEMES:
            raise ValueError("its scheme is none of Redis")
        base, _, kind_name = scheme.lower().partition("+")
        netloc, _, path = rest.partition("/")
        login, _, hosts = netloc.rpartition("@")
        options = {**dict(parse_qsl(query)), **_credentials(login)}
        kind, path, master = Kind(kind_name), unquote(path).strip("/"), ""
        if kind is Kind.SENTINELS:
            master, _, path = path.partition("/")
            if not master:
                raise ValueError("the name of the master is missing behind the sentinels")
        places: tuple[Place, ...]
        if base == "unix":
            places, path = (_socket(path),), ""
        elif kind is Kind.ONE and (hosts or path):
            places = (_place(hosts if hosts.partition(":")[0] else f"localhost{hosts}"),)
        else:
            port = SENTINEL_PORT if kind is Kind.SENTINELS else DEFAULT_PORT
            places = tuple(_place(host, port) for host in hosts.split(","))
        database = int(options.get("db") or path or 0)
        if database and kind is Kind.CLUSTER:
            raise ValueError("a cluster has no numbered databases")
        return cls(base, kind, places, options, database, master)

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
        if self._database:
            commands.append(("SELECT", str(self._database)))
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
        if self.base != "rediss":
            return None
        context = ssl.create_default_context(cafile=self._options.get("ssl_ca_certs"))
        if self._options.get("ssl_cert_reqs") == "none":
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        if certificate := self._options.get("ssl_certfile"):
            context.load_cert_chain(certificate, self._options.get("ssl_keyfile"))
        return context


def _credentials(login: str) -> dict[str, str]:
    user, _, password = login.partition(":")
    found = {"username": unquote(user), "password": unquote(password)}
    return {name: text for name, text in found.items() if text}


def _socket(path: str) -> Place:
    if not path:
        raise ValueError("the path of the socket is missing")
    return Place(f"/{path}", 0)


def _place(text: str, default_port: int = DEFAULT_PORT) -> Place:
    parts = urlsplit(f"//{text}")
    if not parts.hostname or "," in text or parts.port == 0:
        raise ValueError("a host is missing")
    return Place(parts.hostname, parts.port or default_port)


def _sign_in(username: str | None, password: str | None) -> list[tuple[str, ...]]:
    if password is None:
        return []
    return [("AUTH", username, password) if username else ("AUTH", password)]
