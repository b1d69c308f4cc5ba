/**
 * The running clock of a game of Match, in tenths, and the owner of the timer for it.
 */

import { shown_ms } from "../model/tiles.js";
import { clock } from "../model/tiles/words.js";
import { write } from "./dom.js";

const TENTH_MS = 100;

export class TilesClock extends HTMLElement {
  /** @type {import("../model/tiles.js").Game | null} */
  #game = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  connectedCallback() {
    this.setAttribute("role", "timer");
    this.#tick();
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
  }

  /** @param {import("../model/tiles.js").Game | null} game whose time to show; null stops the clock */
  show(game) {
    this.#game = game;
    this.#tick();
  }

  #tick() {
    clearTimeout(this.#timer);
    if (this.#game === null || !this.isConnected) return;
    const ms = shown_ms(this.#game, performance.now());
    write(this, clock(ms));
    if (this.#game.ended_at !== null) return;
    // One more, because a timer may come early and would then find the old tenth.
    this.#timer = setTimeout(() => this.#tick(), TENTH_MS - (ms % TENTH_MS) + 1);
  }
}

customElements.define("deckduel-tiles-clock", TilesClock);
