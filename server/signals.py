"""What a signal asks of a server: that it stop, or that its workers be replaced."""

import asyncio
import os
import signal
from collections.abc import Callable


def heed(renew: Callable[[], None]) -> asyncio.Event:
    """Hear signals from now on; the event is set by those that ask the server to stop.

    SIGTERM and SIGINT do, and SIGHUP where it says that the terminal is closed: nobody
    would know of a server that went on. Any other SIGHUP calls `renew`.
    """
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    had_terminal = os.isatty(0)

    def hang_up() -> None:
        closed = had_terminal and not os.isatty(0)
        (stopped.set if closed else renew)()

    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stopped.set)
    loop.add_signal_handler(signal.SIGHUP, hang_up)
    return stopped
