"""Whose challenges a player takes."""

from typing import Final

import pytest

from server.core.ids import PlayerId
from server.store import keys, mutes
from server.store.link import Link
from server.store.mutes import Mutes, TooManyMuted

ADA, BOB, CAT = (PlayerId(name) for name in ("ada", "bob", "cat"))
NOW: Final = 1_000


async def test_everybody_is_heard_at_first(link: Link) -> None:
    asked = Mutes(link)
    assert await asked.takes(ADA, BOB)
    assert await asked.is_on(ADA)
    assert await asked.muted(ADA) == []


async def test_one_who_is_muted_is_not_heard_until_he_is_unmuted(link: Link) -> None:
    asked = Mutes(link)
    await asked.mute(ADA, BOB, NOW)
    assert not await asked.takes(ADA, BOB)
    assert await asked.takes(ADA, CAT)
    assert await asked.takes(BOB, ADA)
    assert await asked.is_on(ADA)
    await asked.unmute(ADA, BOB)
    assert await asked.takes(ADA, BOB)


async def test_who_takes_no_challenges_hears_nobody_and_keeps_his_list(link: Link) -> None:
    asked = Mutes(link)
    await asked.mute(ADA, BOB, NOW)
    await asked.switch(ADA, on=False)
    assert not await asked.takes(ADA, CAT)
    assert not await asked.is_on(ADA)
    await asked.switch(ADA, on=True)
    assert await asked.takes(ADA, CAT)
    assert not await asked.takes(ADA, BOB)


async def test_the_latest_muted_stands_first_and_a_repeat_changes_nothing(link: Link) -> None:
    asked = Mutes(link)
    await asked.mute(ADA, BOB, NOW)
    await asked.mute(ADA, CAT, NOW + 1)
    await asked.mute(ADA, BOB, NOW + 2)
    assert await asked.muted(ADA) == [CAT, BOB]


async def test_the_list_is_bounded(link: Link, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mutes, "MOST_MUTED", 2)
    asked = Mutes(link)
    await asked.mute(ADA, BOB, NOW)
    await asked.mute(ADA, CAT, NOW)
    with pytest.raises(TooManyMuted):
        await asked.mute(ADA, PlayerId("dan"), NOW)
    await asked.unmute(ADA, BOB)
    await asked.mute(ADA, PlayerId("dan"), NOW)


async def test_a_forgotten_list_is_empty(link: Link) -> None:
    asked = Mutes(link)
    await asked.mute(ADA, BOB, NOW)
    await asked.forget(ADA)
    assert not await link.call("EXISTS", keys.muted(ADA))
