"""The laws of seeks: who believes that he seeks does so; one that is cancelled makes no match."""

from collections.abc import Container, Iterator
from typing import Final

import msgspec

from server.core.ids import SEATS, MatchId, PlayerId, Seat
from server.store import keys
from server.store.keys import LadderKeys
from server.store.log import Mark
from server.store.seeks import Claim, Seek, seek_of
from server.wire import messages as wire
from tests.simulation.person import DECK, Page
from tests.simulation.world import World

LADDER: Final = LadderKeys(DECK)
_claim: Final = msgspec.msgpack.Decoder(Claim)
_seek: Final = msgspec.msgpack.Decoder(Seek)


def seeks_on(made: World) -> list[str]:
    """Whoever was last told that he seeks does so, or is in a match that he will hear of."""
    found = []
    for person in made.people:
        if person.page is None or not _seeks(person.page):
            continue
        player = person.account.id
        held = (made.store.valkey.do("GET", keys.busy(player)) or b"").decode()
        sought = seek_of(held)
        stands = sought is not None and made.store.valkey.do("HGET", LADDER.seeks("rated"), player)
        if not stands and not held.startswith("match "):
            found.append(
                f"seeks on: {person.account.name} believes that he seeks, and is held by {held!r}"
            )
    return found


def _seeks(page: Page) -> bool:
    """Whether a page shows that its player seeks."""
    seeks = False
    for told in page.told:
        match told.message:
            case wire.Seeking() | wire.Welcome(seeking=wire.SeekState()):
                seeks = True
            case wire.SeekCancelled() | wire.Paired() | wire.Welcome() | wire.MatchView():
                seeks = False
            case wire.RefusedMessage(match=str()):
                seeks = False
    return seeks


def cancels(made: World, matches: Container[MatchId]) -> Iterator[str]:
    """A seek that was told to be cancelled has made no match that goes on."""
    added: dict[str, float] = {}
    over: dict[MatchId, float] = {}
    claims: list[Claim] = []
    for at, _, what, command, reply in made.trace:
        if what == "seek":
            added[_seek.decode(command[6]).nonce] = at
        elif what == "claim" and reply == 1:
            claims.append(_claim.decode(command[8]))
        elif what == "append" and reply[0] == b"won":
            match, *_, mark = command[3 + command[2] :][:12]
            if mark == Mark.ENDED:
                over.setdefault(MatchId(match), at)
    for person, told in made.everything_told():
        if not isinstance(told.message, wire.SeekCancelled):
            continue
        for claim in claims:
            seat = _seat_in(claim, person.account.id)
            if seat is None or claim.created.match not in matches:
                continue
            lasts = over.get(claim.created.match, float("inf")) > told.at
            if lasts and added[claim.nonces[seat]] < told.begun_at:
                yield f"{person.account.name} cancelled, and plays {claim.created.match}"


def _seat_in(claim: Claim, player: PlayerId) -> Seat | None:
    return next((seat for seat in SEATS if claim.created.players[seat].id == player), None)
