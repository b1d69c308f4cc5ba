/** The questions of a test on paper: what is asked, and what takes the answer. */

import { LETTERS } from "../model/letters.js";
import { SIDE_NAMES } from "../model/sides.js";
import { MOST_TYPED } from "../wire/study.js";
import { el } from "./dom.js";

/** @typedef {import("../model/test.js").Answer} Answer */
/** @typedef {import("../model/test/build.js").Question} Question */
/** @typedef {import("../model/test/build.js").Pair} Pair */
/** @typedef {import("../model/test/build.js").WrittenQuestion} WrittenQuestion */
/** @typedef {HTMLInputElement | HTMLSelectElement} Control */
/** @typedef {{ readonly question: Question, readonly number: number, readonly answer: Answer | undefined }} Asked */

/**
 * The answer that a control gives, for the card in its `data-card`.
 * @param {Control} control
 * @returns {Answer} an empty text for none
 */
export function answerOf(control) {
  const { value } = control;
  if (control.type === "text" || value === "") return value;
  return value === "true" || value === "false" ? value === "true" : Number(value);
}

/**
 * Everything on a sheet of its own but matching, whose pairs share one.
 * @param {readonly Asked[]} asked of one kind, in order
 * @returns {HTMLElement[]}
 */
export function sheets(asked) {
  /** @type {Asked[][]} */
  const blocks = [];
  const singles = asked.flatMap((one) => {
    const { question, number, answer } = one;
    if (question.kind !== "matching") return [single(question, number, answer)];
    (blocks[question.block] ??= []).push(one);
    return [];
  });
  return [...singles, ...blocks.map(block)];
}

/**
 * @param {Exclude<Question, Pair>} question
 * @param {number} number
 * @param {Answer | undefined} answer
 */
function single(question, number, answer) {
  const isWritten = question.kind === "typed";
  const content = isWritten ? written(question, number, answer) : chosen(question, number, answer);
  return el("div", { class: "test-question sheet" }, content);
}

/**
 * @param {WrittenQuestion} question
 * @param {number} number
 * @param {Answer | undefined} answer
 */
function written({ card, asked, side }, number, answer) {
  const id = `answer-${number}`;
  const input = el("input", {
    class: "input",
    id,
    type: "text",
    "data-card": card,
    maxlength: MOST_TYPED,
    placeholder: SIDE_NAMES[side],
    autocomplete: "off",
    autocapitalize: "none",
    spellcheck: "false",
    enterkeyhint: "next",
  });
  input.value = typeof answer === "string" ? answer : "";
  return el("div", { class: "asking" }, el("label", { for: id }, ...head(number, asked)), input);
}

/**
 * @param {Exclude<Question, WrittenQuestion | Pair>} question
 * @param {number} number
 * @param {Answer | undefined} answer
 */
function chosen(question, number, answer) {
  const { card, asked } = question;
  const isChoice = question.kind === "choice";
  const picks = isChoice
    ? question.choices.map((text, at) => pick(card, at, answer === at, text, LETTERS[at]))
    : [pick(card, true, answer === true, "True"), pick(card, false, answer === false, "False")];
  const statement = isChoice ? null : el("span", { class: "test-statement" }, question.statement);
  return el(
    "fieldset",
    { class: "asking" },
    el("legend", {}, ...head(number, asked), statement),
    el("div", { class: "picks", "data-kind": question.kind }, ...picks),
  );
}

/**
 * @param {string} card
 * @param {number | boolean} value
 * @param {boolean} checked
 * @param {string} text
 * @param {string} [letter]
 */
function pick(card, value, checked, text, letter) {
  const input = el("input", { type: "radio", name: `card-${card}`, value: String(value), "data-card": card });
  input.checked = checked;
  const badge = letter !== undefined && el("b", { class: "letter" }, letter);
  return el("label", { class: "pick" }, input, badge, el("span", {}, text));
}

/**
 * Prompts, each with a list of letters to choose from, and what the letters stand for.
 * @param {readonly Asked[]} pairs
 */
function block(pairs) {
  const [first] = pairs;
  const choices = first?.question.kind === "matching" ? first.question.choices : [];
  const given = first?.question.side === "prompt" ? "question" : "answer";
  return el(
    "fieldset",
    { class: "test-question test-block sheet" },
    el("legend", { class: "soft" }, `Each has one ${given} of the list.`),
    el("div", { class: "pairs" }, ...pairs.map((pair) => matched(pair, choices))),
    el(
      "ul",
      { class: "letters", role: "list", "aria-label": `The ${given}s` },
      ...choices.map((text, at) => el("li", {}, el("b", { class: "letter" }, LETTERS[at]), el("span", {}, text))),
    ),
  );
}

/**
 * @param {Asked} pair
 * @param {readonly string[]} choices
 */
function matched({ question: { card, asked }, number, answer }, choices) {
  const id = `answer-${number}`;
  const select = el(
    "select",
    { class: "input", id, "data-card": card },
    el("option", { value: "" }, "Choose"),
    ...choices.map((text, at) => el("option", { value: at }, `${LETTERS[at]}. ${text}`)),
  );
  select.value = typeof answer === "number" ? String(answer) : "";
  return el("div", { class: "asking" }, el("label", { for: id }, ...head(number, asked)), select);
}

/**
 * @param {number} number
 * @param {string} asked
 */
function head(number, asked) {
  return [el("span", { class: "number" }, number), el("span", { class: "test-asked" }, asked)];
}
