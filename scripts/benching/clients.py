"""The clients of a fleet: one plays duels, the other moves a duel's frames against the echo."""

import asyncio
import random
import time
from typing import Any, Final

import msgpack

from scripts.benching.fleet import Fleet
from scripts.benching.plan import DECK, ROUNDS, SUB_PROTOCOL, Result, Steps
from scripts.benching.wire import Wire

START_RATING: Final = 1500
WRONG_ROUND: Final = 5
"""Who is to lose answers this round wrong, and wins or draws all others."""


class _Joined(Wire):
    """A connection of one client; hands everything on."""

    def __init__(self, client: "_Player", path: str, token: str) -> None:
        super().__init__(path, token, SUB_PROTOCOL)
        self._client: Final = client
        self._fleet: Final = client.fleet

    def opened(self) -> None:
        self._client.opened()

    def took(self, payload: bytes, at: float) -> None:
        self._fleet.frames += 1
        self._client.took(payload, at)

    def send(self, payload: bytes) -> None:
        self._fleet.frames += 1
        super().send(payload)

    def ended(self, *, as_agreed: bool) -> None:
        self._fleet.gone(as_agreed=as_agreed)


class _Player:
    """What both kinds of client share: a place in a fleet and one connection at a time."""

    def __init__(self, fleet: Fleet, port: int, path: str, token: str) -> None:
        self.fleet: Final = fleet
        self.port: Final = port
        self._path: Final = path
        self._token: Final = token
        self._opening: asyncio.Task[object] | None = None
        self._wire: _Joined

    def begin(self) -> None:
        """Play, if there is a duel left to play."""
        if self.fleet.pausing or self.fleet.take_share():
            self.connect()

    def connect(self) -> None:
        """Open a connection."""
        loop = asyncio.get_running_loop()
        self._wire = _Joined(self, self._path, self._token)
        self.fleet.came()
        coming = loop.create_connection(lambda: self._wire, "127.0.0.1", self.port)
        self._opening = loop.create_task(coming)
        self._opening.add_done_callback(self._joined)

    def _joined(self, opening: asyncio.Task[object]) -> None:
        if not opening.cancelled() and (error := opening.exception()):
            self.fleet.fail(f"no connection: {error}")

    def stop(self) -> None:
        """Close the connection, if one is still open."""
        if self._opening is not None:
            self._wire.close()
            self._opening = None

    def next_duel(self) -> None:
        """Play on, as the plan wants it: on the same connection, or on a new one."""
        if self.fleet.plan.fresh:
            self.stop()
        if not self.fleet.take_share():
            return
        if self.fleet.plan.fresh:
            self.connect()
        else:
            self.play()

    def opened(self) -> None:
        """The connection stands."""

    def took(self, payload: bytes, at: float) -> None:
        """A frame has come."""
        raise NotImplementedError

    def play(self) -> None:
        """Begin a duel on the connection that stands."""
        raise NotImplementedError


class Duellist(_Player):
    """Plays as a quick player would who knows the deck; loses where that evens the ratings.

    Ratings far apart would make the last pairs of a phase wait: nobody is paired over a
    great gap at once.
    """

    def __init__(self, fleet: Fleet, port: int, token: str) -> None:
        super().__init__(fleet, port, "/ws", token)
        self._answers: Final = fleet.plan.answers
        self._seat = 0
        self._wins = False
        self._asked: dict[str, Any] = {}
        self._sent_at = 0.0
        self._trace: Steps = []
        if fleet.plan.trace:
            fleet.traces.append(self._trace)

    def opened(self) -> None:
        """A traced connection begins with the server's frames."""
        if self.fleet.plan.trace:
            self._trace.append((0, []))

    def go_on(self) -> None:
        """After the pause with all connected, seek; after that with all asked, answer."""
        if self.fleet.pausing:
            if self.fleet.take_share():
                self.play()
        else:
            self._answer()

    def play(self) -> None:
        """Seek an opponent."""
        self._say({"type": "seek", "deck": DECK})

    def took(self, payload: bytes, at: float) -> None:
        """Do at once what a message asks for."""
        if self.fleet.plan.trace:
            self._trace[-1][1].append(len(payload))
        message = msgpack.unpackb(payload)
        match message["type"]:
            case "round_opened":
                self._asked = message
                self._think()
            case "answer_taken":
                if "choice" in message:
                    self.fleet.taken.append(at - self._sent_at)
            case "round_closed":
                self._closes(message["match"], at)
            case "welcome":
                if self.fleet.pausing:
                    self.fleet.hold()
                else:
                    self.play()
            case "paired":
                self._take_seat(message)
                self._say({"type": "enter", "match": message["match"]})
            case "match":
                self._say({"type": "ready", "match": message["match"]})
            case "match_over":
                self._end(message)
            case "refused":
                self.fleet.fail(f"refused: {message}")

    def _take_seat(self, paired: dict[str, Any]) -> None:
        """Decide who wins: the weaker one, and of two equal new players seat 0."""
        own, other = paired["rating"], paired["opponent"]["rating"]
        even = own == other == START_RATING
        self._seat = paired["seat"]
        self._wins = own <= other if not even else self._seat == 0

    def _closes(self, match: str, at: float) -> None:
        sent_at, seat, port = self.fleet.sent_last[match]
        self.fleet.closed.append(at - sent_at)
        if seat != self._seat:
            there = self.fleet.together if port == self.port else self.fleet.apart
            there.append(at - sent_at)

    def _think(self) -> None:
        think_s = self.fleet.plan.think_s
        if self.fleet.pausing == "live" and self._asked["round"] == 1:
            self.fleet.hold()
        elif think_s is None:
            self._answer()
        else:
            wait_s = random.uniform(*think_s)  # noqa: S311 - a pause
            asyncio.get_running_loop().call_later(wait_s, self._answer)

    def _answer(self) -> None:
        asked = self._asked
        choice = asked["choices"].index(self._answers[asked["prompt"]])
        if asked["round"] == WRONG_ROUND and not self._wins:
            choice = (choice + 1) % 4
        answer = {
            "type": "answer",
            "match": asked["match"],
            "round": asked["round"],
            "choice": choice,
        }
        self._sent_at = time.perf_counter()
        self.fleet.sent_last[asked["match"]] = self._sent_at, self._seat, self.port
        self._say(answer)

    def _end(self, over: dict[str, Any]) -> None:
        if over["reason"] != "played" or self._asked["round"] != ROUNDS:
            self.fleet.fail(f"a duel was not played through: {over}")
        ratings = [rating["after"] for rating in over["ratings"]]
        self.fleet.end(Result(over["match"], over["totals"], ratings))
        self.next_duel()

    def _say(self, message: dict[str, Any]) -> None:
        payload = msgpack.packb(message)
        if self.fleet.plan.trace:
            self._trace.append((len(payload), []))
        self._wire.send(payload)


class Mover(_Player):
    """Moves the frames of one seat's duel: sends each once what follows the last has come."""

    def __init__(self, fleet: Fleet, port: int, steps: Steps, seat: int) -> None:
        super().__init__(fleet, port, f"/ws?seat={seat}", "")
        self._payloads: Final = [bytes(size) for size, _ in steps]
        self._follow: Final = [len(sizes) for _, sizes in steps]
        self._at = 0
        self._missing = 0

    def opened(self) -> None:
        """The connection's own frames come before those of the first duel."""
        self._at, self._missing = 0, self._follow[0]

    def go_on(self) -> None:
        """Frames alone are never paused."""

    def play(self) -> None:
        """Send the first frame of a duel, and any that nothing follows."""
        self._at = 0
        self._step()

    def took(self, payload: bytes, at: float) -> None:
        """Once all that follow have come, go on."""
        del payload, at
        self._missing -= 1
        if self._missing == 0:
            self._step()

    def _step(self) -> None:
        while self._missing == 0:
            if self._at + 1 == len(self._payloads):
                self.fleet.end(None)
                self.next_duel()
                return
            self._at += 1
            self._missing = self._follow[self._at]
            self._wire.send(self._payloads[self._at])
