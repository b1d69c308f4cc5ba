"""Which node of Redis to go to: asked of sentinels, or of the nodes of a cluster."""

from collections.abc import AsyncIterator, Iterable
from random import sample
from typing import Any, Final

from msgspec import Struct
from redis.crc import REDIS_CLUSTER_HASH_SLOTS
from redis.exceptions import ResponseError

from server.store.address import Address, Kind, Place
from server.store.node import ask
from server.store.resp import Unavailable

SLOTS: Final = REDIS_CLUSTER_HASH_SLOTS
ANSWER_S: Final = 0.5
"""Who takes longer is passed over for the next one."""


class Shard(Struct, frozen=True):
    """A range of slots, its ends included, and who holds it: the master first."""

    first: int
    last: int
    places: tuple[Place, ...]


async def find_only(address: Address) -> Place:
    """Where the one Redis is, or the one master that the sentinels name.

    Raises:
        Unavailable: no sentinel names one.
    """
    if address.kind is Kind.ONE:
        return address.places[0]
    command = ("SENTINEL", "GET-MASTER-ADDR-BY-NAME", address.master)
    greeting = address.sentinel_greeting()
    async for _, found in _answers(address, address.places, greeting, *command):
        if found is not None:
            host, port = found
            return Place(host.decode(), int(port))
    raise Unavailable(f"no sentinel names a master for {address.master}")


async def find_shards(address: Address, places: Iterable[Place]) -> list[Shard]:
    """Who holds which slots, as one of some nodes of the cluster says.

    Raises:
        Unavailable: none of them answers.
    """
    async for place, found in _answers(address, places, address.greeting(), "CLUSTER", "SLOTS"):
        return [
            Shard(int(first), int(last), tuple(place_of(node, place) for node in nodes))
            for first, last, *nodes in found
        ]
    raise Unavailable("no node of the cluster answers")


async def _answers(
    address: Address, places: Iterable[Place], greeting: list[tuple[str, ...]], *command: str
) -> AsyncIterator[tuple[Place, Any]]:
    """What they answer, those that do, in any order: the first may know least."""
    everyone = list(dict.fromkeys(places))
    for place in sample(everyone, len(everyone)):
        try:
            yield place, await ask(address, place, greeting, *command, within_s=ANSWER_S)
        except (OSError, TimeoutError, ResponseError, Unavailable):
            continue


def place_of(node: Any, asked: Place) -> Place:  # noqa: ANN401 - as Redis lists it
    """A node of CLUSTER SLOTS, as the one at `asked` says it."""
    return _place_of((node[0] or b"").decode(), node[1], asked)


def place_in(error: str, asked: Place) -> Place:
    """Where `MOVED slot host:port` and ASK lead, as the node at `asked` says it."""
    host, _, port = error.rpartition(" ")[2].rpartition(":")
    return _place_of(host, port, asked)


def _place_of(host: str, port: str | bytes, asked: Place) -> Place:
    """A node that does not know an address is where we asked."""
    return Place(asked.host if host in {"", "?"} else host, int(port))
