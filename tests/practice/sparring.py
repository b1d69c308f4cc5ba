"""Somebody who practises: challenges a character and plays its match to the end."""

import asyncio

from server.core.ids import MatchId, PlayerId
from server.core.practice import CHARACTERS, Character, Thought, rng_of, think
from tests.play.duelist import AGAIN_S
from tests.support.player import DECK, PATIENCE_S, Map, Player, in_round, play_out

BY_ID = {character.id: character for character in CHARACTERS}
QUICKEST, SLOWEST = CHARACTERS[-1], CHARACTERS[0]


async def challenge(player: Player, character: Character, **terms: object) -> str:
    """Challenge a character, which accepts at once; the match."""
    asked = await player.ask("challenge", deck=DECK, to=character.id, rated=False, **terms)
    assert asked["type"] == "challenge_changed", asked
    match: str = (await player.until("paired"))["match"]
    return match


async def challenge_when_there(player: Player, character: Character) -> str:
    """The same on a server that has only just started."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            try:
                return await challenge(player, character)
            except AssertionError:
                assert player.last("refused")["reason"] == "not_online"
                await asyncio.sleep(AGAIN_S)


async def begin(player: Player, match: str) -> None:
    """Enter a match and have its first question."""
    await player.ask("enter", match=match)
    await player.ask("ready", match=match)
    await in_round(player, match, 1)


async def practise(player: Player, character: Character) -> Map:
    """Play a whole match with a character; its result."""
    match = await challenge(player, character)
    await begin(player, match)
    return await play_out(player, match)


def seat_of(record: Map, player: str) -> int:
    """The seat of a player in the record of a match."""
    return [seated["id"] for seated in record["players"]].index(player)


def thoughts(record: Map, character: Character, limit_ms: int) -> list[Thought]:
    """What a character thinks of the questions of a match, whose cards are not measured yet."""
    return [
        think(
            character.strength,
            1500,
            round_["correct"],
            limit_ms,
            rng_of(MatchId(record["id"]), PlayerId(character.id), round_["round"]),
        )
        for round_ in record["rounds"]
    ]


def choices(record: Map, player: str) -> list[int | None]:
    """What a player answered, round by round."""
    seat = seat_of(record, player)
    given = [round_["answers"][seat] for round_ in record["rounds"]]
    return [answer and answer["choice"] for answer in given]
