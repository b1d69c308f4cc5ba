"""The browser that tests drive: the system's Chromium."""

import os
import shutil
from pathlib import Path

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


def find_chromium() -> Path:
    """The path of a Chromium: `DECKDUEL_CHROMIUM`, else one on PATH.

    Raises:
        RuntimeError: there is none; `scripts/test` installs it.
    """
    given = os.environ.get("DECKDUEL_CHROMIUM")
    found = given or next((path for name in NAMES if (path := shutil.which(name))), None)
    if not found:
        raise RuntimeError("No Chromium: install it, or run scripts/test, which does.")
    return Path(found)
