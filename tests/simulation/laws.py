"""The laws: what must hold of the store, and of what everybody was told, whatever happened."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any, Final, NamedTuple

import msgspec

from server.core.commands import GRACE_MS
from server.core.elo import RatingChange, Standing, advance, rate
from server.core.events import (
    AnswerTaken,
    CountdownStarted,
    Event,
    MatchEnded,
    RoundClosed,
    RoundOpened,
    SeatConnected,
    SeatDisconnected,
    SeatReady,
    Settled,
)
from server.core.ids import SEATS, BySeat, MatchId, PlayerId, Seat
from server.core.match import Match, apply
from server.core.outcome import Outcome, went_of
from server.play.views import seat_view
from server.store import keys
from server.store.keys import LadderKeys, PartitionKeys
from server.store.ladder import RatedMatch, decode_record
from server.store.link import scored
from server.store.log import STAMP_LAG_MS, StoredEntry
from server.store.seeks import GONE_MS
from server.wire import messages as wire
from tests.simulation.law_of_seeks import cancels
from tests.simulation.person import DECK, Page
from tests.simulation.valkey import EPOCH_US
from tests.simulation.world import World

PARTITION: Final = PartitionKeys(0)
LADDER: Final = LadderKeys(DECK)
_entry: Final = msgspec.msgpack.Decoder(StoredEntry)
_rated: Final = msgspec.msgpack.Decoder(tuple[int, RatedMatch])


class Played(NamedTuple):
    """A match as its log has it: its entries, and the state after each."""

    entries: tuple[StoredEntry, ...]
    states: tuple[Match, ...]

    @property
    def events(self) -> list[Event]:
        """Every event, in order."""
        return [event for stored in self.entries for event in stored.events]


def left(made: World) -> list[str]:
    """What is still to be done, or held by nobody's fault but ours."""
    do = made.store.valkey.do
    found = [
        f"{person.account.name} is held by {held.decode()!r}"
        for person in made.people
        if (held := do("GET", keys.busy(person.account.id)))
    ]
    for player, beaten in scored(do("ZRANGE", LADDER.beats("rated"), 0, -1, "WITHSCORES")):
        if beaten > now_ms(made) - GONE_MS:  # else the next pass drops it
            found.append(f"the seek of {player.decode()} is left")
    lists = [PARTITION.due, PARTITION.settle, LADDER.claims]
    if not made.lost:  # a match that a failover took is listed for a minute
        lists.append(LADDER.playing)
    found += [f"something is left in {key}" for key in lists if do("EXISTS", key)]
    return [f"left: {what}" for what in found]


def now_ms(made: World) -> int:
    """Redis time, as the scripts see it."""
    return round(EPOCH_US / 1_000 + made.loop.time() * 1_000)


def broken(made: World) -> list[str]:
    """Every law that does not hold, now that all is at rest; each by its name."""
    matches = _matches(made)
    laws: dict[str, Iterable[str]] = {
        "bugs": made.bugs,
        "logs": _logs(matches),
        "told": _told(made, matches),
        "results": _results(made),
        "cancels": cancels(made, matches),
        "paired": _paired(made, matches),
        "stands": _stands(made, matches),
        "ratings": _ratings(made, matches),
    }
    return [f"{name}: {what}" for name, found in laws.items() for what in found]


def _matches(made: World) -> dict[MatchId, Played]:
    """Every match with a log, live or settled."""
    do, found = made.store.valkey.do, {}
    for key in do("KEYS", "{m:0}:record:*") + do("KEYS", "{m:0}:log:*"):
        entries = tuple(_entry.decode(raw) for raw in do("LRANGE", key, 0, -1))
        states, state = [], None
        for stored in entries:
            for event in stored.events:
                state = apply(state, event, stored.at)
            assert state is not None
            states.append(state)
        found[MatchId(key.decode().rpartition(":")[2])] = Played(entries, tuple(states))
    return found


def _logs(matches: dict[MatchId, Played]) -> Iterator[str]:
    """Each log by itself: nothing twice, nothing before its time, one end."""
    for match, played in matches.items():
        for what in _log(played):
            yield f"{match}: {what}"


def _log(played: Played) -> Iterator[str]:
    if len({stored.nonce for stored in played.entries}) < len(played.entries):
        yield "an entry is there twice"
    stamps = [stored.at for stored in played.entries]
    for one, two in pairwise(stamps):
        if two < one - STAMP_LAG_MS:
            yield f"time went back from {one} to {two}"
    events = played.events
    answers = Counter((e.round, e.seat) for e in events if isinstance(e, AnswerTaken))
    yield from (f"answer {what} was taken {n} times" for what, n in answers.items() if n > 1)
    for kind in (RoundOpened, RoundClosed):
        rounds = [event.round for event in events if isinstance(event, kind)]
        if rounds != list(range(1, len(rounds) + 1)):
            yield f"{kind.__name__} of {rounds}"
    for single in (MatchEnded, Settled):
        if sum(isinstance(event, single) for event in events) != 1:
            yield f"not one {single.__name__}: {events}"
    for round_ in played.states[-1].closed:
        assert round_.closed_at is not None
        due = round_.opened_at + played.states[-1].limits.round_ms + GRACE_MS
        if None in round_.answers and round_.closed_at < due:
            yield f"round {round_.number} closed at {round_.closed_at}, before {due}"


def _told(made: World, matches: dict[MatchId, Played]) -> Iterator[str]:
    """Every page heard of a match what its log says, in its order and without a gap.

    After a failover that holds of what it heard since the last snapshot.
    """
    for person in made.people:
        for number, page in enumerate(person.pages):
            for match, played in matches.items():
                seat = played.states[0].seat_of(person.account.id)
                for what in _heard(page, match, played, seat, last_only=bool(made.lost)):
                    yield f"{match} on page {number} of {person.account.name}: {what}"


def _heard(
    page: Page, match: MatchId, played: Played, seat: Seat | None, *, last_only: bool
) -> Iterator[str]:
    about = [t.message for t in page.told if getattr(t.message, "match", None) == match]
    views = [i for i, message in enumerate(about) if isinstance(message, wire.MatchView)]
    for begin, end in pairwise([*views, len(about)]):
        view = about[begin]
        assert isinstance(view, wire.MatchView)
        if last_only and any(isinstance(message, wire.MatchOver) for message in about[begin:end]):
            continue
        if view.result is not None or (last_only and (end < len(about) or not page.stands)):
            continue
        heard = [what for message in about[begin + 1 : end] for what in _as_told(message)]
        rests = [
            list(_to_tell(played, index + 1, seat))
            for index, state in enumerate(played.states)
            if _seen(view) == _to_see(state, seat)
        ]
        if not any(rest[: len(heard)] == heard for rest in rests):
            yield f"after {_seen(view)} heard {heard}, and the log has {rests}"
        elif end == len(about) and page.stands and heard not in rests:
            yield f"heard {heard} and nothing more of {rests}"


def _seen(view: wire.MatchView) -> Any:  # noqa: ANN401 - compared only
    seats = [(seat.ready, seat.connected, seat.answered, seat.total) for seat in view.seats]
    return view.phase, view.round, len(view.closed), seats, view.my_choice


def _to_see(state: Match, seat: Seat | None) -> Any:  # noqa: ANN401 - compared only
    views = [seat_view(state, each, 0) for each in SEATS]
    seats = [(view.ready, view.connected, view.answered, view.total) for view in views]
    mine = state.current.answers[seat] if state.current and seat is not None else None
    number = state.current.number if state.current else 0
    choice = mine.choice if mine else None
    return str(state.phase), number, len(state.closed), seats, choice


def _as_told(message: wire.ServerMessage) -> Iterator[tuple[Any, ...]]:
    match message:
        case wire.SeatChanged():
            yield "seat", message.seat, message.ready, message.connected
        case wire.CountdownStarted():
            yield ("countdown",)
        case wire.RoundOpened():
            yield "opened", message.round
        case wire.AnswerTaken(choice=int()):
            yield "taken", message.round, message.seat, message.choice, message.elapsed_ms
        case wire.AnswerTaken():
            yield "taken", message.round, message.seat
        case wire.RoundClosed():
            yield "closed", message.round, message.totals
        case wire.MatchOver():
            yield "over", message.outcome, message.totals
        case _:
            pass


def _to_tell(played: Played, begin: int, seat: Seat | None) -> Iterator[tuple[Any, ...]]:
    """What a page in that seat is to hear of the entries from an index on."""
    state = played.states[begin - 1]
    for stored in played.entries[begin:]:
        closes = any(isinstance(event, RoundClosed) for event in stored.events)
        for event in stored.events:
            state = apply(state, event, stored.at)
            match event:
                case SeatConnected() | SeatDisconnected() | SeatReady():
                    here = state.seats[event.seat]
                    yield "seat", event.seat, here.ready, here.connected
                case CountdownStarted():
                    yield ("countdown",)
                case RoundOpened():
                    yield "opened", event.round
                case AnswerTaken() if event.seat == seat:
                    yield "taken", event.round, seat, event.choice, event.elapsed_ms
                case AnswerTaken() if not closes:
                    yield "taken", event.round, event.seat
                case RoundClosed():
                    yield "closed", event.round, state.totals
                case Settled():
                    assert state.ended is not None
                    yield "over", str(state.ended.outcome), state.totals
                case _:
                    pass


def _results(made: World) -> Iterator[str]:
    """Nobody is told two results of one match."""
    results: dict[str, wire.MatchOver] = {}
    for person, told in made.everything_told():
        message = told.message
        over = message.result if isinstance(message, wire.MatchView) else message
        if isinstance(over, wire.MatchOver):
            first = results.setdefault(over.match, over)
            if first != over:
                yield f"{person.account.name} was told {over}, after {first}"


def _paired(made: World, matches: dict[MatchId, Played]) -> Iterator[str]:
    """Whoever was told of a pairing has that match."""
    for person, told in made.everything_told():
        if isinstance(told.message, wire.Paired) and not made.lost:
            played = matches.get(MatchId(told.message.match))
            if played is None or played.states[0].seat_of(person.account.id) is None:
                yield f"{person.account.name} was paired in {told.message.match}, which is not his"


def _stands(made: World, matches: dict[MatchId, Played]) -> Iterator[str]:
    """Each log ends as its match had ended when it was settled first."""
    settled: dict[MatchId, BySeat[str]] = {}
    for _, _, what, command, reply in made.trace:
        if what == "settle" and reply[0] == b"stored":
            match, *given = command[3 + command[2] :]
            settled.setdefault(MatchId(match), (given[22], given[23]))
    for match, played in matches.items():
        ended = played.states[-1].ended
        if ended is None or match not in settled:
            continue  # a law of logs is broken, or the failover has taken the settlement, too
        score = ended.outcome.score
        aborted = ended.outcome is Outcome.ABORTED
        went = ("", "") if aborted else (went_of(score), went_of(1 - score))
        if went != settled[match]:
            yield f"{match} ends with {ended}, and was settled with {settled[match]}"


def _ratings(made: World, matches: dict[MatchId, Played]) -> Iterator[str]:
    """Each match moved each record once, by the Elo of both as they stood; boards are records.

    Where a failover has taken a match's log, only the histories tell of it.
    """
    do = made.store.valkey.do
    standings = {person.account.id: Standing() for person in made.people}
    rated, moved = Counter[PlayerId](), dict[tuple[int, MatchId], dict[PlayerId, RatingChange]]()
    for player in standings:
        for raw in do("LRANGE", LADDER.history(player), 0, -1):
            at, entry = _rated.decode(raw)
            moved.setdefault((at, entry.match), {})[player] = entry.change
            rated[player] += 1
    for (at, match), changes in sorted(moved.items(), key=lambda item: item[0]):
        if match in matches:
            yield from _right(matches[match].states[-1], at, changes, standings)
        elif not made.lost:
            yield f"{match} changed {changes}, and has no log"
        for player, change in changes.items():
            standings[player] = advance(standings[player], change)
    for match in matches.keys() - {match for _, match in moved}:
        settled = matches[match].states[-1].settled
        if settled is not None and settled.ratings is not None:
            yield f"{match} changed {settled.ratings}, and no history tells of it"
    for player, standing in standings.items():
        record = decode_record(do("GET", LADDER.record(player)))
        if record.standing != standing:
            yield f"the record of {player} is {record.standing}, and not {standing}"
        if {record.wins + record.draws + record.losses, record.matches} != {rated[player]}:
            yield f"{player} has {record}, and a history of {rated[player]} matches"
        score = do("ZSCORE", LADDER.board, player)
        if rated[player] and (score is None or int(float(score)) // 2**40 != record.rating):
            yield f"the board has {score} for {record.rating} of {player}"


def _right(
    state: Match,
    at: int,
    changes: Mapping[PlayerId, RatingChange],
    standings: Mapping[PlayerId, Standing],
) -> Iterator[str]:
    """What the histories say of a match is what its log says, and follows from its outcome."""
    if state.settled is None or state.ended is None:
        return
    one, two = (player.id for player in state.created.players)
    told = (changes.get(one), changes.get(two))
    if (state.settled.settled_at_ms, state.settled.ratings) != (at, told):
        yield f"{state.created.match} says {state.settled}, and the histories {told} at {at}"
    score = state.ended.outcome.score
    right = rate((standings[one], standings[two]), score, state.created.k_share)
    if told != right:
        yield f"{state.created.match} changed {told}, and not {right}"
