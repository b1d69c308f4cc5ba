"""A proxy between a server and its Valkey that names every write, and may stop at one.

Commands are passed on one by one, so that what has been carried out when the proxy
stops is known exactly.
"""

import asyncio
import contextlib
import hashlib
import re
from collections.abc import Callable
from enum import StrEnum
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import hiredis
import msgpack

from server.store.scripts import _source

CHUNK: Final = 65_536
ACTS_FOR_S: Final = 0.05
"""After the reply to the write, the server has this long to act on it before it is killed."""

READS: Final = frozenset(
    {
        *("AUTH", "CLIENT", "HELLO", "INFO", "PING", "SCRIPT", "SELECT", "TIME"),
        *("GET", "HGET", "HMGET", "HVALS", "MGET", "SMEMBERS"),
        *("LRANGE", "ZCARD", "ZCOUNT", "ZRANGE", "ZREVRANGE", "ZREVRANGEBYSCORE", "ZREVRANK"),
        *("EXISTS", "SSUBSCRIBE", "ZMSCORE", "ZSCORE"),
        *("announce", "attach"),
    }
)
"""What changes nothing of a match; everything else is a write."""

BACKGROUND: Final = frozenset(
    {"beat", "beat_online", "beat_seeks", "hold_turn", "online", "seeks", "take_due"}
)
"""Writes that come with time, however the match goes."""


class Moment(StrEnum):
    """Where, about one write, the server dies."""

    BEFORE = "before it reaches Valkey"
    UNANSWERED = "carried out, its reply lost"
    ANSWERED = "after its reply, before the next command"


class WriteProxy:
    """Listens on a port of 127.0.0.1 for the Valkey on a Unix socket; `url` is its own."""

    def __init__(self, valkey: Path) -> None:
        self.writes: list[str] = []
        self.reached = asyncio.Event()
        self._valkey: Final = valkey
        self._stop_at: tuple[str, int, Moment] | None = None
        self._kill: Callable[[], None] = lambda: None
        self._listening: asyncio.Server | None = None
        self._passing: Final[set[asyncio.Task[None]]] = set()

    async def start(self) -> str:
        """Listen; the URL to give to a server."""
        self._listening = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        port = self._listening.sockets[0].getsockname()[1]
        return f"redis://127.0.0.1:{port}"

    async def stop(self) -> None:
        """Let go of everything."""
        if self._listening is not None:
            self._listening.close()
        for task in self._passing:
            task.cancel()
        await asyncio.gather(*self._passing, return_exceptions=True)

    def record(self) -> None:
        """Begin the list of writes anew."""
        self.writes.clear()

    def stop_at(self, name: str, occurrence: int, moment: Moment, kill: Callable[[], None]) -> None:
        """Kill about the next write of this name but `occurrence` (from 0)."""
        self._stop_at, self._kill = (name, occurrence, moment), kill
        self.reached.clear()
        self.record()

    async def _serve(self, client: asyncio.StreamReader, answers: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._passing.add(task)
        valkey, commands = await asyncio.open_unix_connection(self._valkey)
        try:
            with contextlib.suppress(ConnectionError):
                await self._pass_on(client, commands, valkey, answers)
        finally:
            commands.close()
            answers.close()
            self._passing.discard(task)

    async def _pass_on(
        self,
        client: asyncio.StreamReader,
        commands: asyncio.StreamWriter,
        valkey: asyncio.StreamReader,
        answers: asyncio.StreamWriter,
    ) -> None:
        """One command at a time, until either side goes or the server has been killed."""
        asked = hiredis.Reader(notEnoughData=_MORE)
        while chunk := await client.read(CHUNK):
            asked.feed(chunk)
            while (command := asked.gets()) is not _MORE:
                if name_of(command) == "SSUBSCRIBE":
                    while command is not _MORE:
                        commands.write(hiredis.pack_command(tuple(command)))
                        command = asked.gets()
                    return await _pour(client, commands, valkey, answers)
                moment = self._note(command)
                if moment is Moment.BEFORE:
                    return self._stopped()
                commands.write(hiredis.pack_command(tuple(command)))
                reply = await _one_reply(valkey)
                if moment is Moment.UNANSWERED:
                    return self._stopped()
                answers.write(reply)
                if moment is Moment.ANSWERED:
                    await asyncio.sleep(ACTS_FOR_S)
                    return self._stopped()
        return None

    def _note(self, command: list[bytes]) -> Moment | None:
        """Write a write down; the moment at which to stop, if this is the one."""
        name = name_of(command)
        if name in READS:
            return None
        self.writes.append(name)
        if self._stop_at is None:
            return None
        wanted, occurrence, moment = self._stop_at
        due = name == wanted and self.writes.count(name) == occurrence + 1
        return moment if due else None

    def _stopped(self) -> None:
        self._stop_at = None
        self._kill()
        self.reached.set()


_MORE: Final = object()


async def _one_reply(valkey: asyncio.StreamReader) -> bytes:
    """The bytes of the reply to the only command under way."""
    reader, raw = hiredis.Reader(notEnoughData=_MORE), b""
    while True:
        chunk = await valkey.read(CHUNK)
        if not chunk:
            raise ConnectionResetError
        raw += chunk
        reader.feed(chunk)
        if reader.gets() is not _MORE:
            return raw


async def _pour(
    client: asyncio.StreamReader,
    commands: asyncio.StreamWriter,
    valkey: asyncio.StreamReader,
    answers: asyncio.StreamWriter,
) -> None:
    """Pass on an inbox, where Valkey speaks unasked."""

    async def pour(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        while chunk := await source.read(CHUNK):
            sink.write(chunk)
        sink.close()

    await asyncio.gather(pour(client, commands), pour(valkey, answers))


def name_of(command: list[bytes]) -> str:
    """What a command is for: its script and what it says, or its verb and kind of key."""
    verb = command[0].decode().upper()
    if verb == "EVALSHA":
        keys = int(command[2])
        return _script_name(command[1].decode(), command[3 + keys :])
    if verb in READS:
        return verb
    key = re.sub(r"^\{.*?\}:", "", command[1].decode())
    return f"{verb} {key.split(':')[0]}"


def _script_name(digest: str, arguments: list[bytes]) -> str:
    name = SCRIPTS[digest]
    if name == "append":
        events: list[dict[str, Any]] = msgpack.unpackb(arguments[4])
        return " ".join([name, *(event["type"] for event in events)])
    if name == "swap":
        before, after = (value.decode().split(" ")[0] or "nothing" for value in arguments)
        return f"swap {before} for {after}"
    return name


def _digests() -> dict[str, str]:
    """The name of each script by the SHA-1 under which Valkey knows it."""
    names = (file.name for file in (files("server.store") / "lua").iterdir())
    scripts = {name.removesuffix(".lua") for name in names} - {"prologue"}
    return {
        hashlib.sha1(_source(name).encode(), usedforsecurity=False).hexdigest(): name
        for name in scripts
    }


SCRIPTS: Final = _digests()
