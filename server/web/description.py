"""The calls that describe all calls and messages, and the page that shows them."""

from collections.abc import Sequence
from functools import cached_property
from typing import Final

from aiohttp import web

from server.web.calls import Call, json, routes_of
from server.web.contract import Section, guide, sections
from server.web.openapi import openapi
from server.web.rendering import Renderer
from server.web.schema import Schema, messages_schema
from server.web.visitors import Visitors

GUIDES: Final = {"protocol": "PROTOCOL.md", "bots": "docs/bots.md"}
"""Pages of words that a server shows as they are, by the last part of their addresses."""


class Description:
    """What a server says of itself to those who write clients; made when first asked for."""

    def __init__(self, calls: Sequence[Call], visitors: Visitors, renderer: Renderer) -> None:
        self._described: Final = calls
        self._visitors: Final = visitors
        self._renderer: Final = renderer

    def calls(self) -> list[Call]:
        """Every call of these."""
        return [
            Call("GET", "/api/schema", self.schema, answer=Schema),
            Call("GET", "/api/openapi.json", self.openapi, answer=Schema),
        ]

    def routes(self) -> list[web.RouteDef]:
        """Their routes, the page's, and those of the guides."""
        return [
            *routes_of(self.calls()),
            web.get("/api", self.page),
            web.get("/guides/{guide}", self.guide),
        ]

    async def schema(self, _: web.Request) -> web.Response:
        """The JSON Schema of every message of the socket."""
        return json(self._schema)

    async def openapi(self, _: web.Request) -> web.Response:
        """Every call, as an OpenAPI document."""
        return json(self._openapi)

    async def page(self, request: web.Request) -> web.Response:
        """Calls and messages, to be read."""
        me = (await self._visitors.caller(request)).me
        return self._renderer.page("api", "For programs", {"me": me})

    async def guide(self, request: web.Request) -> web.Response:
        """A page of words, as it was written."""
        name = GUIDES.get(request.match_info["guide"])
        if name is None:
            raise web.HTTPNotFound
        return web.Response(text=guide(name).read_text("utf-8"), content_type="text/plain")

    @cached_property
    def _words(self) -> dict[str, Section]:
        return sections(guide(GUIDES["protocol"]).read_text("utf-8"))

    @cached_property
    def _schema(self) -> Schema:
        return messages_schema(self._words)

    @cached_property
    def _openapi(self) -> Schema:
        return openapi([*self._described, *self.calls()], self._words)
