"""What is said of a Redis that cannot serve: one sentence, with what to do about it."""

import asyncio
import re
from collections.abc import AsyncIterator

import pytest

from server.store.address import Place
from server.store.fitness import UnfitError, check_fitness
from tests.serving import free_port
from tests.support.fleet import MASTER, fleet


@pytest.fixture(scope="module")
async def odd_ones(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[dict[str, str]]:
    """Places of a Redis, one with a password, a node of a cluster without slots, a sentinel."""
    async with fleet(tmp_path_factory.mktemp("odd")) as odd:
        lone, bus = await odd.start(), str(free_port())
        watch = f"sentinel monitor {MASTER} {lone.host} {lone.port} 1\n"
        yield {
            "lone": str(lone),
            "node": str(await odd.start("--cluster-enabled", "yes", "--cluster-port", bus)),
            "sentinel": str(await odd.start("--sentinel", config=watch)),
            "nobody": str(Place("127.0.0.1", free_port())),
        }


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("redis://{lone}", ""),
        ("redis+sentinel://{nobody},{sentinel}/duels", ""),
        (
            "redis://{nobody}",
            "The Redis does not answer (.*); start it or give another --redis-url.",
        ),
        ("redis+cluster://{nobody}", "The Redis does not answer (.*); start it or .*"),
        ("redis+sentinel://{nobody}/duels", "No sentinel at {nobody} answers (.*); start one .*"),
        ("redis+cluster://{lone}", "The Redis at {lone} is in no cluster: give redis://{lone}."),
        ("redis://{node}", "The Redis belongs to a cluster: give redis+cluster://{node}."),
        ("redis+cluster://{nobody},{node}", "The Redis serves 0 of its 16384 slots; give .*"),
        (
            "redis://{sentinel}",
            "The Redis is a sentinel: give redis+sentinel://{sentinel}/NAME with .*",
        ),
        (
            "redis+sentinel://{lone}/duels",
            "The Redis at {lone} is no sentinel: give redis://{lone} instead.",
        ),
        ("redis+sentinel://{sentinel}/x", "The sentinels at {sentinel} know no master named x."),
        ("redis://:geheim@{lone}", "The Redis refuses the user or the password in --redis-url.*"),
    ],
)
async def test_each_is_told_in_one_sentence(
    odd_ones: dict[str, str], url: str, sentence: str
) -> None:
    said = ""
    try:
        await check_fitness(url.format(**odd_ones), "the Redis")
    except UnfitError as error:
        said = str(error)
    wanted = re.escape(sentence.format(**odd_ones)).replace(r"\.\*", ".*")
    assert re.fullmatch(wanted, said), said
    assert "geheim" not in said


@pytest.mark.parametrize(
    ("version", "too_old"), [("6.2.14", True), ("7.0.0", False), ("10.1.0", False)]
)
async def test_a_redis_before_7_is_refused(
    version: str,
    too_old: bool,  # noqa: FBT001 - a column of the table above
) -> None:
    info = f"# Server\r\nredis_version:{version}\r\nredis_mode:standalone\r\n"

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"server\r\n")
        writer.write(f"${len(info)}\r\n{info}\r\n".encode())
        await reader.read()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    said = ""
    try:
        port = server.sockets[0].getsockname()[1]
        await check_fitness(f"redis://127.0.0.1:{port}", "the Redis at db:6379")
    except UnfitError as error:
        said = str(error)
    finally:
        server.close()
    wanted = f"The Redis at db:6379 is version {version}; 7.0 or newer is needed."
    assert said == (wanted if too_old else "")
