"""Deletions: cut short, and amid a name given free, a seek, challenges that are open."""

from itertools import count

import pytest

from server.core.challenge import State
from server.core.ids import PlayerId
from server.core.refusal import Reason, Refused
from server.store import keys
from server.store.link import Unavailable
from server.store.players import UNNAMING
from server.store.seeks import new_nonce, seek_hold
from server.web.services import Services
from server.wire.messages import ChallengeChanged
from tests.play.given import DECK, Ear, signed_up
from tests.play.test_accounts import CARD, LEFT, PASSKEY, REVIEW, come_up, impatient, own, played
from tests.store.dying import dying


async def offered(at: Services, by: Ear, to: PlayerId | None = None) -> str:
    """The code of a casual challenge: to a player, or by a link."""
    challenge = await at.challenges.offer(
        by.who, DECK, to=to, rated=False, rounds=None, limit_ms=None
    )
    return challenge.challenge


@pytest.mark.parametrize("finished_by", ["asking again", "the sweep"])
@pytest.mark.parametrize("carried_out", [False, True])
async def test_a_deletion_cut_short_at_any_write_is_finished(
    at: Services, finished_by: str, *, carried_out: bool
) -> None:
    for write in count():
        await at.link.call("FLUSHALL")
        ada, bob = await played(at, "Ada", "Bob")
        player = ada.who.id
        await at.accounts.passkeys.add(player, PASSKEY)
        await at.study.keep(DECK, player, {CARD: [REVIEW]})
        link = await offered(at, ada)
        died = False
        try:
            with dying(at.link, write, carried_out=carried_out):
                await at.accounts.delete(player)
        except Unavailable:
            died = True
        if finished_by == "asking again":
            await at.accounts.delete(player)
        elif await at.link.call("ZCARD", keys.DELETING):
            await at.link.call("ZADD", keys.DELETING, 1, player)
            await at.accounts.sweep()
        else:
            assert not died or write == 0 or await at.players.account(player) is None
            if write == 0:
                continue  # nothing was begun
        assert await at.players.account(player) is None
        assert {key for key in await own(at.link, player) if "pair" not in key} == LEFT
        assert not await at.link.call("EXISTS", keys.DELETING)
        (row,) = await at.boards[DECK].top(10)
        assert row.player == bob.who.id
        assert (await at.challenges.view(link, None)).state is State.WITHDRAWN
        assert (await signed_up(at, "Ada")).who.id != player
        if not died:
            assert write >= 10
            return


async def test_a_name_that_is_given_free_just_now_keeps_nobody_from_being_deleted(
    at: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = await signed_up(at, "Ada")
    unname = at.players.registry.unname

    async def after_a_deletion(player: PlayerId, name: str, hold: str, least_age_ms: int) -> bool:
        await at.accounts.delete(player)
        return await unname(player, name, hold, least_age_ms)

    monkeypatch.setattr(at.players.registry, "unname", after_a_deletion)
    await come_up(at)
    await impatient(at).sweep()
    await come_up(at)
    await impatient(at).sweep()
    assert await at.players.names([ada.who.id]) == ["deleted player"]
    assert await at.players.held_by(ada.who.id) == "deleted"
    assert not await at.link.call("EXISTS", keys.name("ada"), keys.NAMES_DUE, keys.DELETING)


async def test_a_name_left_half_free_keeps_nobody_from_being_deleted(at: Services) -> None:
    ada = await signed_up(at, "Ada")
    await at.players.hold(ada.who.id, "", UNNAMING)
    await at.accounts.delete(ada.who.id)
    assert await at.players.account(ada.who.id) is None
    assert (await signed_up(at, "Ada")).who.id != ada.who.id


async def test_who_seeks_again_meanwhile_is_told_so(
    at: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = await signed_up(at, "Ada")
    hold, seek = at.players.hold, seek_hold(DECK, "rated", new_nonce())

    async def after_a_seek(player: PlayerId, believed: str, new: str) -> str | None:
        await hold(player, "", seek)
        return await hold(player, believed, new)

    monkeypatch.setattr(at.players, "hold", after_a_seek)
    with pytest.raises(Refused) as refused:
        await at.accounts.delete(ada.who.id)
    assert (refused.value.reason, refused.value.match) == (Reason.ALREADY_SEEKING, None)
    assert "look for an opponent" in refused.value.detail
    assert await at.players.account(ada.who.id) == ada.who
    assert not await at.link.call("EXISTS", keys.DELETING)


async def test_the_challenges_of_a_deleted_player_are_over_for_all_who_watch(
    at: Services,
) -> None:
    ada, bob, cyd = [await signed_up(at, name) for name in ("Ada", "Bob", "Cyd")]
    link, direct = await offered(at, ada), await offered(at, ada, bob.who.id)
    to_her = await offered(at, cyd, ada.who.id)
    watcher = Ear()
    for code in (link, direct):
        assert (await at.challenges.watch(code, watcher)).state is State.OPEN
    await at.accounts.delete(ada.who.id)
    for code in (link, direct):
        assert (await at.challenges.view(code, None)).state is State.WITHDRAWN
    assert (await at.challenges.view(to_her, None)).state is State.DECLINED
    assert await at.challenges.open_of(bob.who) == await at.challenges.open_of(cyd.who) == []
    assert not await at.link.call(
        "EXISTS", keys.challenges(bob.who.id), keys.challenges(cyd.who.id)
    )
    assert await own(at.link, ada.who.id) == LEFT
    await watcher.hears(ChallengeChanged, 2)
    assert {told.challenge: told.state for told in watcher.of(ChallengeChanged)} == {
        link: State.WITHDRAWN,
        direct: State.WITHDRAWN,
    }
