/**
 * A number of whole seconds that counts down to an instant or up from one, and owns the timer for it.
 *
 * The attribute `data-unit` follows the number of a count-down.
 * Fires `second` (a CustomEvent whose detail is the number) whenever the shown number changes.
 */

import { remaining, seconds } from "../model/clock.js";
import { waited } from "../model/words.js";
import { write } from "./dom.js";

const SECOND_MS = 1000;
const MINUTE_S = 60;

export class Seconds extends HTMLElement {
  /** @type {number | null} */
  #at = null;
  #up = false;
  /** @type {number | null} */
  #held_at = null;
  /** @type {number | undefined} */
  #timer;
  /** @type {number | null} */
  #shown = null;

  connectedCallback() {
    this.#tick();
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
  }

  /**
   * Counts down to an instant on the clock of `performance.now()`; null shows nothing.
   * @param {number | null} at
   * @param {number | null} [held_at] the instant at which it stands still
   */
  until(at, held_at = null) {
    this.#set(at, false, held_at);
  }

  /**
   * Counts up from an instant, as minutes and seconds.
   * @param {number} at
   */
  since(at) {
    this.#set(at, true, null);
  }

  /**
   * @param {number | null} at
   * @param {boolean} up
   * @param {number | null} held_at
   */
  #set(at, up, held_at) {
    if (this.#at === at && this.#up === up && this.#held_at === held_at) return;
    this.#at = at;
    this.#up = up;
    this.#held_at = held_at;
    this.#shown = null;
    if (this.isConnected) this.#tick();
  }

  /** @param {number} count */
  #written(count) {
    const minutes = this.#up || count >= MINUTE_S;
    return minutes ? waited(count * SECOND_MS) : `${count}${this.dataset.unit ?? ""}`;
  }

  #tick() {
    clearTimeout(this.#timer);
    if (this.#at === null) {
      write(this, "");
      return;
    }
    const now = this.#held_at ?? performance.now();
    const left_ms = remaining(this.#at, now);
    const past_ms = Math.max(0, now - this.#at);
    const count = this.#up ? Math.floor(past_ms / SECOND_MS) : seconds(left_ms);
    if (count !== this.#shown) {
      this.#shown = count;
      write(this, this.#written(count));
      this.dispatchEvent(new CustomEvent("second", { detail: count }));
    }
    if (this.#held_at !== null || (!this.#up && count === 0)) return;
    const wait_ms = this.#up ? SECOND_MS - (past_ms % SECOND_MS) : left_ms % SECOND_MS || SECOND_MS;
    // One more, because a timer may come early and would then find the old number.
    this.#timer = setTimeout(() => this.#tick(), wait_ms + 1);
  }
}

customElements.define("deckduel-seconds", Seconds);
