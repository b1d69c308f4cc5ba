"""What a pairing says before the match: who, at which stake, and why it may be unrated."""

from collections.abc import Awaitable, Callable

import msgspec
import pytest

from server.core.ids import PlayerId
from server.store.keys import LadderKeys
from server.store.ladder import Record
from server.store.link import Link
from server.store.seeks import Pool, Seeks, decode_seek
from tests.support.player import DECK, Map, begin, connected, get, sign_up
from tests.support.served import Served
from tests.web.table import Table, table

Serve = Callable[..., Awaitable[Served]]


async def rate_at(link: Link, account: Map, rating: int) -> None:
    """Give a player a record."""
    record = Record(rating=rating, matches=50, peak=rating)
    key = LadderKeys(DECK).record(account["id"])
    await link.call("SET", key, msgspec.msgpack.encode(record))


async def waited_half_a_minute(link: Link, account: Map, pool: Pool = "rated") -> None:
    """Have a seek be of 31 s ago, from when on every opponent is near enough."""
    seeks = Seeks(link, DECK)
    raw = await seeks.find(pool, PlayerId(account["id"]))
    seek = decode_seek(raw)
    await seeks.add(pool, seek.seek, seek.since - 31_000)


async def draw(t: Table) -> Map:
    """Play a match of one round in which nobody is right; the result."""
    deck = await get(f"{t.url}/api/decks/{DECK}")
    right = {card["prompt"]: card["answer"] for card in deck["cards"]}
    question = t.one.last("round_opened")
    wrong = next(
        n for n, text in enumerate(question["choices"]) if text != right[question["prompt"]]
    )
    for player in (t.one, t.two):
        await player.send("answer", match=t.match, round=1, choice=wrong)
    for player in (t.one, t.two):
        over = await player.until("match_over", match=t.match)
    assert over["totals"] == [0, 0]
    return over


async def told_alike(t: Table) -> Map:
    """What both were told of the pairing, where that is the same; checked in the snapshot."""
    paired, other = t.one.last("paired"), t.two.last("paired")
    view = await t.one.ask("enter", match=t.match)
    for key in ("match", "deck", "title", "rated", "k_share", "unrated_because"):
        assert paired[key] == other[key] == view[key]
    assert view["stake"] == paired["stake"]
    assert (paired["stake"] is None) == (not paired["rated"])
    return paired


async def test_the_stake_is_what_the_match_then_changes(served: Serve) -> None:
    server = await served(rounds=1)
    async with table(server.url) as t:
        for _ in range(2):
            await t.begin()
            paired = {seat: p.last("paired") for p in (t.one, t.two) for seat in [t.seat(p)]}
            over = await t.play_out()
            for seat, told in paired.items():
                won = {"draw": "draw", f"seat_{seat}": "win"}.get(over["outcome"], "loss")
                change = over["ratings"][seat]
                assert change["change"] == told["stake"][won]
                assert change["before"] == told["rating"]
                assert change["after"] == change["before"] + change["change"]
                assert told["opponent"]["rating"] == paired[1 - seat]["rating"]


async def test_a_pair_plays_three_matches_at_full_k_two_at_half_and_then_unrated(
    served: Serve,
) -> None:
    server = await served(rounds=1, pair_limits="on")
    async with table(server.url) as t:
        told = []
        for _ in range(6):
            await t.begin()
            paired = await told_alike(t)
            over = await draw(t)
            k = over["ratings"][0]["k"] if over["ratings"] else None
            told.append((paired["k_share"], paired["unrated_because"], k))
    full, half = (1, None, 40), (0.5, None, 20)
    assert told == [full, full, full, half, half, (0, "pair_limit", None)]


@pytest.mark.parametrize(("gap", "why"), [(600, None), (601, "gap")])
async def test_a_gap_over_six_hundred_points_plays_unrated(
    served: Serve, link: Link, gap: int, why: str | None
) -> None:
    server = await served(rounds=1)
    async with table(server.url) as t:
        await rate_at(link, t.ada, 1500)
        await rate_at(link, t.bob, 1500 + gap)
        for player in (t.one, t.two):
            await player.ask("seek", deck=DECK)
        await waited_half_a_minute(link, t.ada)
        t.match = (await t.one.until("paired"))["match"]
        await t.two.until("paired")
        paired = await told_alike(t)
        assert (paired["unrated_because"], paired["rated"]) == (why, why is None)
        assert paired["opponent"]["rating"] == 1500 + gap
        assert not paired["opponent"]["provisional"]


async def test_a_casual_match_moves_nobody(served: Serve) -> None:
    server = await served(rounds=1)
    async with table(server.url) as t:
        await t.begin(rated=False)
        paired = await told_alike(t)
        assert (paired["unrated_because"], paired["k_share"]) == ("casual", 0)
        assert (await t.play_out())["ratings"] is None
        assert (await t.record())["ratings"] is None
        assert (await get(f"{server.url}/api/decks/{DECK}/leaderboard"))["rated_players"] == 0


async def test_a_bot_plays_unrated_and_is_named_one(served: Serve) -> None:
    server = await served(rounds=1)
    ada, bot = await sign_up(server.url, "Ada"), await sign_up(server.url, "Bot", bot=True)
    async with connected(server.url, ada) as one, connected(server.url, bot) as two:
        t = Table(server.url, ada, bot, one, two)
        await t.begin()
        paired = await told_alike(t)
        assert paired["unrated_because"] == "bot"
        assert paired["opponent"]["bot"]
        assert not two.last("paired")["opponent"]["bot"]
        assert (await t.play_out())["ratings"] is None


async def test_rated_and_casual_seeks_do_not_meet(served: Serve) -> None:
    server = await served()
    async with (
        table(server.url) as t,
        connected(server.url, await sign_up(server.url, "Carl")) as carl,
    ):
        await t.one.ask("seek", deck=DECK, rated=False)
        await t.two.ask("seek", deck=DECK)
        await carl.ask("seek", deck=DECK)
        paired = await t.two.until("paired")
        assert paired["opponent"]["name"] == "Carl"
        assert (await t.one.ask("cancel_seek"))["type"] == "seek_cancelled"


async def test_whoever_leaves_early_waits_before_the_next_rated_seek_alone(served: Serve) -> None:
    server = await served()
    async with table(server.url) as t:
        for _ in range(2):
            await t.begin()
            await t.one.ask("resign", match=t.match)
            for player in (t.one, t.two):
                await player.until("match_over")
        refused = await t.one.ask("seek", deck=DECK)
        assert refused["reason"] == "cooling_down"
        assert 0 < refused["retry_in_ms"] <= 60_000
        assert (await t.one.ask("seek", deck=DECK, rated=False))["type"] == "seeking"
        assert (await t.two.ask("seek", deck=DECK))["type"] == "seeking"


async def test_the_ladder_moves_for_who_watches_and_shows_the_newcomers(served: Serve) -> None:
    server = await served(rounds=1)
    async with table(server.url) as t, connected(server.url) as watcher:
        assert (await watcher.ask("watch_ladder", deck=DECK))["top"] == []
        t.match = await begin(t.one, t.two)
        over = await t.play_out()
        top = (await watcher.until("ladder"))["top"]
        assert {row["name"] for row in top} == {"Ada", "Bob"}
        after = sorted((change["after"] for change in over["ratings"]), reverse=True)
        assert [row["rating"] for row in top] == after
        assert all(row["provisional"] and row["matches"] == 1 for row in top)
        assert top == (await get(f"{server.url}/api/decks/{DECK}/leaderboard"))["top"]
