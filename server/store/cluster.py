"""A cluster of Redis: each call goes to the node that holds its key, wherever that has moved.

Nothing is repeated that may have been carried out. What a node turned away was not: it is
sent on to where the node says, or once more a little later.
"""

import asyncio
import contextlib
from functools import partial
from typing import Final

from redis.crc import key_slot

from server.store.address import Address, Place
from server.store.node import Node, refuse
from server.store.resp import ELSEWHERE, Argument, Call, Unavailable
from server.store.topology import SLOTS, find_shards, place_in

LOOK_EVERY_S: Final = 0.1
"""How often at most the cluster is asked who holds what, while something fails."""
AGAIN_S: Final = 0.1
"""After that long a call is sent again for which the keys were still on their way."""
QUICK_TURNS: Final = 2
"""So often a call goes at once to where a node says; later it waits `AGAIN_S` each time."""
MOST_TURNS: Final = 20
"""So often a call is turned away until the cluster counts as unavailable for it."""
KEYLESS: Final = frozenset({"CLIENT", "INFO", "PING", "SCRIPT", "TIME"})
"""Commands that the node of the first slot answers for all."""


class Cluster:
    """The nodes of a cluster, with a connection to each that is needed."""

    def __init__(self, address: Address, scripts: dict[str, str]) -> None:
        self._address: Final = address
        self._scripts: Final = scripts
        self._loop: Final = asyncio.get_running_loop()
        self._nodes: Final[dict[Place, Node]] = {}
        self._holders: list[Node | None] = [None] * SLOTS
        self._holding: set[Place] = set()
        self._known: set[Place] = set(address.places)
        self._looking: asyncio.Task[None] | None = None
        self._looked_at = 0.0
        self._again: list[tuple[Call, Place]] = []
        self._again_soon: asyncio.TimerHandle | None = None
        self._closed = False

    async def open(self) -> None:
        """Ask who holds what, and let go of idle nodes that hold nothing.

        Raises:
            Unavailable: no node answers.
        """
        self._looked_at = self._loop.time()
        shards = await find_shards(self._address, self._known)
        holders: list[Node | None] = [None] * SLOTS
        for shard in shards:
            slots = slice(shard.first, shard.last + 1)
            holders[slots] = [self._node(shard.places[0])] * (shard.last + 1 - shard.first)
        self._holders = holders
        self._known = {*self._address.places, *(p for shard in shards for p in shard.places)}
        self._holding = {shard.places[0] for shard in shards}
        for place in self._nodes.keys() - self._holding:
            for call in self._nodes[place].give_back():
                if call.slot >= 0:
                    call.asking = False
                    self._forward(call)
            if self._nodes[place].idle:
                self._nodes.pop(place).let_go()

    def send(self, call: Call, command: tuple[Argument, ...]) -> None:
        """Send a call to whoever holds its key."""
        call.slot = slot_of(command)
        self._forward(call)

    def _forward(self, call: Call) -> None:
        node = self._holders[call.slot]
        if node is not None:
            node.send(call)
        else:
            refuse(call, "no node of the cluster holds the slot")
            self._look_again()

    async def close(self) -> None:
        """Let go of every connection; callers who still wait get `Unavailable`."""
        self._closed = True
        if self._again_soon is not None:
            self._again_soon.cancel()
        for call, _ in self._again:
            refuse(call, "closed")
        if self._looking is not None:
            self._looking.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._looking
        for node in list(self._nodes.values()):
            await node.close()

    def _node(self, place: Place) -> Node:
        if place not in self._nodes:
            self._nodes[place] = Node(
                self._address,
                partial(_there, place),
                self._scripts,
                partial(self._turned_away, place),
                self._look_again,
            )
        return self._nodes[place]

    def _turned_away(self, place: Place, call: Call, error: str) -> None:
        """A node has not carried out a call: send it where it belongs."""
        kind = error.partition(" ")[0]
        call.turns += 1
        if self._closed or kind not in ELSEWHERE or call.turns > MOST_TURNS:
            refuse(call, error)
            self._look_again()
            return
        if kind != "TRYAGAIN":
            place = place_in(error, place)
            node = self._node(place)
            call.asking = kind == "ASK"
            if kind == "MOVED":
                self._holders[call.slot] = node
                self._look_again()
            if call.turns <= QUICK_TURNS:
                node.send(call)
                return
        self._again.append((call, place))
        if self._again_soon is None:
            self._again_soon = self._loop.call_later(AGAIN_S, self._send_again)

    def _send_again(self) -> None:
        self._again_soon = None
        again, self._again = self._again, []
        for call, place in again:
            if call.asking:
                self._node(place).send(call)
            else:
                self._forward(call)

    def _look_again(self) -> None:
        """Ask soon who holds what: something has moved, or failed."""
        if self._looking is None and not self._closed:
            self._looking = self._loop.create_task(self._look(), name="redis-cluster")

    async def _look(self) -> None:
        try:
            await asyncio.sleep(self._looked_at + LOOK_EVERY_S - self._loop.time())
            await self.open()
        except Unavailable:
            return  # whatever is sent next fails, and has us look again
        finally:
            self._looking = None
        if self._nodes.keys() - self._holding:
            self._look_again()  # one that holds nothing was busy


def slot_of(command: tuple[Argument, ...]) -> int:
    """The slot of a command's first key; ours have all their keys in one."""
    name = command[0]
    if name in KEYLESS:
        return 0
    key = command[3 if name == "EVALSHA" else 1]
    return key_slot(key if isinstance(key, bytes) else str(key).encode())


async def _there(place: Place) -> Place:
    return place
