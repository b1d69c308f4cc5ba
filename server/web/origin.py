"""Where others reach this server: the address in links and codes that are passed on."""

import io
from typing import Final
from urllib.parse import urlsplit

import segno
from aiohttp import web

from server.announce import EVERYWHERE, find_lan_address
from server.settings import Settings

LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
QUIET_MODULES: Final = 4
"""The light border that readers of a code ask for (ISO/IEC 18004, 9.1)."""


def origin_of(request: web.Request, settings: Settings) -> str:
    """The origin to put into a link for somebody else, without a slash at its end.

    Whoever looks at this machine from itself shows others its address on the network.
    """
    if settings.public_url is not None:
        return settings.public_url.rstrip("/")
    own = f"{request.scheme}://{request.host}"
    host = urlsplit(own)
    if host.hostname in LOOPBACK and settings.host in EVERYWHERE:
        address = find_lan_address(settings.host)
        if address is not None:
            shown = f"[{address}]" if ":" in address else address
            return f"{request.scheme}://{shown}" + (f":{host.port}" if host.port else "")
    return own


def own_origin(settings: Settings) -> str:
    """The origin by which this machine reaches its own server."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"


def qr_svg(text: str) -> web.Response:
    """A text as a QR code: dark on white in either scheme, as cameras expect it."""
    drawn = io.BytesIO()
    code = segno.make(text, error="m", micro=False)
    code.save(drawn, kind="svg", border=QUIET_MODULES, dark="#000", light="#fff", omitsize=True)
    headers = {"Cache-Control": "no-store"}
    return web.Response(body=drawn.getvalue(), content_type="image/svg+xml", headers=headers)
