/**
 * Below the search: what a match is, and to whoever has looked alone for a while, what else there is.
 *
 * Both lie on the same place, so that nothing moves. Fires `make` and `play` (detail: the id).
 */

import { el, fill, mark, write } from "./dom.js";

/**
 * @typedef {object} AloneView
 * @property {boolean} alone
 * @property {boolean} link whether a link of one's own waits already
 * @property {import("./practice.js").PracticeOpponent | null} opponent the one to be offered
 */

export class ChallengeAlone extends HTMLElement {
  #facts = el("ul", { class: "facts", role: "list" });
  #line = el("p", {});
  #make = el("button", { class: "button", type: "button" }, "Challenge a friend");
  #play = el("button", { class: "button", type: "button" });
  #else = el("div", { class: "alone" }, this.#line, el("div", { class: "actions" }, this.#make, this.#play));
  /** @type {string | null} */
  #opponent = null;

  connectedCallback() {
    fill(this, this.#facts, this.#else);
    this.#make.addEventListener("click", this.#made);
    this.#play.addEventListener("click", this.#played);
  }

  disconnectedCallback() {
    this.#make.removeEventListener("click", this.#made);
    this.#play.removeEventListener("click", this.#played);
  }

  /** @param {readonly string[]} facts */
  tell(facts) {
    fill(this.#facts, ...facts.map((fact) => el("li", {}, fact)));
  }

  /** @param {AloneView} view */
  show({ alone, link, opponent }) {
    write(this.#line, aloneWords(link));
    mark(this.#make, "hidden", link);
    mark(this.#play, "hidden", opponent === null);
    write(this.#play, `Play ${opponent?.name ?? ""}`);
    this.#opponent = opponent?.id ?? null;
    mark(this, "data-alone", alone);
    mark(this.#else, "inert", !alone);
    mark(this.#facts, "inert", alone);
  }

  #made = () => this.dispatchEvent(new CustomEvent("make"));

  #played = () => this.dispatchEvent(new CustomEvent("play", { detail: this.#opponent }));
}

/**
 * @param {boolean} link whether a link of one's own waits already
 */
export function aloneWords(link) {
  if (link) return "Nobody else yet. Your link is open; or play a practice opponent?";
  return "Nobody else yet. Ask a friend with a link, or play a practice opponent?";
}

customElements.define("deckduel-challenge-alone", ChallengeAlone);
