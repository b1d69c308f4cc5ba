"""Carries the faults of a plan out on processes and connections, and counts those that took."""

import asyncio
import os
import random
import signal
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final, assert_never

from scripts.chaosing.plan import Fault, Kind, Way
from scripts.chaosing.proxy import Passage, Proxy
from scripts.chaosing.servers import Served
from server.store.embedded import EmbeddedRedis

PATIENCE_S: Final = 5.0
AGAIN_S: Final = 0.1


class Havoc:
    """Disturbs some servers and one Redis, fault by fault."""

    def __init__(self, servers: Sequence[Served], redis: EmbeddedRedis, seed: int) -> None:
        self.done: Final = Counter[Kind]()
        self._servers: Final = servers
        self._redis: Final = redis
        self._rng: Final = random.Random(seed)  # noqa: S311 - to be repeated
        self._lasting: Final = set[asyncio.Task[None]]()

    async def wreak(self, faults: Sequence[Fault]) -> None:
        """Carry out every fault at its time, and wait until the last has passed."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        for fault in faults:
            await asyncio.sleep(began + fault.at_s - loop.time())
            give_up = loop.time() + PATIENCE_S
            while not (took := self._commit(fault)) and loop.time() < give_up:  # noqa: ASYNC110
                await asyncio.sleep(AGAIN_S)  # nothing is there that it could be done to
            self.done[fault.kind] += took
        await asyncio.gather(*self._lasting)

    def _commit(self, fault: Fault) -> bool:
        """Begin one fault; False where there was nothing that it could be done to."""
        match fault.kind:
            case Kind.KILL_SERVER:
                return any(server.signal(signal.SIGKILL) for server in self._from(fault))
            case Kind.END_SERVER:
                return any(server.signal(signal.SIGTERM) for server in self._from(fault))
            case Kind.STOP_SERVER:
                return any(self._stop(fault, server.signal) for server in self._from(fault))
            case Kind.KILL_REDIS:
                return self._signal_redis(signal.SIGKILL)
            case Kind.STOP_REDIS:
                return self._stop(fault, self._signal_redis)
            case Kind.DELAY_LINK | Kind.CUT_LINK | Kind.LOSE_LINK | Kind.SWALLOW_LINK:
                return self._disturb(fault, [server.link for server in self._from(fault)])
            case Kind.DELAY_FRONT | Kind.CUT_FRONT | Kind.LOSE_FRONT | Kind.SWALLOW_FRONT:
                return self._disturb(fault, [server.front for server in self._from(fault)])
            case _:
                assert_never(fault.kind)

    def _stop(self, fault: Fault, send: Callable[[signal.Signals], bool]) -> bool:
        """Have a process stand still for a time."""
        if not send(signal.SIGSTOP):
            return False
        self._later(fault, lambda: send(signal.SIGCONT))
        return True

    def _signal_redis(self, number: signal.Signals) -> bool:
        pid = self._redis.pid
        if pid is not None:
            os.kill(pid, number)
        return pid is not None

    def _from(self, fault: Fault) -> Sequence[Served]:
        """All servers, the one that is meant first: another one may have to stand in for it."""
        return (*self._servers[fault.process :], *self._servers[: fault.process])

    def _disturb(self, fault: Fault, proxies: Sequence[Proxy]) -> bool:
        """Do something to some connections of the first proxy that has any."""
        there = next((list(proxy.passages) for proxy in proxies if proxy.passages), [])
        chosen = self._rng.sample(there, min(len(there), 1 + int(fault.share * len(there))))
        ways = tuple(Way) if fault.way is None else (fault.way,)
        for passage in chosen:
            self._disturb_one(fault, passage, ways)
        return bool(chosen)

    def _disturb_one(self, fault: Fault, passage: Passage, ways: Sequence[Way]) -> None:
        match fault.kind:
            case Kind.CUT_LINK | Kind.CUT_FRONT:
                passage.cut()
            case Kind.LOSE_LINK | Kind.LOSE_FRONT:
                passage.loses = True
            case Kind.SWALLOW_LINK | Kind.SWALLOW_FRONT:
                passage.holes.update(ways)
                self._later(fault, passage.cut)
            case _:
                passage.delay_s.update(dict.fromkeys(ways, fault.delay_s))
                self._later(fault, lambda: passage.delay_s.update(dict.fromkeys(Way, 0.0)))

    def _later(self, fault: Fault, undo: Callable[[], object]) -> None:
        async def wait() -> None:
            await asyncio.sleep(fault.lasts_s)
            undo()

        task = asyncio.create_task(wait())
        self._lasting.add(task)
        task.add_done_callback(self._lasting.discard)
