"""A real nginx with docs/nginx.conf, of which only addresses and paths are others."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Final

from tests.serving import PATIENCE_S, free_port
from tests.support.certificate import certify

GIVEN: Final = Path(__file__).parents[2] / "docs/nginx.conf"
AGAIN_S: Final = 0.02
TEMPORARY: Final = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
"""Directories that nginx makes, used or not, where only root may: here they are the test's."""


def find_nginx() -> str:
    """The path of an nginx.

    Raises:
        RuntimeError: there is none; `scripts/test` installs it.
    """
    found = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if found is None:
        raise RuntimeError("No nginx: install it, or run scripts/test, which does.")
    return found


@contextmanager
def in_front_of(servers: Sequence[str], folder: Path) -> Iterator[str]:
    """Run nginx in front of two servers, each `host:port`; the origin to reach them by."""
    port = free_port()
    written = folder / "nginx.conf"
    written.write_text(_configured(servers, folder, port))
    with subprocess.Popen(
        [find_nginx(), "-e", "stderr", "-p", folder, "-c", written, "-g", "daemon off;"]
    ) as nginx:
        try:
            _listens(nginx, port)
            yield f"https://127.0.0.1:{port}"
        finally:
            nginx.terminate()
            nginx.wait(PATIENCE_S)


def _configured(servers: Sequence[str], folder: Path, port: int) -> str:
    """The file as given, for this machine and whoever runs the tests."""
    text = GIVEN.read_text("utf-8")
    certificate, key = certify(folder)
    plain = free_port()
    others = {
        "10.0.0.11:8000": servers[0],  # among the pages and among the sockets
        "10.0.0.12:8000": servers[1],
        "listen 80;": f"listen 127.0.0.1:{plain};",
        "listen [::]:80;": f"listen 127.0.0.2:{plain};",
        "listen 443 ": f"listen 127.0.0.1:{port} ",
        "listen [::]:443 ": f"listen 127.0.0.2:{port} ",
        "/etc/ssl/deckduel/fullchain.pem": str(certificate),
        "/etc/ssl/deckduel/privkey.pem": str(key),
        "/run/nginx.pid": f"{folder}/nginx.pid",
        "/var/log/nginx/error.log": f"{folder}/error.log",
        "http {\n": "http {\n"
        + "".join(f"    {name}_temp_path {folder}/{name};\n" for name in TEMPORARY),
    }
    for given, other in others.items():
        assert text.count(given) == 1 + (other in servers), given
        text = text.replace(given, other)
    return text


def _listens(nginx: subprocess.Popen[bytes], port: int) -> None:
    """Wait until somebody takes connections there."""
    end = monotonic() + PATIENCE_S
    while monotonic() < end:
        assert nginx.poll() is None, "nginx ended: its words are above"
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        sleep(AGAIN_S)
    raise TimeoutError
