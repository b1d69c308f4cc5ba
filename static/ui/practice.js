/**
 * The practice opponents: who they are, how strong, and a press that plays one.
 *
 * Fires `play` (detail: the id) and `terms` (detail: what was changed).
 */

import { termsWords } from "../model/challenge.js";
import { ChallengeTerms } from "./challenge-terms.js";
import { detail, el, fill, mark, write } from "./dom.js";

/** @typedef {{ id: string, name: string, strength: number, about: string }} PracticeOpponent */
/**
 * @typedef {object} PracticeView
 * @property {readonly PracticeOpponent[]} opponents the weakest first
 * @property {import("../model/challenge.js").Terms} terms
 * @property {string | null} asked who is being asked to play
 * @property {{ id: string, text: string } | null} problem why one does not play
 */

export class Practice extends HTMLElement {
  #terms = new ChallengeTerms();
  #chosen = el("span");
  #list = el("ul", { class: "practice", role: "list" });
  /** @type {Map<string, { button: HTMLButtonElement, line: HTMLElement }>} */
  #rows = new Map();

  connectedCallback() {
    fill(
      this,
      el(
        "section",
        { class: "stack", "aria-labelledby": "practice-title" },
        el("h2", { id: "practice-title" }, "Play a practice opponent"),
        el("p", { class: "soft" }, "Always here. Casual: no rating moves."),
        this.#list,
        el("details", { class: "terms-fold" }, el("summary", {}, this.#chosen), this.#terms),
      ),
    );
    this.#list.addEventListener("click", this.#pressed);
    this.#terms.addEventListener("terms", this.#pass);
  }

  disconnectedCallback() {
    this.#list.removeEventListener("click", this.#pressed);
    this.#terms.removeEventListener("terms", this.#pass);
  }

  /** @param {PracticeView} view */
  show({ opponents, terms, asked, problem }) {
    write(this.#chosen, termsWords(terms));
    this.#terms.show(terms, false);
    if (this.#rows.size === 0) fill(this.#list, ...opponents.map((one) => this.#row(one)));
    for (const { id, about, name } of opponents) {
      const row = this.#rows.get(id);
      if (row === undefined) continue;
      mark(row.button, "aria-disabled", asked === null ? false : "true");
      const wrong = problem?.id === id ? problem.text : "";
      write(row.line, wrong || (asked === id ? `Asking ${name}…` : about));
      mark(row.line, "data-wrong", wrong !== "");
    }
  }

  /** @param {PracticeOpponent} opponent */
  #row({ id, name, strength, about }) {
    const line = el("p", { class: "soft" }, about);
    const button = el("button", { class: "button", type: "button", "data-id": id }, "Play");
    mark(button, "aria-label", `Play ${name}`);
    this.#rows.set(id, { button, line });
    return el(
      "li",
      {},
      el("p", { class: "practice-name" }, el("b", {}, name), " ", el("span", { class: "soft number" }, strength)),
      line,
      button,
    );
  }

  /** @param {Event} event */
  #pressed = ({ target }) => {
    const button = target instanceof Element ? target.closest("button") : null;
    if (button === null || button.getAttribute("aria-disabled") === "true") return;
    this.dispatchEvent(new CustomEvent("play", { detail: button.dataset.id }));
  };

  /** @param {Event} event */
  #pass = (event) => {
    this.dispatchEvent(new CustomEvent(event.type, { detail: detail(event) }));
  };
}

customElements.define("deckduel-practice", Practice);
