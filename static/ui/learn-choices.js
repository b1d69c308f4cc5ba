/**
 * The choices of a question while studying: a letter, a key and a place each, then which one is right.
 *
 * Fires `choose` (detail: the index) for a press on a choice that may be taken.
 */

import { LETTERS } from "../model/letters.js";
import { el, fill, mark } from "./dom.js";
import { tab } from "./learn-tab.js";

/** @typedef {import("../model/learn/view.js").QuestionView} QuestionView */

/** What stands on one's own choice. */
const OWN = Object.freeze({ right: "Right", wrong: "Wrong" });

export class LearnChoices extends HTMLElement {
  /** @type {HTMLButtonElement[]} */
  #buttons = [];
  #turn = 0;

  connectedCallback() {
    mark(this, "role", "group");
    mark(this, "tabindex", -1);
    this.addEventListener("click", this.#click);
  }

  disconnectedCallback() {
    this.removeEventListener("click", this.#click);
  }

  /** @param {QuestionView} view */
  show({ turn, phase, choices, picked, right_choice, solution_name }) {
    if (this.#turn !== turn) this.#deal(turn, choices ?? []);
    this.#buttons.forEach((button, index) => {
      const verdict = right_choice === null ? null : judge(index, right_choice, picked);
      const taken = verdict === "other" ? null : verdict;
      mark(button, "aria-disabled", phase !== "asking" && "true");
      mark(button, "data-mine", picked === index);
      mark(button, "data-verdict", verdict);
      const said = picked === index && taken ? OWN[taken] : solution_name;
      button.querySelector(".verdict")?.remove();
      if (taken) button.append(tab(taken, said));
    });
  }

  /** Puts the keyboard before the first choice, so that an Enter too many takes none. */
  enter() {
    this.focus({ preventScroll: true });
  }

  /** The right answer, once it is shown. */
  right() {
    return this.#buttons.find(({ dataset }) => dataset.verdict === "right") ?? null;
  }

  /**
   * Moves the keyboard from choice to choice, round and round.
   * @param {1 | -1} step
   */
  move(step) {
    const at = this.#buttons.findIndex((button) => button === document.activeElement);
    const { length } = this.#buttons;
    this.#buttons[at < 0 ? 0 : (at + step + length) % length]?.focus();
  }

  /**
   * @param {number} turn
   * @param {readonly string[]} choices
   */
  #deal(turn, choices) {
    this.#turn = turn;
    this.#buttons = choices.map((text, index) => choice(text, index));
    fill(this, ...this.#buttons);
  }

  /** @param {Event} event */
  #click = (event) => {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    const index = this.#buttons.findIndex((own) => own === button);
    if (index < 0 || button?.getAttribute("aria-disabled") === "true") return;
    this.dispatchEvent(new CustomEvent("choose", { detail: index }));
  };
}

/**
 * @param {string} text
 * @param {number} index
 */
function choice(text, index) {
  const key = el("span", { class: "key", "aria-hidden": "true" }, index + 1);
  return el(
    "button",
    { class: "choice", type: "button" },
    el("span", { class: "badge" }, LETTERS[index], key),
    el("span", { class: "text" }, text),
  );
}

/**
 * @param {number} index
 * @param {number} right
 * @param {number | null} picked
 */
function judge(index, right, picked) {
  if (index === right) return "right";
  return index === picked ? "wrong" : "other";
}

customElements.define("deckduel-learn-choices", LearnChoices);
