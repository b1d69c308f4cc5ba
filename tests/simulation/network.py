"""The ways between processes and the store: slow, cut off at any moment, never out of order.

A cut loses replies: those commands that had not arrived yet may still do so, up to some one of
them, while their callers have been told that nobody knows.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from random import Random
from typing import Any, Final

import hiredis
from redis.exceptions import ResponseError

from server.store.link import Unavailable
from tests.simulation.valkey import Command, Valkey

TIMEOUT_S: Final = 2.0
"""As the link's own: a reply that takes longer is not waited for."""
RECONNECT_S: Final = 0.005


class Pace:
    """How long things take on their way, in one world: mostly `usual_s`, sometimes far longer."""

    def __init__(self, rng: Random) -> None:
        self._rng: Final = rng
        self.usual_s = rng.choice((0.0001, 0.001, 0.005, 0.02, 0.06))
        self.seldom = rng.choice((0.0, 0.02, 0.1))
        self.long_s: Final = rng.choice((0.05, 0.3, 1.0))

    def calm(self) -> None:
        """Be quick from now on."""
        self.usual_s, self.seldom = min(self.usual_s, 0.005), 0.0

    def delay(self) -> float:
        """Of one message, one way, in seconds."""
        long_s = self.long_s if self._rng.random() < self.seldom else self.usual_s
        return self._rng.random() * 2 * long_s


class Store:
    """The one Valkey of a world and the ways to it; `note` takes what happens, for the trace."""

    def __init__(
        self,
        valkey: Valkey,
        loop: asyncio.AbstractEventLoop,
        rng: Random,
        pace: Pace,
        note: Callable[..., None],
    ) -> None:
        self.valkey: Final = valkey
        self.loop: Final = loop
        self.rng: Final = rng
        self.pace: Final = pace
        self.note: Final = note
        self.back_at = 0.0
        self._inboxes: Final[dict[str, Hearing]] = {}

    @property
    def gone(self) -> bool:
        """Whether nobody answers at the moment."""
        return self.loop.time() < self.back_at

    def carry_out(self, who: str, command: Command) -> Any:  # noqa: ANN401 - whatever Redis says
        """Have Valkey carry out one command now; whoever hears of it hears a little later."""
        at_us = round(self.loop.time() * 1e6)
        reply, published = self.valkey.carry_out(command, at_us)
        self.note(who, self.valkey.name(command), command, reply)
        for channel, payload in published:
            if channel in self._inboxes:
                self._inboxes[channel].carry(payload)
        return reply

    def listens(self, channel: str, inbox: "Hearing") -> None:
        """Hand a channel's messages to an inbox."""
        self.valkey.subscribe(channel)
        self._inboxes[channel] = inbox


class Call:
    """One command on its way there and back."""

    __slots__ = ("command", "future", "lost")

    def __init__(self, command: Command, future: "asyncio.Future[Any]") -> None:
        self.command = command
        self.future = future
        self.lost = False


class Way:
    """A process's connection for commands, in place of `Link`."""

    def __init__(self, store: Store) -> None:
        self._store: Final = store
        self.who = ""
        self.dead = False
        self._cut_off_until = 0.0
        self._there_at = self._back_at = 0.0
        self._in_flight: deque[Call] = deque()

    async def open(self) -> None:
        """Nothing to do: each command finds its way."""

    async def close(self) -> None:
        """End with the process."""
        self.dead = True

    def remember(self, digest: str, source: str) -> None:
        """Load a script."""
        self._store.valkey.remember(digest, source)

    def call(self, *command: Any) -> "asyncio.Future[Any]":  # noqa: ANN401 - as `Link`'s
        """Send a command; a dead process hears nothing more."""
        loop = self._store.loop
        call = Call(command, loop.create_future())
        if self.dead:
            return call.future
        pace = self._store.pace
        blocked_until = max(self._cut_off_until, self._store.back_at)
        if blocked_until > loop.time():
            loop.call_later(pace.delay(), _fail, call.future, "nobody there")
            return call.future
        self._there_at = max(self._there_at, loop.time() + pace.delay())
        self._in_flight.append(call)
        loop.call_at(self._there_at, self._arrive, call)
        loop.call_later(TIMEOUT_S, self._give_up, call)
        return call.future

    def cut(self, for_s: float = RECONNECT_S) -> None:
        """Lose the connection: what is on its way there may go on up to some command."""
        carried_on = self._store.rng.randint(0, len(self._in_flight))
        for position, call in enumerate(self._in_flight):
            call.lost = position >= carried_on
            _fail(call.future, "cut off")
        self._in_flight = deque()
        self._cut_off_until = max(self._cut_off_until, self._store.loop.time() + for_s)

    def hold_up(self, for_s: float) -> None:
        """Have whatever is sent from now on arrive after that time only."""
        self._there_at = max(self._there_at, self._store.loop.time() + for_s)

    def _arrive(self, call: Call) -> None:
        if call.lost or self._store.gone:
            return
        reply = self._store.carry_out(self.who, call.command)
        loop = self._store.loop
        self._back_at = max(self._back_at, loop.time() + self._store.pace.delay())
        loop.call_at(self._back_at, self._answer, call, reply)

    def _answer(self, call: Call, reply: Any) -> None:  # noqa: ANN401 - whatever Redis says
        if self.dead or call.future.done():
            return
        self._in_flight.remove(call)
        if isinstance(reply, hiredis.ReplyError):
            call.future.set_exception(ResponseError(str(reply)))
        else:
            call.future.set_result(reply)

    def _give_up(self, call: Call) -> None:
        if call in self._in_flight:
            self.cut()


class Hearing:
    """A process's connection for what others publish, in place of `Inbox`."""

    def __init__(
        self,
        store: Store,
        channels: Sequence[str],
        heard: Callable[[bytes], None],
        began: Callable[[Sequence[str]], None],
    ) -> None:
        self._store: Final = store
        self._channels: Final = channels
        self._heard: Final = heard
        self._began: Final = began
        self._hears = False
        self._spell = 0
        self._next_at = 0.0
        self.dead = False
        for channel in channels:
            store.listens(channel, self)

    async def probe(self) -> None:
        """Connect, if it is not."""
        if self._hears:
            return
        await asyncio.sleep(self._store.pace.delay())
        if self._store.gone or self.dead:
            raise Unavailable("nobody there")
        self._hears = True
        spell = self._spell
        await asyncio.sleep(self._store.pace.delay())
        if self._hears and spell == self._spell:
            self._began(self._channels)

    def cut(self) -> None:
        """Lose what is on its way, and whatever comes until it is noticed."""
        self._hears = False
        self._spell += 1

    def close(self) -> None:
        """Hear nothing any more."""
        self.cut()

    def carry(self, payload: bytes) -> None:
        """Take a message on its way."""
        if self._hears:
            loop = self._store.loop
            self._next_at = max(self._next_at, loop.time() + self._store.pace.delay())
            loop.call_at(self._next_at, self._deliver, payload, self._spell)

    def _deliver(self, payload: bytes, spell: int) -> None:
        if spell == self._spell and not self.dead:
            self._heard(payload)


def _fail(future: "asyncio.Future[Any]", why: str) -> None:
    if not future.done():
        future.set_exception(Unavailable(why))
        future.exception()  # a caller that goes now need not hear of it
