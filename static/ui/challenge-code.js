/**
 * Takes the short code of somebody's challenge. Fires `code` (detail: the code).
 */

import { parseCode } from "../model/challenge.js";
import { el, fill, mark } from "./dom.js";
import { sign } from "./marks.js";

export class ChallengeCode extends HTMLElement {
  #input = el("input", {
    class: "input",
    id: "challenge-code",
    autocomplete: "off",
    autocapitalize: "characters",
    spellcheck: "false",
    "aria-describedby": "challenge-code-problem",
  });
  #go = el("button", { class: "button" }, "Open");
  #problem = el("p", { class: "problem", id: "challenge-code-problem", role: "alert" });
  #form = el(
    "form",
    { class: "field", novalidate: true },
    el("label", { for: this.#input.id }, "Have a code?"),
    el("div", { class: "with-button" }, this.#input, this.#go),
    this.#problem,
  );

  connectedCallback() {
    this.append(this.#form);
    this.#form.addEventListener("submit", this.#send);
    this.#input.addEventListener("input", this.#typed);
  }

  disconnectedCallback() {
    this.#form.removeEventListener("submit", this.#send);
    this.#input.removeEventListener("input", this.#typed);
    this.#form.remove();
  }

  /** @param {{ problem: string, busy: boolean }} view */
  show({ problem, busy }) {
    mark(this.#go, "aria-disabled", busy ? "true" : false);
    this.#complain(problem);
    if (problem !== "") this.#input.focus();
  }

  /** @param {string} problem empty for none */
  #complain(problem) {
    mark(this.#input, "aria-invalid", problem === "" ? false : "true");
    fill(this.#problem, ...(problem === "" ? [] : [sign("wrong"), problem]));
  }

  #typed = () => this.#complain("");

  /** @param {Event} event */
  #send = (event) => {
    event.preventDefault();
    if (this.#go.getAttribute("aria-disabled") === "true") return;
    const code = parseCode(this.#input.value);
    if (code === null) this.show({ problem: "A code is six letters and digits, such as K7Q WXP.", busy: false });
    else this.dispatchEvent(new CustomEvent("code", { detail: code }));
  };
}

customElements.define("deckduel-challenge-code", ChallengeCode);
