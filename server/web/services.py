"""Everything that plays, joined together: what the floor above calls."""

import contextlib
import logging
import secrets
import sys
from collections.abc import Iterable, Sequence
from random import SystemRandom
from typing import Final, assert_never

from deck.cards import Deck
from deck.library import builtin
from server.core.challenge import LIFE_MS, OFFERS_AN_HOUR
from server.core.events import Limits
from server.core.ids import MatchId, PlayerId, ProcessId
from server.core.match import Match
from server.core.practice import CHARACTERS
from server.play.accounts import Accounts
from server.play.activity import Activity
from server.play.challenges import Challenges
from server.play.claims import Claims
from server.play.heralds import Heralds
from server.play.ladders import Ladders
from server.play.live import LiveMatch
from server.play.lobby import Lobby
from server.play.matches import Matches
from server.play.presence import Presence
from server.play.settlement import Settling
from server.play.storage import Storage
from server.play.study import Study
from server.play.sweeper import Sweeper
from server.play.tiles import Tiles
from server.play.timers import Timers
from server.settings import Settings
from server.store.challenges import Offers
from server.store.difficulty import Difficulties
from server.store.inbox import Inbox
from server.store.keys import partition_of
from server.store.ladder import Ladder
from server.store.link import Link, Unavailable, time_ms
from server.store.log import MatchLogs
from server.store.mail import ANNOUNCED, Begun, ChallengeMoved, Heard, Mail, Post, read_mail
from server.store.players import Account, Players
from server.store.practised import Practised
from server.store.progress import Progress
from server.store.tiles import TilesGames
from server.web.arrivals import Arrivals
from server.web.metrics import Metrics

log: Final = logging.getLogger(__name__)

PROCESS_BYTES: Final = 9
PROBE_MS: Final = 1_000


class Services:
    """The services of one process, on one link; `start` and `stop` in pairs."""

    def __init__(self, settings: Settings, redis_url: str, metrics: Metrics) -> None:
        self.settings: Final = settings
        self.metrics: Final = metrics
        self._understands = True
        self.process: Final = ProcessId(secrets.token_urlsafe(PROCESS_BYTES))
        self.link: Final = Link(redis_url)
        self.decks: Final[dict[str, Deck]] = {deck.id: deck for deck in builtin()}
        self.timers: Final = Timers()
        self.presence: Final = Presence(self._moved)
        self.players: Final = Players(self.link)
        self.boards: Final = {deck: Ladder(self.link, deck) for deck in self.decks}
        self.study: Final = Study(self.decks, self.boards, Progress(self.link))
        games = {deck: TilesGames(self.link, deck) for deck in self.decks}
        self.tiles: Final = Tiles(self.decks, games, self.players, SystemRandom())
        self.logs: Final = MatchLogs(self.link, settings.partitions, self.process)
        self.storage: Final = Storage(settings.partitions)
        self.arrivals: Final = Arrivals(lambda: not self.storage.gone)
        self.ladders: Final = Ladders(self.boards, self.players, self.timers)
        self.matches: Final = Matches(
            self.logs, self.timers, self.process, self._ended, self._settled, self.players.names
        )
        self.inbox: Final = Inbox(
            redis_url,
            [keys.inbox(self.process) for keys in self.logs.partitions],
            self._hear,
            self._hear_again,
        )
        self.practised: Final = Practised(self.link)
        self.difficulties: Final = Difficulties(self.link, self.decks)
        self.settling: Final = Settling(
            self.matches, self.logs, self.boards, self.players, self.practised
        )
        an_hour = OFFERS_AN_HOUR if settings.rate_limit else sys.maxsize
        offers = Offers(self.link, LIFE_MS, an_hour)
        self.claims: Final = Claims(
            self.link,
            self.decks,
            self.boards,
            self.players,
            self.matches,
            self.logs,
            limits_of(settings),
            offers,
            pair_limits=settings.pair_limits,
            rng=SystemRandom(),
        )
        self.lobby: Final = Lobby(
            self.link,
            self.decks,
            self.boards,
            self.players,
            self.presence,
            self.matches,
            self.claims,
            self.timers,
            pair_every_ms=settings.pair_every_ms,
            began=self._began,
        )
        self.accounts: Final = Accounts(
            self.link,
            self.players,
            self.boards,
            games,
            offers,
            self.timers,
            self.lobby.cancel,
            self.lobby.holds.standing,
        )
        self.activity: Final = Activity(
            self.link,
            self.boards,
            self.players,
            self.presence,
            self.matches,
            self.logs,
            self.timers,
        )
        self.heralds: Final = Heralds(
            self.decks,
            offers,
            self.players,
            self.presence,
            self.claims,
            self.timers,
            self.activity.online,
            Post(self.link, self.process),
        )
        self.challenges: Final = Challenges(
            self.decks,
            offers,
            self.players,
            self.matches,
            self.claims,
            self.lobby,
            self.heralds,
            limits_of(settings),
            self.activity.online,
            self.accounts.takes_challenges,
        )
        self.sweeper: Final = Sweeper(
            self.matches, self.logs, self.timers, self.storage, self.settle, self.lobby.recover
        )

    async def start(self) -> None:
        """Connect, and begin to beat.

        Raises:
            Unavailable: Redis does not answer.
        """
        await self.link.open()
        now_ms = time_ms(await self.link.call("TIME"))
        for character in CHARACTERS:
            await self.players.seat_character(character.id, character.name, now_ms)
        await self.inbox.probe()
        self.timers.every("inbox", PROBE_MS, self._probe_beside)
        self.sweeper.start()
        self.lobby.start()
        self.accounts.start()
        self.activity.start()

    async def stop(self) -> None:
        """Let go of everything that runs."""
        await self.timers.close()
        self.inbox.close()
        await self.link.close()

    def reaches(self, matches: Iterable[MatchId]) -> bool:
        """Whether Redis answers for these matches, as far as is known."""
        count = self.settings.partitions
        return self.storage.reaches(partition_of(match, count) for match in matches)

    def measure(self) -> None:
        """Bring up to date what is measured rather than counted."""
        self.metrics.live.set(len(self.matches))
        self.metrics.waiting.set(self.arrivals.waiting)

    async def character_token(self, player: PlayerId) -> str:
        """A token for a socket of a practice opponent.

        Raises:
            ConnectionError: Redis does not answer.
        """
        try:
            return await self.players.character_session(player)
        except Unavailable as error:
            raise ConnectionError(str(error)) from error

    async def settle(self, match: MatchId) -> None:
        """Settle an ended match."""
        if await self.settling.settle(match) is not None:
            self.metrics.settled.inc()

    def _hear(self, payload: bytes) -> None:
        try:
            self._hand_on(read_mail(payload))
        except Exception:
            log.exception("our bug, in a message from another process; the next ones are heard")

    def _hand_on(self, mail: Mail | None) -> None:
        match mail:
            case Heard():
                self.matches.following.hear(mail)
            case Begun():
                self.lobby.hear(mail)
            case ChallengeMoved():
                self.heralds.hear(mail)
            case None:
                self._misheard()
            case _:
                assert_never(mail)

    def _misheard(self) -> None:
        """While versions are mixed, looks and reads find out what is not understood."""
        if self._understands:
            self._understands = False
            log.warning("another version's processes say what this one does not understand")

    def _hear_again(self, channels: Sequence[str]) -> None:
        inboxes = [keys.inbox(self.process) for keys in self.logs.partitions]
        again = {n for n, inbox in enumerate(inboxes) if inbox in channels}
        self.matches.following.hear_again(again)
        if ANNOUNCED in again:
            self.heralds.hear_again()

    async def _probe(self) -> None:
        with contextlib.suppress(Unavailable):  # the sweeper says so
            await self.inbox.probe()

    async def _probe_beside(self) -> None:
        self.timers.soon(self._probe)  # one node may be silent: the others are asked in time

    def _moved(self, account: Account) -> None:
        self.activity.moved(account)

    def _began(self, live: LiveMatch) -> None:
        self.timers.soon(lambda: self._take_back_rematches(live))

    async def _take_back_rematches(self, live: LiveMatch) -> None:
        with contextlib.suppress(Unavailable):  # they expire
            await self.challenges.begun(live)

    def _settled(self, state: Match) -> None:
        self.timers.soon(lambda: self._to_the_front(state))

    async def _to_the_front(self, state: Match) -> None:
        with contextlib.suppress(Unavailable):  # the page says how it ended, and offers to seek
            await self.lobby.to_the_front(state)

    def _ended(self, match: MatchId) -> None:
        self.timers.soon(lambda: self.settle(match))


def limits_of(settings: Settings) -> Limits:
    """The numbers that matches of this server are played by."""
    return Limits(
        rounds=settings.rounds,
        round_ms=settings.round_ms,
        reveal_ms=settings.reveal_ms,
        countdown_ms=settings.countdown_ms,
        ready_ms=settings.ready_ms,
        forfeit_ms=settings.forfeit_ms,
    )
