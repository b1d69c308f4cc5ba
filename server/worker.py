"""One worker of `deckduel serve --workers N`: a process that the supervisor starts and hears.

It takes connections from sockets that it inherits, and beats into a pipe from its event loop:
the first beat says that it is ready, and one that beats no more is mute.
"""

import asyncio
import contextlib
import ctypes
import logging
import os
import signal
import socket
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import Struct

from server.settings import Settings

log: Final = logging.getLogger(__name__)

BEAT_S: Final = 1.0
LOG_FORMAT: Final = "%(asctime)s %(levelname)s worker {} (%(process)d) %(name)s: %(message)s"
_PR_SET_PDEATHSIG: Final = 1


class Plan(Struct, frozen=True):
    """What a worker is told, through its standard input.

    Inherited file descriptors: `sockets` are bound, and listen from when a worker first serves
    from them; `pipe` takes its beats. `supervisor` is the process with which it dies.
    """

    number: int
    settings: Settings
    redis_url: str
    sockets: Sequence[int]
    pipe: int
    supervisor: int


def packed(plan: Plan) -> bytes:
    """A plan as a worker reads it."""
    return msgspec.msgpack.encode(plan, enc_hook=str)


def main() -> int:
    """Serve as the plan on standard input says, until a signal; the exit code."""
    plan = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Plan, dec_hook=_path)
    _die_with(plan.supervisor)
    level = plan.settings.log_level.upper()
    logging.basicConfig(level=level, format=LOG_FORMAT.format(plan.number))
    import uvloop  # noqa: PLC0415 (heavy; the supervisor imports this module, too)

    from server.store.link import Unavailable  # noqa: PLC0415 (as above)

    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(_serve(plan))
    except Unavailable as error:
        log.error("Redis does not answer: %s", error)  # noqa: TRY400 (nothing of ours is wrong)
        return 1
    return 0


async def _serve(plan: Plan) -> None:
    from server.web import app  # noqa: PLC0415 (as above)

    os.set_blocking(plan.pipe, False)
    await app.run(
        plan.settings,
        plan.redis_url,
        sockets=[socket.socket(fileno=each) for each in plan.sockets],
        on_ready=lambda: _beat(plan.pipe),
    )


def _beat(pipe: int) -> None:
    """Beat, now and every second; where nobody listens any more, stop."""
    try:
        with contextlib.suppress(BlockingIOError):  # the supervisor is stopped, too
            os.write(pipe, b".")
    except BrokenPipeError:
        os.kill(os.getpid(), signal.SIGTERM)
    else:
        asyncio.get_running_loop().call_later(BEAT_S, _beat, pipe)


def _die_with(supervisor: int) -> None:
    """End when the supervisor does, however it ends: `kill -9` of us costs a reconnect."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != supervisor:
        sys.exit(1)


def _path(kind: type, value: Any) -> Path:  # noqa: ANN401 - what msgspec hands over
    assert kind is Path, kind
    return Path(value)


if __name__ == "__main__":
    sys.exit(main())
