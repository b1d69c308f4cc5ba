/**
 * Asks whether the player means to resign. Fires `resign`.
 */

import { el, write } from "./dom.js";

export class ResignDialog extends HTMLElement {
  #text = el("p", {});
  #stay = el("button", { class: "button", type: "button" }, "Keep playing");
  #resign = el("button", { class: "button", type: "button" }, "Resign");
  #dialog = el(
    "dialog",
    { class: "dialog sheet", "aria-labelledby": "resign-title" },
    el("h2", { id: "resign-title" }, "Resign this match?"),
    this.#text,
    el("div", { class: "actions" }, this.#stay, this.#resign),
  );

  connectedCallback() {
    this.append(this.#dialog);
    this.#stay.addEventListener("click", this.#close);
    this.#resign.addEventListener("click", this.#sure);
  }

  disconnectedCallback() {
    this.#stay.removeEventListener("click", this.#close);
    this.#resign.removeEventListener("click", this.#sure);
    this.#dialog.remove();
  }

  /** @param {string} text what resigning would cost */
  ask(text) {
    write(this.#text, text);
    if (!this.#dialog.open) this.#dialog.showModal();
  }

  /** Takes the question back: the match is over. */
  close() {
    this.#dialog.close();
  }

  get open() {
    return this.#dialog.open;
  }

  #close = () => this.#dialog.close();

  #sure = () => {
    this.#dialog.close();
    this.dispatchEvent(new CustomEvent("resign"));
  };
}

customElements.define("deckduel-resign", ResignDialog);
