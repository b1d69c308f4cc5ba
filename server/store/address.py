"""Where a Redis is, and how to greet it: the `redis://`, `rediss://` and `unix://` URLs."""

import asyncio
import ssl
from collections.abc import Callable
from typing import Any, Final, TypeVar

from redis.asyncio.connection import SSLConnection, parse_url

DEFAULT_PORT: Final = 6379

P = TypeVar("P", bound=asyncio.BaseProtocol)


class Address:
    """A parsed URL.

    Raises:
        ValueError: it is no Redis URL.
    """

    def __init__(self, url: str) -> None:
        self._options: Final[dict[str, Any]] = dict(parse_url(url))

    async def connect(self, protocol: Callable[[], P]) -> P:
        """Open a connection.

        Raises:
            OSError: nobody answers there.
        """
        loop = asyncio.get_running_loop()
        path = self._options.get("path")
        if path is not None:
            return (await loop.create_unix_connection(protocol, path))[1]
        host = self._options.get("host", "localhost")
        port = self._options.get("port", DEFAULT_PORT)
        return (await loop.create_connection(protocol, host, port, ssl=self._tls()))[1]

    def greeting(self) -> list[tuple[str, ...]]:
        """The commands that sign in and choose the database."""
        commands: list[tuple[str, ...]] = []
        password, username = self._options.get("password"), self._options.get("username")
        if password is not None:
            commands.append(("AUTH", username, password) if username else ("AUTH", password))
        if self._options.get("db"):
            commands.append(("SELECT", str(self._options["db"])))
        return commands

    def _tls(self) -> ssl.SSLContext | None:
        if self._options.get("connection_class") is not SSLConnection:
            return None
        context = ssl.create_default_context(cafile=self._options.get("ssl_ca_certs"))
        if self._options.get("ssl_cert_reqs") == "none":
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context
