"""Every refusal of the contract, provoked by a client, in both encodings."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from server.core.refusal import Reason
from server.store.embedded import EmbeddedRedis
from server.web import dispatch
from server.wire.codec import SubProtocol
from tests.conftest import quick_settings
from tests.support.player import DECK, Map, connected
from tests.support.served import Served, serve
from tests.web.table import Table, table

Serve = Callable[..., Awaitable[Served]]
Provoke = Callable[[Table], Awaitable[Map]]

PROVOKED: dict[Reason, Provoke] = {}


def provokes(reason: Reason) -> Callable[[Provoke], Provoke]:
    def keep(provoke: Provoke) -> Provoke:
        PROVOKED[reason] = provoke
        return provoke

    return keep


@provokes(Reason.MALFORMED)
async def _(t: Table) -> Map:
    return await t.one.ask("answer", match="x", round=1)


@provokes(Reason.UNKNOWN_TYPE)
async def _(t: Table) -> Map:
    return await t.one.ask("dance")


@provokes(Reason.NOT_SIGNED_IN)
async def _(t: Table) -> Map:
    async with connected(t.url, None, SubProtocol(t.one.socket.protocol or "")) as visitor:
        return await visitor.ask("seek", deck=DECK)


@provokes(Reason.NO_SUCH_DECK)
async def _(t: Table) -> Map:
    return await t.one.ask("seek", deck="no such deck")


@provokes(Reason.NO_SUCH_MATCH)
async def _(t: Table) -> Map:
    return await t.one.ask("enter", match="no such match")


@provokes(Reason.ALREADY_SEEKING)
async def _(t: Table) -> Map:
    await t.one.ask("seek", deck=DECK)
    return await t.one.ask("seek", deck=DECK, rated=False)


@provokes(Reason.ALREADY_IN_MATCH)
async def _(t: Table) -> Map:
    await t.pair()
    refused = await t.one.ask("seek", deck=DECK)
    assert refused["match"] == t.match
    return refused


@provokes(Reason.NOT_YOUR_MATCH)
async def _(t: Table) -> Map:
    await t.begin()
    async with table(t.url, names=("Carl", "Dora")) as others:
        await others.one.ask("enter", match=t.match)
        assert (await others.one.ask("resign", match=t.match))["reason"] == "not_your_match"
    async with table(
        t.url, SubProtocol(t.one.socket.protocol or ""), names=("Emil", "Fay")
    ) as others:
        return await others.one.ask("answer", match=t.match, round=1, choice=0)


@provokes(Reason.NOT_OPEN)
async def _(t: Table) -> Map:
    await t.begin()
    return await t.one.ask("answer", match=t.match, round=2, choice=0)


@provokes(Reason.ALREADY_ANSWERED)
async def _(t: Table) -> Map:
    await t.begin()
    await t.one.ask("answer", match=t.match, round=1, choice=2)
    refused = await t.one.ask("answer", match=t.match, round=1, choice=3)
    assert refused["choice"] == 2
    return refused


@provokes(Reason.OVER)
async def _(t: Table) -> Map:
    await t.begin()
    await t.one.ask("resign", match=t.match)
    return await t.two.ask("answer", match=t.match, round=1, choice=0)


@provokes(Reason.COOLING_DOWN)
async def _(t: Table) -> Map:
    for _time in range(2):
        await t.begin()
        await t.one.ask("resign", match=t.match)
        for player in (t.one, t.two):
            await player.until("match_over")
    refused = await t.one.ask("seek", deck=DECK)
    assert 50_000 < refused["retry_in_ms"] <= 60_000
    return refused


@pytest.mark.parametrize("protocol", SubProtocol)
@pytest.mark.parametrize("reason", PROVOKED)
async def test_the_rules_say_no_with_a_reason_and_the_connection_lives(
    served: Serve, protocol: SubProtocol, reason: Reason
) -> None:
    server = await served()
    async with table(server.url, protocol) as t:
        refused = await PROVOKED[reason](t)
        assert refused["type"] == "refused"
        assert refused["reason"] == reason
        assert refused["detail"].endswith(".")
        assert (await t.one.ask("ping", t=1))["t"] == 1


@pytest.mark.parametrize("protocol", SubProtocol)
async def test_too_many_messages_are_refused_as_too_fast(
    served: Serve, protocol: SubProtocol
) -> None:
    server = await served(rate_limit=5)
    async with connected(server.url, None, protocol) as player:
        for ref in range(14):
            await player.send("ping", t=0, ref=ref)
        refused = await player.until("refused")
        assert refused["reason"] == Reason.TOO_FAST
        assert refused["ref"] in range(8, 14)


@pytest.mark.parametrize("protocol", SubProtocol)
async def test_without_its_redis_the_server_says_unavailable(
    tmp_path: Path, protocol: SubProtocol
) -> None:
    embedded = EmbeddedRedis(tmp_path)
    url = await embedded.start()
    server = await serve(quick_settings(url), url)
    try:
        async with table(server.url, protocol) as t:
            await embedded.stop()
            for type_ in ("seek", "watch_ladder"):
                refused = await t.one.ask(type_, deck=DECK)
                assert refused["reason"] == Reason.UNAVAILABLE
            assert (await t.one.ask("ping", t=1))["t"] == 1
    finally:
        await server.stop()
        await embedded.stop()


def test_every_reason_of_the_contract_is_provoked_here_or_by_challenges() -> None:
    there = ("test_challenge_socket.py", "test_rematch_socket.py")
    of_challenges = "".join(Path(__file__).with_name(name).read_text("utf-8") for name in there)
    rest = set(Reason) - set(PROVOKED) - {Reason.TOO_FAST, Reason.UNAVAILABLE}
    assert Reason.OWN_CHALLENGE in rest
    assert {reason for reason in rest if f'"{reason}"' not in of_challenges} == set()


@pytest.mark.parametrize(
    ("type_", "keys"),
    [
        ("seek", {"deck": DECK}),
        ("cancel_seek", {}),
        ("ready", {"match": "m"}),
        ("answer", {"match": "m", "round": 1, "choice": 0}),
        ("resign", {"match": "m"}),
    ],
)
async def test_a_visitor_can_do_nothing_that_a_player_does(
    served: Serve, type_: str, keys: Map
) -> None:
    server = await served()
    async with connected(server.url) as visitor:
        assert (await visitor.ask(type_, **keys))["reason"] == Reason.NOT_SIGNED_IN


@pytest.mark.parametrize(
    ("type_", "keys"),
    [
        ("enter", {}),
        ("ready", {}),
        ("answer", {"round": 1, "choice": 0}),
        ("resign", {}),
    ],
)
@pytest.mark.parametrize("match", ["", "x", "../../etc", "{m:0}:log", "\0", "é" * 1000])
async def test_an_unknown_match_is_refused_by_every_message_that_names_one(
    served: Serve, type_: str, keys: Map, match: str
) -> None:
    server = await served()
    async with table(server.url) as t:
        refused = await t.one.ask(type_, match=match, **keys)
        assert refused["reason"] == Reason.NO_SUCH_MATCH


@pytest.mark.parametrize("type_", ["seek", "watch_ladder", "unwatch_ladder"])
async def test_an_unknown_deck_is_refused_by_every_message_that_names_one(
    served: Serve, type_: str
) -> None:
    server = await served()
    async with table(server.url) as t:
        for deck in ("", "x", "deck:" + DECK, DECK.upper()):
            assert (await t.one.ask(type_, deck=deck))["reason"] == Reason.NO_SUCH_DECK


@pytest.mark.parametrize(
    ("type_", "keys"),
    [("ready", {}), ("answer", {"round": 1, "choice": 0}), ("resign", {})],
)
async def test_a_command_to_a_finished_match_is_refused_as_over(
    served: Serve, type_: str, keys: Map
) -> None:
    server = await served(rounds=1)
    async with table(server.url) as t:
        await t.begin()
        await t.play_out()
        assert (await t.one.ask(type_, match=t.match, **keys))["reason"] == Reason.OVER
        assert (await t.one.ask("enter", match=t.match))["phase"] == "over"


async def test_a_socket_follows_only_so_many_live_matches_at_a_time(
    served: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatch, "MOST_MATCHES", 1)
    server = await served()
    async with (
        connected(server.url) as watcher,
        table(server.url) as t,
        table(server.url, names=("Carl", "Dora")) as other,
    ):
        await t.pair()
        await other.pair()
        for match in (t.match, t.match):
            assert (await watcher.ask("enter", match=match))["type"] == "match"
        assert (await watcher.ask("enter", match=other.match))["reason"] == Reason.TOO_FAST
        await t.one.ask("resign", match=t.match)
        await watcher.until("match_over")
        assert (await watcher.ask("enter", match=other.match))["type"] == "match"
