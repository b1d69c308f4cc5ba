"""The difficulty of cards: measured by what people answered, and not too often."""

from typing import Final

from deck.cards import Card, CardId, Deck, DeckId
from server.core.ids import MatchId, PlayerId
from server.core.practice import CardDifficulty, difficulty_of
from server.store.difficulty import FOLD_EVERY_S, Difficulties
from server.store.keys import LadderKeys
from server.store.ladder import (
    ANSWERS_OF_MATCHES,
    Commit,
    Ladder,
    PersonAnswers,
    StoredResult,
    decode_record,
)
from server.store.link import Link

ADA, BOB = PlayerId("ada"), PlayerId("bob")
X, Y, GONE = CardId("x"), CardId("y"), CardId("gone")
DECK: Final = Deck(
    DeckId("deck"),
    "Deck",
    tuple(Card(card, f"{card}?", f"{card}!", "", ()) for card in (X, Y)),
)
ANSWERS: Final = LadderKeys(DECK.id).answers


def difficulties(link: Link) -> Difficulties:
    """As a process has them that has just started."""
    return Difficulties(link, {DECK.id: DECK})


async def settle(link: Link, match: str, *answers: PersonAnswers) -> None:
    """An unrated settlement of a match of Ada and Bob in which people answered so."""
    ladder = Ladder(link, DECK.id)
    one, two = (raw or b"" for raw in await ladder.records((ADA, BOB)))
    after = decode_record(one), decode_record(two)
    commit = Commit(
        match=MatchId(match),
        players=(ADA, BOB),
        before=(one, two),
        after=after,
        result=StoredResult(None),
        charged=(False, False),
        played=True,
        answers=answers,
    )
    assert await ladder.commit(commit) is not None


async def test_a_deck_that_nobody_has_played_is_as_hard_as_a_new_player_is_strong(
    link: Link,
) -> None:
    found = await difficulties(link).of(DECK.id, 0)
    assert found == {X: CardDifficulty(0, 1500), Y: CardDifficulty(0, 1500)}
    assert list(found) == [X, Y]


async def test_the_answers_of_all_people_in_all_matches_are_counted_by_card(link: Link) -> None:
    await settle(link, "m1", (1600, ((X, True), (Y, False))), (1400, ((X, True),)))
    await settle(link, "m2", (1450, ((Y, False), (X, False))))
    assert await difficulties(link).of(DECK.id, 0) == {
        X: difficulty_of([(1600, True), (1400, True), (1450, False)]),
        Y: difficulty_of([(1600, False), (1450, False)]),
    }


async def test_a_settlement_that_is_repeated_counts_once(link: Link) -> None:
    for _ in range(2):
        await settle(link, "m1", (1600, ((X, True),)))
    assert (await difficulties(link).of(DECK.id, 0))[X].answers == 1


async def test_a_match_in_which_nobody_answered_is_not_kept(link: Link) -> None:
    await settle(link, "m1")
    assert not await link.call("EXISTS", ANSWERS)


async def test_a_card_that_the_deck_no_longer_has_is_left_out(link: Link) -> None:
    await settle(link, "m1", (1600, ((GONE, True),)))
    assert await difficulties(link).of(DECK.id, 0) == {X: CardDifficulty(), Y: CardDifficulty()}


async def test_the_answers_of_a_thousand_matches_are_kept(link: Link) -> None:
    for number in range(ANSWERS_OF_MATCHES):
        await settle(link, f"m{number}", (1500, ((X, True),)))
    assert (await difficulties(link).of(DECK.id, 0))[X].answers == ANSWERS_OF_MATCHES
    await settle(link, "one more", (1500, ((Y, True),)))
    found = await difficulties(link).of(DECK.id, 0)
    assert (found[X].answers, found[Y].answers) == (ANSWERS_OF_MATCHES - 1, 1)


async def test_the_cards_are_measured_again_after_ten_minutes_and_not_before(link: Link) -> None:
    measured = difficulties(link)
    assert (await measured.of(DECK.id, 100))[X].answers == 0
    await settle(link, "m1", (1600, ((X, True),)))
    assert (await measured.of(DECK.id, 100 + FOLD_EVERY_S - 0.001))[X].answers == 0
    assert (await measured.of(DECK.id, 100 + FOLD_EVERY_S))[X].answers == 1
    await settle(link, "m2", (1600, ((X, True),)))
    assert (await measured.of(DECK.id, 100 + FOLD_EVERY_S + 1))[X].answers == 1
