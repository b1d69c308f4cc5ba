"""The study mode Match: a game from its start to the list, by keyboard and by touch."""

import re
from collections.abc import Awaitable, Callable

from playwright.async_api import expect

from server.store.link import Link
from tests.pages.test_challenge import REFUSED
from tests.pages.test_layout import never_jumped, stands_well
from tests.pages.tiling import (
    LONG_MS,
    PLACES,
    SECONDS,
    begun,
    button,
    dealt_ago,
    has_best,
    listed,
    opened,
    pairs,
    play,
    played,
    rested,
    result,
    result_ms,
    tiles,
)
from tests.pages.visitor import HEIGHTS, OFFLINE, PHONE, Visit, Visitor
from tests.support.player import sign_up
from tests.support.served import Served

Start = Callable[..., Awaitable[Served]]


async def test_a_game_by_keyboard_alone(served: Start, visit: Visit, link: Link) -> None:
    ada = await visit((await served()).url)
    await opened(ada)
    await ada.reads("Your best: none yet")
    await ada.page.keyboard.press("Enter")
    found = await pairs(ada)
    await expect(tiles(ada).first).to_be_focused()
    await dealt_ago(link, ada, LONG_MS)
    one, two = found[0]
    await walk(ada, 0, one)
    await ada.page.keyboard.press("Enter")
    await expect(tiles(ada).nth(one)).to_have_attribute("aria-pressed", "true")
    await walk(ada, one, two)
    await ada.page.keyboard.press("Space")
    await ada.reads("1 of 6 found")
    await expect(tiles(ada).nth(two)).to_be_hidden()
    await expect(ada.locator("#aloud")).to_have_text("Found, 1 of 6.")
    # What had the keyboard is gone: a tile that still lies there has it.
    await expect(ada.locator(".tile:focus")).not_to_have_attribute("data-status", "found")
    await play(ada, found[1:])
    await expect(result(ada)).to_be_focused()
    assert LONG_MS <= await result_ms(ada) < 2 * LONG_MS
    await expect(ada.locator("#aloud")).to_have_text("New best. No miss.")
    await rested(ada)
    await ada.page.keyboard.press("Enter")
    await expect(ada.locator(".tile:visible")).to_have_count(12)
    await ada.page.keyboard.press("Escape")
    await expect(button(ada, "Start")).to_be_focused()
    await ada.page.keyboard.press("?")
    await ada.reads("Show these keys")
    await ada.page.keyboard.press("Escape")
    await ada.page.keyboard.press("v")
    await ada.page.wait_for_url("**/challenge")


async def walk(visitor: Visitor, start: int, end: int) -> None:
    """Go from one tile to another in a grid of four columns, with the arrows."""
    down, right = end // 4 - start // 4, end % 4 - start % 4
    for key, steps in (("ArrowDown", down), ("ArrowUp", -down)):
        for _ in range(steps):
            await visitor.page.keyboard.press(key)
    for key, steps in (("ArrowRight", right), ("ArrowLeft", -right)):
        for _ in range(steps):
            await visitor.page.keyboard.press(key)
    await expect(tiles(visitor).nth(end)).to_be_focused()


async def test_a_game_by_touch_on_a_phone(served: Start, visit: Visit, link: Link) -> None:
    ada = await visit((await served()).url, width=PHONE, touch=True)
    await opened(ada)
    await button(ada, "Start").tap()
    found = await pairs(ada)
    await dealt_ago(link, ada, LONG_MS)
    places: list[list[float]] = await ada.page.evaluate(PLACES)
    for tile in (tile for pair in found for tile in pair):
        assert await ada.page.evaluate(PLACES) == places, "a tile has moved"
        await tiles(ada).nth(tile).tap()
    await expect(result(ada)).to_be_visible()
    for _, top, width, height in places:
        assert min(width, height) >= 44
        assert top + height <= HEIGHTS[PHONE]
    await rested(ada)
    await button(ada, "Play again").tap()
    await expect(ada.locator(".tile:visible")).to_have_count(12)
    await button(ada, "Start over").tap()
    await expect(button(ada, "Start")).to_be_visible()


AT_ONCE = """
new MutationObserver((_, observer) => {
  if (document.querySelector("h2[data-time]") === null) return;
  observer.disconnect();
  const press = { key: "Enter", bubbles: true, cancelable: true };
  document.activeElement.dispatchEvent(new KeyboardEvent("keydown", press));
}).observe(document.body, { childList: true, subtree: true, attributes: true });
"""
"""Enter, in the moment in which the result comes."""


async def test_a_press_meant_for_the_last_pair_leaves_the_result(
    served: Start, visit: Visit, link: Link
) -> None:
    ada = await visit((await served()).url)
    found = await begun(ada)
    await dealt_ago(link, ada, LONG_MS)
    await ada.page.evaluate(AT_ONCE)
    await play(ada, found)
    await expect(result(ada)).to_be_visible()
    await rested(ada)
    # Space is the page's own way on, and begins nothing however late it comes.
    await ada.page.keyboard.press("Space")
    await expect(button(ada, "Play again")).to_be_visible()
    await expect(result(ada)).to_be_focused()
    await ada.page.keyboard.press("Enter")
    await expect(ada.locator(".tile:visible")).to_have_count(12)


async def test_a_miss_costs_a_second(served: Start, visit: Visit, link: Link) -> None:
    ada = await visit((await served()).url)
    found = await begun(ada)
    await dealt_ago(link, ada, LONG_MS)
    await ada.reads("No miss")
    clock = ada.locator("deckduel-tiles-clock")
    await expect(clock).to_have_text(re.compile(r"^\d+\.\d$"))
    (one, right), (other, wrong) = found[0], found[1]
    await play(ada, [(one, wrong)])
    await expect(ada.locator(".tile[data-status=missed]")).to_have_count(2)
    await ada.reads("+1 s")
    await expect(ada.locator("#aloud")).to_have_text("Not a pair. 1 miss, +1 s.")
    await play(ada, [(one, wrong)])
    await expect(ada.locator("#aloud")).to_have_text("Not a pair. 2 misses, +2 s.")
    assert float(await clock.inner_text()) >= 2
    await play(ada, [(one, right), (other, wrong), *found[2:]])
    await expect(result(ada)).to_be_visible()
    elapsed = ada.page.get_by_text(re.compile(r"^\d+\.\d\d s, and 2 seconds for 2 misses\.$"))
    shown = SECONDS.match(await elapsed.inner_text())
    assert shown
    assert await result_ms(ada) == int(shown[1]) * 1_000 + int(shown[2]) * 10 + 2_000


async def test_a_tile_is_let_go_by_pressing_it_again(served: Start, visit: Visit) -> None:
    ada = await visit((await served()).url)
    (one, two), *_ = await begun(ada)
    tile = tiles(ada).nth(one)
    await tile.click()
    await expect(tile).to_have_attribute("aria-pressed", "true")
    await tile.click()
    await expect(tile).to_have_attribute("aria-pressed", "false")
    await tiles(ada).nth(two).click()
    await ada.reads("0 of 6 found")
    await ada.reads("No miss")


async def test_an_impossibly_quick_game_does_not_count(
    served: Start, visit: Visit, link: Link
) -> None:
    ada = await visit((await served()).url)
    ada.forgive(REFUSED)
    found = await begun(ada)
    await dealt_ago(link, ada, -LONG_MS)
    await play(ada, found)
    await ada.reads(
        "Nobody presses twelve tiles that fast, so this time does not count. Play again."
    )
    await expect(result(ada)).to_have_count(0)
    await ada.page.reload()
    await ada.reads("Your best: none yet")


async def test_a_game_that_another_tab_replaced_says_so(
    served: Start, visit: Visit, link: Link
) -> None:
    ada = await visit((await served()).url)
    ada.forgive(re.compile("status of 404"))
    found = await begun(ada)
    first, ada.page = ada.page, await ada.context.new_page()
    await begun(ada)
    await dealt_ago(link, ada, LONG_MS)
    ada.page = first
    await play(ada, found)
    await ada.reads(re.compile("The server has this game no more: you began another one since"))


async def test_a_guest_gets_on_the_list_by_a_name(served: Start, visit: Visit, link: Link) -> None:
    server = await served()
    await has_best(link, await sign_up(server.url, "Grace"), 4_000)
    ada = await visit(server.url)
    ada.forgive(REFUSED)
    await played(ada, link)
    await ada.reads("Put your name on the list")
    mains = ada.locator(".button[data-kind=main]:visible")
    await expect(mains).to_have_text(["Put it on the list"])
    assert [row[1] for row in await listed(ada)] == ["Grace"]
    name = ada.page.get_by_label("Your name", exact=True)
    await name.fill("Grace")
    await name.press("Enter")
    await ada.reads("Somebody has this name already. Choose another one.")
    await name.fill("Ada")
    await name.press("Enter")
    await expect(ada.locator("#aloud")).to_have_text("You are on the list, rank 2.")
    await expect(ada.locator(".best-times tr[data-me]")).to_contain_text("Ada (you)")
    await ada.reads("Rank 2 in this deck.")
    await expect(name).to_be_hidden()
    await expect(mains).to_have_text(re.compile("^Play again"))
    await expect(ada.locator("#times-title")).to_be_focused()
    assert [row[:2] for row in await listed(ada)] == [["1", "Grace"], ["2", "Ada (you)"]]
    await ada.page.reload()
    assert [row[:2] for row in await listed(ada)] == [["1", "Grace"], ["2", "Ada (you)"]]


async def test_the_list_has_ten_and_no_name_is_asked_of_who_is_behind_them(
    served: Start, visit: Visit, link: Link
) -> None:
    server = await served()
    for number in range(1, 12):
        account = await sign_up(server.url, f"Player {number}")
        await has_best(link, account, 5_000 + 10 * number)
    ada = await visit(server.url)
    await opened(ada)
    expected = [[str(number), f"Player {number}", f"5.{number:02} s"] for number in range(1, 11)]
    assert await listed(ada) == expected
    await played(ada, link)
    await expect(ada.page.get_by_label("Your name", exact=True)).to_be_hidden()
    assert await listed(ada) == expected


async def test_two_players_see_each_others_times(served: Start, visit: Visit, link: Link) -> None:
    server = await served()
    ada, bob = await visit(server.url), await visit(server.url)
    await ada.sign_in(await sign_up(server.url, "Ada"))
    await bob.sign_in(await sign_up(server.url, "Bob"))
    await opened(ada)
    await ada.reads("No times yet")
    await played(ada, link, 60_000)
    await expect(ada.locator(".best-times td.time")).to_have_text(re.compile(r"^1:\d\d\.\d\d$"))
    await played(bob, link)
    await bob.reads("New best")
    await bob.reads("Rank 1 in this deck.")
    assert [row[1] for row in await listed(bob)] == ["Bob (you)", "Ada"]
    await played(ada, link, 80_000)
    assert [row[1] for row in await listed(ada)] == ["Bob", "Ada (you)"]
    await ada.reads(re.compile(r"^Your best is 1:0\d\.\d\d, rank 2 in this deck\.$"))
    await expect(ada.page.get_by_text("New best", exact=True)).to_be_hidden()


async def test_a_game_does_not_begin_without_the_server(served: Start, visit: Visit) -> None:
    ada = await visit((await served()).url)
    ada.forgive(OFFLINE)
    await opened(ada)
    await ada.context.set_offline(True)
    await button(ada, "Start").click()
    await ada.reads(re.compile("Match needs the server: its clock is the one that counts"))
    await stands_well(ada)
    await never_jumped(ada)
    await ada.context.set_offline(False)
    await button(ada, "Start").click()
    await expect(ada.locator(".tile:visible")).to_have_count(12)


async def test_a_game_that_ends_without_a_connection_is_sent_when_it_is_back(
    served: Start, visit: Visit, link: Link
) -> None:
    ada = await visit((await served()).url, width=PHONE, touch=True)
    ada.forgive(OFFLINE)
    found = await begun(ada)
    await dealt_ago(link, ada, LONG_MS)
    await ada.context.set_offline(True)
    await play(ada, found)
    await ada.reads(re.compile("^No connection. Your game is kept and sent when it is back"))
    await stands_well(ada)
    await ada.context.set_offline(False)
    await expect(result(ada)).to_be_visible()
    await ada.reads("New best")


async def test_a_game_that_ends_without_a_connection_outlives_the_page(
    served: Start, visit: Visit, link: Link
) -> None:
    server = await served()
    ada = await visit(server.url)
    ada.forgive(OFFLINE)
    await ada.sign_in(await sign_up(server.url, "Ada"))
    found = await begun(ada)
    await dealt_ago(link, ada, LONG_MS)
    await ada.context.set_offline(True)
    await play(ada, found)
    await ada.reads(re.compile("^No connection. Your game is kept"))
    await ada.page.goto("about:blank")
    await ada.context.set_offline(False)
    await opened(ada)
    await expect(result(ada)).to_be_visible()
    await ada.reads("Your last game, which could be sent only now.")
    assert LONG_MS <= await result_ms(ada) < 2 * LONG_MS
    assert [row[:2] for row in await listed(ada)] == [["1", "Ada (you)"]]
    rows = await listed(ada)
    sent: list[str] = []
    ada.page.on("request", lambda request: sent.append(f"{request.method} {request.url}"))
    await opened(ada)
    await ada.reads("Find six pairs")
    assert await listed(ada) == rows
    assert not [call for call in sent if call.startswith("POST")]


async def test_who_starts_over_without_a_connection_keeps_the_finished_game(
    served: Start, visit: Visit, link: Link
) -> None:
    ada = await visit((await served()).url)
    ada.forgive(OFFLINE)
    found = await begun(ada)
    await dealt_ago(link, ada, LONG_MS)
    await ada.context.set_offline(True)
    await play(ada, found)
    await ada.reads(re.compile("^No connection. Your game is kept"))
    await button(ada, "Start over").click()
    await ada.reads("Your last game is kept, and sent as soon as the server can be reached.")
    await button(ada, "Start").click()
    await ada.reads(re.compile("Match needs the server"))
    await stands_well(ada)
    await ada.context.set_offline(False)
    await expect(result(ada)).to_be_visible()
    await ada.reads("Your last game, which could be sent only now.")
    await ada.reads("Put your name on the list")
    await stands_well(ada)
