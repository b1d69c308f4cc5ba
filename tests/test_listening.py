"""Where a server listens before it serves, and from when on."""

import socket

import pytest

from server.listening import BACKLOG, CannotStartError, open_for
from tests.serving import free_port


def test_a_port_is_taken_at_once_and_refuses_everybody_until_a_worker_serves() -> None:
    port = free_port()
    with open_for(2, "127.0.0.1", port) as ((door,), _):
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port))
        with socket.socket() as other, pytest.raises(OSError, match="in use"):
            other.bind(("127.0.0.1", port))
        with pytest.raises(CannotStartError, match="is taken"), open_for(2, "127.0.0.1", port):
            pass
        door.listen(BACKLOG)
        socket.create_connection(("127.0.0.1", port)).close()
    with open_for(2, "127.0.0.1", port):
        """It is free again."""
