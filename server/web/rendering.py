"""Answers that are pages: the frame filled in, under a policy that lets no other host in."""

from pathlib import Path
from typing import Final

from aiohttp import hdrs, web

from server.store.link import Unavailable
from server.web import session
from server.web.frame import Frame

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
_HEADERS: Final = {
    hdrs.CACHE_CONTROL: "no-store",
    hdrs.CONTENT_SECURITY_POLICY: POLICY,
    "Referrer-Policy": "same-origin",
}


class Renderer:
    """Every page of `folder`, as answers."""

    def __init__(self, folder: Path) -> None:
        self._frame: Final = Frame(folder)

    def page(
        self,
        page: str,
        title: str,
        data: object,
        about: str | None = None,
        address: str | None = None,
    ) -> web.Response:
        """A page with its title, its first data, and what chat programs say of it, and where."""
        return _html(self._frame.filled(page, title, data, about, address))

    def missing(self) -> web.Response:
        """There is nothing at this address."""
        return _html(self._frame.missing(), 404)


def _html(text: str, status: int = 200) -> web.Response:
    return web.Response(text=text, content_type="text/html", status=status, headers=_HEADERS)


@web.middleware
async def errors_as_pages(request: web.Request, handler: session.Handle) -> web.StreamResponse:
    """A page that cannot be shown says why, in one sentence."""
    try:
        return await handler(request)
    except Unavailable:
        text = "The server cannot reach its store. Nothing was lost: reload in a moment."
        return web.Response(text=text, status=503, headers={hdrs.RETRY_AFTER: "2"})
