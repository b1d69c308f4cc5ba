"""Accounts: renamed, deleted, and freed where nobody plays; whatever dies in between."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Final

import pytest

from deck.cards import CardId
from server.core.ids import BySeat, PlayerId
from server.core.names import FREE_AFTER_MS
from server.core.refusal import Reason, Refused
from server.core.schedule import How, Review, ReviewId
from server.play.accounts import BUSY_AGAIN_MS, Accounts
from server.store import keys
from server.store.challenges import Offers
from server.store.link import Link, Unavailable
from server.store.names import TooSoon
from server.store.onelinks import LinkState
from server.store.passkeys import Passkey
from server.store.players import UNNAMING, Account
from server.store.seeks import Pool, seek_hold, seek_of
from server.store.tiles import TilesGames
from server.web.services import Services
from tests.play.given import DECK, Ear, Process, ended, made, signed_up
from tests.store.dying import dying
from tests.support.until import until

PASSKEY: Final = Passkey("aaaa", "Laptop", b"public", 3, 1_000)
REVIEW: Final = Review(ReviewId("review-1"), 1_000, How.TYPED, right=True)
CARD: Final = CardId("1")


async def played(at: Services, *names: str) -> list[Ear]:
    """Two players after a rated match that the first has won."""
    ears = [await signed_up(at, name) for name in names]
    match = await ended(at, *ears)
    assert await at.settling.settle(match) is not None
    return ears


def impatient(at: Services) -> Accounts:
    """The accounts of a server at which every name is old."""
    games = {DECK: TilesGames(at.link, DECK)}
    return Accounts(
        at.link,
        at.players,
        at.boards,
        games,
        Offers(at.link),
        at.timers,
        at.lobby.cancel,
        at.lobby.holds.standing,
        free_after_ms=-(10**14),
    )


async def own(link: Link, player: PlayerId) -> set[str]:
    """Every key that names a player, or lies in his slot."""
    every = [key.decode() for key in await link.call("KEYS", "*")]
    return {key.replace(player, "PLAYER") for key in every if player in key}


LEFT: Final = {"{p:PLAYER}:account", "{p:PLAYER}:busy"}
"""What stays of a deleted player: that he is one, and that nothing may claim him."""


async def test_of_a_deleted_player_only_the_records_stay(at: Services) -> None:
    ada, bob = await played(at, "Ada", "Bob")
    player, accounts = ada.who.id, at.accounts
    token = await at.players.sessions.begin(player)
    one_link = await accounts.make_link(player)
    await accounts.passkeys.add(player, PASSKEY)
    await accounts.mutes.mute(player, bob.who.id, 1)
    await at.study.keep(DECK, player, {CARD: [REVIEW]})
    await accounts.delete(player)
    assert await at.players.account(player) is None
    assert await at.players.names([player, bob.who.id]) == ["deleted player", "Bob"]
    assert await at.players.signed_in(token) is None
    assert (await accounts.take_link(one_link))[0].state is LinkState.UNKNOWN
    assert {key for key in await own(at.link, player) if "pair" not in key} == LEFT
    (row,) = await at.boards[DECK].top(10)
    assert row.player == bob.who.id
    ((match, _),) = await at.boards[DECK].played(bob.who.id, 2**53, 9)
    assert (await at.matches.attach(match)).state.settled is not None
    again = await signed_up(at, "Ada")
    assert again.who.id != player


async def test_nothing_can_claim_a_deleted_player(at: Services) -> None:
    ada = await signed_up(at, "Ada")
    await at.accounts.delete(ada.who.id)
    with pytest.raises(Refused) as refused:
        await at.lobby.seek(ada.who, DECK, rated=True)
    assert refused.value.reason is Reason.NOT_SIGNED_IN
    assert await at.players.held_by(ada.who.id) == "deleted"


async def test_who_is_in_a_match_is_not_deleted_and_goes_on_with_it(at: Services) -> None:
    ada, bob = await signed_up(at, "Ada"), await signed_up(at, "Bob")
    match = await made(at, (ada, bob))
    with pytest.raises(Refused) as refused:
        await at.accounts.delete(ada.who.id)
    assert (refused.value.reason, refused.value.match) == (Reason.ALREADY_IN_MATCH, match)
    assert await at.players.account(ada.who.id) == ada.who
    assert await at.players.held_by(ada.who.id) == f"match {match}"
    assert not await at.link.call("EXISTS", keys.DELETING)


async def test_who_seeks_is_deleted_and_seeks_no_more(at: Services) -> None:
    ada = await signed_up(at, "Ada")
    await at.lobby.seek(ada.who, DECK, rated=True)
    assert seek_of(await at.players.held_by(ada.who.id)) is not None
    await at.accounts.delete(ada.who.id)
    assert await at.players.account(ada.who.id) is None


async def test_a_name_with_which_nobody_plays_is_free_and_its_player_a_guest(
    at: Services,
) -> None:
    ada = await signed_up(at, "Ada")
    token = await at.players.sessions.begin(ada.who.id)
    await at.study.keep(DECK, ada.who.id, {CARD: [REVIEW]})
    await come_up(at)
    await impatient(at).sweep()
    assert await at.players.remembered(token) == ada.who.id
    assert await at.players.signed_in(token) is None
    assert await at.players.freed(ada.who.id) == "Ada"
    assert [card.card for card in (await at.study.progress(DECK, ada.who.id)).cards] == ["1"]
    assert await at.players.held_by(ada.who.id) == ""
    other = await signed_up(at, "Ada")
    assert other.who.id != ada.who.id
    assert ada.who.id in (await at.players.sessions.changes(0))[1]


async def test_a_young_name_is_looked_at_in_its_time_and_its_player_not_held_before(
    at: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    holds: list[tuple[str, str]] = []
    hold = at.players.hold

    async def heard(player: PlayerId, believed: str, new: str) -> str | None:
        holds.append((believed, new))
        return await hold(player, believed, new)

    account, _ = await at.players.sign_up("Ada", bot=False, now_ms=await now(at))
    renamed = await at.accounts.rename(account, "Zoe")
    await come_up(at)
    monkeypatch.setattr(at.players, "hold", heard)
    await at.accounts.sweep()
    assert await at.players.account(account.id) == renamed
    assert ("", UNNAMING) not in holds
    assert FREE_AFTER_MS - 60_000 < await due_in_ms(at, renamed) <= FREE_AFTER_MS
    await at.link.call("HINCRBY", keys.account(account.id), "created_at", -FREE_AFTER_MS)
    await come_up(at)
    await at.accounts.sweep()
    assert await at.players.freed(account.id) == "Zoe"


async def test_who_has_finished_a_match_keeps_his_name_for_ever(at: Services) -> None:
    ada, bob = await played(at, "Ada", "Bob")
    await come_up(at)
    await impatient(at).sweep()
    for ear in (ada, bob):
        assert await at.players.account(ear.who.id) == ear.who
    assert not await at.link.call("EXISTS", keys.NAMES_DUE)


async def test_a_name_in_a_match_or_a_seek_is_looked_at_later(at: Services) -> None:
    ada, bob, cat = [await signed_up(at, name) for name in ("Ada", "Bob", "Cat")]
    await made(at, (ada, bob))
    await at.lobby.seek(cat.who, DECK, rated=True)
    await come_up(at)
    await impatient(at).sweep()
    for ear in (ada, bob, cat):
        assert await at.players.account(ear.who.id) == ear.who
        assert await at.players.held_by(ear.who.id) != ""
        assert await due_in_ms(at, ear.who) > BUSY_AGAIN_MS - 60_000


@pytest.mark.parametrize("pool", ["rated", "casual"])
async def test_a_hold_whose_seek_never_stood_keeps_no_name_taken(at: Services, pool: Pool) -> None:
    ada = await signed_up(at, "Ada")
    await at.players.hold(ada.who.id, "", seek_hold(DECK, pool, "lost"))
    await come_up(at)
    await impatient(at).sweep()
    assert await at.players.account(ada.who.id) is None
    assert await at.players.held_by(ada.who.id) == ""


@pytest.mark.parametrize("carried_out", [False, True])
async def test_a_sweep_cut_short_at_any_write_is_gone_on_with(
    at: Services, *, carried_out: bool
) -> None:
    accounts = impatient(at)
    for write in count():
        await at.link.call("FLUSHALL")
        ada = await signed_up(at, "Ada")
        await come_up(at)
        with dying(at.link, write, carried_out=carried_out):
            await accounts.sweep()
        died = await at.link.call("EXISTS", keys.NAMES_DUE)
        await come_up(at)
        await accounts.sweep()
        assert await at.players.account(ada.who.id) is None
        assert await at.players.held_by(ada.who.id) == ""
        assert not await at.link.call("EXISTS", keys.NAMES_DUE)
        assert (await signed_up(at, "Ada")).who.id != ada.who.id
        if not died and write > 4:
            return


@pytest.mark.parametrize("carried_out", [False, True])
async def test_a_sweep_cut_short_lets_go_of_whose_first_match_was_settled_meanwhile(
    at: Services, process: Process, *, carried_out: bool
) -> None:
    other = await process()
    for write in count():
        await at.link.call("FLUSHALL")
        ada, bob = [await signed_up(at, name) for name in ("Ada", "Bob")]
        await at.link.call("ZREM", keys.NAMES_DUE, f"{bob.who.id} bob")
        await come_up(at)
        with dying(at.link, write, carried_out=carried_out), settling(at, other, (ada, bob)):
            await impatient(at).sweep()
        died = await at.link.call("EXISTS", keys.NAMES_DUE)
        await come_up(at)
        await impatient(at).sweep()
        assert await at.players.held_by(ada.who.id) == ""
        assert not await at.link.call("EXISTS", keys.NAMES_DUE)
        if not died:
            assert write >= 3
            return


@contextmanager
def settling(at: Services, other: Services, ears: BySeat[Ear]) -> Iterator[None]:
    """Settle a match of the two, at another process, before the next time that one is held."""
    hold = at.players.hold

    async def after_a_match(player: PlayerId, believed: str, new: str) -> str | None:
        patch.undo()
        await other.settling.settle(await ended(other, *ears))
        return await hold(player, believed, new)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(at.players, "hold", after_a_match)
        yield


async def test_a_bug_with_one_name_or_deletion_starves_no_other(
    at: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, bob, cyd, dan = [await signed_up(at, name) for name in ("Ada", "Bob", "Cyd", "Dan")]
    account, troubled = at.players.account, {ada.who.id, cyd.who.id}

    async def buggy(player: PlayerId) -> Account | None:
        if player in troubled:
            raise LookupError(player)
        return await account(player)

    await come_up(at)
    for score, ear in enumerate((ada, bob)):
        await at.link.call("ZADD", keys.NAMES_DUE, score, f"{ear.who.id} {ear.who.name.lower()}")
    for score, ear in enumerate((cyd, dan)):
        await at.link.call("ZREM", keys.NAMES_DUE, f"{ear.who.id} {ear.who.name.lower()}")
        await at.link.call("ZADD", keys.DELETING, score, ear.who.id)
    with monkeypatch.context() as patch:
        patch.setattr(at.players, "account", buggy)
        await impatient(at).sweep()
    assert [await account(ear.who.id) for ear in (bob, dan)] == [None, None]
    assert await account(ada.who.id) == ada.who
    await come_up(at)
    await at.link.call("ZADD", keys.DELETING, 1, cyd.who.id)
    await impatient(at).sweep()
    assert [await account(ear.who.id) for ear in (ada, cyd)] == [None, None]


async def test_a_sign_up_that_died_half_way_leaves_no_name_taken(at: Services) -> None:
    for write in count():
        await at.link.call("FLUSHALL")
        died = False
        try:
            with dying(at.link, write, carried_out=True):
                await at.players.sign_up("Ada", bot=False, now_ms=1)
        except Unavailable:
            died = True
        if await at.link.call("PTTL", keys.name("ada")) >= 0:
            await at.link.call("PEXPIRE", keys.name("ada"), 0)
        await come_up(at)
        await impatient(at).sweep()
        assert not await at.link.call("EXISTS", keys.name("ada"))
        if not died:
            assert write >= 6
            return


async def test_boards_are_told_of_a_new_name_and_sockets_look_again(at: Services) -> None:
    ada = await signed_up(at, "Ada")
    before = await at.boards[DECK].changes()
    renamed = await at.accounts.rename(ada.who, " Zoe ")
    assert renamed == Account(ada.who.id, "Zoe", bot=False)
    assert await at.players.account(ada.who.id) == renamed
    assert await at.boards[DECK].changes() == before + 1
    assert (await at.players.sessions.changes(0))[1] == [ada.who.id]
    assert await at.accounts.rename(renamed, "Zoe") == renamed
    with pytest.raises(TooSoon):
        await at.accounts.rename(renamed, "Ada")


async def test_what_a_guest_has_studied_is_added_to_what_a_player_has(at: Services) -> None:
    ada = await signed_up(at, "Ada")
    guest, _ = await at.players.guest()
    other = Review(ReviewId("review-2"), 2_000, How.TYPED, right=False)
    await at.study.keep(DECK, ada.who.id, {CARD: [REVIEW]})
    await at.study.keep(DECK, guest, {CARD: [other], CardId("2"): [other]})
    for _ in range(2):
        await at.accounts.take_over(guest, ada.who.id)
    cards = (await at.study.progress(DECK, ada.who.id)).cards
    reviews = [(one.card, one.schedule.reviews) for one in cards if one.schedule is not None]
    assert reviews == [("1", 2), ("2", 1)]


async def test_a_running_server_frees_names_by_itself(process: Process, link: Link) -> None:
    first = await process()
    account = (await signed_up(first, "Ada")).who
    await come_up(first)
    await process(running=True)

    async def is_free() -> bool:
        return not await link.call("EXISTS", keys.name("ada"))

    await until(is_free)
    assert await first.players.freed(account.id) == "Ada"


async def come_up(at: Services) -> None:
    """Let the time come for every name to be looked at."""
    for raw in await at.link.call("ZRANGE", keys.NAMES_DUE, 0, -1):
        await at.link.call("ZADD", keys.NAMES_DUE, 1, raw)


async def due_in_ms(at: Services, account: Account) -> int:
    member = f"{account.id} {account.name.lower()}"
    return int(await at.link.call("ZSCORE", keys.NAMES_DUE, member)) - await now(at)


async def now(at: Services) -> int:
    return await at.boards[DECK].now()
