"""Ports for servers of scripts and tests."""

import contextlib
import random
import socket


def free_port() -> int:
    """A free port of 127.0.0.1 below those that the system gives to outgoing connections.

    One of those could take the port while a server that is to listen there again is away.
    """
    while True:
        port = random.randrange(10_000, 30_000)  # noqa: S311 (any will do)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
