"""When a server that was started is ready: it says so once all its processes serve."""

import subprocess
import threading
from typing import Final

LAST_WORDS: Final = "Ctrl-C"
"""In the last line of what a server says of itself as soon as it serves."""


class NotReadyError(Exception):
    """The server ended before it was ready, or had to be killed."""


def said_until_ready(process: "subprocess.Popen[str]", patience_s: float) -> list[str]:
    """Read the lines of `deckduel serve` until it is ready; it is killed after `patience_s`.

    Raises:
        NotReadyError: it never will be.
    """
    assert process.stdout
    watch = threading.Timer(patience_s, process.kill)
    watch.start()
    lines = list[str]()
    try:
        for line in process.stdout:
            lines.append(line.removesuffix("\n"))
            if LAST_WORDS in line:
                return lines
        raise NotReadyError("\n".join(lines))
    finally:
        watch.cancel()
