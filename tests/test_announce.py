"""The text that a host sees when the server is ready."""

import socket
from pathlib import Path

import pytest

from server.announce import announcement, data_of_directory, data_of_redis, find_lan_address
from server.settings import Settings

OPEN = Settings()
BLOCKS = set("█▀▄")
ALL = "0.0.0.0"  # noqa: S104 - what a server is told; nothing is bound to it here


def page(
    settings: Settings = OPEN, *, lan: str | None = "192.168.1.20", encoding: str = "utf-8"
) -> str:
    return announcement(settings, data="in /data", lan_address=lan, encoding=encoding)


def addresses(text: str) -> list[str]:
    return [line.split()[-1] for line in text.splitlines() if "http" in line]


@pytest.mark.parametrize(
    ("settings", "lan", "expected"),
    [
        (Settings(), "192.168.1.20", ["http://localhost:8000/", "http://192.168.1.20:8000/"]),
        (Settings(), None, ["http://localhost:8000/"]),
        (Settings(port=80), "10.0.0.2", ["http://localhost/", "http://10.0.0.2/"]),
        (Settings(host="::"), "fd00::2", ["http://localhost:8000/", "http://[fd00::2]:8000/"]),
        (Settings(host="127.0.0.1"), "10.0.0.2", ["http://127.0.0.1:8000/"]),
        (Settings(host="::1", port=9), None, ["http://[::1]:9/"]),
        (
            Settings(public_url="https://duel.example.org"),
            "10.0.0.2",
            ["http://localhost:8000/", "https://duel.example.org/"],
        ),
    ],
)
def test_each_address_that_leads_here_is_shown(
    settings: Settings, lan: str | None, expected: list[str]
) -> None:
    assert addresses(page(settings, lan=lan)) == expected


def test_the_code_is_drawn_where_others_can_reach_the_server() -> None:
    assert set(page()) & BLOCKS
    assert set(page(Settings(public_url="https://duel.example.org"), lan=None)) & BLOCKS
    assert not set(page(Settings(host="127.0.0.1"))) & BLOCKS
    assert not set(page(lan=None)) & BLOCKS


def test_without_a_network_the_page_says_so() -> None:
    assert "is on no network" in page(lan=None)
    assert "is on no network" not in page()


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "no-such-encoding"])
def test_a_terminal_that_cannot_show_the_code_gets_the_address_alone(encoding: str) -> None:
    text = page(encoding=encoding)
    assert not set(text) & BLOCKS
    assert "http://192.168.1.20:8000/" in text
    text.encode("ascii")


def test_the_page_says_where_the_data_is_and_how_to_stop() -> None:
    lines = page().splitlines()
    assert "  Data: in /data" in lines
    assert "  Ctrl-C stops the server." in lines


@pytest.mark.parametrize(
    ("url", "where"),
    [
        ("redis://:secret@db.example.org:6380/1", "in the Redis at db.example.org:6380"),
        ("rediss://db.example.org", "in the Redis at db.example.org:6379"),
        ("redis://:secret@/1", "in the Redis at localhost:6379"),
        ("unix://:secret@/run/redis.sock", "in the Redis at /run/redis.sock"),
        ("redis+cluster://u:secret@a:1,b:2", "in the Redis cluster at a:1,b:2"),
        ("redis+sentinel://:secret@a,b/duels/1", "in the Redis duels of the sentinels at a,b"),
    ],
)
def test_a_redis_of_ones_own_is_named_without_its_password(url: str, where: str) -> None:
    assert data_of_redis(url) == where


def test_a_relative_data_directory_is_named_in_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert data_of_directory(Path("data")) == f"in {tmp_path}/data"


@pytest.mark.parametrize(
    ("chosen", "found"),
    [("192.168.1.20", "192.168.1.20"), ("127.0.0.1", None), (ALL, None)],
)
def test_the_address_on_the_network_is_the_one_the_system_would_send_from(
    monkeypatch: pytest.MonkeyPatch, chosen: str, found: str | None
) -> None:
    class Probe(socket.socket):
        def connect(self, _address: object) -> None: ...

        def getsockname(self) -> tuple[str, int]:
            return chosen, 9

    monkeypatch.setattr(socket, "socket", Probe)
    assert find_lan_address(ALL) == found


def test_a_machine_without_a_route_has_no_address_on_the_network(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Probe(socket.socket):
        def connect(self, _address: object) -> None:
            raise OSError(101, "Network is unreachable")

    monkeypatch.setattr(socket, "socket", Probe)
    assert find_lan_address("::") is None
