"""One world: a few processes and players on one store, all that is random drawn from one seed."""

import asyncio
import hashlib
import logging
import random
import secrets
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from random import Random
from traceback import extract_tb
from types import SimpleNamespace
from typing import Any, Final, NamedTuple, cast
from unittest import mock

import hiredis

from server.core.ids import PlayerId
from server.play import timers
from server.settings import Settings, from_sources
from server.store import keys
from server.store.link import Unavailable
from server.store.players import Account
from server.web import services
from server.web.dispatch import Dispatch
from server.web.metrics import Metrics
from server.web.services import Services
from tests.simulation.loop import VirtualLoop
from tests.simulation.network import Hearing, Pace, Store, Way
from tests.simulation.person import Person, Told
from tests.simulation.valkey import Command, Valkey

NAMES: Final = ("Ada", "Bob", "Cyd", "Dan")
MOST_HAPPENINGS: Final = 10_000
"""A world in which more happens goes round in circles."""
_metrics: Final = Metrics()
_logger: Final = logging.getLogger("server")


class Happened(NamedTuple):
    """A line of the trace: a command that the store has carried out, or what befell a process."""

    at: float
    who: str
    what: str
    command: Command
    reply: Any


class Process:
    """One process of a world: real services on a simulated way to the store."""

    def __init__(self, world: "World", number: int) -> None:
        self.number: Final = number
        self.dead = False
        self._world: Final = world
        self.services: Final = Services(world.settings, "", _metrics)
        self.way: Final = cast("Way", self.services.link)
        self.way.who = str(number)
        self.inbox: Final = cast("Hearing", self.services.inbox)
        self.dispatch: Final = Dispatch(self.services)

    async def start(self) -> None:
        """Begin to beat as soon as the store answers."""
        while not self.dead:
            try:
                await self.services.start()
            except Unavailable:
                await asyncio.sleep(0.05)
            else:
                return

    def bug(self, error: Exception) -> None:
        """Take down what must not happen."""
        self._world.bugs.append(f"process {self.number}: {error!r}")

    def die(self) -> None:
        """As by kill -9: nothing of it is heard again."""
        self.dead = self.way.dead = self.inbox.dead = True
        self.way.cut()
        self.inbox.cut()
        self.services.timers._closed = True
        for key in list(self.services.timers._pending):
            self.services.timers.cancel(key)


class World:
    """Processes, players, the store, and all that was told and done; `trace` is in order."""

    def __init__(self, seed: str, valkey: Valkey, loop: VirtualLoop, settings: Settings) -> None:
        self.rng: Final = Random(seed)  # noqa: S311 - to be repeated
        self.loop: Final = loop
        self.settings: Final = settings
        self.trace: Final[list[Happened]] = []
        self.bugs: Final[list[str]] = []
        self.pace: Final = Pace(self.rng)
        self.store: Final = Store(valkey, loop, self.rng, self.pace, self.note)
        self.processes: Final[list[Process]] = []
        self.people: Final[list[Person]] = []
        self.lost: Final[set[str]] = set()
        """The tags of keys that a failover has set back."""
        self.failing_over = False

    @property
    def living(self) -> list[Process]:
        """The processes that have not died."""
        return [process for process in self.processes if not process.dead]

    def everything_told(self) -> Iterator[tuple[Person, Told]]:
        """Every message, by person and page."""
        for person in self.people:
            for page in person.pages:
                for told in page.told:
                    yield person, told

    def note(self, who: str, what: str, command: Command = (), reply: Any = None) -> None:  # noqa: ANN401
        """Have the trace say that something happened."""
        told = str(reply) if isinstance(reply, hiredis.ReplyError) else reply
        self.trace.append(Happened(self.loop.time(), who, what, command, told))
        if len(self.trace) > MOST_HAPPENINGS:
            self.loop.stop()

    def begin_process(self) -> Process:
        """One more process."""
        process = Process(self, len(self.processes))
        self.processes.append(process)
        self.loop.create_task(process.start())
        self.note(str(process.number), "begins")
        return process

    def kill(self, process: Process) -> None:
        """End a process without a word; those with a page there come again."""
        self.note(str(process.number), "dies")
        process.die()
        for person in self.people:
            person.dropped(process)

    def cut_off(self, for_s: float) -> None:
        """Have the store be gone for a while, and every connection to it."""
        self.store.back_at = max(self.store.back_at, self.loop.time() + for_s)
        for process in self.living:
            process.way.cut()
            process.inbox.cut()

    def add_person(self) -> Person:
        """One more player, who has an account."""
        number = len(self.people)
        player, name = PlayerId(f"p{number}"), NAMES[number]
        account = keys.account(player)
        self.store.valkey.do("HSET", account, "name", name, "bot", 0, "created_at", 0)
        rng = Random(self.rng.getrandbits(64))  # noqa: S311 - to be repeated
        whoever = Account(player, name, bot=False)
        self.people.append(Person(whoever, number, rng, self.pace, self._somewhere))
        return self.people[-1]

    def _somewhere(self) -> Process | None:
        """Where a new page finds itself: no stickiness."""
        return self.rng.choice(self.living) if self.living else None


@contextmanager
def world(seed: str, valkey: Valkey, **flags: int | str) -> Iterator[World]:
    """A world that is empty yet; within, the clock and all that is random are the seed's."""
    loop = VirtualLoop()
    made = World(seed, valkey, loop, quick(**flags))
    tokens = Random(f"tokens {seed}")  # noqa: S311 - to be repeated

    def token(size: int = 0) -> str:
        return hashlib.sha1(tokens.randbytes(8), usedforsecurity=False).hexdigest()[: size or 9]

    def way(_: str) -> Way:
        return Way(made.store)

    def some_random() -> Random:
        return Random(tokens.random())  # noqa: S311 - to be repeated

    def hearing(_: str, channels: list[str], heard: Any, began: Any) -> Hearing:  # noqa: ANN401
        return Hearing(made.store, channels, heard, began)

    bugs = _Bugs(made.bugs)
    patches: tuple[AbstractContextManager[Any], ...] = (
        mock.patch.object(services, "Link", way),
        mock.patch.object(services, "Inbox", hearing),
        mock.patch.object(services, "SystemRandom", some_random),
        mock.patch.object(services, "CHARACTERS", ()),
        mock.patch.object(timers, "time", SimpleNamespace(monotonic=loop.time)),
        mock.patch.object(secrets, "token_urlsafe", token),
        mock.patch.object(secrets, "choice", tokens.choice),
        mock.patch.object(random, "uniform", tokens.uniform),
        bugs.listening(),
    )
    with ExitStack() as stack:
        for patch in patches:
            stack.enter_context(patch)
        try:
            yield made
        finally:
            _wind_up(made)
            loop.close()


def quick(**flags: int | str) -> Settings:
    """The settings of a world in which matches are short."""
    given: dict[str, int | str] = {
        "redis_url": "redis://simulated",
        "rounds": 2,
        "round_ms": 1_000,
        "reveal_ms": 50,
        "countdown_ms": 50,
        "ready_ms": 2_500,
        "forfeit_ms": 3_000,
        "pair_every_ms": 200,
        "pair_limits": "on",
        "rate_limit": 0,
    }
    return from_sources({name: str(value) for name, value in (given | flags).items()}, {})


def _wind_up(made: World) -> None:
    """End every task, so that none is left to the next world."""
    for process in made.living:
        process.die()
    while tasks := asyncio.all_tasks(made.loop):
        for task in tasks:
            task.cancel()
        made.loop.run_until_complete(asyncio.sleep(0))


class _Bugs(logging.Handler):
    """Takes down whatever is logged as an error: only our bugs are."""

    def __init__(self, bugs: list[str]) -> None:
        super().__init__(logging.ERROR)
        self._bugs: Final = bugs

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        where = [frame.name for frame in extract_tb(error.__traceback__)] if error else []
        self._bugs.append(f"{record.getMessage()}: {error!r} in {where}")

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Hear everything and say nothing."""
        propagates = _logger.propagate
        _logger.addHandler(self)
        _logger.propagate = False
        try:
            yield
        finally:
            _logger.removeHandler(self)
            _logger.propagate = propagates
