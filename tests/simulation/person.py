"""A player as a simulation has him: pages on some process, whims, and a log of what he was told."""

import asyncio
from collections.abc import Callable
from random import Random
from typing import Final, NamedTuple, Protocol, cast

from msgspec import UNSET

from server.core.ids import MatchId
from server.core.refusal import Reason, Refused
from server.play.timers import mono_ms
from server.store.link import Unavailable
from server.store.players import Account
from server.web.dispatch import Dispatch
from server.web.socket import NO_STORE, Connection, Watched
from server.wire import client as asked
from server.wire import messages as wire
from server.wire.client import ClientMessage
from server.wire.codec import Frame
from server.wire.messages import RefusedMessage, ServerMessage
from tests.simulation.network import Pace

DECK: Final = "deep-learning-interview"
AGAIN_S: Final = 0.3
NOTICES_S: Final = 0.5
"""At the latest so long after a connection was lost its server notices."""


class Asked(NamedTuple):
    """A message of a page, and when it was sent."""

    at: float
    message: ClientMessage


class Told(NamedTuple):
    """A message to one page, when it was sent (virtual seconds), and when the server had begun on
    what the page had asked last."""

    at: float
    message: ServerMessage
    begun_at: float


class Server(Protocol):
    """What a page needs of a process."""

    @property
    def dispatch(self) -> Dispatch:
        """What carries messages out."""

    def bug(self, error: Exception) -> None:
        """Take down what must not happen."""


class Page:
    """One connection, both of its ends; a `Connection` as its server sees it.

    `told` is what the server sent while it stood, in order; `read` is called with each message
    when it arrives, `ended` where the server ends it.
    """

    def __init__(
        self,
        account: Account,
        server: Server,
        pace: Pace,
        read: Callable[["Page", ServerMessage], None],
        ended: Callable[[], None],
    ) -> None:
        self.account: Account | None = account
        self.entered: Final[set[MatchId]] = set()
        self.watched: Final[set[tuple[Watched, str]]] = set()
        self.told: Final[list[Told]] = []
        self.asked: Final[list[Asked]] = []
        self.stands = True
        self.server: Final = server
        self._pace: Final = pace
        self._read: Final = read
        self._ended: Final = ended
        self._held: list[tuple[Frame, Callable[[], None] | None]] | None = []
        self._there_at = self._here_at = self._begun_at = 0.0
        self._queue: Final[asyncio.Queue[ClientMessage | None]] = asyncio.Queue()
        self._loop: Final = asyncio.get_running_loop()
        self._serving: Final = self._loop.create_task(self._serve())

    def ask(self, message: ClientMessage) -> None:
        """Send a message, as the player's browser does."""
        if self.stands:
            self.asked.append(Asked(self._loop.time(), message))
            self._there_at = max(self._there_at, self._loop.time() + self._pace.delay())
            self._loop.call_at(self._there_at, self._queue.put_nowait, message)

    def lose(self, notices_s: float = 0) -> None:
        """End the connection; its server notices a little later."""
        if self.stands:
            self.stands = False
            self._loop.call_later(notices_s, self._queue.put_nowait, None)

    def tell_storage(self, *, available: bool) -> None:
        """As the server's; whoever plays here asks on, whatever he is told of the storage."""

    def send(self, frame: Frame, *, written: Callable[[], None] | None = None) -> None:
        """As the server's: queue a frame; before the welcome it is held back."""
        if self._held is not None:
            self._held.append((frame, written))
            return
        if self.stands:
            self.told.append(Told(self._loop.time(), frame.message, self._begun_at))
            self._here_at = max(self._here_at, self._loop.time() + self._pace.delay())
            self._loop.call_at(self._here_at, self._arrive, frame.message)
        if written is not None:
            written()

    def say(self, message: ServerMessage) -> None:
        """As the server's: to this page alone."""
        held, self._held = self._held, None
        self.send(Frame(message))
        self._held = held

    def welcome(self, message: wire.Welcome) -> None:
        """As the server's: the first message, then what came meanwhile."""
        held, self._held = self._held, None
        self.send(Frame(message))
        for frame, written in held or ():
            self.send(frame, written=written)

    def credit_ms(self) -> int:
        """As the server's."""
        return 0

    def _arrive(self, message: ServerMessage) -> None:
        if self.stands:
            self._read(self, message)

    async def _serve(self) -> None:
        """What the server does for this connection from its welcome to its end."""
        dispatch, connection = self.server.dispatch, cast("Connection", self)
        try:
            await dispatch.welcome(connection, 0)
            while (message := await self._queue.get()) is not None:
                await self._handle(dispatch, connection, message)
        except Unavailable:
            self.stands = False
            self._ended()
        except Exception as error:  # noqa: BLE001 - it breaks a law
            self.server.bug(error)
        finally:
            self._held = []
            dispatch.gone(connection)

    async def _handle(
        self, dispatch: Dispatch, connection: Connection, message: ClientMessage
    ) -> None:
        self._begun_at = self._loop.time()
        try:
            await dispatch(connection, message, mono_ms())
        except Refused as refusal:
            self._refuse(refusal)
        except Unavailable:
            self._refuse(Refused(Reason.UNAVAILABLE, NO_STORE))

    def _refuse(self, refusal: Refused) -> None:
        match = UNSET if refusal.match is None else refusal.match
        self.say(RefusedMessage(reason=refusal.reason, detail=refusal.detail, match=match))


class Person:
    """Somebody with a page, who seeks and plays, in his own way.

    `calm` once he does nothing on a whim any more, `done` once he seeks no more.
    """

    def __init__(
        self,
        account: Account,
        number: int,
        rng: Random,
        pace: Pace,
        somewhere: Callable[[], Server | None],
    ) -> None:
        self.account: Final = account
        self.number: Final = number
        self.pages: Final[list[Page]] = []
        self.wants = True
        self.calm = False
        self.done = False
        self.match: str | None = None
        self.challenge: str | None = None
        self.rng: Final = rng
        self._pace: Final = pace
        self._somewhere: Final = somewhere
        self._loop: Final = asyncio.get_running_loop()

    @property
    def page(self) -> Page | None:
        """The page in front, None while there is none."""
        page = self.pages[-1] if self.pages else None
        return page if page is not None and page.stands else None

    def come(self) -> None:
        """Open a page if none is open."""
        if self.page is None:
            self.open_page()

    def open_page(self) -> None:
        """Open one more page, at some process."""
        server = self._somewhere()
        if server is None:
            self.later(self.come)
        else:
            self.pages.append(Page(self.account, server, self._pace, self._read, self._come_again))

    def _come_again(self) -> None:
        self.later(self.come)

    def later(self, act: Callable[[], None]) -> None:
        """Do something after a while."""
        self._loop.call_later(AGAIN_S * (0.5 + self.rng.random()), act)

    def lose_pages(self) -> None:
        """Lose every connection; the servers notice sooner or later."""
        for page in self.pages:
            page.lose(self.rng.random() * NOTICES_S)

    def dropped(self, server: Server) -> None:
        """A process has died."""
        if any(page.stands and page.server is server for page in self.pages):
            for page in self.pages:
                if page.server is server:
                    page.stands = False
            self.later(self.come)

    def ask(self, message: ClientMessage) -> None:
        """Say something on the page in front."""
        if self.page is not None:
            self.page.ask(message)

    def seek(self) -> None:
        """Look for an opponent."""
        self.ask(asked.Seek(deck=DECK))

    def rest(self) -> None:
        """Do nothing on a whim any more, but be there."""
        self.calm = True
        self.wants = False
        self.come()

    def finish(self) -> None:
        """Seek no more."""
        self.done = True
        self.ask(asked.CancelSeek())

    def _read(self, page: Page, message: ServerMessage) -> None:
        """What a page does by itself."""
        match message:
            case wire.Welcome(live_match=str(match)):
                page.ask(asked.Enter(match=match))
            case wire.Welcome(seeking=None) if self.wants:
                self._loop.call_later(self.rng.random(), self._seek_if_idle)
            case wire.Seeking() if self.done:
                page.ask(asked.CancelSeek())
            case wire.ChallengeChanged(challenge=code):
                self.challenge = code
            case wire.Paired(match=match):
                self.match = match
                page.ask(asked.Enter(match=match))
            case wire.RefusedMessage(reason=Reason.UNAVAILABLE):
                self._try_again(page)
            case wire.RefusedMessage(match=str(match)):
                page.ask(asked.Enter(match=match))
            case wire.MatchView(result=wire.MatchOver()) | wire.MatchOver():
                if self.wants:
                    self._loop.call_later(self.rng.random(), self._seek_if_idle)
            case wire.MatchView(phase="gathering", match=match):
                page.ask(asked.Ready(match=match))
            case wire.MatchView(phase="open", my_choice=None, match=match, round=round_):
                self._think(page, match, round_)
            case wire.RoundOpened(match=match, round=round_):
                self._think(page, match, round_)
            case _:
                pass

    def _seek_if_idle(self) -> None:
        if self.wants:
            self.seek()

    def _try_again(self, page: Page) -> None:
        """The store could not be reached: what was asked last is asked again."""
        last = page.asked[-1].message if page.asked else None
        if isinstance(last, asked.Seek | asked.CancelSeek | asked.Enter | asked.Ready):
            self.later(lambda: page.ask(last))

    def _think(self, page: Page, match: str, round_: int) -> None:
        """Answer, in no time or after the time or not at all."""
        after_s = self.rng.choice((0.0, 0.05, 0.4, self.rng.random() * 1.6))
        if self.calm or self.rng.random() < 0.9:
            answer = asked.Answer(match=match, round=round_, choice=self.rng.randrange(4))
            self._loop.call_later(after_s, page.ask, answer)
