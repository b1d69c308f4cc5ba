"""Players, matches and logs to begin a test of the store with."""

import secrets
from dataclasses import dataclass, field

from server.core.deal import DealtCard
from server.core.elo import Standing
from server.core.events import Event, Limits, MatchCreated, Player
from server.core.ids import MatchId, PlayerId, ProcessId
from server.store.address import Address
from server.store.link import Link, Reply
from server.store.log import Early, Lost, Mark, MatchLogs, StoredEntry, Won, head_of
from server.store.node import ask

MATCH = MatchId("m1")
HERE = ProcessId("here")
CARD = DealtCard("card-1", "Prompt?", ("a", "b", "c", "d"), 2, "Because.")
FIRST_DUE_MS = 10_000


def new_nonce() -> str:
    """A nonce that no other entry has."""
    return secrets.token_urlsafe(9)


def player(name: str, rating: int = 1500) -> Player:
    """A player whose id is the name in small letters."""
    return Player(PlayerId(name.lower()), name, Standing(rating))


def created(match: MatchId = MATCH, rounds: int = 2) -> MatchCreated:
    """Event 0 of a rated match of Ada and Bob."""
    players = (player("Ada"), player("Bob"))
    return MatchCreated(match, "deck", "Deck", players, (CARD,) * rounds, Limits(rounds=rounds))


def logs(link: Link, process: ProcessId = HERE, partitions: int = 1) -> MatchLogs:
    """The logs as one process has them."""
    return MatchLogs(link, partitions, process)


@dataclass
class Writer:
    """Appends to one match as a process does that has folded `length` entries up to `last`."""

    logs: MatchLogs
    match: MatchId = MATCH
    length: int = 0
    last: bytes = b""
    nonces: list[str] = field(default_factory=list)

    async def create(self) -> int:
        """Begin the log; its match time."""
        nonce = new_nonce()
        begun, at = await self.logs.create(self.match, nonce, (created(self.match),), FIRST_DUE_MS)
        assert begun
        self.follow(nonce)
        return at

    async def append(
        self,
        *events: Event,
        nonce: str = "",
        not_before: int = 0,
        due: int | None = None,
        mark: Mark = Mark.NONE,
    ) -> Won | Early | Lost:
        """Try one entry; followed if it won."""
        nonce = nonce or new_nonce()
        reply = await self.logs.append(
            self.match,
            length=self.length,
            last=self.last,
            head=head_of(nonce),
            events=events,
            not_before=not_before,
            due=due,
            mark=mark,
        )
        if isinstance(reply, Won):
            self.follow(nonce)
        return reply

    def follow(self, nonce: str) -> None:
        """Take an entry as folded."""
        self.length += 1
        self.last = head_of(nonce)
        self.nonces.append(nonce)

    async def stored(self) -> tuple[StoredEntry, ...]:
        """The log as it is."""
        return (await self.logs.read(self.match))[1]


async def everywhere(link: Link, *command: str) -> list[Reply]:
    """What each of the nodes says that the link's URL names: in a cluster, all masters."""
    address = Address.of(link._url)
    return [await ask(address, place, [], *command) for place in address.places]


async def empty(link: Link) -> None:
    """Leave no key anywhere."""
    await everywhere(link, "FLUSHALL")


async def every_key(link: Link, pattern: str = "*") -> list[bytes]:
    """All keys, wherever they are."""
    return [key for found in await everywhere(link, "KEYS", pattern) for key in found]


async def set_back(link: Link, ms: int, partition: int = 0) -> None:
    """As if the last beat of a partition, and all before it, had been `ms` earlier.

    Match times that were read before are then `ms` too high.
    """
    key = f"{{m:{partition}}}:clock"
    await link.call("HINCRBY", key, "beat", -ms)
