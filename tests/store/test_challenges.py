"""Challenges as stored: found by their code, taken once, listed with their players."""

import asyncio
from typing import Final

import pytest

from server.core.challenge import KEPT_MS, LIFE_MS, Kind, Offer, State
from server.core.elo import Standing
from server.core.events import Limits, MatchCreated, Player
from server.core.ids import MatchId, PlayerId
from server.store import keys
from server.store.challenges import Full, Offers, Stands
from server.store.keys import LadderKeys
from server.store.link import Link
from server.store.seeks import Claim, Seeks

DECK: Final = "deck"
ADA: Final = PlayerId("ada")
BOB: Final = PlayerId("bob")
CYD: Final = PlayerId("cyd")
FIRST: Final = MatchId("first")


def offer(kind: Kind = Kind.LINK, to: PlayerId | None = None, by: PlayerId = ADA) -> Offer:
    """An offer of Ada's, or of `by`."""
    rematch = FIRST if kind is Kind.REMATCH else None
    return Offer(kind, DECK, by, to, rated=True, limits=Limits(rounds=7), rematch_of=rematch)


async def kept(offers: Offers, made: Offer) -> str:
    """An offer that is kept; its code."""
    code = await offers.add(made)
    assert code is not None
    return code


def claim(match: str, code: str) -> Claim:
    """A claim of a challenge."""
    one, two = Player(ADA, "Ada", Standing()), Player(BOB, "Bob", Standing())
    created = MatchCreated(MatchId(match), DECK, "Deck", (one, two), (), Limits())
    return Claim("challenge", "zero", created, ("n1", "n2"), code)


async def test_a_challenge_is_found_by_its_code_as_it_was_offered(link: Link) -> None:
    offers = Offers(link)
    made = offer(Kind.DIRECT, BOB)
    code = await kept(offers, made)
    found = await offers.find(code)
    assert found is not None
    assert (found.code, found.offer, found.state) == (code, made, State.OPEN)
    assert (found.to, found.match) == (BOB, None)
    assert 0 < found.expires_in_ms <= LIFE_MS[Kind.DIRECT]
    assert await offers.find("AAAAAA") is None


@pytest.mark.parametrize("kind", Kind)
async def test_a_challenge_is_kept_for_a_week_after_it_would_expire(link: Link, kind: Kind) -> None:
    offers = Offers(link)
    code = await kept(offers, offer(kind, None if kind is Kind.LINK else BOB))
    most = LIFE_MS[kind] + KEPT_MS
    for key in (keys.challenge(code), LadderKeys(DECK).challenge(code)):
        assert most - 5_000 < await link.call("PTTL", key) <= most


async def test_a_challenge_expires_by_itself_and_is_then_neither_ended_nor_taken(
    link: Link,
) -> None:
    offers = Offers(link, dict.fromkeys(Kind, 0))
    code = await kept(offers, offer())
    found = await offers.find(code)
    assert found is not None
    assert (found.state, found.expires_in_ms) == (State.EXPIRED, 0)
    assert not await offers.end(found, State.WITHDRAWN)
    assert not await offers.claim(found, claim("m", code), BOB)
    assert await Seeks(link, DECK).claims() == []


async def test_of_all_who_take_or_end_it_at_once_one_does(link: Link) -> None:
    offers = Offers(link)
    for _ in range(20):
        code = await kept(offers, offer())
        found = await offers.find(code)
        assert found is not None
        done = await asyncio.gather(
            offers.claim(found, claim("m1", code), BOB),
            offers.claim(found, claim("m2", code), CYD),
            offers.end(found, State.WITHDRAWN),
        )
        assert sum(done) == 1


async def test_a_claim_keeps_event_0_and_names_who_took_it(link: Link) -> None:
    offers = Offers(link)
    code = await kept(offers, offer())
    found = await offers.find(code)
    assert found is not None
    made = claim("m", code)
    assert await offers.claim(found, made, BOB)
    now = await offers.find(code)
    assert now is not None
    assert (now.state, now.to, now.match) == (State.ACCEPTED, BOB, "m")
    assert await Seeks(link, DECK).claims() == [made]
    assert await link.call("ZRANGE", LadderKeys(DECK).playing, 0, -1) == [b"m"]


async def test_an_undone_claim_leaves_the_challenge_as_it_was(link: Link) -> None:
    offers = Offers(link)
    code = await kept(offers, offer())
    before = await offers.find(code)
    assert before is not None
    assert await offers.claim(before, claim("m", code), BOB)
    await offers.reopen(code, DECK, MatchId("other"))
    assert (await offers.look([before]))[0].state is State.ACCEPTED, "another match's claim"
    for _ in range(2):
        await offers.reopen(code, DECK, MatchId("m"))
        (now,) = await offers.look([before])
        assert (now.state, now.to, now.match) == (State.OPEN, None, None)
    assert await Seeks(link, DECK).claims() == []
    assert not await link.call("EXISTS", LadderKeys(DECK).playing)
    assert await offers.claim(before, claim("m2", code), CYD)
    await offers.reopen(code, DECK, MatchId("m"))
    assert (await offers.look([before]))[0].match == "m2", "the late undoing of the first"


async def test_a_claim_undone_after_the_challenge_would_have_expired_leaves_it_expired(
    link: Link,
) -> None:
    offers = Offers(link)
    code = await kept(offers, offer())
    before = await offers.find(code)
    assert before is not None
    assert await offers.claim(before, claim("m", code), BOB)
    await link.call("HSET", LadderKeys(DECK).challenge(code), "expires_at", before.now)
    await offers.reopen(code, DECK, MatchId("m"))
    now = await offers.find(code)
    assert now is not None
    assert now.state is State.EXPIRED


async def test_a_look_sees_what_became_of_each(link: Link) -> None:
    offers = Offers(link)
    found = [await offers.find(await kept(offers, offer())) for _ in range(3)]
    one, two, three = [challenge for challenge in found if challenge is not None]
    await offers.end(one, State.WITHDRAWN)
    await offers.forget(two.code, two.offer)
    seen = {challenge.code: challenge.state for challenge in await offers.look([one, two, three])}
    assert seen == {one.code: State.WITHDRAWN, three.code: State.OPEN}


async def test_of_two_rematches_of_a_match_offered_at_once_one_is_kept(link: Link) -> None:
    offers = Offers(link)
    both = await asyncio.gather(
        offers.add(offer(Kind.REMATCH, BOB, ADA)), offers.add(offer(Kind.REMATCH, ADA, BOB))
    )
    (code,) = [code for code in both if code is not None]
    assert await offers.latest_rematch(DECK, FIRST) == code
    assert await offers.add(offer(Kind.REMATCH, BOB)) is None, "nobody saw that one"
    again = await offers.add(offer(Kind.REMATCH, BOB), code)
    assert await offers.latest_rematch(DECK, FIRST) == again != code


async def test_five_of_a_kind_are_listed_and_what_is_over_makes_room(link: Link) -> None:
    offers = Offers(link)
    codes = [await kept(offers, offer()) for _ in range(6)]
    for code in codes[:5]:
        assert await offers.list_by(code, offer()) is None
    assert await offers.list_by(codes[5], offer()) == Full()
    assert await offers.list_by(codes[5], offer(Kind.DIRECT, BOB)) is None
    found = await offers.find(codes[0])
    assert found is not None
    await offers.unlist(found)
    assert await offers.list_by(codes[5], offer()) is None


async def test_one_about_the_same_is_listed_once(link: Link) -> None:
    offers = Offers(link)
    assert await offers.list_by("AAAAAA", offer(Kind.DIRECT, BOB)) is None
    assert await offers.list_by("BBBBBB", offer(Kind.DIRECT, BOB)) == Stands("AAAAAA")
    assert await offers.list_by("BBBBBB", offer(Kind.DIRECT, PlayerId("bo"))) is None
    assert await offers.list_by("CCCCCC", offer(Kind.REMATCH, BOB)) is None
    assert await offers.list_by("DDDDDD", offer(Kind.REMATCH, BOB)) == Stands("CCCCCC")


async def test_what_has_expired_is_listed_no_more(link: Link) -> None:
    offers = Offers(link, dict.fromkeys(Kind, 0))
    for code in ("AAAAAA", "BBBBBB", "CCCCCC", "DDDDDD", "EEEEEE", "FFFFFF"):
        assert await offers.list_by(code, offer()) is None
    assert await offers.listed(ADA) == ["FFFFFF"]


async def test_a_challenge_is_listed_with_both_until_it_is_over(link: Link) -> None:
    offers = Offers(link)
    made = offer(Kind.DIRECT, BOB)
    code = await kept(offers, made)
    await offers.list_by(code, made)
    await offers.list_to(code, made)
    assert await offers.listed(ADA) == await offers.listed(BOB) == [code]
    found = await offers.find(code)
    assert found is not None
    await offers.unlist(found)
    assert await offers.listed(ADA) == await offers.listed(BOB) == []


async def test_only_so_many_are_offered_in_an_hour_and_those_received_do_not_count(
    link: Link,
) -> None:
    offers = Offers(link, an_hour=2)
    for code, full in (("AAAAAA", None), ("BBBBBB", None), ("CCCCCC", Full())):
        await offers.list_to(code, offer(Kind.DIRECT, ADA, BOB))
        assert await offers.list_by(code, offer()) == full
    assert 0 < await link.call("PTTL", keys.offered(ADA)) <= 3_600_000


async def test_what_was_never_listed_is_forgotten_whole(link: Link) -> None:
    offers = Offers(link)
    code = await kept(offers, offer())
    await offers.forget(code, offer())
    assert not await link.call("EXISTS", keys.challenge(code))
    assert not await link.call("EXISTS", LadderKeys(DECK).challenge(code))
