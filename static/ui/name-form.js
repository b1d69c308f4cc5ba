/**
 * Asks for a name, once. Fires `name` (detail: the text).
 */

import { el, fill, mark } from "./dom.js";
import { sign } from "./marks.js";

/** A page may have more than one: each field has an id of its own. */
let made = 0;

export class NameForm extends HTMLElement {
  #id = `name-${(made += 1)}`;
  #input = el("input", {
    class: "input",
    id: this.#id,
    name: "name",
    autocomplete: "nickname",
    autocapitalize: "words",
    spellcheck: "false",
    required: true,
    minlength: 2,
    maxlength: 20,
    "aria-describedby": `${this.#id}-hint ${this.#id}-problem`,
  });
  #problem = el("p", { class: "problem", id: `${this.#id}-problem`, role: "alert" });
  #submit = el("button", { class: "button", "data-kind": "main", "data-size": "large" });
  #form = el(
    "form",
    { novalidate: true },
    el(
      "div",
      { class: "field" },
      el("label", { for: this.#id }, "Your name"),
      this.#input,
      el(
        "p",
        { class: "hint", id: `${this.#id}-hint` },
        "2 to 20 characters. Everyone sees it; this browser remembers it.",
      ),
      this.#problem,
    ),
    this.#submit,
  );

  connectedCallback() {
    this.append(this.#form);
    this.#form.addEventListener("submit", this.#send);
    this.#input.addEventListener("input", this.#typed);
  }

  disconnectedCallback() {
    this.#form.removeEventListener("submit", this.#send);
    this.#input.removeEventListener("input", this.#typed);
  }

  /**
   * @param {{ problem: string | null, busy: boolean, action: string }} view
   */
  show({ problem, busy, action }) {
    fill(this.#submit, action);
    mark(this.#submit, "aria-disabled", busy ? "true" : false);
    this.#complain(problem);
    if (problem !== null) this.#input.focus();
  }

  /** Puts the cursor into the field. */
  enter() {
    this.#input.focus();
  }

  /** @param {string | null} problem */
  #complain(problem) {
    mark(this.#input, "aria-invalid", problem === null ? false : "true");
    fill(this.#problem, ...(problem === null ? [] : [sign("wrong"), problem]));
  }

  #typed = () => this.#complain(null);

  /** @param {Event} event */
  #send = (event) => {
    event.preventDefault();
    if (this.#submit.getAttribute("aria-disabled") === "true") return;
    const name = this.#input.value.trim();
    if (name === "") {
      this.#complain("Type a name first.");
      this.#input.focus();
      return;
    }
    this.dispatchEvent(new CustomEvent("name", { detail: name }));
  };
}

customElements.define("deckduel-name", NameForm);
