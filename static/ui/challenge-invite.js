/**
 * A challenge as whoever opens its link sees it: who asks, for what, and what can be done about it.
 *
 * Fires `accept`, `decline` and `name` (detail: the text; to accept under that name).
 */

import { acceptable, named, partOf, stakeWords, stateWords, termsWords } from "../model/challenge.js";
import { challengePath, deckPath, matchPath } from "../model/paths.js";
import { nameError } from "../model/words.js";
import { detail, el, fill, mark, say, write } from "./dom.js";
import { Life } from "./life.js";
import { NameForm } from "./name-form.js";

/** @typedef {import("../model/challenge.js").Challenge} Challenge */
/**
 * @typedef {object} InviteView
 * @property {Readonly<Challenge>} view
 * @property {number | null} ends_at
 * @property {import("../wire/messages.js").Player | null} me
 * @property {boolean} busy the answer is on its way
 * @property {string} problem why it was refused; empty for nothing
 * @property {import("../model/offers.js").Problem | null} name_error
 * @property {string | null} playing the match that whoever offers is in
 */
/** @typedef {"name" | "answer" | "over"} Face */

export class ChallengeInvite extends HTMLElement {
  #lead = el("h2", { class: "lead", tabindex: -1 });
  #terms = el("p", {});
  #stake = el("p", { class: "soft" });
  #state = el("p", { class: "invite-state", role: "status" });
  #life = new Life();
  #lives = el("p", { class: "soft" }, "Open for another ", this.#life, ".");
  #form = new NameForm();
  #accept = el(
    "button",
    { class: "button", type: "button", "data-kind": "main", "data-size": "large" },
    "Accept",
  );
  #decline = el("button", { class: "button", type: "button" }, "Decline");
  // A link is to everybody: who does not want it leaves it to somebody else.
  #later = el("a", { class: "button" }, "Not now");
  #answer = el("div", { class: "actions" }, this.#accept, this.#decline);
  #match = el("a", { class: "button" });
  #find = el("a", { class: "button", "data-kind": "main", "data-size": "large" }, "Find an opponent");
  #own = el("a", { class: "button" }, "Make your own challenge");
  #steps = el("div", { class: "actions" }, this.#find, this.#match, this.#own);
  #problem = el("p", { class: "problem", role: "alert" });
  #card = el("section", { class: "seek invite sheet", "aria-label": "The challenge" });
  /** @type {Face | null} */
  #face = null;

  connectedCallback() {
    this.append(this.#card);
    this.#accept.addEventListener("click", this.#accepted);
    this.#decline.addEventListener("click", this.#declined);
    this.#form.addEventListener("name", this.#named);
  }

  disconnectedCallback() {
    this.#accept.removeEventListener("click", this.#accepted);
    this.#decline.removeEventListener("click", this.#declined);
    this.#form.removeEventListener("name", this.#named);
    this.#card.remove();
  }

  /** @param {InviteView} invite */
  show({ view, ends_at, me, busy, problem, name_error, playing }) {
    const part = partOf(view, me);
    const open = view.state === "open" && part !== "by" && part !== "others";
    const face = !open ? "over" : me === null || name_error !== null ? "name" : "answer";
    const off = busy || playing !== null || !acceptable(view, me);
    write(this.#lead, open ? `${named(view.by)} asks you to play` : stateWords(view, me));
    write(this.#terms, termsWords(view));
    write(this.#stake, stakeWords(view, me));
    write(this.#state, open ? inviteWords(view, me, playing) : "");
    this.#life.until(ends_at);
    mark(this.#accept, "aria-disabled", off ? "true" : false);
    const link = view.kind === "link";
    mark(this.#decline, "hidden", part !== "to" || link);
    mark(this.#later, "hidden", !link);
    mark(this.#later, "href", deckPath(view.deck));
    mark(this.#match, "hidden", view.match === null);
    if (view.match !== null) mark(this.#match, "href", matchPath(view.match));
    write(this.#match, playing !== null && view.match === playing ? "Watch the match" : "See the match");
    mark(this.#find, "href", `${challengePath(view.deck)}?seek`);
    mark(this.#own, "href", challengePath(view.deck));
    write(this.#problem, problem);
    if (face === "name") this.#form.show({ problem: name_error && nameError(name_error), busy: off, action: "Accept" });
    if (face !== this.#face) this.#turn(face);
  }

  /**
   * Another face of the card; the keyboard follows, save at the first sight of the page.
   * @param {Face} face
   */
  #turn(face) {
    const first = this.#face === null;
    const mine = this.contains(document.activeElement);
    this.#face = face;
    this.dataset.face = face;
    const about = [this.#terms, this.#stake];
    const parts = {
      name: [this.#lead, ...about, this.#state, this.#form, this.#later, this.#problem, this.#lives],
      answer: [this.#lead, ...about, this.#state, this.#answer, this.#problem, this.#lives],
      over: [this.#lead, this.#terms, this.#steps, this.#problem],
    };
    if (face === "answer") this.#answer.append(this.#later);
    fill(this.#card, ...parts[face]);
    if (first) return;
    if (face === "over") say(this.#lead.textContent ?? "");
    if (mine) this.#lead.focus();
  }

  #accepted = () => {
    if (this.#accept.getAttribute("aria-disabled") === "true") return;
    this.dispatchEvent(new CustomEvent("accept"));
  };

  #declined = () => this.dispatchEvent(new CustomEvent("decline"));

  /** @param {Event} event */
  #named = (event) => this.dispatchEvent(new CustomEvent("name", { detail: detail(event) }));
}

/**
 * @param {Readonly<Challenge>} view
 * @param {import("../wire/messages.js").Player | null} me
 * @param {string | null} playing
 */
function inviteWords(view, me, playing) {
  if (playing === null || !view.here) return stateWords(view, me);
  return `${view.by.name} is in a match. Accept works when it is over.`;
}

customElements.define("deckduel-challenge-invite", ChallengeInvite);
