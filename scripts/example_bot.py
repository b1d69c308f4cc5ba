#!/usr/bin/env python3
"""A complete bot: signs up, challenges a practice opponent or seeks, and plays so many matches.

    scripts/example_bot.py http://127.0.0.1:8000 "Reader Bot" --matches 3

It needs Python 3.11 or newer and aiohttp; docs/bots.md goes through it.
"""

import argparse
import asyncio
from typing import Any

import aiohttp

Map = dict[str, Any]
parser = argparse.ArgumentParser(description="Play Deckduel as a bot.")
parser.add_argument("url", help="where the server is")
parser.add_argument("name", help="2 to 20 characters that nobody has")
parser.add_argument("--deck", default="deep-learning-interview")
parser.add_argument("--against", default="practice-3", help="the player to challenge")
parser.add_argument("--seek", action="store_true", help="play whoever seeks instead")
parser.add_argument("--matches", type=int, default=1)
parser.add_argument("--think-s", type=float, default=2.0, help="before every answer")


async def main(wanted: argparse.Namespace) -> None:
    """Sign up, read the deck, and play over as many connections as it takes."""
    async with aiohttp.ClientSession(wanted.url) as http:
        async with http.post("/api/players", json={"name": wanted.name, "bot": True}) as reply:
            if "token" not in (account := await reply.json()):
                raise SystemExit(account["detail"])
        async with http.get(f"/api/decks/{wanted.deck}", raise_for_status=True) as reply:
            known = {card["prompt"]: card["answer"] for card in (await reply.json())["cards"]}
        headers = {"Authorization": f"Bearer {account['token']}"}
        while wanted.matches > 0:
            try:
                async with http.ws_connect("/ws", headers=headers) as socket:
                    said: Map = {}
                    while wanted.matches > 0:
                        if say := await reply_to(await socket.receive_json(), said, known, wanted):
                            await socket.send_json(said := say)
            except (aiohttp.ClientError, TypeError):  # TypeError: a close in place of JSON
                await asyncio.sleep(1)  # whatever it was, the match goes on where it is


async def reply_to(message: Map, said: Map, known: Map, wanted: argparse.Namespace) -> Map | None:
    """What to say to a message, None for nothing; `said` is what was said last."""
    how = {"type": "seek"} if wanted.seek else {"type": "challenge", "to": wanted.against}
    look_for_match = {**how, "deck": wanted.deck, "rated": False}
    match message:
        case {"type": "welcome", "live_match": None, "seeking": None}:
            return look_for_match
        case {"type": "welcome", "live_match": str(match)} | {"type": "paired", "match": match}:
            return {"type": "enter", "match": match}
        case {"type": "match", "phase": "gathering", "match": match}:
            return {"type": "ready", "match": match}
        case {"type": "round_opened"} | {"type": "match", "phase": "open", "my_choice": None}:
            await asyncio.sleep(wanted.think_s)
            choice = message["choices"].index(known[message["prompt"]])
            where = {"match": message["match"], "round": message["round"]}
            return {"type": "answer", **where, "choice": choice}
        case {"type": "match_over", **over} | {"type": "match", "result": {"totals": _, **over}}:
            print(message["match"], over["outcome"], over["reason"])  # noqa: T201 - its purpose
            wanted.matches -= 1
            return look_for_match if wanted.matches > 0 else None
        case {"type": "challenge_changed", "state": "declined" | "expired" as state}:
            raise SystemExit(state)
        case {"type": "refused", "reason": "unavailable"}:  # the storage is away, the socket stays
            await asyncio.sleep(1)
            return said
        case {"type": "refused", "reason": "not_online" | "already_in_match" | "already_seeking"}:
            raise aiohttp.ClientError  # connect again: welcome says where things stand
        case {"type": "refused", "reason": why} if why not in {"not_open", "already_answered"}:
            raise SystemExit(message["detail"])
    return None


if __name__ == "__main__":
    asyncio.run(main(parser.parse_args()))
