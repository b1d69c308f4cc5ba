"""The calls of passkeys: what to sign, what was made, and which to forget."""

import time
from typing import Annotated, Final

from aiohttp import web
from msgspec import Meta, Struct

from server.store.passkeys import TooManyPasskeys
from server.web.account import BAD_PASSKEY, OWN, Me, me_of
from server.web.calls import (
    ADMITTED,
    MALFORMED,
    ApiError,
    Call,
    Trouble,
    body_of,
    json,
    routes_of,
)
from server.web.ceremonies import BadPasskey, Ceremonies
from server.web.services import Services
from server.web.visitors import Visitors


class MadePasskey(Struct):
    """The body of `POST /api/me/passkeys`: what the browser gave, and how to call it."""

    credential: dict[str, object]
    name: Annotated[str, Meta(min_length=1, max_length=60)] = "Passkey"


class PasskeyApi:
    """The calls, over the services of this process."""

    def __init__(self, services: Services, visitors: Visitors, ceremonies: Ceremonies) -> None:
        self._services: Final = services
        self._visitors: Final = visitors
        self._ceremonies: Final = ceremonies

    def calls(self) -> list[Call]:
        """Every call of passkeys."""
        options = dict[str, object]
        return [
            Call("POST", "/api/me/passkeys/options", self.ask_to_make, options, errors=OWN),
            Call(
                "POST",
                "/api/me/passkeys",
                self.make,
                Me,
                201,
                body=MadePasskey,
                errors=(*OWN, Trouble(409, "too_many_passkeys"), MALFORMED, BAD_PASSKEY),
            ),
            Call(
                "DELETE",
                "/api/me/passkeys/{passkey}",
                self.remove,
                Me,
                errors=(*OWN, Trouble(404, "no_such_passkey")),
            ),
            Call("POST", "/api/passkeys/options", self.ask_to_sign, options, errors=ADMITTED),
        ]

    def routes(self) -> list[web.RouteDef]:
        """The routes of the calls."""
        return routes_of(self.calls())

    async def ask_to_make(self, request: web.Request) -> web.Response:
        """What the browser needs to make a passkey."""
        await self._visitors.admit(request)
        account = await self._visitors.signed_in(request)
        return json(await self._ceremonies.ask_to_make(request, account))

    async def make(self, request: web.Request) -> web.Response:
        """Keep the passkey that the browser made."""
        await self._visitors.admit(request)
        account = await self._visitors.signed_in(request)
        sent = await body_of(request, MadePasskey)
        now_ms = int(time.time() * 1000)
        try:
            await self._ceremonies.made(request, account, sent.name, sent.credential, now_ms)
        except BadPasskey as error:
            raise ApiError(422, "bad_passkey", str(error)) from error
        except TooManyPasskeys as error:
            detail = "You have too many passkeys: remove one first."
            raise ApiError(409, "too_many_passkeys", detail) from error
        return json(await me_of(self._services, account), 201)

    async def remove(self, request: web.Request) -> web.Response:
        """Forget a passkey."""
        await self._visitors.admit(request)
        account = await self._visitors.signed_in(request)
        if not await self._services.accounts.passkeys.remove(
            account.id, request.match_info["passkey"]
        ):
            raise ApiError(404, "no_such_passkey", "You have no such passkey: reload the page.")
        return json(await me_of(self._services, account))

    async def ask_to_sign(self, request: web.Request) -> web.Response:
        """What the browser needs to sign in by a passkey."""
        await self._visitors.admit(request)
        return json(await self._ceremonies.ask_to_sign(request))
