/**
 * One's name, and the field to change it. Fires `rename` (detail: the text) and `typed`.
 */

import { mayRename, newsOf, problemOf, renameWords } from "../model/account.js";
import { el, fill, mark, write } from "./dom.js";
import { sign } from "./marks.js";

/** @typedef {import("../model/account.js").AccountState} AccountState */

export class AccountName extends HTMLElement {
  #input = el("input", {
    class: "input",
    id: "rename",
    autocomplete: "nickname",
    autocapitalize: "words",
    spellcheck: "false",
    maxlength: 20,
    "aria-describedby": "rename-hint rename-problem",
  });
  #hint = el("p", { class: "hint", id: "rename-hint" });
  #problem = el("p", { class: "problem", id: "rename-problem", role: "alert" });
  #submit = el("button", { class: "button" }, "Change name");
  #form = el(
    "form",
    { class: "field", novalidate: true },
    el("label", { for: "rename" }, "New name"),
    el("div", { class: "with-button" }, this.#input, this.#submit),
    this.#hint,
    this.#problem,
  );
  #late = el("p", { class: "soft" });
  #news = el("p", { class: "news", role: "status" });
  /** @type {AccountState["account"] | null} */
  #account = null;

  connectedCallback() {
    fill(this, el("h2", {}, "Name"), this.#form, this.#late, this.#news);
    this.#form.addEventListener("submit", this.#send);
    this.#input.addEventListener("input", this.#typed);
  }

  disconnectedCallback() {
    this.#form.removeEventListener("submit", this.#send);
    this.#input.removeEventListener("input", this.#typed);
  }

  /** @param {Readonly<AccountState>} state */
  show(state) {
    const { account, busy } = state;
    if (account.name !== this.#account?.name) this.#input.value = account.name;
    this.#account = account;
    const now_ms = Date.now();
    const open = mayRename(account, now_ms);
    mark(this.#form, "hidden", !open);
    mark(this.#late, "hidden", open);
    write(open ? this.#hint : this.#late, renameWords(account, now_ms));
    mark(this.#submit, "aria-disabled", busy === "name" ? "true" : false);
    const problem = problemOf(state, "name");
    mark(this.#input, "aria-invalid", problem === "" ? false : "true");
    if (problem !== this.#problem.textContent) {
      fill(this.#problem, ...(problem === "" ? [] : [sign("wrong"), problem]));
      if (problem !== "") this.#input.focus();
    }
    write(this.#news, newsOf(state, "name"));
  }

  #typed = () => this.dispatchEvent(new CustomEvent("typed"));

  /** @param {Event} event */
  #send = (event) => {
    event.preventDefault();
    const name = this.#input.value.trim();
    const same = name === this.#account?.name;
    if (same || this.#submit.getAttribute("aria-disabled") === "true") return;
    this.dispatchEvent(new CustomEvent("rename", { detail: name }));
  };
}

customElements.define("deckduel-account-name", AccountName);
