/**
 * One's own link that waits to be taken: the code, the QR code, the address, what it is about.
 *
 * Fires `withdraw`.
 */

import { formatCode, stakeWords, stateWords, termsWords } from "../model/challenge.js";
import { challengeLinkPath } from "../model/paths.js";
import { el, fill, mark, write } from "./dom.js";
import { Life } from "./life.js";
import { SendLink } from "./send-link.js";

/** @typedef {import("../model/challenge.js").Challenge} Challenge */
/**
 * @typedef {object} LinkView
 * @property {Readonly<Challenge>} view
 * @property {number | null} ends_at
 * @property {import("../wire/messages.js").Player | null} me
 * @property {string} origin of the address that others open
 * @property {string} problem why the last thing asked was refused; empty for nothing
 * @property {boolean} busy it is being taken back
 */

export class ChallengeLink extends HTMLElement {
  #lead = el("h2", { tabindex: -1 }, "Your link is ready");
  #terms = el("p", {});
  #stake = el("p", { class: "soft" });
  #qr = el("img", { class: "qr", width: 160, height: 160 });
  #letters = el("span", { "aria-hidden": "true" });
  #spelled = el("span", { class: "visually-hidden" });
  #send = new SendLink();
  #state = el("span");
  #life = new Life();
  #withdraw = el("button", { class: "button", type: "button" }, "Take it back");
  #problem = el("p", { class: "problem", role: "alert" });
  #code = "";

  connectedCallback() {
    fill(
      this,
      el("div", { class: "link-head" }, this.#lead, this.#terms, this.#stake),
      this.#qr,
      el(
        "div",
        { class: "link-code" },
        el("p", { class: "soft" }, "Say this code, or show the picture"),
        el("p", { class: "code" }, this.#letters, this.#spelled),
      ),
      this.#send,
      el(
        "div",
        { class: "link-foot" },
        el("p", { class: "soft" }, this.#state, " It is open for another ", this.#life, "."),
        this.#withdraw,
      ),
      this.#problem,
    );
    this.#withdraw.addEventListener("click", this.#taken);
  }

  disconnectedCallback() {
    this.#withdraw.removeEventListener("click", this.#taken);
  }

  /** @param {LinkView} link */
  show({ view, ends_at, me, origin, problem, busy }) {
    write(this.#terms, termsWords(view));
    write(this.#stake, stakeWords(view, me));
    write(this.#state, stateWords(view, me));
    this.#life.until(ends_at);
    mark(this.#withdraw, "aria-disabled", busy ? "true" : false);
    write(this.#problem, problem);
    if (this.#code === view.challenge) return;
    this.#code = view.challenge;
    const path = challengeLinkPath(view.challenge);
    write(this.#letters, formatCode(view.challenge));
    write(this.#spelled, `The code is ${[...view.challenge].join(" ")}`);
    mark(this.#qr, "src", `${path}/qr.svg`);
    mark(this.#qr, "alt", "QR code of the link");
    this.#send.show({ label: "Or send the link", address: origin + path, title: "A challenge on Deckduel" });
  }

  /** Takes the keyboard to the head of the card. */
  enter() {
    this.#lead.focus();
  }

  #taken = () => {
    if (this.#withdraw.getAttribute("aria-disabled") === "true") return;
    this.dispatchEvent(new CustomEvent("withdraw"));
  };
}

customElements.define("deckduel-challenge-link", ChallengeLink);
