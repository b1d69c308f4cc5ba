"""What holds players: one thing at a time, whatever comes late or is half done."""

import asyncio

import pytest

from server.core.refusal import Reason, Refused
from server.store.players import match_of
from server.store.seeks import Claim, Pool, Seek, Seeks, seek_hold
from server.web.services import Services
from server.wire import messages as wire
from tests.play.given import (
    DECK,
    Ear,
    Process,
    event_zero,
    made,
    one_pass,
    signed_up,
    standing,
    stands,
)


async def refusal(at: Services, ear: Ear, *, deck: str = DECK, rated: bool = True) -> Refused:
    with pytest.raises(Refused) as refused:
        await at.lobby.seek(ear.who, deck, rated=rated)
    return refused.value


async def test_one_who_seeks_already_is_refused(process: Process) -> None:
    at, elsewhere = await process(), await process()
    ada = await signed_up(at, "Ada")
    await at.lobby.seek(ada.who, DECK, rated=True)
    for asked in (at, elsewhere):
        assert (await refusal(asked, ada)).reason is Reason.ALREADY_SEEKING
    assert len(await standing(at)) == 1


async def test_one_who_plays_is_told_where(process: Process) -> None:
    at = await process()
    ada, bob = await signed_up(at, "Ada"), await signed_up(at, "Bob")
    match = await made(at, (ada, bob))
    refused = await refusal(at, ada, rated=False)
    assert (refused.reason, refused.match) == (Reason.ALREADY_IN_MATCH, match)


async def test_a_deck_that_is_not_there_holds_nobody(process: Process) -> None:
    at = await process()
    ada = await signed_up(at, "Ada")
    assert (await refusal(at, ada, deck="none")).reason is Reason.NO_SUCH_DECK
    assert await at.players.held_by(ada.who.id) == ""


async def test_of_two_seeks_of_one_player_at_once_one_is_refused(process: Process) -> None:
    at = await process()
    ada = await signed_up(at, "Ada")
    outcomes = await asyncio.gather(
        at.lobby.seek(ada.who, DECK, rated=True),
        at.lobby.seek(ada.who, DECK, rated=False),
        return_exceptions=True,
    )
    assert isinstance(outcomes[0], wire.Seeking)
    assert isinstance(outcomes[1], Refused)
    assert outcomes[1].reason is Reason.ALREADY_SEEKING
    assert list(await standing(at)) == [ada.who.id]


async def test_a_hold_whose_seek_is_gone_keeps_nobody_from_seeking(process: Process) -> None:
    at = await process()
    ada = await signed_up(at, "Ada")
    await at.players.hold(ada.who.id, "", seek_hold(DECK, "rated", "lost"))
    await at.lobby.seek(ada.who, DECK, rated=True)
    assert list(await standing(at)) == [ada.who.id]


async def test_a_seek_that_is_claimed_still_holds(process: Process) -> None:
    at = await process()
    ears = await signed_up(at, "Ada"), await signed_up(at, "Bob")
    for ear in ears:
        await stands(at, ear)
    found = await standing(at)
    one, two = (found[ear.who.id] for ear in ears)
    created = await event_zero(at, ears)
    claim = Claim("rated", "zero", created, (one.seek.nonce, two.seek.nonce))
    assert await at.claims.seeks[DECK].claim(claim, (one, two))
    assert (await refusal(at, ears[0])).reason is Reason.ALREADY_SEEKING
    await at.claims.seeks[DECK].claim_done(created.match)
    assert not (await at.lobby.seek(ears[0].who, DECK, rated=False)).rated


async def test_a_cancel_lets_the_player_go(process: Process) -> None:
    at = await process()
    ada = await signed_up(at, "Ada")
    await at.lobby.cancel(ada.who.id)
    await at.lobby.seek(ada.who, DECK, rated=True)
    await at.lobby.cancel(ada.who.id)
    assert await at.players.held_by(ada.who.id) == ""
    assert await standing(at) == {}
    assert (await at.lobby.seek(ada.who, DECK, rated=False)).rated is False


async def test_a_cancel_finds_a_seek_whose_hold_is_let_go_for_a_moment(process: Process) -> None:
    at = await process()
    ada = await signed_up(at, "Ada")
    await at.lobby.seek(ada.who, DECK, rated=True)
    held = await at.players.held_by(ada.who.id)
    await at.players.hold(ada.who.id, held, "")  # by whoever had not seen it in its pool
    await at.lobby.cancel(ada.who.id)
    assert await at.claims.seeks[DECK].find("rated", ada.who.id) is None
    assert not at.lobby.is_waiting(ada.who.id)


@pytest.mark.parametrize("step", ["find", "cancel", "claims"])
async def test_a_cancel_that_a_whole_claim_overtakes_is_refused(
    process: Process, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """Between any two steps of the cancel, another process makes the match from end to end."""
    at, elsewhere = await process(), await process()
    ada, bob = await signed_up(at, "Ada"), await signed_up(at, "Bob")
    for ear in (ada, bob):
        await stands(at, ear)
    seeks = at.claims.seeks[DECK]
    careful = getattr(seeks, step)

    async def too_late(*args: object) -> object:
        await one_pass(elsewhere)
        return await careful(*args)

    monkeypatch.setattr(seeks, step, too_late)
    if step == "claims":
        monkeypatch.setattr(seeks, "cancel", lambda *_: asyncio.sleep(0, result=False))
    with pytest.raises(Refused) as refused:
        await at.lobby.cancel(ada.who.id)
    assert refused.value.reason is Reason.ALREADY_IN_MATCH
    assert refused.value.match == match_of(await at.players.held_by(ada.who.id))


async def test_of_cancels_and_passes_at_once_each_is_told_the_truth(process: Process) -> None:
    for n in range(8):
        at, elsewhere = await process(), await process()
        ada, bob = await signed_up(at, f"Ada {n}"), await signed_up(at, f"Bob {n}")
        for ear in (ada, bob):
            await stands(at, ear)
        cancelled, _ = await asyncio.gather(
            at.lobby.cancel(ada.who.id), one_pass(elsewhere), return_exceptions=True
        )
        held = match_of(await at.players.held_by(ada.who.id))
        assert isinstance(cancelled, Refused) == (held is not None)
        if held is None:
            await at.lobby.cancel(bob.who.id)


async def test_a_seek_that_joins_its_pool_late_holds_its_player_again(
    process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = await process(), await process()
    ada = await signed_up(one, "Ada")
    add = Seeks.add

    async def late(at: Seeks, pool: Pool, seek: Seek, since: int) -> tuple[int, int]:
        assert await other.lobby.holds.standing(ada.who.id) == ""  # a hold without a seek
        return await add(at, pool, seek, since)

    monkeypatch.setattr(Seeks, "add", late)
    await one.lobby.seek(ada.who, DECK, rated=True)
    assert (await one.players.held_by(ada.who.id)).startswith("seek rated")
    assert await other.lobby.holds.standing(ada.who.id) == await one.players.held_by(ada.who.id)


async def test_a_seek_that_joins_its_pool_after_another_took_its_place_is_taken_back(
    process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = await process(), await process()
    ada = await signed_up(one, "Ada")
    add = Seeks.add

    async def too_late(at: Seeks, pool: Pool, seek: Seek, since: int) -> tuple[int, int]:
        await other.lobby.holds.standing(ada.who.id)
        assert await other.players.hold(ada.who.id, "", "match other") is None
        return await add(at, pool, seek, since)

    monkeypatch.setattr(Seeks, "add", too_late)
    with pytest.raises(Refused, match="already"):
        await one.lobby.seek(ada.who, DECK, rated=True)
    assert (await Seeks(one.link, DECK).read("rated")).standing == ()
    assert await one.players.held_by(ada.who.id) == "match other"
