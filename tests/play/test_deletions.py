"""Deletions that meet something else: a name given free, a seek, challenges that are open."""

from collections.abc import AsyncIterator

import pytest

from server.core.ids import PlayerId
from server.core.refusal import Reason, Refused
from server.store import keys
from server.store.link import Link
from server.store.players import UNNAMING
from server.store.seeks import new_nonce, seek_hold
from server.web.services import Services
from tests.play.given import DECK, processes, signed_up
from tests.play.test_accounts import come_up, impatient


@pytest.fixture
async def at(redis_url: str, link: Link) -> AsyncIterator[Services]:
    """One process that does nothing by itself."""
    del link
    async with processes(redis_url) as process:
        yield await process()


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
