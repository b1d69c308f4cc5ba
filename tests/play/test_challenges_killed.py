"""`kill -9` about every Redis write of taking a challenge: one match or none.

The proxy passes on one command at a time, and what the server knows dies with it. So killed
before a write it leaves what it left where the reply to the write before was lost; killed after
a reply it leaves that, too, unless it tells somebody first. Only what differs is tried.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import Final, NamedTuple

import aiohttp
import pytest

from server.core.challenge import State
from server.core.events import MatchCreated
from server.core.ids import MatchId, PlayerId, ProcessId
from server.core.practice import CHARACTERS
from server.store.challenges import Offers
from server.store.link import Link
from server.store.log import MatchLogs
from server.store.players import Players, match_hold
from server.store.practised import Practised
from server.store.seeks import Seeks
from tests.play.stage import PATIENCE_S, Case, Stage, stage, try_all
from tests.play.test_kill_at_every_write import SLOW_PAGE
from tests.support.player import DECK, Closed, Map, Player, connected
from tests.support.proxy import BACKGROUND, Moment
from tests.support.until import until

pytestmark = pytest.mark.timeout(400)
"""Some fifty servers are started, killed and started again."""

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
DIRECT: Final = (
    *("SET challenge", "offer_challenge", "list_challenge", "list_challenge"),
    *("swap nothing for seek", *TAKEN, "ZREM challenges"),
)
"""Every write of an offer to one player, as of a rematch, and of accepting it."""
PLAYED: Final = ("settle", "swap match for nothing", "swap match for nothing", "SREM matches")
CLAIMED: Final = ("claim_challenge", "swap seek for match", "SADD matches", "create", "HDEL claims")
PRACTICE: Final = (
    *("SET challenge", "offer_challenge", "list_challenge", "list_challenge"),
    *("swap nothing for seek", *CLAIMED, "ZREM challenges", "ZREM challenges"),
    *("append SeatConnected", "append SeatReady", "append SeatConnected", "append MatchEnded"),
    *(*PLAYED, "append Settled"),
)
"""Every write of practising, given up at once: nothing holds who is practised with."""
TOLD: Final = {"HDEL claims": 0, "list_challenge": 1, "ZREM challenges": -1}
"""After which writes somebody is told, and which of that name: both of their match, he whom the
offer is to, and both of what became of it."""
WREN: Final = CHARACTERS[0].id


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
        """Both have a name, whether the server answers yet or not."""
        for name in ("Ada", "Bob"):
            account, token = await Players(self.at.link).sign_up(name, bot=False, now_ms=0)
            self._accounts.append({"id": account.id, "name": name, "token": token})

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
    with suppress(Closed):  # the server died over the offer
        await scene.ada.send("rematch", match=scene.before)
        await scene.bob.until("challenge_changed", kind="rematch", state="open")
        await scene.bob.send("rematch", match=scene.before)


async def take_direct(scene: Scene) -> None:
    """Ada challenges Bob, who accepts once he hears of it."""
    with suppress(Closed):  # the server died over the offer
        await scene.ada.send("challenge", deck=DECK, to=scene.bob.id, rated=False)
        told = await scene.bob.until("challenge_changed", kind="direct", state="open")
        await scene.bob.send("accept_challenge", challenge=told["challenge"])


async def practise(scene: Scene) -> None:
    """Ada challenges a character, who accepts; she gives the match up once he is ready."""
    with suppress(Closed):  # the server died over it
        await scene.ada.send("challenge", deck=DECK, to=WREN, rated=False)
        match = (await scene.ada.until("paired"))["match"]
        scene.left.add(match)
        entered = await scene.ada.ask("enter", match=match)
        if not entered["seats"][1]["ready"]:
            await scene.ada.until("seat_changed", seat=1, ready=True)
        await scene.ada.ask("resign", match=match)
        await scene.ada.until("match_over", match=match)


async def are_paired(scene: Scene) -> None:
    """Both have heard of one match."""
    paired = await scene.ada.until("paired")
    assert (await scene.bob.until("paired"))["match"] == paired["match"]


async def nothing(scene: Scene) -> None:
    """As they are."""
    del scene


async def characters_are_here(scene: Scene) -> None:
    """All who can be practised with have connected."""
    for character in CHARACTERS:
        while not (await scene.ada.ask("watch_player", player=character.id))["online"]:
            await scene.ada.ask("unwatch_player", player=character.id)
            await asyncio.sleep(AGAIN_S)
        await scene.ada.ask("unwatch_player", player=character.id)


async def set_for_link(scene: Scene) -> None:
    await scene.offer()
    await scene.bob.ask("seek", deck=DECK, rated=True)


async def set_for_rematch(scene: Scene) -> None:
    await scene.play_one()


async def take_again(scene: Scene) -> None:
    """Bob presses on until he is in the match that the link has become, and leaves it."""
    while True:
        match = (await scene.bob.ask("accept_challenge", challenge=scene.code)).get("match")
        if match and (await scene.bob.ask("enter", match=match))["type"] == "match":
            return await scene.leave(scene.bob, match)
        await asyncio.sleep(AGAIN_S)


async def practise_again(scene: Scene) -> None:
    """Ada presses on until she is in a match with the character, and leaves it."""
    while True:
        reply = await scene.ada.ask("challenge", deck=DECK, to=WREN, rated=False)
        if reply.get("match") is not None:
            return await scene.leave(scene.ada, reply["match"])
        await asyncio.sleep(AGAIN_S)


Step = Callable[[Scene], Awaitable[None]]


class Plot(NamedTuple):
    """What is set up, what is done, with which writes, and what is done once more after a kill.

    `own` are the writes at which the server is killed: those that another plot has not.
    """

    prepare: Step
    act: Step
    writes: tuple[str, ...]
    ends: Step
    again: Step
    own: frozenset[str]

    def cases(self) -> list[Case]:
        """Each of its own writes, the reply to which is lost; and told of, where anybody is."""
        found = []
        for name in sorted(self.own):
            times = self.writes.count(name)
            found += [Case(name, number, Moment.UNANSWERED) for number in range(times)]
            if name in TOLD:
                found.append(Case(name, range(times)[TOLD[name]], Moment.ANSWERED))
        return found


PLOTS: Final = {
    "link": Plot(set_for_link, take_link, LINK, are_paired, take_again, frozenset(LINK)),
    "rematch": Plot(set_for_rematch, take_rematch, DIRECT, are_paired, nothing, frozenset(DIRECT)),
    "direct": Plot(
        nothing,
        take_direct,
        DIRECT,
        are_paired,
        nothing,
        frozenset({"offer_challenge", "list_challenge", "ZREM challenges"}),
    ),
    "practice": Plot(
        characters_are_here,
        practise,
        PRACTICE,
        nothing,
        practise_again,
        frozenset({*CLAIMED, *PLAYED}),
    ),
}


@pytest.mark.parametrize("plot", PLOTS)
async def test_to_take_a_challenge_makes_these_writes_and_no_others(
    plot: str, tmp_path: Path
) -> None:
    prepare, act, writes, ends, *_ = PLOTS[plot]
    async with stage(tmp_path / "whole") as whole, AsyncExitStack() as stack:
        scene = Scene(whole, stack)
        async with asyncio.timeout(PATIENCE_S):
            await scene.sign_up()
            await scene.arrive()
            await characters_are_here(scene)
            await prepare(scene)
            await scene.ada.settled()
            whole.proxy.record()
            await act(scene)
            await ends(scene)
            await scene.ada.settled()
            await scene.bob.settled()
        seen = Counter(whole.proxy.writes)
        for name in (*BACKGROUND, SLOW_PAGE):
            del seen[name]
        assert seen == Counter(writes)


async def test_a_link_whose_server_was_killed_can_be_taken_again(tmp_path: Path) -> None:
    await try_plot("link", tmp_path)


@pytest.mark.parametrize("plot", ["rematch", "direct"])
async def test_an_offer_whose_server_was_killed_is_one_match_or_none(
    plot: str, tmp_path: Path
) -> None:
    await try_plot(plot, tmp_path)


async def test_whoever_practised_on_a_killed_server_practises_again(tmp_path: Path) -> None:
    await try_plot("practice", tmp_path)


async def try_plot(name: str, folder: Path) -> None:
    """Every case of a plot."""

    async def kill(killed: Stage, case: Case) -> None:
        async with AsyncExitStack() as stack:
            await kill_once(Scene(killed, stack), PLOTS[name], case)

    await try_all(PLOTS[name].cases(), stage, kill, folder, AT_ONCE)


async def kill_once(scene: Scene, plot: Plot, case: Case) -> None:
    """Have the server die at this write; afterwards both do what they like, and can."""
    await scene.sign_up()
    await scene.arrive()
    await plot.prepare(scene)
    await scene.ada.settled()
    scene.at.proxy.stop_at(*case, scene.at.server.kill)
    acting = asyncio.ensure_future(plot.act(scene))
    await scene.at.proxy.reached.wait()
    await acting
    scene.at.server.start()
    await scene.arrive()
    await plot.again(scene)
    await asyncio.gather(*(is_free(scene, player) for player in (scene.ada, scene.bob)))
    await check(scene)


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
        _, (first, *_) = await logs.read(MatchId(key.decode().rpartition(":")[2]))
        (created,) = first.events
        assert isinstance(created, MatchCreated)
        if created.sought is None:
            made.append(created.match)
            assert any(p.practice for p in created.players) or len(made) <= 1 + bool(scene.before)
    assert [claim for claim in await Seeks(link, DECK).claims() if claim.challenge] == []
    assert sorted(await matches_of_challenges(link)) == sorted(made)
    assert scene.before is None or scene.before in made

    async def is_settled() -> bool:  # by the sweeper, where it was left
        return not await Practised(link).of(WREN)

    await until(is_settled)
    for player in (scene.ada, scene.bob):
        assert await Players(link).held_by(PlayerId(player.id or "")) == match_hold(match)


async def matches_of_challenges(link: Link) -> list[MatchId]:
    """What every accepted challenge came to."""
    codes = [key.decode().rpartition(":")[2] for key in await link.call("KEYS", "challenge:*")]
    found = [await Offers(link).find(code) for code in codes]
    return [
        challenge.match or MatchId("none")
        for challenge in found
        if challenge is not None and challenge.state is State.ACCEPTED
    ]


async def by_seeks(scene: Scene, player: Player) -> MatchId:
    """The match that a player was paired for by his seek."""

    def of_seeks(message: Map) -> bool:
        return message["type"] == "paired" and message["match"] not in scene.left

    heard = next((message for message in player.seen if of_seeks(message)), None)
    while heard is None:
        message = await player.until("paired")
        heard = message if of_seeks(message) else None
    return MatchId(heard["match"])
