/**
 * The field for a typed answer; then, in its place, what was typed and what is right.
 *
 * Fires `type` (detail: the text so far) and `check`.
 */

import { MOST_TYPED } from "../wire/study.js";
import { el, fill, mark } from "./dom.js";
import { tab } from "./learn-tab.js";

/** @typedef {import("../model/learn/view.js").QuestionView} QuestionView */

export class LearnTyped extends HTMLElement {
  #field = el("input", {
    class: "input",
    type: "text",
    maxlength: MOST_TYPED,
    autocomplete: "off",
    autocapitalize: "off",
    autocorrect: "off",
    spellcheck: "false",
    enterkeyhint: "go",
    placeholder: "Your answer",
  });
  #check = el("button", { class: "button", "data-kind": "main", type: "submit" }, "Check");
  #form = el("form", { class: "typing" }, this.#field, this.#check);
  #mine = el("p", { class: "written" });
  #right = el("p", { class: "written", "data-verdict": "right" });

  connectedCallback() {
    if (this.childElementCount === 0) this.append(this.#form, this.#mine, this.#right);
    this.#form.addEventListener("input", this.#input);
    this.#form.addEventListener("submit", this.#submit);
  }

  disconnectedCallback() {
    this.#form.removeEventListener("input", this.#input);
    this.#form.removeEventListener("submit", this.#submit);
  }

  /**
   * Names the field by what stands above it.
   * @param {string} ids
   */
  labelledBy(ids) {
    mark(this.#field, "aria-labelledby", ids);
  }

  /** @param {QuestionView} view */
  show({ phase, text, solution, solution_name, right }) {
    if (this.#field.value !== text) this.#field.value = text;
    this.#field.readOnly = phase !== "asking";
    mark(this.#check, "aria-disabled", phase !== "asking" && "true");
    mark(this.#form, "hidden", solution !== null);
    mark(this.#mine, "hidden", solution === null);
    mark(this.#right, "hidden", solution === null || (right === true && text === solution));
    if (solution === null) return;
    const verdict = right === null ? null : right ? "right" : "wrong";
    mark(this.#mine, "data-verdict", verdict);
    const mine = text.trim() === "" ? el("span", { class: "soft" }, "Nothing typed") : text;
    fill(this.#mine, tab(verdict, right === null ? "You" : right ? "Right" : "Wrong"), mine);
    fill(this.#right, tab("right", solution_name), solution);
  }

  /** Puts the keyboard into the field. */
  enter() {
    this.#field.focus({ preventScroll: true });
  }

  /** The right answer, once it is shown. */
  right() {
    return this.#right.hidden ? this.#mine : this.#right;
  }

  #input = () => this.dispatchEvent(new CustomEvent("type", { detail: this.#field.value }));

  /** @param {Event} event */
  #submit = (event) => {
    event.preventDefault();
    if (!this.#field.readOnly) this.dispatchEvent(new CustomEvent("check"));
  };
}

customElements.define("deckduel-learn-typed", LearnTyped);
