"""Reaction times, as one process measures them: of what was shown here, late, or elsewhere."""

from server.core.clock import MatchClock
from server.core.events import CountdownStarted, RoundOpened, SeatConnected, SeatReady
from server.core.ids import SEATS, ProcessId
from server.play.live import READING_MS, LiveMatch
from server.play.telling import tell
from server.store.log import StoredEntry
from tests.play.given import Ear
from tests.store.given import MATCH, created

BEGUN_AT = 1_000
OPENED_AT = 5_000
BEHIND_MS = 100_000
"""How far the monotonic clock of these tests is ahead of match time."""
_CAME = [
    event for seat in SEATS for event in (SeatConnected(seat, ProcessId("here")), SeatReady(seat))
]
BEGUN = StoredEntry("a", BEGUN_AT, (created(), *_CAME, CountdownStarted()))
OPENED = StoredEntry("b", OPENED_AT, (RoundOpened(1),))


def mono(at: int) -> float:
    """The monotonic reading at a match time."""
    return float(at + BEHIND_MS)


def gathered() -> LiveMatch:
    """A match of two seats at this process that is about to open, a socket at each."""
    clock = MatchClock()
    clock.heard(BEGUN_AT, mono(BEGUN_AT))
    live = LiveMatch(MATCH, (BEGUN,), clock)
    for seat in SEATS:
        live.seats[seat].add(Ear())
    return live


def opens(live: LiveMatch, heard_at: int) -> None:
    """The first round opens, and this process hears of it at a match time."""
    tell(live, OPENED, mono(heard_at), None)


def test_a_question_counts_from_its_showing_here() -> None:
    live = gathered()
    opens(live, OPENED_AT + 40)
    assert live.elapsed(0, mono(OPENED_AT + 1_000)) == (960, True)


def test_a_question_of_which_this_process_heard_late_counts_from_250_ms_after_its_opening() -> None:
    live = gathered()
    opens(live, OPENED_AT + 2_000)
    assert live.elapsed(0, mono(OPENED_AT + 3_000)) == (3_000 - READING_MS, True)


def test_a_question_that_was_open_before_counts_from_its_opening_without_credit() -> None:
    live = gathered()
    opens(live, OPENED_AT)
    there = LiveMatch(MATCH, (BEGUN, OPENED), live.clock)
    there.shows(0, mono(OPENED_AT + 900))
    assert there.elapsed(0, mono(OPENED_AT + 1_000)) == (1_000, False)
