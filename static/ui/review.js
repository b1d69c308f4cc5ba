/**
 * The rounds of a match once more: question, choices, who said what how fast, and why it is so.
 */

import { LETTERS } from "../model/letters.js";
import { answerTime, points } from "../model/words.js";
import { judge, word } from "./choices.js";
import { el } from "./dom.js";
import { seatMark } from "./marks.js";
import { runningScore } from "./running-score.js";
import { tally } from "./tally.js";

/** @typedef {import("../wire/messages.js").Seat} Seat */
/** @typedef {import("../wire/messages.js").ShownAnswer} ShownAnswer */

/**
 * @typedef {object} ReviewedRound
 * @property {number} round
 * @property {string} prompt
 * @property {readonly string[]} choices
 * @property {number} correct
 * @property {string | null} explanation
 * @property {readonly [(ShownAnswer & { credit_ms?: number }) | null, (ShownAnswer & { credit_ms?: number }) | null]} answers
 *   by seat; `credit_ms`: what the network was allowed, where it is known
 * @property {readonly [number, number]} totals after it, by seat
 */

/**
 * @param {readonly ReviewedRound[]} rounds
 * @param {readonly [string, string]} names by seat
 * @param {readonly [Seat, Seat]} order
 * @param {{ href: string, label: string } | null} study the way to what was missed
 */
export function review(rounds, names, order, study) {
  return el(
    "section",
    { class: "review", "aria-labelledby": "review-title" },
    el(
      "header",
      { class: "review-head" },
      el("h2", { id: "review-title" }, "Round by round"),
      study && el("a", { class: "button", href: study.href }, study.label),
    ),
    runningScore(rounds, names, order),
    tally(rounds, names, order),
    el("ol", { class: "review", role: "list" }, ...rounds.map((round) => reviewed(round, names, order))),
  );
}

/**
 * @param {ReviewedRound} round
 * @param {readonly [string, string]} names
 * @param {readonly [Seat, Seat]} order
 */
function reviewed(round, names, order) {
  return el(
    "li",
    { class: "reviewed sheet", id: `round-${round.round}` },
    el("h3", {}, el("span", { class: "number" }, round.round), el("b", {}, round.prompt)),
    el(
      "ul",
      { class: "options", role: "list" },
      ...round.choices.map((text, index) => option(round, text, index, names)),
    ),
    el(
      "ul",
      { class: "spoken", role: "list" },
      ...order.map((seat) => spoken(seat, names[seat], round.answers[seat], round.correct)),
    ),
    round.explanation !== null && el("p", { class: "explanation" }, round.explanation),
  );
}

/**
 * @param {ReviewedRound} round
 * @param {string} text
 * @param {number} index
 * @param {readonly [string, string]} names
 */
function option({ correct, answers }, text, index, names) {
  const seats = /** @type {Seat[]} */ ([0, 1]).filter((seat) => answers[seat]?.choice === index);
  const picked = seats.length > 0;
  return el(
    "li",
    { class: "option", "data-verdict": judge(index, correct, picked) },
    el("span", { class: "letter" }, LETTERS[index]),
    el("span", { class: "text" }, text),
    el(
      "span",
      { class: "said" },
      word(index, correct, picked),
      ...seats.map((seat) => seatMark(seat, names[seat])),
    ),
  );
}

/**
 * @param {Seat} seat
 * @param {string} name
 * @param {ReviewedRound["answers"][0]} answer
 * @param {number} correct
 */
function spoken(seat, name, answer, correct) {
  const said = answer === null ? "no answer, 0 points" : scored(answer, answer.choice === correct);
  return el("li", {}, seatMark(seat), el("span", {}, el("b", {}, name), ` ${said}`));
}

/**
 * A round that a forfeit or a resignation broke off has right answers without points.
 * @param {NonNullable<ReviewedRound["answers"][0]>} answer
 * @param {boolean} right
 */
function scored(answer, right) {
  const credit = answer.credit_ms ? ` (${answer.credit_ms} ms credited for the network)` : "";
  const given = `${LETTERS[answer.choice]} in ${answerTime(answer.elapsed_ms)}${credit}`;
  return right && answer.points === 0
    ? `${given}, round not finished`
    : `${given}, ${points(answer.points)} points`;
}
