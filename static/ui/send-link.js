/**
 * An address to be passed on: shown, copied, shared.
 */

import { copies } from "./copies.js";
import { el, fill, mark, say, write } from "./dom.js";

/** How long the button says that it has copied, in ms. */
const COPIED_MS = 2_000;

let made = 0;

export class SendLink extends HTMLElement {
  #address = el("input", { class: "input", id: `address-${(made += 1)}`, readonly: true });
  #label = el("label", { for: this.#address.id });
  #copy = el("button", { class: "button", type: "button" }, "Copy");
  #share = el("button", { class: "button", type: "button" }, "Share");
  #title = "";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #copied;

  connectedCallback() {
    mark(this.#share, "hidden", typeof navigator.share !== "function");
    const line = el("div", { class: "with-button" }, this.#address, this.#copy, this.#share);
    fill(this, el("div", { class: "field" }, this.#label, line));
    this.#copy.addEventListener("click", this.#copyNow);
    this.#share.addEventListener("click", this.#shareNow);
    this.#address.addEventListener("focus", this.#select);
  }

  disconnectedCallback() {
    clearTimeout(this.#copied);
    this.#copy.removeEventListener("click", this.#copyNow);
    this.#share.removeEventListener("click", this.#shareNow);
    this.#address.removeEventListener("focus", this.#select);
  }

  /** @param {{ label: string, address: string, title: string }} view `title`: of what is shared */
  show({ label, address, title }) {
    write(this.#label, label);
    this.#title = title;
    if (this.#address.value !== address) this.#address.value = address;
  }

  #select = () => this.#address.select();

  #shareNow = async () => {
    try {
      await navigator.share({ title: this.#title, url: this.#address.value });
    } catch {
      // Whoever closes the sheet of the system shares nothing, and knows it.
    }
  };

  #copyNow = async () => {
    const copied = await copies(this.#address);
    write(this.#copy, copied ? "Copied" : "Press Ctrl+C");
    say(copied ? "The link is copied." : "The link is marked. Press Control and C.");
    clearTimeout(this.#copied);
    this.#copied = setTimeout(() => write(this.#copy, "Copy"), COPIED_MS);
  };
}

customElements.define("deckduel-send-link", SendLink);
