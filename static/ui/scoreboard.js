/**
 * Both seats side by side: mark, name, total, and one line on what that side is doing.
 */

import { points } from "../model/words.js";
import { el, fill, mark, write } from "./dom.js";
import { seatMark } from "./marks.js";
import { Seconds } from "./seconds.js";

/** @typedef {import("../wire/messages.js").Seat} Seat */

/**
 * @typedef {object} SeatLine
 * @property {string} name
 * @property {boolean} you
 * @property {number} total
 * @property {string} state
 * @property {boolean} strong whether the state is news
 * @property {number | null} forfeit_at counts down after the state
 */

export class Scoreboard extends HTMLElement {
  #sides = /** @type {const} */ ([side(0), side(1)]);

  connectedCallback() {
    mark(this, "role", "group");
    mark(this, "aria-label", "Score");
  }

  /**
   * @param {readonly [SeatLine, SeatLine]} lines by seat
   * @param {readonly [Seat, Seat]} order who stands first
   * @param {number | null} held_at the instant at which time stands still
   */
  show(lines, order, held_at) {
    if (this.childElementCount === 0) {
      this.append(el("div", { class: "scoreboard" }, ...order.map((seat) => this.#sides[seat].root)));
    }
    for (const seat of order) draw(this.#sides[seat], lines[seat], held_at);
  }
}

/** @param {Seat} seat */
function side(seat) {
  const name = el("span", { class: "name" });
  const state = el("span", { class: "state" });
  const text = el("span");
  const seconds = new Seconds();
  seconds.dataset.unit = "\u202fs";
  state.append(text, seconds);
  const total = el("span", { class: "total" }, "0");
  const root = el("div", { "data-seat": seat }, seatMark(seat), name, state, total);
  return { root, name, state, text, seconds, total };
}

/**
 * @param {ReturnType<typeof side>} parts
 * @param {SeatLine} line
 * @param {number | null} held_at
 */
function draw({ name, state, text, seconds, total }, line, held_at) {
  if (name.dataset.drawn !== `${line.name}${line.you}`) {
    name.dataset.drawn = `${line.name}${line.you}`;
    fill(
      name,
      el("span", { class: "who", title: line.name }, line.name),
      line.you && el("span", { class: "soft" }, "\u00a0(you)"),
    );
  }
  mark(state, "data-strong", line.strong);
  mark(state, "data-away", line.forfeit_at !== null);
  write(text, line.state);
  seconds.until(line.forfeit_at, held_at);
  write(total, points(line.total));
}

customElements.define("deckduel-scoreboard", Scoreboard);
