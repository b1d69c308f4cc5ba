"""Names: changed once in 30 days, looked at, given free; never with two players."""

import asyncio
from itertools import count
from typing import Final

import pytest
from msgspec.structs import replace

from server.core.ids import PlayerId
from server.core.names import RENAME_EVERY_MS
from server.store import keys
from server.store.link import Link, Unavailable
from server.store.names import HALF_DONE_MS, Nameless, Names, NameTaken, TooSoon
from server.store.players import UNNAMING, Players
from tests.store.dying import dying
from tests.store.given import empty

HOUR_MS: Final = 3_600_000


async def ada(link: Link) -> PlayerId:
    account, _ = await Players(link).sign_up("Ada", bot=False, now_ms=1_000)
    return account.id


async def holder(link: Link, name: str) -> str | None:
    raw = await link.call("GET", keys.name(name))
    return raw.decode() if raw else None


async def test_a_new_name_is_the_players_and_the_old_one_anybodys(link: Link) -> None:
    player, players = await ada(link), Players(link)
    await players.registry.rename(player, "Ada", "Zoe")
    account = await players.account(player)
    assert account is not None
    assert account.name == "Zoe"
    assert await players.names([player]) == ["Zoe"]
    assert await link.call("PTTL", keys.name("zoe")) == -1
    other, _ = await players.sign_up("Ada", bot=False, now_ms=1_000)
    assert other.id != player
    with pytest.raises(NameTaken):
        await players.sign_up("ZOE", bot=False, now_ms=1_000)


async def test_a_name_is_changed_once_in_thirty_days(link: Link) -> None:
    player, names = await ada(link), Names(link)
    assert await names.may_rename_at(player) is None
    await names.rename(player, "Ada", "Zoe")
    with pytest.raises(TooSoon) as refused:
        await names.rename(player, "Zoe", "Ada")
    assert refused.value.at == await names.may_rename_at(player)
    assert await holder(link, "ada") is None
    await link.call("HINCRBY", keys.account(player), "renamed_at", 60_000 - RENAME_EVERY_MS)
    with pytest.raises(TooSoon):
        await names.rename(player, "Zoe", "Ada")
    await link.call("HINCRBY", keys.account(player), "renamed_at", -60_000)
    await names.rename(player, "Zoe", "Ada")
    assert await holder(link, "ada") == player


async def test_a_name_of_the_same_letters_is_a_change_too(link: Link) -> None:
    player, names = await ada(link), Names(link)
    await names.rename(player, "Ada", "ADA")
    assert await Players(link).names([player]) == ["ADA"]
    assert await holder(link, "ada") == player
    with pytest.raises(TooSoon):
        await names.rename(player, "ADA", "Ada")


async def test_a_taken_name_leaves_the_old_one(link: Link) -> None:
    player, players = await ada(link), Players(link)
    bob, _ = await players.sign_up("Bob", bot=False, now_ms=1_000)
    with pytest.raises(NameTaken):
        await players.registry.rename(player, "Ada", "BOB")
    assert await players.names([player, bob.id]) == ["Ada", "Bob"]
    assert await players.registry.may_rename_at(player) is None
    assert await holder(link, "bob") == bob.id


async def test_of_two_changes_at_once_one_counts(link: Link) -> None:
    player, names = await ada(link), Names(link)
    results = await asyncio.gather(
        *(names.rename(player, "Ada", name) for name in ("Zoe", "Eve", "Kim")),
        return_exceptions=True,
    )
    assert results.count(None) == 1
    assert all(isinstance(result, TooSoon | None) for result in results)
    (name,) = await Players(link).names([player])
    kept = [found for found in ("ada", "zoe", "eve", "kim") if await holder(link, found)]
    assert kept == [name.lower()]


async def test_who_is_called_otherwise_by_now_is_not_renamed(link: Link) -> None:
    player, names = await ada(link), Names(link)
    with pytest.raises(Nameless):
        await names.rename(player, "Eve", "Zoe")
    assert await holder(link, "zoe") is None
    assert await Players(link).names([player]) == ["Ada"]


@pytest.mark.parametrize("carried_out", [False, True])
async def test_a_change_cut_short_is_done_by_asking_again_or_undone(
    link: Link, *, carried_out: bool
) -> None:
    for write in count():
        for again in (True, False):
            await empty(link)
            player, names = await ada(link), Names(link)
            died = False
            try:
                with dying(link, write, carried_out=carried_out):
                    await names.rename(player, "Ada", "Zoe")
            except Unavailable:
                died = True
            (now,) = await Players(link).names([player])
            if again and now == "Ada":
                await names.rename(player, "Ada", "Zoe")
                now = "Zoe"
            await sweep_half_done(link, names)
            assert await holder(link, now.lower()) == player
            assert await link.call("PTTL", keys.name(now.lower())) == -1
            other = "ada" if now == "Zoe" else "zoe"
            assert await holder(link, other) is None
        if not died:
            assert write >= 5
            return


async def sweep_half_done(link: Link, names: Names) -> None:
    """Look at every name that is due within a minute, and let what nobody kept run out."""
    for name in ("ada", "zoe"):
        if await link.call("PTTL", keys.name(name)) >= 0:
            await link.call("PEXPIRE", keys.name(name), 0)
    for raw in await link.call("ZRANGE", keys.NAMES_DUE, 0, -1):
        player, name = raw.decode().split(" ", 1)
        (now,) = await Players(link).names([PlayerId(player)])
        if now.lower() != name:
            await names.finish_leaving(name, PlayerId(player))


async def test_a_half_done_name_that_comes_to_its_account_meanwhile_is_kept(link: Link) -> None:
    player, names = await ada(link), Names(link)
    await names.finish_leaving("ada", player)
    assert await holder(link, "ada") == player
    # and one that is about to come to it holds on to what a sweep has begun to take
    await link.call("SET", keys.name("ada"), f"leaving {player}")
    assert await names.confirm("Ada", player)
    assert await holder(link, "ada") == player
    await link.call("DEL", keys.name("ada"))
    assert await names.confirm("Ada", player)
    assert await holder(link, "ada") == player
    await link.call("SET", keys.name("ada"), "another")
    assert not await names.confirm("Ada", player)


async def test_names_come_up_when_they_are_due_and_again_until_they_are_looked_at(
    link: Link,
) -> None:
    names = Names(link)
    await names.look_at(PlayerId("a"), "Ada", 0)
    await names.look_at(PlayerId("b"), "Bob B", 0)
    await names.look_at(PlayerId("c"), "Cat", HALF_DONE_MS)
    (first,) = await names.due(1)
    assert (first.player, first.name) == ("a", "ada")
    (second,) = await names.due(9)
    assert (second.player, second.name) == ("b", "bob b")
    assert await names.due(9) == []
    await link.call("ZADD", keys.NAMES_DUE, 1, "a ada")
    (again,) = await names.due(9)
    assert again.player == first.player
    # Of an earlier look, if only by a millisecond: it was put there anew.
    await names.looked(replace(again, score=again.score - 1))
    assert await link.call("ZSCORE", keys.NAMES_DUE, "a ada") is not None
    await names.looked(again)
    assert await link.call("ZSCORE", keys.NAMES_DUE, "a ada") is None


@pytest.mark.parametrize(
    ("hold", "least_age_ms", "freed"),
    [(UNNAMING, HOUR_MS, True), (UNNAMING, 10**14, False), ("match m", HOUR_MS, False)],
)
async def test_a_name_leaves_an_account_only_under_its_hold_and_in_time(
    link: Link, hold: str, least_age_ms: int, *, freed: bool
) -> None:
    player, players = await ada(link), Players(link)
    await players.hold(player, "", hold)
    assert await players.registry.unname(player, "Ada", UNNAMING, least_age_ms) is freed
    assert (await players.account(player) is None) is freed
    assert await players.freed(player) == ("Ada" if freed else None)
    assert await holder(link, "ada") == (None if freed else player)
    assert await players.held_by(player) == ("" if hold == UNNAMING else hold)


async def test_a_guest_whose_name_was_given_free_takes_it_again_if_it_is_there(
    link: Link,
) -> None:
    player, players = await ada(link), Players(link)
    await players.hold(player, "", UNNAMING)
    assert await players.registry.unname(player, "Ada", UNNAMING, HOUR_MS)
    assert await players.names([player]) == ["Ada"]
    account, _ = await players.sign_up("Ada", bot=False, now_ms=2_000, guest=player)
    assert account.id == player
    assert await players.freed(player) is None


async def test_a_deleted_account_is_nobodys_and_comes_back_as_nobody(link: Link) -> None:
    player, players = await ada(link), Players(link)
    await players.registry.release("Ada", player)
    await players.delete(player)
    assert await players.account(player) is None
    assert await players.names([player]) == ["deleted player"]
    assert await players.freed(player) is None
    account, _ = await players.sign_up("Ada", bot=False, now_ms=2_000, guest=player)
    assert account.id != player
