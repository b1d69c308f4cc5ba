/**
 * Asks whether somebody means it; where there is a word to type, only who typed it can. Fires `sure`.
 */

import { meant } from "../model/account.js";
import { el, fill, mark, write } from "./dom.js";

/**
 * @typedef {object} Question
 * @property {string} title
 * @property {readonly string[]} lines
 * @property {string} action what the button says
 * @property {string | null} word to be typed; null for none
 */

/** A page may have more than one: each has ids of its own. */
let made = 0;

export class SureDialog extends HTMLElement {
  #id = `sure-${(made += 1)}`;
  #title = el("h2", { id: `${this.#id}-title` });
  #lines = el("div", { class: "stack" });
  #input = el("input", {
    class: "input",
    id: `${this.#id}-word`,
    autocomplete: "off",
    spellcheck: "false",
  });
  #label = el("label", { for: this.#input.id });
  #field = el("div", { class: "field" }, this.#label, this.#input);
  #stay = el("button", { class: "button", type: "button" }, "Go back");
  #sure = el("button", { class: "button" });
  #form = el(
    "form",
    { class: "stack", novalidate: true },
    this.#title,
    this.#lines,
    this.#field,
    el("div", { class: "actions" }, this.#stay, this.#sure),
  );
  #dialog = el("dialog", { class: "dialog sheet", "aria-labelledby": this.#title.id }, this.#form);
  /** @type {string | null} */
  #word = null;

  connectedCallback() {
    this.append(this.#dialog);
    this.#stay.addEventListener("click", this.#close);
    this.#input.addEventListener("input", this.#typed);
    this.#form.addEventListener("submit", this.#send);
  }

  disconnectedCallback() {
    this.#stay.removeEventListener("click", this.#close);
    this.#input.removeEventListener("input", this.#typed);
    this.#form.removeEventListener("submit", this.#send);
    this.#dialog.remove();
  }

  /** @param {Question} question */
  ask({ title, lines, action, word }) {
    write(this.#title, title);
    fill(this.#lines, ...lines.map((line) => el("p", {}, line)));
    write(this.#sure, action);
    this.#word = word;
    mark(this.#field, "hidden", word === null);
    write(this.#label, `Type ${word ?? ""} to go on`);
    this.#input.value = "";
    this.#typed();
    this.#dialog.showModal();
    // The first press of a careless return key must not be the one that counts.
    (word === null ? this.#stay : this.#input).focus();
  }

  #typed = () => {
    this.#sure.disabled = this.#word !== null && !meant(this.#input.value, this.#word);
  };

  #close = () => this.#dialog.close();

  /** @param {Event} event */
  #send = (event) => {
    event.preventDefault();
    if (this.#sure.disabled) return;
    this.#dialog.close();
    this.dispatchEvent(new CustomEvent("sure"));
  };
}

customElements.define("deckduel-sure", SureDialog);
