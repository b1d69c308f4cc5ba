/**
 * Passes the address of a page on: by the system's own way where there is one, else by copying it.
 */

import { copies } from "./copies.js";
import { el, fill, mark, say, write } from "./dom.js";

/** How long the button says that it has copied, in ms. */
const COPIED_MS = 2_000;

export class Share extends HTMLElement {
  #button = el("button", { class: "button", type: "button", "data-size": "large" });
  // In sight only where nothing else copies it.
  #address = el("input", { class: "input", readonly: true, hidden: true, "aria-label": "Address of this match" });
  #title = "";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #copied;

  connectedCallback() {
    write(this.#button, label());
    fill(this, this.#button, this.#address);
    this.#button.addEventListener("click", this.#press);
  }

  disconnectedCallback() {
    clearTimeout(this.#copied);
    this.#button.removeEventListener("click", this.#press);
  }

  /**
   * @param {string} title
   * @param {string} address
   */
  show(title, address) {
    this.#title = title;
    this.#address.value = address;
  }

  #press = async () => {
    if (typeof navigator.share === "function") {
      try {
        await navigator.share({ title: this.#title, url: this.#address.value });
      } catch {
        // Whoever closes the sheet of the system shares nothing, and knows it.
      }
      return;
    }
    const hidden = navigator.clipboard !== undefined;
    mark(this.#address, "hidden", hidden);
    const done = await copies(this.#address);
    mark(this.#address, "hidden", done);
    if (done) this.#button.focus();
    write(this.#button, done ? "Link copied" : "Press Ctrl+C");
    say(done ? "The link is copied." : "The link is marked. Press Control and C.");
    clearTimeout(this.#copied);
    this.#copied = setTimeout(() => write(this.#button, label()), COPIED_MS);
  };
}

/** A button says what it does. */
function label() {
  return typeof navigator.share === "function" ? "Share" : "Copy link";
}

customElements.define("deckduel-share", Share);
