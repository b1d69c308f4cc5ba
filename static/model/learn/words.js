/** Every sentence of Learn. */

import { due } from "../due.js";
import { MASTERY } from "../mastery.js";
import { SIDE_NAMES } from "../sides.js";
import { why } from "../verdicts.js";
import { counted } from "../words.js";
import { heard } from "./drawing.js";
import { cardOf, left, nextSet } from "./state.js";

/** @typedef {import("./state.js").Learn} Learn */
/** @typedef {import("./lesson.js").Reason} Reason */
/** @typedef {import("./lesson.js").Item} Item */

/** Why a card is asked. @type {Readonly<Record<Reason, string>>} */
export const REASONS = Object.freeze({
  lost: "Lost in a duel",
  due: "Due",
  new: "New",
  early: "Ahead of time",
});

/**
 * What is to be done with the question: "Type the answer".
 * @param {Learn} learn
 */
export function task({ question, side }) {
  const what = side === "answer" ? "answer" : "question";
  return question?.kind === "typed" ? `Type the ${what}` : `Choose the ${what}`;
}

/**
 * What stands on the right text.
 * @param {Learn} learn
 */
export function solutionName({ side }) {
  return SIDE_NAMES[side];
}

/**
 * @param {{ done: number, all: number }} counts
 */
export function progressLine({ done, all }) {
  return `${done} of ${all} done`;
}

export const CHECKING = "Checking…";

/** @param {boolean} online whether the browser thinks it is */
export function selfAsked(online) {
  return online ? "The server cannot check it now: were you right?" : "No connection: were you right?";
}

/**
 * The verdict's note: why a typed answer counts, or that the student said so.
 * @param {Learn} learn
 */
export function note({ answer }) {
  if (answer === null || answer.verdict === null) return "";
  const overruled = answer.right && !answer.verdict.right;
  return overruled ? "Counted as right, because you say so." : why(answer.verdict);
}

/**
 * The verdict as it is said to those who listen.
 * @param {Learn} learn
 */
export function verdictSaid(learn) {
  const verdict = learn.answer?.right ? "Right." : "Wrong.";
  return `${verdict} ${cardOf(learn)?.[learn.side] ?? ""}. ${note(learn)}`.trim();
}

// The end of a set

/**
 * @param {Learn} learn
 */
export function endTitle({ lesson }) {
  const { length } = lesson.items;
  return length === 0 ? "You are up to date" : `Set done: ${counted(length, "card")}`;
}

/**
 * What waits, and when the next card comes: "93 cards wait: 2 lost in duels, 91 new."
 * @param {Learn} learn
 * @param {number} now
 */
export function whatIsLeft(learn, now) {
  const waiting = left(learn);
  const next = learn.progress.next_due_at_ms;
  const when = next === null ? "" : due(next, now);
  if (waiting.length === 0) return `Nothing is due.${when === "" ? "" : ` Next: ${when}.`}`;
  const groups = /** @type {const} */ ([
    ["lost", "lost in duels"],
    ["due", "due"],
    ["new", "new"],
    ["early", "ahead of time"],
  ]).flatMap(([reason, words]) => {
    const count = waiting.filter(({ because }) => because === reason).length;
    return count === 0 ? [] : [{ count, words }];
  });
  const [first, second] = groups;
  const alike = waiting.length === 1 ? first?.words : `all ${first?.words}`;
  const listed = second ? groups.map(({ count, words }) => `${count} ${words}`).join(", ") : alike;
  const wait = waiting.length === 1 ? "1 card waits" : `${waiting.length} cards wait`;
  return `${wait}: ${listed}.${when === "" ? "" : ` The next repetition is due ${when}.`}`;
}

/**
 * The main action of the end; empty where there is nothing to study.
 * @param {Learn} learn
 */
export function nextAction(learn) {
  const { ahead, count } = nextSet(learn);
  if (count === 0) return "";
  if (ahead) return "Study ahead";
  return count === 1 ? "Next card" : `Next ${count} cards`;
}

/**
 * How a card of the set went.
 * @param {Item} item
 */
export function howItWent({ missed }) {
  if (missed === 0) return "Right at once";
  return `Missed ${missed === 1 ? "once" : `${missed} times`}, then right`;
}

/**
 * What a card's studying came to: "Still learning, due tomorrow at 18:00"; empty until the server
 * has told.
 * @param {Learn} learn
 * @param {string} card
 * @param {number} now
 */
export function whatItCameTo(learn, card, now) {
  const known = heard(learn, card);
  if (known === null || known.due_at_ms === null) return "";
  return `${MASTERY[known.mastery]}, due ${due(known.due_at_ms, now)}`;
}

/**
 * What is said where the set brought cards that were lost in duels; empty otherwise, and while some
 * still wait.
 * @param {Learn} learn
 */
export function duelNote(learn) {
  const lost = learn.lesson.items.filter(({ because }) => because === "lost").length;
  if (lost === 0 || left(learn).some(({ because }) => because === "lost")) return "";
  return lost === 1 ? "The card that you lost in a duel is done." : "The cards that you lost in duels are done.";
}
