"""Who calls: from this server's own pages, at a bearable pace, as a player or as a guest.

A guest is a visitor with a session but without a name: what he studies is his, and
still is when he takes a name.
"""

from typing import Final
from urllib.parse import quote

from aiohttp import hdrs, web
from msgspec import Struct

from server.core.ids import PlayerId
from server.settings import Settings
from server.store.players import Account, Players
from server.web import session
from server.web.calls import ApiError, slow_down
from server.web.limits import Pace

NEW_BURST: Final = 300
NEW_A_SECOND: Final = 2
"""New players and guests of one address: a whole classroom at once, but no script for long."""
CALLS_BURST: Final = 60
CALLS_A_SECOND: Final = 3
"""Of what changes or costs something, by one player: faster than anybody studies."""
ADDRESS_BURST: Final = 600
ADDRESS_A_SECOND: Final = 15
"""The same by all who call from one address: a classroom that studies."""
LOOKS_BURST: Final = 300
LOOKS_A_SECOND: Final = 10
"""Look-ups from one address of what is costly, or could be guessed: the codes of challenges."""
ITEMS_A_CALL: Final = 10
FREED: Final = web.RequestKey("freed", str)
"""The name that was given free of whoever asks for a page."""


class Caller(Struct, frozen=True):
    """Who asks: a player has an account, a guest has none, and anybody else is neither."""

    player: PlayerId | None = None
    account: Account | None = None

    @property
    def me(self) -> dict[str, str] | None:
        """The signed-in player as every page shows them."""
        return {"id": self.account.id, "name": self.account.name} if self.account else None


class Visitors:
    """The callers of this process; a rate limit of 0 lifts every pace.

    Paces are kept by player and by address, never by what a caller makes up. Each of several
    workers keeps its own, as all that a caller does may come on one connection: a player's is
    whole at each, and an address's has its share of what comes back each second.
    """

    def __init__(self, settings: Settings, players: Players) -> None:
        lifted = settings.rate_limit == 0
        self._public_url: Final = settings.public_url
        self._players: Final = players

        def shared(rate: float, burst: float) -> Pace:
            return Pace(0 if lifted else rate / settings.workers, burst)

        self._new: Final = shared(NEW_A_SECOND, NEW_BURST)
        self._calls: Final = Pace(0 if lifted else CALLS_A_SECOND, CALLS_BURST)
        self._looks: Final = shared(LOOKS_A_SECOND, LOOKS_BURST)
        self._addresses: Final = shared(ADDRESS_A_SECOND, ADDRESS_BURST)

    async def player(self, request: web.Request) -> PlayerId | None:
        """The player, or guest, who calls."""
        token = session.token_of(request)
        return await self._players.remembered(token) if token else None

    async def caller(self, request: web.Request) -> Caller:
        """Who asks, with their account if they have one."""
        player = await self.player(request)
        if player is None:
            return Caller()
        account = await self._players.account(player)
        freed = await self._players.freed(player) if account is None else None
        if freed is not None:
            request[FREED] = freed
        return Caller(player, account)

    @staticmethod
    async def tell_freed(request: web.Request, response: web.StreamResponse) -> None:
        """Tell a page that its visitor's name was given free, in a cookie that it can read."""
        freed = request.get(FREED)
        if freed is not None and response.content_type == "text/html":
            response.headers.add(hdrs.SET_COOKIE, session.freed_cookie(quote(freed)))

    async def signed_in(self, request: web.Request) -> Account:
        """The account of who asks.

        Raises:
            ApiError: nobody with a name.
        """
        account = (await self.caller(request)).account
        if account is None:
            raise ApiError(401, "not_signed_in", "Choose a name first.")
        return account

    async def admit(self, request: web.Request, items: int = 1) -> PlayerId | None:
        """Let a call pass that changes or costs something; of many items, each ten count as a call.

        Gives the player, or guest, who calls.

        Raises:
            ApiError: it comes from a page of another site, or too fast.
        """
        self._refuse_foreign(request)
        cost = -(-items // ITEMS_A_CALL)
        detail = "Too many calls: wait a few seconds, then send it again."
        slow_down(self._addresses, request.remote or "", detail, cost)
        player = await self.player(request)
        if player is not None:
            slow_down(self._calls, player, detail, cost)
        return player

    def admit_look(self, request: web.Request) -> None:
        """Let a look-up pass that whoever makes many of may be guessing, or that costs much.

        Raises:
            ApiError: too many come from one address.
        """
        detail = "Too many look-ups from your network: wait a few seconds, then try again."
        slow_down(self._looks, request.remote or "", detail)

    def admit_new(self, request: web.Request) -> None:
        """Let somebody pass who is about to be remembered.

        Raises:
            ApiError: another site's page sent it, or too many come from one address.
        """
        self._refuse_foreign(request)
        detail = "Too many new players from your network: wait a few seconds."
        slow_down(self._new, request.remote or "", detail)

    async def new_guest(self, request: web.Request) -> tuple[PlayerId, str]:
        """Remember a visitor without a name: who he is, and the token to tell him by.

        Raises:
            ApiError: too many come from one address.
        """
        self.admit_new(request)
        return await self._players.guest()

    def remember(self, response: web.Response, token: str, request: web.Request) -> None:
        """Set the session cookie; what the last player here was told is over."""
        session.remember(response, token, request, self._public_url)
        session.forget_freed(response, request)

    def forget(self, response: web.Response, request: web.Request) -> None:
        """Have a browser forget its session, and what its player was told."""
        session.forget(response, request, self._public_url)
        session.forget_freed(response, request)

    def _refuse_foreign(self, request: web.Request) -> None:
        if session.from_elsewhere(request, self._public_url):
            raise ApiError(403, "foreign_origin", "Call this from the server's own page.")
