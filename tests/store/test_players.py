"""Players: names, accounts, sessions, and what holds them."""

import asyncio
import hashlib
from contextlib import suppress
from itertools import count
from typing import Final

import pytest

from server.core.ids import MatchId, PlayerId
from server.core.names import BadName
from server.store import keys
from server.store.link import Argument, Link, Reply, Unavailable
from server.store.players import Account, NameTaken, Players, match_hold, match_of
from tests.store.dying import dying
from tests.store.given import empty, every_key

ADA: Final = PlayerId("ada")


async def sign_up(link: Link, name: str, *, bot: bool = False) -> tuple[Account, str]:
    return await Players(link).sign_up(name, bot=bot, now_ms=1_000)


async def test_who_signs_up_is_found_by_token_and_by_id(link: Link) -> None:
    account, token = await sign_up(link, " Ada  Lovelace ", bot=True)
    assert (account.name, account.bot) == ("Ada Lovelace", True)
    players = Players(link)
    assert await players.signed_in(token) == account
    assert await players.account(account.id) == account
    assert await players.names([account.id, PlayerId("nobody")]) == ["Ada Lovelace", "?"]


async def test_a_token_that_was_never_given_is_nobodys(link: Link) -> None:
    _, token = await sign_up(link, "Ada")
    assert await Players(link).signed_in(token[:-1]) is None
    assert await Players(link).signed_in("") is None
    assert await Players(link).account(PlayerId("nobody")) is None


@pytest.mark.parametrize("same", ["Ada", "ADA", "ａｄａ", " ada "])
async def test_a_name_is_taken_in_every_form_that_reads_alike(link: Link, same: str) -> None:
    await sign_up(link, "Ada")
    with pytest.raises(NameTaken):
        await sign_up(link, same)


async def test_of_two_who_want_a_name_at_once_one_gets_it(link: Link) -> None:
    results = await asyncio.gather(
        *(sign_up(link, name) for name in ("Ada", "ADA", "ada")), return_exceptions=True
    )
    assert [type(result) for result in results].count(NameTaken) == 2


async def test_a_bad_name_stores_nothing(link: Link) -> None:
    with pytest.raises(BadName):
        await sign_up(link, "A\u202eda")
    assert await every_key(link) == []


async def test_a_taken_name_stores_nothing_more(link: Link) -> None:
    await sign_up(link, "Ada")
    size = len(await every_key(link))
    with pytest.raises(NameTaken):
        await sign_up(link, "Ada")
    assert len(await every_key(link)) == size == 5


async def test_a_name_is_for_ever_once_the_account_is_stored(link: Link) -> None:
    await sign_up(link, "Ada")
    assert await link.call("PTTL", keys.name("ada")) == -1


async def test_the_name_of_a_process_that_died_is_free_after_a_minute(
    link: Link, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = link.call

    def die_before_the_account(*command: Argument) -> asyncio.Future[Reply]:
        if command[0] == "HSET":
            raise Unavailable
        return call(*command)

    with monkeypatch.context() as dying:
        dying.setattr(link, "call", die_before_the_account)
        with pytest.raises(Unavailable):
            await sign_up(link, "Ada")
    assert 55_000 < await link.call("PTTL", keys.name("ada")) <= 60_000


async def test_only_hashes_of_tokens_are_stored(link: Link) -> None:
    account, token = await sign_up(link, "Ada")
    found = await every_key(link)
    stored = b" ".join(found).decode()
    for key in found:
        stored += str(await link.call("DUMP", key))
    assert token not in stored
    session = keys.session(hashlib.sha256(token.encode()).hexdigest())
    assert await link.call("GET", session) == account.id.encode()
    assert 0 < await link.call("TTL", session) <= 400 * 24 * 3600


async def test_a_player_is_held_by_one_thing_at_a_time(link: Link) -> None:
    players = Players(link)
    assert await players.held_by(ADA) == ""
    assert await players.hold(ADA, "", "seek one") is None
    assert await players.hold(ADA, "", "seek two") == "seek one"
    assert await players.held_by(ADA) == "seek one"


async def test_a_hold_is_swapped_only_from_what_is_believed(link: Link) -> None:
    players = Players(link)
    await players.hold(ADA, "", "seek one")
    assert await players.hold(ADA, "seek two", "match m") == "seek one"
    assert await players.hold(ADA, "seek one", "match m") is None
    assert await players.held_by(ADA) == "match m"


async def test_a_swap_that_was_done_before_is_done(link: Link) -> None:
    players = Players(link)
    await players.hold(ADA, "", "seek one")
    for _ in range(2):
        assert await players.hold(ADA, "seek one", "match m") is None
    for _ in range(2):
        assert await players.hold(ADA, "match m", "") is None
    assert not await link.call("EXISTS", keys.busy(ADA))


async def test_letting_go_of_another_hold_changes_nothing(link: Link) -> None:
    players = Players(link)
    await players.hold(ADA, "", "match later")
    assert await players.hold(ADA, "match m", "") == "match later"
    assert await players.held_by(ADA) == "match later"


async def test_of_many_who_want_to_hold_a_player_one_does(link: Link) -> None:
    results = await asyncio.gather(*(Players(link).hold(ADA, "", f"seek {n}") for n in range(9)))
    assert results == [None, *["seek 0"] * 8]


def test_what_a_match_holds_a_player_with_is_read_back() -> None:
    assert match_of(match_hold(MatchId("m1"))) == "m1"
    assert match_of("seek rated n deck") is None
    assert match_of("") is None


async def test_a_guest_is_remembered_but_not_signed_in(link: Link) -> None:
    players = Players(link)
    guest, token = await players.guest()
    assert await players.remembered(token) == guest
    assert await players.remembered(token[:-1]) is None
    assert await players.signed_in(token) is None
    assert await players.account(guest) is None
    for key in await every_key(link):
        assert token.encode() not in key
        assert 0 < await link.call("TTL", key) <= 400 * 24 * 3600


async def test_a_guest_who_takes_a_name_stays_who_he_is_under_both_tokens(link: Link) -> None:
    players = Players(link)
    guest, old = await players.guest()
    account, new = await players.sign_up("Ada", bot=False, now_ms=1_000, guest=guest)
    assert account == Account(guest, "Ada", bot=False)
    assert new != old
    for token in (old, new):
        assert await players.signed_in(token) == account
        assert await players.remembered(token) == guest
    assert await link.call("HGET", keys.account(guest), "created_at") == b"1000"
    assert await link.call("GET", keys.name("ada")) == guest.encode()
    assert await link.call("PTTL", keys.name("ada")) == -1


@pytest.mark.parametrize("name", ["ADA", "A\u202eda"])
async def test_a_name_that_a_guest_cannot_have_leaves_him_a_guest(link: Link, name: str) -> None:
    players = Players(link)
    await sign_up(link, "Ada")
    guest, token = await players.guest()
    with pytest.raises((NameTaken, BadName)):
        await players.sign_up(name, bot=False, now_ms=1_000, guest=guest)
    assert await players.signed_in(token) is None
    account, _ = await players.sign_up("Bob", bot=False, now_ms=1_000, guest=guest)
    assert account.id == guest


async def test_two_tabs_of_a_guest_that_take_two_names_make_two_players(link: Link) -> None:
    players = Players(link)
    guest, old = await players.guest()
    tabs = await asyncio.gather(
        *(players.sign_up(name, bot=False, now_ms=1_000, guest=guest) for name in ("Ada", "Bob"))
    )
    assert {account.name for account, _ in tabs} == {"Ada", "Bob"}
    (his,) = [account for account, _ in tabs if account.id == guest]
    assert await players.signed_in(old) == his
    for account, token in tabs:
        assert await players.signed_in(token) == account
        holder = await link.call("GET", keys.name(account.name.lower()))
        assert await players.account(PlayerId(holder.decode())) == account
        assert await link.call("PTTL", keys.name(account.name.lower())) == -1
        assert await link.call("HGET", keys.account(account.id), "created_at") == b"1000"


async def test_two_tabs_of_a_guest_that_take_one_name_make_one_player(link: Link) -> None:
    players = Players(link)
    guest, old = await players.guest()
    (one, first), (other, second) = await asyncio.gather(
        *(players.sign_up(name, bot=False, now_ms=1_000, guest=guest) for name in ("Ada", "ADA"))
    )
    assert one == other == Account(guest, one.name, bot=False)
    for token in (old, first, second):
        assert await players.signed_in(token) == one
    with pytest.raises(NameTaken):
        await players.sign_up("ada", bot=False, now_ms=1_000)


async def test_a_guest_whose_server_died_over_his_name_can_take_it_again(link: Link) -> None:
    players = Players(link)
    guest, _ = await players.guest()
    await link.call("SET", keys.name("ada"), guest)
    account, _ = await players.sign_up("Ada", bot=False, now_ms=1_000, guest=guest)
    assert account.id == guest


async def test_a_bot_does_not_become_a_person_by_taking_its_name_again(link: Link) -> None:
    players = Players(link)
    robo, token = await players.sign_up("Robo", bot=True, now_ms=1_000)
    again, _ = await players.sign_up("Robo", bot=False, now_ms=1_000, guest=robo.id)
    assert again == robo
    assert await players.signed_in(token) == robo


async def test_three_tabs_of_a_guest_leave_no_name_to_two_players(link: Link) -> None:
    players = Players(link)
    guest, _ = await players.guest()
    tabs = await asyncio.gather(
        *(
            players.sign_up(name, bot=False, now_ms=1_000, guest=guest)
            for name in ("Bob", "Ada", "ADA")
        ),
        return_exceptions=True,
    )
    assert [type(tab) for tab in tabs].count(NameTaken) == 1
    assert {name for name, _ in await named(link)} == {"bob", "ada"}
    await check_names(link)


@pytest.mark.parametrize("bot", [False, True])
async def test_a_player_who_takes_another_name_is_another_player(link: Link, *, bot: bool) -> None:
    players = Players(link)
    ada, old = await sign_up(link, "Ada", bot=bot)
    bob, new = await players.sign_up("Bob", bot=False, now_ms=2_000, guest=ada.id)
    assert bob == Account(bob.id, "Bob", bot=False)
    assert bob.id != ada.id
    assert (await players.signed_in(old), await players.signed_in(new)) == (ada, bob)
    for account, at in ((ada, b"1000"), (bob, b"2000")):
        assert await link.call("HGET", keys.account(account.id), "created_at") == at
    await check_names(link)


@pytest.mark.parametrize("name", ["BOB", "B\u202eob"])
async def test_a_name_that_a_player_cannot_have_leaves_no_trace(link: Link, name: str) -> None:
    players = Players(link)
    ada, token = await sign_up(link, "Ada")
    await sign_up(link, "Bob")
    before = await everything(link)
    with pytest.raises((NameTaken, BadName)):
        await players.sign_up(name, bot=False, now_ms=2_000, guest=ada.id)
    assert await everything(link) == before
    assert await players.signed_in(token) == ada


# Deaths in the middle of a sign-up


@pytest.mark.parametrize("carried_out", [False, True])
async def test_a_guest_whose_server_dies_at_any_write_can_take_the_name_again(
    link: Link, *, carried_out: bool
) -> None:
    for write in count():
        await empty(link)
        guest, token = await Players(link).guest()
        died = await dies_over_ada(link, guest, write, carried_out=carried_out)
        await check_names(link)
        account, _ = await Players(link).sign_up("Ada", bot=False, now_ms=2_000, guest=guest)
        assert account == Account(guest, "Ada", bot=False)
        assert await Players(link).signed_in(token) == account
        assert await named(link) == [("ada", guest)]
        await check_names(link)
        if not died:
            assert write >= 5
            return


@pytest.mark.parametrize("carried_out", [False, True])
async def test_after_a_death_at_any_write_a_name_has_one_player_even_a_minute_later(
    link: Link, *, carried_out: bool
) -> None:
    for write in count():
        await empty(link)
        guest, _ = await Players(link).guest()
        died = await dies_over_ada(link, guest, write, carried_out=carried_out)
        if await link.call("PTTL", keys.name("ada")) >= 0:
            await link.call("PEXPIRE", keys.name("ada"), 0)
        with suppress(NameTaken):
            await sign_up(link, "ADA")
        with suppress(NameTaken):
            await Players(link).sign_up("Ada", bot=False, now_ms=2_000, guest=guest)
        assert len(await named(link)) == 1
        await check_names(link)
        if not died:
            assert write >= 5
            return


async def dies_over_ada(link: Link, guest: PlayerId, write: int, *, carried_out: bool) -> bool:
    """Have a guest take the name Ada and the process die at this write; whether it did."""
    try:
        with dying(link, write, carried_out=carried_out):
            await Players(link).sign_up("Ada", bot=False, now_ms=1_000, guest=guest)
    except Unavailable:
        return True
    return False


async def named(link: Link) -> list[tuple[str, PlayerId]]:
    """Every account with a name: the name in small letters, and whose it is."""
    found = []
    for key in await every_key(link, keys.account(PlayerId("*"))):
        name = await link.call("HGET", key, "name")
        if name:
            player = key.decode().removeprefix("{p:").partition("}")[0]
            found.append((name.decode().lower(), PlayerId(player)))
    return found


async def check_names(link: Link) -> None:
    """Every name of an account is that account's alone and for ever, and it has its beginning."""
    for name, player in await named(link):
        assert await link.call("GET", keys.name(name)) == player.encode()
        assert await link.call("PTTL", keys.name(name)) == -1
        assert await link.call("HEXISTS", keys.account(player), "created_at")


async def everything(link: Link) -> dict[bytes, bytes]:
    """All that is stored, as it lies there."""
    return {key: await link.call("DUMP", key) for key in await every_key(link)}
