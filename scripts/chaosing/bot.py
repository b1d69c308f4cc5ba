"""One bot: a player who seeks, challenges, answers, goes away at times, and always comes back."""

import asyncio
import random
import time
from collections import Counter
from typing import Any, Final, assert_never

import aiohttp
import msgspec

from scripts.chaosing.plan import DECK, Crew
from scripts.chaosing.told import Notebook, SignedUp, Told, acknowledged, match_of, ref_of
from server.core.ids import MatchId, PlayerId
from server.wire import messages as wire
from server.wire.codec import SubProtocol

HEARTBEAT_S: Final = 4.0
"""A socket that says nothing for so long, and does not answer a ping then, is left."""
CONNECT_S: Final = 5.0
CLOSE_S: Final = 0.5
BACKOFF_S: Final = (0.05, 0.1, 0.2, 0.4, 0.8, 1.0)
WAKE_S: Final = 0.5
SEEK_AGAIN_S: Final = 5.0
SILENT_S: Final = 12.0
"""No phase of a match lasts so long."""
AWAY, RESIGNS, LETS_PASS, CHALLENGES, TAKES_BACK = 0.03, 0.02, 0.03, 0.17, 0.1
RATED, ACCEPTS = 0.75, 0.8
"""How often a bot does what, of its chances to."""
PATIENCE_MS: Final = 20_000
"""Who would have to wait longer for a rated match becomes a new player."""
_decoder: Final = msgspec.msgpack.Decoder(wire.ServerMessage)
_encode: Final = msgspec.msgpack.Encoder().encode


class Mates:
    """What the bots of one process share."""

    def __init__(self, crew: Crew, session: aiohttp.ClientSession, notebook: Notebook) -> None:
        self.crew: Final = crew
        self.session: Final = session
        self.notebook: Final = notebook
        self.ids: Final = list[PlayerId]()
        self.seen: Final = Counter[str]()
        self.quiet = False
        self.resting: Final = set[int]()


class Bot:
    """One player at a time, on one socket at a time; what it does next is its `_next`."""

    def __init__(self, mates: Mates, number: int) -> None:
        self._mates: Final = mates
        self._number: Final = number
        self._rng: Final = random.Random(f"{mates.crew.seed} {number}")  # noqa: S311 - to be repeated
        self._lives = 0
        self._id = PlayerId("")
        self._token = ""
        self._socket = 0
        self._match: MatchId | None = None
        self._last: MatchId | None = None
        self._seat = 0
        self._seeking = False
        self._looked_back = True
        self._next: tuple[float, dict[str, Any]] | None = None
        self._welcomed = False
        self._leaving = False
        self._away = False
        self._hushed = False

    def __str__(self) -> str:
        """Where it stands, for whoever looks for a fault."""
        return (
            f"{self._id} on socket {self._socket}, welcomed: {self._welcomed}, match: {self._match}"
            f", seeking: {self._seeking}, next: {self._next and self._next[1]}"
        )

    @property
    def rests(self) -> bool:
        """Whether it has come to the end of everything."""
        return self._number in self._mates.resting

    async def live(self) -> None:
        """Play until cancelled."""
        failures = 0
        while True:
            self._welcomed = self._leaving = self._away = False
            try:
                if self._token or await self._sign_up():
                    await self._connect()
            except (aiohttp.ClientError, OSError, TimeoutError):
                pass
            self._rest(resting=False)
            failures = 0 if self._welcomed else failures + 1
            wait_s = BACKOFF_S[min(failures, len(BACKOFF_S) - 1)] * self._rng.uniform(0.5, 1.5)
            await asyncio.sleep(self._rng.uniform(1, 6) if self._away else wait_s)

    async def _sign_up(self) -> bool:
        self._lives += 1
        letters = "".join(chr(ord("a") + int(digit)) for digit in f"{self._number}{self._lives:02}")
        url = f"http://127.0.0.1:{self._port()}/api/players"
        body = {"name": f"Chaos {letters}"}
        async with self._mates.session.post(url, json=body) as answer:
            if answer.status == 201:  # noqa: PLR2004 - made
                made = await answer.json()
                self._id, self._token = PlayerId(made["id"]), made["token"]
                self._mates.ids.append(self._id)
                self._mates.notebook.note(SignedUp(self._id, made["name"]))
                self._mates.seen["players"] += 1
        return bool(self._token)

    def _port(self) -> int:
        return self._rng.choice(self._mates.crew.ports)

    async def _connect(self) -> None:
        """One socket, from its opening to its end."""
        session, url = self._mates.session, f"ws://127.0.0.1:{self._port()}/ws"
        headers = {"Authorization": f"Bearer {self._token}"}
        async with asyncio.timeout(CONNECT_S):
            opening = await session.ws_connect(
                url,
                headers=headers,
                protocols=(SubProtocol.MSGPACK,),
                heartbeat=HEARTBEAT_S,
                timeout=aiohttp.ClientWSTimeout(ws_close=CLOSE_S),
            )
        async with opening as socket:
            self._socket += 1
            self._next = None
            while not self._leaving:
                if self._mates.quiet and not self._hushed and self._welcomed:
                    self._hushed = True
                    self._go_on()
                try:
                    frame = await socket.receive(self._wait_s())
                except TimeoutError:
                    await self._act(socket)
                    continue
                if frame.type is not aiohttp.WSMsgType.BINARY:
                    return
                self._hear(frame.data)

    def _wait_s(self) -> float:
        wait_s = WAKE_S if self._next is None else self._next[0] - time.monotonic()
        return min(max(0.001, wait_s), WAKE_S)

    async def _act(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        """Carry out what is planned, if it is time."""
        if self._next is None or self._next[0] > time.monotonic():
            return
        message, self._next = self._next[1], None
        if message["type"] == "away":
            self._leaving = self._away = True
            return
        if message["type"] == "silence":
            self._mates.seen["silences"] += 1
            message = {"type": "enter", "match": self._match}
        if message["type"] == "answer":
            self._mates.seen["answers sent"] += 1
        self._after_acting(message["type"])
        await socket.send_bytes(_encode(message))

    def _after_acting(self, what: str) -> None:
        """What follows where no reply brings on anything else."""
        if self._match is not None:
            self._plan(SILENT_S, "silence")
        elif what == "seek":
            self._plan(SEEK_AGAIN_S, "seek", deck=DECK, rated=False)
        elif what not in {"enter", "cancel_seek"}:
            self._idle(1)

    def _plan(self, in_s: float, what: str, **keys: object) -> None:
        self._next = time.monotonic() + in_s, {"type": what, **keys}

    def _hear(self, frame: bytes) -> None:
        message = _decoder.decode(frame)
        about = match_of(message)
        if about is not None:
            self._mates.notebook.note(Told(self._id, self._socket, about, frame))
        if command := acknowledged(message):
            self._mates.seen[f"{command} acknowledged"] += 1
        match message:
            case wire.Welcome():
                self._welcomed = True
                self._mates.seen["connections"] += 1
                self._seeking = message.seeking is not None
                live = message.live_match
                self._match = None if live is None else MatchId(live)
                self._go_on()
            case wire.Paired():
                self._seeking, self._match = False, MatchId(message.match)
                self._go_on()
            case wire.MatchView():
                self._view(message)
            case wire.RoundOpened():
                self._asked(message.round)
            case wire.RoundClosed():
                self._plan(SILENT_S, "silence")
            case wire.MatchOver():
                self._over(message)
            case wire.Seeking():
                self._seeking = True
                self._sought()
            case wire.SeekCancelled():
                self._seeking = False
                self._idle()
            case wire.ChallengeChanged():
                self._challenged(message)
            case wire.RefusedMessage():
                self._refused(message)
            case wire.AnswerTaken() if message.choice is not msgspec.UNSET:
                self._mates.seen["answers acknowledged"] += 1
            case (
                wire.SeatChanged()
                | wire.CountdownStarted()
                | wire.AnswerTaken()
                | wire.Done()
                | wire.Ladder()
                | wire.Pong()
                | wire.Lobby()
                | wire.PresenceMessage()
                | wire.Watchers()
                | wire.StorageMessage()
            ):
                pass
            case _:
                assert_never(message)

    def _go_on(self) -> None:
        """Where one stands is known again."""
        if self._match is not None:
            self._rest(resting=False)
            self._plan(0, "enter", match=self._match)
        elif self._seeking:
            self._sought()
        else:
            self._idle()

    def _sought(self) -> None:
        self._rest(resting=False)
        if self._mates.quiet:
            self._plan(0, "cancel_seek")
        elif self._rng.random() < TAKES_BACK:
            self._plan(self._rng.uniform(0, 3), "cancel_seek")
        else:  # whoever was paired elsewhere learns it by the refusal
            self._plan(SEEK_AGAIN_S, "seek", deck=DECK, rated=False)

    def _idle(self, least_s: float = 0.0) -> None:
        if self._mates.quiet:
            self._look_back()
            return
        in_s = least_s + self._rng.uniform(0, 0.5)
        others = [player for player in self._mates.ids[-100:] if player != self._id]
        roll, rated = self._rng.random(), self._rng.random() < RATED
        if roll < AWAY:
            self._plan(in_s, "away")
        elif roll < AWAY + CHALLENGES and others:
            self._plan(in_s, "challenge", deck=DECK, to=self._rng.choice(others), rated=rated)
        else:
            self._plan(in_s, "seek", deck=DECK, rated=rated)

    def _look_back(self) -> None:
        """At the end, see the last match once more as it is kept; then rest."""
        if self._looked_back or self._last is None:
            self._rest(resting=True)
        else:
            self._looked_back = True
            self._plan(0, "enter", match=self._last)

    def _rest(self, *, resting: bool) -> None:
        self._next = None
        (self._mates.resting.add if resting else self._mates.resting.discard)(self._number)

    def _view(self, view: wire.MatchView) -> None:
        match = MatchId(view.match)
        if view.result is not None:
            self._over(view.result)
            return
        self._match, self._seat = match, view.seat or 0
        if view.phase == "gathering" and not view.seats[self._seat].ready:
            self._plan(self._rng.uniform(0, 0.1), "ready", match=match, ref=ref_of("ready", match))
        elif view.phase == "open" and view.my_choice is None:
            self._asked(view.round)
        else:
            self._plan(SILENT_S, "silence")

    def _asked(self, number: int) -> None:
        roll, in_s, match = self._rng.random(), self._rng.uniform(0.02, 1.2), self._match
        if roll < RESIGNS:
            self._plan(in_s, "resign", match=match, ref=ref_of("resign", match))
        elif roll < RESIGNS + AWAY:
            self._plan(in_s, "away")
        elif roll < RESIGNS + AWAY + LETS_PASS:
            self._plan(SILENT_S, "silence")  # lets it pass
        else:
            choice = self._rng.randrange(4)
            self._plan(in_s, "answer", match=match, round=number, choice=choice)

    def _over(self, over: wire.MatchOver) -> None:
        match = MatchId(over.match)
        if match != self._last:
            self._mates.seen["ends told"] += 1
            self._last, self._looked_back = match, False
        if self._match in {None, match}:
            self._match = None
            self._idle()

    def _challenged(self, challenge: wire.ChallengeChanged) -> None:
        to_me = challenge.to is not None and challenge.to.id == self._id
        if challenge.state != "open" or not to_me or self._match is not None or self._mates.quiet:
            return
        what = "accept_challenge" if self._rng.random() < ACCEPTS else "decline_challenge"
        ref, in_s = ref_of(what, challenge.challenge), self._rng.uniform(0, 0.3)
        self._plan(in_s, what, challenge=challenge.challenge, ref=ref)

    def _refused(self, refused: wire.RefusedMessage) -> None:
        self._mates.seen[f"refused: {refused.reason}"] += 1
        match refused.reason:
            case "already_in_match" if refused.match is not msgspec.UNSET:
                self._seeking, self._match = False, MatchId(refused.match)
                self._go_on()
            case "already_seeking":
                self._seeking = True
                self._sought()
            case "over" | "no_such_match":
                self._leaving = True  # the next welcome says where one stands
            case "cooling_down":
                self._cool_down(refused.retry_in_ms)
            case _ if self._match is not None:
                self._plan(self._rng.uniform(0.2, 1), "enter", match=self._match)
            case _ if self._seeking:
                self._plan(self._rng.uniform(0.2, 1), "cancel_seek")
            case _:
                self._looked_back = False
                self._idle(0.3)

    def _cool_down(self, retry_in_ms: int | msgspec.UnsetType) -> None:
        if retry_in_ms is not msgspec.UNSET and retry_in_ms > PATIENCE_MS:
            self._leaving, self._token, self._last = True, "", None
        else:
            self._plan(0.1, "seek", deck=DECK, rated=False)
