"""Every key in Redis, by what it holds and how long it lives.

One hash tag per partition of matches, one per ladder, one per player: whatever one
script touches is in one slot of a cluster.

| key | holds | lives |
|---|---|---|
| `{m:P}:clock` | hash: last `beat` (Redis ms), total `paused` (ms) | for ever |
| `{m:P}:due` | sorted set: live match by the match time of its next deadline | for ever |
| `{m:P}:settle` | sorted set: ended match by when to settle it (again) | for ever |
| `{m:P}:processes` | sorted set: process by its last beat (match time) | for ever |
| `{m:P}:held:PROCESS` | set: matches in which it reported a seat | until they are settled |
| `{m:P}:followers:MATCH` | set: processes that hold a live match | as its log |
| `{m:P}:log:MATCH` | list: the entries of a live match | a week; 10 min once settled |
| `{m:P}:record:MATCH` | list: the entries of a settled match | for ever |
| `{deck:D}:board` | sorted set: player by rating, then who got there first | for ever |
| `{deck:D}:arrivals` | counter: orders equal ratings on the board | for ever |
| `{deck:D}:changes` | counter: settlements that moved the board | for ever |
| `{deck:D}:record:PLAYER` | MessagePack: a player's record on this ladder | for ever |
| `{deck:D}:history:PLAYER` | list: MessagePack of each rating change, newest first | for ever |
| `{deck:D}:played:PLAYER` | sorted set: finished match by when it was settled | for ever |
| `{deck:D}:pair:P:Q` | sorted set: rated match of the two by when | a day |
| `{deck:D}:against:PLAYER` | hash: wins, draws and losses by opponent, of all matches | for ever |
| `{deck:D}:gains:SPAN` | sorted set: player by what a week or month gained | until it is over |
| `{deck:D}:charges:PLAYER` | sorted set: match left early by when | a day |
| `{deck:D}:cards:PLAYER` | list: MessagePack of a match's rounds by card, newest first | for ever |
| `{deck:D}:answers` | list: MessagePack of people's answers in a match, newest first | for ever |
| `{deck:D}:settled:MATCH` | MessagePack: the result of a settlement | a week: longer than the log |
| `{deck:D}:seeks:POOL` | hash: player to MessagePack seek | for ever |
| `{deck:D}:beats:POOL` | sorted set: seeking player by last heartbeat | for ever |
| `{deck:D}:claims` | hash: match to event 0 while a claim is carried out | for ever |
| `{deck:D}:playing` | sorted set: live match by when it was claimed | until it is settled |
| `{deck:D}:challenge:CODE` | hash: offer, state, expires_at, taker, match | a week after that |
| `{deck:D}:rematch:MATCH` | string: the code of the latest rematch of a match | as that one |
| `{deck:D}:tiles` | sorted set: named player by best time, then who had it first | for ever |
| `{p:PLAYER}:account` | hash: name, created_at, bot, practice, and what became of it | for ever |
| `{p:PLAYER}:sessions` | sorted set: hash of a token by when it runs out (s) | as the last one |
| `{p:PLAYER}:link` | hash: one-time link: secret (its hash), ends_at, used | a day and 10 min |
| `{p:PLAYER}:passkeys` | hash: credential to MessagePack of the passkey | for ever |
| `{p:PLAYER}:muted` | sorted set: player whose challenges are not taken, by since when | for ever |
| `{p:PLAYER}:busy` | string: the seek, match or ending that holds the player | for ever |
| `{p:PLAYER}:matches` | set: live match of a practice opponent | until it is settled |
| `{p:PLAYER}:challenges` | sorted set: `KIND ABOUT CODE`, open, by when it expires | two days |
| `{p:PLAYER}:offered` | counter: challenges that the player has offered | an hour from the first |
| `{p:PLAYER}:reviews:DECK` | hash: card to MessagePack of its reviews | 400 days |
| `{p:PLAYER}:schedules:DECK` | hash: card to MessagePack of what they come to | as `reviews` |
| `{p:PLAYER}:tiles:DECK` | hash: the last game of tiles: id, deal, dealt_at, finish | an hour |
| `{p:PLAYER}:best:DECK` | MessagePack: best time at tiles, and when | 400 days; named for ever |
| `name:FOLDED` | string: the player who has this name | for ever (a minute at first) |
| `challenge:CODE` | string: the deck whose ladder has this challenge | as that one |
| `partitions` | string: into how many the matches are divided | for ever |
| `online` | sorted set: player who is here by when last seen | 6 s each |
| `practising` | sorted set: practice opponent who is here, likewise | 6 s each |
| `names:due` | sorted set: player and name, by when to look whether it is used | for ever |
| `practice` | string: the process at which the practice opponents play | 3 s each |
| `deleting` | sorted set: player who is being deleted, by when to look again | for ever |
| `changed` | sorted set: player whose sessions or name changed, by when | an hour each |
| `ceremony:CHALLENGE` | string: what a passkey is asked to sign it for | 5 min, once |
| `session:HASH` | string: the player a token belongs to | 400 days; a character's a minute |
"""

from typing import Final
from zlib import crc32

from server.core.ids import MatchId, PlayerId, ProcessId
from server.core.period import Span

LOG_LIFE_MS: Final = 7 * 24 * 3600 * 1000
SETTLED_LOG_LIFE_MS: Final = 10 * 60 * 1000
NAME_CLAIM_S: Final = 60
SESSION_S: Final = 400 * 24 * 3600
CHARACTER_SESSION_S: Final = 60
REVIEWS_S: Final = SESSION_S
"""From the last review: a visitor without a name can come back to them no longer than that."""
CHALLENGES_MS: Final = 2 * 24 * 3600 * 1000
"""From the last challenge listed: longer than any of them is open."""
ONE_LINK_MS: Final = 24 * 3600 * 1000
"""From its end: whoever comes too late is told why."""
CEREMONY_S: Final = 300
CHANGED_MS: Final = 3600 * 1000
PARTITIONS: Final = "partitions"
NAMES_DUE: Final = "names:due"
DELETING: Final = "deleting"
PRACTICE: Final = "practice"
CHANGED: Final = "changed"
OFFERED_MS: Final = 3600 * 1000
TILES_LIFE_MS: Final = 3600 * 1000
BEST_S: Final = SESSION_S
"""From the last game: a visitor without a name is known no longer than that."""

ONLINE: Final = "online"
"""Who is here."""
PRACTISING: Final = "practising"
"""Which practice opponents are here, who are on no list."""


def partition_of(match: MatchId, partitions: int) -> int:
    """The partition of a match; `partitions` is fixed per installation."""
    return crc32(match.encode()) % partitions


class PartitionKeys:
    """The keys of one partition of matches."""

    def __init__(self, partition: int) -> None:
        tag = f"{{m:{partition}}}"
        self.clock: Final = f"{tag}:clock"
        self.due: Final = f"{tag}:due"
        self.settle: Final = f"{tag}:settle"
        self.processes: Final = f"{tag}:processes"
        self._log: Final = f"{tag}:log:"
        self._record: Final = f"{tag}:record:"
        self.held_sets: Final = f"{tag}:held:"
        """What the key of each process's set of matches begins with."""
        self._followers: Final = f"{tag}:followers:"
        self.inboxes: Final = f"{tag}:inbox:"
        """What the channel of each process's inbox begins with."""

    def log(self, match: MatchId) -> str:
        """The log of a live match."""
        return self._log + match

    def record(self, match: MatchId) -> str:
        """The log of a settled match."""
        return self._record + match

    def held(self, process: ProcessId) -> str:
        """The matches in which a process reported a seat."""
        return self.held_sets + process

    def followers(self, match: MatchId) -> str:
        """The processes that hold a live match."""
        return self._followers + match

    def inbox(self, process: ProcessId) -> str:
        """The channel by which a process hears of the matches that it holds."""
        return self.inboxes + process


class LadderKeys:
    """The keys of one deck's ladder."""

    def __init__(self, deck: str) -> None:
        self._tag: Final = f"{{deck:{deck}}}"
        self.board: Final = f"{self._tag}:board"
        self.arrivals: Final = f"{self._tag}:arrivals"
        self.changes: Final = f"{self._tag}:changes"
        self.claims: Final = f"{self._tag}:claims"
        self.playing: Final = f"{self._tag}:playing"
        self.tiles: Final = f"{self._tag}:tiles"
        self.answers: Final = f"{self._tag}:answers"

    def record(self, player: PlayerId) -> str:
        """A player's record on this ladder."""
        return f"{self._tag}:record:{player}"

    def history(self, player: PlayerId) -> str:
        """A player's rating changes."""
        return f"{self._tag}:history:{player}"

    def played(self, player: PlayerId) -> str:
        """A player's finished matches."""
        return f"{self._tag}:played:{player}"

    def pair(self, one: PlayerId, two: PlayerId) -> str:
        """The rated matches of two players within a day, whoever is named first."""
        first, second = sorted((one, two))
        return f"{self._tag}:pair:{first}:{second}"

    def against(self, player: PlayerId) -> str:
        """How a player's finished matches went, by opponent."""
        return f"{self._tag}:against:{player}"

    def gains(self, span: Span) -> str:
        """What each player gained in a week or month."""
        return f"{self._tag}:gains:{span.name}"

    def charges(self, player: PlayerId) -> str:
        """The matches that a player left early within a day."""
        return f"{self._tag}:charges:{player}"

    def cards(self, player: PlayerId) -> str:
        """How the cards of a player's last matches went."""
        return f"{self._tag}:cards:{player}"

    def settled(self, match: MatchId) -> str:
        """The result of a settlement."""
        return f"{self._tag}:settled:{match}"

    def seeks(self, pool: str) -> str:
        """The seeks of one pool (`rated` or `casual`)."""
        return f"{self._tag}:seeks:{pool}"

    def challenge(self, code: str) -> str:
        """A challenge."""
        return f"{self._tag}:challenge:{code}"

    def rematch(self, match: MatchId) -> str:
        """The latest rematch offered of a match."""
        return f"{self._tag}:rematch:{match}"

    def beats(self, pool: str) -> str:
        """The heartbeats of a pool's seeks."""
        return f"{self._tag}:beats:{pool}"


def account(player: PlayerId) -> str:
    """A player's account."""
    return f"{{p:{player}}}:account"


def sessions(player: PlayerId) -> str:
    """The sessions of a player."""
    return f"{{p:{player}}}:sessions"


def one_link(player: PlayerId) -> str:
    """A player's last one-time link."""
    return f"{{p:{player}}}:link"


def passkeys(player: PlayerId) -> str:
    """A player's passkeys."""
    return f"{{p:{player}}}:passkeys"


def muted(player: PlayerId) -> str:
    """Whose challenges a player does not take."""
    return f"{{p:{player}}}:muted"


def busy(player: PlayerId) -> str:
    """What holds a player."""
    return f"{{p:{player}}}:busy"


def matches(player: PlayerId) -> str:
    """The live matches of a practice opponent."""
    return f"{{p:{player}}}:matches"


def challenges(player: PlayerId) -> str:
    """The open challenges by and to a player."""
    return f"{{p:{player}}}:challenges"


def offered(player: PlayerId) -> str:
    """How many challenges a player has offered lately."""
    return f"{{p:{player}}}:offered"


def reviews(player: PlayerId, deck: str) -> str:
    """What a player has studied of a deck."""
    return f"{{p:{player}}}:reviews:{deck}"


def schedules(player: PlayerId, deck: str) -> str:
    """What that comes to."""
    return f"{{p:{player}}}:schedules:{deck}"


def tiles(player: PlayerId, deck: str) -> str:
    """A player's last game of tiles."""
    return f"{{p:{player}}}:tiles:{deck}"


def best(player: PlayerId, deck: str) -> str:
    """A player's best time at tiles."""
    return f"{{p:{player}}}:best:{deck}"


def challenge(code: str) -> str:
    """On which deck's ladder a challenge is."""
    return f"challenge:{code}"


def name(folded: str) -> str:
    """Who has a name."""
    return f"name:{folded}"


def session(token_hash: str) -> str:
    """Whom a token belongs to."""
    return f"session:{token_hash}"


def ceremony(challenge: str) -> str:
    """What a passkey is asked for with a challenge."""
    return f"ceremony:{challenge}"
