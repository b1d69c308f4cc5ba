"""Who is paired with whom: costs by rows, a pass by rows and against every possibility."""

from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given

from server.core.ids import PlayerId
from server.core.pairing import BOT_COST, NEIGHBOURS, Candidate, cost, find, widest_gap
from tests.core.strategies import seeks


def seek(
    name: str, rating: int = 1500, waited_ms: int = 0, *, bot: bool = False, last: str | None = None
) -> Candidate:
    """A seek by its player's name."""
    return Candidate(PlayerId(name), rating, waited_ms, bot, PlayerId(last) if last else None)


def names(found: tuple[list[tuple[Candidate, Candidate]], list[Candidate]]) -> tuple[str, str]:
    """A pass in words: its pairs, and who is left."""
    pairs, left = found
    told = sorted("-".join(sorted((one.player, two.player))) for one, two in pairs)
    return " ".join(told), " ".join(sorted(one.player for one in left))


@pytest.mark.parametrize(
    ("rating", "gap"),
    [
        (100, 130),
        (999, 130),
        (1000, 100),
        (1499, 100),
        (1500, 100),
        (1515, 101),
        (1800, 120),
        (2400, 160),
    ],
)
def test_the_widest_gap_goes_by_the_lower_rating(rating: int, gap: float) -> None:
    assert widest_gap(rating) == gap


@pytest.mark.parametrize(
    ("one", "two", "price"),
    [
        (seek("a", 1500), seek("b", 1500), 0),
        (seek("a", 1500), seek("b", 1600), 100),
        (seek("a", 1600), seek("b", 1500), 100),
        (seek("a", 1500), seek("b", 1601), None),
        (seek("a", 1400), seek("b", 1500), 100),
        (seek("a", 1400), seek("b", 1501), None),
        (seek("a", 900), seek("b", 1030), 130),
        (seek("a", 900), seek("b", 1031), None),
        (seek("a", 1500), seek("b", 1601, 60_000), 101),  # the other has not waited
        (seek("a", 1800), seek("b", 1920), 120),
        (seek("a", 1800), seek("b", 1921), None),
        (seek("a", 1920), seek("b", 1800), 120),
        (seek("a", 1500, 1_000), seek("b", 1500, 1_000), -12),
        (seek("a", 1500, 10_000), seek("b", 1500, 1_000), -12),  # the shorter wait counts
        (seek("a", 1500, 10_000), seek("b", 1720, 10_000), 100),
        (seek("a", 1500, 10_000), seek("b", 1721, 10_000), None),
        (seek("a", 1500, 33_333), seek("b", 1500, 33_333), -399),
        (seek("a", 1500, 33_334), seek("b", 1500, 33_334), -400),
        (seek("a", 1500, 90_000), seek("b", 1500, 90_000), -400),
        (seek("a", 1500, 29_999), seek("b", 1960, 29_999), None),
        (seek("a", 1500, 30_000), seek("b", 1960, 30_000), 100),
        (seek("a", 1500, 30_000), seek("b", 2700, 0), 1200),  # 30 s of one lift the limit
        (seek("a", 1500, 0), seek("b", 2700, 30_000), 1200),
        (seek("a", 1500, 0), seek("b", 2700, 29_999), None),
        (seek("a", 1500), seek("b", 1550, bot=True), 50 + BOT_COST),
        (seek("a", 1500, bot=True), seek("b", 1550), 50 + BOT_COST),
        (seek("a", 1500, bot=True), seek("b", 1550, bot=True), 50),
        (seek("a", 1500), seek("a", 1500), None),
        (seek("a", 1500, 60_000), seek("a", 1500, 60_000), None),
    ],
)
def test_a_pair_costs_its_row(one: Candidate, two: Candidate, price: int | None) -> None:
    assert cost(one, two) == price
    assert cost(two, one) == price


@pytest.mark.parametrize(
    ("waiting", "pairs", "left"),
    [
        ([], "", ""),
        ([seek("a")], "", "a"),
        ([seek("a"), seek("b")], "a-b", ""),
        ([seek("a"), seek("a")], "", "a a"),
        ([seek("a"), seek("b", 1700)], "", "a b"),
        ([seek("a"), seek("b", 1510), seek("c", 1590)], "a-b", "c"),
        ([seek("a"), seek("b", 1580), seek("c", 1590)], "b-c", "a"),
        # two pairs outweigh one that costs nothing
        ([seek("a", 1400), seek("b", 1500), seek("c", 1500), seek("d", 1600)], "a-b c-d", ""),
        # the last opponent comes again only while nobody else fits
        ([seek("a", last="b"), seek("b")], "a-b", ""),
        ([seek("a"), seek("b", last="a")], "a-b", ""),
        ([seek("a", 1501, last="b"), seek("b", last="a"), seek("c", 1590)], "a-c", "b"),
        ([seek("a", last="b"), seek("b", last="a"), seek("c", 1700)], "a-b", "c"),
        (
            [seek("a", last="b"), seek("b"), seek("c", 1590), seek("d", 1590)],
            "a-c b-d",
            "",
        ),
        # players play players first, and a bot rather than nobody
        ([seek("a"), seek("b", 1500, bot=True), seek("c", 1590)], "a-c", "b"),
        ([seek("a"), seek("b", 1500, bot=True)], "a-b", ""),
        ([seek("a"), seek("b", bot=True), seek("c", bot=True), seek("d")], "a-d b-c", ""),
        # to a player, a bot is nobody else
        ([seek("a", last="b"), seek("b", last="a"), seek("c", bot=True)], "a-b", "c"),
    ],
)
def test_a_pass_pairs_its_row(waiting: list[Candidate], pairs: str, left: str) -> None:
    assert names(find(waiting)) == (pairs, left)


def fits(ranked: Sequence[Candidate]) -> dict[tuple[int, int], int]:
    """Every pair that may play, by place in the ranking, with its cost."""
    fresh: dict[tuple[int, int], int] = {}
    again: dict[tuple[int, int], int] = {}
    for i, one in enumerate(ranked):
        for j in range(i + 1, min(len(ranked), i + 1 + NEIGHBOURS)):
            two = ranked[j]
            price = cost(one, two)
            if price is not None:
                met = one.last_opponent == two.player or two.last_opponent == one.player
                (again if met else fresh)[i, j] = price
    taken = {i for a, b in fresh if ranked[a].bot == ranked[b].bot for i in (a, b)}
    return fresh | {pair: price for pair, price in again.items() if not taken & set(pair)}


def every_pairing(edges: Sequence[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
    """Every set of pairs that share nobody."""
    if not edges:
        yield []
        return
    first, *rest = edges
    yield from every_pairing(rest)
    for others in every_pairing([edge for edge in rest if not set(edge) & set(first)]):
        yield [first, *others]


@given(seeks(8))
def test_a_pass_finds_the_most_pairs_and_of_those_the_cheapest(waiting: list[Candidate]) -> None:
    ranked = sorted(waiting, key=lambda one: (one.rating, one.player))
    edges = fits(ranked)
    best = min(
        (-len(chosen), sum(edges[edge] for edge in chosen)) for chosen in every_pairing([*edges])
    )
    pairs, _ = find(waiting)
    places = {one.player: i for i, one in enumerate(ranked)}
    chosen = [
        (min(pair), max(pair)) for pair in ((places[a.player], places[b.player]) for a, b in pairs)
    ]
    assert (-len(chosen), sum(edges[edge] for edge in chosen)) == best


@given(seeks(30))
def test_everybody_is_paired_once_or_left(waiting: list[Candidate]) -> None:
    pairs, left = find(waiting)
    seen = [one.player for pair in pairs for one in pair] + [one.player for one in left]
    assert sorted(seen) == sorted(one.player for one in waiting)


@given(seeks(12))
def test_the_last_opponent_comes_again_only_while_nobody_else_fits(
    waiting: list[Candidate],
) -> None:
    ranked = sorted(waiting, key=lambda one: (one.rating, one.player))
    near = {
        one.player: ranked[max(0, i - NEIGHBOURS) : i + NEIGHBOURS + 1]
        for i, one in enumerate(ranked)
    }
    pairs, _ = find(waiting)
    for one, two in pairs:
        if two.player == one.last_opponent or one.player == two.last_opponent:
            for own, met in ((one, two), (two, one)):
                assert not any(
                    cost(own, other) is not None
                    and other.bot == own.bot
                    and other.player not in {own.player, met.player, own.last_opponent}
                    and other.last_opponent != own.player
                    for other in near[own.player]
                )


@given(seeks(12))
def test_a_pass_does_not_depend_on_the_order_of_the_seeks(waiting: list[Candidate]) -> None:
    assert names(find(waiting)) == names(find(waiting[::-1]))
