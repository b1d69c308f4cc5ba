"""The calls of an account: name, challenges, who is muted, one-time links, sessions."""

import time
from datetime import UTC, datetime
from typing import Annotated, Final

from aiohttp import web
from msgspec import UNSET, Meta, Struct, UnsetType

from server.core.ids import PlayerId
from server.core.names import BadName
from server.core.refusal import Refused
from server.store.mutes import TooManyMuted
from server.store.names import Nameless, NameTaken, TooSoon
from server.store.onelinks import LIFE_MS, LinkState
from server.store.players import Account
from server.web import session
from server.web.calls import (
    ADMITTED,
    BAD_QUERY,
    MALFORMED,
    NO_SUCH_PLAYER,
    NOT_SIGNED_IN,
    ApiError,
    Call,
    Trouble,
    body_of,
    json,
    routes_of,
    whole_number,
)
from server.web.ceremonies import BadPasskey, Ceremonies
from server.web.doorkeeper import Doorkeeper
from server.web.services import Services
from server.web.visitors import Visitors

NAME_TAKEN: Final = "Somebody has this name already: choose another."
OWN: Final = (NOT_SIGNED_IN, *ADMITTED)
"""What any call about oneself may say."""
IN_MATCH: Final = Trouble(409, "already_in_match")
BAD_PASSKEY: Final = Trouble(422, "bad_passkey")


class MutedPlayer(Struct, frozen=True):
    """Somebody whose challenges are not taken."""

    id: str
    name: str


class ShownPasskey(Struct, frozen=True):
    """A passkey, by the name that its player gave it."""

    id: str
    name: str
    made_at_ms: int


class Me(Struct, frozen=True):
    """The signed-in player; `may_rename_at_ms` is null where the name may be changed now."""

    id: str
    name: str
    bot: bool
    challenges: bool
    muted: tuple[MutedPlayer, ...]
    passkeys: tuple[ShownPasskey, ...]
    may_rename_at_ms: int | None


class AccountChange(Struct):
    """The body of `PATCH /api/me`: what is left out stays."""

    name: Annotated[str, Meta(max_length=200)] | UnsetType = UNSET
    challenges: bool | UnsetType = UNSET


class MadeLink(Struct, frozen=True):
    """A one-time link: its path, at whatever address this server is reached by."""

    path: str
    token: str
    expires_in_ms: int


class SignIn(Struct):
    """The body of `POST /api/sessions`: one of the two."""

    link: Annotated[str, Meta(max_length=200)] | UnsetType = UNSET
    passkey: dict[str, object] | UnsetType = UNSET


class SignedIn(Struct, frozen=True):
    """A player, and the token that signs this one in."""

    id: str
    name: str
    token: str


class SignOut(Struct):
    """Where a sign-out counts."""

    everywhere: Annotated[int, Meta(description="1 to end every session of the player.")] = 0


class Done(Struct, frozen=True):
    """It is done."""

    ok: bool = True


async def me_of(services: Services, account: Account) -> Me:
    """A player as only he may see himself."""
    accounts, players, player = services.accounts, services.players, account.id
    muted = await accounts.mutes.muted(player)
    shown = list(zip(muted, await players.shown(muted), strict=True))
    for other, known in shown:
        if known.deleted:  # and comes back as nobody
            await accounts.mutes.unmute(player, other)
    passkeys = await accounts.passkeys.of(player)
    return Me(
        id=player,
        name=account.name,
        bot=account.bot,
        challenges=await accounts.mutes.is_on(player),
        muted=tuple(MutedPlayer(other, known.name) for other, known in shown if known.named),
        passkeys=tuple(ShownPasskey(key.id, key.name, key.made_at) for key in passkeys),
        may_rename_at_ms=await players.registry.may_rename_at(player),
    )


class AccountApi:
    """The calls, over the services of this process."""

    def __init__(
        self,
        services: Services,
        visitors: Visitors,
        doorkeeper: Doorkeeper,
        ceremonies: Ceremonies,
    ) -> None:
        self._services: Final = services
        self._visitors: Final = visitors
        self._doorkeeper: Final = doorkeeper
        self._ceremonies: Final = ceremonies

    def calls(self) -> list[Call]:
        """Every call about one's own account."""
        muted = "/api/me/muted/{player}"
        return [
            Call(
                "PATCH",
                "/api/me",
                self.change,
                Me,
                body=AccountChange,
                errors=(
                    *OWN,
                    Trouble(403, "too_soon"),
                    Trouble(409, "name_taken"),
                    Trouble(422, "bad_name"),
                    MALFORMED,
                ),
            ),
            Call("DELETE", "/api/me", self.delete, Done, errors=(*OWN, IN_MATCH)),
            Call(
                "PUT",
                muted,
                self.mute,
                Me,
                errors=(*OWN, NO_SUCH_PLAYER, Trouble(409, "too_many_muted")),
            ),
            Call("DELETE", muted, self.unmute, Me, errors=OWN),
            Call("POST", "/api/me/links", self.link, MadeLink, 201, errors=OWN),
            Call(
                "POST",
                "/api/sessions",
                self.sign_in,
                SignedIn,
                201,
                body=SignIn,
                errors=(
                    *ADMITTED,
                    Trouble(404, "no_such_link"),
                    Trouble(410, "link_used"),
                    Trouble(410, "link_expired"),
                    MALFORMED,
                    BAD_PASSKEY,
                ),
            ),
            Call(
                "DELETE",
                "/api/sessions",
                self.sign_out,
                Done,
                query=SignOut,
                errors=(*OWN, BAD_QUERY),
            ),
        ]

    def routes(self) -> list[web.RouteDef]:
        """The routes of the calls."""
        return routes_of(self.calls())

    async def change(self, request: web.Request) -> web.Response:
        """Change one's name, once in 30 days, or whether one takes challenges."""
        account = await self._own(request)
        wanted = await _change_of(request)
        if wanted.name is not UNSET:
            account = await self._rename(account, wanted.name)
        if wanted.challenges is not UNSET:
            await self._services.accounts.mutes.switch(account.id, on=wanted.challenges)
        return json(await me_of(self._services, account))

    async def _rename(self, account: Account, name: str) -> Account:
        try:
            renamed = await self._services.accounts.rename(account, name)
        except BadName as error:
            raise ApiError(422, "bad_name", str(error)) from error
        except NameTaken as error:
            raise ApiError(409, "name_taken", NAME_TAKEN) from error
        except TooSoon as error:
            detail = f"You can change your name again on {_day(error.at)}."
            raise ApiError(403, "too_soon", detail) from error
        except Nameless as error:
            raise ApiError(401, "not_signed_in", "Your name has changed: reload.") from error
        await self._doorkeeper.check(account.id)
        return renamed

    async def delete(self, request: web.Request) -> web.Response:
        """Delete oneself: the name is free, and only the records of matches stay."""
        account = await self._own(request)
        try:
            await self._services.accounts.delete(account.id)
        except Refused as refused:
            raise ApiError(409, "already_in_match", refused.detail) from refused
        return await self._out(request, account.id)

    async def mute(self, request: web.Request) -> web.Response:
        """Take no challenges from a player."""
        account = await self._own(request)
        other = PlayerId(request.match_info["player"])
        if other == account.id or await self._services.players.account(other) is None:
            raise ApiError(404, "no_such_player", "There is nobody else of that kind to mute.")
        try:
            await self._services.accounts.mutes.mute(account.id, other, _now_ms())
        except TooManyMuted as error:
            detail = "You have muted too many players: switch challenges off instead."
            raise ApiError(409, "too_many_muted", detail) from error
        return json(await me_of(self._services, account))

    async def unmute(self, request: web.Request) -> web.Response:
        """Take challenges from a player again."""
        account = await self._own(request)
        await self._services.accounts.mutes.unmute(
            account.id, PlayerId(request.match_info["player"])
        )
        return json(await me_of(self._services, account))

    async def link(self, request: web.Request) -> web.Response:
        """Make a one-time link, by which one signs in on another device."""
        account = await self._own(request)
        token = await self._services.accounts.make_link(account.id)
        return json(MadeLink(f"/keep/{token}", token, LIFE_MS), 201)

    async def sign_in(self, request: web.Request) -> web.Response:
        """Sign in by a one-time link or by a passkey."""
        before = await self._visitors.admit(request)
        wanted = await body_of(request, SignIn)
        if wanted.link is not UNSET:
            account = await self._by_link(wanted.link)
        elif wanted.passkey is not UNSET:
            account = await self._by_passkey(request, wanted.passkey)
        else:
            raise ApiError(422, "malformed", "Send a `link` or a `passkey`.")
        if before is not None and before != account.id:
            await self._leave(request, before, account.id)
        token = await self._services.players.sessions.begin(account.id)
        answer = json(SignedIn(account.id, account.name, token), 201)
        self._visitors.remember(answer, token, request)
        return answer

    async def _by_link(self, token: str) -> Account:
        found, account = await self._services.accounts.take_link(token)
        match found.state:
            case LinkState.USED:
                detail = "This link has been used: make another one, it is good for one device."
                raise ApiError(410, "link_used", detail)
            case LinkState.EXPIRED:
                detail = "This link is too old: make another one, it is good for ten minutes."
                raise ApiError(410, "link_expired", detail)
        if account is None:
            detail = "There is no such link: make another one, or look whether it is all there."
            raise ApiError(404, "no_such_link", detail)
        return account

    async def _by_passkey(self, request: web.Request, credential: dict[str, object]) -> Account:
        try:
            player = await self._ceremonies.signer(request, credential)
        except BadPasskey as error:
            raise ApiError(422, "bad_passkey", str(error)) from error
        account = await self._services.players.account(player)
        if account is None:
            detail = "The player of this passkey has no name any more: choose one again."
            raise ApiError(422, "bad_passkey", detail)
        return account

    async def _leave(self, request: web.Request, before: PlayerId, now: PlayerId) -> None:
        """This device is somebody else's from now on; what a guest has studied goes along."""
        if await self._services.players.account(before) is None:
            await self._services.accounts.take_over(before, now)
        await self._end_own(request, before)

    async def sign_out(self, request: web.Request) -> web.Response:
        """Sign out here, or everywhere."""
        player = await self._visitors.admit(request)
        if player is None:
            raise ApiError(401, "not_signed_in", "You are not signed in here.")
        if whole_number(request, "everywhere", 0, 0, 1):
            await self._services.accounts.sign_out_everywhere(player, session.token_of(request))
        else:
            await self._end_own(request, player)
        return await self._out(request, player)

    async def _end_own(self, request: web.Request, player: PlayerId) -> None:
        token = session.token_of(request)
        assert token is not None
        await self._services.players.sessions.end(player, token)

    async def _out(self, request: web.Request, player: PlayerId) -> web.Response:
        """Close the sockets whose session is over, and have the browser forget its own."""
        await self._doorkeeper.check(player)
        answer = json(Done())
        self._visitors.forget(answer, request)
        return answer

    async def _own(self, request: web.Request) -> Account:
        await self._visitors.admit(request)
        return await self._visitors.signed_in(request)


async def _change_of(request: web.Request) -> AccountChange:
    """What is to be changed; only a fault of the name is told as one."""
    try:
        return await body_of(request, AccountChange)
    except ApiError as trouble:
        if "`$.name`" not in trouble.detail:
            raise
        raise ApiError(422, "bad_name", trouble.detail) from trouble


def _now_ms() -> int:
    return int(time.time() * 1000)


def _day(at: int) -> str:
    day = datetime.fromtimestamp(at / 1000, UTC)
    return f"{day.day} {day:%B %Y}"
