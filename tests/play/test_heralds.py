"""What is told of challenges: nothing is lost, nothing comes after what is younger."""

import asyncio
from collections import Counter

import pytest

from server.core.challenge import Challenge, State
from server.core.ids import PlayerId
from server.play import heralds
from server.play.heralds import Heralds
from server.store.challenges import Offers
from server.store.link import Unavailable
from server.store.players import Account
from server.web.services import Services
from server.wire.messages import ChallengeChanged
from tests.play.given import DECK, Ear, Process, ended, signed_up
from tests.play.test_challenges import link_of
from tests.support.until import until


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looks are taken often, so that tests need not wait for them."""
    monkeypatch.setattr(heralds, "LOOK_EVERY_MS", 20)


def told(ear: Ear) -> list[str]:
    """The states that were sent, in their order."""
    return [message.state for message in ear.of(ChallengeChanged)]


async def stored(at: Services, code: str) -> Challenge:
    """A challenge as it stands."""
    found = await at.challenges._offers.find(code)
    assert found is not None
    return found


async def test_a_change_that_could_not_be_told_is_told_at_the_next_look(
    process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    at, elsewhere = await process(), await process()
    ada, watcher = await signed_up(at, "Ada"), Ear()
    code = await link_of(at, ada)
    await at.challenges.watch(code, watcher)
    view, failed = Heralds._view, list[str]()

    async def fail_once(
        self: Heralds,
        challenge: Challenge,
        account: Account | None,
        here: bool,  # noqa: FBT001 - as it is called
    ) -> ChallengeChanged:
        if challenge.state is State.WITHDRAWN and not failed:
            failed.append(code)
            raise Unavailable
        return await view(self, challenge, account, here)

    withdrawn = await stored(elsewhere, code)
    monkeypatch.setattr(Heralds, "_view", fail_once)
    assert await elsewhere.challenges._offers.end(withdrawn, State.WITHDRAWN)

    async def is_told() -> bool:
        return told(watcher) == ["withdrawn"] and told(ada)[-1] == "withdrawn"

    await until(is_told)
    assert failed, "or it shows nothing"


async def test_what_is_older_is_not_told_after_what_is_younger(
    process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = await process()
    ada = await signed_up(at, "Ada")
    code = await link_of(at, ada)
    older = await stored(at, code)
    view, slow, begun = Heralds._view, asyncio.Event(), asyncio.Event()

    async def open_is_slow(
        self: Heralds,
        challenge: Challenge,
        account: Account | None,
        here: bool,  # noqa: FBT001 - as it is called
    ) -> ChallengeChanged:
        if challenge.state is State.OPEN:
            begun.set()
            await slow.wait()
        return await view(self, challenge, account, here)

    monkeypatch.setattr(Heralds, "_view", open_is_slow)
    ada.heard.clear()
    watcher = Ear()
    watching = asyncio.ensure_future(at.challenges.watch(code, watcher))
    telling = asyncio.ensure_future(at.challenges._heralds.changed(older))
    await begun.wait()
    await at.challenges._offers.end(older, State.WITHDRAWN)
    await at.challenges._heralds.changed(await stored(at, code))
    slow.set()
    await telling
    assert told(ada) == ["withdrawn"]
    assert (await watching).state in {"open", "withdrawn"}

    async def watcher_knows() -> bool:
        return watching.result().state == "withdrawn" or told(watcher) == ["withdrawn"]

    await until(watcher_knows)


async def test_a_challenge_that_redis_has_forgotten_is_looked_at_no_more(process: Process) -> None:
    at = await process()
    ada, watcher = await signed_up(at, "Ada"), Ear()
    code = await link_of(at, ada)
    await at.challenges.watch(code, watcher)
    followed = at.challenges._heralds._followed
    assert code in followed
    await at.challenges._offers.forget(code, (await stored(at, code)).offer)

    async def is_let_go() -> bool:
        return code not in followed

    await until(is_let_go)


@pytest.mark.parametrize("step", ["list_by", "list_to"])
async def test_a_rematch_whose_offer_was_cut_off_is_told_when_it_is_offered_again(
    process: Process, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    at = await process()
    ada, bob = await signed_up(at, "Ada"), await signed_up(at, "Bob")
    match = await ended(at, ada, bob)
    await at.settle(match)

    async def cut_off(*_: object) -> None:
        raise Unavailable

    with monkeypatch.context() as patched:
        patched.setattr(Offers, step, cut_off)
        with pytest.raises(Unavailable):
            await at.challenges.rematch(ada.who, match)
    assert told(bob) == []
    await at.challenges.open_of(ada.who)
    offered = await at.challenges.rematch(ada.who, match)
    assert (await bob.hears(ChallengeChanged)).challenge == offered.challenge
    for ear in (ada, bob):
        assert [one.challenge for one in await at.challenges.open_of(ear.who)] == [
            offered.challenge
        ]
    assert offered.deck == DECK


async def test_what_was_missed_is_looked_for_by_one_look_at_a_time(
    process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = await process()
    players = {(await signed_up(at, name)).who.id for name in ("Ada", "Bob")}
    offers, asked, released = at.heralds._offers, Counter[PlayerId](), asyncio.Event()
    listed = offers.listed

    async def slow(player: PlayerId) -> list[str]:
        asked[player] += 1
        await released.wait()
        return await listed(player)

    async def all_asked() -> bool:
        return asked.keys() == players

    monkeypatch.setattr(offers, "listed", slow)
    for _ in range(3):
        at.heralds.hear_again()
    await until(all_asked)
    at.heralds.hear_again()
    assert asked == Counter(players)
    released.set()

    async def asked_again() -> bool:
        return asked == Counter([*players, *players])

    await until(asked_again)
