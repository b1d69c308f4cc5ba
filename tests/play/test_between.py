"""Players at different processes: paired, challenged and stood up as if they were at one."""

import asyncio
from typing import Final

import pytest

from server.core.events import MatchEnded
from server.core.ids import MatchId
from server.core.outcome import Why
from server.core.practice import CHARACTERS
from server.play import waiting
from server.store.keys import LadderKeys
from server.store.link import Link
from server.store.players import Account
from server.store.seeks import GONE_MS
from server.web import services
from server.web.services import Services
from server.wire import messages as wire
from tests.play.given import DECK, Ear, Process, comes, ended, here, logged, signed_up
from tests.support.until import until

KEYS: Final = LadderKeys(DECK)
LONG_MS: Final = 60_000
WREN: Final = Account(CHARACTERS[0].id, CHARACTERS[0].name, bot=True, practice=True)


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody looks again by himself: whoever is told is told at once."""
    monkeypatch.setattr(services, "PROBE_MS", LONG_MS)
    monkeypatch.setattr(waiting, "BEAT_EVERY_MS", LONG_MS)


async def at_two(process: Process, **flags: int | str) -> tuple[Services, Services, Ear, Ear]:
    """Two processes that know of each other, Ada at the one and Bob at the other."""
    one, two = await process(running=True, **flags), await process(running=True, **flags)

    async def beat() -> bool:
        beating = [one.link.call("ZCARD", keys.processes) for keys in one.logs.partitions]
        return set(await asyncio.gather(*beating)) == {2}

    await until(beat)
    return one, two, await signed_up(one, "Ada"), await signed_up(two, "Bob")


@pytest.mark.parametrize("partitions", [1, 16])
async def test_whoever_waits_at_another_process_is_told_of_the_pairing_at_once(
    process: Process, partitions: int
) -> None:
    one, two, ada, bob = await at_two(process, partitions=partitions)
    two.lobby.stop_pairing()
    tab = here(one, bob.who)
    await two.lobby.seek(bob.who, DECK, rated=True)
    await one.lobby.seek(ada.who, DECK, rated=True)
    paired = [await ear.hears(wire.Paired) for ear in (ada, bob, tab)]
    assert len({told.match for told in paired}) == 1
    assert [told.opponent.name for told in paired] == ["Bob", "Ada", "Ada"]
    match = MatchId(paired[0].match)
    assert not two.lobby.is_waiting(bob.who.id)
    await comes(two, match, bob)
    await comes(one, match, ada)
    for ear in (ada, bob):
        await ear.hears(wire.RoundOpened)
    assert [len(ear.of(wire.Paired)) for ear in (ada, bob, tab)] == [1, 1, 1]


async def test_a_pairing_whose_message_was_lost_is_told_with_the_next_beat(
    process: Process,
) -> None:
    one, two, ada, bob = await at_two(process)
    two.lobby.stop_pairing()
    two.inbox.close()
    await two.lobby.seek(bob.who, DECK, rated=True)
    await one.lobby.seek(ada.who, DECK, rated=True)
    match = (await ada.hears(wire.Paired)).match
    assert not bob.of(wire.Paired)

    async def told() -> bool:
        await two.lobby._room.beat(DECK, "rated")
        return bool(bob.of(wire.Paired))

    await until(told)
    assert [told.match for told in bob.of(wire.Paired)] == [match]


async def test_a_seek_that_was_taken_back_elsewhere_is_over_here_as_well(process: Process) -> None:
    one, two, ada, _ = await at_two(process)
    tab = here(two, ada.who)
    await one.lobby.seek(ada.who, DECK, rated=True)
    await two.lobby.resume(ada.who.id)
    await one.lobby.cancel(ada.who.id)
    await two.lobby._room.beat(DECK, "rated")
    await tab.hears(wire.SeekCancelled)
    assert not two.lobby.is_waiting(ada.who.id)


async def test_another_seek_begun_elsewhere_is_waited_for_here(process: Process) -> None:
    one, two, ada, _ = await at_two(process)
    tab = here(two, ada.who)
    await one.lobby.seek(ada.who, DECK, rated=True)
    await two.lobby.resume(ada.who.id)
    await one.lobby.cancel(ada.who.id)
    await one.lobby.seek(ada.who, DECK, rated=False)
    await two.lobby._room.beat(DECK, "rated")
    assert not (await tab.hears(wire.Seeking)).rated


async def test_who_moves_to_another_process_goes_on_seeking(process: Process, link: Link) -> None:
    one, two, ada, _ = await at_two(process)
    await one.lobby.seek(ada.who, DECK, rated=True)
    one.presence.go(ada)
    here(two, ada.who)
    _, seeking = await two.lobby.resume(ada.who.id)
    assert seeking is not None
    for _ in range(GONE_MS // 1_000 + 2):
        await one.lobby._room.beat(DECK, "rated")
    assert await link.call("HEXISTS", KEYS.seeks("rated"), ada.who.id)


async def test_a_seek_dropped_while_its_process_stood_still_is_put_back(
    process: Process, link: Link
) -> None:
    one, two, ada, _ = await at_two(process)
    one.lobby.stop_pairing()
    await one.lobby.seek(ada.who, DECK, rated=True)
    await link.call("ZINCRBY", KEYS.beats("rated"), -2 * GONE_MS, ada.who.id)
    await two.lobby.holds.read(DECK, "rated")
    assert await two.players.held_by(ada.who.id) == ""
    one.lobby._room._beaten[DECK, "rated"] -= GONE_MS
    await one.lobby._room.beat(DECK, "rated")

    async def stands() -> bool:
        return bool(await link.call("HEXISTS", KEYS.seeks("rated"), ada.who.id))

    await until(stands)
    assert one.lobby.is_waiting(ada.who.id)
    assert not ada.of(wire.SeekCancelled)


async def test_a_seek_that_its_own_process_dropped_while_redis_was_slow_is_put_back(
    process: Process, link: Link
) -> None:
    one, _, ada, _ = await at_two(process)
    one.lobby.stop_pairing()
    await one.lobby.seek(ada.who, DECK, rated=True)
    await link.call("ZINCRBY", KEYS.beats("rated"), -2 * GONE_MS, ada.who.id)
    await one.lobby.holds.read(DECK, "rated")  # as asked for before the beats were late
    assert not await link.call("HEXISTS", KEYS.seeks("rated"), ada.who.id)
    await one.lobby._room.beat(DECK, "rated")
    assert (await ada.hears(wire.Seeking)).waiting == 1
    assert await link.call("HEXISTS", KEYS.seeks("rated"), ada.who.id)


async def test_a_seek_that_outlived_a_late_beat_is_over_when_it_is_taken_back_elsewhere(
    process: Process, link: Link
) -> None:
    one, two, ada, _ = await at_two(process)
    tab = here(two, ada.who)
    await one.lobby.seek(ada.who, DECK, rated=True)
    await two.lobby.resume(ada.who.id)
    two.lobby._room._beaten[DECK, "rated"] -= GONE_MS
    await two.lobby._room.beat(DECK, "rated")
    await one.lobby.cancel(ada.who.id)
    await two.lobby._room.beat(DECK, "rated")
    await tab.hears(wire.SeekCancelled)
    assert not await link.call("HEXISTS", KEYS.seeks("rated"), ada.who.id)


async def test_a_seek_is_over_when_its_match_is_before_anybody_said_so(
    process: Process, link: Link
) -> None:
    one, two, ada, bob = await at_two(process)
    two.lobby.stop_pairing()
    await two.lobby.seek(bob.who, DECK, rated=True)
    await link.call("DEL", KEYS.seeks("rated"), KEYS.beats("rated"), f"{{p:{bob.who.id}}}:busy")
    one.settling._busy.add(match := await ended(one, ada, bob))
    two.settling._busy.add(match)
    await two.lobby._room.beat(DECK, "rated")
    await bob.hears(wire.SeekCancelled)
    assert not two.lobby.is_waiting(bob.who.id)


async def test_who_came_in_vain_seeks_on_where_he_is_whoever_settled(process: Process) -> None:
    one, two, ada, bob = await at_two(process, ready_ms=300)
    await two.lobby.seek(bob.who, DECK, rated=True)
    await one.lobby.seek(ada.who, DECK, rated=True)
    match = MatchId((await bob.hears(wire.Paired)).match)
    await comes(two, match, bob)
    two.settling._busy.add(match)  # so that the other one does it
    await logged(one, match, MatchEnded)
    await one.settle(match)
    over = await bob.hears(wire.MatchOver)
    assert over.reason == Why.NO_SHOW
    await bob.hears(wire.Seeking)
    assert two.lobby.is_waiting(bob.who.id)


async def test_a_challenge_that_was_offered_unheard_is_told_when_it_hears_again(
    process: Process,
) -> None:
    one, two, ada, bob = await at_two(process)
    two.inbox.close()
    offered = await one.challenges.offer(
        ada.who, DECK, to=bob.who.id, rated=False, rounds=None, limit_ms=None
    )
    assert not bob.of(wire.ChallengeChanged)
    await two.inbox.probe()
    assert (await bob.hears(wire.ChallengeChanged)).challenge == offered.challenge


async def test_what_another_version_says_makes_nobody_deaf(
    process: Process, caplog: pytest.LogCaptureFixture
) -> None:
    one, two, ada, bob = await at_two(process)
    inbox = two.logs.partitions[0].inbox(two.process)
    for unknown in (b"\x92\x09\xa1x", b"\xc1", b"\x92\x01\x05"):
        await one.link.call("SPUBLISH", inbox, unknown)
    await one.challenges.offer(
        ada.who, DECK, to=bob.who.id, rated=False, rounds=None, limit_ms=None
    )
    await bob.hears(wire.ChallengeChanged)
    assert [record.name for record in caplog.records].count(services.log.name) == 1


async def test_a_practice_opponent_is_challenged_from_another_process(
    process: Process, link: Link
) -> None:
    one, two, ada, _ = await at_two(process)
    wren = here(two, WREN)

    async def is_here() -> bool:
        return await one.activity.is_online(WREN.id)

    await until(is_here)
    offered = await one.challenges.offer(
        ada.who, DECK, to=WREN.id, rated=False, rounds=None, limit_ms=None
    )
    assert (await wren.hears(wire.ChallengeChanged)).challenge == offered.challenge
    match = MatchId((await two.challenges.accept(WREN, offered.challenge)).match or "")
    for ear in (ada, wren):
        assert (await ear.hears(wire.Paired)).match == match
    assert await link.call("SMEMBERS", f"{{p:{WREN.id}}}:matches") == [match.encode()]
    await comes(one, match, ada)
    await comes(two, match, wren)
    for ear in (ada, wren):
        await ear.hears(wire.RoundOpened)


async def test_a_rematch_is_offered_at_one_process_and_accepted_at_the_other(
    process: Process,
) -> None:
    one, two, ada, bob = await at_two(process)
    cyd = await signed_up(two, "Cyd")
    first = await ended(one, ada, bob)
    await two.settle(first)
    second = await ended(one, bob, cyd)
    await two.settle(second)
    offered = await one.challenges.rematch(ada.who, first)
    other = await two.challenges.rematch(cyd.who, second)
    await bob.hears(wire.ChallengeChanged, 2)
    taken = await two.challenges.rematch(bob.who, first)
    assert (taken.challenge, taken.state) == (offered.challenge, "accepted")
    assert (await ada.hears(wire.Paired)).match == taken.match

    async def taken_back() -> bool:
        told = [(told.challenge, told.state) for told in bob.of(wire.ChallengeChanged)]
        return (offered.challenge, "accepted") in told

    await until(taken_back)
    assert cyd.of(wire.ChallengeChanged)[0].challenge == other.challenge


async def test_a_challenge_reaches_its_player_and_its_match_the_challenger(
    process: Process,
) -> None:
    one, two, ada, bob = await at_two(process)
    offered = await one.challenges.offer(
        ada.who, DECK, to=bob.who.id, rated=False, rounds=None, limit_ms=None
    )
    assert (await bob.hears(wire.ChallengeChanged)).challenge == offered.challenge
    taken = await two.challenges.accept(bob.who, offered.challenge)
    assert (await ada.hears(wire.Paired)).match == taken.match

    async def told() -> bool:
        return any(told.match == taken.match for told in ada.of(wire.ChallengeChanged))

    await until(told)
