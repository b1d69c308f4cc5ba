"""Who is here and what is being played, at several processes on one Redis."""

import asyncio
from collections.abc import Sequence

import msgspec
import pytest
from msgspec.structs import replace

from server.core.commands import Resign
from server.core.ids import MatchId, PlayerId
from server.play import activity, matches, watch
from server.store.keys import ONLINE, LadderKeys
from server.store.ladder import Record
from server.store.link import time_ms
from server.store.players import Account
from server.web.services import Services
from server.wire import messages as wire
from tests.play.given import (
    DECK,
    PATIENCE_S,
    Ear,
    Process,
    comes,
    ended,
    here,
    made,
    signed_up,
)
from tests.support.until import until


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looks are taken often, so that tests need not wait for them."""
    monkeypatch.setattr(activity, "LOBBY_EVERY_MS", 20)
    monkeypatch.setattr(activity, "PLAYERS_EVERY_MS", 20)


async def lobby(at: Services, deck: str = DECK) -> wire.Lobby:
    """The lobby as a page that opens now gets it."""
    ear = Ear()
    now = await at.activity.watch_lobby(deck, ear)
    at.activity.unwatch_lobby(deck, ear)
    return now


async def listed(at: Services) -> set[str]:
    """The names in it."""
    return {player.name for player in (await lobby(at)).players}


async def claimed(at: Services, match: MatchId, ago_ms: int = 0) -> None:
    """As a claim does it."""
    now = time_ms(await at.link.call("TIME"))
    await at.link.call("ZADD", LadderKeys(DECK).playing, now - ago_ms, match)


async def test_who_comes_is_listed_at_every_process_at_once(process: Process) -> None:
    one, two = await process(), await process()  # neither beats
    ada = await signed_up(one, "Ada")

    async def seen() -> bool:
        return await listed(two) == {"Ada"}

    await until(seen)
    assert await two.activity.is_online(ada.who.id)
    assert not await two.activity.is_online(PlayerId("nobody"))


async def test_a_player_with_a_socket_here_is_online_whatever_redis_says(process: Process) -> None:
    at = await process()
    ada = await signed_up(at, "Ada")

    async def said() -> bool:
        return bool(await at.link.call("ZREM", ONLINE, ada.who.id))

    await until(said)
    assert await at.activity.online((ada.who.id, PlayerId("nobody"))) == {ada.who.id}
    now = await lobby(at)
    assert (now.online, [player.id for player in now.players]) == (1, [ada.who.id])


async def test_beats_keep_a_player_on_the_list_and_his_last_socket_takes_him_off(
    process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(activity, "BEAT_EVERY_MS", 20)
    at, elsewhere = await process(running=True), await process()
    ada = await signed_up(at, "Ada")
    tab = here(at, ada.who)

    async def beaten() -> bool:
        return bool(await at.link.call("ZREM", ONLINE, ada.who.id))

    for _ in range(3):
        await until(beaten)
    at.presence.go(tab)
    await until(beaten)
    at.presence.go(ada)

    async def gone() -> bool:
        return not await elsewhere.activity.is_online(ada.who.id)

    began = asyncio.get_running_loop().time()
    await until(gone)
    assert asyncio.get_running_loop().time() - began < 6


async def test_who_leaves_one_process_for_another_is_never_off_the_list(
    process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(activity, "BEAT_EVERY_MS", 300)
    one, two, looks = await process(), await process(running=True), await process()
    ada = await signed_up(one, "Ada")

    async def seen() -> float:
        return float(await looks.link.call("ZSCORE", ONLINE, ada.who.id) or 0)

    async def first_seen() -> bool:
        return await seen() > 0

    await until(first_seen)
    arrived = await seen()
    here(two, ada.who)
    one.presence.go(ada)

    async def beaten_there_again() -> bool:
        assert await looks.activity.is_online(ada.who.id)
        return await seen() > arrived + 1_000

    await until(beaten_there_again)


async def test_the_lobby_lists_the_best_rated_first_and_labels_bots(process: Process) -> None:
    at = await process()
    ears = [await signed_up(at, name, bot=name == "Cas") for name in ("Ada", "Bob", "Cas")]
    for ear, rating in zip(ears, (1400, 1800, 1600), strict=True):
        record = Record(rating=rating, matches=20 if rating == 1800 else 3)
        await at.link.call(
            "SET", LadderKeys(DECK).record(ear.who.id), msgspec.msgpack.encode(record)
        )
    now = await lobby(at)
    assert now.online == 3
    assert [(p.name, p.rating, p.provisional, p.bot) for p in now.players] == [
        ("Bob", 1800, False, False),
        ("Cas", 1600, True, True),
        ("Ada", 1400, True, False),
    ]


async def test_practice_opponents_are_never_listed_but_are_here(process: Process) -> None:
    at, elsewhere = await process(running=True), await process()
    character = Ear(Account(PlayerId("practice-1"), "Coach", bot=True, practice=True))
    at.presence.arrive(character)
    await signed_up(at, "Ada")

    async def beaten() -> bool:
        return await listed(elsewhere) == {"Ada"}

    await until(beaten)
    assert await listed(at) == {"Ada"}
    assert (await lobby(at)).online == 1
    assert await at.activity.is_online(character.who.id)


async def test_a_crowd_is_counted_and_the_first_of_the_board_are_listed(
    process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(activity, "MOST_SORTED", 3)
    monkeypatch.setattr(activity, "MOST_LISTED", 2)
    at, elsewhere = await process(), await process()
    ears = [await signed_up(at, f"Player {number}") for number in range(8)]

    async def all_here() -> bool:
        return int(await at.link.call("ZCARD", ONLINE)) == len(ears)

    await until(all_here)
    # Those seen last stand last in Redis, where only the first are looked at.
    await elsewhere.settling.settle(await ended(elsewhere, ears[6], ears[7]))
    now = await lobby(elsewhere)
    assert now.online == 8
    assert len(now.players) == 2
    assert (now.players[0].name, now.players[0].rating) == ("Player 6", 1520)


async def test_a_live_match_is_listed_with_its_score_wherever_it_is_played(
    process: Process,
) -> None:
    at, elsewhere = await process(), await process()
    ears = await signed_up(at, "Ada"), await signed_up(at, "Bob")
    match = await made(at, ears)
    await claimed(at, match)
    for ear in ears:
        await comes(at, match, ear)
    for services in (at, elsewhere):
        (live,) = (await lobby(services)).matches
        assert (live.match, live.rated, live.rounds) == (match, True, 2)
        assert [(player.name, player.rating) for player in live.players] == [
            ("Ada", 1500),
            ("Bob", 1500),
        ]
        assert {p.playing for p in (await lobby(services)).players} == {match}
    assert len(elsewhere.matches) == 0  # to list a match is not to hold it
    assert await elsewhere.activity.playing(ears[0].who.id) == match


async def test_a_match_is_off_the_list_once_it_is_settled(process: Process) -> None:
    at = await process()
    ears = await signed_up(at, "Ada"), await signed_up(at, "Bob")
    match = await ended(at, *ears)
    await claimed(at, match)
    assert (await lobby(at)).matches == ()  # over, and being settled
    assert await at.link.call("ZCARD", LadderKeys(DECK).playing) == 1
    await at.settling.settle(match)
    assert await at.link.call("ZCARD", LadderKeys(DECK).playing) == 0
    await claimed(at, match)
    assert (await lobby(at)).matches == ()
    assert await at.link.call("ZCARD", LadderKeys(DECK).playing) == 0


async def test_a_claim_that_made_no_match_is_dropped_but_not_while_it_may_still_make_one(
    process: Process,
) -> None:
    at = await process()
    await claimed(at, MatchId("young"), ago_ms=activity.CLAIM_MS - 10_000)
    await claimed(at, MatchId("old"), ago_ms=activity.CLAIM_MS + 1)
    assert (await lobby(at)).matches == ()
    assert await at.link.call("ZRANGE", LadderKeys(DECK).playing, 0, -1) == [b"young"]


async def test_a_lobby_is_sent_when_it_changes_and_only_then(process: Process) -> None:
    at, elsewhere = await process(), await process()
    watcher, other = Ear(), Ear()
    for ear in (watcher, other):
        assert (await at.activity.watch_lobby(DECK, ear)).online == 0
    ada = await signed_up(elsewhere, "Ada")
    heard = await watcher.hears(wire.Lobby)
    assert [player.name for player in heard.players] == ["Ada"]
    assert await other.hears(wire.Lobby) is heard
    at.activity.unwatch_lobby(DECK, other)
    ears = ada, await signed_up(elsewhere, "Bob")
    assert (await watcher.hears(wire.Lobby, 2)).online == 2
    match = await made(elsewhere, ears)
    await claimed(elsewhere, match)
    async with asyncio.timeout(PATIENCE_S):
        while not watcher.of(wire.Lobby)[-1].matches:
            await watcher.hears(wire.Lobby, len(watcher.heard) + 1)
    assert len(other.heard) == 1
    assert len({repr(message) for message in watcher.heard}) == len(watcher.heard)


async def test_nobody_watching_nothing_is_looked_at(
    process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    for every in ("LOBBY_EVERY_MS", "PLAYERS_EVERY_MS"):
        monkeypatch.setattr(activity, every, 60_000)  # the timers stand while they are looked at
    at = await process()
    ears = Ear(), Ear()
    for ear in ears:
        await at.activity.watch_lobby(DECK, ear)
        await at.activity.watch_player(PlayerId("ada"), ear)
    for ear, pending in zip(ears, (True, False), strict=True):
        at.activity.unwatch_lobby(DECK, ear)
        at.activity.unwatch_player(PlayerId("ada"), ear)
        assert at.timers.pending("lobbies") == pending
        assert at.timers.pending("presences") == pending
    at.activity.unwatch_lobby(DECK, ears[0])
    at.activity.unwatch_player(PlayerId("ada"), ears[0])


async def test_a_watched_player_is_told_of_when_he_comes_begins_ends_and_goes(
    process: Process,
) -> None:
    at, elsewhere = await process(), await process()
    ears = await signed_up(elsewhere, "Ada"), await signed_up(elsewhere, "Bob")
    elsewhere.presence.go(ears[0])

    async def gone() -> bool:
        return not await at.activity.is_online(ears[0].who.id)

    await until(gone)
    watcher, player = Ear(), ears[0].who.id
    now = await at.activity.watch_player(player, watcher)
    assert now == wire.PresenceMessage(player=player, online=False, playing=None)
    elsewhere.presence.arrive(ears[0])
    assert await watcher.hears(wire.PresenceMessage) == replace(now, online=True)
    match = await made(elsewhere, ears)
    heard = await watcher.hears(wire.PresenceMessage, 2)
    assert heard == replace(now, online=True, playing=match)
    live = await elsewhere.matches.attach(match)
    await elsewhere.matches.perform(live, lambda _: Resign(0))

    async def settled() -> bool:
        await elsewhere.settling.settle(match)
        return live.state.settled is not None

    await until(settled)
    assert await watcher.hears(wire.PresenceMessage, 3) == replace(now, online=True)
    elsewhere.presence.go(ears[0])
    assert await watcher.hears(wire.PresenceMessage, 4) == now
    assert len(watcher.heard) == 4


async def test_the_count_of_watchers_is_told_to_all_and_at_most_once_a_second(
    process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matches, "WATCHERS_EVERY_MS", 300)
    at = await process()
    ears = await signed_up(at, "Ada"), await signed_up(at, "Bob")
    match = await made(at, ears)
    for ear in ears:
        await comes(at, match, ear)
    visitor, other, cas = Ear(), Ear(), await signed_up(at, "Cas")
    assert (await at.matches.enter(match, visitor)).watchers == 1
    for ear in (*ears, visitor):
        assert (await ear.hears(wire.Watchers)).watchers == 1
    for ear in (other, cas, here(at, cas.who)):
        await at.matches.enter(match, ear)
    # Two tabs of one player are one who watches, and a player's own other tab is a seat.
    own_tab = here(at, ears[0].who)
    assert (await at.matches.enter(match, own_tab)).watchers == 3
    assert (await ears[1].hears(wire.Watchers, 2)).watchers == 3
    for ear in (visitor, other):
        at.matches.leave(match, ear)
    assert (await ears[1].hears(wire.Watchers, 3)).watchers == 1
    assert [told.watchers for told in ears[1].of(wire.Watchers)] == [1, 3, 1]
    await claimed(at, match)
    assert [live.watchers for live in (await lobby(at)).matches] == [1]


async def test_watchers_are_no_longer_told_of_once_the_match_is_settled(process: Process) -> None:
    at = await process()
    ears = await signed_up(at, "Ada"), await signed_up(at, "Bob")
    match = await made(at, ears)
    live = await comes(at, match, ears[0])
    visitors = Ear(), Ear()
    for ear in visitors:
        await at.matches.enter(match, ear)
        await visitors[0].hears(wire.Watchers)
    assert at.timers.pending((match, "watchers"))
    await at.matches.perform(live, lambda _: Resign(0))
    await ears[0].hears(wire.MatchOver)
    assert not at.timers.pending((match, "watchers"))


async def test_watched_players_are_looked_up_so_many_at_a_time(
    process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "AT_ONCE", 2)
    at = await process()
    ears = [await signed_up(at, name) for name in ("Ada", "Bob", "Cyd", "Dee", "Eve")]
    watcher, sizes, online = Ear(), list[int](), at.activity.online
    for ear in ears:
        await at.activity.watch_player(ear.who.id, watcher)

    async def counted(players: Sequence[PlayerId]) -> set[PlayerId]:
        sizes.append(len(players))
        return await online(players)

    monkeypatch.setattr(at.activity, "online", counted)
    for ear in ears:
        assert await at.players.hold(ear.who.id, "", "match m") is None
    await watcher.hears(wire.PresenceMessage, len(ears))
    assert {now.player for now in watcher.of(wire.PresenceMessage)} == {e.who.id for e in ears}
    assert set(sizes) == {2, 1}
