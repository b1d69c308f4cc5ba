/**
 * A small picture of a match: both totals after each round, a line with a shape at its end for each seat.
 *
 * Lines and shapes are placed by shares of the width, so that nothing is distorted at any width.
 */

import { points } from "../model/words.js";
import { scale, winning } from "../model/running-score.js";
import { el } from "./dom.js";
import { PATHS, seatMark } from "./marks.js";

/** @typedef {import("../wire/messages.js").Seat} Seat */
/** @typedef {import("../model/running-score.js").Scored} Scored */

const SVG = "http://www.w3.org/2000/svg";
/** Heights in the picture's own units, which are pixels. */
const HEIGHT = 132;
const TOP = 12;
const FOOT = 22;
/** Where the last round's end is, as a share of the width. */
const RIGHT = 0.96;
/** Between the numbers, which stand in the margin before the picture, and its lines. */
const GAP = 8;
const MARK = 12;
const DOT = 2.5;

/**
 * @param {readonly Scored[]} rounds
 * @param {readonly [string, string]} names by seat
 * @param {readonly [Seat, Seat]} order
 */
export function runningScore(rounds, names, order) {
  const { top, step } = scale(rounds);
  const x = (/** @type {number} */ at) => `${((100 * RIGHT * at) / rounds.length).toFixed(3)}%`;
  const y = (/** @type {number} */ total) => HEIGHT - FOOT - ((HEIGHT - FOOT - TOP) * total) / top;
  const svg = draw("svg", { class: "running", role: "img", height: HEIGHT, width: "100%" });
  svg.setAttribute("aria-label", winning(rounds, names));
  for (let total = 0; total <= top; total += step) {
    svg.append(draw("line", { class: "grid", x1: x(0), x2: x(rounds.length), y1: y(total), y2: y(total) }));
    svg.append(text(points(total), { class: "scale", x: -GAP, y: y(total), "dominant-baseline": "middle" }));
  }
  for (const { round } of rounds) svg.append(text(String(round), { x: x(round), y: HEIGHT - 4 }));
  // The seat of whoever looks is drawn last, above the other.
  for (const seat of [...order].reverse()) svg.append(...line(seat));
  return el(
    "figure",
    { class: "running-score" },
    el(
      "figcaption",
      {},
      "Running score",
      ...order.map((seat) => el("span", { class: "whose" }, seatMark(seat), names[seat])),
    ),
    svg,
    // A table does not shrink, so what hides it is around it.
    el("div", { class: "visually-hidden" }, table(rounds, names, order)),
  );

  /** @param {Seat} seat */
  function line(seat) {
    const totals = [0, ...rounds.map((round) => round.totals[seat])];
    const group = draw("g", { class: "seat-line", "data-seat": seat });
    for (const [at, total] of totals.entries()) {
      if (at === 0) continue;
      const before = totals[at - 1] ?? 0;
      group.append(draw("line", { x1: x(at - 1), y1: y(before), x2: x(at), y2: y(total) }));
      group.append(draw("circle", { cx: x(at), cy: y(total), r: DOT }));
    }
    const end = draw("svg", { x: x(rounds.length), y: y(totals.at(-1) ?? 0), overflow: "visible" });
    const size = `translate(${-MARK / 2} ${-MARK / 2}) scale(${MARK / 24})`;
    end.append(draw("path", { d: seat === 0 ? PATHS.seat0 : PATHS.seat1, transform: size }));
    group.append(end);
    return [group];
  }
}

/**
 * The same for those who listen.
 * @param {readonly Scored[]} rounds
 * @param {readonly [string, string]} names
 * @param {readonly [Seat, Seat]} order
 */
function table(rounds, names, order) {
  return el(
    "table",
    {},
    el("caption", {}, "Total points after each round"),
    el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "Round"), ...order.map((seat) => el("th", { scope: "col" }, names[seat])))),
    el(
      "tbody",
      {},
      ...rounds.map(({ round, totals }) =>
        el("tr", {}, el("th", { scope: "row" }, round), ...order.map((seat) => el("td", {}, points(totals[seat])))),
      ),
    ),
  );
}

/**
 * @param {string} tag
 * @param {Record<string, string | number>} attributes
 */
function draw(tag, attributes) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  return element;
}

/**
 * @param {string} said
 * @param {Record<string, string | number>} attributes
 */
function text(said, attributes) {
  const element = draw("text", attributes);
  element.textContent = said;
  return element;
}
