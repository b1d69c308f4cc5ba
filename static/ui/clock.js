/**
 * The clock of a round: a bar that empties smoothly and the seconds beside it.
 *
 * Fires `spoken` (detail: the seconds) at the sparse moments at which the time is worth saying.
 */

import { nextSpoken, remaining, share } from "../model/clock.js";
import { el, mark } from "./dom.js";
import { Seconds } from "./seconds.js";

/** From here on, in s, the digits turn over. */
const CLOSING_S = 5;

const still = matchMedia("(prefers-reduced-motion: reduce)");

export class Clock extends HTMLElement {
  #digits = new Seconds();
  #bar = el("div", { class: "clock-bar" });
  /** @type {Animation | null} */
  #motion = null;
  /** @type {number | null} */
  #ends_at = null;
  #limit_ms = 0;
  /** @type {number | null} */
  #held_at = null;
  /** @type {number | undefined} */
  #timer;

  connectedCallback() {
    if (this.childElementCount === 0) {
      this.#digits.className = "clock-digits";
      this.setAttribute("role", "timer");
      this.append(el("div", { class: "clock-track", "aria-hidden": "true" }, this.#bar), this.#digits);
    }
    this.#digits.addEventListener("second", this.#second);
    this.#start();
  }

  disconnectedCallback() {
    this.#digits.removeEventListener("second", this.#second);
    this.#stop();
  }

  /**
   * Runs to an instant; the bar's length is what is left of `limit_ms`.
   * @param {number | null} ends_at
   * @param {number} limit_ms
   * @param {number | null} [held_at] the instant at which it stands still
   */
  run(ends_at, limit_ms, held_at = null) {
    const same =
      this.#ends_at === ends_at && this.#limit_ms === limit_ms && this.#held_at === held_at;
    if (same && !this.hasAttribute("data-resting")) return;
    this.#ends_at = ends_at;
    this.#limit_ms = limit_ms;
    this.#held_at = held_at;
    mark(this, "data-resting", false);
    this.#digits.until(ends_at, held_at);
    if (this.isConnected) this.#start();
  }

  /** Between rounds: empty, without a number. */
  rest() {
    this.#ends_at = null;
    this.#stop();
    this.#digits.until(null);
    mark(this, "data-resting", true);
    mark(this, "data-closing", false);
    this.#length(0);
  }

  #start() {
    this.#stop();
    if (this.#ends_at === null) return;
    const now = this.#held_at ?? performance.now();
    const length = share(this.#ends_at, this.#limit_ms, now);
    this.#length(length);
    if (this.#held_at !== null) return;
    if (!still.matches) {
      this.#motion = this.#bar.animate(
        [{ transform: `scaleX(${length})` }, { transform: "scaleX(0)" }],
        { duration: remaining(this.#ends_at, now), easing: "linear", fill: "forwards" },
      );
    }
    this.#speakNext();
  }

  #stop() {
    this.#motion?.cancel();
    this.#motion = null;
    clearTimeout(this.#timer);
  }

  /** @param {number} length */
  #length(length) {
    this.#bar.style.setProperty("transform", `scaleX(${length})`);
  }

  /** @param {Event} event */
  #second = (event) => {
    const count = /** @type {CustomEvent<number>} */ (event).detail;
    mark(this, "data-closing", count <= CLOSING_S);
    if (still.matches) {
      this.#length(share(this.#ends_at, this.#limit_ms, this.#held_at ?? performance.now()));
    }
  };

  #speakNext() {
    const now = performance.now();
    const next = nextSpoken(this.#ends_at, this.#limit_ms, now);
    if (next === null) return;
    this.#timer = setTimeout(() => {
      this.dispatchEvent(new CustomEvent("spoken", { detail: next.seconds }));
      this.#speakNext();
    }, next.at - now);
  }
}

customElements.define("deckduel-clock", Clock);
