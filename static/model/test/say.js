/** What a test says of itself. */

import { LETTERS } from "../letters.js";
import { empty, isGiven, score } from "./score.js";

/** @typedef {import("../test.js").Test} Test */
/** @typedef {import("./build.js").Kind} Kind */
/** @typedef {import("./build.js").Question} Question */
/** @typedef {import("./score.js").Row} Row */
/** The foot of a test: a line, and the one action. @typedef {{ readonly status: string, readonly action: string, readonly busy: boolean }} End */

/** @type {Readonly<Record<Kind, string>>} */
export const KIND_NAMES = Object.freeze({
  true_false: "True or false",
  choice: "Multiple choice",
  matching: "Matching",
  typed: "Written",
});

/** @param {Test} test */
export function progress({ questions, answers }) {
  const given = questions.filter(({ card }) => isGiven(answers[card])).length;
  return Object.freeze({ given, of: questions.length, text: `${given} of ${questions.length} answered` });
}

/**
 * @param {Test} test
 * @returns {End}
 */
export function end(test) {
  const open = empty(test).length;
  if (test.phase === "checking") return { status: "Checking what you wrote.", action: "Checking…", busy: true };
  if (test.trouble !== "") return { status: test.trouble, action: "Try again", busy: false };
  if (test.asking) {
    const status = `${open} ${open === 1 ? "is empty and counts" : "are empty and count"} as missed. Check anyway?`;
    return { status, action: "Check anyway", busy: false };
  }
  const status = open === 0 ? "Every question is answered." : `${open} ${open === 1 ? "is" : "are"} still empty.`;
  return { status, action: "Check my answers", busy: false };
}

/**
 * Why written answers could not be checked, and that nothing is lost.
 * @param {{ status: number, detail: string }} error of the call
 */
export function troubleOf({ status, detail }) {
  const cause = status === 0 ? "No connection, and checking what you wrote needs the server." : detail;
  return `${cause} Your answers are kept here.`;
}

/**
 * @param {readonly Row[]} rows
 * @returns {string} "17 of 20 right"
 */
export function outcome(rows) {
  const { right, of } = score(rows);
  return `${right} of ${of} right`;
}

/** @param {number} missed how many cards */
export function toStudy(missed) {
  return missed === 1 ? "Study this miss" : `Study these ${missed} misses`;
}

/**
 * What is right for a question, by its letter where it has letters.
 * @param {Question} question
 * @param {string} words of the right answer
 */
export function keyOf(question, words) {
  const lettered = question.kind === "choice" || question.kind === "matching";
  return lettered ? `${LETTERS[question.right]}. ${words}` : words;
}
