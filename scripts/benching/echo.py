"""The yardstick: a bare aiohttp server that answers each frame with frames of given sizes."""

import asyncio
import sys
from typing import Final

import msgspec
import uvloop
from aiohttp import WSMsgType, web

from scripts.benching.plan import SUB_PROTOCOL, Steps

PAYLOAD: Final = bytes(65536)


class Echo:
    """Replays the server's side of a duel, by seat, as often as it is asked to."""

    def __init__(self, steps: list[Steps]) -> None:
        self._steps: Final = steps

    async def socket(self, request: web.Request) -> web.WebSocketResponse:
        """One connection: after each frame, those that follow it."""
        steps = self._steps[int(request.query["seat"])]
        socket = web.WebSocketResponse(protocols=(SUB_PROTOCOL,), compress=False)
        await socket.prepare(request)
        at = 0
        await self._send(socket, steps[0])
        async for frame in socket:
            if frame.type is not WSMsgType.BINARY:
                break
            at = at + 1 if at + 1 < len(steps) else 1
            await self._send(socket, steps[at])
        return socket

    async def _send(self, socket: web.WebSocketResponse, step: tuple[int, list[int]]) -> None:
        for size in step[1]:
            await socket.send_bytes(PAYLOAD[:size])


async def serve(steps: list[Steps]) -> None:
    """Serve until killed; the first line printed is the port."""
    application = web.Application()
    application.add_routes([web.get("/ws", Echo(steps).socket)])
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, backlog=1024)
    await site.start()
    _, port = runner.addresses[0][:2]
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(serve(msgspec.json.decode(sys.stdin.readline(), type=list[Steps])))
