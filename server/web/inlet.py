"""A WebSocket of which frames can be taken as they come in, with no task woken for each.

aiohttp reads and checks the frames; what is not taken at once it keeps for `receive`, within
its bounds.
"""

import asyncio
from collections.abc import Callable
from typing import Final, TypeAlias

from aiohttp import WSMessage, web
from aiohttp._websocket.reader import WebSocketDataQueue
from aiohttp.http import WebSocketReader, WebSocketWriter, WSMessageTextBytes
from aiohttp.web_request import BaseRequest

MOST_HELD: Final = 1 << 16
"""Bytes of frames that wait to be received (twice that is read), as aiohttp bounds them."""
Frame: TypeAlias = WSMessage | WSMessageTextBytes
Take: TypeAlias = Callable[[Frame], bool]
"""Carries out a frame, if it can do so at once; else it has done nothing."""


class Inlet(WebSocketDataQueue):
    """What has come in at one socket; `take` is offered each frame that no other is before."""

    take: Take | None = None

    def feed_data(self, data: Frame, size: int) -> None:
        """A frame has come in."""
        if self._buffer or self.take is None or not self.take(data):
            super().feed_data(data, size)


class Socket(web.WebSocketResponse):
    """A WebSocket, uncompressed, with an inlet from when it is prepared."""

    inlet: Inlet

    def _post_start(
        self, request: BaseRequest, protocol: str | None, writer: WebSocketWriter
    ) -> None:
        """As aiohttp's own, with our inlet in place of its queue."""
        self._ws_protocol, self._writer = protocol, writer
        self.inlet = Inlet(request.protocol, MOST_HELD, loop=asyncio.get_running_loop())
        self._reader = self.inlet
        self._parser = WebSocketReader(
            self.inlet, self._max_msg_size, compress=False, decode_text=self._decode_text
        )
        request.protocol.set_parser(self._parser)
        request.protocol.keep_alive(val=False)
