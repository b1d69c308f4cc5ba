/** The shape of the Learn page's state, what can be read from it, and how a piece is replaced. */

import * as drawing from "./drawing.js";
import { SET_SIZE } from "./lesson.js";

/** @typedef {import("../../wire/study.js").StudyCard} StudyCard */
/** @typedef {import("../../wire/study.js").Progress} Progress */
/** @typedef {import("../../wire/study.js").Side} Side */
/** @typedef {import("../../wire/study.js").Verdict} Verdict */
/** @typedef {import("../questions.js").Choice} Choice */
/** @typedef {import("../questions.js").Written} Written */
/** @typedef {import("./lesson.js").Item} Item */
/** @typedef {import("./lesson.js").Lesson} Lesson */
/**
 * `side` is to be given; `typing`: when a card is to be typed.
 * @typedef {{ readonly side: Side, readonly typing: "familiar" | "never" }} Settings
 */
/**
 * What became of the question. `picked`: the choice, null for none or where it was typed; `verdict`:
 * the server's on a typed answer; `right`: what counts, the student's own word included; `recorded`:
 * what the outbox has of it, null for nothing yet.
 * @typedef {{ readonly picked: number | null, readonly verdict: Verdict | null, readonly right: boolean,
 *   readonly at_ms: number, readonly recorded: boolean | null }} Answer
 */
/**
 * `asking`: an answer is awaited; `grading`: a typed one is at the server; `self`: it could not be
 * graded, so the student says; `verdict`: it is decided; `end`: the set is done, or there was none.
 * @typedef {"asking" | "grading" | "self" | "verdict" | "end"} Phase
 */
/**
 * @typedef {object} LearnState
 * @property {readonly StudyCard[]} cards of the deck
 * @property {Progress} progress the latest that the server told
 * @property {Settings} settings
 * @property {readonly string[]} asked ids of the address, not drawn into a set yet
 * @property {Readonly<Record<string, number>>} studied when a card was done here, by card
 * @property {Lesson} lesson
 * @property {Phase} phase
 * @property {number} turn counts the questions, so that a late verdict finds its own
 * @property {number} since the instant at which the question was asked
 * @property {Side} side that this question wants
 * @property {Choice | Written | null} question null in the end
 * @property {string} text typed so far, or sent
 * @property {Answer | null} answer
 */
/** @typedef {Readonly<LearnState>} Learn */

/** @type {Settings} */
export const DEFAULTS = Object.freeze({ side: "answer", typing: "familiar" });

/**
 * The card that is asked; null in the end.
 * @param {Learn} learn
 * @returns {StudyCard | null}
 */
export function cardOf({ cards, question }) {
  return cards.find(({ id }) => id === question?.card) ?? null;
}

/**
 * @param {Learn} learn
 * @returns {Item | null} the asked card's place in the set
 */
export function itemOf({ lesson, question }) {
  return lesson.items.find(({ card }) => card === question?.card) ?? null;
}

/**
 * What the sets after this one are made of.
 * @param {Learn} learn
 */
export function left(learn) {
  return drawing.waiting(learn);
}

/**
 * How many cards the next set has: of those that wait, or else of those to study ahead.
 * @param {Learn} learn
 */
export function nextSet(learn) {
  const waiting = left(learn);
  const cards = waiting.length > 0 ? waiting : drawing.ahead(learn);
  return Object.freeze({ ahead: waiting.length === 0, count: Math.min(SET_SIZE, cards.length) });
}

/**
 * Whether the student may overrule the verdict: the server's on something typed, and against him.
 * @param {Learn} learn
 */
export function canOverrule({ phase, answer }) {
  return phase === "verdict" && answer?.verdict?.right === false;
}

/**
 * @template {object} T
 * @param {Readonly<T>} before
 * @param {Partial<T>} changes
 * @returns {Readonly<T>}
 */
export function change(before, changes) {
  return Object.freeze({ ...before, ...changes });
}
