/**
 * What stands before and after a game of Match: what it is, or what it came to, and the next one.
 *
 * Fires `start`, and `name` (detail: the text) where a name is asked for.
 */

import { nameError } from "../model/words.js";
import { el, fill, mark } from "./dom.js";
import { sign } from "./marks.js";
import { NameForm } from "./name-form.js";

/**
 * @typedef {object} PanelView
 * @property {string} title
 * @property {string | null} time of the game that is over
 * @property {boolean} is_best
 * @property {readonly string[]} lines
 * @property {string | null} problem
 * @property {string} action
 * @property {boolean} busy
 * @property {import("../model/tiles.js").Tiles["naming"] | null} naming null where no name is asked for
 */

export class TilesPanel extends HTMLElement {
  #title = el("h2", { tabindex: -1 });
  #best = el("p", { class: "tiles-best" }, sign("star"), "New best");
  #lines = el("div", { class: "tiles-lines" });
  #problem = el("p", { class: "problem" });
  #start = el("button", { class: "button", "data-size": "large", type: "button" });
  #form = new NameForm();
  #offer = el(
    "section",
    { class: "tiles-offer", "aria-labelledby": "offer-title" },
    el("h3", { id: "offer-title" }, "Put your name on the list"),
    this.#form,
  );

  connectedCallback() {
    if (this.childElementCount === 0) {
      this.append(
        el(
          "section",
          { class: "tiles-panel sheet" },
          el("header", {}, this.#title, this.#best),
          this.#lines,
          this.#problem,
          el("div", { class: "actions" }, this.#start),
          this.#offer,
        ),
      );
    }
    this.#start.addEventListener("click", this.#press);
    this.#form.addEventListener("name", this.#name);
  }

  disconnectedCallback() {
    this.#start.removeEventListener("click", this.#press);
    this.#form.removeEventListener("name", this.#name);
  }

  /** @param {PanelView} view */
  show({ title, time, is_best, lines, problem, action, busy, naming }) {
    fill(this.#title, time !== null && el("span", { class: "visually-hidden" }, "Your time: "), time ?? title);
    mark(this.#title, "data-time", time !== null);
    mark(this.#best, "hidden", !is_best);
    fill(this.#lines, ...lines.map((line) => el("p", {}, line)));
    fill(this.#problem, ...(problem === null ? [] : [sign("wrong"), problem]));
    fill(this.#start, action, el("kbd", {}, "Enter"));
    mark(this.#start, "aria-disabled", busy ? "true" : false);
    // One main action: the name, while it is asked for.
    mark(this.#start, "data-kind", naming === null ? "main" : false);
    mark(this.#offer, "hidden", naming === null);
    if (naming === null) return;
    const refused = naming.problem === null ? null : nameError(naming.problem);
    this.#form.show({ problem: refused, busy: naming.busy, action: "Put it on the list" });
  }

  /** Gives the next game the keyboard. */
  enter() {
    this.#start.focus();
  }

  /** Has the result read. */
  read() {
    this.#title.focus({ preventScroll: true });
  }

  #press = () => {
    if (!this.#start.hasAttribute("aria-disabled")) this.dispatchEvent(new CustomEvent("start"));
  };

  /** @param {Event} event */
  #name = (event) => {
    const { detail } = /** @type {CustomEvent<string>} */ (event);
    this.dispatchEvent(new CustomEvent("name", { detail }));
  };
}

customElements.define("deckduel-tiles-panel", TilesPanel);
