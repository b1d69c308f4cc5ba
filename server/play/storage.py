"""Whether Redis answers, partition by partition, as the sweeper's beats find it."""

import logging
from collections.abc import Callable, Iterable
from typing import Final

log: Final = logging.getLogger(__name__)

SILENT_MS: Final = 2_000
"""Redis is away when it has answered no beat for so long: match time then stands still
(`GAP_MS` in `lua/prologue.lua`). A shorter silence is nobody's business."""


class Storage:
    """What is known of Redis at this process; instants are monotonic milliseconds."""

    def __init__(self, partitions: int) -> None:
        self._answered_at: Final = [0.0] * partitions
        self._away: Final[set[int]] = set()
        self._changed: Callable[[], None] = lambda: None

    def when_it_changes(self, changed: Callable[[], None]) -> None:
        """Have `changed` called whenever a partition goes away or is back."""
        self._changed = changed

    @property
    def any_away(self) -> bool:
        """Whether there is a partition that does not answer."""
        return bool(self._away)

    @property
    def gone(self) -> bool:
        """Whether nothing at all answers."""
        return len(self._away) == len(self._answered_at)

    def reaches(self, partitions: Iterable[int]) -> bool:
        """Whether all of these partitions answer, and anything at all does."""
        return not self._away or not (self.gone or self._away.intersection(partitions))

    def answered(self, partition: int, at: float) -> bool:
        """Note that a beat was answered; whether the partition had been away."""
        self._answered_at[partition] = at
        if partition not in self._away:
            return False
        self._away.discard(partition)
        log.warning("Redis answers again (partition %d)", partition)
        self._changed()
        return True

    def silent(self, partition: int, at: float, why: Exception) -> None:
        """Note that a beat was not answered."""
        if at - self._answered_at[partition] < SILENT_MS or partition in self._away:
            return
        self._away.add(partition)
        log.warning("Redis does not answer (partition %d): %s", partition, why)
        self._changed()
