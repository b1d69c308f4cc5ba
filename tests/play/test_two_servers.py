"""Two servers, a player at each: one is killed, or stands still, and the other goes on."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic
from typing import Final

from server.store import keys
from server.store.embedded import EmbeddedRedis
from server.store.link import Link
from tests.play.duelist import Duelist
from tests.play.mortal import MortalServer, until_up, warm_up
from tests.play.stage import PATIENCE_S, Case, Stage, try_all
from tests.play.test_kill_at_every_write import check
from tests.serving import free_port
from tests.support.player import DECK, Map, connected, sign_up
from tests.support.proxy import Moment, WriteProxy
from tests.support.until import until

SEEKS: Final = keys.LadderKeys(DECK).seeks("rated")
CLAIMS: Final = keys.LadderKeys(DECK).claims
AT_ONCE: Final = 4
MOVES_WITHIN_S: Final = 5.0
SLOW_S: Final = 10.0
"""What a busy machine may take on top, for both players to come to the end of the match."""
NEVER_MS: Final = 60_000

KILLED_AT: Final = (
    Case("claim", 0, Moment.ANSWERED),
    Case("swap seek for match", 0, Moment.UNANSWERED),
    Case("create", 0, Moment.UNANSWERED),
    Case("append SeatConnected", 0, Moment.ANSWERED),
    Case("append AnswerTaken RoundClosed RoundOpened", 0, Moment.UNANSWERED),
    Case("append AnswerTaken RoundClosed MatchEnded", 0, Moment.ANSWERED),
    Case("settle", 0, Moment.ANSWERED),
    Case("swap match for nothing", 0, Moment.UNANSWERED),
)
"""What only the first server does, from the pairing to the settlement."""


class Two(Stage):
    """The stage of one server, which makes every pairing, and another one beside it."""

    other: MortalServer
    other_url: str

    async def anybody_seeks(self) -> bool:
        return bool(await self.link.call("EXISTS", SEEKS))

    async def no_claim_is_left(self) -> bool:
        return not await self.link.call("EXISTS", CLAIMS)

    async def cast(self) -> None:
        """Ada at the first server, who answers last and may go to the other; Bob at that one."""
        for url, name in ((self.url, "Ada"), (self.other_url, "Bob")):
            account = await until_up(url, name)
            others, last = ((self.other_url,), True) if name == "Ada" else ((), False)
            choice = len(self.players)
            self.players.append(Duelist(url, account, choice, *others, last=last))


@asynccontextmanager
async def two_servers(folder: Path, **flags: int | str) -> AsyncIterator[Two]:
    warm_up()
    valkey = EmbeddedRedis(folder)
    url = await valkey.start()
    proxy, link = WriteProxy(Path(url.removeprefix("unix://"))), Link(url)
    ports = free_port(), free_port()
    server = MortalServer(ports[0], await proxy.start(), folder / "words", **flags)
    two = Two(proxy, server, link, f"http://127.0.0.1:{ports[0]}")
    two.other = MortalServer(ports[1], url, folder / "other", pair_every_ms=NEVER_MS, **flags)
    two.other_url = f"http://127.0.0.1:{ports[1]}"
    try:
        await link.open()
        server.start()
        two.other.start()
        yield two
    finally:
        server.kill()
        two.other.kill()
        await link.close()
        await proxy.stop()
        await valkey.stop()
    for words in (server.said(), two.other.said()):
        assert "Traceback" not in words, words


async def test_a_server_that_is_killed_leaves_its_work_to_the_other_one(tmp_path: Path) -> None:
    await try_all(KILLED_AT, two_servers, kill_one, tmp_path, AT_ONCE)


async def kill_one(two: Two, case: Case) -> None:
    """Play one match, in which the first server dies for ever."""
    await two.cast()
    ada, bob = two.players
    async with asyncio.TaskGroup() as playing:
        playing.create_task(bob.play())
        await until(two.anybody_seeks)
        two.proxy.stop_at(*case, two.server.kill)
        playing.create_task(ada.play())
        await two.proxy.reached.wait()
        killed = monotonic()
    took_s = monotonic() - killed
    assert took_s < MOVES_WITHIN_S + SLOW_S
    await until(two.no_claim_is_left)
    await check(two)


async def test_a_server_that_stood_still_does_no_harm_when_it_wakes(tmp_path: Path) -> None:
    async with two_servers(tmp_path, rounds=8) as two:
        await asyncio.wait_for(stand_still(two), PATIENCE_S)
        await check(two)


async def stand_still(two: Two) -> None:
    """Stop the first server in a round until it counts as dead, and have it go on."""
    await two.cast()
    ada, bob = two.players
    cyd, dan = await sign_up(two.url, "Cyd"), await sign_up(two.other_url, "Dan")
    async with asyncio.TaskGroup() as playing, connected(two.url, cyd) as waiting:
        playing.create_task(bob.play())
        await until(two.anybody_seeks)
        playing.create_task(ada.play())
        await bob.hears("round_opened", round=2)
        await waiting.ask("seek", deck=DECK, rated=False)
        two.server.halt()
        await bob.hears("seat_changed", connected=False)
        async with connected(two.other_url, dan) as late:
            assert (await late.ask("seek", deck=DECK, rated=False))["waiting"] == 2
            # That pass has dropped the seek of her who was not heard of for so long.
            assert (await late.until("seeking"))["waiting"] == 1
            two.server.go_on()
            match = (await late.until("paired"))["match"]
            assert (await waiting.until("paired"))["match"] == match
            await late.ask("enter", match=match)
            await waiting.ask("resign", match=match)
            await late.until("match_over", match=match)
    for told in (ada.told, bob.told):
        assert sum(message["type"] == "match_over" for message in told) == 1
        assert rounds_followed(told) == 8
    back = [message for message in bob.told if message["type"] == "seat_changed"][-1]
    assert back["connected"]


def rounds_followed(told: Sequence[Map]) -> int:
    """The last round told closed; each step follows the last, or the state of a match told anew."""
    next_steps = {1}
    for message in told:
        if message["type"] == "match":  # its round may be open, or closed already
            next_steps = {2 * message["round"], 2 * message["round"] + 1}
        elif message["type"] in {"round_opened", "round_closed"}:
            step = 2 * message["round"] - (message["type"] == "round_opened")
            assert step in next_steps
            next_steps = {step + 1}
    return max(next_steps) // 2
