/**
 * The four choices of a round: a letter, a key and a place each.
 *
 * Fires `choose` (detail: the index) for a press on a choice that may be taken.
 */

import { CHOICE_LETTERS } from "../model/letters.js";
import { el, fill, mark } from "./dom.js";
import { seatMark, sign } from "./marks.js";

/** @typedef {import("../wire/messages.js").Seat} Seat */
/** @typedef {import("../model/duel.js").OwnAnswer["status"]} AnswerStatus */

/** Characters of one choice from which on all four are set smaller, to fit their room. */
const LONG = 60;

/** What stands on one's own choice until the reveal.
 * @type {Readonly<Record<AnswerStatus, string>>} */
const FATES = Object.freeze({
  to_send: "Sending",
  sent: "Sending",
  taken: "Locked",
  refused: "Too late",
});

/**
 * @typedef {object} ChoicesView
 * @property {readonly string[]} choices
 * @property {boolean} takes whether a press would be taken up
 * @property {{ choice: number, status: AnswerStatus, seat: Seat } | null} mine
 * @property {{ correct: number, picked: readonly [number | null, number | null] } | null} reveal
 * @property {readonly [string, string]} names by seat
 */

export class Choices extends HTMLElement {
  #buttons = CHOICE_LETTERS.map((letter, index) => choice(letter, index));

  connectedCallback() {
    if (this.childElementCount === 0) this.append(...this.#buttons.map(({ button }) => button));
    mark(this, "role", "group");
    mark(this, "aria-label", "Choices");
    mark(this, "tabindex", -1);
    this.addEventListener("click", this.#click);
    document.addEventListener("keydown", this.#arrows);
  }

  disconnectedCallback() {
    this.removeEventListener("click", this.#click);
    document.removeEventListener("keydown", this.#arrows);
  }

  /** @param {ChoicesView} view */
  show(view) {
    mark(this, "data-long", view.choices.some((words) => words.length > LONG));
    this.#buttons.forEach((parts, index) => draw(parts, index, view));
  }

  /** Puts the keyboard before the first choice, so that an Enter too many takes none. */
  enter() {
    this.focus({ preventScroll: true });
  }

  /** @param {Event} event */
  #click = (event) => {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    const index = this.#buttons.findIndex((parts) => parts.button === button);
    if (index < 0 || button?.getAttribute("aria-disabled") === "true") return;
    this.dispatchEvent(new CustomEvent("choose", { detail: index }));
  };

  /**
   * An arrow from outside leads to the first choice, inside to the next one or the one before.
   * @param {KeyboardEvent} event
   */
  #arrows = (event) => {
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    const at = this.#buttons.findIndex(({ button }) => button === document.activeElement);
    const elsewhere =
      event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]") !== null;
    if (step === undefined || elsewhere) return;
    event.preventDefault();
    const { length } = this.#buttons;
    const to = at < 0 ? 0 : (at + step + length) % length;
    this.#buttons[to]?.button.focus();
  };
}

/**
 * @param {string} letter
 * @param {number} index
 */
function choice(letter, index) {
  const text = el("span", { class: "text" });
  const verdict = el("span", { class: "verdict" });
  const key = el("span", { class: "key", "aria-hidden": "true" }, index + 1);
  const badge = el("span", { class: "badge" }, letter, key);
  const button = el("button", { class: "choice", type: "button" }, badge, text, verdict);
  return { button, text, verdict };
}

/**
 * @param {ReturnType<typeof choice>} parts
 * @param {number} index
 * @param {ChoicesView} view
 */
function draw(parts, index, { choices, takes, mine, reveal, names }) {
  const { button, verdict } = parts;
  const isMine = mine?.choice === index;
  const picked = picks(reveal, index);
  mark(button, "aria-disabled", takes ? false : "true");
  mark(button, "data-empty", choices.length === 0);
  mark(button, "data-mine", isMine);
  mark(button, "data-pending", isMine && FATES[mine.status] === FATES.sent);
  mark(
    button,
    "data-verdict",
    reveal === null ? false : judge(index, reveal.correct, picked.length > 0),
  );
  const text = choices[index] ?? "";
  if (parts.text.textContent !== text) {
    // Other words in a new element are no shift of the layout, as they would be in the old one.
    const fresh = el("span", { class: "text" }, text);
    parts.text.replaceWith(fresh);
    parts.text = fresh;
  }
  fill(
    verdict,
    reveal === null
      ? isMine && el("span", {}, FATES[mine.status])
      : word(index, reveal.correct, picked.length > 0),
    reveal === null
      ? isMine && el("span", { class: "picked" }, seatMark(mine.seat))
      : picked.length > 0 &&
          el("span", { class: "picked" }, ...picked.map((seat) => seatMark(seat, names[seat]))),
  );
}

/**
 * The seats that chose this.
 * @param {ChoicesView["reveal"]} reveal
 * @param {number} index
 * @returns {Seat[]}
 */
function picks(reveal, index) {
  const seats = /** @type {Seat[]} */ ([0, 1]);
  return reveal === null ? [] : seats.filter((seat) => reveal.picked[seat] === index);
}

/**
 * @param {number} index
 * @param {number} correct
 * @param {boolean} picked
 */
export function judge(index, correct, picked) {
  if (index === correct) return "right";
  return picked ? "wrong" : "other";
}

/**
 * The verdict as a mark and a word, so that colour never stands alone.
 * @param {number} index
 * @param {number} correct
 * @param {boolean} picked
 */
export function word(index, correct, picked) {
  const verdict = judge(index, correct, picked);
  if (verdict === "other") return null;
  return el("span", {}, sign(verdict), verdict === "right" ? "Right" : "Wrong");
}

customElements.define("deckduel-choices", Choices);
