"""One connection: reads frames, hands messages on, and turns trouble into closes."""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias

from aiohttp import WSCloseCode, WSMessage, WSMsgType, web
from msgspec import UNSET

from server.core.ids import MatchId
from server.core.refusal import Reason, Refused
from server.play.timers import mono_ms
from server.store.link import Unavailable
from server.store.players import Account
from server.web.limits import bucket
from server.web.outbox import NEVER_DRAIN, Flusher, Outbox
from server.wire.codec import (
    MAX_FRAME,
    Frame,
    Malformed,
    SubProtocol,
    Undecodable,
    decode,
    ref_in,
)
from server.wire.messages import ClientMessage, Ref, RefusedMessage, ServerMessage

log: Final = logging.getLogger(__name__)

MAX_CREDIT_MS: Final = 250
RTTS: Final = 8
PULSE_IN_MATCH_S: Final = 2.0
PULSE_IDLE_S: Final = 20.0
SILENT_IDLE_S: Final = 45.0
SILENT_IN_MATCH_S: Final = 7.0
"""A connection from which nothing came for so long, not even a pong, is gone."""
BURST_S: Final = 2
"""Seconds' worth of messages that may come at once."""


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
        *,
        rate_limit: int,
    ) -> None:
        self.account = account
        self.entered: Final[set[MatchId]] = set()
        self.watched: Final[set[str]] = set()
        self._socket: Final = socket
        self._protocol: Final = SubProtocol(socket.ws_protocol or SubProtocol.JSON)
        self._outbox: Final = Outbox(socket, transport, self._protocol, flusher)
        self._frames: Final = (
            WSMsgType.TEXT if self._protocol is SubProtocol.JSON else WSMsgType.BINARY
        )
        now = time.monotonic()
        self._bucket: Final = bucket(rate_limit, BURST_S * rate_limit, now)
        self._strikes = 0
        self._rtts: Final[deque[float]] = deque(maxlen=RTTS)
        self._heard = now
        self._pinged = now
        self._ping_at: float | None = None
        self._transport: Final = transport

    def send(self, frame: Frame, *, written: Callable[[], None] | None = None) -> None:
        """Queue a frame; never waits, never raises."""
        self._outbox.put(frame, written)

    def say(self, message: ServerMessage) -> None:
        """Queue a message for this socket alone."""
        self._outbox.put(Frame(message))

    def credit_ms(self) -> int:
        """The least round trip of the last eight pings, at most 250 ms; 0 before any."""
        return min(int(min(self._rtts)), MAX_CREDIT_MS) if self._rtts else 0

    async def pulse(self, now: float) -> None:
        """Ping when it is time (`now` in monotonic seconds); cut off who has gone silent."""
        pulse_s, silent_s = PULSE_IDLE_S, SILENT_IDLE_S
        if self.entered:
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
        """Read until the other side, the network or a rule ends it."""
        await self._ping()
        while not self._socket.closed:
            frame = await self._socket.receive()
            received = mono_ms()
            if frame.type in {
                WSMsgType.CLOSE,
                WSMsgType.CLOSED,
                WSMsgType.CLOSING,
                WSMsgType.ERROR,
            }:
                break
            self._heard = time.monotonic()
            code = await self._take(frame, received, handle)
            if code is not None:
                await self.close(code)

    def end(self) -> None:
        """Send nothing more."""
        self._outbox.close()

    async def close(self, code: int) -> None:
        """Say goodbye; what is queued goes out first."""
        self._outbox.flush()
        self._outbox.close()
        await self._socket.close(code=code)

    async def _take(self, frame: WSMessage, received: float, handle: "Handler") -> int | None:
        """Deal with one frame; the code to close with, if any."""
        if not self._bucket.take(self._heard):
            return self._too_fast(frame)
        if self._bucket.full:
            self._strikes = 0
        if frame.type is WSMsgType.PING:
            await self._socket.pong(frame.data)
            self._outbox.cut_off_slow()
            return None
        if frame.type is WSMsgType.PONG:
            self._time_pong(frame.data, received)
            return None
        if frame.type is not self._frames:
            return WSCloseCode.UNSUPPORTED_DATA
        try:
            message = decode(frame.data, self._protocol)
        except Undecodable:
            return WSCloseCode.INVALID_TEXT
        except Malformed as refusal:
            self.refuse(refusal, refusal.ref)
            return None
        return await self._handle(message, received, handle)

    async def _handle(
        self, message: ClientMessage, received: float, handle: "Handler"
    ) -> int | None:
        try:
            await handle(self, message, received)
        except Refused as refusal:
            self.refuse(refusal, message.ref)
        except Unavailable:
            detail = "The server cannot reach its store; nothing was lost. Try again in a moment."
            self.refuse(Refused(Reason.UNAVAILABLE, detail), message.ref)
        except Exception:
            log.exception("our bug, on a %s", type(message).__name__)
            return WSCloseCode.INTERNAL_ERROR
        return None

    def refuse(self, refusal: Refused, ref: Ref) -> None:
        """Tell the client what the rules forbade."""
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

    def _too_fast(self, frame: WSMessage) -> int | None:
        """One message over the limit is refused; a flood of them ends the connection."""
        self._strikes += 1
        if self._strikes > self._bucket.burst:
            return WSCloseCode.POLICY_VIOLATION
        ref = ref_in(frame.data, self._protocol) if frame.type is self._frames else None
        self.refuse(Refused(Reason.TOO_FAST, "Send fewer messages a second."), ref)
        return None

    def _time_pong(self, payload: bytes, received: float) -> None:
        """Measure the round trip of the latest ping; any other pong says nothing."""
        if self._ping_at is not None and bytes(payload) == _payload(self._ping_at):
            self._rtts.append(received - self._ping_at)
            self._ping_at = None


Handler: TypeAlias = Callable[[Connection, ClientMessage, float], Awaitable[None]]
"""Carries out one message, received at an instant (monotonic ms)."""


def _payload(at: float) -> bytes:
    return str(at).encode()
