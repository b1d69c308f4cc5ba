"""Where the server listens: the addresses of `--host`, looked up, tried, and opened for workers."""

import errno
import socket
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any, Final, TypeAlias

BACKLOG: Final = 4096
"""Connections that the system holds for us until we take them: a mass reconnect's."""

_Found: TypeAlias = tuple[socket.AddressFamily, socket.SocketKind, int, str, Any]


class CannotStartError(Exception):
    """Something outside keeps the server from starting; the message is one sentence."""


def check_port(host: str, port: int) -> None:
    """Try to listen, so that a taken port is told before anything else has been started.

    Raises:
        CannotStartError: the port is taken or forbidden, or the address not ours.
    """
    for found in _look_up(host, port):
        _bound(found, host, port, shared=False).close()


@contextmanager
def open_for(workers: int, host: str, port: int) -> Iterator[list[list[socket.socket]]]:
    """Sockets for each worker, until the end: a list, with one for every address of `host`.

    The first worker that serves from one listens on it: until then whoever connects is
    refused, and a proxy goes on to another machine. From then on, what Linux spreads
    evenly over sockets of one port waits in its socket while nobody takes it, whichever
    process comes next; elsewhere all workers take from the same ones.

    Raises:
        CannotStartError: as `check_port`.
    """
    addresses = _look_up(host, port)
    own = workers if sys.platform == "linux" else 1
    with ExitStack() as opened:
        for address in addresses if own > 1 else ():
            opened.enter_context(_claimed(address, host, port))
        doors = [
            [opened.enter_context(_bound(a, host, port, shared=own > 1)) for a in addresses]
            for _ in range(own)
        ]
        yield doors if own == workers else doors * workers


def port_taken(port: int) -> str:
    """Say that somebody else listens there."""
    return f"Port {port} is taken: stop what listens there or give another --port."


def _look_up(host: str, port: int) -> Sequence[_Found]:
    try:
        return socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE | socket.AI_NUMERICSERV
        )
    except (OSError, UnicodeError):
        message = f"--host {host} is no address of this machine."
        raise CannotStartError(message) from None


def _claimed(found: _Found, host: str, port: int) -> socket.socket:
    """A name of Linux's, gone with its holder: shared sockets do not keep out another server.

    They would only once one of them listens, and two that start at once share the port.
    """
    claim = socket.socket(socket.AF_UNIX)
    try:
        claim.bind(f"\0deckduel {found[4][0]} {port}")
    except OSError as error:
        claim.close()
        raise CannotStartError(_bind_trouble(error, host, port)) from error
    return claim


def _bound(found: _Found, host: str, port: int, *, shared: bool) -> socket.socket:
    """A socket at an address; a `shared` one lets others of ours bind there, too."""
    family, kind, protocol, _, address = found
    opened = socket.socket(family, kind, protocol)
    try:
        opened.setblocking(False)  # noqa: FBT003 (no keyword)
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if shared:
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        if family == socket.AF_INET6:
            opened.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        opened.bind(address)
    except OSError as error:
        opened.close()
        raise CannotStartError(_bind_trouble(error, host, port)) from error
    return opened


def _bind_trouble(error: OSError, host: str, port: int) -> str:
    match error.errno:
        case errno.EADDRINUSE:
            return port_taken(port)
        case errno.EACCES:
            return f"Port {port} may not be used by this user; give a --port from 1024 up."
        case errno.EADDRNOTAVAIL:
            return f"--host {host} is no address of this machine."
        case _:
            return f"Cannot listen on {host}, port {port}: {error.strerror}."
