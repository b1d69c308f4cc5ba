"""Who is here and what is being played: looked up for a page, and pushed to those who watch."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import Final

from server.core.ids import MatchId, PlayerId
from server.core.match import Match, fold
from server.play.listener import Listener
from server.play.matches import Matches
from server.play.presence import Presence
from server.play.timers import Timers
from server.play.views import opponent
from server.play.watch import Watch
from server.store.keys import PRACTISING
from server.store.ladder import Ladder, decode_record
from server.store.link import Link, Unavailable
from server.store.log import MatchLogs
from server.store.online import Online, Playing
from server.store.players import Account, Players, match_of
from server.wire.messages import Lobby, LobbyMatch, LobbyPlayer, PresenceMessage

BEAT_EVERY_MS: Final = 2_000
LOBBY_EVERY_MS: Final = 2_000
PLAYERS_EVERY_MS: Final = 1_000
MOST_LISTED: Final = 50
MOST_MATCHES: Final = 12
MOST_SORTED: Final = 500
"""Where more than so many are here, the list is of those who stand first on the board, and
of as many others."""
CLAIM_MS: Final = 60_000
"""A match without a log so long after its claim will never have one."""


class Activity:
    """Presence and live matches of every deck, and their watchers at this process."""

    def __init__(
        self,
        link: Link,
        ladders: dict[str, Ladder],
        players: Players,
        presence: Presence,
        matches: Matches,
        logs: MatchLogs,
        timers: Timers,
    ) -> None:
        self._ladders: Final = ladders
        self._players: Final = players
        self._presence: Final = presence
        self._matches: Final = matches
        self._logs: Final = logs
        self._timers: Final = timers
        self._online: Final = Online(link)
        self._practising: Final = Online(link, PRACTISING)
        self._playing: Final = {deck: Playing(link, deck) for deck in ladders}
        self._lobbies: Final = Watch(
            "lobbies", self._look_at_lobbies, timers, pause_ms=LOBBY_EVERY_MS, dear=True
        )
        self._presences: Final = Watch(
            "presences", self._look_at_players, timers, pause_ms=PLAYERS_EVERY_MS, dear=True
        )

    def start(self) -> None:
        """Begin to say who is here."""
        self._timers.every("online", BEAT_EVERY_MS, self._beat)

    def moved(self, account: Account) -> None:
        """A player has come to this process or left it: said at once, not at the next beat."""
        kind = self._practising if account.practice else self._online
        self._timers.soon(partial(self._say, kind, account.id))

    async def is_online(self, player: PlayerId) -> bool:
        """Whether a player is here.

        Raises:
            Unavailable: Redis does not answer.
        """
        return bool(await self.online((player,)))

    async def online(self, players: Sequence[PlayerId]) -> set[PlayerId]:
        """Those of some players who are here: at this process, whatever Redis says, or another.

        Raises:
            Unavailable: Redis does not answer.
        """
        here = {player for player in players if self._presence.has(player)}
        for kind in (self._online, self._practising):
            elsewhere = [player for player in players if player not in here]
            here |= await kind.among(elsewhere) if elsewhere else set()
        return here

    async def playing(self, player: PlayerId) -> MatchId | None:
        """The match that a player is in.

        Raises:
            Unavailable: Redis does not answer.
        """
        return match_of(await self._players.held_by(player))

    async def watch_lobby(self, deck: str, listener: Listener) -> Lobby:
        """Send a listener the lobby of a deck whenever it changes; the one to send now.

        Raises:
            Unavailable: Redis does not answer; nothing is watched.
        """
        return await self._lobbies.add(deck, listener)

    def unwatch_lobby(self, deck: str, listener: Listener) -> None:
        """Stop sending it."""
        self._lobbies.remove(deck, listener)

    async def watch_player(self, player: PlayerId, listener: Listener) -> PresenceMessage:
        """Send a listener whether a player is here whenever that changes; the one to send now.

        Raises:
            Unavailable: Redis does not answer; nothing is watched.
        """
        return await self._presences.add(player, listener)

    def unwatch_player(self, player: PlayerId, listener: Listener) -> None:
        """Stop sending it."""
        self._presences.remove(player, listener)

    async def _beat(self) -> None:
        with suppress(Unavailable):
            await self._online.beat(self._presence.people())
            await self._practising.beat(self._presence.characters())

    async def _say(self, kind: Online, player: PlayerId) -> None:
        with suppress(Unavailable):  # the next beat says it
            if self._presence.has(player):
                await kind.beat((player,))
            else:
                await kind.leave(player)

    async def _all_playing(self, players: Sequence[PlayerId]) -> list[MatchId | None]:
        return await asyncio.gather(*(self.playing(player) for player in players))

    async def _look_at_players(self, players: Sequence[PlayerId]) -> list[PresenceMessage]:
        """Whether each of some players is here, and the match he is in."""
        online, matches = await asyncio.gather(self.online(players), self._all_playing(players))
        return [
            PresenceMessage(player=player, online=player in online, playing=match)
            for player, match in zip(players, matches, strict=True)
        ]

    async def _look_at_lobbies(self, decks: Sequence[str]) -> list[Lobby]:
        return [await self._lobby(deck) for deck in decks]

    async def _lobby(self, deck: str) -> Lobby:
        (online, players), matches = await asyncio.gather(self._here(deck), self._live(deck))
        return Lobby(deck=deck, online=online, players=players, matches=matches)

    async def _here(self, deck: str) -> tuple[int, tuple[LobbyPlayer, ...]]:
        """How many are here, and the best rated of them."""
        ladder, at_this_process = self._ladders[deck], self._presence.people()
        here = await self._online.here(MOST_SORTED)
        found = {*here.players, *at_this_process[:MOST_SORTED]}
        online = max(here.count, len(found), len(at_this_process))
        if here.count > MOST_SORTED:
            top = await ladder.top(MOST_SORTED)
            found |= await self.online([row.player for row in top])
        players = sorted(found)
        records = [decode_record(stored) for stored in await ladder.records(players)]
        ranked = sorted(zip(players, records, strict=True), key=lambda row: -row[1].rating)
        listed = ranked[:MOST_LISTED]
        first = [player for player, _ in listed]
        accounts, matches = await asyncio.gather(
            asyncio.gather(*(self._players.account(player) for player in first)),
            self._all_playing(first),
        )
        return online, tuple(
            LobbyPlayer(
                id=player,
                name=account.name,
                rating=record.rating,
                provisional=record.standing.provisional,
                bot=account.bot,
                playing=match,
            )
            for (player, record), account, match in zip(listed, accounts, matches, strict=True)
            if account is not None
        )

    async def _live(self, deck: str) -> tuple[LobbyMatch, ...]:
        """The live matches of a deck, the latest first; those that are gone are struck off."""
        playing = self._playing[deck]
        now, latest = await playing.latest(MOST_MATCHES)
        states = await asyncio.gather(*(self._state(match) for match, _ in latest))
        live = []
        for (match, claimed_at), state in zip(latest, states, strict=True):
            if state is None:
                if now - claimed_at > CLAIM_MS:
                    await playing.drop(match)
            elif state.settled is not None:
                await playing.drop(match)
            elif state.ended is None:
                live.append(self._lobby_match(state))
        return tuple(live)

    async def _state(self, match: MatchId) -> Match | None:
        """A match as it stands; None where its log has not begun, or never will."""
        live = self._matches.played_here(match)
        if live is not None:
            return live.state
        _, entries = await self._logs.read(match)
        return fold(stored.entry for stored in entries) if entries else None

    def _lobby_match(self, state: Match) -> LobbyMatch:
        one, two = state.created.players
        return LobbyMatch(
            match=state.created.match,
            rated=state.created.rated,
            round=len(state.rounds),
            rounds=state.length,
            totals=state.totals,
            watchers=self._matches.watchers(state.created.match),
            players=(opponent(one), opponent(two)),
        )
