"""Whom a trusted proxy speaks for: the client's own address and scheme, in place of the proxy's.

Own code in place of aiohttp-remotes 1.4: its strict reading refuses whoever comes past the
proxy, health checks and practice opponents too; its filtering one believes whoever connects;
and either takes the host from a header that nginx passes on from clients.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final, TypeAlias

from aiohttp import hdrs, web

from server.web.session import Handle

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network

SCHEMES: Final = frozenset({"http", "https"})


class Proxies:
    """The proxies in front of this server; whoever else sends their headers is not believed."""

    def __init__(self, trusted: tuple[Network, ...]) -> None:
        self._trusted: Final = trusted

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handle) -> web.StreamResponse:
        """Hand on a request as its client sent it to the outermost trusted proxy."""
        peer = _address(request.remote or "")
        if peer is None or not self._trusts(peer):
            return await handler(request)
        remote, hops = self._client(peer, _list(request, hdrs.X_FORWARDED_FOR))
        scheme = _scheme(_list(request, hdrs.X_FORWARDED_PROTO), hops) or request.scheme
        told = request.clone(remote=str(remote), scheme=scheme)
        try:
            return await handler(told)
        finally:
            request.update(told)  # what was noted on it is read again when the answer is sent

    def _client(self, peer: Address, forwarded: list[str]) -> tuple[Address, int]:
        """The first address from the right that is no proxy of ours, and how far it was.

        Each proxy has added the address that it was called from, so what stands left of
        the first stranger is his own invention.
        """
        client, hops = peer, 0
        for entry in reversed(forwarded):
            address = _address(entry)
            if address is None:
                break
            client, hops = address, hops + 1
            if not self._trusts(address):
                break
        return client, hops

    def _trusts(self, address: Address) -> bool:
        return any(address in network for network in self._trusted)


def _list(request: web.Request, name: str) -> list[str]:
    """The entries of a header that may be sent in several lines (RFC 9110, 5.3)."""
    return [entry.strip() for line in request.headers.getall(name, ()) for entry in line.split(",")]


def _scheme(forwarded: list[str], hops: int) -> str | None:
    """What the outermost trusted proxy was called by; a proxy that tells only its own tells one."""
    said = forwarded[-min(max(hops, 1), len(forwarded))].lower() if forwarded else ""
    return said if said in SCHEMES else None


def _address(text: str) -> Address | None:
    """An address; one of IPv4 is the same in an IPv6 socket's writing."""
    try:
        found = ip_address(text)
    except ValueError:
        return None
    return found.ipv4_mapped or found if isinstance(found, IPv6Address) else found
