"""Holds everything that a run has left behind against every law."""

from collections.abc import Mapping
from typing import Final

from scripts.chaosing.judge import Judge, Law
from scripts.chaosing.kept import Kept
from scripts.chaosing.law_of_ladders import (
    judge_boards,
    judge_ends,
    judge_players,
    judge_settlements,
)
from scripts.chaosing.law_of_logs import judge_log, judge_told
from scripts.chaosing.servers import Ending
from scripts.chaosing.told import Heard
from server.core.match import Match

UNSOUND: Final = (" ERROR ", " CRITICAL ", "Traceback", "never retrieved")
"""What a server says only of a bug of its own: whatever others do to it is a warning."""


def judge_all(kept: Kept, heard: Heard, endings: Mapping[str, Ending]) -> Judge:
    """Hold the store, what clients were told and what became of each server against the laws."""
    judge, matches = Judge(), dict[str, Match]()
    for match, entries in (kept.live | kept.records).items():
        state = judge_log(judge, match, entries)
        if state is not None:
            matches[match] = state
    for match, told in heard.of.items():
        judge_told(judge, match, matches.get(match), told)
    for player, name in heard.players.items():
        what = f"{player} signed up as {name}, and is {kept.accounts.get(player)}"
        judge.hold(Law.ACKNOWLEDGED, what, so=kept.accounts.get(player) == name)
    judge_settlements(judge, kept, matches)
    judge_players(judge, kept, matches)
    judge_boards(judge, kept)
    judge_ends(judge, kept, set(heard.of))
    for server, ending in endings.items():
        bad = [line for line in ending.words if any(word in line for word in UNSOUND)]
        judge.hold(Law.SOUND, f"{server}: {' / '.join(bad[:3])}", so=not bad)
        judge.hold(Law.SOUND, f"{server} was not ready at last", so=ending.ready)
        so = ending.exit_code == 0
        judge.hold(Law.SOUND, f"{server} ended with {ending.exit_code}, or was killed", so=so)
    return judge
