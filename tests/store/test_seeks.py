"""Seeks and claims: heartbeats, who is dropped, and a cancel against a claim."""

import asyncio
from typing import Final

from server.core.ids import MatchId, PlayerId
from server.store.keys import LadderKeys
from server.store.link import Link
from server.store.seeks import GONE_MS, Claim, Seek, Seeks, Standing, new_nonce, seek_hold, seek_of
from tests.store.given import created, empty, player

DECK: Final = "deck"
KEYS: Final = LadderKeys(DECK)
ADA, BOB, CYD = PlayerId("ada"), PlayerId("bob"), PlayerId("cyd")


async def sought(link: Link, *names: str) -> Seeks:
    """Seeks of these players in the rated pool, as long as they have not gone."""
    seeks = Seeks(link, DECK)
    for name in names:
        await seeks.add("rated", Seek(player(name), new_nonce(), None))
    return seeks


async def standing(seeks: Seeks) -> dict[PlayerId, Standing]:
    return {seek.player: seek for seek in (await seeks.read("rated")).standing}


async def silent_for(link: Link, player_: PlayerId, ms: int) -> None:
    await link.call("ZINCRBY", KEYS.beats("rated"), -ms, player_)


def claim(match: str, one: Standing, two: Standing) -> Claim:
    return Claim("rated", "n", created(MatchId(match)), (one.seek.nonce, two.seek.nonce))


async def test_a_seek_stands_from_now_on_and_is_counted(link: Link) -> None:
    seeks = Seeks(link, DECK)
    seek = Seek(player("Ada", 1777), "nonce", BOB)
    now, waiting = await seeks.add("rated", seek)
    assert waiting == 1
    assert (await seeks.add("rated", Seek(player("Bob"), "other", None)))[1] == 2
    found = await standing(seeks)
    assert (found[ADA].since, found[ADA].seek) == (now, seek)
    assert (await seeks.read("casual")).standing == ()


async def test_a_seek_of_one_who_had_waited_keeps_the_wait(link: Link) -> None:
    seeks = await sought(link)
    now, _ = await seeks.add("rated", Seek(player("Ada"), "nonce", None), 12_345)
    assert (await standing(seeks))[ADA].since == 12_345
    assert now > 12_345


async def test_a_seek_whose_player_has_gone_is_dropped_and_told(link: Link) -> None:
    seeks = await sought(link, "Ada", "Bob")
    stood = await standing(seeks)
    await silent_for(link, ADA, GONE_MS)
    found = await seeks.read("rated")
    assert [seek.player for seek in found.standing] == [BOB]
    assert found.gone == (stood[ADA],)
    assert (await seeks.read("rated")).gone == ()
    assert await seeks.beat("rated", [ADA]) == (1, (ADA,))


async def test_a_heartbeat_keeps_a_seek_and_brings_none_back(link: Link) -> None:
    seeks = await sought(link, "Ada", "Bob")
    for name in (ADA, BOB):
        await silent_for(link, name, GONE_MS - 1_000)
    assert await seeks.beat("rated", [ADA, CYD]) == (2, (CYD,))
    for name in (ADA, BOB):
        await silent_for(link, name, 1_000)
    assert list(await standing(seeks)) == [ADA]


async def test_a_cancelled_seek_is_gone(link: Link) -> None:
    seeks = await sought(link, "Ada", "Bob")
    ada = (await standing(seeks))[ADA]
    assert await seeks.cancel("rated", ADA, ada.raw)
    assert not await seeks.cancel("rated", ADA, ada.raw)
    assert list(await standing(seeks)) == [BOB]
    assert await seeks.beat("rated", []) == (1, ())


async def test_a_cancel_does_not_take_a_later_seek(link: Link) -> None:
    seeks = await sought(link, "Ada")
    earlier = (await standing(seeks))[ADA]
    await sought(link, "Ada")
    assert not await seeks.cancel("rated", ADA, earlier.raw)
    assert list(await standing(seeks)) == [ADA]


async def test_a_claim_takes_both_seeks_and_is_kept_until_done(link: Link) -> None:
    seeks = await sought(link, "Ada", "Bob", "Cyd")
    stood = await standing(seeks)
    wanted = claim("m1", stood[ADA], stood[BOB])
    assert await seeks.claim(wanted, (stood[ADA], stood[BOB]))
    assert list(await standing(seeks)) == [CYD]
    assert await seeks.beat("rated", [ADA, BOB]) == (1, (ADA, BOB))
    assert await seeks.claims() == [wanted]
    await seeks.claim_done(MatchId("m1"))
    assert await seeks.claims() == []


async def test_a_claim_takes_neither_seek_where_one_was_cancelled_first(link: Link) -> None:
    for gone, stays in ((ADA, BOB), (BOB, ADA)):
        await empty(link)
        seeks = await sought(link, "Ada", "Bob")
        stood = await standing(seeks)
        assert await seeks.cancel("rated", gone, stood[gone].raw)
        assert not await seeks.claim(claim("m1", *stood.values()), (stood[ADA], stood[BOB]))
        assert list(await standing(seeks)) == [stays]
        assert await seeks.claims() == []


async def test_a_cancel_after_the_claim_takes_nothing_back(link: Link) -> None:
    seeks = await sought(link, "Ada", "Bob")
    stood = await standing(seeks)
    assert await seeks.claim(claim("m1", *stood.values()), (stood[ADA], stood[BOB]))
    assert not await seeks.cancel("rated", ADA, stood[ADA].raw)
    assert len(await seeks.claims()) == 1


async def test_a_claim_is_of_the_very_seeks_that_the_pass_read(link: Link) -> None:
    seeks = await sought(link, "Ada", "Bob")
    stood = await standing(seeks)
    await sought(link, "Bob")
    assert not await seeks.claim(claim("m1", *stood.values()), (stood[ADA], stood[BOB]))
    assert set(await standing(seeks)) == {ADA, BOB}


async def test_of_many_claims_at_once_one_gets_the_player(link: Link) -> None:
    seeks = await sought(link, "Ada", "Bob", "Cyd")
    stood = await standing(seeks)
    won = await asyncio.gather(
        *(
            seeks.claim(claim(f"m{n}", stood[ADA], other), (stood[ADA], other))
            for n, other in enumerate((stood[BOB], stood[CYD], stood[BOB]))
        )
    )
    assert won == [True, False, False]
    assert list(await standing(seeks)) == [CYD]


async def test_of_a_cancel_and_a_claim_at_once_one_wins(link: Link) -> None:
    for _ in range(20):
        await empty(link)
        seeks, elsewhere = await sought(link, "Ada", "Bob"), Link(link._url)
        await elsewhere.open()
        stood = await standing(seeks)
        cancelled, claimed = await asyncio.gather(
            seeks.cancel("rated", ADA, stood[ADA].raw),
            Seeks(elsewhere, DECK).claim(claim("m1", *stood.values()), (stood[ADA], stood[BOB])),
        )
        await elsewhere.close()
        assert cancelled != claimed
        assert list(await standing(seeks)) == ([] if claimed else [BOB])


def test_what_a_seek_holds_a_player_with_is_read_back() -> None:
    assert seek_of(seek_hold("a deck", "casual", "n")) == ("a deck", "casual", "n")
    assert seek_of(seek_hold("deck", "rated", "n")) == ("deck", "rated", "n")
    assert seek_of("match m1") is None
    assert seek_of("") is None
