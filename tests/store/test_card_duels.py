"""How a player's rounds went by card: counted with the settlement, and exactly once."""

import asyncio
from typing import Final

import pytest
from msgspec.structs import replace

from deck.cards import CardId
from server.core.ids import BySeat, MatchId, PlayerId
from server.store.keys import LadderKeys
from server.store.ladder import (
    CardDuels,
    CardRound,
    Commit,
    Ladder,
    Settlement,
    StoredResult,
    decode_record,
)
from server.store.link import Link

DECK: Final = "deck"
KEYS: Final = LadderKeys(DECK)
ADA, BOB = PlayerId("ada"), PlayerId("bob")
X, Y, Z = CardId("x"), CardId("y"), CardId("z")

Cards = BySeat[tuple[CardRound, ...]]


async def commit_of(ladder: Ladder, match: str, cards: Cards) -> Commit:
    """An unrated settlement of a match of Ada and Bob, decided on the records as they are."""
    one, two = (raw or b"" for raw in await ladder.records((ADA, BOB)))
    first, second = decode_record(one), decode_record(two)
    return Commit(
        match=MatchId(match),
        players=(ADA, BOB),
        before=(one, two),
        after=(
            replace(first, version=first.version + 1),
            replace(second, version=second.version + 1),
        ),
        result=StoredResult(None),
        charged=(False, False),
        played=True,
        cards=cards,
    )


async def settle(ladder: Ladder, match: str, cards: Cards) -> Settlement:
    settlement = await ladder.commit(await commit_of(ladder, match, cards))
    assert settlement is not None
    return settlement


async def settle_later(link: Link, ladder: Ladder, match: str, after: int, cards: Cards) -> int:
    """Settle once Redis time has left that millisecond behind; when it was."""
    while True:
        seconds, micros = await link.call("TIME")
        if int(seconds) * 1000 + int(micros) // 1000 > after:
            return (await settle(ladder, match, cards)).at


async def test_who_has_played_no_match_has_no_rounds(link: Link) -> None:
    assert await Ladder(link, DECK).card_duels(ADA) == {}
    await settle(Ladder(link, DECK), "m1", ((), ()))
    assert await Ladder(link, DECK).card_duels(ADA) == {}
    assert not await link.call("EXISTS", KEYS.cards(ADA))


async def test_a_settlement_counts_each_seats_rounds_by_card(link: Link) -> None:
    ladder = Ladder(link, DECK)
    at = (await settle(ladder, "m1", (((X, True), (Y, False)), ((X, False), (Y, False))))).at
    assert await ladder.card_duels(ADA) == {X: CardDuels(1, 0, 0), Y: CardDuels(0, 1, at)}
    assert await ladder.card_duels(BOB) == {X: CardDuels(0, 1, at), Y: CardDuels(0, 1, at)}
    assert await Ladder(link, "another").card_duels(ADA) == {}


async def test_the_next_match_adds_to_the_counts_and_leaves_the_other_cards(link: Link) -> None:
    ladder = Ladder(link, DECK)
    first = await settle(ladder, "m1", (((X, True), (Y, False)), ()))
    second = await settle_later(link, ladder, "m2", first.at, (((X, False), (Z, True)), ()))
    assert await ladder.card_duels(ADA) == {
        X: CardDuels(1, 1, second),
        Y: CardDuels(0, 1, first.at),
        Z: CardDuels(1, 0, 0),
    }
    assert await ladder.card_duels(BOB) == {}


async def test_only_a_loss_moves_the_instant_of_the_last_loss(link: Link) -> None:
    ladder = Ladder(link, DECK)
    lost = (await settle(ladder, "m1", (((X, False),), ()))).at
    won = await settle_later(link, ladder, "m2", lost, (((X, True),), ()))
    assert await ladder.card_duels(ADA) == {X: CardDuels(1, 1, lost)}
    again = await settle_later(link, ladder, "m3", won, (((X, False),), ()))
    assert again > lost
    assert await ladder.card_duels(ADA) == {X: CardDuels(1, 2, again)}


async def test_a_repeated_settlement_counts_no_round_again(link: Link) -> None:
    ladder = Ladder(link, DECK)
    first = await settle(ladder, "m1", (((X, False),), ((X, True),)))
    stale = await commit_of(ladder, "m1", (((X, False),), ((X, False),)))
    for _ in range(2):
        assert await ladder.commit(stale) == first
    assert await ladder.card_duels(ADA) == {X: CardDuels(0, 1, first.at)}
    assert await ladder.card_duels(BOB) == {X: CardDuels(1, 0, 0)}


async def test_settlements_of_a_match_at_once_count_its_rounds_once(link: Link) -> None:
    elsewhere = Link(link._url)
    await elsewhere.open()
    here, there = Ladder(link, DECK), Ladder(elsewhere, DECK)
    commit = await commit_of(here, "m1", (((X, True), (Y, False)), ()))
    done = await asyncio.gather(*(ladder.commit(commit) for ladder in (here, there, here)))
    await elsewhere.close()
    assert done[0] is not None
    assert done == [done[0]] * 3
    assert await here.card_duels(ADA) == {X: CardDuels(1, 0, 0), Y: CardDuels(0, 1, done[0].at)}


async def test_a_settlement_on_records_that_moved_counts_nothing(link: Link) -> None:
    ladder = Ladder(link, DECK)
    stale = await commit_of(ladder, "m1", (((X, False),), ((X, False),)))
    await settle(ladder, "m2", ((), ()))
    assert await ladder.commit(stale) is None
    assert await ladder.card_duels(ADA) == await ladder.card_duels(BOB) == {}


async def test_the_longest_match_is_counted_and_for_ever(link: Link) -> None:
    ladder = Ladder(link, DECK)
    rounds = tuple((CardId(f"card-{number}"), number % 3 > 0) for number in range(20))
    at = (await settle(ladder, "m1", (rounds, rounds))).at
    expected = {card: CardDuels(1, 0, 0) if won else CardDuels(0, 1, at) for card, won in rounds}
    assert await ladder.card_duels(ADA) == await ladder.card_duels(BOB) == expected
    assert await link.call("TTL", KEYS.cards(ADA)) == -1


async def test_only_the_last_matches_count(link: Link, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.store.ladder.CARDS_OF_MATCHES", 2)
    ladder = Ladder(link, DECK)
    for number, won in enumerate((True, False, True)):
        await settle(ladder, f"m{number}", (((X, won),), ((X, not won),)))
    ada, bob = [(await ladder.card_duels(player))[X] for player in (ADA, BOB)]
    assert ((ada.won, ada.lost), (bob.won, bob.lost)) == ((1, 1), (1, 1))
    assert bob.lost_at > 0
    assert await link.call("LLEN", KEYS.cards(ADA)) == 2
