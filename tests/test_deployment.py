"""docs/deployment.md carried out: nginx with the given file before two servers and one Redis."""

import asyncio
import re
import signal
from collections.abc import AsyncIterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from server.settings import from_sources
from server.store.embedded import EmbeddedRedis
from server.web.calls import MAX_BODY, REQUEST_S
from server.web.session import COOKIE
from server.web.socket import PULSE_IDLE_S
from tests.bare_machine import ROOT
from tests.pages.conftest import browser, playwright, visit
from tests.pages.visitor import SERVER_GONE, Visit
from tests.play.duelist import Duelist, as_result
from tests.serving import Server, free_port, serving
from tests.support.nginx import in_front_of
from tests.support.player import (
    PATIENCE_S,
    Closed,
    Map,
    Player,
    client,
    connected,
    play_out,
    sign_up,
)
from tests.web.table import table

__all__ = ["browser", "playwright", "visit"]  # fixtures of the pages' tests

FLAGS = (
    *("--rounds", "3", "--round-ms", "60000", "--countdown-ms", "0", "--reveal-ms", "200"),
    *("--ready-ms", "60000", "--forfeit-ms", "60000", "--pair-every-ms", "10"),
    *("--pair-limits", "off", "--rate-limit", "0", "--trusted-proxies", "127.0.0.1"),
)


class Machine:
    """A machine of the deployment, whose server can be killed and started again."""

    def __init__(self, home: Path, host: str, redis_url: str, workers: int) -> None:
        self.host = host
        self.port = free_port()
        self._home = home
        self._flags = (*FLAGS, "--redis-url", redis_url, "--workers", str(workers))
        self._running = ExitStack()
        self.server: Server | None = None

    async def start(self) -> None:
        """Start the server, and go on once it is ready."""
        self.server = await asyncio.to_thread(self._start)

    def _start(self) -> Server:
        return self._running.enter_context(
            serving(self._home, *self._flags, host=self.host, port=self.port)
        )

    async def end(self, how: signal.Signals) -> None:
        """Have the server end, as a signal makes it."""
        assert self.server is not None
        await asyncio.to_thread(self.server.stop, how)
        self._running.close()


@dataclass
class Deployment:
    """Two machines behind nginx, reached at `url`."""

    url: str
    machines: tuple[Machine, Machine]


@pytest.fixture(scope="module")
async def deployment(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Deployment]:
    home = tmp_path_factory.mktemp("deployment")
    redis = EmbeddedRedis(home / "data")
    url = await redis.start()
    machines = Machine(home, "127.0.0.1", url, 2), Machine(home, "127.0.0.2", url, 1)
    try:
        await asyncio.gather(*(machine.start() for machine in machines))
        where = [f"{machine.host}:{machine.port}" for machine in machines]
        with in_front_of(where, home) as reached:
            yield Deployment(reached, machines)
    finally:
        for machine in machines:
            await machine.end(signal.SIGTERM)
        await redis.stop()


def given(name: str) -> str:
    """A file of the guide."""
    return (ROOT / "docs" / name).read_text("utf-8")


def seconds(directive: str, where: str) -> float:
    """What a directive of nginx.conf says, in a part of it."""
    (found,) = re.findall(rf"^ *{directive} (\d+)s;", where, re.MULTILINE)
    return float(found)


def test_the_settings_of_the_guide_are_settings() -> None:
    (told,) = re.findall(
        r"^```\n(DECKDUEL_HOST=.*?)```", given("deployment.md"), re.MULTILINE | re.DOTALL
    )
    settings = from_sources({}, dict(line.split("=", 1) for line in told.splitlines()))
    assert settings.trusted_proxies == ("10.0.0.10/32",)
    assert "10.0.0.11:8000" in given("nginx.conf")


def test_the_limits_of_nginx_go_with_those_of_the_server() -> None:
    text = given("nginx.conf")
    upstream, location = text.partition("map ")[0], text.partition("listen 443")[2]
    assert f"client_max_body_size {MAX_BODY // 1024}k;" in text
    assert f"client_body_buffer_size {MAX_BODY // 1024}k;" in text
    assert seconds("client_header_timeout", text) == seconds("client_body_timeout", text)
    assert seconds("client_header_timeout", text) == REQUEST_S
    assert seconds("keepalive_timeout", upstream.replace("; #", ";\n#")) < REQUEST_S
    assert seconds("proxy_read_timeout", location) > 2 * PULSE_IDLE_S
    assert seconds("proxy_send_timeout", location) > 2 * PULSE_IDLE_S


async def is_closed(player: Player) -> bool:
    """Whether this socket was on a server that is gone."""
    try:
        await player.settled()
    except (Closed, ConnectionError):
        return True
    return False


async def test_players_on_two_servers_play_on_when_one_is_killed(deployment: Deployment) -> None:
    async with table(deployment.url) as t:
        await t.begin()
        await deployment.machines[0].end(signal.SIGKILL)
        gone = [await is_closed(t.one), await is_closed(t.two)]
        assert sorted(gone) == [False, True], "they were on different servers"
        other, account = (t.two, t.ada) if gone[0] else (t.one, t.bob)
        async with connected(deployment.url, account) as again:
            entered = await again.ask("enter", match=t.match)
            assert (entered["phase"], entered["round"]) == ("open", 1)
            again.seen.append({"type": "round_opened", "round": 1})
            over, same = await asyncio.gather(play_out(again, t.match), play_out(other, t.match))
        assert over == same
        assert over["reason"] == "played"
        assert over["ratings"] is not None
        await deployment.machines[0].start()


async def test_nginx_lets_through_what_the_server_would_take(deployment: Deployment) -> None:
    elsewhere = {"Origin": "https://elsewhere.example"}
    async with client() as session:
        body = {"name": "Eve"}
        where = f"{deployment.url}/api/players"
        async with session.post(where, json=body, headers=elsewhere) as answer:
            assert answer.status == 403
        insecure = {"Origin": deployment.url.replace("https", "http")}
        async with session.post(where, json=body, headers=insecure) as answer:
            assert answer.status == 403
        async with session.get(f"{deployment.url}/metrics") as answer:
            assert answer.status == 404
        body = {"name": "x" * (MAX_BODY - 100)}
        async with session.post(where, json=body) as answer:
            assert answer.status == 422, "a body of this size comes through"


async def test_where_no_server_is_calls_hear_it_in_json_and_pages_in_a_sentence(
    tmp_path: Path,
) -> None:
    nobody = [f"127.0.0.1:{free_port()}" for _ in range(2)]
    with in_front_of(nobody, tmp_path) as url:
        async with client() as session:
            async with session.get(f"{url}/api/me") as answer:
                assert answer.status == 503
                told = await answer.json()
            assert told["error"] == "unavailable"
            for page in ("/", "/healthz", "/ws"):
                async with session.get(f"{url}{page}") as answer:
                    assert (answer.status, answer.content_type) == (503, "text/plain"), page
                    assert await answer.text() == told["detail"] + "\n"


class Rollers:
    """Players who play match after match, over as many connections as it takes.

    Casual ones: after some rated ones they would be too far apart to be paired at once.
    """

    def __init__(self, url: str, accounts: list[Map]) -> None:
        self.over: list[list[Duelist]] = [[] for _ in accounts]
        self._url = url
        self._one_more = asyncio.Event()
        self._playing = [
            asyncio.create_task(self._play_on(account, seat))
            for seat, account in enumerate(accounts)
        ]

    async def _play_on(self, account: Map, number: int) -> None:
        while True:
            duelist = Duelist(self._url, account, number, rated=False)
            await duelist.play()
            self.over[number].append(duelist)
            self._one_more.set()

    async def all_play_another(self) -> None:
        """Go on once everybody has ended another match."""
        wanted = [len(each) + 1 for each in self.over]
        async with asyncio.timeout(PATIENCE_S):
            while any(len(each) < least for each, least in zip(self.over, wanted, strict=True)):
                self._one_more.clear()
                await self._one_more.wait()

    async def stop(self) -> None:
        """Have everybody leave."""
        for task in self._playing:
            task.cancel()
        await asyncio.wait(self._playing)
        assert all(task.cancelled() for task in self._playing), "somebody could not go on"


async def test_a_rolling_restart_of_both_servers_ends_no_match(
    deployment: Deployment, visit: Visit
) -> None:
    """A new version, machine by machine, while a page is in a match and others play on and on."""
    ada = await visit(deployment.url)
    ada.forgive(SERVER_GONE)
    await ada.sign_up("Grace")
    await ada.reads("Looking for an opponent")
    (cookie,) = await ada.context.cookies()
    assert (cookie["name"], cookie["secure"], cookie["httpOnly"]) == (COOKIE, True, True)
    bob = Duelist(deployment.url, await sign_up(deployment.url, "Linus"), 0)
    beside = asyncio.create_task(bob.play())
    await ada.round(1)
    names = [f"Roller {number}" for number in range(4)]
    rollers = Rollers(deployment.url, [await sign_up(deployment.url, name) for name in names])
    for number, machine in enumerate(deployment.machines, start=1):
        await rollers.all_play_another()
        await machine.end(signal.SIGTERM)
        await ada.page.keyboard.press("1")
        await ada.round(number + 1)
        await machine.start()
    await rollers.all_play_another()
    await rollers.stop()
    await ada.page.keyboard.press("1")
    await beside
    await ada.page.get_by_text("Rematch").wait_for()
    duels = [bob, *(duelist for each in rollers.over for duelist in each)]
    assert {as_result(duelist.over)["reason"] for duelist in duels} == {"played"}
    assert {len(duelist.taken) for duelist in duels} == {3}
