/**
 * The state of the Learn page: one frozen object, changed only by `next`.
 *
 * The rules. A set is up to seven cards: of the address, or else of the server's queue in its order
 * (lost in duels, due, new). An unfamiliar card, which is new or was missed last, begins with four
 * choices; right, it comes again typed, behind all others of the set. A familiar one begins typed. A
 * missed card comes back in the form in which it was missed, at least two others later wherever two
 * are left. A card is done when it is right in its last form: typed, or chosen where the student will
 * not type. The set ends when all its cards are done. A typed answer is graded by the server; where
 * that cannot be, the student says, and he may overrule a verdict against him.
 */

import { choiceOf, writtenOf } from "./questions.js";
import * as drawing from "./learn/drawing.js";
import { answered, lesson } from "./learn/lesson.js";
import { canOverrule, change, left } from "./learn/state.js";

export { counts } from "./learn/lesson.js";
export { canOverrule, cardOf, itemOf, left, nextSet } from "./learn/state.js";

/** @typedef {import("./learn/state.js").Learn} Learn */
/** @typedef {import("./learn/state.js").Settings} Settings */
/** @typedef {import("./learn/state.js").Answer} Answer */
/** @typedef {import("./shuffle.js").Random} Random */
/** @typedef {import("../wire/study.js").Verdict} Verdict */
/** @typedef {import("../wire/study.js").Progress} Progress */

/** An Enter this soon after a typed question came was meant for the one before, in ms. */
export const TOO_SOON_MS = 500;

/**
 * Instants are ms since 1970. `checked` with nothing typed gives up; `graded` and `ungraded` answer
 * the `checked` of a turn; `recorded` tells that the outbox has the answer as it is.
 * @typedef {{ type: "set_wanted", at_ms: number, random: Random }
 *   | { type: "picked", choice: number, at_ms: number }
 *   | { type: "typed", text: string }
 *   | { type: "checked", at_ms: number }
 *   | { type: "graded", turn: number, verdict: Verdict, at_ms: number }
 *   | { type: "ungraded", turn: number }
 *   | { type: "judged", right: boolean, at_ms: number }
 *   | { type: "gave_up", at_ms: number }
 *   | { type: "overruled" }
 *   | { type: "recorded" }
 *   | { type: "went_on", at_ms: number, random: Random }
 *   | { type: "settings", settings: Settings, at_ms: number, random: Random }
 *   | { type: "progress", progress: Progress }} LearnEvent
 */

/**
 * The state before any set.
 * @param {Pick<Learn, "cards" | "progress" | "settings" | "studied" | "asked">} start
 * @returns {Learn}
 */
export function learn(start) {
  return Object.freeze({
    ...start,
    lesson: lesson([]),
    phase: "end",
    turn: 0,
    since: 0,
    side: start.settings.side,
    question: null,
    text: "",
    answer: null,
  });
}

/**
 * @param {Learn} before
 * @param {LearnEvent} event
 * @returns {Learn} the same object when nothing changed
 */
export function next(before, event) {
  switch (event.type) {
    case "set_wanted":
      return before.phase === "end" ? drawn(before, event) : before;
    case "picked":
      return picked(before, event.choice, event.at_ms);
    case "typed":
      if (before.phase !== "asking" || event.text === before.text) return before;
      return change(before, { text: event.text });
    case "checked":
      return checked(before, event.at_ms);
    case "graded":
      if (before.phase !== "grading" || event.turn !== before.turn) return before;
      return decided(before, event.verdict.right, event.at_ms, { verdict: event.verdict });
    case "ungraded":
      if (before.phase !== "grading" || event.turn !== before.turn) return before;
      return change(before, { phase: "self" });
    case "judged":
      return before.phase === "self" ? decided(before, event.right, event.at_ms) : before;
    case "gave_up":
      return before.phase === "asking" ? decided(before, false, event.at_ms) : before;
    case "overruled":
      return overruled(before);
    case "recorded":
      return recorded(before);
    case "went_on":
      return wentOn(before, event);
    case "settings":
      return settled(before, event);
    case "progress":
      return change(before, { progress: event.progress });
  }
}

/**
 * @param {Learn} before
 * @param {{ at_ms: number, random: Random }} chance
 */
function drawn(before, chance) {
  const waiting = left(before);
  const from = waiting.length > 0 ? waiting : drawing.ahead(before);
  if (from.length === 0) return before;
  const set = lesson(drawing.draw(before, from));
  const asked = before.asked.filter((card) => !set.line.includes(card));
  return question(change(before, { lesson: set, asked }), chance);
}

/**
 * Asks the first of the line, or ends the set.
 * @param {Learn} before
 * @param {{ at_ms: number, random: Random }} chance
 * @returns {Learn}
 */
function question(before, { at_ms, random }) {
  const { cards, lesson, settings, turn } = before;
  const [first] = lesson.line;
  const card = cards.find(({ id }) => id === first);
  const blank = { text: "", answer: null };
  if (card === undefined) return change(before, { ...blank, phase: "end", question: null });
  const { side, typing } = settings;
  const familiar = lesson.items.find((item) => item.card === first)?.familiar;
  const typed = familiar && typing === "familiar";
  const asked = (typed ? null : choiceOf(card, side, cards, random)) ?? writtenOf(card, side);
  return change(before, {
    ...blank,
    phase: "asking",
    turn: turn + 1,
    since: at_ms,
    side,
    question: asked,
  });
}

/**
 * @param {Learn} before
 * @param {number} choice
 * @param {number} at_ms
 */
function picked(before, choice, at_ms) {
  const { phase, question } = before;
  if (phase !== "asking" || question?.kind !== "choice") return before;
  if (question.choices[choice] === undefined) return before;
  return decided(before, choice === question.right, at_ms, { picked: choice });
}

/**
 * @param {Learn} before
 * @param {number} at_ms
 */
function checked(before, at_ms) {
  if (before.phase !== "asking" || before.question?.kind !== "typed") return before;
  if (before.text.trim() !== "") return change(before, { phase: "grading" });
  return at_ms - before.since < TOO_SOON_MS ? before : decided(before, false, at_ms);
}

/**
 * @param {Learn} before
 * @param {boolean} right
 * @param {number} at_ms
 * @param {Partial<Answer>} [more]
 */
function decided(before, right, at_ms, more) {
  const answer = Object.freeze({ picked: null, verdict: null, recorded: null, right, at_ms, ...more });
  return change(before, { phase: "verdict", answer });
}

/** @param {Learn} before */
function recorded(before) {
  const { answer } = before;
  if (answer === null || answer.recorded === answer.right) return before;
  return change(before, { answer: Object.freeze({ ...answer, recorded: answer.right }) });
}

/** @param {Learn} before */
function overruled(before) {
  const { answer } = before;
  if (answer === null || !canOverrule(before)) return before;
  return change(before, { answer: Object.freeze({ ...answer, right: !answer.right }) });
}

/**
 * @param {Learn} before
 * @param {{ at_ms: number, random: Random }} chance
 */
function wentOn(before, chance) {
  const { phase, answer, question: asked, settings } = before;
  if (phase !== "verdict" || answer === null || asked === null) return before;
  const last = asked.kind === "typed" || settings.typing === "never";
  const done = answer.right && last;
  const studied = done ? { ...before.studied, [asked.card]: answer.at_ms } : before.studied;
  return question(
    change(before, {
      lesson: answered(before.lesson, { right: answer.right, last }),
      studied: Object.freeze(studied),
    }),
    chance,
  );
}

/**
 * Other settings ask the open question anew; one that is answered stays as it was asked.
 * @param {Learn} before
 * @param {{ settings: Settings, at_ms: number, random: Random }} event
 */
function settled(before, { settings, ...chance }) {
  const { side, typing } = before.settings;
  if (settings.side === side && settings.typing === typing) return before;
  const after = change(before, { settings });
  return before.phase === "asking" ? question(after, chance) : after;
}
