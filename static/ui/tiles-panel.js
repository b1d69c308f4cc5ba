/**
 * What stands before and after a game of Match: what it is, or what it came to, and the next one.
 *
 * Fires `start`, and `name` (detail: the text) where a name is asked for.
 */

import { offersName } from "../model/tiles.js";
import { problemOf, RULES, SENT_LATE, standing, sum, time, UNSENT } from "../model/tiles/words.js";
import { nameError } from "../model/words.js";
import { el, fill, mark } from "./dom.js";
import { sign } from "./marks.js";
import { NameForm } from "./name-form.js";

/** @typedef {import("../model/tiles.js").Tiles} Tiles */

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
          el("div", { class: "actions" }, this.#start),
          this.#problem,
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

  /** @param {import("../model/tiles.js").Tiles} state */
  show(state) {
    const { phase, result, naming } = state;
    const problem = problemOf(state);
    const offers = result !== null && offersName(state);
    fill(this.#title, ...title(state));
    mark(this.#title, "data-time", result !== null);
    mark(this.#best, "hidden", !result?.improved);
    fill(this.#lines, ...lines(state));
    // Its room is kept where there may be one.
    mark(this.#problem, "hidden", result !== null);
    fill(this.#problem, ...(problem === null ? [] : [sign("wrong"), problem]));
    fill(this.#start, ACTIONS[phase] ?? "Start", el("kbd", {}, "Enter"));
    mark(this.#start, "aria-disabled", phase === "dealing" ? "true" : false);
    // One main action: the name, while it is asked for.
    mark(this.#start, "data-kind", offers ? false : "main");
    mark(this.#offer, "hidden", !offers);
    if (!offers) return;
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

/** @type {Readonly<Record<string, string>>} */
const ACTIONS = Object.freeze({ dealing: "Dealing…", over: "Play again" });

/**
 * @param {Tiles} state
 * @returns {(Node | string)[]}
 */
function title({ phase, result }) {
  if (result === null) return [phase === "over" ? "No time" : "Find six pairs"];
  return [el("span", { class: "visually-hidden" }, "Your time: "), time(result.time_ms)];
}

/** @param {Tiles} state */
function lines(state) {
  const { result, best, game, unsent } = state;
  if (result !== null) {
    const late = game === null ? [SENT_LATE] : [];
    return [...late, sum(result), standing(state)].map((text) => el("p", {}, text));
  }
  const own = best.best_ms === null ? "none yet" : el("b", {}, time(best.best_ms));
  const news = unsent === null ? [] : [el("p", {}, UNSENT)];
  return [el("p", {}, RULES), el("p", {}, "Your best: ", own), ...news];
}

customElements.define("deckduel-tiles-panel", TilesPanel);
