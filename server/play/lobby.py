"""The lobby: takes seeks, keeps them alive, and tells both players of a pairing."""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from functools import partial
from typing import Final

from deck.cards import Deck
from server.core.commands import Tell
from server.core.events import Player
from server.core.fairness import cooldown_ms
from server.core.ids import SEATS, MatchId, PlayerId, Seat
from server.core.match import Match, Phase
from server.core.outcome import Why
from server.core.refusal import Reason, Refused
from server.play.claims import Claims
from server.play.holds import Holds
from server.play.live import LiveMatch
from server.play.matches import Matches
from server.play.passes import Passes
from server.play.presence import Presence
from server.play.timers import Timers, mono_ms
from server.play.views import paired
from server.play.waiting import Waiting, WaitingRoom, seeking
from server.store.ladder import Ladder, decode_record
from server.store.link import Link, Unavailable, time_ms
from server.store.mail import Begun
from server.store.players import Account, Players, match_of
from server.store.seeks import (
    Pool,
    Seek,
    decode_seek,
    new_nonce,
    pool_of,
    seek_hold,
    seek_of,
)
from server.wire.codec import Frame
from server.wire.messages import SeekCancelled, Seeking, SeekState

log: Final = logging.getLogger(__name__)

TELL_AFTER_MS: Final = 1_000
"""A pairing that was written, but after so long not entered, is noted in the log."""


class Lobby:
    """Every pool of every ladder, as far as this process works on them.

    `began` is called with each match of which the players were told.
    """

    def __init__(
        self,
        link: Link,
        decks: dict[str, Deck],
        ladders: dict[str, Ladder],
        players: Players,
        presence: Presence,
        matches: Matches,
        claims: Claims,
        timers: Timers,
        *,
        pair_every_ms: int,
        began: Callable[[LiveMatch], None],
    ) -> None:
        self._link: Final = link
        self._decks: Final = decks
        self._ladders: Final = ladders
        self._seeks: Final = claims.seeks
        self._players: Final = players
        self._presence: Final = presence
        self._matches: Final = matches
        self._claims: Final = claims
        self._timers: Final = timers
        self._began: Final = began
        self._joining: Final[set[PlayerId]] = set()
        self._room: Final = WaitingRoom(
            claims.seeks, presence, timers, self._drop_forsaken, self._find_out
        )
        self.holds: Final = Holds(claims, players, self._room)
        self._passes: Final = Passes(
            claims,
            self.holds,
            timers,
            self.tell,
            self._room.anybody,
            pair_every_ms=pair_every_ms,
        )

    def start(self) -> None:
        """Begin to keep this process's seeks alive."""
        self._room.start()

    def stop_pairing(self) -> None:
        """Make no new matches: the server is about to stop."""
        self._passes.stop()

    async def seek(self, account: Account, deck: str, *, rated: bool) -> Seeking:
        """Put a player into a pool and have a pass look at it.

        Raises:
            Refused: no such deck, already seeking or in a match, or cooling down.
            Unavailable: Redis does not answer; the seek may stand and is found again.
        """
        if deck not in self._decks:
            raise Refused(Reason.NO_SUCH_DECK, "There is no deck of that name here.")
        if account.practice:
            detail = "A practice opponent is challenged, and never seeks."
            raise Refused(Reason.NOT_ACCEPTING, detail)
        if account.id in self._joining:
            raise Refused(Reason.ALREADY_SEEKING, "You are looking for an opponent already.")
        self._joining.add(account.id)
        try:
            return await self._seek(account, deck, rated=rated)
        finally:
            self._joining.discard(account.id)

    async def _seek(self, account: Account, deck: str, *, rated: bool) -> Seeking:
        pool, nonce = pool_of(rated=rated), new_nonce()
        hold = seek_hold(deck, pool, nonce)
        await self.holds.take(account.id, hold)
        try:
            if rated:
                await self.not_cooling_down(deck, account.id)
        except Refused:
            await self._players.hold(account.id, hold, "")
            raise
        return await self._enlist(account, deck, pool, nonce, 0)

    async def _enlist(
        self, account: Account, deck: str, pool: Pool, nonce: str, since: int
    ) -> Seeking:
        (stored,) = await self._ladders[deck].records((account.id,))
        record = decode_record(stored)
        player = Player(account.id, account.name, record.standing, account.bot)
        return await self._join(deck, pool, Seek(player, nonce, record.last_opponent), since)

    async def cancel(self, player: PlayerId) -> None:
        """Take a player's seek back; nothing happens where there is none.

        Raises:
            Refused: a pass, or a challenge, was quicker: the player is in a match.
            Unavailable: the seek may stand; where it does not, the player is told so.
        """
        waiting = self._room.of(player)
        await self.holds.take_back(player)
        if self._room.of(player) is waiting:
            self._room.forget(player)

    async def resume(self, player: PlayerId) -> tuple[MatchId | None, SeekState | None]:
        """What a player who connects is in the middle of: a live match or a seek."""
        held = await self._claims.unless_lost(player, await self._players.held_by(player))
        match, sought = match_of(held), seek_of(held)
        if sought is None:
            return match, None
        deck, pool, _ = sought
        if deck not in self._seeks:
            return None, None
        await self.holds.read(deck, pool)
        # Now, and not with the next beat: by then it may have gone, and nobody would say so.
        await self._seeks[deck].beat(pool, (player,))
        time = self._link.call("TIME")
        raw = await self._seeks[deck].find(pool, player)
        if raw is None:
            return None, None
        waiting = self._room.of(player)
        if waiting is None or (waiting.deck, waiting.pool) != (deck, pool):
            waited_ms = max(0, time_ms(await time) - decode_seek(raw).since)
            waiting = Waiting(deck, pool, mono_ms() - waited_ms, 0)
            self._room.add(player, waiting)
        self._passes.want(deck, pool)
        return None, SeekState(deck, pool == "rated", waiting.waited_ms())

    async def to_the_front(self, state: Match) -> None:
        """After a no-show, whoever did come seeks on, with the time waited so far."""
        sought, ended = state.created.sought, state.ended
        if sought is None or ended is None or ended.why is not Why.NO_SHOW:
            return
        for seat in SEATS:
            here = state.seats[seat]
            if here.ready and here.connected:
                await self._seek_on(state, seat, pool_of(rated=sought.rated), sought.since[seat])

    async def recover(self) -> None:
        """Carry out the claims that a process which died left half done."""
        await asyncio.gather(*map(self._recover, self._decks))

    async def _recover(self, deck: str) -> None:
        with contextlib.suppress(Unavailable):  # the ladders of other nodes go on
            for live in await self._claims.recover(deck):
                self.tell(live)

    async def not_cooling_down(self, deck: str, player: PlayerId) -> None:
        """Whether a player may look for a rated match.

        Raises:
            Refused: not yet, after leaving matches early.
        """
        time = self._link.call("TIME")
        charges = await self._ladders[deck].charges(player)
        retry_in_ms = cooldown_ms(charges, time_ms(await time))
        if retry_in_ms > 0:
            detail = "You left matches early. Wait a little, or play a casual match."
            raise Refused(Reason.COOLING_DOWN, detail, retry_in_ms=retry_in_ms)

    async def _join(self, deck: str, pool: Pool, seek: Seek, since: int) -> Seeking:
        player = seek.player.id
        now, count = await self._seeks[deck].add(pool, seek, since)
        await self.holds.keep(deck, pool, seek)
        waited_ms = now - since if since else 0
        self._room.add(player, Waiting(deck, pool, mono_ms() - waited_ms, count))
        self._passes.want(deck, pool)
        return Seeking(deck=deck, rated=pool == "rated", waiting=count, waited_ms=waited_ms)

    async def _seek_on(self, state: Match, seat: Seat, pool: Pool, since: int) -> None:
        player, deck = state.created.players[seat], state.created.deck
        nonce = new_nonce()
        if not self._presence.has(player.id):
            return
        if await self._players.hold(player.id, "", seek_hold(deck, pool, nonce)) is not None:
            return
        absent = state.created.players[1 - seat].id
        with contextlib.suppress(Refused):  # he does something else by now
            seeking = await self._join(deck, pool, Seek(player, nonce, absent), since)
            self._presence.send(player.id, Frame(seeking))

    def sparing(self, *players: PlayerId) -> contextlib.AbstractContextManager[None]:
        """Within it their seeks may be taken back for a match; if it fails, they hear of that."""
        return self._room.sparing(*players)

    def is_waiting(self, player: PlayerId) -> bool:
        """Whether a player of this process seeks."""
        return self._room.of(player) is not None

    def hear(self, begun: Begun) -> None:
        """Tell the players who are here of a match that another process has begun."""
        if any(self._presence.has(player) for player in begun.players):
            self._timers.soon(partial(self._learn, begun.match))

    async def _learn(self, match: MatchId) -> None:
        with contextlib.suppress(Refused, Unavailable):  # `_find_out` comes to it
            self.tell(await self._matches.attach(match))

    def tell(self, live: LiveMatch) -> None:
        """Tell both players of their match, once, on every socket they have here."""
        if live.state.phase is Phase.OVER:
            return
        for player in live.state.created.players:
            self._room.forget(player.id)
        if live.paired_here:
            return
        live.paired_here = True
        now = live.clock.now(mono_ms())
        for seat in SEATS:
            frame = Frame(paired(live.state, seat, now))
            written = partial(self._told, live, seat)
            for listener in self._presence.of(live.state.created.players[seat].id):
                listener.send(frame, written=written)
        self._began(live)

    def _told(self, live: LiveMatch, seat: Seat) -> None:
        """The pairing is out; the log is told unless the player enters at once anyway."""

        async def note() -> None:
            if not live.state.seats[seat].told:
                with contextlib.suppress(Refused, Unavailable):
                    await self._matches.perform(live, lambda _: Tell(seat))

        wait_ms = min(TELL_AFTER_MS, live.state.limits.ready_ms // 2)
        if not self._timers.pending((live.id, seat, "told")):
            self._timers.after((live.id, seat, "told"), wait_ms, note)

    async def _drop_forsaken(self, deck: str, pool: Pool) -> None:
        await self.holds.read(deck, pool)

    async def _find_out(self, player: PlayerId, waiting: Waiting) -> None:
        """What became of the seek of a player who waits here: other processes work on it too.

        A match is told, another seek is waited for, and one that was dropped for want of
        beats is put back. One that was taken back elsewhere, or led to a match that is over
        by now, is over here as well.
        """
        with contextlib.suppress(Unavailable, Refused):  # the next beat comes to it
            held = await self.holds.standing(player)
            if self._room.of(player) is not waiting:
                return
            match, sought = match_of(held), seek_of(held)
            if match is not None:
                live = await self._matches.attach(match)
                self.tell(live)
                if live.state.phase is Phase.OVER and self._room.of(player) is waiting:
                    self._cancelled(player)
            elif sought is not None and sought[:2] != (waiting.deck, waiting.pool):
                await self._wait_elsewhere(player)
            elif not held and waiting.late:
                await self._seek_again(player, waiting)
            elif not held:
                self._cancelled(player)

    def _cancelled(self, player: PlayerId) -> None:
        self._room.forget(player)
        self._presence.send(player, Frame(SeekCancelled()))

    async def _wait_elsewhere(self, player: PlayerId) -> None:
        """A player who waits here has begun to seek in another pool, at another process."""
        await self.resume(player)
        waiting = self._room.of(player)
        if waiting is not None:
            self._presence.send(player, Frame(seeking(waiting)))

    async def _seek_again(self, player: PlayerId, waiting: Waiting) -> None:
        account = next((listener.account for listener in self._presence.of(player)), None)
        deck, pool, nonce = waiting.deck, waiting.pool, new_nonce()
        if account is None:
            return
        since = time_ms(await self._link.call("TIME")) - waiting.waited_ms()
        if await self._players.hold(player, "", seek_hold(deck, pool, nonce)) is None:
            again = await self._enlist(account, deck, pool, nonce, since)
            self._presence.send(player, Frame(again))
