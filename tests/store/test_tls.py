"""rediss://: a real handshake, before a Valkey that was built without one of its own."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from server.core.events import SeatReady
from server.store.address import Kind
from server.store.fitness import UnfitError, check_fitness
from server.store.link import Link
from tests.store.given import MATCH, logs
from tests.store.test_inbox import THERE, mailbox
from tests.store.test_log import begun
from tests.support.certificate import HOST, certify
from tests.support.until import until

pytestmark = pytest.mark.parametrize("redis_url", [Kind.ONE], indirect=True)


async def test_everything_goes_by_tls(redis_url: str, link: Link, tmp_path: Path) -> None:
    writer = await begun(link)
    async with tls_before(redis_url, tmp_path) as url:
        await check_fitness(url, "the Redis")
        way = Link(url)
        await way.open()
        async with mailbox(url) as box:
            await logs(way, THERE).attach(MATCH)
            await writer.append(SeatReady(0))
            assert [mail.index for mail in await box.holds(1)] == [1]
        await way.close()


async def test_who_vouches_is_read_once_however_often_it_connects(
    redis_url: str, link: Link, tmp_path: Path
) -> None:
    async with tls_before(redis_url, tmp_path) as url, mailbox(url) as box:
        lose_certificate(url)
        await link.call("CLIENT", "KILL", "TYPE", "pubsub")

        async def begins_again() -> bool:
            await box.inbox.probe()
            return box.begun == 2

        await until(begins_again)


async def test_a_certificate_that_nobody_vouches_for_is_refused(
    redis_url: str, tmp_path: Path
) -> None:
    async with tls_before(redis_url, tmp_path) as url:
        with pytest.raises(UnfitError, match="CERTIFICATE_VERIFY_FAILED"):
            await check_fitness(url.partition("?")[0], "the Redis")


def lose_certificate(url: str) -> None:
    """Have the file gone that vouches for what is at a URL."""
    Path(url.partition("=")[2]).unlink()


@asynccontextmanager
async def tls_before(redis_url: str, folder: Path) -> AsyncIterator[str]:
    """A place that speaks TLS and hands on to the Redis at a Unix socket."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    certificate, key = certify(folder)
    context.load_cert_chain(certificate, key)
    tasks: set[asyncio.Task[None]] = set()

    async def pour(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        while chunk := await source.read(65_536):
            sink.write(chunk)
        sink.close()

    async def serve(client: asyncio.StreamReader, answers: asyncio.StreamWriter) -> None:
        path = redis_url.removeprefix("unix://")
        replies, commands = await asyncio.open_unix_connection(path)
        tasks.add(asyncio.create_task(pour(client, commands)))
        tasks.add(asyncio.create_task(pour(replies, answers)))

    server = await asyncio.start_server(serve, HOST, 0, ssl=context)
    port = server.sockets[0].getsockname()[1]
    try:
        yield f"rediss://{HOST}:{port}?ssl_ca_certs={certificate}"
    finally:
        server.close()
        await asyncio.gather(*tasks, return_exceptions=True)
