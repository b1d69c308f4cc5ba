"""Tells a match's audience what an entry of its log brought about."""

from collections.abc import Iterable
from typing import assert_never

from msgspec import Struct

from server.core.commands import Decision, due
from server.core.events import (
    AnswerTaken,
    CountdownStarted,
    Event,
    MatchCreated,
    MatchEnded,
    RoundClosed,
    RoundOpened,
    SeatConnected,
    SeatDisconnected,
    SeatReady,
    SeatTold,
    Settled,
)
from server.core.ids import SEATS
from server.core.match import apply
from server.play import views
from server.play.listener import Listener
from server.play.live import LiveMatch
from server.store.log import StoredEntry
from server.wire.client import Ref
from server.wire.codec import Frame
from server.wire.messages import ServerMessage, Watchers


class Origin(Struct, frozen=True):
    """Whose command an entry is: that socket's reply carries the `ref`."""

    listener: Listener
    ref: Ref


def tell(
    live: LiveMatch,
    stored: StoredEntry,
    mono: float,
    origin: Origin | None,
    decision: Decision | None = None,
) -> None:
    """Take an entry into `live`, and send each of its events to whom it concerns.

    `decision` is the one that the entry holds, at the instant at which it was decided: then
    it need not be folded again.
    """
    closes = RoundClosed in map(type, stored.events)
    now = live.clock.now(mono)
    live.length += 1
    live.last, live.last_at = stored.head, stored.at
    for index, event in enumerate(stored.events):
        state = decision.states[index] if decision else apply(live.state, event, stored.at)
        live.advance(state, mono)
        _tell_event(live, event, now, origin, closes=closes)
    live.due = decision.due if decision else due(live.state)


def tell_anew(live: LiveMatch, now: int) -> None:
    """Send fresh snapshots to everyone: the log is not what it was."""
    for seat in SEATS:
        _send(live.seats[seat], views.snapshot(live.state, seat, now, live.watchers))
    _send(live.spectators, views.snapshot(live.state, None, now, live.watchers))


def tell_watchers(live: LiveMatch, mono: float) -> None:
    """Tell everybody in a match how many watch it."""
    live.told_watchers_at = mono
    _send(live.audience(), Watchers(match=live.id, watchers=live.watchers))


def _tell_event(
    live: LiveMatch, event: Event, now: int, origin: Origin | None, *, closes: bool
) -> None:
    state = live.state
    match event:
        case AnswerTaken():
            _tell_answer(live, event, origin)
            if not closes:
                _send(live.others(event.seat), views.answer_taken(state, event))
        case RoundClosed():
            _send(live.audience(), views.round_closed(state, now))
        case RoundOpened():
            _send(live.audience(), views.round_opened(state, now))
        case SeatConnected() | SeatDisconnected() | SeatReady():
            _send(live.audience(), views.seat_changed(state, event.seat, now))
        case CountdownStarted():
            _send(live.audience(), views.countdown_started(state, now))
        case MatchCreated() | SeatTold() | MatchEnded():
            return
        case Settled():
            over = views.match_over(state)
            if over is not None:
                _send(live.audience(), over)
        case _:
            assert_never(event)


def _tell_answer(live: LiveMatch, event: AnswerTaken, origin: Origin | None) -> None:
    """The player's own sockets learn what was taken; the one that asked, with its `ref`."""
    own = views.own_answer_taken(live.state, event)
    frame = Frame(own)
    for listener in live.seats[event.seat]:
        if origin is None or listener is not origin.listener:
            listener.send(frame)
    if origin is not None:
        reply = frame if origin.ref is None else Frame(views.replied(own, origin.ref))
        origin.listener.send(reply)


def _send(listeners: Iterable[Listener], message: ServerMessage) -> None:
    frame = Frame(message)
    for listener in listeners:
        listener.send(frame)
