"""A challenge at its address: the call, the page that a link leads to, and its QR code."""

from typing import Final

import msgspec
from aiohttp import web
from msgspec.structs import asdict, fields

from server.core.challenge import Kind, State
from server.core.refusal import Reason, Refused
from server.play.challenges import Challenges
from server.settings import Settings
from server.web.calls import TOO_FAST, ApiError, Call, Trouble, json, routes_of
from server.web.origin import origin_of, qr_svg
from server.web.rendering import Renderer
from server.web.visitors import Visitors
from server.wire.messages import ChallengeChanged

ChallengeAnswer = msgspec.defstruct(
    "ChallengeAnswer",
    [
        (field.encode_name, field.type)
        for field in fields(ChallengeChanged)
        if field.encode_name != "ref"
    ],
    frozen=True,
)
"""A `challenge_changed` that nobody has to tell from other messages."""


class ChallengesApi:
    """What is at the address of a challenge."""

    def __init__(
        self, settings: Settings, challenges: Challenges, visitors: Visitors, renderer: Renderer
    ) -> None:
        self._settings: Final = settings
        self._challenges: Final = challenges
        self._visitors: Final = visitors
        self._renderer: Final = renderer

    def calls(self) -> list[Call]:
        """Every call of challenges."""
        return [
            Call(
                "GET",
                "/api/challenges/{challenge}",
                self.challenge,
                answer=ChallengeAnswer,
                errors=(Trouble(404, Reason.NO_SUCH_CHALLENGE), TOO_FAST),
            )
        ]

    def routes(self) -> list[web.RouteDef]:
        """The calls, the page and its picture."""
        return [
            *routes_of(self.calls()),
            web.get("/challenges/{challenge}", self.page),
            web.get("/challenges/{challenge}/qr.svg", self.qr),
        ]

    async def challenge(self, request: web.Request) -> web.Response:
        """A challenge as the caller may see it."""
        self._visitors.admit_look(request)
        account = (await self._visitors.caller(request)).account
        try:
            view = await self._challenges.view(request.match_info["challenge"], account)
        except Refused as refused:
            raise ApiError(404, refused.reason, refused.detail) from refused
        return json(_untagged(view))

    async def page(self, request: web.Request) -> web.Response:
        """Where a link leads: who asks, for what; also where there is no such challenge."""
        self._look(request)
        caller = await self._visitors.caller(request)
        try:
            view = await self._challenges.view(request.match_info["challenge"], caller.account)
        except Refused:
            view = None
        data = {
            "me": caller.me,
            "challenge": None if view is None else _untagged(view),
            "origin": origin_of(request, self._settings),
        }
        if view is None:
            return self._renderer.page("challenge-link", "No such challenge", data)
        return self._renderer.page(
            "challenge-link", f"{view.by.name} challenges you: {view.title}", data, _about(view)
        )

    async def qr(self, request: web.Request) -> web.Response:
        """The link of a challenge as a picture; there is one as long as it can be looked up."""
        self._look(request)
        try:
            view = await self._challenges.view(request.match_info["challenge"], None)
        except Refused as refused:
            raise web.HTTPNotFound from refused
        origin = origin_of(request, self._settings)
        return qr_svg(f"{origin}/challenges/{view.challenge}")

    def _look(self, request: web.Request) -> None:
        try:
            self._visitors.admit_look(request)
        except ApiError as error:
            raise web.HTTPTooManyRequests(text=error.detail) from error


def _untagged(view: ChallengeChanged) -> object:
    return {key: value for key, value in asdict(view).items() if key != "ref"}


def _about(view: ChallengeChanged) -> str:
    """What chat programs say of a link."""
    if view.state != State.OPEN or view.kind != Kind.LINK:
        return f"A challenge on Deckduel: {view.title}."
    kind = "Rated" if view.rated else "Casual"
    seconds = f"{view.limit_ms / 1000:g}"
    return f"{kind}: {view.rounds} questions of {seconds} seconds each. First come, first served."
