"""The composition root: one process that serves sockets, calls and pages."""

import asyncio
import contextlib
import gc
import logging
import socket
import time
from collections.abc import Callable, Sequence
from ipaddress import ip_network
from typing import Final

from aiohttp import WSCloseCode, web

from server.listening import BACKLOG
from server.practice.client import PracticeClients
from server.settings import Settings
from server.signals import heed
from server.store.keys import PRACTICE
from server.store.link import Unavailable
from server.store.turn import Turn
from server.web import session
from server.web.account import AccountApi
from server.web.api import Api
from server.web.arrivals import allow_many_sockets
from server.web.assets import Assets, static_folder
from server.web.boards import Boards
from server.web.calls import MAX_BODY, REQUEST_S, errors_as_json
from server.web.ceremonies import Ceremonies
from server.web.challenges import ChallengesApi
from server.web.description import Description
from server.web.dispatch import Dispatch
from server.web.doorkeeper import Doorkeeper
from server.web.keeping import KeepingPages
from server.web.metrics import Metrics
from server.web.origin import own_origin
from server.web.outbox import Flusher
from server.web.pages import Pages
from server.web.passkeys import PasskeyApi
from server.web.players import PlayersApi
from server.web.practice import PracticeApi
from server.web.practising import Practising
from server.web.proxies import Proxies
from server.web.rendering import Renderer, errors_as_pages
from server.web.services import Services
from server.web.socket import Connection, new_socket
from server.web.study import StudyApi
from server.web.tiles import TilesApi
from server.web.visitors import Visitors

log: Final = logging.getLogger(__name__)

PULSE_MS: Final = 1_000
GOODBYE_S: Final = 2.5
"""A client has two seconds to answer a closure."""
LAST_CALLS_S: Final = 0.1
FINISH_S: Final = 1.5
LINGER_S: Final = 1.0
"""For the rest of a body that was not waited for, so that the answer to it can be read."""
NEEDS_NO_REDIS: Final = frozenset(
    {
        *("/ws", "/static/{path}", "/healthz", "/readyz", "/metrics"),
        *("/api/schema", "/api/openapi.json", "/guides/{guide}", "/api/decks", "/api/decks/{deck}"),
    }
)
"""What has its own way while Redis is away, or no need of it."""
GC_THRESHOLD: Final = 20_000
"""Objects made before the collector looks for cycles; Python's own 700 costs a tenth of the CPU."""


class App:
    """The HTTP side of one process; `start` and `stop` in pairs."""

    def __init__(self, settings: Settings, redis_url: str) -> None:
        self._settings: Final = settings
        self._metrics: Final = Metrics()
        self._services: Final = Services(settings, redis_url, self._metrics)
        self._dispatch: Final = Dispatch(self._services)
        self._flusher: Final = Flusher()
        self._connections: Final[set[Connection]] = set()
        self._doorkeeper: Final = Doorkeeper(self._services.players, self._services.timers)
        self._practising: Final = Practising(
            Turn(self._services.link, PRACTICE, self._services.process),
            PracticeClients(self._services.character_token, settings.rate_limit),
            self._services.timers,
        )
        self._leaving = False

    async def start(self) -> web.Application:
        """Connect to Redis and give the application to serve.

        Raises:
            Unavailable: Redis does not answer.
        """
        self._services.storage.when_it_changes(self._tell_storage)
        await self._services.start()
        self._doorkeeper.start()
        self._services.timers.every("pulse", PULSE_MS, self._pulse)
        proxies = Proxies(tuple(map(ip_network, self._settings.trusted_proxies or ())))
        application = web.Application(
            middlewares=[
                proxies.middleware,
                self._not_found,
                errors_as_pages,
                errors_as_json,
                self._without_redis,
            ],
            client_max_size=MAX_BODY,
        )
        visitors = Visitors(self._settings, self._services.players)
        api = Api(self._services, self._metrics, visitors)
        study = StudyApi(self._services.decks, self._services.study, visitors)
        tiles = TilesApi(self._services.decks, self._services.tiles, visitors)
        folder = static_folder()
        self._renderer = Renderer(folder)
        boards = Boards(self._services, visitors, self._renderer)
        players = PlayersApi(self._services, visitors, self._renderer)
        challenges = ChallengesApi(
            self._settings, self._services.challenges, visitors, self._renderer
        )
        ceremonies = Ceremonies(self._services.accounts.passkeys, self._settings)
        account = AccountApi(self._services, visitors, self._doorkeeper, ceremonies)
        passkeys = PasskeyApi(self._services, visitors, ceremonies)
        keeping = KeepingPages(self._settings, self._services, visitors, self._renderer, ceremonies)
        practice = PracticeApi(self._services.decks, self._services.difficulties)
        pages = Pages(self._services, visitors, self._renderer, boards, study, tiles)
        areas = (api, study, tiles, boards, players, challenges, practice, account, passkeys)
        called = [call for area in areas for call in area.calls()]
        described = Description(called, visitors, self._renderer)
        for area in (*areas, described, keeping, pages):
            application.add_routes(area.routes())
        application.add_routes(
            [web.get("/ws", self._socket), web.get("/static/{path:.+}", Assets(folder).get)]
        )
        application.on_response_prepare.append(_safely)
        application.on_response_prepare.append(visitors.tell_freed)
        return application

    def practise(self, origin: str) -> None:
        """Have the practice opponents play here when it is this process's turn.

        The application must be served at `origin` by now.
        """
        self._practising.start(origin)

    async def say_goodbye(self) -> None:
        """Make no new pairings, and tell every client to come back elsewhere.

        Whoever has only just connected has a moment to ask for something.
        """
        self._leaving = True
        self._services.lobby.stop_pairing()
        closing = (c.close(WSCloseCode.GOING_AWAY) for c in tuple(self._connections))
        leaving = [asyncio.ensure_future(each) for each in (*closing, self._practising.stop())]
        await asyncio.sleep(LAST_CALLS_S)
        _, late = await asyncio.wait(leaving, timeout=GOODBYE_S)
        for each in late:
            each.cancel()
        await asyncio.gather(*leaving, return_exceptions=True)

    async def stop(self) -> None:
        """Let go of everything that runs."""
        await self._practising.stop()
        await self._services.stop()

    @web.middleware
    async def _not_found(self, request: web.Request, handler: session.Handle) -> web.StreamResponse:
        try:
            return await handler(request)
        except web.HTTPNotFound:
            return self._renderer.missing()

    @web.middleware
    async def _without_redis(
        self, request: web.Request, handler: session.Handle
    ) -> web.StreamResponse:
        """While Redis is known to be away, nobody waits to hear it."""
        if self._services.storage.gone and _needs_redis(request):
            raise Unavailable("known to be away")
        return await handler(request)

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        """One WebSocket, from its handshake to its end."""
        if session.from_elsewhere(request, self._settings.public_url):
            raise web.HTTPForbidden(text="This page is not one of this server's.")
        async with contextlib.AsyncExitStack() as place:  # left before every close: that waits
            await place.enter_async_context(self._services.arrivals.welcome())
            if _has_left(request):
                raise Unavailable("tired of waiting")
            account = await session.account_of(request, self._services.players)
            socket = new_socket()
            try:
                await socket.prepare(request)
            except ConnectionResetError:
                return web.Response()  # to nobody: a socket half prepared cannot be closed
            transport = request.transport
            if transport is None:
                return socket  # gone already
            if self._leaving:
                await place.aclose()
                await socket.close(code=WSCloseCode.GOING_AWAY)
                return socket
            connection = Connection(
                socket,
                transport,
                account,
                self._flusher,
                self._metrics.refusal,
                rate_limit=self._settings.rate_limit,
            )
            self._connections.add(connection)
            self._doorkeeper.let_in(connection, session.token_of(request))
            self._metrics.connections.inc()
            try:
                await self._dispatch.welcome(connection, int(time.time() * 1000))
                await place.aclose()
                self._dispatch.tell_storage(connection)
                # A task of its own: aiohttp's layers above are not woken for every frame.
                await asyncio.create_task(connection.run(self._dispatch))
            except Unavailable:
                await place.aclose()
                await connection.close(WSCloseCode.TRY_AGAIN_LATER)
            except Exception:
                log.exception("our bug, outside any message")
                await place.aclose()
                await connection.close(WSCloseCode.INTERNAL_ERROR)
            finally:
                connection.end()
                self._connections.discard(connection)
                self._doorkeeper.let_out(connection)
                self._metrics.connections.dec()
                self._dispatch.gone(connection)
        return socket

    def _tell_storage(self) -> None:
        """Redis has gone or come back: every socket whom it concerns learns so."""
        self._services.arrivals.look_again()
        for connection in tuple(self._connections):
            self._dispatch.tell_storage(connection)

    async def _pulse(self) -> None:
        self._services.measure()
        now = time.monotonic()
        for connection in tuple(self._connections):
            account = connection.account
            seeks = account is not None and self._services.lobby.is_waiting(account.id)
            await connection.pulse(now, awaited=seeks or bool(connection.entered))


def runner_of(application: web.Application, goodbye_s: float) -> web.AppRunner:
    """What listens for an application, and gives up on whoever is slow to ask.

    aiohttp counts its `keepalive_timeout` from the connection's beginning too, and ends
    whatever has not sent the whole head of a request by then.
    """
    return web.AppRunner(
        application,
        access_log=None,
        handle_signals=False,
        shutdown_timeout=goodbye_s,
        keepalive_timeout=REQUEST_S,
        lingering_time=LINGER_S,
    )


def _needs_redis(request: web.Request) -> bool:
    resource = request.match_info.route.resource
    if resource is None:
        return False  # there is nothing at this address
    if resource.canonical == "/api":
        return session.token_of(request) is not None  # whose, the page would say
    return resource.canonical not in NEEDS_NO_REDIS


def _has_left(request: web.Request) -> bool:
    return request.transport is None


def _spare_the_collector() -> None:
    """What is loaded now stays; and what a duel makes is freed by its count of references."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(GC_THRESHOLD, 20, 20)


def _nothing_to_renew() -> None:
    log.warning("SIGHUP changes nothing here: with --workers 2 or more it replaces them one by one")


async def _safely(_: web.Request, response: web.StreamResponse) -> None:
    """Headers that go with every answer."""
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")


async def run(
    settings: Settings,
    redis_url: str,
    *,
    on_ready: Callable[[], None],
    sockets: Sequence[socket.socket] = (),
) -> None:
    """Serve until a signal says stop; `on_ready` is called once the port listens.

    With `sockets`, which are bound already, connections are taken from them. Whoever is told to
    come back comes to somebody else: nothing is taken any more by then.

    Raises:
        OSError: the port cannot be listened on.
        Unavailable: Redis does not answer.
    """
    allow_many_sockets()
    stopped = heed(_nothing_to_renew)
    app = App(settings, redis_url)
    try:
        runner = runner_of(await app.start(), FINISH_S)
        await runner.setup()
        try:
            sites: list[web.BaseSite] = [
                web.SockSite(runner, each, backlog=BACKLOG) for each in sockets
            ] or [web.TCPSite(runner, settings.host, settings.port, backlog=BACKLOG)]
            for site in sites:
                await site.start()
            app.practise(own_origin(settings))
            _spare_the_collector()
            on_ready()
            await stopped.wait()
            for site in sites:
                await site.stop()
            await app.say_goodbye()
        finally:
            await runner.cleanup()
    finally:
        await app.stop()
