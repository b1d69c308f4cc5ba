/**
 * How long something still lives, in words that keep up with the time; owns the timer for it.
 */

import { remaining } from "../model/clock.js";
import { lifeWords } from "../model/challenge.js";
import { write } from "./dom.js";

const SECOND_MS = 1_000;

export class Life extends HTMLElement {
  /** @type {number | null} */
  #ends_at = null;
  /** @type {number | undefined} */
  #timer;

  connectedCallback() {
    this.#tick();
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
  }

  /**
   * Counts down to an instant on the clock of `performance.now()`; null shows nothing.
   * @param {number | null} ends_at
   */
  until(ends_at) {
    this.#ends_at = ends_at;
    if (this.isConnected) this.#tick();
  }

  #tick = () => {
    clearTimeout(this.#timer);
    const left_ms = remaining(this.#ends_at, performance.now());
    write(this, this.#ends_at === null ? "" : lifeWords(left_ms));
    if (this.#ends_at === null || left_ms === 0) return;
    this.#timer = setTimeout(this.#tick, left_ms % SECOND_MS || SECOND_MS);
  };
}

customElements.define("deckduel-life", Life);
