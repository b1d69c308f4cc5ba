"""Learn: sets of seven from choices to typing, by keyboard and by thumb, online and offline."""

import re
from collections.abc import Awaitable, Callable

from playwright.async_api import Route, expect

from tests.pages.answers import ANSWERS
from tests.pages.learning import (
    CARDS,
    answers,
    answers_by_touch,
    asked,
    best,
    button,
    ends,
    goes_on,
    in_phase,
    is_reviewed,
    is_typed,
    known,
    learn,
    loses,
    progress,
    question,
    studied,
)
from tests.pages.visitor import DECK_PAGE, OFFLINE, PHONE, Visit, Visitor
from tests.support.player import DECK, sign_up
from tests.support.served import Served

Start = Callable[..., Awaitable[Served]]

BROKEN = re.compile("status of 503")

RELU = "4"
MEANING = "5"
SEVEN = [card.prompt for card in list(CARDS.values())[:7]]


async def test_a_set_is_learnt_from_choices_to_typing_by_keyboard_alone(
    served: Start, visit: Visit
) -> None:
    ada = await visit((await served()).url)
    await ada.go(DECK_PAGE)
    link = ada.page.get_by_role("link", name="Learn", exact=True)
    await link.focus()
    await link.press("Enter")
    await in_phase(ada, "asking")
    await expect(ada.locator(".reason")).to_have_text("New")
    await ada.reads("0 of 7 done")
    turns = await ends(ada)
    assert turns == [(prompt, False) for prompt in SEVEN] + [(prompt, True) for prompt in SEVEN]
    await expect(ada.page.get_by_role("heading", name="Set done: 7 cards")).to_be_focused()
    await expect(ada.locator(".learnt .prompt")).to_have_text(SEVEN)
    await expect(ada.locator(".learnt .went")).to_have_text(["Right at once"] * 7)
    await expect(ada.locator(".learnt .came-to").last).to_have_text(
        re.compile("^Still learning, due t")
    )
    await ada.reads(re.compile(r"93 cards wait: all new\. The next repetition is due t\w+ at"))
    await ada.page.keyboard.press("Enter")
    await in_phase(ada, "asking")
    await ada.reads("0 of 7 done")
    assert await asked(ada) == list(CARDS.values())[7].prompt


async def test_a_set_is_learnt_by_touch_on_a_phone(served: Start, visit: Visit) -> None:
    ada = await visit((await served()).url, width=PHONE, touch=True)
    await learn(ada, "1", RELU, "8")
    await answers_by_touch(ada, rightly=False)
    await button(ada, "Continue").tap()
    await button(ada, "Don't know").tap()
    await in_phase(ada, "verdict")
    await button(ada, "Continue").tap()
    while await question(ada).is_visible():
        await answers_by_touch(ada)
        await button(ada, "Continue").tap()
    await expect(ada.locator(".learnt .went")).to_have_text(
        ["Missed once, then right", "Missed once, then right", "Right at once"]
    )
    await button(ada, "Next 7 cards").tap()
    await in_phase(ada, "asking")


async def test_a_missed_card_comes_back_after_others_and_in_its_form(
    served: Start, visit: Visit
) -> None:
    ada = await visit((await served()).url)
    await studied(ada, MEANING)
    await learn(ada, RELU, MEANING, "1", "2", "3")
    await answers(ada, rightly=False)
    await expect(ada.locator(".choice[data-mine]")).to_contain_text("Wrong")
    await expect(ada.locator(".choice[data-verdict=right]")).to_contain_text("The answer")
    await ada.reads(CARDS[RELU].explanation)
    await goes_on(ada)
    await answers(ada, rightly=False)
    await goes_on(ada)
    turns = [(CARDS[RELU].prompt, False), (CARDS[MEANING].prompt, True), *await ends(ada)]
    for card, typed in ((RELU, False), (MEANING, True)):
        first, second, *_ = [at for at, turn in enumerate(turns) if turn[0] == CARDS[card].prompt]
        assert second - first > 2
        assert turns[second][1] is typed
    await is_reviewed(ada, RELU, reviews=3, right=2)


async def test_a_word_of_the_student_overrules_a_verdict_and_is_taken_back(
    served: Start, visit: Visit
) -> None:
    ada = await visit((await served()).url)
    await studied(ada, RELU, MEANING, days_ago=3)
    await learn(ada, RELU, MEANING)
    for _ in range(2):
        await answers(ada, rightly=False)
        await ada.page.keyboard.press("r")
        await ada.reads("Counted as right, because you say so.")
        if await asked(ada) == CARDS[MEANING].prompt:
            await ada.page.keyboard.press("r")
            await expect(ada.locator(".written").first).to_contain_text("Wrong")
        await goes_on(ada)
    await ada.reads("1 of 2 done")
    await answers(ada)
    assert await button(ada, "I was right").count() == 0
    await goes_on(ada)
    await expect(question(ada)).to_be_hidden()
    await is_reviewed(ada, RELU, reviews=2, right=2, missed=False)
    await is_reviewed(ada, MEANING, reviews=3, right=2, missed=False)


async def test_what_was_overlooked_in_a_typed_answer_is_said(served: Start, visit: Visit) -> None:
    ada = await visit((await served()).url)
    await studied(ada, MEANING)
    await learn(ada, MEANING)
    await ada.page.keyboard.type("rectifed linear unit")
    await ada.page.keyboard.press("Enter")
    await ada.reads("Overlooked: capitals and a slip of the finger.")
    await expect(ada.locator(".written")).to_contain_text(["Right", "Rectified Linear Unit"])
    await ada.reads(CARDS[MEANING].explanation)
    assert await button(ada, "I was right").count() == 0


async def test_whoever_does_not_know_says_so_by_key(served: Start, visit: Visit) -> None:
    ada = await visit((await served()).url)
    await studied(ada, RELU)
    await learn(ada, RELU, "1")
    await ada.page.keyboard.press("Escape")
    await expect(ada.locator(".written")).to_contain_text(["Nothing typed", "ReLU"])
    assert await button(ada, "I was right").count() == 0
    await goes_on(ada)
    await ada.page.keyboard.press("Escape")
    await expect(ada.locator(".choice[data-verdict=right]")).to_contain_text("The answer")
    await goes_on(ada)
    await is_reviewed(ada, RELU, reviews=2, right=1)


async def test_one_press_counts_once_however_slow_the_server(served: Start, visit: Visit) -> None:
    ada = await visit((await served()).url)
    await studied(ada, RELU)
    await learn(ada, RELU, "1")
    calls: list[Route] = []

    async def hold(route: Route) -> None:
        calls.append(route)

    await ada.page.route("**/grade", hold)
    await ada.page.keyboard.type("relu")
    for _ in range(3):
        await ada.page.keyboard.press("Enter")
    await ada.reads("Checking…")
    await expect(ada.locator(".typing input")).to_have_value("relu")
    await calls[0].continue_()
    await in_phase(ada, "verdict")
    assert len(calls) == 1
    await goes_on(ada)
    await is_reviewed(ada, RELU, reviews=2)


async def test_a_server_that_cannot_grade_leaves_it_to_the_student(
    served: Start, visit: Visit
) -> None:
    ada = await visit((await served()).url)
    ada.forgive(BROKEN)
    await studied(ada, RELU)
    await learn(ada, RELU, "1")

    async def refuse(route: Route) -> None:
        await route.fulfill(status=503)

    await ada.page.route("**/grade", refuse)
    await ada.page.keyboard.type("relu")
    await ada.page.keyboard.press("Enter")
    await ada.reads("The server cannot check it now: were you right?")
    await ada.page.keyboard.press("m")
    await expect(ada.locator(".asked")).to_have_text(CARDS["1"].prompt)
    await is_reviewed(ada, RELU, reviews=2, right=1, missed=True)


async def test_without_a_connection_a_session_goes_on_and_its_reviews_arrive_once(
    served: Start, visit: Visit
) -> None:
    ada = await visit((await served()).url)
    ada.forgive(OFFLINE)
    await studied(ada, RELU, MEANING)
    await learn(ada, "1", RELU, MEANING)
    await ada.context.set_offline(True)
    await answers(ada)
    await goes_on(ada)
    await ada.reads("No connection. 1 answer kept here, sent when it is back.")
    for key, text in (("r", "relu"), ("m", "real")):
        await ada.page.keyboard.type(text)
        await ada.page.keyboard.press("Enter")
        await ada.reads("No connection: were you right?")
        await ada.page.keyboard.press(key)
    await in_phase(ada, "asking")
    assert (await known(ada, "1")).get("reviews", 0) == 0
    await ada.context.set_offline(False)
    assert [prompt for prompt, _ in await ends(ada)] == [SEVEN[0], CARDS[MEANING].prompt]
    await is_reviewed(ada, "1", reviews=2, right=2)
    await is_reviewed(ada, RELU, reviews=2, right=2)
    await is_reviewed(ada, MEANING, reviews=3, right=2)
    await expect(ada.locator("deckduel-connection .notice")).to_be_hidden()


async def test_without_a_connection_the_next_set_leaves_out_what_is_done(
    served: Start, visit: Visit
) -> None:
    ada = await visit((await served()).url)
    ada.forgive(OFFLINE)
    await studied(ada, *[str(number) for number in range(10, 101)])
    await learn(ada)
    await button(ada, "Settings").click()
    await ada.page.get_by_label("Never: always choices").check()
    await ada.page.keyboard.press("Escape")
    await ada.context.set_offline(True)
    assert [prompt for prompt, _ in await ends(ada)] == SEVEN
    await ada.reads("2 cards wait: all new.")
    await ada.page.keyboard.press("Enter")
    assert [prompt for prompt, _ in await ends(ada)] == [CARDS["8"].prompt, CARDS["9"].prompt]
    await ada.reads(re.compile("^Nothing is due. Next: "))


async def test_a_reload_comes_back_to_the_same_question_in_every_state(
    served: Start, visit: Visit
) -> None:
    ada = await visit((await served()).url)
    await studied(ada, RELU)
    await learn(ada, "1", RELU, "2")
    choices = await ada.choices()
    await ada.page.reload()
    assert await ada.choices() == choices
    await answers(ada, rightly=False)
    await ada.page.reload()
    await in_phase(ada, "verdict")
    await expect(ada.locator(".choice[data-mine]")).to_contain_text("Wrong")
    await goes_on(ada)
    await ada.page.keyboard.type("Re")
    await ada.page.reload()
    await expect(ada.locator(".typing input")).to_have_value("Re")
    await ada.reads("0 of 3 done")
    await answers_after("lU", ada)
    await goes_on(ada)
    await ends(ada)
    await ada.page.reload()
    await ada.reads("Set done: 3 cards")
    await expect(ada.locator(".learnt .went").first).to_have_text("Missed once, then right")
    await is_reviewed(ada, "1", reviews=3, right=2)
    await learn(ada)
    await ada.reads("0 of 7 done")


async def answers_after(rest: str, visitor: Visitor) -> None:
    """Type on, and check."""
    await expect(visitor.locator(".typing input")).to_be_focused()
    await visitor.page.keyboard.type(rest)
    await visitor.page.keyboard.press("Enter")
    await expect(visitor.locator(".written").first).to_contain_text("Right")


async def test_a_verdict_over_which_the_page_was_left_is_still_the_students_to_overrule(
    served: Start, visit: Visit
) -> None:
    ada = await visit((await served()).url)
    await studied(ada, RELU, MEANING, days_ago=3)
    await learn(ada, RELU, MEANING)
    await answers(ada, rightly=False)
    await ada.page.reload()
    await in_phase(ada, "verdict")
    await ada.page.keyboard.press("r")
    await ada.reads("Counted as right, because you say so.")
    await ada.page.reload()
    await goes_on(ada)
    await answers(ada, rightly=False)
    await ada.page.keyboard.press("r")
    await ada.page.reload()
    await goes_on(ada)
    await ada.reads("Set done: 2 cards")
    await is_reviewed(ada, RELU, reviews=3, right=2, missed=False)
    await is_reviewed(ada, MEANING, reviews=2, right=2, missed=False)


async def test_what_is_kept_and_makes_no_sense_costs_the_place_and_not_the_page(
    served: Start, visit: Visit
) -> None:
    ada = await visit((await served()).url)
    await learn(ada)
    for spoilt in ("{", '{"session": {"lesson": {"items": [7], "line": ["1"]}}}'):
        await ada.page.evaluate(
            "([key, text]) => localStorage.setItem(key, text)",
            [f"deckduel.left.learn.{DECK}", spoilt],
        )
        await ada.page.reload()
        await in_phase(ada, "asking")
        await ada.reads("0 of 7 done")


async def test_a_card_lost_in_a_duel_comes_first_and_the_way_back_is_one_key(
    served: Start, visit: Visit
) -> None:
    server = await served(rounds=5)
    account = await sign_up(server.url, "Ada")
    lost = await loses(server.url, account, 5)
    ada = await visit(server.url)
    await ada.sign_in(account)
    await learn(ada)
    latest_first = []
    for _ in range(5):
        await expect(ada.locator(".reason")).to_have_text("Lost in a duel")
        latest_first.append(await asked(ada))
        await answers(ada)
        await goes_on(ada)
    assert sorted(latest_first) == sorted(lost)
    await expect(ada.locator(".reason")).to_have_text("New")
    await ends(ada)
    await ada.reads("The cards that you lost in duels are done.")
    await expect(ada.page.get_by_role("link", name="Back to a duel")).to_be_visible()
    await ada.page.keyboard.press("v")
    await ada.page.wait_for_url(f"**/decks/{DECK}/challenge")


async def test_when_nothing_is_due_the_page_says_when_and_lets_one_study_ahead(
    served: Start, visit: Visit
) -> None:
    ada = await visit((await served()).url)
    await studied(ada, *[card for card in CARDS if card != "100"])
    await studied(ada, "100", how="choice")
    await ada.go(f"{DECK_PAGE}/learn")
    await expect(ada.page.get_by_role("heading", name="You are up to date")).to_be_visible()
    await ada.reads(re.compile(r"^Nothing is due\. Next: (today|tomorrow) at \d\d:\d\d\.$"))
    await ada.page.keyboard.press("Enter")
    await expect(ada.locator(".reason")).to_have_text("Ahead of time")
    assert await asked(ada) == CARDS["100"].prompt
    assert (await progress(ada))["queue"] == []


async def test_settings_hold_from_now_on_and_are_kept(served: Start, visit: Visit) -> None:
    ada = await visit((await served()).url)
    await studied(ada, RELU)
    await learn(ada, RELU)
    assert await is_typed(ada)
    await ada.page.keyboard.press("Tab")
    await ada.page.keyboard.press("s")
    await ada.page.get_by_label("Never: always choices").check()
    await ada.page.get_by_role("group", name="You give").get_by_label("The question").check()
    await ada.page.keyboard.press("Escape")
    await expect(ada.locator("#learn-task")).to_have_text("Choose the question")
    assert await asked(ada) == ANSWERS[CARDS[RELU].prompt]
    await ada.page.keyboard.press("abcd"[(await ada.choices()).index(CARDS[RELU].prompt)])
    await expect(ada.locator(".choice[data-mine]")).to_contain_text("Right")
    await goes_on(ada)
    await ada.reads("Set done: 1 card")
    await learn(ada)
    await expect(ada.locator("#learn-task")).to_have_text("Choose the question")


async def test_arrows_lead_from_choice_to_choice_and_enter_takes_one(
    served: Start, visit: Visit
) -> None:
    ada = await visit((await served()).url)
    await learn(ada)
    keys = ada.page.keyboard
    await keys.press("Enter")
    await in_phase(ada, "asking")
    wanted = await best(ada)
    for _ in range(wanted + 1):
        await keys.press("ArrowDown")
    await expect(ada.choice(wanted)).to_be_focused()
    await keys.press("ArrowUp")
    await expect(ada.choice((wanted + 3) % 4)).to_be_focused()
    await keys.press("ArrowRight")
    await keys.press("Enter")
    await expect(ada.choice(wanted)).to_contain_text("Right")
    await keys.press("?")
    await expect(ada.page.get_by_role("dialog")).to_contain_text("Continue")
