"""Hands each client message to the service that carries it out, and replies."""

from typing import Final, TypeAlias, assert_never

from server.core.commands import Answer, GetReady, Resign
from server.core.ids import MatchId, PlayerId, Seat
from server.core.refusal import Reason, Refused
from server.play.live import LiveMatch
from server.play.telling import Origin
from server.play.views import Reply, replied
from server.store.link import Unavailable
from server.store.players import Account
from server.web.services import Services
from server.web.socket import Connection, Watched
from server.wire import client as asked
from server.wire import messages as wire
from server.wire.codec import Frame

MOST_MATCHES: Final = 64
"""Matches one socket may follow at a time."""
MOST_WATCHED: Final = 64
"""Ladders, lobbies, challenges and players that one socket may watch at a time."""
WatchedNow: TypeAlias = wire.Ladder | wire.ChallengeChanged | wire.Lobby | wire.PresenceMessage


class Dispatch:
    """Carries out the messages of all connections of this process."""

    def __init__(self, services: Services) -> None:
        self._services: Final = services

    async def __call__(
        self, connection: Connection, message: asked.ClientMessage, received: float
    ) -> None:
        """Carry out one message, received at `received` (monotonic ms).

        Raises:
            Refused: the rules say no.
            Unavailable: Redis does not answer.
        """
        self._services.metrics.message(type(message))
        if self._services.storage.any_away:
            self._ask_storage(message)
        match message:
            case asked.Answer():  # the first that is asked for: most messages are answers
                await self._answer(connection, message, received)
            case asked.Seek():
                seeking = await self._services.lobby.seek(
                    _signed_in(connection), message.deck, rated=message.rated
                )
                _reply(connection, seeking, message.ref)
            case asked.CancelSeek():
                await self._cancel_seek(connection, _signed_in(connection).id)
                _reply(connection, wire.SeekCancelled(), message.ref)
            case asked.Enter():
                await self._enter(connection, message)
            case asked.Ready():
                live, seat = await self._seat(connection, message.match)
                await self._services.matches.perform(live, lambda _: GetReady(seat))
                _done(connection, message.ref)
            case asked.Resign():
                live, seat = await self._seat(connection, message.match)
                await self._services.matches.perform(live, lambda _: Resign(seat))
                _done(connection, message.ref)
            case asked.Leave():
                self._leave(connection, MatchId(message.match))
                _done(connection, message.ref)
                self.tell_storage(connection)
            case asked.Ping():
                _reply(connection, wire.Pong(t=message.t), message.ref)
            case (
                asked.Challenge()
                | asked.AcceptChallenge()
                | asked.DeclineChallenge()
                | asked.WithdrawChallenge()
                | asked.Rematch()
            ):
                challenge = await self._challenge(_signed_in(connection), message)
                _reply(connection, challenge, message.ref)
            case (
                asked.WatchLadder()
                | asked.WatchChallenge()
                | asked.WatchLobby()
                | asked.WatchPlayer()
            ):
                kind, watched = _watched(message)
                _reply(connection, await self._watch(connection, kind, watched), message.ref)
            case (
                asked.UnwatchLadder()
                | asked.UnwatchChallenge()
                | asked.UnwatchLobby()
                | asked.UnwatchPlayer()
            ):
                self._unwatch(connection, *_watched(message))
                _done(connection, message.ref)
            case _:
                assert_never(message)

    def _ask_storage(self, message: asked.ClientMessage) -> None:
        """Refuse at once what would only wait for a Redis that is known to be away.

        Raises:
            Unavailable: it is.
        """
        match message:
            case (
                asked.Ping()
                | asked.Leave()
                | asked.UnwatchLadder()
                | asked.UnwatchChallenge()
                | asked.UnwatchLobby()
                | asked.UnwatchPlayer()
            ):
                return
            case asked.Enter() | asked.Ready() | asked.Answer() | asked.Resign():
                about = [MatchId(message.match)]
            case _:
                about = []
        if not self._services.reaches(about):
            raise Unavailable("known to be away")

    async def welcome(self, connection: Connection, server_time_ms: int) -> None:
        """The first message: who is signed in, and what they are in the middle of.

        Raises:
            Unavailable: Redis does not answer.
        """
        account = connection.account
        self._services.presence.arrive(connection)
        seeking, challenges, matches = None, list[wire.ChallengeChanged](), list[MatchId]()
        if account is not None:
            match, seeking = await self._services.lobby.resume(account.id)
            matches += [] if match is None else [match]
            if account.practice:
                matches += await self._services.claims.practised(account.id)
            challenges = await self._services.challenges.open_of(account)
        connection.welcome(
            wire.Welcome(
                player=wire.PlayerName(account.id, account.name) if account else None,
                server_time_ms=server_time_ms,
                version=wire.PROTOCOL_VERSION,
                live_match=matches[0] if matches else None,
                live_matches=tuple(matches),
                seeking=seeking,
            )
        )
        for challenge in challenges:
            connection.say(challenge)

    def tell_storage(self, connection: Connection) -> None:
        """Say whether Redis answers for what a connection follows, where either has changed."""
        connection.tell_storage(available=self._services.reaches(connection.entered))

    def gone(self, connection: Connection) -> None:
        """A connection has ended: everybody who counted on it learns so."""
        self._services.presence.go(connection)
        for match in tuple(connection.entered):
            self._leave(connection, match)
        for kind, watched in tuple(connection.watched):
            self._unwatch(connection, kind, watched)

    async def _cancel_seek(self, connection: Connection, player: PlayerId) -> None:
        """Take the seek back, which every page of the player may be showing."""
        await self._services.lobby.cancel(player)
        for page in self._services.presence.of(player):
            if page is not connection:
                page.send(Frame(wire.SeekCancelled()))

    async def _enter(self, connection: Connection, message: asked.Enter) -> None:
        match = MatchId(message.match)
        matches = self._services.matches
        connection.entered.difference_update(
            [entered for entered in connection.entered if not matches.holds(entered)]
        )
        if match not in connection.entered and len(connection.entered) >= MOST_MATCHES:
            raise Refused(Reason.TOO_FAST, "Leave a match before you enter another.")
        async with self._services.arrivals.entry():
            view = await matches.enter(match, connection)
            if view.result is None:
                connection.entered.add(match)
            _reply(connection, view, message.ref)
        self.tell_storage(connection)

    async def _answer(self, connection: Connection, message: asked.Answer, received: float) -> None:
        live, seat = await self._seat(connection, message.match)

        def answer(_: object) -> Answer:
            elapsed_ms, credited = live.elapsed(seat, received)
            credit_ms = connection.credit_ms() if credited else 0
            return Answer(seat, message.round, message.choice, elapsed_ms, credit_ms)

        origin = Origin(connection, message.ref)
        await self._services.matches.perform(live, answer, origin)

    async def _seat(self, connection: Connection, match: str) -> tuple[LiveMatch, Seat]:
        """The match and the seat that this connection's player has in it."""
        account = _signed_in(connection)
        live = await self._services.matches.attach(MatchId(match))
        seat = live.state.seat_of(account.id)
        if seat is None:
            raise Refused(Reason.NOT_YOUR_MATCH, "You do not play in this match.")
        return live, seat

    def _leave(self, connection: Connection, match: MatchId) -> None:
        connection.entered.discard(match)
        self._services.matches.leave(match, connection)

    def _known(self, deck: str) -> None:
        if deck not in self._services.decks:
            raise Refused(Reason.NO_SUCH_DECK, "There is no deck of that name here.")

    async def _challenge(
        self,
        account: Account,
        message: asked.Challenge
        | asked.AcceptChallenge
        | asked.DeclineChallenge
        | asked.WithdrawChallenge
        | asked.Rematch,
    ) -> wire.ChallengeChanged:
        challenges = self._services.challenges
        match message:
            case asked.Challenge():
                self._known(message.deck)
                return await challenges.offer(
                    account,
                    message.deck,
                    to=None if message.to is None else PlayerId(message.to),
                    rated=message.rated,
                    rounds=message.rounds,
                    limit_ms=message.limit_ms,
                )
            case asked.AcceptChallenge():
                return await challenges.accept(account, message.challenge)
            case asked.DeclineChallenge():
                return await challenges.decline(account, message.challenge)
            case asked.WithdrawChallenge():
                return await challenges.withdraw(account, message.challenge)
            case asked.Rematch():
                return await challenges.rematch(account, MatchId(message.match))
            case _:
                assert_never(message)

    async def _watch(self, connection: Connection, kind: Watched, watched: str) -> WatchedNow:
        """Begin to send what a connection wants to see change; what to send now."""
        services = self._services
        new = (kind, watched) not in connection.watched
        if new and len(connection.watched) >= MOST_WATCHED:
            raise Refused(Reason.TOO_FAST, "Stop watching something before you watch more.")
        now: WatchedNow
        match kind:
            case "ladder":
                self._known(watched)
                now = await services.ladders.watch(watched, connection)
            case "challenge":
                now = await services.challenges.watch(watched, connection)
            case "lobby":
                self._known(watched)
                now = await services.activity.watch_lobby(watched, connection)
            case "player":
                now = await services.activity.watch_player(PlayerId(watched), connection)
            case _:
                assert_never(kind)
        connection.watched.add((kind, watched))
        return now

    def _unwatch(self, connection: Connection, kind: Watched, watched: str) -> None:
        match kind:
            case "ladder":
                self._known(watched)
                self._services.ladders.unwatch(watched, connection)
            case "challenge":
                self._services.challenges.unwatch(watched, connection)
            case "lobby":
                self._known(watched)
                self._services.activity.unwatch_lobby(watched, connection)
            case "player":
                self._services.activity.unwatch_player(PlayerId(watched), connection)
            case _:
                assert_never(kind)
        connection.watched.discard((kind, watched))


def _watched(
    message: asked.WatchLadder
    | asked.UnwatchLadder
    | asked.WatchChallenge
    | asked.UnwatchChallenge
    | asked.WatchLobby
    | asked.UnwatchLobby
    | asked.WatchPlayer
    | asked.UnwatchPlayer,
) -> tuple[Watched, str]:
    """What a message is about."""
    match message:
        case asked.WatchLadder(deck=deck) | asked.UnwatchLadder(deck=deck):
            return "ladder", deck
        case asked.WatchChallenge(challenge=code) | asked.UnwatchChallenge(challenge=code):
            return "challenge", code
        case asked.WatchLobby(deck=deck) | asked.UnwatchLobby(deck=deck):
            return "lobby", deck
        case asked.WatchPlayer(player=player) | asked.UnwatchPlayer(player=player):
            return "player", player
        case _:
            assert_never(message)


def _signed_in(connection: Connection) -> Account:
    if connection.account is None:
        raise Refused(Reason.NOT_SIGNED_IN, "Choose a name first.")
    return connection.account


def _reply(connection: Connection, message: Reply, ref: asked.Ref) -> None:
    """Send a reply; it carries the `ref` of what it replies to."""
    connection.say(replied(message, ref))  # type: ignore[arg-type] # a member of the union stays one


def _done(connection: Connection, ref: asked.Ref) -> None:
    """Acknowledge a command that has no reply of its own, where it asks for that."""
    if ref is not None:
        connection.say(wire.Done(ref=ref))
