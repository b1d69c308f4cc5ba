"""What tests of studying send over the wire, and what they ask back."""

import time
from http.cookies import SimpleCookie

import aiohttp

from deck.library import builtin
from tests.support.player import DECK, Map

PROGRESS = f"/api/decks/{DECK}/progress"
REVIEWS = f"/api/decks/{DECK}/reviews"
DAY_MS = 86_400_000
(CARDS,) = [deck.cards for deck in builtin() if deck.id == DECK]
IDS = [card.id for card in CARDS]


def now() -> int:
    """The instant, ms since 1970."""
    return int(time.time() * 1000)


def sent(number: int = 1, **changes: object) -> Map:
    """A review as the browser sends it: the first card, typed rightly just now."""
    review = {"id": f"review-{number:02}", "card": IDS[0], "at_ms": now()}
    return {**review, "how": "typed", "right": True, **changes}


def bearer(token: str | None) -> dict[str, str]:
    """The header of a session; none for nobody, or for whoever keeps cookies."""
    return {"Authorization": f"Bearer {token}"} if token else {}


async def seen(client: aiohttp.ClientSession, token: str | None = None) -> Map:
    """Progress, as the call gives it."""
    async with client.get(PROGRESS, headers=bearer(token)) as answer:
        assert answer.status == 200
        assert answer.headers["Cache-Control"] == "no-store"
        assert not answer.cookies
        found: Map = await answer.json()
        return found


async def post(
    client: aiohttp.ClientSession, *reviews: Map, token: str | None = None
) -> tuple[Map, SimpleCookie]:
    """Send reviews; the progress that comes back, and the cookies that were set."""
    async with client.post(REVIEWS, json={"reviews": reviews}, headers=bearer(token)) as answer:
        assert answer.status == 200, await answer.text()
        return await answer.json(), answer.cookies


def lasting(answer: Map) -> Map:
    """What of an answer has nothing to do with when it was asked for."""
    return {key: answer[key] for key in ("cards", "queue", "next_due_at_ms")}
