/** A test as it is kept in the browser between visits, and what of that still makes sense. */

import { isMap, isSide } from "../kept.js";
import { across } from "../questions.js";
import { KINDS } from "./build.js";

/** @typedef {import("../test.js").Test} Test */
/** @typedef {import("../test.js").TestState} TestState */
/** @typedef {import("../test.js").Answer} Answer */
/** @typedef {import("./build.js").Question} Question */
/** @typedef {import("./settings.js").Settings} Settings */
/** @typedef {import("../../wire/study.js").StudyCard} StudyCard */

/** Of a test: with the number of a question behind it, it is still an id of a review. */
const ID = /^[A-Za-z0-9_-]{8,32}$/u;

/**
 * What to keep: of a check under way only the answers.
 * @param {Test} test
 */
export function toKeep({ id, phase, settings, questions, answers, verdicts, claimed }) {
  return { id, graded: phase === "graded", settings, questions, answers, verdicts, claimed };
}

/**
 * What was kept, as far as it can be trusted: the settings, and the test if the deck still has its cards
 * as they were.
 * @param {unknown} kept
 * @param {readonly StudyCard[]} cards of the deck
 * @returns {Partial<TestState>} to be put into a fresh test
 */
export function fromKept(kept, cards) {
  if (!isMap(kept) || !isSettings(kept.settings)) return {};
  const settings = Object.freeze({ ...kept.settings });
  if (!isTest(kept, cards)) return { settings };
  const { id, graded, questions, answers, verdicts, claimed } = kept;
  const phase = graded ? "graded" : "answering";
  // Its reviews went when the page did.
  return { id, settings, phase, questions, answers, verdicts, claimed, final: graded };
}

/**
 * @param {Record<string, unknown>} kept
 * @param {readonly StudyCard[]} cards
 * @returns {kept is Pick<TestState, "id" | "questions" | "answers" | "verdicts" | "claimed"> & { graded: boolean }}
 */
function isTest(kept, cards) {
  const { id, graded, questions, answers, verdicts, claimed } = kept;
  const byId = new Map(cards.map((card) => [card.id, card]));
  return (
    typeof id === "string" &&
    ID.test(id) &&
    typeof graded === "boolean" &&
    Array.isArray(questions) &&
    questions.length > 0 &&
    questions.every((question) => isQuestion(question, byId)) &&
    isMap(answers) &&
    Object.values(answers).every(isAnswer) &&
    isMap(verdicts) &&
    Object.values(verdicts).every(isVerdict) &&
    Array.isArray(claimed) &&
    claimed.every((card) => typeof card === "string")
  );
}

/**
 * @param {unknown} settings
 * @returns {settings is Settings}
 */
function isSettings(settings) {
  if (!isMap(settings)) return false;
  const { count, kinds, from, side } = settings;
  return (
    typeof count === "string" &&
    Array.isArray(kinds) &&
    kinds.every((kind) => KINDS.some((known) => known === kind)) &&
    (from === "all" || from === "starred") &&
    (isSide(side) || side === "mixed")
  );
}

/**
 * Whether this asks a card of the deck as it reads today.
 * @param {unknown} question
 * @param {ReadonlyMap<string, StudyCard>} cards
 */
function isQuestion(question, cards) {
  if (!isMap(question) || typeof question.card !== "string") return false;
  const { kind, side, asked, right, choices } = question;
  const card = cards.get(question.card);
  if (card === undefined || !isSide(side) || asked !== card[across(side)]) return false;
  if (kind === "typed") return true;
  if (kind === "true_false") {
    return typeof right === "boolean" && typeof question.statement === "string";
  }
  if (kind === "matching" && !Number.isInteger(question.block)) return false;
  if (kind !== "choice" && kind !== "matching") return false;
  return (
    Array.isArray(choices) &&
    choices.every((choice) => typeof choice === "string") &&
    choices[Number(right)] === card[side]
  );
}

/** @param {unknown} answer */
function isAnswer(answer) {
  return ["string", "boolean"].includes(typeof answer) || Number.isInteger(answer);
}

/** @param {unknown} verdict */
function isVerdict(verdict) {
  if (!isMap(verdict)) return false;
  const { right, allowed, matched, answer } = verdict;
  const words = [matched, answer].every((text) => typeof text === "string");
  return typeof right === "boolean" && Array.isArray(allowed) && words;
}
