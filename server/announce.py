"""What the terminal shows once the server is ready: where to go, with a QR code for phones."""

import io
import socket
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from server.settings import Settings

EVERYWHERE: Final = frozenset({"0.0.0.0", "::"})  # noqa: S104 (compared with, not bound to)
# Documentation addresses (RFC 5737, RFC 3849): connecting a UDP socket to one sends nothing,
# but makes the system choose the address that it would send from.
ELSEWHERE: Final = (
    (socket.AF_INET, "192.0.2.1"),
    (socket.AF_INET6, "2001:db8::1"),
)


def announcement(settings: Settings, *, data: str, lan_address: str | None, encoding: str) -> str:
    """Write the page of text that a host sees; `encoding` is the terminal's.

    `data` says where the ratings are. The code leads to the address that others can reach.
    """
    host, port = settings.host, settings.port
    lines = ["Deckduel is ready.", ""]
    if host in EVERYWHERE:
        lines.append(f"  On this machine  {_url('localhost', port)}")
    else:
        lines.append(f"  Address          {_url(host, port)}")
    shared = ""
    if settings.public_url:
        shared = f"{settings.public_url}/"
        lines.append(f"  For everybody    {shared}")
    elif host in EVERYWHERE and lan_address:
        shared = _url(lan_address, port)
        lines.append(f"  On the network   {shared}")
    elif host in EVERYWHERE:
        lines.append("  This machine is on no network that others could reach it by.")
    lines.append("")
    if shared:
        lines += [*_qr(shared, encoding), ""]
    lines += [f"  Data: {data}", "  Ctrl-C stops the server.", ""]
    return "\n".join(lines)


def find_lan_address(host: str) -> str | None:
    """Find the address that others on the network reach this machine by, sending nothing.

    `host` is the address listened on: with 0.0.0.0 an IPv6 address would not be answered.
    """
    for family, address in ELSEWHERE:
        if family == socket.AF_INET6 and host != "::":
            continue
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as probe:
                probe.connect((address, 9))
                found = str(probe.getsockname()[0])
        except OSError:
            continue
        if not found.startswith(("127.", "0.")) and found not in {"::", "::1"}:
            return found
    return None


def data_of_redis(redis_url: str) -> str:
    """Say where a Redis of somebody else's is, without the password in its URL."""
    parts = urlsplit(redis_url)
    if parts.scheme == "unix":
        return f"in the Redis at {parts.path}"
    hosts = parts.netloc.rpartition("@")[2]
    if parts.scheme.endswith("+cluster"):
        return f"in the Redis cluster at {hosts}"
    if parts.scheme.endswith("+sentinel"):
        name = parts.path.strip("/").partition("/")[0]
        return f"in the Redis {name} of the sentinels at {hosts}"
    return f"in the Redis at {parts.hostname or 'localhost'}:{parts.port or 6379}"


def data_of_directory(data_dir: Path) -> str:
    """Say where the embedded Redis keeps its files."""
    return f"in {data_dir.expanduser().absolute()}"


def _url(host: str, port: int) -> str:
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}" + ("/" if port == 80 else f":{port}/")  # noqa: PLR2004 (HTTP's own)


def _qr(text: str, encoding: str) -> list[str]:
    """Draw a code with half blocks; nothing where the terminal cannot show them."""
    import segno  # noqa: PLC0415 (not needed for --help)

    drawn = io.StringIO()
    segno.make(text, error="l", micro=False).terminal(drawn, border=2, compact=True)
    try:
        drawn.getvalue().encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return []
    return drawn.getvalue().rstrip("\n").split("\n")
