"""The calls of the study modes: progress, reviews, and the verdict on typed answers."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from typing import Annotated, Final

from aiohttp import web
from msgspec import Meta, Struct
from msgspec.structs import asdict

from deck.cards import CardId, Deck, Side
from server.core.grading import Allowance, grade, words_of
from server.core.ids import PlayerId
from server.core.schedule import CardProgress, How, Mastery, Queued, Review, ReviewId, mastery
from server.play.study import DeckProgress, Study
from server.web.calls import (
    ADMITTED,
    MALFORMED,
    NO_SUCH_DECK,
    ApiError,
    Call,
    Trouble,
    body_of,
    deck_of,
    json,
    routes_of,
)
from server.web.visitors import Visitors

MOST_TEXT: Final = 500
_LATEST_MS: Final = 2**53
_REVIEW_ID: Final = r"^[A-Za-z0-9_-]{8,40}(?![\s\S])"
"""With an end that both Python and the browser's own kind of pattern know."""


class SentReview(Struct):
    """One answer to a card, as the browser tells it."""

    id: Annotated[str, Meta(pattern=_REVIEW_ID)]
    card: Annotated[str, Meta(max_length=100)]
    at_ms: Annotated[int, Meta(ge=0, le=_LATEST_MS)]
    how: How
    right: bool


class SentReviews(Struct):
    """The body of `POST /api/decks/{deck}/reviews`."""

    reviews: Annotated[list[SentReview], Meta(min_length=1, max_length=100)]


class Typed(Struct):
    """A typed answer to one card."""

    card: Annotated[str, Meta(max_length=100)]
    text: Annotated[str, Meta(max_length=MOST_TEXT)]
    side: Side = Side.ANSWER


class TypedAnswers(Struct):
    """The body of `POST /api/decks/{deck}/grade`."""

    answers: Annotated[list[Typed], Meta(min_length=1, max_length=100)]


class Duels(Struct, frozen=True):
    """The rounds of duels in which a card was asked."""

    won: int
    lost: int


class StudiedCard(Struct, frozen=True):
    """What the caller has done with one card; the instants are null before its first review."""

    card: str
    mastery: Mastery
    due_at_ms: int | None
    last_at_ms: int | None
    reviews: int
    right: int
    missed: bool
    lost: bool
    duels: Duels


class ProgressAnswer(Struct, frozen=True):
    """How far the caller is in a deck, and what to study now."""

    deck: str
    server_time_ms: int
    cards: tuple[StudiedCard, ...]
    queue: tuple[Queued, ...]
    next_due_at_ms: int | None


class RefusedReview(Struct, frozen=True):
    """A review that was not kept."""

    id: str
    reason: str
    detail: str


class ReviewsAnswer(ProgressAnswer, frozen=True):
    """The progress after the reviews, and those that were not kept."""

    refused: tuple[RefusedReview, ...]


class TypedVerdict(Struct, frozen=True):
    """Whether a typed answer is right, and what had to be overlooked for it."""

    card: str
    right: bool
    allowed: tuple[Allowance, ...]
    matched: str
    answer: str


class Verdicts(Struct, frozen=True):
    """The verdicts, in the order of the answers."""

    verdicts: list[TypedVerdict]


class StudyApi:
    """The calls, over the services of this process."""

    def __init__(self, decks: Mapping[str, Deck], study: Study, visitors: Visitors) -> None:
        self._decks: Final = decks
        self._study: Final = study
        self._visitors: Final = visitors
        self._words: Final = {deck.id: words_of(deck) for deck in decks.values()}

    def calls(self) -> list[Call]:
        """Every call of studying."""
        return [
            Call(
                "GET",
                "/api/decks/{deck}/progress",
                self.progress,
                answer=ProgressAnswer,
                errors=(NO_SUCH_DECK,),
            ),
            Call(
                "POST",
                "/api/decks/{deck}/reviews",
                self.reviews,
                body=SentReviews,
                answer=ReviewsAnswer,
                errors=(NO_SUCH_DECK, MALFORMED, *ADMITTED),
            ),
            Call(
                "POST",
                "/api/decks/{deck}/grade",
                self.grade,
                body=TypedAnswers,
                answer=Verdicts,
                errors=(NO_SUCH_DECK, Trouble(404, "no_such_card"), MALFORMED, *ADMITTED),
            ),
        ]

    def routes(self) -> list[web.RouteDef]:
        """Their routes."""
        return routes_of(self.calls())

    async def progress(self, request: web.Request) -> web.Response:
        """Where the caller stands in a deck."""
        deck = deck_of(request, self._decks)
        return json(await self.progress_of(await self._visitors.player(request), deck))

    async def progress_of(self, player: PlayerId | None, deck: Deck) -> ProgressAnswer:
        """Progress as the call and the pages give it."""
        return shown(deck, await self._study.progress(deck.id, player))

    async def reviews(self, request: web.Request) -> web.Response:
        """Keep reviews; a visitor without a session becomes a guest."""
        deck = deck_of(request, self._decks)
        sent = (await body_of(request, SentReviews)).reviews
        player = await self._visitors.admit(request, len(sent))
        in_deck = {card.id for card in deck.cards}
        by_card: dict[CardId, list[Review]] = defaultdict(list)
        for one in sent:
            if one.card in in_deck:
                review = Review(ReviewId(one.id), one.at_ms, one.how, one.right)
                by_card[CardId(one.card)].append(review)
        token = None
        if player is None and by_card:
            player, token = await self._visitors.new_guest(request)
        if player is not None:
            await self._study.keep(deck.id, player, by_card)
        progress = shown(deck, await self._study.progress(deck.id, player))
        refused = tuple(_refused(one) for one in sent if one.card not in in_deck)
        answer = json(ReviewsAnswer(**asdict(progress), refused=refused))
        if token is not None:
            self._visitors.remember(answer, token, request)
        return answer

    async def grade(self, request: web.Request) -> web.Response:
        """The verdicts on typed answers, in their order."""
        deck = deck_of(request, self._decks)
        typed = (await body_of(request, TypedAnswers)).answers
        await self._visitors.admit(request, len(typed))
        verdicts = []
        for one in typed:
            verdicts.append(self._verdict(deck, one))
            await asyncio.sleep(0)  # a long text takes 2 ms: duels go on between two of them
        return json(Verdicts(verdicts))

    def _verdict(self, deck: Deck, typed: Typed) -> TypedVerdict:
        try:
            card = deck.card(CardId(typed.card))
        except KeyError as error:
            detail = f"This deck has no card `{typed.card}` any more: reload the page."
            raise ApiError(404, "no_such_card", detail) from error
        wanted, alternates = card.answer, card.alternates
        if typed.side is Side.PROMPT:
            wanted, alternates = card.prompt, ()
        verdict = grade(typed.text, wanted, alternates, self._words[deck.id])
        return TypedVerdict(card.id, verdict.right, verdict.allowed, verdict.matched, wanted)


def _refused(review: SentReview) -> RefusedReview:
    return RefusedReview(review.id, "no_such_card", "This deck has no such card any more.")


def shown(deck: Deck, progress: DeckProgress) -> ProgressAnswer:
    return ProgressAnswer(
        deck=deck.id,
        server_time_ms=progress.now,
        cards=tuple(_card(card) for card in progress.cards),
        queue=progress.queue,
        next_due_at_ms=progress.next_due_at,
    )


def _card(progress: CardProgress) -> StudiedCard:
    known = progress.schedule
    return StudiedCard(
        card=progress.card,
        mastery=mastery(known),
        due_at_ms=known.due_at if known else None,
        last_at_ms=known.last_at if known else None,
        reviews=known.reviews if known else 0,
        right=known.right if known else 0,
        missed=known.missed if known else False,
        lost=progress.is_lost,
        duels=Duels(progress.won, progress.lost),
    )


def studied(deck: Deck) -> dict[str, object]:
    """A deck as a study mode needs it: with what a duel would not show before a round is over."""
    cards = [
        {
            "id": card.id,
            "prompt": card.prompt,
            "answer": card.answer,
            "explanation": card.explanation,
            "distractors": card.distractors,
        }
        for card in deck.cards
    ]
    return {"id": deck.id, "title": deck.title, "cards": cards}
