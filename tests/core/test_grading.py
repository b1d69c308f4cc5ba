"""Typed answers, by the table over the first deck, by rows of other decks and by laws."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deck.cards import CardId
from deck.library import builtin
from server.core.grading import Allowance, Verdict, grade, vocabulary, words_of
from tests.core.grading_rows import ACCEPTED, REFUSED, Side

(DECK,) = builtin()
WORDS = words_of(DECK)

texts = st.text(st.characters(), max_size=500) | st.text(
    "aA1é'-.,/&()² \u0301\u200b+#ﬁ", max_size=60
)
_accepted = st.sampled_from(
    [text for card in DECK.cards for text in (card.answer, *card.alternates)]
)


@st.composite
def _near(draw: st.DrawFn) -> tuple[str, str]:
    """What somebody might type for an accepted text of the deck, and that text."""
    text = draw(_accepted)
    typed = text
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(typed)))
        until = at + draw(st.integers(0, 2))
        put = draw(st.sampled_from(("", " ", "-", ".", "s", "e", "É", "the ", "(", ")", "2", "ß")))
        typed = typed[:at] + put + typed[until:]
    return typed, text


near = _near()


def graded(card_id: str, side: Side, typed: str) -> Verdict:
    card = DECK.card(CardId(card_id))
    if side == "prompt":
        return grade(typed, card.prompt, (), WORDS)
    return grade(typed, card.answer, card.alternates, WORDS)


@pytest.mark.parametrize(("card_id", "side", "typed", "allowed"), ACCEPTED)
def test_what_a_fair_teacher_accepts_is_right(
    card_id: str, side: Side, typed: str, allowed: str
) -> None:
    verdict = graded(card_id, side, typed)
    assert verdict.right
    assert " ".join(verdict.allowed) == allowed


@pytest.mark.parametrize(("card_id", "side", "typed"), REFUSED)
def test_what_a_fair_teacher_refuses_is_wrong(card_id: str, side: Side, typed: str) -> None:
    card = DECK.card(CardId(card_id))
    asked = card.prompt if side == "prompt" else card.answer
    assert graded(card_id, side, typed) == Verdict(right=False, allowed=(), matched=asked)


@pytest.mark.parametrize(
    ("typed", "answer", "allowed"),
    [
        ("naive", "naïve", "accents"),
        ("Lodz", "Łódź", "accents"),
        ("ecole", "École", "case accents"),
        ("Елка", "Ёлка", "accents"),
        ("STRASSE", "Straße", "case"),
        ("istanbul", "İstanbul", "case accents"),
        ("IRMAK", "ırmak", "case"),
        ("x", "x\u0302", "accents"),  # has no character of its own
        ("L'Hopital", "L’Hôpital", "accents punctuation"),
        ("models", "model's", "punctuation"),
        ("data set", "dataset", "punctuation"),
        ("state of the-art", "state-of the art", "punctuation"),
        ("salt and pepper", "salt & pepper", "punctuation"),
        ("x^2", "x²", "punctuation"),
        ("soft\u00admax", "softmax", "punctuation"),
        ("learning_rate", "learning rate", "punctuation"),
        ("LSTM + GRU", "LSTM+GRU", "punctuation"),
        ("H2O", "H₂O", "punctuation"),
        ("−1", "-1", "punctuation"),
        ("1.5 km.", "1.5 km", "punctuation"),
        ("0-1", "0/1", "punctuation"),
        ("Beatles", "The Beatles", "article"),
        ("a an the end", "end", "article"),
        ("class", "classes", "plural"),
        ("frequencies", "frequency", "plural"),
        ("RNN", "RNNs", "plural"),
        ("gas", "gases", "plural"),
        ("batches", "batch", "plural"),
        ("epochs", "epoch", "plural"),
        ("heart", "heart (cor) of man (homo)", "refused"),
        ("heart of man", "heart (cor) of man (homo)", "parentheses"),
        ("modle", "model", "slip"),
        ("modl", "model", "slip"),
        ("alpha bravo gamma dleta", "alpha bravo gamma delta", "slip"),
        ("alpha bravo gmama dleta", "alpha bravo gamma delta", "refused"),
        ("alpha bravo gmama dleta echo", "alpha bravo gamma delta echo", "slip"),
        ("non-linearty", "non-linearity", "slip"),
        ("non linearty", "non-linearity", "punctuation slip"),
        ("nonlinearty", "non-linearity", "refused"),  # one thing a word
        ("mixpooling", "max pooling", "refused"),
        ("gaet", "gate", "refused"),
        ("gatee", "gate", "refused"),
        ("rown", "crown", "refused"),
        ("brown", "crown", "refused"),
        ("symmetric", "asymmetric", "refused"),
        ("model5", "model", "refused"),
        ("netwroks", "network", "refused"),
        ("los", "loss", "refused"),
        ("its", "it", "refused"),
        ("1990s", "1990", "refused"),
        ("modela", "model5", "refused"),
        ("x<0", "x>0", "refused"),
        ("15", "1.5", "refused"),
        ("1.5", "1,5", "refused"),
        ("5", ".5", "refused"),
        ("1", "-1", "refused"),
        (".5", "-.5", "refused"),
        ("x = (1)", "x = (-1)", "refused"),
        ("x=1", "x=-1", "refused"),
        ("12", "1/2", "refused"),
        ("102", "10²", "refused"),
        ("50", "50%", "refused"),
        ("C", "C++", "refused"),
        ("C", "C#", "refused"),
        ("Vitamin", "Vitamin A", "refused"),
        ("the", "a", "refused"),
        ("!", "?", "refused"),
        ("かき", "かぎ", "refused"),  # a voiced sound is another sound
    ],
)
def test_the_rules_hold_on_any_deck(typed: str, answer: str, allowed: str) -> None:
    verdict = grade(typed, answer)
    assert (" ".join(verdict.allowed) if verdict.right else "refused") == allowed


@pytest.mark.parametrize("typed", ["later", "LATER", "làter", "later,"])
def test_a_slip_may_not_land_on_a_word_of_the_deck(typed: str) -> None:
    assert Allowance.SLIP in grade(typed, "Layer").allowed
    assert not grade(typed, "Layer", words=vocabulary(["Sooner or Later!"])).right


@pytest.mark.parametrize(("typed", "answer"), [("O", "O(n)"), ("P", "P(A|B)"), ("f x", "f(x) x")])
def test_parentheses_that_belong_to_a_word_are_not_left_out(typed: str, answer: str) -> None:
    assert not grade(typed, answer).right


def test_a_plural_may_land_on_a_word_of_the_deck() -> None:
    assert grade("gates", "gate", words=vocabulary(["Gates"])).right


def test_the_vocabulary_is_folded_and_without_marks() -> None:
    assert vocabulary(["Naïve, L2-norm", "(the) NAIVE model’s"]) == {
        *("naive", "l2", "norm", "models"),
    }


@pytest.mark.parametrize(
    ("typed", "allowed", "matched"),
    [
        ("Max-pooling", [Allowance.PUNCTUATION], "Max pooling"),
        ("Maximum pooling", [Allowance.ALTERNATE], "Maximum pooling"),
        ("Maximum polling", [Allowance.ALTERNATE, Allowance.SLIP], "Maximum pooling"),
        ("MP", [Allowance.ALTERNATE], "MP"),
        ("MP (max pooling)", [Allowance.PARENTHESES, Allowance.ALTERNATE], "MP"),
        ("Max pooling (MP)", [Allowance.PARENTHESES], "Max pooling"),
    ],
)
def test_the_mildest_way_to_be_right_counts(
    typed: str, allowed: list[Allowance], matched: str
) -> None:
    alternates = ("Max-pooling", "Maximum pooling", "MP")
    verdict = grade(typed, "Max pooling", alternates)
    assert verdict == Verdict(right=True, allowed=tuple(allowed), matched=matched)


def test_added_parentheses_hold_one_accepted_text_without_a_slip() -> None:
    for typed in ("MP (min pooling)", "MP (max poolling)", "MP (MP) (MP)", "MP (MP"):
        assert not grade(typed, "Max pooling", ("MP",)).right


@given(texts)
def test_the_answer_itself_is_right_with_nothing_allowed(text: str) -> None:
    assert grade(text, text, (text.upper(), text)) == Verdict(right=True, allowed=(), matched=text)


@given(near)
def test_grading_never_depends_on_case(pair: tuple[str, str]) -> None:
    typed, answer = pair
    right = grade(typed, answer).right
    for other in (typed.upper(), typed.lower(), typed.swapcase(), typed.title()):
        assert grade(other, answer).right == right


@given(pair=near, as_alternate=st.booleans())
def test_nothing_is_allowed_just_where_nothing_had_to_be(
    pair: tuple[str, str], *, as_alternate: bool
) -> None:
    typed, text = pair
    verdict = grade(typed, "Quagga", (text,)) if as_alternate else grade(typed, text)
    if verdict.right:
        overlooked = {*verdict.allowed} - {Allowance.ALTERNATE}
        assert bool(overlooked) == (typed.split() != text.split())
        assert (Allowance.ALTERNATE in verdict.allowed) == as_alternate
        assert list(verdict.allowed) == [one for one in Allowance if one in verdict.allowed]
        assert verdict.matched == text
    else:
        wanted = "Quagga" if as_alternate else text
        assert verdict == Verdict(right=False, allowed=(), matched=wanted)


@given(texts, texts, st.lists(texts, max_size=3))
def test_any_text_is_graded(typed: str, answer: str, alternates: list[str]) -> None:
    verdict = grade(typed, answer, alternates, vocabulary(alternates))
    assert verdict.matched in {answer, *alternates}
    assert verdict.right or not verdict.allowed
