"""Who is here by when he was last seen, and what is being played by its claim and settlement."""

import pytest

from server.core.ids import MatchId, PlayerId
from server.store.keys import ONLINE, LadderKeys
from server.store.link import Link, time_ms
from server.store.online import AT_ONCE, GONE_MS, LINGER_MS, Online, Playing

ADA, BOB, CAS = PlayerId("ada"), PlayerId("bob"), PlayerId("cas")
SLACK_MS = 1_000
"""What a test may take between two of its steps."""


@pytest.fixture
def online(link: Link) -> Online:
    return Online(link)


async def ago(link: Link, player: PlayerId, ms: int) -> None:
    """As if a player had been seen last so long ago."""
    now = time_ms(await link.call("TIME"))
    await link.call("ZADD", ONLINE, now - ms, player)


async def test_who_was_beaten_is_here_and_who_was_not_is_not(online: Online) -> None:
    await online.beat((ADA, BOB))
    assert await online.among((ADA, CAS, BOB)) == {ADA, BOB}
    here = await online.here(10)
    assert (here.count, set(here.players)) == (2, {ADA, BOB})


async def test_nobody_is_asked_about_nobody(online: Online) -> None:
    assert await online.among(()) == set()
    await online.beat(())
    assert (await online.here(10)).count == 0


async def test_who_was_not_seen_for_six_seconds_is_gone(online: Online, link: Link) -> None:
    await ago(link, ADA, GONE_MS - SLACK_MS)
    await ago(link, BOB, GONE_MS)
    assert await online.among((ADA, BOB)) == {ADA}
    assert (await online.here(10)).players == (ADA,)
    await ago(link, BOB, GONE_MS)
    await online.beat((CAS,))
    assert await link.call("ZSCORE", ONLINE, BOB) is None


async def test_who_leaves_lingers_and_is_gone_sooner_than_one_who_was_lost(
    online: Online, link: Link
) -> None:
    await online.beat((ADA, BOB))
    await online.leave(ADA)
    assert await online.among((ADA,)) == {ADA}
    left, lost = [float(await link.call("ZSCORE", ONLINE, player)) for player in (ADA, BOB)]
    assert GONE_MS - LINGER_MS - SLACK_MS < lost - left <= GONE_MS - LINGER_MS
    await online.beat((ADA,))
    assert float(await link.call("ZSCORE", ONLINE, ADA)) >= lost


async def test_many_are_counted_and_only_so_many_are_listed(online: Online) -> None:
    crowd = [PlayerId(f"p{number}") for number in range(1_201)]
    await online.beat(crowd)
    here = await online.here(500)
    assert here.count == len(crowd)
    assert len(set(here.players)) == 500
    assert set(here.players) <= set(crowd)


async def test_many_are_asked_about_in_several_scripts(
    online: Online, monkeypatch: pytest.MonkeyPatch
) -> None:
    crowd = [PlayerId(f"p{number}") for number in range(2 * AT_ONCE + 1)]
    await online.beat(crowd[1:])
    asked: list[int] = []
    run = online._online

    def counted(named: list[str], gone_ms: int, most: int, *players: PlayerId) -> object:
        asked.append(len(players))
        return run(named, gone_ms, most, *players)

    monkeypatch.setattr(online, "_online", counted)
    assert await online.among(crowd) == set(crowd[1:])
    assert asked == [AT_ONCE, AT_ONCE, 1]


async def test_live_matches_come_latest_first_and_only_so_many(link: Link) -> None:
    playing, key = Playing(link, "deck"), LadderKeys("deck").playing
    for at, match in enumerate(("m1", "m2", "m3")):
        await link.call("ZADD", key, at, match)
    now, latest = await playing.latest(2)
    assert latest == [(MatchId("m3"), 2), (MatchId("m2"), 1)]
    assert abs(now - time_ms(await link.call("TIME"))) < SLACK_MS
    await playing.drop(MatchId("m3"))
    assert [match for match, _ in (await playing.latest(5))[1]] == ["m2", "m1"]
