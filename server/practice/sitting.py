"""A practice opponent from its welcome until its connection is lost: accepts, enters, answers.

It sees what any bot sees. What it knows, and how long it thinks, is `core/practice.py`, seeded by
the match, so the next sitting goes on as this one would have.
"""

import asyncio
import time
from collections.abc import Callable, Coroutine
from typing import Final

from msgspec import Struct

from server.core.ids import MatchId
from server.core.practice import Character, rng_of, think
from server.practice.decks import PublicDecks
from server.practice.line import Line, Lost
from server.wire.client import AcceptChallenge, Answer, DeclineChallenge, Enter, Ready
from server.wire.messages import (
    ChallengeChanged,
    MatchOver,
    MatchView,
    Paired,
    RefusedMessage,
    RoundOpened,
    ServerMessage,
    Welcome,
)

UNABLE: Final = frozenset({"unavailable", "too_fast"})
"""Refusals that say nothing of the match: what was meant must be said again later."""


class Played(Struct):
    """A match being played; `deck` is known once it is entered."""

    line: Line
    deck: str = ""
    thinking: asyncio.Task[None] | None = None


class Sitting:
    """Any number of matches at once: the first line hears of them, and further ones are opened
    where the others are full.

    `connect` runs a line on a socket of its own.
    """

    def __init__(
        self,
        character: Character,
        decks: PublicDecks,
        connect: Callable[[Line], Coroutine[None, None, None]],
        rate_limit: int,
    ) -> None:
        self.welcomed = False
        self._character: Final = character
        self._decks: Final = decks
        self._connect: Final = connect
        self._rate_limit: Final = rate_limit
        self._lines: Final[dict[Line, asyncio.Task[None]]] = {}
        self._played: Final[dict[MatchId, Played]] = {}

    async def run(self) -> None:
        """Play until a connection is lost, in an `ExceptionGroup` of why."""
        async with asyncio.TaskGroup() as self._tasks:
            self._first = self._new_line()

    def _new_line(self) -> Line:
        line = Line(self._take, self._rate_limit)
        self._lines[line] = self._tasks.create_task(self._connect(line))
        return line

    def _take(self, line: Line, message: ServerMessage) -> None:
        """Do what a message asks for; what goes to every socket is heard on the first one."""
        match message:
            case Welcome() if line is self._first:
                self.welcomed = True
                for live in message.live_matches:
                    self._enter(MatchId(live))
            case ChallengeChanged() if line is self._first:
                self._consider(message)
            case Paired() if line is self._first:
                self._enter(MatchId(message.match))
            case MatchView():
                self._look(message)
            case RoundOpened():
                self._think(message, 0)
            case MatchOver():
                self._forget(MatchId(message.match))
            case RefusedMessage(reason=reason, ref=ref):
                if reason in UNABLE:
                    raise Lost(message.detail)
                if isinstance(ref, str):  # only `enter` has one: there is no such match any more
                    self._forget(MatchId(ref))
            case _:
                pass

    def _consider(self, challenge: ChallengeChanged) -> None:
        """Take up whatever is offered to me; never for rating."""
        to = challenge.to
        if challenge.state == "open" and to is not None and to.id == self._character.id:
            reply = DeclineChallenge if challenge.rated else AcceptChallenge
            self._first.say(reply(challenge=challenge.challenge))

    def _enter(self, match: MatchId) -> None:
        if match in self._played:
            return
        line = next((line for line in self._lines if not line.full), None) or self._new_line()
        line.matches.add(match)
        self._played[match] = Played(line)
        line.say(Enter(match=match, ref=match))

    def _look(self, view: MatchView) -> None:
        """Go on with a match from where it stands."""
        match = MatchId(view.match)
        played = self._played.get(match)
        if played is None:
            return
        played.deck = view.deck
        if view.result is not None:
            self._forget(match)
        elif view.phase == "gathering":
            played.line.say(Ready(match=match))
        elif view.phase == "open" and view.my_choice is None:
            self._think(view, view.limit_ms - view.left_ms)

    def _think(self, asked: MatchView | RoundOpened, thought_ms: int) -> None:
        """Think about the open question, or go on with it after `thought_ms`."""
        began = time.monotonic() - thought_ms / 1000
        played = self._played.get(MatchId(asked.match))
        if played is not None:
            if played.thinking is not None:
                played.thinking.cancel()
            played.thinking = self._tasks.create_task(self._answer(played, asked, began))

    async def _answer(self, played: Played, asked: MatchView | RoundOpened, began: float) -> None:
        match, me = MatchId(asked.match), self._character
        choices = asked.choices or ()
        known = await self._decks.look_up(played.deck, asked.prompt or "", choices)
        rng = rng_of(match, me.id, asked.round)
        thought = think(me.strength, known.difficulty, known.correct, asked.limit_ms, rng)
        if thought.choice is None:
            return
        await asyncio.sleep(max(0, began + thought.after_ms / 1000 - time.monotonic()))
        played.line.say(Answer(match=match, round=asked.round, choice=thought.choice))

    def _forget(self, match: MatchId) -> None:
        """Leave a match that is over, and a further line with its last one."""
        played = self._played.pop(match, None)
        if played is None:
            return
        if played.thinking is not None:
            played.thinking.cancel()
        played.line.matches.discard(match)
        if not played.line.matches and played.line is not self._first:
            self._lines.pop(played.line).cancel()
