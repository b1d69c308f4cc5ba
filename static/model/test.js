/** A test from its settings to its score. */

import { build } from "./test/build.js";
import { empty, typed } from "./test/score.js";
import { NO_PROBLEMS, NOTHING_TO_ASK, fitted, numberOf, problemsOf, usual } from "./test/settings.js";

/** @typedef {import("../wire/study.js").StudyCard} StudyCard */
/** @typedef {import("../wire/study.js").Verdict} Verdict */
/** @typedef {import("./shuffle.js").Random} Random */
/** @typedef {import("./test/build.js").Question} Question */
/** @typedef {import("./test/settings.js").Settings} Settings */
/** @typedef {import("./test/settings.js").Problems} Problems */
/** An index into the choices, whether a statement is true, or what was typed. @typedef {number | boolean | string} Answer */
/** @typedef {"building" | "answering" | "checking" | "graded"} Phase */
/**
 * @typedef {object} TestState
 * @property {string} id of what is asked, empty for nothing; 8 to 32 of A-Za-z0-9_-
 * @property {readonly StudyCard[]} cards of the deck
 * @property {readonly string[]} starred ids of cards, in deck order
 * @property {Phase} phase
 * @property {Settings} settings
 * @property {Problems} problems
 * @property {readonly Question[]} questions
 * @property {Readonly<Record<string, Answer>>} answers by card
 * @property {boolean} asking whether to check although some are empty
 * @property {string} trouble why the written ones could not be checked, empty for none
 * @property {Readonly<Record<string, Verdict>>} verdicts on written ones, by card
 * @property {readonly string[]} claimed cards whose written answer was right, says its player
 * @property {boolean} final the reviews have gone, so nothing can be claimed any more
 */
/** @typedef {Readonly<TestState>} Test */
/**
 * @typedef {{ type: "set", settings: Partial<Settings> }
 *   | { type: "made", id: string, random: Random }
 *   | { type: "answered", card: string, answer: Answer }
 *   | { type: "check_pressed" }
 *   | { type: "graded", test: string, verdicts: readonly Verdict[] }
 *   | { type: "grading_failed", test: string, trouble: string }
 *   | { type: "claimed", card: string, right: boolean }
 *   | { type: "reviews_left" }
 *   | { type: "put_away" }
 *   | { type: "restored", kept: Partial<TestState> }} TestEvent
 */

const BLANK = Object.freeze({
  id: "",
  problems: NO_PROBLEMS,
  questions: Object.freeze([]),
  answers: Object.freeze({}),
  asking: false,
  trouble: "",
  verdicts: Object.freeze({}),
  claimed: Object.freeze([]),
  final: false,
});

/**
 * @param {readonly StudyCard[]} cards of the deck
 * @param {readonly string[]} stars
 * @returns {Test}
 */
export function test(cards, stars) {
  const starred = Object.freeze(cards.map(({ id }) => id).filter((id) => stars.includes(id)));
  const settings = usual(cards.length);
  return Object.freeze({ ...BLANK, cards: Object.freeze([...cards]), starred, phase: "building", settings });
}

/**
 * @param {Test} before
 * @param {TestEvent} event
 * @returns {Test} the same object when nothing changed
 */
export function next(before, event) {
  const { phase } = before;
  switch (event.type) {
    case "set":
      return phase === "building" ? set(before, event.settings) : before;
    case "made":
      return phase === "building" || phase === "graded" ? make(before, event.id, event.random) : before;
    case "answered":
      return phase === "answering" ? answer(before, event.card, event.answer) : before;
    case "check_pressed":
      return phase === "answering" ? check(before) : before;
    case "graded":
      return isAwaited(before, event.test) ? grade(before, event.verdicts) : before;
    case "grading_failed":
      return isAwaited(before, event.test)
        ? change(before, { phase: "answering", trouble: event.trouble })
        : before;
    case "claimed":
      return phase === "graded" ? claim(before, event.card, event.right) : before;
    case "reviews_left":
      return phase === "graded" && !before.final ? change(before, { final: true }) : before;
    case "put_away":
      return phase === "building" ? before : change(before, { ...BLANK, phase: "building" });
    case "restored":
      return set(change(before, event.kept), {});
  }
}

/**
 * The cards to choose from.
 * @param {Pick<TestState, "cards" | "starred" | "settings">} test
 * @returns {readonly StudyCard[]}
 */
export function pool({ cards, starred, settings }) {
  return settings.from === "all" ? cards : cards.filter(({ id }) => starred.includes(id));
}

/**
 * @param {Test} before
 * @param {Partial<Settings>} changes
 */
function set(before, changes) {
  const wanted = { ...before.settings, ...changes };
  const from = before.starred.length === 0 ? "all" : wanted.from;
  const settings = Object.freeze({ ...wanted, from });
  // A number that was typed is left to be complained of; one that another choice made too large shrinks.
  if (changes.count !== undefined) return change(before, { settings, problems: NO_PROBLEMS });
  const there = pool({ ...before, settings }).length;
  return change(before, { settings: fitted(settings, there), problems: NO_PROBLEMS });
}

/**
 * @param {Test} before
 * @param {string} id
 * @param {Random} random
 */
function make(before, id, random) {
  const { cards, settings } = before;
  const asked = pool(before);
  const problems = problemsOf(settings, asked.length);
  if (problems.count !== "" || problems.kinds !== "") return change(before, { problems });
  const questions = build({ ...settings, count: numberOf(settings.count) }, asked, cards, random);
  if (questions.length === 0) return change(before, { problems: NOTHING_TO_ASK });
  return change(before, { ...BLANK, id, phase: "answering", questions });
}

/**
 * @param {Test} before
 * @param {string} card
 * @param {Answer} given
 */
function answer(before, card, given) {
  if (before.answers[card] === given || !before.questions.some((question) => question.card === card)) {
    return before;
  }
  return change(before, { answers: Object.freeze({ ...before.answers, [card]: given }), asking: false });
}

/** @param {Test} before */
function check(before) {
  if (empty(before).length > 0 && !before.asking) return change(before, { asking: true, trouble: "" });
  const phase = typed(before).length > 0 ? "checking" : "graded";
  return change(before, { phase, trouble: "" });
}

/**
 * Whether the server's answer is to this test, and not to one that was put away meanwhile.
 * @param {Test} before
 * @param {string} id of the test that was to be graded
 */
function isAwaited(before, id) {
  return before.phase === "checking" && before.id === id;
}

/**
 * @param {Test} before
 * @param {readonly Verdict[]} verdicts
 */
function grade(before, verdicts) {
  const byCard = Object.fromEntries(verdicts.map((verdict) => [verdict.card, verdict]));
  return change(before, { phase: "graded", asking: false, verdicts: Object.freeze(byCard) });
}

/**
 * @param {Test} before
 * @param {string} card
 * @param {boolean} right
 */
function claim(before, card, right) {
  const may = before.verdicts[card]?.right === false && !before.final;
  if (!may || before.claimed.includes(card) === right) return before;
  const others = before.claimed.filter((other) => other !== card);
  return change(before, { claimed: Object.freeze(right ? [...others, card] : others) });
}

/**
 * @param {Test} before
 * @param {Partial<TestState>} changes
 * @returns {Test}
 */
function change(before, changes) {
  return Object.freeze({ ...before, ...changes });
}
