"""The chaos run: a short one keeps every law, and each law breaks on what breaks it."""

import asyncio
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import TypeAlias

import msgspec
import pytest
from msgspec.structs import replace

from scripts.chaosing import run as chaos
from scripts.chaosing.forks import fork
from scripts.chaosing.judge import Judge, Law
from scripts.chaosing.kept import Kept
from scripts.chaosing.law_of_logs import judge_told
from scripts.chaosing.laws import judge_all
from scripts.chaosing.plan import Crew, Kind, faults_of
from scripts.chaosing.run import Asked, ChaosError
from scripts.chaosing.servers import Ending
from scripts.chaosing.told import Heard, OfMatch, Told, ref_of
from server.core.elo import RatingChange
from server.core.events import (
    AnswerTaken,
    Event,
    MatchEnded,
    RoundClosed,
    RoundOpened,
    SeatReady,
    Settled,
)
from server.core.ids import PlayerId
from server.core.match import Match, fold
from server.core.outcome import Outcome, Why
from server.core.period import month_of, week_of
from server.play import views
from server.store.ladder import RatedMatch, Record, Settlement, StoredResult
from server.store.log import StoredEntry
from server.wire import messages as wire
from tests.serving import PATIENCE_S
from tests.store.given import MATCH, created

ROOT = Path(__file__).parents[1]
ADA, BOB = PlayerId("ada"), PlayerId("bob")
FINE = Ending(["fine"], ready=True, exit_code=0)
NOW = 1_795_000_000_000
RATINGS = (RatingChange(1500, 1520, 20, 0.5, 40), RatingChange(1500, 1480, -20, 0.5, 40))
EVENTS: tuple[tuple[Event, ...], ...] = (
    (created(rounds=1),),
    (SeatReady(0), RoundOpened(1)),
    (AnswerTaken(1, 0, 2, 400, 10),),
    (AnswerTaken(1, 1, 3, 500, 10), RoundClosed(1)),
    (MatchEnded(Outcome.SEAT_0, Why.PLAYED),),
    (Settled(RATINGS, NOW),),
)
READY, RESIGNED = (wire.Done(ref=ref_of(command, MATCH)) for command in ("ready", "resign"))
World: TypeAlias = tuple[Kept, Heard, dict[str, Ending]]


def entries() -> tuple[StoredEntry, ...]:
    return tuple(StoredEntry(f"n{at}", 1_000 * at, events) for at, events in enumerate(EVENTS))


def state(length: int) -> Match:
    """The match as its first entries tell it."""
    return fold(stored.entry for stored in entries()[:length])


def told(player: PlayerId, message: OfMatch, socket: int = 1) -> Told:
    return Told(player, socket, MATCH, msgspec.msgpack.encode(message))


def taken_by(player: str) -> wire.ChallengeChanged:
    """What a player hears who has accepted a challenge of Ada."""
    by, to = (
        wire.Opponent(name, name.title(), 1500, provisional=False, bot=False, practice=False)
        for name in ("ada", player)
    )
    return wire.ChallengeChanged(
        ref=ref_of("accept_challenge", "CODE"),
        challenge="CODE",
        kind="direct",
        deck="deck",
        title="Deck",
        rated=True,
        rounds=1,
        limit_ms=1_000,
        by=by,
        to=to,
        state="accepted",
        expires_in_ms=0,
        here=True,
        stake=None,
        k_share=1,
        unrated_because=None,
        match=MATCH,
        rematch_of=None,
    )


def heard_by_ada() -> list[OfMatch]:
    """Everything that Ada hears of the match, in its order."""
    taken, over = EVENTS[2][0], views.match_over(state(6))
    assert isinstance(taken, AnswerTaken)
    assert over is not None
    return [
        views.paired(state(1), 0, 0),
        views.snapshot(state(1), 0, 0),
        views.round_opened(state(2), 1_000),
        views.own_answer_taken(state(3), taken),
        views.round_closed(state(4), 3_000),
        over,
        views.snapshot(state(6), 0, 9_000),
        READY,
        taken_by("bob"),
    ]


def world() -> World:
    """All that is kept and was told of one rated match that Ada won."""
    spans = [span.name for span in (week_of(NOW), month_of(NOW))]
    records = [
        Record(rating=1520, matches=1, wins=1, peak=1520, change=20, version=1),
        Record(rating=1480, matches=1, losses=1, change=-20, version=1),
    ]
    changes = {player: RATINGS[seat] for seat, player in enumerate((ADA, BOB))}
    kept = Kept(
        live={MATCH: entries()},
        records={MATCH: entries()},
        markers={MATCH: Settlement(NOW, StoredResult(RATINGS, state(6).ending))},
        accounts={ADA: "Ada", BOB: "Bob"},
        players=dict(zip(changes, records, strict=True)),
        histories={player: [(NOW, RatedMatch(MATCH, it))] for player, it in changes.items()},
        played={ADA: [MATCH], BOB: [MATCH]},
        board=[(ADA, 1520), (BOB, 1480)],
        gains={span: [(ADA, 20), (BOB, -20)] for span in spans},
        changes=1,
        left=[],
        at=NOW,
    )
    heard = Heard({MATCH: [told(ADA, message) for message in heard_by_ada()]}, {ADA: "Ada"})
    return kept, heard, {"server": FINE}


def broken(there: World) -> set[Law]:
    return {law for law, _ in judge_all(*there).broken}


def test_what_is_as_it_should_be_breaks_no_law_and_is_held_against_each() -> None:
    judge = judge_all(*world())
    assert judge.broken == []
    assert set(judge.checked) == set(Law)


def test_of_a_week_and_a_month_that_have_ended_no_board_is_wanted() -> None:
    there = world()
    there[0].gains, there[0].at = {}, month_of(NOW).ends_at + 7 * 86_400_000
    assert broken(there) == set()


def relogged(*kept: int, back_ms: int = 0) -> Callable[[World], None]:
    """The log as these entries of it, in this order."""

    def change(there: World) -> None:
        log = tuple(entries()[at] for at in kept)
        log = (*log[:-1], replace(log[-1], at=log[-1].at - back_ms))
        there[0].live = there[0].records = {MATCH: log}

    return change


def retold(*kept: int) -> Callable[[World], None]:
    """Of what Ada heard only these messages, in this order."""

    def change(there: World) -> None:
        heard = heard_by_ada()
        there[1].of[MATCH] = [told(ADA, heard[at]) for at in kept]

    return change


def other_message(at: int, **fields: object) -> Callable[[World], None]:
    """One of the messages that Ada heard said something else."""

    def change(there: World) -> None:
        there[1].of[MATCH][at] = told(ADA, replace(heard_by_ada()[at], **fields))

    return change


def other_books(**fields: object) -> Callable[[World], None]:
    """Something else is kept."""

    def change(there: World) -> None:
        for name, value in fields.items():
            setattr(there[0], name, value)

    return change


def other_ending(**fields: object) -> Callable[[World], None]:
    """Something else became of the server."""

    def change(there: World) -> None:
        there[2]["server"] = replace(FINE, **fields)

    return change


def heard_by(player: PlayerId, message: OfMatch) -> Callable[[World], None]:
    """Somebody heard something else, too."""
    return lambda there: there[1].of[MATCH].append(told(player, message))


def bob_heard_another_result(there: World) -> None:
    over = heard_by_ada()[5]
    there[1].of[MATCH].append(told(BOB, views.snapshot(state(1), 1, 0)))
    there[1].of[MATCH].append(told(BOB, replace(over, outcome="draw")))


def other_record(there: World) -> None:
    there[0].players[BOB] = replace(there[0].players[BOB], wins=1)


def settled_twice(there: World) -> None:
    there[0].players[ADA] = replace(there[0].players[ADA], version=2)


def in_the_history_twice(there: World) -> None:
    there[0].histories[ADA] *= 2


def wrong_sum(there: World) -> None:
    change = replace(RATINGS[0], after=1521, change=21)
    there[0].histories[ADA] = [(NOW, RatedMatch(MATCH, change))]


BREAKS = [
    (Law.CONTIGUOUS, relogged(0, 1, 2, 2, 3, 4, 5)),
    (Law.CONTIGUOUS, relogged(0, 1, 3, 2, 4, 5)),
    (Law.CONTIGUOUS, relogged(0, 2, 3, 4, 5)),
    (Law.CONTIGUOUS, relogged(0, 1, 2, 3, 5)),
    (Law.CONTIGUOUS, relogged(0, 1, 2, 3, 4, 5, back_ms=1_101)),
    (Law.CONTIGUOUS, relogged(1, 2, 3, 4, 5)),
    (Law.TOLD, relogged(0, 1, 2, 4, 5)),
    (Law.TOLD, other_message(0, seat=1)),
    (Law.TOLD, other_message(2, prompt="Another?")),
    (Law.TOLD, other_message(4, correct=1)),
    (Law.TOLD, other_message(4, totals=(0, 0))),
    (Law.TOLD, other_message(5, outcome="draw")),
    (Law.TOLD, other_message(6, seat=1)),
    (Law.TOLD, other_books(live={}, records={})),
    (Law.ORDER, retold(0, 1, 4, 2, 5)),
    (Law.ORDER, retold(0, 1, 4, 5)),
    (Law.ORDER, retold(0, 2, 3, 4, 5)),
    (Law.ORDER, retold(0, 1, 2, 3, 4, 5, 5)),
    (Law.ORDER, retold(0, 1, 2, 2)),
    (Law.ACKNOWLEDGED, relogged(0, 1, 3, 4, 5)),
    (Law.ACKNOWLEDGED, other_message(3, choice=1)),
    (Law.ACKNOWLEDGED, other_message(3, elapsed_ms=399)),
    (Law.ACKNOWLEDGED, other_message(6, my_choice=1)),
    (Law.ACKNOWLEDGED, other_message(8, to=None)),
    (Law.ACKNOWLEDGED, other_message(8, to=taken_by("eve").to)),
    (Law.ACKNOWLEDGED, heard_by(BOB, READY)),
    (Law.ACKNOWLEDGED, other_books(accounts={BOB: "Bob"})),
    (Law.ACKNOWLEDGED, other_books(accounts={ADA: "Eve"})),
    (Law.ONCE, settled_twice),
    (Law.ONCE, in_the_history_twice),
    (Law.ONCE, other_books(markers={})),
    (Law.ONCE, other_books(markers={MATCH: Settlement(NOW, StoredResult(None, state(6).ending))})),
    (Law.ONCE, other_books(markers={MATCH: Settlement(NOW, StoredResult(RATINGS))})),
    (Law.ONCE, other_books(changes=2)),
    (Law.ONCE, other_books(played={ADA: [MATCH]})),
    (Law.ONCE, other_books(live={MATCH: entries()[:-1]})),
    (Law.ELO, wrong_sum),
    (Law.BOARDS, other_record),
    (Law.BOARDS, other_books(board=[(ADA, 1520)])),
    (Law.BOARDS, other_books(board=[(ADA, 1520), (BOB, 1481)])),
    (Law.BOARDS, other_books(gains={})),
    (Law.CLOSED, other_books(left=["m1 in due"])),
    (Law.CLOSED, other_books(records={})),
    (Law.ONE_RESULT, bob_heard_another_result),
    (Law.SOUND, other_ending(words=["12:00 ERROR our bug"])),
    (Law.SOUND, other_ending(ready=False)),
    (Law.SOUND, other_ending(exit_code=1)),
    (Law.SOUND, other_ending(exit_code=-9)),
]


@pytest.mark.parametrize(
    ("law", "change"), BREAKS, ids=[f"{at} {law}" for at, (law, _) in enumerate(BREAKS)]
)
def test_a_law_breaks_on_what_breaks_it(law: Law, change: Callable[[World], None]) -> None:
    there = world()
    change(there)
    assert law in broken(there)


def test_of_a_log_and_its_record_that_differ_it_says_where() -> None:
    there = world()
    there[0].live = {MATCH: (*entries()[:2], replace(entries()[2], nonce="another"))}
    (what,) = (what for law, what in judge_all(*there).broken if law is Law.ONCE)
    assert what.startswith(f"{MATCH}: the log has 3 entries, its record 6; 2 is StoredEntry(")
    assert what.index("nonce='another'") < what.index("nonce='n2'")


@pytest.mark.parametrize(
    ("ended", "stands"),
    [
        (MatchEnded(Outcome.SEAT_1, Why.RESIGNED), True),
        (MatchEnded(Outcome.ABORTED, Why.RESIGNED, (0,)), True),
        (MatchEnded(Outcome.SEAT_0, Why.RESIGNED), False),
        (MatchEnded(Outcome.ABORTED, Why.RESIGNED, (1,)), False),
        (MatchEnded(Outcome.SEAT_1, Why.FORFEIT), False),
    ],
)
def test_who_resigned_has_ended_the_match(ended: MatchEnded, *, stands: bool) -> None:
    judge = Judge()
    judge_told(judge, MATCH, replace(state(4), ended=ended), [told(ADA, RESIGNED)])
    assert judge.checked[Law.ACKNOWLEDGED] == 1
    assert (judge.broken == []) == stands


def test_a_seed_orders_the_same_faults_again_and_soon_one_of_each_kind() -> None:
    faults = faults_of(7, 600, 4)
    assert faults == faults_of(7, 600, 4) != faults_of(8, 600, 4)
    assert len(faults) > 1_000
    assert {fault.kind for fault in faults_of(7, 6, 4)} == set(Kind)


def bots_fail(patched: pytest.MonkeyPatch) -> str:
    nowhere = Crew(seed=1, first=0, bots=1, ports=[], told="/nowhere/told")
    patched.setattr(chaos, "_crews", lambda *_: [nowhere])
    return "A process of bots"


def no_server_starts_again(patched: pytest.MonkeyPatch) -> str:
    name = "scripts.chaosing.servers.fork"

    def fork_one(flags: Sequence[str], words: Path) -> ForkServerProcess:
        patched.setattr(name, refuse)
        return fork(flags, words)

    def refuse(*_: object) -> ForkServerProcess:
        raise OSError("no more")

    patched.setattr(name, fork_one)
    return "No server can be started any more: OSError('no more')"


@pytest.mark.parametrize("failing", [bots_fail, no_server_starts_again])
async def test_a_run_ends_as_soon_as_it_cannot_go_on(
    failing: Callable[[pytest.MonkeyPatch], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    why = failing(monkeypatch)
    with pytest.raises(ChaosError, match=re.escape(why)):
        async with asyncio.timeout(PATIENCE_S):
            await chaos.run(Asked(1, 10 * PATIENCE_S, 1, 1), tmp_path)


@pytest.mark.parametrize("taken", ["", "left"])
def test_what_a_run_is_to_keep_goes_into_an_empty_folder(tmp_path: Path, taken: str) -> None:
    (tmp_path / "left").touch()
    program = [sys.executable, "-m", "scripts.chaosing", "--keep", str(tmp_path / taken)]
    done = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    seed, sentence = done.stderr.splitlines()
    assert seed.startswith("seed ")
    assert str(tmp_path) in sentence


@pytest.mark.parametrize("seed", [1, 2])
def test_a_short_run_breaks_no_law_and_meets_every_kind_of_fault(seed: int) -> None:
    program = [sys.executable, "-m", "scripts.chaosing", f"--seed={seed}"]
    flags = ["--seconds=4", "--processes=2", "--bots=20"]
    done = subprocess.run(
        [*program, *flags], cwd=ROOT, capture_output=True, text=True, timeout=250, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    rows = [line.split("│") for line in done.stdout.splitlines() if line.count("│") == 3]
    counts = {row[1].strip(): int(row[2].replace(",", "")) for row in rows}
    for what in (*Kind, *Law, "matches settled", "answers acknowledged", "ready acknowledged"):
        assert counts[what] > 0, what
