"""The supervisor's judgement, one slot or worker at a time; with real workers, `test_workers`."""

import asyncio
import contextlib
import errno
import os
import signal
import time
from pathlib import Path
from typing import Final, cast
from unittest import mock

from server import supervisor
from server.settings import Settings
from server.supervisor import Slot, Worker
from server.worker import Plan
from tests.serving import PATIENCE_S

PLAN: Final = Plan(1, Settings(data_dir=Path("/nowhere")), "", (), -1, 0)
LOOK_S: Final = 0.01


class Steady:
    """Stands for a worker that is ready at once, and ends when it is told to."""

    pid = born = 0

    def __init__(self) -> None:
        self.end = asyncio.Event()

    async def is_ready(self) -> bool:
        return True

    async def ended(self) -> int:
        await self.end.wait()
        return 1


async def test_a_worker_is_replaced_once_there_is_room_for_a_process_again() -> None:
    started: list[Steady] = []
    again = asyncio.Event()
    room = True

    async def start(_: Plan) -> Worker:
        nonlocal room
        if not room:
            room = True
            raise BlockingIOError(errno.EAGAIN, "no more processes")
        started.append(Steady())
        if len(started) > 1:
            again.set()
        return cast("Worker", started[-1])

    slot = Slot(PLAN, start)
    assert await slot.fill()
    keeping = asyncio.ensure_future(slot.keep())
    room = False
    started[0].end.set()
    async with asyncio.timeout(PATIENCE_S):
        await asyncio.wait(
            {keeping, asyncio.ensure_future(again.wait())}, return_when="FIRST_COMPLETED"
        )
    assert not keeping.done()
    keeping.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await keeping
    assert len(started) == 2


async def test_time_that_the_supervisor_stood_still_is_held_against_no_worker() -> None:
    process = await asyncio.create_subprocess_exec("sleep", str(PATIENCE_S))
    ours, theirs = os.pipe()
    os.set_blocking(ours, False)
    worker = Worker(process, ours)
    asyncio.get_running_loop().add_reader(ours, worker._hear)
    with mock.patch.object(supervisor, "LOOK_S", LOOK_S):
        ending = asyncio.ensure_future(worker.ended())
        await asyncio.sleep(LOOK_S)
        time.sleep(2 * supervisor.MUTE_LOOKS * LOOK_S)  # noqa: ASYNC251 (the machine is paused)
        for _ in range(2 * supervisor.MUTE_LOOKS):
            await asyncio.sleep(LOOK_S)
            os.write(theirs, b".")
        assert not ending.done()
        async with asyncio.timeout(PATIENCE_S):
            assert await ending == -signal.SIGKILL
    asyncio.get_running_loop().remove_reader(ours)
    os.close(ours)
    os.close(theirs)
