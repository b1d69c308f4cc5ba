"""Processes, players and matches to begin a test of the play floor with."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final, TypeVar

from msgspec.structs import replace

from server.core.commands import Answer, GetReady
from server.core.deal import DealtCard
from server.core.events import Event, Limits, MatchCreated, MatchEnded, Player, Sought
from server.core.ids import BySeat, MatchId, PlayerId, Seat
from server.core.match import Match
from server.core.outcome import Outcome, Why
from server.play.live import LiveMatch
from server.store.ladder import decode_record
from server.store.log import Mark, Won, head_of
from server.store.players import Account, match_hold
from server.store.seeks import Seek, Standing, new_nonce, seek_hold
from server.web.metrics import Metrics
from server.web.services import Services
from server.wire.codec import Frame
from server.wire.messages import ServerMessage
from tests.conftest import quick_settings
from tests.support.until import until

DECK: Final = "deep-learning-interview"
PATIENCE_S: Final = 60.0
LIMITS: Final = Limits(rounds=2, reveal_ms=0, countdown_ms=0)
WON: Final = MatchEnded(Outcome.SEAT_0, Why.PLAYED)
CARD: Final = DealtCard("card-1", "Prompt?", ("a", "b", "c", "d"), 0, "Because.")

Message = TypeVar("Message", bound=ServerMessage)
Process = Callable[..., Awaitable[Services]]


class Ear:
    """A connection that only listens; `heard` holds every message in order."""

    def __init__(self, account: Account | None = None) -> None:
        self.account = account
        self.heard: list[ServerMessage] = []
        self._new = asyncio.Event()

    @property
    def who(self) -> Account:
        """The account, of one who has one."""
        assert self.account is not None
        return self.account

    def send(self, frame: Frame, *, written: Callable[[], None] | None = None) -> None:
        self.heard.append(frame.message)
        self._new.set()
        if written is not None:
            written()

    def credit_ms(self) -> int:
        return 0

    def of(self, kind: type[Message]) -> list[Message]:
        """What was heard of one kind."""
        return [message for message in self.heard if isinstance(message, kind)]

    async def hears(self, kind: type[Message], number: int = 1) -> Message:
        """Wait for the first message of a kind, or a later one."""
        async with asyncio.timeout(PATIENCE_S):
            while len(self.of(kind)) < number:
                self._new.clear()
                await self._new.wait()
        return self.of(kind)[number - 1]


@asynccontextmanager
async def processes(redis_url: str) -> AsyncIterator[Process]:
    """`await process(running=True, rounds=2, …)`: one process's services, on its own link."""
    begun: list[Services] = []

    async def begin(*, running: bool = False, **flags: int | str) -> Services:
        services = Services(quick_settings(redis_url, **flags), redis_url, Metrics())
        begun.append(services)
        await (services.start() if running else services.link.open())
        return services

    try:
        yield begin
    finally:
        for services in begun:
            await services.stop()


async def signed_up(at: Services, name: str, *, bot: bool = False) -> Ear:
    """A new player with one connection to a process."""
    account, _ = await at.players.sign_up(name, bot=bot, now_ms=0)
    return here(at, account)


def here(at: Services, account: Account) -> Ear:
    """One more connection of a player, to any process."""
    ear = Ear(account)
    at.presence.arrive(ear)
    return ear


async def seated(at: Services, account: Account) -> Player:
    """A player as a seek puts them."""
    (raw,) = await at.boards[DECK].records((account.id,))
    standing = decode_record(raw).standing
    return Player(account.id, account.name, standing, account.bot, account.practice)


async def stands(at: Services, ear: Ear, since: int = 0) -> None:
    """Have a player seek, and no pass of this process know of it."""
    seek = Seek(await seated(at, ear.who), new_nonce(), None)
    hold = seek_hold(DECK, "rated", seek.nonce)
    assert await at.players.hold(ear.who.id, "", hold) is None
    await at.claims.seeks[DECK].add("rated", seek, since)


async def standing(at: Services) -> dict[PlayerId, Standing]:
    """The rated seeks that stand."""
    found = await at.claims.seeks[DECK].read("rated")
    return {seek.player: seek for seek in found.standing}


async def one_pass(at: Services) -> None:
    """A pass over the rated seeks."""
    await at.lobby._passes.run(DECK, "rated")


async def event_zero(
    at: Services, ears: BySeat[Ear], limits: Limits = LIMITS, *, rated: bool = True
) -> MatchCreated:
    """Event 0 of a match of these two."""
    return MatchCreated(
        match=MatchId(secrets.token_urlsafe(6)),
        deck=DECK,
        title="Deck",
        players=(await seated(at, ears[0].who), await seated(at, ears[1].who)),
        deal=(CARD,) * limits.rounds,
        limits=limits,
        sought=Sought(rated, (1, 2)),
    )


async def made(at: Services, ears: BySeat[Ear], limits: Limits = LIMITS) -> MatchId:
    """A match that has begun, and holds its players, of whom nothing holds a character."""
    created = await event_zero(at, ears, limits)
    for ear in ears:
        if ear.who.practice:
            continue
        assert await at.players.hold(ear.who.id, "", match_hold(created.match)) is None
    begun, _ = await at.logs.create(created.match, "zero", (created,), limits.ready_ms)
    assert begun
    return created.match


async def ended(at: Services, *ears: Ear, how: MatchEnded = WON) -> MatchId:
    """A match that has ended as told, and that no process has settled."""
    one, two = ears
    match = await made(at, (one, two))
    reply = await at.logs.append(
        match,
        length=1,
        last=head_of("zero"),
        head=head_of("end"),
        events=(how,),
        not_before=0,
        due=None,
        mark=Mark.ENDED,
    )
    assert isinstance(reply, Won)
    return match


async def comes(at: Services, match: MatchId, ear: Ear) -> LiveMatch:
    """A player enters and is ready."""
    await at.matches.enter(match, ear)
    live = await at.matches.attach(match)
    seat = live.state.seat_of(ear.who.id)
    assert seat is not None
    await at.matches.perform(live, lambda _: GetReady(seat))
    return live


async def answers(live: LiveMatch, at: Services, seat: Seat, choice: int = 0) -> None:
    """An answer to the open round of the state it is decided on."""

    def answer(state: Match) -> Answer:
        assert state.current is not None
        return Answer(seat, state.current.number, choice, 1_000, 0)

    await at.matches.perform(live, answer)


async def events_of(at: Services, match: MatchId) -> list[Event]:
    """Every event in the log."""
    _, entries = await at.logs.read(match)
    return [event for entry in entries for event in entry.events]


async def logged(at: Services, match: MatchId, kind: type[Event], number: int = 1) -> None:
    """Wait until the log holds so many events of a kind."""

    async def is_there() -> bool:
        return sum(isinstance(event, kind) for event in await events_of(at, match)) >= number

    await until(is_there)


def short(**changes: int) -> Limits:
    """The limits of tests, some of them changed."""
    return replace(LIMITS, **changes)
