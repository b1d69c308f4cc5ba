"""Timers by key, each owned here: the only place where play waits for time to pass."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable, Hashable
from typing import Final, TypeAlias

log: Final = logging.getLogger(__name__)

FINISH_S: Final = 1.0

Job: TypeAlias = Callable[[], Awaitable[None]]


def mono_ms() -> float:
    """This process's monotonic clock, in milliseconds."""
    return time.monotonic() * 1000


class Timers:
    """One pending job per key; setting a key again replaces it.

    A job that fails is logged with its traceback: it is a bug of ours, and the
    sweeper will come by.
    """

    def __init__(self) -> None:
        self._pending: dict[Hashable, asyncio.TimerHandle] = {}
        self._running: set[asyncio.Task[None]] = set()
        self._closed = False

    def after(self, key: Hashable, delay_ms: float, job: Job) -> None:
        """Run `job` in `delay_ms`, in place of what `key` had pending."""
        self.cancel(key)
        if not self._closed:
            loop = asyncio.get_running_loop()
            self._pending[key] = loop.call_later(max(0, delay_ms) / 1000, self._fire, key, job)

    def soon(self, job: Job) -> None:
        """Run `job` now, beside the caller."""
        if not self._closed:
            task = asyncio.ensure_future(self._guarded(job))
            self._running.add(task)
            task.add_done_callback(self._running.discard)

    def every(self, key: Hashable, period_ms: float, job: Job) -> None:
        """Run `job` again and again, `period_ms` after it has ended each time."""

        async def beat() -> None:
            try:
                await job()
            finally:
                self.after(key, period_ms, beat)

        self.after(key, 0, beat)

    def pending(self, key: Hashable) -> bool:
        """Whether `key` has a job that has not begun."""
        return key in self._pending

    def cancel(self, key: Hashable) -> None:
        """Forget what `key` has pending; a job that runs already is not touched."""
        handle = self._pending.pop(key, None)
        if handle is not None:
            handle.cancel()

    async def close(self) -> None:
        """Begin nothing more, and wait for what runs; what takes too long is cancelled."""
        self._closed = True
        for key in list(self._pending):
            self.cancel(key)
        running = list(self._running)
        if running:
            await asyncio.wait(running, timeout=FINISH_S)
        for task in running:
            task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.gather(*running, return_exceptions=True)

    def _fire(self, key: Hashable, job: Job) -> None:
        self._pending.pop(key, None)
        self.soon(job)

    @staticmethod
    async def _guarded(job: Job) -> None:
        try:
            await job()
        except Exception:
            log.exception("a timed job failed")


async def sleep_ms(delay_ms: float) -> None:
    """Wait; for retries inside one job."""
    await asyncio.sleep(delay_ms / 1000)
