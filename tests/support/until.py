"""Waits for what tells nobody that it has happened."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

PATIENCE_S: Final = 60.0
LOOKS_EVERY_S: Final = 0.01


async def until(condition: Callable[[], Awaitable[bool] | bool]) -> None:
    """Look until it is so."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            found = condition()
            if found if isinstance(found, bool) else await found:
                return
            await asyncio.sleep(LOOKS_EVERY_S)
