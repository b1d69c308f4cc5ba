"""The real Valkey as the simulation has it: one command at a time, at an instant it chooses."""

import hashlib
import socket
from collections.abc import Collection
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, NamedTuple

import hiredis

from server.store.scripts import _source

EPOCH_US: Final = 4_102_272_000_000_000
"""The instant at which every simulation begins, in 2099: what expires does so by the real clock,
which is long before."""
NOW: Final = "simulation:now"
_TIME: Final = "redis.call('TIME')"
_TIME_HERE: Final = f"redis.call('HMGET', '{NOW}', 's', 'us')"
_SYNC: Final = "simulation:heard"
_PUBLISHES: Final = "SPUBLISH"
_MESSAGE: Final = b"smessage"

Command = tuple[Any, ...]
Copy = dict[bytes, tuple[int, bytes]]
"""By key: for how long it lives on in ms, 0 for ever, and what `DUMP` says of it."""


class Mutant(NamedTuple):
    """A fault put into a script on purpose: a piece of its text, and what stands there instead."""

    script: str
    text: str
    instead: str


class Published(NamedTuple):
    """A message that a script has sent to a channel."""

    channel: str
    payload: bytes


class Valkey:
    """Two connections to a Valkey on a Unix socket: one speaks, one hears what is published."""

    def __init__(self, path: Path) -> None:
        self._speaking: Final = _Speaker(path)
        self._hearing: Final = _Speaker(path)
        self._hearing.say(("SSUBSCRIBE", _SYNC))
        self._hearing.hear()
        self._channels: Final[set[str]] = set()
        self._loaded: Final[dict[str, str]] = {}
        self._names: Final[dict[str, str]] = {}
        self._publishing: Final[set[str]] = set()
        self._mutants: tuple[Mutant, ...] = ()

    def close(self) -> None:
        """Let both connections go."""
        self._speaking.close()
        self._hearing.close()

    def begin(self, mutants: Collection[Mutant] = ()) -> None:
        """Begin a world: nothing is stored, nobody hears; its scripts are those of `mutants`."""
        if self._channels:
            self._hearing.say(*(("SUNSUBSCRIBE", channel) for channel in self._channels))
            for _ in self._channels:
                self._hearing.hear()
            self._channels.clear()
        if tuple(mutants) != self._mutants:
            self._loaded.clear()
            self._mutants = tuple(mutants)
        self.do("FLUSHALL")

    def remember(self, digest: str, source: str) -> None:
        """Load a script, its clock replaced by ours."""
        if digest in self._loaded:
            return
        name = self._names[digest] = self._names.get(digest) or _names()[digest]
        for mutant in self._mutants:
            if mutant.script == name:
                assert mutant.text in source, f"{name}.lua has no {mutant.text!r}"
                source = source.replace(mutant.text, mutant.instead)
        source = source.replace(_TIME, _TIME_HERE)
        assert "'TIME'" not in source, f"{name}.lua reads the clock in another way"
        self._loaded[digest] = self.do("SCRIPT", "LOAD", source).decode()
        if _PUBLISHES in source:
            self._publishing.add(digest)

    def name(self, command: Command) -> str:
        """What a command is called: a script by its file."""
        return self._names[command[1]] if command[0] == "EVALSHA" else str(command[0])

    def subscribe(self, channel: str) -> None:
        """Hear what is published there."""
        self._channels.add(channel)
        self._hearing.say(("SSUBSCRIBE", channel))
        self._hearing.hear()

    def do(self, *command: Any) -> Any:  # noqa: ANN401 - whatever Redis says
        """One command, at no particular instant."""
        self._speaking.say(command)
        reply = self._speaking.hear()
        assert not isinstance(reply, hiredis.ReplyError), reply
        return reply

    def carry_out(self, command: Command, at_us: int) -> tuple[Any, list[Published]]:
        """One command at an instant (μs since the simulation began): its reply, or the error
        that it gives, and what it published."""
        seconds, micros = divmod(EPOCH_US + at_us, 1_000_000)
        if command[0] == "TIME":
            return [b"%d" % seconds, b"%d" % micros], []
        if command[0] != "EVALSHA":
            self._speaking.say(command)
            return self._speaking.hear(), []
        digest = command[1]
        now = ("HSET", NOW, "s", seconds, "us", micros)
        call = ("EVALSHA", self._loaded[digest], *command[2:])
        publishes = digest in self._publishing
        self._speaking.say(now, call, *([("SPUBLISH", _SYNC, "")] if publishes else []))
        self._speaking.hear()
        reply = self._speaking.hear()
        if not publishes:
            return reply, []
        self._speaking.hear()
        return reply, self._published()

    def _published(self) -> list[Published]:
        """What has come in since it was last asked."""
        heard: list[Published] = []
        while True:
            kind, channel, payload = self._hearing.hear()
            assert kind == _MESSAGE
            if channel == _SYNC.encode():
                return heard
            heard.append(Published(channel.decode(), payload))

    def copy(self, tags: Collection[str]) -> Copy:
        """Every key that begins with one of these, as a replica has it by now."""
        keys = [key for tag in tags for key in self.do("KEYS", f"{tag}*")]
        return {key: (max(0, self.do("PTTL", key)), self.do("DUMP", key)) for key in keys}

    def fail_over(self, tags: Collection[str], copy: Copy) -> None:
        """Have what is stored under these be what a copy of earlier says."""
        for tag in tags:
            for key in self.do("KEYS", f"{tag}*"):
                self.do("DEL", key)
        for key, (life_ms, value) in copy.items():
            self.do("RESTORE", key, life_ms, value)


class _Speaker:
    """One synchronous connection."""

    def __init__(self, path: Path) -> None:
        self._socket: Final = socket.socket(socket.AF_UNIX)
        self._socket.connect(str(path))
        self._reader: Final = hiredis.Reader()

    def say(self, *commands: Command) -> None:
        self._socket.sendall(b"".join(hiredis.pack_command(command) for command in commands))

    def hear(self) -> Any:  # noqa: ANN401 - whatever Redis says
        while (reply := self._reader.gets()) is False:
            self._reader.feed(self._socket.recv(65_536))
        return reply

    def close(self) -> None:
        self._socket.close()


def _names() -> dict[str, str]:
    """The file of each script, by its digest."""
    scripts = (file.name for file in (files("server.store") / "lua").iterdir())
    stems = (name.removesuffix(".lua") for name in scripts if name != "prologue.lua")
    return {
        hashlib.sha1(_source(stem).encode(), usedforsecurity=False).hexdigest(): stem
        for stem in stems
    }
