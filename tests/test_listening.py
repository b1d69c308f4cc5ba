"""Where a server listens before it serves, and from when on."""

import socket
from contextlib import ExitStack

import pytest

from server.listening import BACKLOG, open_for
from tests.serving import free_port


def test_a_port_is_taken_at_once_and_refuses_everybody_until_a_worker_serves() -> None:
    port = free_port()
    with ExitStack() as stack:
        doors = [stack.enter_context(one) for (one,) in open_for(1, "127.0.0.1", port)]
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port))
        with socket.socket() as other, pytest.raises(OSError, match="in use"):
            other.bind(("127.0.0.1", port))
        doors[0].listen(BACKLOG)
        socket.create_connection(("127.0.0.1", port)).close()
