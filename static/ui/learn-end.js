/**
 * The end of a set: how each card went, what waits, and the ways on.
 *
 * Fires `next-set`.
 */

import { challengePath } from "../model/paths.js";
import { el, fill, mark, write } from "./dom.js";
import { sign } from "./marks.js";

/**
 * @typedef {object} EndView
 * @property {string} deck
 * @property {string} title
 * @property {string} waiting what waits, and when the next is due
 * @property {string} duel what is said of cards lost in duels, empty for nothing
 * @property {string} action the main one, empty for none
 * @property {readonly { prompt: string, answer: string, went: string, missed: boolean, came_to: string }[]} rows
 */

export class LearnEnd extends HTMLElement {
  #title = el("h2", { tabindex: -1 });
  #waiting = el("p");
  #duel = el("p", { class: "duel-note" });
  #text = el("span");
  #next = el(
    "button",
    { class: "button", "data-kind": "main", "data-size": "large", type: "button" },
    this.#text,
    el("kbd", { "aria-hidden": "true" }, "↵"),
  );
  #back = el("a", { class: "button", "data-size": "large" }, "Back to a duel", el("kbd", { "aria-hidden": "true" }, "V"));
  #list = el("ol", { class: "sheet learnt", role: "list", "aria-label": "Cards of this set" });

  connectedCallback() {
    if (this.childElementCount === 0) {
      const actions = el("div", { class: "actions" }, this.#next, this.#back);
      this.append(this.#title, this.#waiting, this.#duel, actions, this.#list);
    }
    this.#next.addEventListener("click", this.#press);
  }

  disconnectedCallback() {
    this.#next.removeEventListener("click", this.#press);
  }

  /** @param {EndView} view */
  show({ deck, title, waiting, duel, action, rows }) {
    write(this.#title, title);
    write(this.#waiting, waiting);
    write(this.#duel, duel);
    mark(this.#duel, "hidden", duel === "");
    write(this.#text, action);
    mark(this.#next, "hidden", action === "");
    this.#back.href = challengePath(deck);
    mark(this.#list, "hidden", rows.length === 0);
    fill(this.#list, ...rows.map(row));
  }

  /** Puts the keyboard on the heading: it is read out, and the actions come next. */
  enter() {
    this.#title.focus({ preventScroll: true });
    this.#title.scrollIntoView({ block: "nearest" });
  }

  #press = () => this.dispatchEvent(new CustomEvent("next-set"));
}

/** @param {EndView["rows"][number]} learnt */
function row({ prompt, answer, went, missed, came_to }) {
  const how = el(
    "p",
    { class: "went", "data-missed": missed },
    sign(missed ? "wrong" : "right"),
    el("span", {}, went),
  );
  return el(
    "li",
    {},
    el("p", { class: "prompt" }, prompt),
    el("p", { class: "answer" }, answer),
    how,
    el("p", { class: "came-to" }, came_to),
  );
}

customElements.define("deckduel-learn-end", LearnEnd);
