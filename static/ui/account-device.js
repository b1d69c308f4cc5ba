/**
 * A one-time link for another device: made by a press, shown with its picture until it runs out.
 *
 * Fires `make` and `over`.
 */

import { problemOf } from "../model/account.js";
import { el, fill, mark, say, write } from "./dom.js";
import { Seconds } from "./seconds.js";
import { SendLink } from "./send-link.js";

/** @typedef {import("../model/account.js").AccountState} AccountState */

export class AccountDevice extends HTMLElement {
  #make = el("button", { class: "button", type: "button" });
  #qr = el("img", { class: "qr", width: 160, height: 160, alt: "QR code of the link" });
  #send = new SendLink();
  #left = new Seconds();
  #life = el("p", {}, "Good once, for another ", this.#left, ".");
  #link = el(
    "div",
    { class: "one-link", hidden: true },
    this.#qr,
    el("div", { class: "stack" }, el("p", {}, "Hold the other device's camera to the picture."), this.#life),
    this.#send,
  );
  #over = el("p", { class: "soft", hidden: true }, "That link has run out. Make a new one.");
  #problem = el("p", { class: "problem", role: "alert" });
  #shown = "";

  connectedCallback() {
    fill(
      this,
      el("h2", {}, "Use on another device"),
      el("p", {}, "A link signs in your phone, or your other computer, as you. Nobody else should get it."),
      this.#link,
      this.#over,
      this.#make,
      this.#problem,
    );
    this.#left.dataset.unit = "\u202fs";
    this.#make.addEventListener("click", this.#pressed);
    this.#left.addEventListener("second", this.#counted);
  }

  disconnectedCallback() {
    this.#make.removeEventListener("click", this.#pressed);
    this.#left.removeEventListener("second", this.#counted);
  }

  /**
   * @param {Readonly<AccountState>} state
   * @param {string} origin of the address that the other device opens
   */
  show(state, origin) {
    const { link, link_over, busy } = state;
    const open = link !== null && !link_over;
    mark(this.#link, "hidden", !open);
    mark(this.#over, "hidden", !link_over);
    write(this.#make, link === null ? "Make a link" : "Make a new link");
    mark(this.#make, "aria-disabled", busy === "device" ? "true" : false);
    write(this.#problem, problemOf(state, "device"));
    this.#left.until(open ? link.ends_at : null);
    if (!open || link.path === this.#shown) return;
    this.#shown = link.path;
    mark(this.#qr, "src", `${link.path}/qr.svg`);
    const address = origin + link.path;
    this.#send.show({ label: "Or send yourself the link", address, title: "Deckduel on my device" });
    say("Your link is ready. It is good for ten minutes, once.");
  }

  #pressed = () => {
    if (this.#make.getAttribute("aria-disabled") === "true") return;
    this.dispatchEvent(new CustomEvent("make"));
  };

  /** @param {Event} event */
  #counted = (event) => {
    const { detail } = /** @type {CustomEvent<number>} */ (event);
    if (detail === 0) this.dispatchEvent(new CustomEvent("over"));
  };
}

customElements.define("deckduel-account-device", AccountDevice);
