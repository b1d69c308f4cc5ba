/** What became of a test: which answers are right, and what stands beside each. */

import { why } from "../verdicts.js";

/** @typedef {import("../test.js").Test} Test */
/** @typedef {import("../test.js").Answer} Answer */
/** @typedef {import("./build.js").Question} Question */
/** @typedef {import("../../wire/study.js").How} How */
/** @typedef {import("../../wire/study.js").Typed} Typed */
/**
 * @typedef {object} Row
 * @property {number} number from 1
 * @property {string} card
 * @property {How} how
 * @property {string} asked
 * @property {string} statement that was called true or false; empty for another kind
 * @property {string} given in words, empty for no answer
 * @property {string} answer the right one, in words
 * @property {boolean} right
 * @property {boolean} claimed right because its player says so
 * @property {boolean} claimable its player may still say so
 * @property {string} why it was accepted, empty where there is nothing to say
 * @property {string} explanation of the card
 */

/**
 * Whether a question has an answer; blanks are none.
 * @param {Answer | undefined} answer
 */
export function isGiven(answer) {
  return typeof answer === "string" ? answer.trim() !== "" : answer !== undefined;
}

/**
 * The questions without an answer, in order.
 * @param {Test} test
 * @returns {readonly Question[]}
 */
export function empty({ questions, answers }) {
  return questions.filter(({ card }) => !isGiven(answers[card]));
}

/**
 * What the server is to grade.
 * @param {Test} test
 * @returns {readonly Typed[]}
 */
export function typed({ questions, answers }) {
  return questions.flatMap(({ kind, card, side }) => {
    const text = answers[card];
    if (kind !== "typed" || typeof text !== "string" || !isGiven(text)) return [];
    return [Object.freeze({ card, text: text.trim(), side })];
  });
}

/**
 * A graded test, question by question.
 * @param {Test} test
 * @returns {readonly Row[]}
 */
export function rows(test) {
  const cards = new Map(test.cards.map((card) => [card.id, card]));
  return test.questions.map((question, index) => {
    const { kind, card, asked, side } = question;
    const answer = test.answers[card];
    const verdict = kind === "typed" ? test.verdicts[card] : undefined;
    const claimed = verdict?.right === false && test.claimed.includes(card);
    return Object.freeze({
      number: index + 1,
      card,
      how: kind,
      asked,
      statement: kind === "true_false" ? question.statement : "",
      given: inWords(question, answer),
      answer: rightWords(question, cards.get(card)?.[side] ?? ""),
      right: claimed || isRight(question, answer, test),
      claimed,
      claimable: verdict?.right === false && !test.final,
      why: verdict === undefined ? "" : why(verdict),
      explanation: cards.get(card)?.explanation ?? "",
    });
  });
}

/**
 * @param {readonly Row[]} rows
 * @returns {{ readonly right: number, readonly of: number, readonly percent: number }} 100 only when
 *   all are right, 0 only when none is
 */
export function score(rows) {
  const of = rows.length;
  const right = rows.filter((row) => row.right).length;
  const percent = Math.round((100 * right) / of);
  const part = right > 0 && right < of;
  return Object.freeze({ right, of, percent: part ? Math.min(99, Math.max(1, percent)) : percent });
}

/**
 * The cards that were missed, in order.
 * @param {readonly Row[]} rows
 * @returns {readonly string[]}
 */
export function misses(rows) {
  return rows.filter(({ right }) => !right).map(({ card }) => card);
}

/**
 * @param {Question} question
 * @param {Answer | undefined} answer
 * @param {Test} test
 */
function isRight(question, answer, { verdicts }) {
  if (!isGiven(answer)) return false;
  if (question.kind === "typed") return verdicts[question.card]?.right === true;
  return answer === question.right;
}

/**
 * @param {Question} question
 * @param {Answer | undefined} answer
 */
function inWords(question, answer) {
  switch (question.kind) {
    case "typed":
      return typeof answer === "string" ? answer.trim() : "";
    case "true_false":
      return answer === undefined ? "" : truth(answer === true);
    default:
      return typeof answer === "number" ? (question.choices[answer] ?? "") : "";
  }
}

/**
 * The right answer in words; of a false statement also what would be true.
 * @param {Question} question
 * @param {string} text of the side that was to be given
 */
export function rightWords(question, text) {
  if (question.kind !== "true_false") return text;
  return question.right ? truth(true) : `${truth(false)}: ${text}`;
}

/** @param {boolean} right */
function truth(right) {
  return right ? "True" : "False";
}
