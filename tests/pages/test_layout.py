"""Nothing scrolls sideways, is cut off, overlaps or jumps, at any width, in any phase."""

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import expect

from deck.library import builtin
from tests.pages.meeting import answer, in_round_one, match_of, paired_with, unhurried
from tests.pages.test_challenge import REFUSED
from tests.pages.visitor import DECK_PAGE, DESKTOP, PHONE, TABLET, Visit, Visitor
from tests.support.player import sign_up
from tests.support.served import Served

Start = Callable[..., Awaitable[Served]]

WIDTHS = [PHONE, TABLET, DESKTOP]
LONG_ENOUGH_MS = 5_000
"""To look at what passes by itself."""

SEEN = 0.005
"""Of the screen's area times the way. A word that becomes another one in its own place counts as
a shift too, of a third of this at the most; that no part moves is held by `places` to the pixel."""

LONG = ("W" * 20, "Donaudampfschifffahr")
"""Twenty of the widest letters against one word that cannot be broken."""
NAMES = {PHONE: LONG, TABLET: ("Ada", "Grace"), DESKTOP: LONG}


async def stands_well(visitor: Visitor) -> None:
    """Look at the page as it is, light and dark, once its motions have ended."""
    for scheme in ("light", "dark"):
        await visitor.page.emulate_media(color_scheme=scheme)
        await visitor.stands_still()
        assert await visitor.page.evaluate("watched.faults()") == [], scheme


async def asked_for(visitor: Visitor) -> None:
    """What moved up to now was the answer to a press: late, on a busy machine, but no jump."""
    await _all_told(visitor)
    await visitor.page.evaluate("watched.shifts.length = 0")


async def _all_told(visitor: Visitor) -> None:
    """Wait a frame: what moved in this one is told after it."""
    await visitor.page.evaluate(
        "new Promise((seen) => requestAnimationFrame(() => setTimeout(seen)))"
    )


async def never_jumped(visitor: Visitor) -> None:
    """Nothing has moved by itself on this page since it was opened, or a press was answered."""
    await _all_told(visitor)
    shifts: list[str] = await visitor.page.evaluate("watched.shifts")
    assert [shift for shift in shifts if float(shift.split()[0]) >= SEEN] == []


async def places(visitor: Visitor) -> list[str]:
    """Where the parts of a round are."""
    found: list[str] = await visitor.page.evaluate("watched.places()")
    return found


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("<p style='width: 3000px'>wide</p>", "scrolls to"),
        ("<p style='width: 20px; overflow: hidden; white-space: nowrap'>clipped</p>", "cut off"),
        ("<p style='height: 9px; overflow: hidden'>clipped</p>", "cut off"),
        (
            "<p title='else' style='width: 9px; overflow: hidden; white-space: pre'>clipped</p>",
            "cut off",
        ),
        ("<p>one</p><p style='margin-top: -2.2em'>two</p>", "overlap"),
        ("<p style='position: absolute; left: -20px'>away</p>", "outside"),
        (
            "<div class=choice>.</div><div class=below style='margin-top: -0.5em'>-</div>",
            "overlap: choice",
        ),
    ],
)
async def test_the_watch_finds_what_does_not_fit(
    served: Start, visit: Visit, body: str, fault: str
) -> None:
    ada = await visit((await served()).url)
    await ada.page.goto("about:blank")
    await ada.page.set_content(f"<!doctype html>{body}")
    assert fault in "\n".join(await ada.page.evaluate("watched.faults()"))


async def test_the_watch_finds_what_jumps(served: Start, visit: Visit) -> None:
    ada = await visit((await served()).url)
    await ada.go(DECK_PAGE)
    await ada.page.evaluate("document.querySelector('.title').style.marginTop = '99px'")
    await ada.page.wait_for_function("() => watched.shifts.length > 0")


@pytest.mark.parametrize("width", WIDTHS)
async def test_the_deck_page_stands_well(served: Start, visit: Visit, width: int) -> None:
    ada = await visit((await served()).url, width=width, touch=width == PHONE)
    await ada.go(DECK_PAGE)
    await ada.reads("Terms in this set")
    await stands_well(ada)
    await ada.page.reload()
    await ada.reads("Terms in this set")
    await never_jumped(ada)


@pytest.mark.parametrize("width", WIDTHS)
async def test_the_challenge_page_stands_well(served: Start, visit: Visit, width: int) -> None:
    server = await served()
    await sign_up(server.url, "W" * 20)
    ada = await visit(server.url, width=width, touch=width == PHONE)
    ada.forgive(REFUSED)
    await ada.go(f"{DECK_PAGE}/challenge")
    await ada.reads("Who is playing?")
    await stands_well(ada)
    await never_jumped(ada)
    await ada.sign_up("W" * 20)
    await ada.reads("Somebody has this name already.")
    await asked_for(ada)
    await stands_well(ada)
    await never_jumped(ada)
    await ada.sign_up("M" * 20)
    await ada.reads("Nobody else is waiting yet.")
    await asked_for(ada)
    await stands_well(ada)
    await never_jumped(ada)
    await ada.page.get_by_role("button", name="Cancel").click()
    await ada.reads("No longer looking")
    await asked_for(ada)
    await stands_well(ada)
    await never_jumped(ada)


@pytest.mark.parametrize("width", WIDTHS)
async def test_a_match_stands_well_and_still_from_its_gate_to_its_review(
    served: Start, visit: Visit, width: int
) -> None:
    server = await unhurried(served, LONG_ENOUGH_MS)
    ada = await visit(server.url, width=width, touch=width == PHONE)
    async with paired_with(ada, *NAMES[width]) as bob:
        await ada.reads("It starts when both pages are ready.")
        await stands_well(ada)
        await bob.ask("ready", match=match_of(bob))
        await expect(ada.locator("deckduel-meeting .count")).to_have_text("3")
        await stands_well(ada)
        await ada.round(1)
        await ada.stands_still()
        await stands_well(ada)
        still = await places(ada)
        best = await ada.best()
        await ada.answers((best + 1) % 4)
        await stands_well(ada)
        assert await places(ada) == still
        await answer(bob, 1, best)
        await ada.revealed(1)
        await stands_well(ada)
        assert await places(ada) == still
        await ada.revealed(1)
        await ada.round(2)
        await ada.stands_still()
        await ada.answers(0)
        await answer(bob, 2, await ada.best())
        await ada.headline("You lost")
    await expect(ada.locator(".explanation").first).to_be_visible()
    await never_jumped(ada)
    await stands_well(ada)
    await ada.page.reload()
    await expect(ada.locator(".explanation").first).to_be_visible()
    await never_jumped(ada)
    await ada.go(DECK_PAGE)
    await ada.reads("? provisional")
    await stands_well(ada)


HEIGHTS_OF_ROUNDS = """
([texts, prompts]) => {
  const choices = document.querySelector("deckduel-choices");
  const question = document.querySelector(".question");
  const view = { takes: true, mine: null, reveal: null, names: ["", ""] };
  const told = new Set();
  for (const text of texts) {
    choices.show({ ...view, choices: [text, texts[0], texts[0], texts[0]] });
    told.add(choices.getBoundingClientRect().height);
  }
  for (const prompt of prompts) {
    question.querySelector(".prompt").textContent = prompt;
    told.add(-question.getBoundingClientRect().height);
  }
  return [...told];
}
"""


@pytest.mark.parametrize("width", WIDTHS)
async def test_a_round_keeps_its_height_whatever_card_it_asks(
    served: Start, visit: Visit, width: int
) -> None:
    server = await served(round_ms=60_000)
    ada = await visit(server.url, width=width, touch=width == PHONE)
    cards = builtin()[0].cards
    texts = sorted({text for card in cards for text in (card.answer, *card.distractors)}, key=len)
    async with in_round_one(ada):
        await ada.stands_still()
        prompts = [card.prompt for card in cards]
        heights = await ada.page.evaluate(HEIGHTS_OF_ROUNDS, [texts, prompts])
    assert len(heights) == 2, "one of the choices, one of the question"


async def test_who_prefers_it_sees_nothing_move_but_the_timer(served: Start, visit: Visit) -> None:
    server = await served(countdown_ms=3000, reveal_ms=3000, rounds=2)
    ada, grace = await visit(server.url, calm=True), await visit(server.url)
    await ada.sign_up("Ada")
    await ada.reads("Looking for an opponent")
    assert await ada.page.evaluate("watched.motions()") == []
    async with ada.seeing("deckduel-meeting .count", "2"):
        await grace.sign_up("Grace")
    assert await ada.page.evaluate("watched.motions()") == []
    await ada.round(1)
    await grace.round(1)
    assert await grace.page.evaluate("watched.motions()") != []
    assert await ada.page.evaluate("watched.motions()") == []
    before = await ada.clock_s()
    await expect(ada.locator(".clock-digits")).not_to_have_text(str(before))
    await ada.answers(0)
    assert await ada.page.evaluate("watched.motions()") == []
    await grace.page.keyboard.press("1")
    await ada.revealed(1)
    assert await ada.page.evaluate("watched.motions()") == []


async def test_a_wait_is_shown_by_motion_where_motion_is_welcome(
    served: Start, visit: Visit
) -> None:
    ada = await visit((await served()).url)
    await ada.sign_up("Ada")
    await ada.reads("Looking for an opponent")
    assert await ada.page.evaluate("watched.motions()") == ["look of searching"]


async def test_the_last_seconds_and_a_lost_opponent_change_no_place(
    served: Start, visit: Visit
) -> None:
    server = await served(round_ms=12_000, forfeit_ms=60_000)
    ada = await visit(server.url, width=PHONE, touch=True)
    async with in_round_one(ada) as bob:
        await ada.stands_still()
        still = await places(ada)
        await bob.close()
        await ada.reads("Bob is away. The match goes on.")
        await stands_well(ada)
        assert await places(ada) == still
        await expect(ada.locator("deckduel-clock")).to_have_attribute("data-closing", "")
        assert await places(ada) == still
        await never_jumped(ada)
