/**
 * All rounds at a glance: a row for each seat, a mark for each round, each round a link to its review.
 */

import { el } from "./dom.js";
import { seatMark, sign } from "./marks.js";

/** @typedef {import("../wire/messages.js").Seat} Seat */
/** @typedef {import("./review.js").ReviewedRound} ReviewedRound */

/**
 * @param {readonly ReviewedRound[]} rounds
 * @param {readonly [string, string]} names by seat
 * @param {readonly [Seat, Seat]} order
 */
export function tally(rounds, names, order) {
  const table = el(
    "table",
    { class: "tally sheet" },
    el("caption", { class: "visually-hidden" }, "Rounds at a glance"),
    el("thead", {}, el("tr", {}, el("td"), ...rounds.map(head))),
    el("tbody", {}, ...order.map((seat) => row(seat, names[seat], rounds))),
  );
  table.style.setProperty("--columns", String(rounds.length + 1));
  return table;
}

/** @param {ReviewedRound} round */
function head({ round }) {
  const link = el("a", { href: `#round-${round}`, "aria-label": `Round ${round}` }, round);
  return el("th", { scope: "col" }, link);
}

/**
 * @param {Seat} seat
 * @param {string} name
 * @param {readonly ReviewedRound[]} rounds
 */
function row(seat, name, rounds) {
  return el(
    "tr",
    {},
    el("th", { scope: "row" }, seatMark(seat, name)),
    ...rounds.map(({ answers, correct }) => el("td", {}, outcome(answers[seat]?.choice, correct))),
  );
}

/**
 * @param {number | undefined} choice
 * @param {number} correct
 */
function outcome(choice, correct) {
  if (choice === undefined)
    return el("span", { class: "soft", role: "img", "aria-label": "no answer" }, "–");
  const verdict = choice === correct ? "right" : "wrong";
  return el("span", { "data-verdict": verdict }, sign(verdict, verdict));
}
