"""The supervisor of `deckduel serve --workers N`: keeps N workers serving on one port.

It owns what outlives a worker: the listening sockets, so that whoever connects while one is
replaced waits for the next, and what dead workers have counted. It touches no connection.
"""

import asyncio
import contextlib
import logging
import os
import signal
import socket
import sys
import tempfile
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from pathlib import Path
from time import monotonic
from typing import Final

import msgspec
from prometheus_client.multiprocess import mark_process_dead

from server.listening import CannotStartError, open_for
from server.settings import Settings
from server.signals import heed
from server.web.metrics import FOLDER
from server.worker import Plan, packed

log: Final = logging.getLogger(__name__)

START_LIMIT_S: Final = 30.0
LOOK_S: Final = 0.5
MUTE_LOOKS: Final = 10
"""After so many looks without a beat between them, 5 s, a worker is killed: stopped, or stuck."""
DRAIN_LIMIT_S: Final = 6.0
"""A worker that has not drained by then is killed: with Redis, all end within ten seconds."""
FIRST_BACKOFF_S: Final = 0.05
LONGEST_BACKOFF_S: Final = 5.0
STEADY_S: Final = 30.0
"""One that lived so long is replaced without a pause."""


class Worker:
    """One process, from its start to its end."""

    def __init__(self, process: asyncio.subprocess.Process, pipe: int) -> None:
        self.pid: Final = process.pid
        self.born: Final = monotonic()
        self.exit: Final = asyncio.ensure_future(process.wait())
        self._process: Final = process
        self._pipe: Final = pipe
        self._beaten: Final = asyncio.Event()
        self.has_served = False

    @classmethod
    async def start(cls, plan: Plan, environment: dict[str, str]) -> "Worker":
        """Start a process; `plan.pipe` is replaced by one that this end reads."""
        ours, theirs = os.pipe()
        os.set_blocking(ours, False)
        try:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-P", "-m", "server.worker"),
                stdin=asyncio.subprocess.PIPE,
                pass_fds=(*plan.sockets, theirs),
                env=environment,
                start_new_session=True,  # a Ctrl-C is the supervisor's
            )
        except BaseException:
            os.close(ours)
            raise
        finally:
            os.close(theirs)
        assert process.stdin is not None
        process.stdin.write(packed(msgspec.structs.replace(plan, pipe=theirs)))
        process.stdin.close()
        worker = cls(process, ours)
        asyncio.get_running_loop().add_reader(ours, worker._hear)
        worker.exit.add_done_callback(worker._close)
        return worker

    async def is_ready(self) -> bool:
        """Wait for its first beat; one that does not come to it is killed, and the log says so."""
        first = asyncio.ensure_future(self._beaten.wait())
        try:
            await asyncio.wait(
                {first, self.exit}, timeout=START_LIMIT_S, return_when=asyncio.FIRST_COMPLETED
            )
        finally:
            first.cancel()
        if not self.has_served:
            how = f"ended ({self.exit.result()})" if self.exit.done() else "is killed"
            log.error("process %d did not become ready, and %s", self.pid, how)
            await self.kill()
        return self.has_served

    async def ended(self) -> int:
        """Wait for its end, and kill it once it is mute; how it ended."""
        mute = asyncio.ensure_future(self._mute())
        try:
            await asyncio.wait({mute, self.exit}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            mute.cancel()
        if not self.exit.done():
            log.error("process %d is mute and is killed", self.pid)
            await self.kill()
        return self.exit.result()

    async def drain(self) -> None:
        """Have it send its clients elsewhere and end; it is killed if it takes too long."""
        self._signal(signal.SIGTERM)
        await asyncio.wait({self.exit}, timeout=DRAIN_LIMIT_S)
        if not self.exit.done():
            log.warning("process %d did not drain in %.0f s and is killed", self.pid, DRAIN_LIMIT_S)
            await self.kill()

    async def kill(self) -> None:
        """End it at once."""
        self._signal(signal.SIGKILL)
        await asyncio.wait({self.exit})

    def _signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(number)

    async def _mute(self) -> None:
        """Wait until it is mute: looks are counted, as time goes on while the machine stands still.

        Then workers stood still as well, and none is to be killed for it.
        """
        silent = 0
        while silent < MUTE_LOOKS:
            self._beaten.clear()
            await asyncio.sleep(LOOK_S)
            self._hear()
            silent = 0 if self._beaten.is_set() else silent + 1

    def _hear(self) -> None:
        if self.exit.done():
            return
        with contextlib.suppress(BlockingIOError):
            if os.read(self._pipe, 4096):
                self.has_served = True
                self._beaten.set()
            else:
                asyncio.get_running_loop().remove_reader(self._pipe)

    def _close(self, _: asyncio.Future[int]) -> None:
        asyncio.get_running_loop().remove_reader(self._pipe)
        os.close(self._pipe)


class Slot:
    """The place of one worker: whoever serves in it takes connections from the same sockets."""

    def __init__(self, plan: Plan, start: Callable[[Plan], Awaitable[Worker]]) -> None:
        self._plan: Final = plan
        self._start: Final = start
        self._changing: Final = asyncio.Lock()
        self._worker: Worker | None = None
        self._backoff_s = 0.0

    async def fill(self) -> bool:
        """Start a worker; whether it is ready, and has taken the place of the one before."""
        try:
            worker = await self._start(self._plan)
        except OSError:  # of processes, memory or files: there may be some again
            log.exception("worker %d: no process could be started", self._plan.number)
            return False
        if not await worker.is_ready():
            return False
        self._worker = worker
        return True

    async def keep(self) -> None:
        """Replace whoever ends here, until cancelled; one must serve already."""
        while (worker := self._worker) is not None:
            code = await worker.ended()
            async with self._changing:
                if worker is self._worker:
                    await self._refill(worker, code)

    async def replace(self) -> bool:
        """Drain the worker once its successor is ready; False where none becomes so."""
        async with self._changing:
            before = self._worker
            assert before is not None
            if not await self.fill():
                what = "no successor of worker %d became ready: process %d goes on serving"
                log.error(what, self._plan.number, before.pid)
                return False
        await before.drain()
        log.info("worker %d: process %d has been replaced", self._plan.number, before.pid)
        return True

    async def _refill(self, ended: Worker, code: int) -> None:
        what = "worker %d (process %d) ended (%d) and is replaced in %.2f s"
        if monotonic() - ended.born > STEADY_S:
            self._backoff_s = 0.0
        while True:
            log.error(what, self._plan.number, ended.pid, code, self._backoff_s)
            await asyncio.sleep(self._backoff_s)
            self._backoff_s = min(max(2 * self._backoff_s, FIRST_BACKOFF_S), LONGEST_BACKOFF_S)
            if await self.fill():
                return
            what = "no successor of worker %d (process %d, ended %d) became ready; again in %.2f s"


class Supervisor:
    """All workers of a server; `folder` is where they count together."""

    def __init__(
        self,
        settings: Settings,
        redis_url: str,
        doors: Sequence[Sequence[socket.socket]],
        folder: str,
    ) -> None:
        self._alive: Final[set[Worker]] = set()
        self._environment: Final = os.environ | {FOLDER: folder}
        self._folder: Final = folder
        self._slots: Final = [
            Slot(
                Plan(
                    number=number,
                    settings=settings,
                    redis_url=redis_url,
                    sockets=[door.fileno() for door in sockets],
                    pipe=-1,
                    supervisor=os.getpid(),
                ),
                self._start,
            )
            for number, sockets in enumerate(doors, 1)
        ]

    async def start(self) -> None:
        """Have a worker serve in every slot.

        Raises:
            CannotStartError: one of them does not become ready.
        """
        ready = await asyncio.gather(*(slot.fill() for slot in self._slots))
        if not all(ready):
            failed = [str(number) for number, each in enumerate(ready, 1) if not each]
            message = f"Worker {', '.join(failed)} did not become ready; the log says why."
            raise CannotStartError(message)

    async def keep(self) -> None:
        """Replace every worker that ends, until cancelled."""
        async with asyncio.TaskGroup() as keeping:
            for slot in self._slots:
                keeping.create_task(slot.keep())

    async def replace(self) -> None:
        """Replace the workers one by one; where one cannot be, leave the others as they are."""
        for slot in self._slots:
            if not await slot.replace():
                return

    async def stop(self) -> None:
        """Drain all workers at once, and wait until they are gone."""
        await asyncio.gather(*(worker.drain() for worker in tuple(self._alive)))

    async def _start(self, plan: Plan) -> Worker:
        worker = await Worker.start(plan, self._environment)
        self._alive.add(worker)
        worker.exit.add_done_callback(lambda _: self._bury(worker))
        return worker

    def _bury(self, worker: Worker) -> None:
        """What it counted stays, unless that is nothing; what it held is gone with it."""
        self._alive.discard(worker)
        mark_process_dead(worker.pid, self._folder)  # type: ignore[no-untyped-call]
        if not worker.has_served:
            for counted in Path(self._folder).glob(f"*_{worker.pid}.db"):
                counted.unlink()


async def run(settings: Settings, redis_url: str, *, on_ready: Callable[[], None]) -> None:
    """Serve until a signal says stop; `on_ready` is called once every worker serves.

    SIGHUP replaces the workers one by one.

    Raises:
        CannotStartError: the port cannot be listened on, or a worker does not become ready.
    """
    renewed = asyncio.Event()
    stopped = heed(renewed.set)
    with (
        open_for(settings.workers, settings.host, settings.port) as doors,
        tempfile.TemporaryDirectory(prefix="deckduel-") as folder,
    ):
        supervisor = Supervisor(settings, redis_url, doors, folder)
        try:
            await _unless(stopped, supervisor.start())
            if not stopped.is_set():
                on_ready()
                await _unless(stopped, _keep(supervisor, renewed))
        finally:
            await supervisor.stop()


async def _unless(stopped: asyncio.Event, work: Coroutine[None, None, None]) -> None:
    """Do some work, but no longer than until the server is to stop; a bug of ours ends it, too."""
    working = asyncio.ensure_future(work)
    stopping = asyncio.ensure_future(stopped.wait())
    await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if not working.done():
        working.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await working


async def _keep(supervisor: Supervisor, renewed: asyncio.Event) -> None:
    async with asyncio.TaskGroup() as both:
        both.create_task(supervisor.keep())
        both.create_task(_renew(supervisor, renewed))


async def _renew(supervisor: Supervisor, renewed: asyncio.Event) -> None:
    while True:
        await renewed.wait()
        renewed.clear()
        await supervisor.replace()
