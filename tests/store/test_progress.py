"""Reviews in Redis: whatever order they come in, however cut, none is lost and one counts once."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from random import Random
from typing import Final

import pytest

from deck.cards import CardId
from server.core.ids import PlayerId
from server.core.schedule import MOST_REVIEWS, How, Review, ReviewId, Schedule, schedule
from server.store import keys
from server.store.link import Link
from server.store.progress import Progress
from tests.store.given import every_key

DECK: Final = "deck"
ADA, BOB = PlayerId("ada"), PlayerId("bob")
CARD, OTHER = CardId("card"), CardId("other")
DAY_MS: Final = 86_400_000
LIFE_S: Final = 400 * 24 * 3600


def review(number: int, at: int, how: How = How.TYPED, *, right: bool = True) -> Review:
    return Review(ReviewId(f"review-{number:02}"), at, how, right)


EVENINGS: Final = (
    review(1, 20 * DAY_MS, How.CHOICE),
    review(2, 20 * DAY_MS + 60_000),
    review(3, 21 * DAY_MS, right=False),
    review(4, 21 * DAY_MS, How.CHOICE),
    review(5, 22 * DAY_MS - 1_800_000, How.FLASHCARD),
    review(6, 30 * DAY_MS, How.TRUE_FALSE),
)


@pytest.fixture
async def elsewhere(link: Link) -> AsyncIterator[Link]:
    """The link of a second process."""
    other = Link(link._url)
    await other.open()
    yield other
    await other.close()


async def keep(
    link: Link, *reviews: Review, player: PlayerId = ADA, deck: str = DECK, card: CardId = CARD
) -> None:
    await Progress(link).keep(player, deck, card, reviews)


async def stored(link: Link, player: PlayerId = ADA, card: CardId = CARD) -> bytes:
    """A card as it stands in Redis."""
    raw: bytes = await link.call("HGET", keys.reviews(player, DECK), card)
    return raw


async def known(link: Link, player: PlayerId = ADA, deck: str = DECK) -> dict[CardId, Schedule]:
    return await Progress(link).schedules(player, deck)


async def test_who_has_studied_nothing_has_no_schedules(link: Link) -> None:
    assert await known(link) == {}
    assert await every_key(link) == []


async def test_reviews_are_kept_by_card_and_come_to_its_schedule(link: Link) -> None:
    await keep(link, *EVENINGS[:3])
    await keep(link, EVENINGS[3], card=OTHER)
    assert await known(link) == {CARD: schedule(EVENINGS[:3]), OTHER: schedule(EVENINGS[3:4])}
    await keep(link, *EVENINGS[4:])
    assert await known(link) == {
        CARD: schedule([*EVENINGS[:3], *EVENINGS[4:]]),
        OTHER: schedule(EVENINGS[3:4]),
    }


async def test_the_same_review_again_changes_nothing(link: Link) -> None:
    await keep(link, *EVENINGS)
    before = await stored(link)
    await keep(link, EVENINGS[2])
    await keep(link, *EVENINGS[3:], *EVENINGS)
    assert await stored(link) == before
    assert (await known(link))[CARD].reviews == len(EVENINGS)


async def test_of_two_copies_of_a_review_the_earlier_is_kept(link: Link) -> None:
    early, late = review(1, 20 * DAY_MS), review(1, 21 * DAY_MS)
    await keep(link, late)
    await keep(link, early)
    await keep(link, late)
    assert await known(link) == {CARD: schedule([early])}


def cut(reviews: Sequence[Review], dice: Random) -> list[Sequence[Review]]:
    """The reviews in another order, some of them twice, in a few sendings."""
    sent = [*reviews, *dice.sample(reviews, 2)]
    dice.shuffle(sent)
    cuts = sorted(dice.sample(range(1, len(sent)), dice.randrange(len(sent))))
    return [sent[start:end] for start, end in zip([0, *cuts], [*cuts, len(sent)], strict=True)]


async def test_two_devices_merge_in_any_order_and_however_cut(link: Link, elsewhere: Link) -> None:
    await keep(link, *EVENINGS)
    expected = await stored(link)
    for seed in range(60):
        dice = Random(seed)  # noqa: S311 - any order
        player = PlayerId(f"player-{seed}")
        for sending in cut(EVENINGS, dice):
            await keep(dice.choice([link, elsewhere]), *sending, player=player)
        assert await stored(link, player) == expected, seed
        assert await known(link, player) == {CARD: schedule(EVENINGS)}


async def test_reviews_of_a_card_that_come_at_once_are_all_kept(
    link: Link, elsewhere: Link
) -> None:
    reviews = [review(number, number * 3_600_000) for number in range(24)]
    await asyncio.gather(
        *(
            keep(elsewhere if number % 2 else link, *reviews[number : number + 2])
            for number in range(23)
        )
    )
    together = await stored(link)
    await keep(link, *reviews, player=BOB)
    assert together == await stored(link, BOB)
    assert (await known(link))[CARD].reviews == 24


async def test_of_many_reviews_the_oldest_are_folded_and_all_of_them_count(link: Link) -> None:
    reviews = [review(number, (20 + number) * DAY_MS) for number in range(MOST_REVIEWS + 1)]
    for one in reviews:
        await keep(link, one)
    assert await known(link) == {CARD: schedule(reviews)}
    before = await stored(link)
    assert len(before) < 30 * MOST_REVIEWS
    await keep(link, *reviews)
    assert await stored(link) == before


async def test_every_review_kept_makes_progress_live_400_days_more(link: Link) -> None:
    key = keys.reviews(ADA, DECK)
    await keep(link, EVENINGS[0])
    assert LIFE_S - 60 < await link.call("TTL", key) <= LIFE_S
    await link.call("EXPIRE", key, 100)
    await keep(link, EVENINGS[1], card=OTHER)
    assert LIFE_S - 60 < await link.call("TTL", key) <= LIFE_S


async def test_the_decks_of_a_player_and_the_players_of_a_deck_are_apart(link: Link) -> None:
    await keep(link, EVENINGS[0])
    await keep(link, EVENINGS[1], deck="another")
    await keep(link, EVENINGS[2], player=BOB)
    assert await known(link) == {CARD: schedule(EVENINGS[:1])}
    assert await known(link, deck="another") == {CARD: schedule(EVENINGS[1:2])}
    assert await known(link, BOB) == {CARD: schedule(EVENINGS[2:3])}
