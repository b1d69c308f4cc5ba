/**
 * What a challenge is played for: rated, or casual with its own questions and seconds.
 *
 * Fires `terms` (detail: what was changed).
 */

import { ROUNDS, SECONDS, withinRange } from "../model/challenge.js";
import { el, mark } from "./dom.js";

/** @typedef {import("../model/challenge.js").Terms} Terms */

const SECOND_MS = 1_000;

/** Makes the ids of each one's fields its own. */
let made = 0;

export class ChallengeTerms extends HTMLElement {
  #id = `terms-${(made += 1)}`;
  #rated = pick(this.#id, "rated", "Rated");
  #casual = pick(this.#id, "casual", "Casual");
  #kinds = el(
    "fieldset",
    { class: "picks" },
    el("legend", { class: "visually-hidden" }, "Rated or casual"),
    this.#rated.label,
    this.#casual.label,
  );
  #rounds = number(`${this.#id}-rounds`, ROUNDS);
  #seconds = number(`${this.#id}-seconds`, SECONDS);
  #numbers = el(
    "div",
    { class: "terms-numbers" },
    field(this.#rounds, "Questions", ROUNDS),
    field(this.#seconds, "Seconds each", SECONDS),
  );
  /** @type {Terms | null} */
  #shown = null;

  connectedCallback() {
    this.append(this.#kinds, this.#numbers);
    this.addEventListener("change", this.#changed);
  }

  disconnectedCallback() {
    this.removeEventListener("change", this.#changed);
    this.#kinds.remove();
    this.#numbers.remove();
  }

  /**
   * @param {Terms} terms the numbers of a rated one are as they are, and only shown
   * @param {boolean} choice whether it may be rated; else only the numbers are asked for
   */
  show(terms, choice) {
    this.#shown = terms;
    mark(this.#kinds, "hidden", !choice);
    this.#rated.input.checked = terms.rated;
    this.#casual.input.checked = !terms.rated;
    for (const input of [this.#rounds, this.#seconds]) input.disabled = choice && terms.rated;
    this.#rounds.value = String(terms.rounds);
    this.#seconds.value = String(terms.limit_ms / SECOND_MS);
  }

  /** @param {Event} event */
  #changed = ({ target }) => {
    if (this.#shown === null || !(target instanceof HTMLInputElement)) return;
    if (target.type === "radio") this.#set({ rated: target === this.#rated.input });
    else if (target === this.#rounds) {
      this.#set({ rounds: withinRange(ROUNDS, target.value, this.#shown.rounds) });
    } else {
      const usual_s = this.#shown.limit_ms / SECOND_MS;
      this.#set({ limit_ms: withinRange(SECONDS, target.value, usual_s) * SECOND_MS });
    }
  };

  /** @param {Partial<Terms>} changed */
  #set(changed) {
    this.dispatchEvent(new CustomEvent("terms", { detail: changed }));
  }
}

/**
 * @param {string} name
 * @param {string} value
 * @param {string} text
 */
function pick(name, value, text) {
  const input = el("input", { type: "radio", name, value });
  return { input, label: el("label", { class: "pick" }, input, el("span", {}, text)) };
}

/**
 * @param {string} id
 * @param {{ least: number, most: number }} range
 */
function number(id, { least, most }) {
  return el("input", {
    class: "input number",
    id,
    type: "number",
    inputmode: "numeric",
    min: least,
    max: most,
    "aria-describedby": `${id}-hint`,
  });
}

/**
 * @param {HTMLInputElement} input
 * @param {string} name
 * @param {{ least: number, most: number }} range
 */
function field(input, name, { least, most }) {
  return el(
    "div",
    { class: "field" },
    el("label", { for: input.id }, name),
    input,
    el("p", { class: "hint", id: `${input.id}-hint` }, `${least} to ${most}`),
  );
}

customElements.define("deckduel-challenge-terms", ChallengeTerms);
