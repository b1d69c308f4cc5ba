"""A practice match over `kill -9` of the server: the same question, and the same answers."""

import asyncio
from pathlib import Path

import aiohttp

from server.store.embedded import EmbeddedRedis
from tests.play.duelist import AGAIN_S
from tests.play.mortal import FLAGS, MortalServer, until_up, warm_up
from tests.practice.sparring import SLOWEST, begin, challenge_when_there, choices, thoughts
from tests.serving import free_port
from tests.support.player import PATIENCE_S, Map, connected, get, play_out


async def finished(url: str, ada: Map, match: str) -> Map:
    """Come back to the match once the server does, and play it out."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            try:
                async with connected(url, ada) as again:
                    assert (await again.ask("enter", match=match))["phase"] == "open"
                    await again.send("answer", match=match, round=1, choice=0)
                    await again.until("round_opened", round=2)
                    return await play_out(again, match)
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(AGAIN_S)


async def test_after_a_kill_a_character_goes_on_with_its_match_as_it_would_have(
    tmp_path: Path,
) -> None:
    warm_up()
    valkey, port = EmbeddedRedis(tmp_path), free_port()
    server = MortalServer(port, await valkey.start(), tmp_path / "words")
    url = f"http://127.0.0.1:{port}"
    try:
        server.start()
        account = await until_up(url, "Ada")
        async with connected(url, account) as ada:
            match = await challenge_when_there(ada, SLOWEST)
            await begin(ada, match)
        server.kill()
        server.start()
        assert (await finished(url, account, match))["reason"] == "played"
        record = await get(f"{url}/api/matches/{match}")
    finally:
        server.kill()
        await valkey.stop()
    assert "Traceback" not in server.said(), server.said()
    assert len(record["rounds"]) == FLAGS["rounds"]
    wanted = [thought.choice for thought in thoughts(record, SLOWEST, 15_000)]
    assert choices(record, SLOWEST.id) == wanted
