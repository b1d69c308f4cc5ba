/** What stands around a flashcard: how far one is, the three buttons below it, the switches. */

import { el, fill, mark, write } from "./dom.js";
import { sign } from "./marks.js";

/** @typedef {"previous" | "next" | "play" | "learning" | "know" | "undo"} Step */
/** @typedef {"sorting" | "shuffled" | "only_starred" | "answer_first"} Option */
/**
 * @typedef {object} StepsView
 * @property {boolean} sorting
 * @property {number} at how many cards are done
 * @property {number} known
 * @property {number} learning
 * @property {boolean} playing
 * @property {boolean} undoable
 */

/** How far one is: a thin bar and its numbers. */
export class FlashPlace extends HTMLElement {
  #bar = el("span", {});
  #pass = el("p", { class: "number" });
  #number = el("p", { class: "number" });

  connectedCallback() {
    if (this.childElementCount > 0) return;
    this.append(this.#pass, el("div", { class: "flash-bar", "aria-hidden": "true" }, this.#bar), this.#number);
  }

  /** @param {{ at: number, of: number, pass: string }} view `at` from 0 */
  show({ at, of, pass }) {
    this.#bar.style.setProperty("--share", String(of === 0 ? 0 : Math.min(of, at + 1) / of));
    write(this.#pass, pass);
    mark(this.#pass, "hidden", pass === "");
    write(this.#number, of === 0 ? "" : `${Math.min(of, at + 1)} / ${of}`);
  }
}

/** Back, middle and forth; while sorting: still learning, undo and know. Fires `step` (detail: which). */
export class FlashSteps extends HTMLElement {
  #back = el("button", { class: "button flash-step", type: "button" });
  #middle = el("button", { class: "button flash-play", "data-kind": "quiet", type: "button" });
  #forth = el("button", { class: "button flash-step", type: "button" });
  #sorting = false;

  connectedCallback() {
    if (this.childElementCount === 0) this.append(this.#back, this.#middle, this.#forth);
    this.addEventListener("click", this.#click);
  }

  disconnectedCallback() {
    this.removeEventListener("click", this.#click);
  }

  /** @param {StepsView} view */
  show({ sorting, at, known, learning, playing, undoable }) {
    this.#sorting = sorting;
    mark(this.#back, "aria-disabled", !sorting && at === 0 && "true");
    mark(this.#back, "data-verdict", sorting && "wrong");
    mark(this.#forth, "data-verdict", sorting && "right");
    mark(this.#middle, "aria-disabled", sorting && !undoable && "true");
    if (sorting) {
      fill(this.#back, ...sortedInto("wrong", "Still learning", learning));
      fill(this.#middle, "Undo");
      fill(this.#forth, ...sortedInto("right", "Know", known));
      return;
    }
    fill(this.#back, arrow("←"), "Previous");
    fill(this.#middle, playing ? "Pause" : "Play");
    fill(this.#forth, "Next", arrow("→"));
  }

  /** @param {Event} event */
  #click = ({ target }) => {
    const button = target instanceof Element ? target.closest("button") : null;
    if (button === null || button.getAttribute("aria-disabled") === "true") return;
    this.dispatchEvent(new CustomEvent("step", { detail: this.#step(button) }));
  };

  /**
   * @param {HTMLButtonElement} button
   * @returns {Step}
   */
  #step(button) {
    if (button === this.#middle) return this.#sorting ? "undo" : "play";
    if (button === this.#back) return this.#sorting ? "learning" : "previous";
    return this.#sorting ? "know" : "next";
  }
}

/** @param {string} text */
function arrow(text) {
  return el("span", { "aria-hidden": "true" }, text);
}

/**
 * @param {"right" | "wrong"} kind
 * @param {string} label
 * @param {number} count
 */
function sortedInto(kind, label, count) {
  const number = el("b", { class: "number" }, count);
  return [el("span", { class: "flash-count" }, sign(kind), number), el("span", {}, label)];
}

/** The switches, their words and their keys. @type {readonly (readonly [Option, string, string])[]} */
export const OPTIONS = Object.freeze([
  ["sorting", "Sort what I know", "k"],
  ["shuffled", "Shuffle", "x"],
  ["only_starred", "Starred only", "o"],
  ["answer_first", "Answer first", "a"],
]);

/** The switches. Fires `option` (detail: `{option, on, pointed}`, pointed: by a mouse or a finger). */
export class FlashOptions extends HTMLElement {
  #toggles = OPTIONS.map(([option, label]) => {
    const star = option === "only_starred" && sign("star");
    const toggle = el("button", { class: "toggle", type: "button", "aria-pressed": "false" }, star, label);
    return /** @type {const} */ ([option, toggle]);
  });

  connectedCallback() {
    if (this.childElementCount === 0) this.append(...this.#toggles.map(([, toggle]) => toggle));
    this.addEventListener("click", this.#click);
  }

  disconnectedCallback() {
    this.removeEventListener("click", this.#click);
  }

  /** @param {Readonly<Record<Option, boolean>>} view */
  show(view) {
    for (const [option, toggle] of this.#toggles) mark(toggle, "aria-pressed", String(view[option]));
  }

  /** @param {MouseEvent} event */
  #click = ({ target, detail: presses }) => {
    const pressed = target instanceof Element ? target.closest("button") : null;
    const found = this.#toggles.find(([, toggle]) => toggle === pressed);
    if (found === undefined) return;
    const [option, toggle] = found;
    const on = toggle.getAttribute("aria-pressed") !== "true";
    this.dispatchEvent(new CustomEvent("option", { detail: { option, on, pointed: presses > 0 } }));
  };
}

customElements.define("deckduel-flash-place", FlashPlace);
customElements.define("deckduel-flash-steps", FlashSteps);
customElements.define("deckduel-flash-options", FlashOptions);
