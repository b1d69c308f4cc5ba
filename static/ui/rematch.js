/**
 * The offer of a rematch below the result: how it stands, and what to do about it.
 *
 * Its two buttons keep their places. Fires `act` (detail: an Act of model/rematch.js).
 */

import { el, fill, mark, write } from "./dom.js";
import { Seconds } from "./seconds.js";

/** @typedef {import("../model/rematch.js").RematchView} RematchView */

export class RematchOffer extends HTMLElement {
  #text = el("span", { role: "status" });
  #left = new Seconds();
  #main = el("button", { class: "button", type: "button", "data-size": "large" });
  #other = el("button", { class: "button", type: "button", "data-size": "large" });

  connectedCallback() {
    this.#left.dataset.unit = "\u202fs";
    fill(
      this,
      el("p", { class: "soft" }, this.#text, this.#left),
      el("p", { class: "actions" }, this.#main, this.#other),
    );
    this.addEventListener("click", this.#click);
  }

  disconnectedCallback() {
    this.removeEventListener("click", this.#click);
  }

  /** @param {RematchView} view */
  show({ text, ends_at, main, other }) {
    const lost = other === null && document.activeElement === this.#other;
    write(this.#text, text);
    this.#left.until(ends_at);
    write(this.#main, main.label);
    mark(this.#main, "data-act", main.act);
    mark(this.#main, "data-kind", main.off ? false : "main");
    mark(this.#main, "aria-disabled", main.off ? "true" : false);
    write(this.#other, other?.label ?? "Take it back");
    mark(this.#other, "data-act", other?.act);
    mark(this.#other, "data-off", other === null);
    if (lost) this.#main.focus();
  }

  /** @param {Event} event */
  #click = ({ target }) => {
    const pressed = target instanceof Element ? target.closest("button[data-act]") : null;
    if (!(pressed instanceof HTMLElement) || pressed.getAttribute("aria-disabled") === "true") return;
    this.dispatchEvent(new CustomEvent("act", { detail: pressed.dataset.act }));
  };
}

customElements.define("deckduel-rematch", RematchOffer);
