/**
 * The board of a game of Match: its clock, its twelve tiles, and the way out.
 *
 * A tile is pressed by pointer, by its own key, or with the arrows and Enter. Fires `press` (detail:
 * the tile's number) and `quit`.
 */

import { statuses } from "../model/tiles.js";
import { hyphenated } from "../model/tiles/hyphens.js";
import { penalty, progress, room } from "../model/tiles/words.js";
import { el, fill, mark, write } from "./dom.js";
import { sign } from "./marks.js";
import { TilesClock } from "./tiles-clock.js";

/** @typedef {import("../model/tiles.js").Game} Game */
/** @typedef {import("../model/tiles.js").TileStatus} TileStatus */

/** The tiles' own keys, row by row on a wide screen; `c` is the challenge's. */
export const KEYS = Object.freeze([..."1234qwerasdf"]);

export class TilesBoard extends HTMLElement {
  #clock = new TilesClock();
  #progress = el("p", { class: "tiles-found" });
  #penalty = el("p", { class: "tiles-penalty" });
  #quit = el("button", { class: "button", type: "button" }, "Start over");
  #grid = el("div", { class: "tiles-grid", role: "group", "aria-label": "Tiles" });
  #news = el("p", { class: "tiles-news" });
  /** @type {readonly HTMLButtonElement[]} */
  #tiles = [];
  #dealt = "";
  /** The tile that Tab comes to. */
  #current = 0;

  connectedCallback() {
    if (this.childElementCount === 0) {
      const count = el("div", { class: "tiles-count" }, this.#progress, this.#penalty);
      this.append(
        el("div", { class: "tiles-bar" }, this.#clock, count, this.#quit),
        el("div", { class: "tiles-table" }, this.#grid, this.#news),
      );
    }
    this.#grid.addEventListener("click", this.#click);
    this.#grid.addEventListener("focusin", this.#focus);
    this.#grid.addEventListener("keydown", this.#hold);
    this.#quit.addEventListener("click", this.#leave);
  }

  disconnectedCallback() {
    this.#grid.removeEventListener("click", this.#click);
    this.#grid.removeEventListener("focusin", this.#focus);
    this.#grid.removeEventListener("keydown", this.#hold);
    this.#quit.removeEventListener("click", this.#leave);
  }

  /**
   * @param {Game | null} game null between games
   * @param {string} news what is to be said where the tiles lay, once all are found
   */
  show(game, news) {
    this.#clock.show(game);
    write(this.#news, news);
    if (game === null) return;
    if (this.#dealt !== game.id) this.#deal(game);
    write(this.#progress, progress(game));
    if (this.#penalty.textContent !== penalty(game)) {
      // A new node begins its motion anew.
      fill(this.#penalty, game.misses === 0 ? penalty(game) : el("b", {}, penalty(game)));
    }
    for (const [number, status] of statuses(game).entries()) this.#mark(number, status);
    const held = this.#tiles.findIndex((tile) => tile === document.activeElement);
    if (held === -1 || !this.#isFound(held)) return;
    const near = this.#nearest(held);
    if (near === null) this.#quit.focus();
    else near.focus();
  }

  /** Gives the first tile the keyboard. */
  enter() {
    this.#tiles[0]?.focus({ preventScroll: true });
  }

  /** @param {string} key of a tile */
  pressKey(key) {
    const number = KEYS.indexOf(key);
    if (number !== -1) this.#press(number);
  }

  /** Presses the tile that Tab comes to. */
  pressCurrent() {
    this.#press(this.#current);
  }

  /**
   * Goes to the next tile in a direction, over the places of found ones.
   * @param {string} arrow
   */
  go(arrow) {
    const columns = getComputedStyle(this.#grid).gridTemplateColumns.split(" ").length;
    const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns };
    const step = steps[/** @type {keyof typeof steps} */ (arrow)];
    for (let at = this.#current + step; at >= 0 && at < this.#tiles.length; at += step) {
      if (!this.#isFound(at)) {
        this.#tiles[at]?.focus();
        return;
      }
    }
  }

  /** @param {Game} game */
  #deal(game) {
    this.#dealt = game.id;
    this.#current = 0;
    this.#tiles = game.tiles.map(({ text, side }, number) => {
      const key = KEYS[number] ?? "";
      return el(
        "button",
        {
          class: "tile",
          type: "button",
          "data-side": side,
          "data-room": room(text),
          "aria-pressed": "false",
          "aria-keyshortcuts": key,
          tabindex: number === 0 ? 0 : -1,
        },
        el("span", { class: "text" }, ...breakable(hyphenated(text))),
        el("span", { class: "key", "aria-hidden": "true" }, key.toUpperCase()),
        sign("right"),
        sign("wrong"),
      );
    });
    fill(this.#grid, ...this.#tiles);
  }

  /**
   * @param {number} number
   * @param {TileStatus} status
   */
  #mark(number, status) {
    const tile = this.#tiles[number];
    if (tile === undefined) return;
    mark(tile, "data-status", status);
    mark(tile, "aria-pressed", String(status === "chosen"));
    mark(tile, "aria-disabled", status === "found" ? "true" : false);
  }

  /** @param {number} number */
  #isFound(number) {
    return this.#tiles[number]?.dataset.status === "found";
  }

  /**
   * The tile still lying that is nearest: to the right and on, else to the left.
   * @param {number} number
   */
  #nearest(number) {
    const order = [...this.#tiles.slice(number), ...this.#tiles.slice(0, number).reverse()];
    return order.find((tile) => tile.dataset.status !== "found") ?? null;
  }

  /** @param {number} number */
  #press(number) {
    this.dispatchEvent(new CustomEvent("press", { detail: number }));
  }

  /** @param {Event} event */
  #numberOf({ target }) {
    const tile = target instanceof Element ? target.closest("button") : null;
    return tile === null ? -1 : this.#tiles.indexOf(tile);
  }

  /** @param {Event} event */
  #click = (event) => {
    const number = this.#numberOf(event);
    if (number !== -1) this.#press(number);
  };

  /** @param {Event} event */
  #focus = (event) => {
    const number = this.#numberOf(event);
    if (number === -1) return;
    this.#current = number;
    for (const [other, tile] of this.#tiles.entries()) tile.tabIndex = other === number ? 0 : -1;
  };

  /**
   * A key held down presses once.
   * @param {KeyboardEvent} event
   */
  #hold = (event) => {
    if (event.repeat && event.key === "Enter") event.preventDefault();
  };

  #leave = () => this.dispatchEvent(new CustomEvent("quit"));
}

/**
 * A text that may go on in the next line after a slash.
 * @param {string} text
 */
function breakable(text) {
  return text.split(/(?<=\/)/).flatMap((part, at) => (at === 0 ? [part] : [el("wbr"), part]));
}

customElements.define("deckduel-tiles-board", TilesBoard);
