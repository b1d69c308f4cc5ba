/**
 * A match with a friend: makes a link, shows the one that waits, and takes the code of another's.
 *
 * Fires `terms` (detail: what was changed), `make`, `withdraw` and `code` (detail: the text).
 */

import { ChallengeCode } from "./challenge-code.js";
import { ChallengeLink } from "./challenge-link.js";
import { ChallengeTerms } from "./challenge-terms.js";
import { detail, el, fill, mark, say, write } from "./dom.js";

/** @typedef {import("./challenge-link.js").LinkView} LinkView */
/**
 * @typedef {object} FriendView
 * @property {LinkView | null} link the one that waits; null for none
 * @property {import("../model/challenge.js").Terms} terms of the next one
 * @property {boolean} busy it is being made
 * @property {string} problem why none was made; empty for nothing
 * @property {string} news what became of the last one; empty for nothing
 */

export class ChallengeFriend extends HTMLElement {
  #terms = new ChallengeTerms();
  #make = el("button", { class: "button", type: "button" }, "Challenge a friend");
  #line = el("p", { class: "soft" });
  #problem = el("p", { class: "problem", role: "alert" });
  #maker = el(
    "div",
    { class: "friend-make" },
    el("h2", {}, "With a friend"),
    this.#line,
    this.#terms,
    this.#make,
    this.#problem,
  );
  #link = new ChallengeLink();
  #code = new ChallengeCode();
  /** @type {boolean | null} whether a link is shown */
  #linked = null;

  connectedCallback() {
    this.#make.addEventListener("click", this.#pressed);
    this.#link.addEventListener("withdraw", this.#pass);
    this.#terms.addEventListener("terms", this.#pass);
    this.#code.addEventListener("code", this.#pass);
  }

  disconnectedCallback() {
    this.#make.removeEventListener("click", this.#pressed);
    this.#link.removeEventListener("withdraw", this.#pass);
    this.#terms.removeEventListener("terms", this.#pass);
    this.#code.removeEventListener("code", this.#pass);
  }

  /** @param {FriendView} view */
  show({ link, terms, busy, problem, news }) {
    if (link !== null) this.#link.show(link);
    this.#terms.show(terms, true);
    write(this.#line, news || "You get a link and a code. Whoever opens it and accepts plays you.");
    mark(this.#make, "aria-disabled", busy ? "true" : false);
    write(this.#problem, problem);
    const linked = link !== null;
    if (linked === this.#linked) return;
    const mine = this.contains(document.activeElement);
    const first = this.#linked === null;
    this.#linked = linked;
    const card = el("section", { class: "sheet friend", "aria-label": "With a friend" });
    fill(card, linked ? this.#link : this.#maker, this.#code);
    fill(this, card);
    if (first) return;
    if (mine) this.enter();
    say(linked ? "Your link is ready." : news);
  }

  /** @param {{ problem: string, busy: boolean }} view of the field for a code */
  showCode(view) {
    this.#code.show(view);
  }

  /** Takes the keyboard to what is to be done next. */
  enter() {
    if (this.#linked) this.#link.enter();
    else this.#make.focus();
  }

  #pressed = () => {
    if (this.#make.getAttribute("aria-disabled") === "true") return;
    this.dispatchEvent(new CustomEvent("make"));
  };

  /** @param {Event} event */
  #pass = (event) => {
    this.dispatchEvent(new CustomEvent(event.type, { detail: detail(event) }));
  };
}

customElements.define("deckduel-challenge-friend", ChallengeFriend);
