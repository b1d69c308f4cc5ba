"""The pages on which one keeps one's name: `/me`, and where a one-time link leads."""

from typing import Final

from aiohttp import web
from msgspec import Struct

from server.settings import Settings
from server.store.onelinks import LinkState
from server.web.account import Me, me_of
from server.web.ceremonies import Ceremonies
from server.web.origin import origin_of, qr_svg
from server.web.rendering import Renderer
from server.web.services import Services
from server.web.visitors import Visitors


class ShownLink(Struct, frozen=True):
    """A one-time link as it stands: whom it signs in, None where nobody, and for how long."""

    state: LinkState
    name: str | None
    player: str | None
    expires_in_ms: int


class KeepingPages:
    """The pages, over the services of this process."""

    def __init__(
        self,
        settings: Settings,
        services: Services,
        visitors: Visitors,
        renderer: Renderer,
        ceremonies: Ceremonies,
    ) -> None:
        self._settings: Final = settings
        self._services: Final = services
        self._visitors: Final = visitors
        self._renderer: Final = renderer
        self._ceremonies: Final = ceremonies

    def routes(self) -> list[web.RouteDef]:
        """Both pages, and the picture of a link."""
        return [
            web.get("/me", self.me),
            web.get("/keep/{token}", self.keep),
            web.get("/keep/{token}/qr.svg", self.qr),
        ]

    async def me(self, request: web.Request) -> web.Response:
        """One's own account; for a visitor without a name, the ways to have one."""
        caller = await self._visitors.caller(request)
        account: Me | None = None
        if caller.account is not None:
            account = await me_of(self._services, caller.account)
        freed = None if caller.player is None else await self._services.players.freed(caller.player)
        data = {
            "me": caller.me,
            "account": account,
            "freed": freed,
            "site": self._ceremonies.site(request),
            "origin": origin_of(request, self._settings),
        }
        return self._renderer.page("me", "Your name", data)

    async def keep(self, request: web.Request) -> web.Response:
        """Where a one-time link leads. It only asks: programs that look ahead use nothing up."""
        token = request.match_info["token"]
        found, account = await self._services.accounts.look_at_link(token)
        caller = await self._visitors.caller(request)
        link = ShownLink(
            found.state,
            account.name if account else None,
            account.id if account else None,
            found.left_ms,
        )
        data = {"me": caller.me, "link": link, "studied": caller.player is not None}
        return self._renderer.page("keep", "Go on playing here", data)

    async def qr(self, request: web.Request) -> web.Response:
        """An open link as a picture, for the other device's camera."""
        token = request.match_info["token"]
        found, _ = await self._services.accounts.look_at_link(token)
        if found.state is not LinkState.OPEN:
            raise web.HTTPNotFound
        return qr_svg(f"{origin_of(request, self._settings)}/keep/{token}")
