"""What of a played match says how hard its cards are."""

from collections.abc import Awaitable, Callable

from deck.cards import CardId
from deck.library import builtin
from server.core.practice import difficulty_of
from server.store.difficulty import Difficulties
from server.store.link import Link
from tests.practice.sparring import QUICKEST, begin, challenge_when_there
from tests.support.player import DECK, Player, connected, get, in_round, pair, sign_up
from tests.support.served import Served
from tests.web.table import table

Serve = Callable[..., Awaitable[Served]]


async def measured(link: Link) -> dict[CardId, tuple[int, int]]:
    """The cards that somebody has answered: how many have, and the difficulty."""
    difficulties = Difficulties(link, {deck.id: deck for deck in builtin()})
    found = await difficulties.of(DECK, 0)
    return {card: (d.answers, d.difficulty) for card, d in found.items() if d.answers}


async def test_the_answers_of_both_people_count_and_a_round_let_pass_does_not(
    served: Serve, link: Link
) -> None:
    server = await served(rounds=2, round_ms=2_000)
    async with table(server.url) as t:
        await t.begin(rated=False)
        for player in (t.one, t.two):
            await player.ask("answer", match=t.match, round=1, choice=0)
        await in_round(t.one, t.match, 2)
        await t.one.ask("answer", match=t.match, round=2, choice=0)
        await t.one.until("match_over")
        first, second = (await t.record())["rounds"]
    right = [round_["correct"] == 0 for round_ in (first, second)]
    assert await measured(link) == {
        CardId(first["card"]): (2, difficulty_of([(1500, right[0])] * 2).difficulty),
        CardId(second["card"]): (1, difficulty_of([(1500, right[1])]).difficulty),
    }


async def test_no_answer_of_a_bot_counts_whoever_made_it(served: Serve, link: Link) -> None:
    server = await served(rounds=1)
    ada, bot = await sign_up(server.url, "Ada"), await sign_up(server.url, "Bot", bot=True)
    async with connected(server.url, ada) as one, connected(server.url, bot) as two:
        match = await pair(one, two, rated=False)
        await both_answer(one, two, match)
        (round_,) = (await get(f"{server.url}/api/matches/{match}"))["rounds"]
    answers, _ = (await measured(link))[CardId(round_["card"])]
    assert answers == 1


async def both_answer(one: Player, two: Player, match: str) -> None:
    """Play a match of one round."""
    for player in (one, two):
        await player.ask("enter", match=match)
        await player.ask("ready", match=match)
    for player in (one, two):
        await in_round(player, match, 1)
        await player.send("answer", match=match, round=1, choice=0)
    await one.until("match_over")


async def test_a_match_that_was_aborted_says_nothing(served: Serve, link: Link) -> None:
    server = await served(rounds=2)
    async with table(server.url) as t:
        await t.begin(rated=False)
        await t.one.ask("resign", match=t.match)
        assert (await t.two.until("match_over"))["outcome"] == "aborted"
    assert await measured(link) == {}


async def test_a_character_that_is_practised_with_leaves_only_the_persons_answers(
    served: Serve, link: Link
) -> None:
    server = await served(rounds=1, round_ms=600)
    server.app.practise(server.url)
    async with connected(server.url, await sign_up(server.url, "Ada")) as ada:
        match = await challenge_when_there(ada, QUICKEST)
        await begin(ada, match)
        await ada.send("answer", match=match, round=1, choice=0)
        await ada.until("match_over")
    assert [answers for answers, _ in (await measured(link)).values()] == [1]
