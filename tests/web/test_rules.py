"""The rules of a match over the wire: one answer counts, everybody learns what they may."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from server.wire.codec import SubProtocol
from tests.support.player import DECK, Player, connected, in_round, pair
from tests.support.served import Served
from tests.web.table import Table, table

Serve = Callable[..., Awaitable[Served]]


async def close_round(t: Table, number: int) -> None:
    """Have both answer, and hear of the close."""
    for player in (t.one, t.two):
        await player.send("answer", match=t.match, round=number, choice=0)
    for player in (t.one, t.two):
        await player.until("round_closed", round=number)


async def test_the_first_of_two_answers_counts_and_the_second_learns_it(served: Serve) -> None:
    server = await served()
    async with table(server.url) as t:
        await t.begin()
        taken = await t.one.ask("answer", match=t.match, round=1, choice=2)
        assert (taken["seat"], taken["choice"]) == (t.seat(t.one), 2)
        assert 0 <= taken["elapsed_ms"] < 15_000
        for choice in (2, 3):
            again = await t.one.ask("answer", match=t.match, round=1, choice=choice)
            assert (again["reason"], again["choice"]) == ("already_answered", 2)
        await t.two.ask("answer", match=t.match, round=1, choice=0)
        closed = await t.one.until("round_closed")
        answer = closed["answers"][t.seat(t.one)]
        assert (answer["choice"], answer["elapsed_ms"]) == (2, taken["elapsed_ms"])


async def test_many_answers_sent_at_once_are_one(served: Serve) -> None:
    server = await served()
    async with table(server.url) as t:
        await t.begin()
        for choice in range(4):
            await t.one.send("answer", match=t.match, round=1, choice=choice, ref=choice)
        replies = [await t.one.until("answer_taken", "refused") for _ in range(4)]
        assert [reply["ref"] for reply in replies] == [0, 1, 2, 3]
        assert replies[0]["choice"] == 0
        assert {reply["choice"] for reply in replies[1:]} == {0}
        assert {reply["reason"] for reply in replies[1:]} == {"already_answered"}


@pytest.mark.parametrize("number", [-1, 0, 2, 10, 11, 2**63 - 1, -(2**63)])
async def test_an_answer_to_another_round_is_not_open(served: Serve, number: int) -> None:
    server = await served()
    async with table(server.url) as t:
        await t.begin()
        refused = await t.one.ask("answer", match=t.match, round=number, choice=0)
        assert refused["reason"] == "not_open"
        assert (await t.one.ask("answer", match=t.match, round=1, choice=0))["choice"] == 0


async def test_an_answer_before_the_first_round_is_not_open(served: Serve) -> None:
    server = await served(countdown_ms=60_000)
    async with table(server.url) as t:
        await t.pair()
        for player in (t.one, t.two):
            early = await player.ask("answer", match=t.match, round=1, choice=0)
            assert early["reason"] == "not_open"
            await player.ask("enter", match=t.match)
            await player.ask("ready", match=t.match)
        assert (await t.one.until("countdown_started"))["opens_in_ms"] <= 60_000
        early = await t.one.ask("answer", match=t.match, round=1, choice=0)
        assert early["reason"] == "not_open"


async def test_an_answer_between_two_rounds_is_not_open(served: Serve) -> None:
    server = await served(reveal_ms=60_000)
    async with table(server.url) as t:
        await t.begin()
        await close_round(t, 1)
        assert t.one.last("round_closed")["next_in_ms"] <= 60_000
        for player in (t.one, t.two):
            refused = await player.ask("answer", match=t.match, round=2, choice=0)
            assert refused["reason"] == "not_open"
            refused = await player.ask("answer", match=t.match, round=1, choice=1)
            assert (refused["reason"], refused["choice"]) == ("already_answered", 0)


async def test_an_answer_after_its_round_is_not_open(served: Serve) -> None:
    server = await served(round_ms=100, rounds=3)
    async with table(server.url) as t:
        await t.begin()
        closed = await t.one.until("round_closed", round=1)
        assert closed["answers"] == [None, None]
        refused = await t.one.ask("answer", match=t.match, round=1, choice=0)
        assert refused["reason"] in {"not_open", "over"}
        over = await t.one.until("match_over")
        assert (over["outcome"], over["reason"]) == ("aborted", "abandoned")
        assert over["ratings"] is None
        refused = await t.one.ask("answer", match=t.match, round=3, choice=0)
        assert refused["reason"] == "over"


async def test_a_round_that_one_player_lets_pass_closes_by_itself(served: Serve) -> None:
    server = await served(round_ms=1_000, rounds=1)
    async with table(server.url) as t:
        await t.begin()
        await t.one.ask("answer", match=t.match, round=1, choice=0)
        closed = await t.two.until("round_closed")
        assert closed["answers"][t.seat(t.two)] is None
        assert closed["answers"][t.seat(t.one)]["choice"] == 0
        assert closed["totals"][t.seat(t.two)] == 0
        assert closed["next_in_ms"] is None
        assert (await t.two.until("match_over"))["reason"] == "played"


async def test_two_tabs_of_one_player_are_one_seat(served: Serve) -> None:
    server = await served()
    async with table(server.url) as t, connected(server.url, t.ada, SubProtocol.JSON) as tab:
        await t.begin()
        view = await tab.ask("enter", match=t.match)
        assert view["seat"] == t.seat(t.one)
        assert view["my_choice"] is None
        question = t.one.last("round_opened")
        assert (view["prompt"], view["choices"]) == (question["prompt"], question["choices"])
        await t.one.send("answer", match=t.match, round=1, choice=1, ref="first tab")
        await tab.send("answer", match=t.match, round=1, choice=2, ref="second tab")
        told = [
            await player.until("answer_taken", "refused", ref=ref)
            for player, ref in ((t.one, "first tab"), (tab, "second tab"))
        ]
        assert sorted(message["type"] for message in told) == ["answer_taken", "refused"]
        counted = {message["choice"] for message in told}
        assert len(counted) == 1
        for player in (t.one, tab):
            await player.settled()
            taken = [m for m in player.seen if m["type"] == "answer_taken"]
            assert [(m["seat"], m["choice"]) for m in taken] == [(t.seat(t.one), *counted)]
        assert (await tab.ask("enter", match=t.match))["my_choice"] in counted


async def test_a_second_tab_does_not_seek_or_play_another_match(served: Serve) -> None:
    server = await served()
    async with table(server.url) as t, connected(server.url, t.ada) as tab:
        await t.one.ask("seek", deck=DECK)
        assert (await tab.ask("seek", deck=DECK))["reason"] == "already_seeking"
        await t.two.ask("seek", deck=DECK)
        match = (await tab.until("paired"))["match"]
        assert (await tab.ask("seek", deck=DECK, rated=False))["match"] == match


async def test_who_sits_elsewhere_or_watches_cannot_play_for_others(served: Serve) -> None:
    server = await served()
    async with (
        table(server.url) as t,
        table(server.url, names=("Carl", "Dora")) as other,
        connected(server.url) as visitor,
    ):
        await t.begin()
        await other.begin()
        for stranger, reason in ((other.one, "not_your_match"), (visitor, "not_signed_in")):
            assert (await stranger.ask("enter", match=t.match))["seat"] is None
            for type_, keys in (
                ("answer", {"round": 1, "choice": 0}),
                ("ready", {}),
                ("resign", {}),
            ):
                refused = await stranger.ask(type_, match=t.match, **keys)
                assert refused["reason"] == reason
        snapshot = await t.one.ask("enter", match=t.match)
        assert snapshot["phase"] == "open"
        assert [seat["answered"] for seat in snapshot["seats"]] == [False, False]


async def test_others_learn_who_answered_but_not_what(served: Serve) -> None:
    server = await served()
    async with table(server.url) as t, connected(server.url) as watcher:
        await t.begin()
        await watcher.ask("enter", match=t.match)
        await t.one.ask("answer", match=t.match, round=1, choice=3)
        bare = {"type": "answer_taken", "match": t.match, "round": 1, "seat": t.seat(t.one)}
        for player in (t.two, watcher):
            assert await player.until("answer_taken") == bare
            view = await player.ask("enter", match=t.match)
            assert view["my_choice"] is None
            assert view["seats"][t.seat(t.one)]["answered"]
            assert view["closed"] == []


async def test_the_answer_that_closes_a_round_is_told_to_its_player_alone(served: Serve) -> None:
    server = await served(reveal_ms=60_000)
    async with table(server.url) as t, connected(server.url) as watcher:
        await t.begin()
        await watcher.ask("enter", match=t.match)
        await t.one.ask("answer", match=t.match, round=1, choice=0)
        await t.two.ask("answer", match=t.match, round=1, choice=0)
        for player in (t.one, t.two, watcher):
            if not any(m["type"] == "round_closed" for m in player.seen):
                await player.until("round_closed")
            await player.settled()

        def who(player: Player) -> list[int]:
            return [m["seat"] for m in player.seen if m["type"] == "answer_taken"]

        assert who(t.one) == [t.seat(t.one)]
        assert who(watcher) == [t.seat(t.one)]
        assert who(t.two) == [t.seat(t.one), t.seat(t.two)]


async def test_the_events_of_a_match_reach_every_socket_in_their_order(served: Serve) -> None:
    server = await served(rounds=4, countdown_ms=10, reveal_ms=10)
    async with table(server.url) as t, connected(server.url, None, SubProtocol.JSON) as watcher:
        await t.pair()
        await watcher.ask("enter", match=t.match)
        for player in (t.one, t.two):
            await player.ask("enter", match=t.match)
            await player.ask("ready", match=t.match)
        for player in (t.one, t.two):
            await in_round(player, t.match, 1)
        await t.play_out()
        await watcher.until("match_over")
        rounds = [(kind, number) for number in range(1, 5) for kind in ("opened", "closed")]
        course = ["countdown_started", *(f"round_{kind} {n}" for kind, n in rounds), "match_over"]
        for player in (t.one, t.two, watcher):
            heard = [f"{m['type']} {m.get('round', '')}".strip() for m in player.seen]
            assert [event for event in heard if event in course] == course
            for number in range(1, 5):
                taken = heard.index(f"answer_taken {number}")
                opened = heard.index(f"round_opened {number}")
                assert opened < taken < heard.index(f"round_closed {number}")


async def test_who_leaves_a_match_hears_no_more_of_it(served: Serve) -> None:
    server = await served(rounds=1)
    async with table(server.url) as t, connected(server.url) as watcher:
        await t.begin()
        await watcher.ask("enter", match=t.match)
        assert (await watcher.ask("leave", match=t.match))["type"] == "done"
        await t.play_out()
        seen = len(watcher.seen)
        await watcher.settled()
        assert [m["type"] for m in watcher.seen[seen:]] == ["pong"]


async def test_to_seek_and_take_it_back_leaves_nobody_waiting(served: Serve) -> None:
    server = await served()
    async with table(server.url) as t:
        for _ in range(3):
            await t.one.ask("seek", deck=DECK)
            await t.one.ask("cancel_seek")
        assert (await t.one.ask("cancel_seek"))["type"] == "seek_cancelled"
        assert (await t.two.ask("seek", deck=DECK))["waiting"] == 1
        await t.two.ask("cancel_seek")
        match = await pair(t.one, t.two)
        refused = await t.one.ask("cancel_seek")
        assert (refused["reason"], refused["match"]) == ("already_in_match", match)


@pytest.mark.parametrize("answered", [False, True])
async def test_to_resign_is_an_abort_until_somebody_has_answered(
    served: Serve, *, answered: bool
) -> None:
    server = await served()
    async with table(server.url) as t:
        await t.begin()
        if answered:
            await t.two.ask("answer", match=t.match, round=1, choice=0)
        assert (await t.one.ask("resign", match=t.match))["type"] == "done"
        over = await t.two.until("match_over")
        assert over["reason"] == "resigned"
        winner = f"seat_{t.seat(t.two)}"
        assert over["outcome"] == (winner if answered else "aborted")
        assert (over["ratings"] is not None) == answered


async def test_of_two_resignations_the_first_one_loses(served: Serve) -> None:
    server = await served()
    async with table(server.url) as t:
        await t.begin()
        await t.one.ask("answer", match=t.match, round=1, choice=0)
        first, second = await asyncio.gather(
            t.one.ask("resign", match=t.match), t.two.ask("resign", match=t.match)
        )
        assert sorted([first["type"], second["type"]]) == ["done", "refused"]
        loser = t.one if first["type"] == "done" else t.two
        record = await t.record()
        over = record["result"] or (await t.one.until("match_over"))
        assert over["outcome"] == f"seat_{1 - t.seat(loser)}"
