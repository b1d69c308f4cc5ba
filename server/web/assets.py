"""The files of `static/`, read once at start, with an ETag made of their content."""

import hashlib
import mimetypes
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final

from aiohttp import hdrs, web
from msgspec import Struct

_TYPES: Final = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
}


class Asset(Struct, frozen=True):
    """One file."""

    body: bytes
    etag: str
    content_type: str


def static_folder() -> Path:
    """Where the browser's files are: in the installed package, or beside it in a checkout."""
    packaged = Path(str(files("server"))) / "static"
    return packaged if packaged.is_dir() else Path(str(files("server"))).parent / "static"


class Assets:
    """Every file under `static/` that is not a page, by its path below `/static/`."""

    def __init__(self, folder: Path) -> None:
        self._assets: Final = _read_all(folder)

    async def get(self, request: web.Request) -> web.Response:
        """One file; 304 where the browser has it already."""
        asset = self._assets.get(request.match_info["path"])
        if asset is None:
            raise web.HTTPNotFound
        headers = {hdrs.ETAG: f'"{asset.etag}"', hdrs.CACHE_CONTROL: "no-cache"}
        known = request.if_none_match or ()
        if any(tag.value == asset.etag for tag in known):
            return web.Response(status=304, headers=headers)
        return web.Response(
            body=asset.body, content_type=asset.content_type, charset="utf-8", headers=headers
        )


@cache
def _read_all(folder: Path) -> Mapping[str, Asset]:
    return {path: _read(folder / path) for path in _paths(folder)}


def _paths(folder: Path) -> Iterator[str]:
    for path in folder.rglob("*"):
        relative = path.relative_to(folder)
        hidden = any(part.startswith(".") for part in relative.parts)
        if path.is_file() and path.suffix != ".html" and not hidden:
            yield relative.as_posix()


def _read(path: Path) -> Asset:
    body = path.read_bytes()
    guess = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return Asset(
        body=body,
        etag=hashlib.sha256(body).hexdigest()[:24],
        content_type=_TYPES.get(path.suffix, guess),
    )
