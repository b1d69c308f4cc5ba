"""Who plays whom: one pass over a ladder's seeks.

The cost of a pair falls while both wait, in the manner of lila's pools; the
algorithm is the matching of most pairs and, among those, of least total cost.
"""

from collections.abc import Sequence
from typing import Final

import rustworkx
from msgspec import Struct

from server.core.ids import PlayerId

PATIENCE_MS: Final = 30_000
"""After so much waiting every opponent is near enough."""
BONUS_PER_SECOND: Final = 12
MAX_BONUS: Final = 400
NEIGHBOURS: Final = 6
"""How many of the next by rating a seek is compared with, each way."""
BOT_COST: Final = 2_000
"""What a pair of a player and a bot costs extra: players play players first."""
CEILING: Final = 100_000
"""Above any cost, so that one more pair always outweighs cheaper ones."""


class Candidate(Struct, frozen=True):
    """A seek as a pass sees it; `waited_ms` so far."""

    player: PlayerId
    rating: int
    waited_ms: int
    bot: bool = False
    last_opponent: PlayerId | None = None


def widest_gap(rating: int) -> float:
    """The cost over which the lower-rated of a pair (`rating`) is not paired yet."""
    if rating < 1000:  # noqa: PLR2004 - the steps are the rule
        return 130
    return 100 if rating < 1500 else rating / 15  # noqa: PLR2004 - as above


def cost(one: Candidate, two: Candidate) -> int | None:
    """What pairing these two costs; None for never (yet).

    |Δ| − min(12·seconds, 400) by the shorter wait of the two; the limit is lifted
    when either has waited for 30 s.
    """
    if one.player == two.player:
        return None
    waited_ms = min(one.waited_ms, two.waited_ms)
    gap = abs(one.rating - two.rating)
    price = gap - min(BONUS_PER_SECOND * waited_ms // 1000, MAX_BONUS)
    patient = max(one.waited_ms, two.waited_ms) >= PATIENCE_MS
    if not patient and price > widest_gap(min(one.rating, two.rating)):
        return None
    return price + (BOT_COST if one.bot != two.bot else 0)


def find(
    seeks: Sequence[Candidate],
) -> tuple[list[tuple[Candidate, Candidate]], list[Candidate]]:
    """The pairs of one pass, and who is left.

    The last opponent comes again only while no other candidate fits; to a player, a bot
    is no such candidate.
    """
    ranked = sorted(seeks, key=lambda seek: (seek.rating, seek.player))
    edges = _edges(ranked)
    fresh = {
        i
        for a, b, _, again in edges
        if not again and ranked[a].bot == ranked[b].bot
        for i in (a, b)
    }
    # An edge between last opponents stands only where neither has another choice.
    allowed = [
        (a, b, CEILING - price)
        for a, b, price, again in edges
        if not again or (a not in fresh and b not in fresh)
    ]
    if not allowed:
        return [], ranked
    graph: rustworkx.PyGraph[int, int] = rustworkx.PyGraph(multigraph=False)
    graph.add_nodes_from(range(len(ranked)))
    graph.add_edges_from(allowed)
    chosen = rustworkx.max_weight_matching(
        graph, max_cardinality=True, weight_fn=int, verify_optimum=False
    )
    paired = {i for pair in chosen for i in pair}
    pairs = [(ranked[a], ranked[b]) for a, b in sorted(tuple(sorted(p)) for p in chosen)]
    return pairs, [seek for i, seek in enumerate(ranked) if i not in paired]


def _edges(ranked: Sequence[Candidate]) -> list[tuple[int, int, int, bool]]:
    """Who could play whom: (index, index, cost, whether they played each other last)."""
    edges = []
    for i, one in enumerate(ranked):
        for j in range(i + 1, min(i + 1 + NEIGHBOURS, len(ranked))):
            two = ranked[j]
            price = cost(one, two)
            if price is not None:
                again = two.player == one.last_opponent or one.player == two.last_opponent
                edges.append((i, j, price, again))
    return edges
