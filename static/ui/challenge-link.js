/**
 * One's own link that waits to be taken: the code, the QR code, the address, what it is about.
 *
 * Fires `withdraw`.
 */

import { formatCode, stakeWords, stateWords, termsWords } from "../model/challenge.js";
import { challengeLinkPath } from "../model/paths.js";
import { copies } from "./copies.js";
import { el, fill, mark, say, write } from "./dom.js";
import { Life } from "./life.js";

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

/** How long a button says that it has copied, in ms. */
const COPIED_MS = 2_000;

export class ChallengeLink extends HTMLElement {
  #lead = el("h2", { tabindex: -1 }, "Your link is ready");
  #terms = el("p", {});
  #stake = el("p", { class: "soft" });
  #qr = el("img", { class: "qr", width: 160, height: 160 });
  #letters = el("span", { "aria-hidden": "true" });
  #spelled = el("span", { class: "visually-hidden" });
  #address = el("input", { class: "input", id: "challenge-address", readonly: true });
  #copy = el("button", { class: "button", type: "button" }, "Copy");
  #share = el("button", { class: "button", type: "button" }, "Share");
  #state = el("span");
  #life = new Life();
  #withdraw = el("button", { class: "button", type: "button" }, "Take it back");
  #problem = el("p", { class: "problem", role: "alert" });
  #code = "";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #copied;

  connectedCallback() {
    mark(this.#share, "hidden", typeof navigator.share !== "function");
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
      el(
        "div",
        { class: "field link-address" },
        el("label", { for: this.#address.id }, "Or send the link"),
        el("div", { class: "with-button" }, this.#address, this.#copy, this.#share),
      ),
      el(
        "div",
        { class: "link-foot" },
        el("p", { class: "soft" }, this.#state, " It is open for another ", this.#life, "."),
        this.#withdraw,
      ),
      this.#problem,
    );
    this.#copy.addEventListener("click", this.#copyNow);
    this.#share.addEventListener("click", this.#shareNow);
    this.#withdraw.addEventListener("click", this.#taken);
    this.#address.addEventListener("focus", this.#select);
  }

  disconnectedCallback() {
    clearTimeout(this.#copied);
    this.#copy.removeEventListener("click", this.#copyNow);
    this.#share.removeEventListener("click", this.#shareNow);
    this.#withdraw.removeEventListener("click", this.#taken);
    this.#address.removeEventListener("focus", this.#select);
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
    this.#address.value = origin + path;
  }

  /** Takes the keyboard to the head of the card. */
  enter() {
    this.#lead.focus();
  }

  #select = () => this.#address.select();

  #taken = () => {
    if (this.#withdraw.getAttribute("aria-disabled") === "true") return;
    this.dispatchEvent(new CustomEvent("withdraw"));
  };

  #shareNow = async () => {
    try {
      await navigator.share({ title: "A challenge on Deckduel", url: this.#address.value });
    } catch {
      // Whoever closes the sheet of the system shares nothing, and knows it.
    }
  };

  #copyNow = async () => {
    const copied = (await copies(this.#address)) ? "Copied" : "Press Ctrl+C";
    write(this.#copy, copied);
    say(copied === "Copied" ? "The link is copied." : "The link is marked. Press Control and C.");
    clearTimeout(this.#copied);
    this.#copied = setTimeout(() => write(this.#copy, "Copy"), COPIED_MS);
  };
}

customElements.define("deckduel-challenge-link", ChallengeLink);
