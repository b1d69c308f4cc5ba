/**
 * Before the first round: who plays whom, for what, and the count-down to the start.
 */

import { el, fill, mark, write } from "./dom.js";
import { seatMark } from "./marks.js";
import { Seconds } from "./seconds.js";

/** @typedef {import("../wire/messages.js").Seat} Seat */

/**
 * @typedef {object} MeetingSide
 * @property {string} name
 * @property {boolean} you
 * @property {string} rating with its mark while provisional
 * @property {string} state
 */
/**
 * @typedef {object} MeetingView
 * @property {readonly [MeetingSide, MeetingSide]} sides by seat
 * @property {readonly [Seat, Seat]} order
 * @property {string} stake
 * @property {string} terms why nothing, or less, is at stake
 * @property {"gate" | "count" | "wait"} gate
 * @property {number | null} ends_at
 * @property {number | null} held_at the instant at which time stands still
 * @property {string} watching how many watch, in words
 * @property {{ label: string, href: string } | null} leave for one who only watches: the way back
 */

export class Meeting extends HTMLElement {
  #sides = /** @type {const} */ ([side(0), side(1)]);
  #stake = el("b");
  #terms = el("span", { class: "soft" });
  #hint = el("span");
  #count = new Seconds();
  #gateSeconds = new Seconds();
  #gate = el("div", { class: "gate" });
  #watching = el("p", { class: "watching soft" });
  #leave = el("a", { class: "button", "data-kind": "quiet" });
  #kind = "";

  connectedCallback() {
    this.#count.className = "count";
    this.#gateSeconds.dataset.unit = "\u202fs";
    this.#count.addEventListener("second", this.#beat);
  }

  disconnectedCallback() {
    this.#count.removeEventListener("second", this.#beat);
  }

  /** @param {MeetingView} view */
  show({ sides, order, stake, terms, gate, ends_at, held_at, watching, leave }) {
    if (this.childElementCount === 0) {
      const [first, second] = order;
      const versus = el("span", { class: "versus" }, "against");
      this.append(
        el("h1", { class: "visually-hidden" }, `${sides[first].name} against ${sides[second].name}`),
        el("div", { class: "sides" }, this.#sides[first].root, versus, this.#sides[second].root),
        el("p", { class: "stake" }, this.#stake, this.#terms),
        this.#gate,
        this.#watching,
        this.#leave,
      );
    }
    for (const seat of order) draw(this.#sides[seat], sides[seat]);
    write(this.#stake, stake);
    write(this.#terms, terms);
    write(this.#watching, watching);
    this.#leave.hidden = leave === null;
    mark(this.#leave, "href", leave?.href);
    write(this.#leave, leave?.label ?? "");
    if (gate !== this.#kind) {
      this.#kind = gate;
      write(this.#hint, HINTS[gate]);
      fill(
        this.#gate,
        gate === "count" ? this.#count : el("p", { class: "soft" }, this.#hint, " ", this.#gateSeconds),
      );
      this.#gateSeconds.className = "number";
    }
    if (gate === "count") this.#count.until(ends_at, held_at);
    else this.#gateSeconds.until(gate === "gate" ? ends_at : null, held_at);
  }

  /** Each number of 3-2-1 comes in by itself. */
  #beat = () => {
    mark(this.#count, "data-beat", false);
    requestAnimationFrame(() => mark(this.#count, "data-beat", true));
  };
}

const HINTS = {
  gate: "It starts when both pages are ready.",
  wait: "Joining the match",
  count: "",
};

/** @param {Seat} seat */
function side(seat) {
  const name = el("p", { class: "name" });
  const rating = el("p", { class: "rating" });
  const state = el("p", { class: "state" });
  const root = el("div", { class: "side", "data-seat": seat }, seatMark(seat), name, rating, state);
  return { root, name, rating, state };
}

/**
 * @param {ReturnType<typeof side>} parts
 * @param {MeetingSide} view
 */
function draw({ name, rating, state }, view) {
  fill(name, view.name, view.you && el("span", { class: "soft" }, " (you)"));
  write(rating, view.rating);
  write(state, view.state);
}

customElements.define("deckduel-meeting", Meeting);
