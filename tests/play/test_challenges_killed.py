"""`kill -9` about every Redis write of taking a challenge or a rematch: one match or none."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from itertools import starmap
from pathlib import Path
from typing import Final

import aiohttp
import pytest

from server.core.challenge import State
from server.core.events import MatchCreated
from server.core.ids import MatchId, PlayerId, ProcessId
from server.store.challenges import Offers
from server.store.log import MatchLogs
from server.store.players import Players, match_hold
from server.store.seeks import Seeks
from tests.play.mortal import warm_up
from tests.play.test_kill_at_every_write import SLOW_PAGE, Case, Stage, stage
from tests.support.player import DECK, Closed, Map, Player, connected, sign_up
from tests.support.proxy import BACKGROUND, Moment

pytestmark = pytest.mark.timeout(400)
"""Some seventy servers are started, killed and started again."""

PATIENCE_S: Final = 100.0
AT_ONCE: Final = 6
AGAIN_S: Final = 0.02

TAKEN: Final = (
    *("swap nothing for seek", "claim_challenge", "swap seek for match", "swap seek for match"),
    *("create", "HDEL claims", "ZREM challenges"),
)
LINK: Final = (
    *("swap nothing for seek", "swap nothing for seek"),
    *("cancel_seek", "swap seek for nothing"),
    *TAKEN,
)
"""Every write of taking a link, by one whose seek is taken back for it."""
REMATCH: Final = (
    *("SET challenge", "offer_challenge", "list_challenge", "list_challenge"),
    *("swap nothing for seek", *TAKEN, "ZREM challenges"),
)
"""Every write of offering a rematch and of accepting it."""


@pytest.fixture(scope="module", autouse=True)
def _forks() -> None:
    warm_up()


class Scene:
    """Two players at a server that may be killed, and what they are about to do."""

    def __init__(self, at: Stage, stack: AsyncExitStack) -> None:
        self.at = at
        self.code = ""
        self.before: MatchId | None = None
        self.left: set[str] = set()
        self._stack = stack
        self._accounts: list[Map] = []

    async def sign_up(self) -> None:
        """Both take a name, once the server answers."""
        while len(self._accounts) < 2:
            try:
                name = ("Ada", "Bob")[len(self._accounts)]
                self._accounts.append(await sign_up(self.at.url, name))
            except aiohttp.ClientError:
                await asyncio.sleep(AGAIN_S)

    async def arrive(self) -> None:
        """Both connect, however long the server takes to come back."""
        self.ada, self.bob = [await self._connect(account) for account in self._accounts]

    async def _connect(self, account: Map) -> Player:
        while True:
            try:
                return await self._stack.enter_async_context(connected(self.at.url, account))
            except (aiohttp.ClientError, Closed):
                await asyncio.sleep(AGAIN_S)

    async def offer(self) -> None:
        """Ada offers a casual link."""
        told = await self.ada.ask("challenge", deck=DECK, to=None, rated=False)
        self.code = told["challenge"]

    async def play_one(self) -> None:
        """A match of the two, which is over: its rematch is what this is about."""
        await self.offer()
        taken = await self.bob.ask("accept_challenge", challenge=self.code)
        self.before = MatchId(taken["match"])
        await self.leave(self.bob, self.before)
        await self.ada.ask("enter", match=self.before)
        await over(self.ada, self.before)

    async def leave(self, player: Player, match: str) -> None:
        """Give a match up and see it to its stored result."""
        self.left.add(match)
        entered = await player.ask("enter", match=match)
        if entered["type"] == "match" and entered["result"] is None:
            await player.ask("resign", match=match)
            await over(player, match)


async def take_link(scene: Scene) -> None:
    """Bob, who seeks, takes the link."""
    await scene.bob.send("accept_challenge", challenge=scene.code)


async def take_rematch(scene: Scene) -> None:
    """Ada offers a rematch, which Bob accepts by asking for one, once he hears of it."""
    await scene.ada.send("rematch", match=scene.before)

    async def accept() -> None:
        try:
            await scene.bob.until("challenge_changed", kind="rematch", state="open")
            await scene.bob.send("rematch", match=scene.before)
        except Closed:
            pass  # the server died over the offer

    await accept()


async def set_for_link(scene: Scene) -> None:
    await scene.offer()
    await scene.bob.ask("seek", deck=DECK, rated=True)


async def set_for_rematch(scene: Scene) -> None:
    await scene.play_one()


Step = Callable[[Scene], Awaitable[None]]
PLOTS: Final[dict[str, tuple[Step, Step, tuple[str, ...]]]] = {
    "link": (set_for_link, take_link, LINK),
    "rematch": (set_for_rematch, take_rematch, REMATCH),
}


@pytest.mark.parametrize("plot", PLOTS)
async def test_to_take_a_challenge_makes_these_writes_and_no_others(
    plot: str, tmp_path: Path
) -> None:
    prepare, act, writes = PLOTS[plot]
    async with stage(tmp_path / "whole") as whole, AsyncExitStack() as stack:
        scene = Scene(whole, stack)
        async with asyncio.timeout(PATIENCE_S):
            await scene.sign_up()
            await scene.arrive()
            await prepare(scene)
            await scene.ada.settled()
            whole.proxy.record()
            await act(scene)
            paired = await scene.ada.until("paired")
            assert (await scene.bob.until("paired"))["match"] == paired["match"]
            await scene.bob.settled()
        seen = Counter(whole.proxy.writes)
        for name in (*BACKGROUND, SLOW_PAGE):
            del seen[name]
        assert seen == Counter(writes)


async def test_a_link_whose_server_was_killed_can_be_taken_again(tmp_path: Path) -> None:
    await try_all("link", "take it again", tmp_path)


async def test_a_rematch_whose_server_was_killed_is_one_match_or_none(
    tmp_path: Path,
) -> None:
    await try_all("rematch", "seek", tmp_path)


async def try_all(plot: str, again: str, folder: Path) -> None:
    """Every case, some at once, each on a Valkey of its own; tell of all that failed."""
    writes = PLOTS[plot][2]
    cases: Sequence[Case] = [
        Case(name, occurrence, moment)
        for name in dict.fromkeys(writes)
        for occurrence in range(writes.count(name))
        for moment in Moment
    ]
    room = asyncio.Semaphore(AT_ONCE)

    async def run(number: int, case: Case) -> None:
        async with room, stage(folder / str(number)) as killed, AsyncExitStack() as stack:
            try:
                async with asyncio.timeout(PATIENCE_S):
                    await kill_once(Scene(killed, stack), plot, again, case)
            except Exception as error:
                error.add_note(f"killed at {case}; writes: {killed.proxy.writes}")
                raise

    results = await asyncio.gather(*starmap(run, enumerate(cases)), return_exceptions=True)
    failed = [result for result in results if isinstance(result, Exception)]
    if failed:
        raise ExceptionGroup(f"{len(failed)} of {len(cases)} cases", failed)


async def kill_once(scene: Scene, plot: str, again: str, case: Case) -> None:
    """Have the server die at this write; afterwards both do what they like, and can."""
    prepare, act, _ = PLOTS[plot]
    await scene.sign_up()
    await scene.arrive()
    await prepare(scene)
    await scene.ada.settled()
    scene.at.proxy.stop_at(*case, scene.at.server.kill)
    acting = asyncio.ensure_future(act(scene))
    await scene.at.proxy.reached.wait()
    await acting
    scene.at.server.start()
    await scene.arrive()
    if again == "take it again":
        match = await take_again(scene)
        await scene.leave(scene.bob, match)
    await asyncio.gather(*(is_free(scene, player) for player in (scene.ada, scene.bob)))
    await check(scene)


async def take_again(scene: Scene) -> MatchId:
    """Bob presses on until he is in the match that the link has become."""
    while True:
        reply = await scene.bob.ask("accept_challenge", challenge=scene.code)
        match = reply.get("match")
        if match is not None:
            entered = await scene.bob.ask("enter", match=match)
            if entered["type"] == "match":
                return MatchId(match)
        await asyncio.sleep(AGAIN_S)


async def is_free(scene: Scene, player: Player) -> None:
    """Seek until the seek stands, leaving the match that may be in its way."""
    while True:
        reply = await player.ask("seek", deck=DECK, rated=False)
        if reply["type"] == "seeking":
            return
        if reply["reason"] == "already_in_match":
            await scene.leave(player, reply["match"])
        else:
            await player.ask("cancel_seek")  # that of before, which still stands
        await asyncio.sleep(AGAIN_S)


async def over(player: Player, match: str) -> None:
    """A match has its result."""
    if (await player.ask("enter", match=match))["result"] is None:
        await player.until("match_over", match=match)


async def check(scene: Scene) -> None:
    """The two are paired by their seeks at last; the challenge came to one match or to none."""
    match = await by_seeks(scene, scene.ada)
    assert await by_seeks(scene, scene.bob) == match
    link = scene.at.link
    logs = MatchLogs(link, 1, ProcessId("test"))
    made = []
    for key in await link.call("KEYS", "{m:0}:log:*"):
        _, (first, *_) = await logs.attach(MatchId(key.decode().rpartition(":")[2]))
        (created,) = first.events
        assert isinstance(created, MatchCreated)
        if created.sought is None and created.match != scene.before:
            made.append(created.match)
    assert len(made) <= 1
    assert [claim for claim in await Seeks(link, DECK).claims() if claim.challenge] == []
    offers = Offers(link)
    if scene.before is not None:
        latest = await offers.latest_rematch(DECK, scene.before)
        found = None if latest is None else await offers.find(latest)
    else:
        found = await offers.find(scene.code)
        assert found is not None
    if made:
        assert found is not None
        assert (found.state, found.match) == (State.ACCEPTED, made[0])
    else:
        assert found is None or found.state is not State.ACCEPTED
    for player in (scene.ada, scene.bob):
        assert await Players(link).held_by(PlayerId(player.id or "")) == match_hold(match)


async def by_seeks(scene: Scene, player: Player) -> MatchId:
    """The match that a player was paired for by his seek."""

    def of_seeks(message: Map) -> bool:
        return message["type"] == "paired" and message["match"] not in scene.left

    heard = next((message for message in player.seen if of_seeks(message)), None)
    while heard is None:
        message = await player.until("paired")
        heard = message if of_seeks(message) else None
    return MatchId(heard["match"])
