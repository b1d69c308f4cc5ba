"""Who calls: from this server's own pages, at a bearable pace, as a player or as a guest.

A guest is a visitor with a session but without a name: what he studies is his, and
still is when he takes a name.
"""

from typing import Final

from aiohttp import web

from server.core.ids import PlayerId
from server.settings import Settings
from server.store.players import Players
from server.web import session
from server.web.calls import ApiError, slow_down
from server.web.limits import Pace

NEWCOMERS_BURST: Final = 300
NEWCOMERS_A_SECOND: Final = 2
"""A whole classroom behind one address signs up at once; a script is slowed down."""
CALLS_BURST: Final = 60
CALLS_A_SECOND: Final = 3
"""Of what changes or costs something, by one caller: faster than anybody studies."""
ITEMS_A_CALL: Final = 10


class Visitors:
    """The callers of this process; a rate limit of 0 lifts every pace."""

    def __init__(self, settings: Settings, players: Players) -> None:
        lifted = settings.rate_limit == 0
        self._public_url: Final = settings.public_url
        self._players: Final = players
        self._newcomers: Final = Pace(0 if lifted else NEWCOMERS_A_SECOND, NEWCOMERS_BURST)
        self._calls: Final = Pace(0 if lifted else CALLS_A_SECOND, CALLS_BURST)

    def admit(self, request: web.Request, items: int = 1) -> None:
        """Let a call pass that changes or costs something; of many items, each ten count as a call.

        Raises:
            ApiError: it comes from a page of another site, or too fast.
        """
        self.refuse_foreign(request)
        caller = session.token_of(request) or request.remote or ""
        detail = "Too many calls: wait a few seconds, then send it again."
        slow_down(self._calls, caller, detail, -(-items // ITEMS_A_CALL))

    def admit_newcomer(self, request: web.Request) -> None:
        """Let somebody pass who is about to be remembered.

        Raises:
            ApiError: another site's page sent it, or too many come from one address.
        """
        self.refuse_foreign(request)
        detail = "Too many new players from your network: wait a few seconds."
        slow_down(self._newcomers, request.remote or "", detail)

    def refuse_foreign(self, request: web.Request) -> None:
        """Refuse what a page of another site sends.

        Raises:
            ApiError: it does.
        """
        if session.from_elsewhere(request, self._public_url):
            raise ApiError(403, "foreign_origin", "Call this from the server's own page.")

    async def learner(self, request: web.Request) -> PlayerId | None:
        """The player or guest who calls."""
        token = session.token_of(request)
        return await self._players.remembered(token) if token else None

    async def welcome(self, request: web.Request) -> tuple[PlayerId, str | None]:
        """Whoever calls; a new guest, with the token to remember him by, where it is nobody.

        Raises:
            ApiError: too many guests come from one address.
        """
        learner = await self.learner(request)
        if learner is not None:
            return learner, None
        self.admit_newcomer(request)
        return await self._players.guest()

    def remember(self, response: web.Response, token: str, request: web.Request) -> None:
        """Set the session cookie."""
        session.remember(response, token, request, self._public_url)
