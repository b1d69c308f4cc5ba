"""What the check finds, each shown by a tiny broken deck."""

import pytest

from deck.cards import Card, CardId, Deck, DeckId
from deck.check import Finding, Kind, check, nearly_equal

WRONG = ("One long sack", "Two short sacks", "Ten big sacks")


def card(
    card_id: str = "1",
    *,
    prompt: str = "What holds rice?",
    answer: str = "Some old sack",
    explanation: str = "It is woven.",
    distractors: tuple[str, ...] = WRONG,
    alternates: tuple[str, ...] = (),
) -> Card:
    return Card(CardId(card_id), prompt, answer, explanation, distractors, alternates)


def findings(*cards: Card) -> list[Finding]:
    """What the check says of a deck of these cards."""
    return list(check(Deck(DeckId("d"), "D", cards)).findings)


def test_a_good_card_has_no_findings() -> None:
    assert findings(card()) == []


def test_a_prompt_asked_twice_is_found_on_the_later_card() -> None:
    twice = card("2", prompt="what  holds rice", answer="A barrel")
    assert findings(card("1"), twice) == [
        Finding(CardId("2"), Kind.DUPLICATE, "asks the same as card 1")
    ]


def test_fewer_than_three_distractors_are_found() -> None:
    assert findings(card(distractors=WRONG[:2])) == [
        Finding(CardId("1"), Kind.FEW, "has 2 distractors; a round needs 3")
    ]
    assert [finding.kind for finding in findings(card(distractors=()))] == [Kind.FEW]


def test_a_missing_explanation_is_found() -> None:
    assert findings(card(explanation=" ")) == [
        Finding(CardId("1"), Kind.UNEXPLAINED, "has no explanation")
    ]


@pytest.mark.parametrize(
    ("broken", "text"),
    [
        (
            card(distractors=(*WRONG, "Some old Sacks")),
            "has nearly equal choices: 'Some old sack', 'Some old Sacks'",
        ),
        (
            card(distractors=(*WRONG, "Ten big  sacks")),
            "has nearly equal choices: 'Ten big sacks', 'Ten big  sacks'",
        ),
        (
            card(alternates=("A basket",), distractors=(*WRONG, "The baskets")),
            "counts 'The baskets' as wrong and accepts 'A basket'",
        ),
        (
            card(distractors=(*WRONG, "Some old sacks of tin")),
            "has a distractor that says the answer and more: 'Some old sacks of tin'",
        ),
    ],
)
def test_choices_that_cannot_be_told_apart_are_found(broken: Card, text: str) -> None:
    assert findings(broken) == [Finding(CardId("1"), Kind.ALIKE, text)]


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        ("Max pooling", "max-pooling", True),
        ("The learning rate", "Learning rates", True),
        ("Gradient clipping", "Gradient cliping", True),
        ("Old hats", "Old hat", True),
        ("Gas", "Ga", False),
        ("Max pooling", "Min pooling", False),
        ("L1 gives zeros, L2 small weights", "L2 gives zeros, L1 small weights", False),
        ("Encoder", "Decoder", False),
        ("Float16", "Float32", False),
        ("Weight decay", "Weight", False),
    ],
)
def test_nearly_equal_choices_differ_by_less_than_a_word(
    one: str, other: str, *, equal: bool
) -> None:
    assert nearly_equal(one, other) is equal
    assert nearly_equal(other, one) is equal


@pytest.mark.parametrize(
    ("broken", "text"),
    [
        (
            card(answer="Some old sack from the market"),
            "has an answer far longer than every distractor",
        ),
        (card(answer="Hat"), "has an answer far shorter than every distractor"),
        (
            card(prompt="What is an old brown sack?", answer="An old brown sack"),
            "has an answer that alone repeats its prompt: brown, old, sack",
        ),
        (
            card(prompt="Which basket?", answer="The basket", distractors=WRONG),
            "has an answer that alone repeats its prompt: basket",
        ),
        (card(answer="Old, dry sack"), "has an answer that alone has a comma"),
        (card(answer="Tin and sack"), 'has an answer that alone has the word "and"'),
        (card(answer="An old (sack)"), "has an answer that alone has brackets"),
        (card(answer="An old/big sack"), "has an answer that alone has a slash"),
        (card(answer="Some 12 sacks"), "has an answer that alone has a digit"),
        (card(answer="Some old sack."), "has an answer that alone has a full stop at its end"),
        (card(answer="some old sack"), "has an answer that alone has a small letter at its start"),
        (
            card(distractors=("One, two sacks", "Three, four sacks", "Ten, nine sacks")),
            "has an answer that alone has not a comma",
        ),
    ],
)
def test_an_answer_that_stands_out_is_found(broken: Card, text: str) -> None:
    assert Finding(CardId("1"), Kind.GIVEAWAY, text) in findings(broken)


@pytest.mark.parametrize(
    "sound",
    [
        card(answer="Some old sack, dry", distractors=(*WRONG, "One new sack, wet")),
        card(answer="Some old sack of felt", distractors=WRONG),
        card(answer="A sack", distractors=WRONG),
        card(prompt="Which old sack?", answer="The old sack", distractors=(*WRONG, "An old hat")),
    ],
)
def test_an_answer_that_stands_out_a_little_is_no_finding(sound: Card) -> None:
    assert findings(sound) == []


def words_deck(cards: int, *, answer: str, wrong: tuple[str, ...]) -> Deck:
    return Deck(
        DeckId("d"),
        "D",
        tuple(
            card(str(n), prompt=f"P{n}?", answer=answer, distractors=wrong) for n in range(cards)
        ),
    )


def test_a_deck_whose_answers_are_always_the_longest_leaks() -> None:
    report = check(words_deck(100, answer="dddd", wrong=("a", "bb", "ccc")))
    leaks = {measure.name for measure in report.measures if measure.leaks}
    assert {"longest choice", "shortest choice"} <= leaks
    assert not report.clean


def test_never_the_longest_is_as_much_a_leak_as_always() -> None:
    report = check(words_deck(100, answer="ccc", wrong=("a", "bb", "dddd")))
    shares = {measure.name: measure for measure in report.measures}
    assert shares["longest choice"].share == 0
    assert shares["longest choice"].leaks


def test_a_small_deck_may_stray_further_from_chance() -> None:
    small, large = (
        check(words_deck(cards, answer="a", wrong=("b", "c", "d"))).measures[0]
        for cards in (25, 100)
    )
    assert (large.low, large.high) == pytest.approx((0.17, 0.33))
    assert (small.low, small.high) == pytest.approx((0.09, 0.41))


def test_findings_come_in_the_order_of_the_cards() -> None:
    found = findings(
        card("b", explanation=""),
        card("a", prompt="Other?", explanation=""),
        card("c", prompt="Third?", distractors=()),
        card("d"),
    )
    assert [finding.card for finding in found] == ["b", "a", "c", "d"]
