"""One connection: reads frames, hands messages on, and turns trouble into closes."""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Final, Literal, TypeAlias

from aiohttp import WSCloseCode, WSMessage, WSMsgType, web
from msgspec import UNSET

from server.core.ids import MatchId
from server.core.refusal import Reason, Refused
from server.play.timers import mono_ms
from server.store.link import Unavailable
from server.store.players import Account
from server.web.limits import bucket
from server.web.outbox import NEVER_DRAIN, Flusher, Outbox
from server.wire.client import ClientMessage, Ref
from server.wire.codec import (
    MAX_FRAME,
    Frame,
    Malformed,
    SubProtocol,
    Undecodable,
    decode,
    ref_in,
)
from server.wire.messages import RefusedMessage, ServerMessage, StorageMessage, Welcome

log: Final = logging.getLogger(__name__)

MAX_CREDIT_MS: Final = 250
RTTS: Final = 8
PULSE_IN_MATCH_S: Final = 2.0
PULSE_IDLE_S: Final = 20.0
SILENT_IDLE_S: Final = 45.0
SILENT_IN_MATCH_S: Final = 20.0
"""A connection from which nothing came for so long, not even a pong, is gone."""
NO_STORE: Final = "The server cannot reach its store; nothing was lost. Try again in a moment."
BURST_S: Final = 2
"""Seconds' worth of messages that may come at once."""
Watched: TypeAlias = Literal["ladder", "challenge", "lobby", "player"]
"""What a connection may have sent whenever it changes."""

_STORAGE: Final = {known: Frame(StorageMessage(available=known)) for known in (False, True)}
_ENDS: Final = frozenset({WSMsgType.CLOSE, WSMsgType.CLOSED, WSMsgType.CLOSING, WSMsgType.ERROR})


class _Goodbye(Exception):  # noqa: N818 - how a connection ends
    """The connection must be closed, with this code."""

    def __init__(self, code: WSCloseCode) -> None:
        super().__init__(code)
        self.code = code


def new_socket() -> web.WebSocketResponse:
    """A socket as ours are: uncompressed, bounded, its pongs ours to time."""
    return web.WebSocketResponse(
        protocols=(SubProtocol.MSGPACK, SubProtocol.JSON),
        compress=False,
        max_msg_size=MAX_FRAME + 1,
        autoping=False,
        writer_limit=NEVER_DRAIN,
        decode_text=False,
        timeout=2.0,
    )


class Connection:
    """A `Listener` over one WebSocket. Its `run` owns it from welcome to the end."""

    def __init__(
        self,
        socket: web.WebSocketResponse,
        transport: asyncio.WriteTransport,
        account: Account | None,
        flusher: Flusher,
        count_refusal: Callable[[Reason], None],
        *,
        rate_limit: int,
    ) -> None:
        self._count_refusal: Final = count_refusal
        self.account = account
        self.entered: Final[set[MatchId]] = set()
        self.watched: Final[set[tuple[Watched, str]]] = set()
        self._socket: Final = socket
        self._protocol: Final = SubProtocol(socket.ws_protocol or SubProtocol.JSON)
        self._outbox: Final = Outbox(socket, transport, self._protocol, flusher)
        self._frames: Final = (
            WSMsgType.TEXT if self._protocol is SubProtocol.JSON else WSMsgType.BINARY
        )
        now = time.monotonic()
        self._bucket: Final = bucket(rate_limit, BURST_S * rate_limit, now)
        self._held: list[tuple[Frame, Callable[[], None] | None]] | None = []
        self._strikes = 0
        self._rtts: Final[deque[float]] = deque(maxlen=RTTS)
        self._credit_ms = 0
        self._heard = now
        self._pinged = now
        self._ping_at: float | None = None
        self._transport: Final = transport
        self._storage_available = True

    def send(self, frame: Frame, *, written: Callable[[], None] | None = None) -> None:
        """Queue a frame; never waits, never raises. Before the welcome it is held back."""
        if self._held is not None:
            self._held.append((frame, written))
        else:
            self._outbox.put(frame, written)

    def welcome(self, message: Welcome) -> None:
        """Send the first message, and then what has come meanwhile."""
        self._outbox.put(Frame(message))
        held, self._held = self._held, None
        for frame, written in held or ():
            self._outbox.put(frame, written)

    def say(self, message: ServerMessage) -> None:
        """Queue a message for this socket alone."""
        self._outbox.put(Frame(message))

    def tell_storage(self, *, available: bool) -> None:
        """Say whether Redis answers, where that is not what was said last."""
        if available is not self._storage_available:
            self._storage_available = available
            self.send(_STORAGE[available])

    def credit_ms(self) -> int:
        """The least round trip of the last eight pings, at most 250 ms; 0 before any."""
        return self._credit_ms

    async def pulse(self, now: float, *, awaited: bool) -> None:
        """Ping when it is time (`now` in monotonic seconds); cut off who has gone silent.

        `awaited`: somebody counts on this connection, in a match or to be paired.
        """
        pulse_s, silent_s = PULSE_IDLE_S, SILENT_IDLE_S
        if awaited:
            pulse_s, silent_s = PULSE_IN_MATCH_S, SILENT_IN_MATCH_S
        if now - self._heard > silent_s:
            self._transport.abort()
            return
        if now - self._pinged >= pulse_s:
            self._pinged = now
            await self._ping()

    async def _ping(self) -> None:
        self._ping_at = mono_ms()
        try:
            await self._socket.ping(_payload(self._ping_at))
        except ConnectionError:
            self._outbox.close()

    async def run(self, handle: "Handler") -> None:
        """Read until the other side, the network or a rule ends it.

        What takes a frame apart does not wait, and what waits is one call deep: this
        is the way of every answer.
        """
        await self._ping()
        while not self._socket.closed:
            frame = await self._socket.receive()
            if frame.type in _ENDS:
                break
            received = mono_ms()
            self._heard = received / 1000
            ref: Ref = None
            try:
                message = self._read(frame, received)
                if message is not None:
                    ref = message.ref
                    await handle(self, message, received)
                elif frame.type is WSMsgType.PING:
                    await self._socket.pong(frame.data)
                    self._outbox.cut_off_slow()
            except Refused as refusal:
                self.refuse(refusal, refusal.ref if isinstance(refusal, Malformed) else ref)
            except Unavailable:
                self.refuse(Refused(Reason.UNAVAILABLE, NO_STORE), ref)
            except _Goodbye as goodbye:
                await self.close(goodbye.code)
            except ConnectionResetError:
                break  # the other side went while it was being answered
            except Exception:
                log.exception("our bug")
                await self.close(WSCloseCode.INTERNAL_ERROR)

    def end(self) -> None:
        """Send nothing more."""
        self._outbox.close()

    async def close(self, code: int) -> None:
        """Say goodbye; what is queued goes out first."""
        self._outbox.flush()
        self._outbox.close()
        await self._socket.close(code=code)

    def _read(self, frame: WSMessage, received: float) -> ClientMessage | None:
        """The message in a frame; None where it is a ping or pong, or was not taken.

        Raises:
            Malformed: it is no message of ours.
            _Goodbye: the connection must end.
        """
        if not self._bucket.take(self._heard):
            self._too_fast(frame)
            return None
        if self._bucket.full:
            self._strikes = 0
        if frame.type is self._frames:
            try:
                return decode(frame.data, self._protocol)
            except Undecodable as error:
                raise _Goodbye(WSCloseCode.INVALID_TEXT) from error
        if frame.type is WSMsgType.PONG:
            self._time_pong(frame.data, received)
        elif frame.type is not WSMsgType.PING:
            raise _Goodbye(WSCloseCode.UNSUPPORTED_DATA)
        return None

    def refuse(self, refusal: Refused, ref: Ref) -> None:
        """Tell the client what the rules forbade."""
        self._count_refusal(refusal.reason)
        self.say(
            RefusedMessage(
                reason=refusal.reason,
                detail=refusal.detail,
                ref=ref,
                choice=UNSET if refusal.choice is None else refusal.choice,
                retry_in_ms=UNSET if refusal.retry_in_ms is None else refusal.retry_in_ms,
                match=UNSET if refusal.match is None else refusal.match,
            )
        )

    def _too_fast(self, frame: WSMessage) -> None:
        """One message over the limit is refused; a flood of them ends the connection."""
        self._strikes += 1
        if self._strikes > self._bucket.burst:
            raise _Goodbye(WSCloseCode.POLICY_VIOLATION)
        ref = ref_in(frame.data, self._protocol) if frame.type is self._frames else None
        self.refuse(Refused(Reason.TOO_FAST, "Send fewer messages a second."), ref)

    def _time_pong(self, payload: bytes, received: float) -> None:
        """Measure the round trip of the latest ping; any other pong says nothing."""
        if self._ping_at is not None and bytes(payload) == _payload(self._ping_at):
            self._rtts.append(received - self._ping_at)
            self._credit_ms = min(int(min(self._rtts)), MAX_CREDIT_MS)
            self._ping_at = None


Handler: TypeAlias = Callable[[Connection, ClientMessage, float], Awaitable[None]]
"""Carries out one message, received at an instant (monotonic ms)."""


def _payload(at: float) -> bytes:
    return str(at).encode()
