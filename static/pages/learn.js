/**
 * The study mode Learn: sets of seven, from choices to typing.
 */

import * as model from "../model/learn.js";
import { restored, toKeep } from "../model/learn/kept.js";
import { questionView } from "../model/learn/view.js";
import * as words from "../model/learn/words.js";
import { CHOICE_LETTERS } from "../model/letters.js";
import { detail, el, fill, mark, say } from "../ui/dom.js";
import { LearnEnd } from "../ui/learn-end.js";
import { LearnProgress } from "../ui/learn-progress.js";
import { LearnQuestion } from "../ui/learn-question.js";
import { LearnSettings } from "../ui/learn-settings.js";
import { ApiError, grade, progress as askProgress } from "../wire/api.js";
import { keep, kept } from "./kept.js";
import { study } from "./study.js";

/** @typedef {import("../model/learn.js").LearnEvent} LearnEvent */
/** @typedef {import("../ui/keys.js").Key} Key */

/** How long a student waits for a verdict before he is asked himself, in ms. */
const PATIENCE_MS = 4_000;

const { deck, progress, reviews, now, random, body, listen, asked } = study("learn", "Learn");
const address = (asked ?? []).map(({ id }) => id).join(",");
const question = new LearnQuestion();
const bar = new LearnProgress();
const settings = new LearnSettings();
const end = new LearnEnd();

/** The review of the answer in sight, while it may be amended; null once it is gone. */
let held = /** @type {string | null} */ (null);
let state = restored(
  kept(deck.id, "learn"),
  { cards: deck.cards, progress, asked: (asked ?? []).map(({ id }) => id) },
  { address, at_ms: now(), ended: isBack() },
);

body.classList.add("lesson");
fill(body, el("div", { class: "lesson-top" }, bar, settings), question, end);

question.addEventListener("choose", (event) => pick(detail(event)));
question.addEventListener("type", (event) => change({ type: "typed", text: detail(event) }));
question.addEventListener("check", check);
question.addEventListener("give-up", giveUp);
question.addEventListener("judge", (event) => judge(detail(event)));
question.addEventListener("overrule", overrule);
question.addEventListener("go-on", goOn);
end.addEventListener("next-set", nextSet);
settings.addEventListener("settings", (event) =>
  change({ type: "settings", settings: detail(event), at_ms: now(), random }),
);
reviews.addEventListener("stored", (event) => change({ type: "progress", progress: detail(event) }));
document.addEventListener("visibilitychange", askAgain);
// The outbox lets go of what it held, and the page may come back as it was.
addEventListener("pagehide", () => {
  held = null;
});

draw();
// A new visit begins at once; where nothing waits, the page says so first.
if (state.lesson.items.length === 0 && model.left(state).length > 0) nextSet();

/** @param {LearnEvent} event */
function change(event) {
  const before = state;
  state = model.next(before, event);
  if (state === before) return;
  keep(deck.id, "learn", toKeep(state, address, now()));
  draw();
}

/** @param {number} choice */
function pick(choice) {
  change({ type: "picked", choice, at_ms: now() });
  record();
}

function giveUp() {
  change({ type: "gave_up", at_ms: now() });
  record();
}

async function check() {
  change({ type: "checked", at_ms: now() });
  if (state.phase === "grading") change(await graded());
  record();
}

/** @param {boolean} right */
function judge(right) {
  if (state.phase !== "self") return;
  change({ type: "judged", right, at_ms: now() });
  record();
  // He has seen the answer and said all there is to say.
  goOn();
}

function overrule() {
  change({ type: "overruled" });
  if (state.answer === null || !model.canOverrule(state)) return;
  if (held !== null) {
    reviews.amend(held, state.answer.right);
    change({ type: "recorded" });
  }
  say(state.answer.right ? "Counted as right." : "Counted as missed.");
}

function goOn() {
  const { phase, answer, question: was } = state;
  if (phase !== "verdict" || answer === null || was === null) return;
  if (held !== null) reviews.release(held);
  // It went out as it was when the page was left: overruled since, it is followed by another one.
  else if (answer.right !== answer.recorded) {
    reviews.record({ card: was.card, how: was.kind, right: answer.right });
  }
  held = null;
  change({ type: "went_on", at_ms: now(), random });
}

function nextSet() {
  change({ type: "set_wanted", at_ms: now(), random });
}

/** Records an answer that is new, to be amended until the student goes on. */
function record() {
  const { answer, question: was } = state;
  if (was === null || answer === null || answer.recorded !== null) return;
  held = reviews.record({ card: was.card, how: was.kind, right: answer.right }, { held: true });
  change({ type: "recorded" });
  say(words.verdictSaid(state));
}

/**
 * The server's word on what was typed, or that there is none.
 * @returns {Promise<LearnEvent>}
 */
async function graded() {
  const { turn, question: was, text, side } = state;
  const sent = was !== null && navigator.onLine ? grade(deck.id, [{ card: was.card, text, side }]) : [];
  const { promise: late, stop } = wait(PATIENCE_MS);
  try {
    const [verdict] = await Promise.race([sent, late]);
    if (verdict !== undefined) return { type: "graded", turn, verdict, at_ms: now() };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
  } finally {
    stop();
  }
  return { type: "ungraded", turn };
}

/**
 * @param {number} duration_ms
 * @returns {{ promise: Promise<never[]>, stop: () => void }}
 */
function wait(duration_ms) {
  /** @type {ReturnType<typeof setTimeout>} */
  let timer;
  const promise = new Promise((resolve) => {
    timer = setTimeout(() => resolve([]), duration_ms);
  });
  return { promise, stop: () => clearTimeout(timer) };
}

/** What is due changes with the hours: whoever comes back to the end of a set is told anew. */
async function askAgain() {
  if (document.visibilityState !== "visible" || state.phase !== "end") return;
  try {
    change({ type: "progress", progress: await askProgress(deck.id) });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    // What was known stays in sight.
  }
}

function draw() {
  const view = questionView(state, navigator.onLine);
  const ended = view === null;
  const entered = ended && end.hidden;
  mark(document.body, "data-lesson", !ended);
  mark(question, "hidden", ended);
  mark(end, "hidden", !ended);
  bar.show(model.counts(state.lesson));
  mark(bar, "data-off", state.lesson.items.length === 0);
  settings.show(state.settings);
  listen(keys());
  if (view !== null) return question.show(view);
  end.show(endView());
  if (entered) end.enter();
}

/** @returns {import("../ui/learn-end.js").EndView} */
function endView() {
  const rows = state.lesson.items.flatMap((item) => {
    const card = deck.cards.find(({ id }) => id === item.card);
    if (card === undefined) return [];
    const { prompt, answer } = card;
    const came_to = words.whatItCameTo(state, item.card, now());
    return [{ prompt, answer, went: words.howItWent(item), missed: item.missed > 0, came_to }];
  });
  return {
    deck: deck.id,
    title: words.endTitle(state),
    waiting: words.whatIsLeft(state, now()),
    duel: words.duelNote(state),
    action: words.nextAction(state),
    rows,
  };
}

/** @returns {readonly Key[]} those that work now */
function keys() {
  /** @type {Key} */
  const toSettings = { keys: ["s"], does: "Settings", press: () => settings.open() };
  switch (state.phase) {
    case "asking":
      return [...(state.question?.kind === "choice" ? choiceKeys() : typingKeys()), toSettings];
    case "grading":
      return [];
    case "self":
      return [
        { keys: ["r"], does: "I was right", press: () => judge(true) },
        { keys: ["m"], does: "I missed it", press: () => judge(false) },
      ];
    case "verdict":
      return [{ keys: ["Enter"], does: "Continue", press: goOn }, ...overruleKeys(), toSettings];
    case "end":
      return [...endKeys(), toSettings];
  }
}

/** @returns {readonly Key[]} */
function choiceKeys() {
  const choices = state.question?.kind === "choice" ? state.question.choices : [];
  const digits = choices.map((_, index) => String(index + 1));
  const letters = CHOICE_LETTERS.slice(0, choices.length).map((letter) => letter.toLowerCase());
  const choose = (/** @type {string} */ key) => pick(Math.max(digits.indexOf(key), letters.indexOf(key)));
  return [
    { keys: [...digits, ...letters], does: "Choose", press: choose },
    { keys: ["ArrowDown", "ArrowRight"], does: "Next choice", press: () => question.move(1) },
    { keys: ["ArrowUp", "ArrowLeft"], does: "Choice before", press: () => question.move(-1) },
    { keys: ["Escape"], does: "Don't know", press: giveUp },
  ];
}

/** @returns {readonly Key[]} */
function typingKeys() {
  return [
    { keys: ["Enter"], does: "Check; with nothing typed: don't know", press: check, typing: true },
    { keys: ["Escape"], does: "Don't know", press: giveUp, typing: true },
  ];
}

/** @returns {readonly Key[]} */
function endKeys() {
  const does = words.nextAction(state);
  return does === "" ? [] : [{ keys: ["Enter"], does, press: nextSet }];
}

/** @returns {readonly Key[]} */
function overruleKeys() {
  if (!model.canOverrule(state)) return [];
  const does = state.answer?.right ? "I missed it" : "I was right";
  return [{ keys: ["r"], does, press: overrule }];
}

/** Whether this page was left and is shown again as it was: reloaded, or by the way back. */
function isBack() {
  const [entry] = performance.getEntriesByType("navigation");
  return entry instanceof PerformanceNavigationTiming && entry.type !== "navigate";
}
