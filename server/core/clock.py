"""A process's picture of match time: Redis time less the pauses.

Scripts return match time with every reply. Between replies a process adds its own
monotonic clock, and learns of a pause when match time has come back by more than a
reply can be late.
"""

from typing import Final

PAUSE_MS: Final = 1000
"""Match time behind our picture by more than this means it stood still meanwhile, or that the
reply was as late as that: then the next prompt one takes the pause back."""
REMEMBERED: Final = 16


class MatchClock:
    """Match time as last heard, carried on by a monotonic clock; all in milliseconds.

    The caller brings the monotonic reading each time: nothing here reads a clock.
    The picture never runs ahead of Redis, because a reply only arrives after its
    time was read.
    """

    def __init__(self) -> None:
        self._offset: float | None = None
        self._best = 0.0  # the highest offset heard since the latest pause
        self._pauses: list[tuple[float, float]] = []

    def heard(self, at: int, mono: float) -> None:
        """Take in that a reply which arrived at `mono` said match time `at`."""
        offset = at - mono
        if self._offset is not None and self._offset - offset > PAUSE_MS:
            self._pauses.append((mono - (self._offset - offset), mono))
            del self._pauses[:-REMEMBERED]
            self._offset = self._best = offset
        elif self._offset is None:
            self._offset = self._best = offset
        elif offset > self._offset:
            self._offset = offset
            self._shorten_pause(offset)
        else:
            # A late reply looks like a slow clock: give way by a little only.
            self._offset += (offset - self._offset) / 64

    def _shorten_pause(self, offset: float) -> None:
        """Take back from the latest pause what a quicker reply shows to have been delay."""
        if offset > self._best and self._pauses:
            begin, stop = self._pauses[-1]
            self._pauses[-1] = (min(stop, begin + offset - self._best), stop)
        self._best = max(self._best, offset)

    def now(self, mono: float) -> int:
        """Match time at the monotonic reading `mono`; 0 before anything was heard."""
        return 0 if self._offset is None else int(mono + self._offset)

    def mono_of(self, at: int) -> float:
        """The monotonic reading at which match time is, or was, `at`."""
        return at - (self._offset or 0)

    def between(self, start: float, end: float) -> int:
        """Milliseconds of match time from one monotonic reading to a later one."""
        paused = sum(max(0.0, min(end, stop) - max(start, begin)) for begin, stop in self._pauses)
        return max(0, int(end - start - paused))
