/** What the Learn page shows of a question, in every phase: values for its elements. */

import { cardOf, itemOf, canOverrule } from "./state.js";
import { CHECKING, note, selfAsked, solutionName, task } from "./words.js";

/** @typedef {import("./state.js").Learn} Learn */
/**
 * @typedef {object} QuestionView
 * @property {number} turn another number is another question
 * @property {Exclude<Learn["phase"], "end">} phase
 * @property {import("./lesson.js").Reason} because
 * @property {string} task
 * @property {string} asked
 * @property {readonly string[] | null} choices null where it is to be typed
 * @property {number | null} picked
 * @property {number | null} right_choice null until it is decided
 * @property {string} text typed so far, or sent
 * @property {string | null} solution the right text, once it may be seen
 * @property {string} solution_name what stands on it
 * @property {boolean | null} right what counts, once it is decided
 * @property {string} note why a typed answer counts, or the question to the student
 * @property {string} explanation
 * @property {boolean} can_overrule
 */

/**
 * @param {Learn} learn
 * @param {boolean} online whether the browser thinks it is
 * @returns {QuestionView | null} null in the end
 */
export function questionView(learn, online) {
  const { phase, question, answer, turn, text, side } = learn;
  const card = cardOf(learn);
  const item = itemOf(learn);
  if (phase === "end" || question === null || card === null || item === null) return null;
  const shown = phase === "verdict" || phase === "self";
  return Object.freeze({
    turn,
    phase,
    because: item.because,
    task: task(learn),
    asked: question.asked,
    choices: question.kind === "choice" ? question.choices : null,
    picked: answer?.picked ?? null,
    right_choice: shown && question.kind === "choice" ? question.right : null,
    text,
    solution: shown ? card[side] : null,
    solution_name: solutionName(learn),
    right: answer?.right ?? null,
    note: phase === "grading" ? CHECKING : phase === "self" ? selfAsked(online) : note(learn),
    explanation: shown ? card.explanation : "",
    can_overrule: canOverrule(learn),
  });
}
