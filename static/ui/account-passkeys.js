/**
 * One's passkeys. Fires `add` and `remove` (detail: the id).
 */

import { day, newsOf, problemOf } from "../model/account.js";
import { el, fill, mark, write } from "./dom.js";

/** @typedef {import("../model/account.js").AccountState} AccountState */

export class AccountPasskeys extends HTMLElement {
  #list = el("ul", { class: "rows", role: "list" });
  #add = el("button", { class: "button", type: "button" }, "Add a passkey");
  #none = el(
    "p",
    { class: "soft" },
    "This browser has no passkeys for this address: they need https. Use a link instead.",
  );
  #news = el("p", { class: "news", role: "status" });
  #problem = el("p", { class: "problem", role: "alert" });
  /** @type {readonly unknown[] | null} */
  #shown = null;

  connectedCallback() {
    fill(
      this,
      el("h2", { tabindex: -1 }, "Passkeys"),
      el("p", {}, "Sign in with your fingerprint, your face or your device's code, wherever your passkeys are."),
      this.#list,
      this.#add,
      this.#none,
      this.#news,
      this.#problem,
    );
    this.#add.addEventListener("click", this.#pressed);
    this.#list.addEventListener("click", this.#removed);
  }

  disconnectedCallback() {
    this.#add.removeEventListener("click", this.#pressed);
    this.#list.removeEventListener("click", this.#removed);
  }

  /**
   * @param {Readonly<AccountState>} state
   * @param {boolean} able whether this browser can make one here
   */
  show(state, able) {
    mark(this.#add, "hidden", !able);
    mark(this.#none, "hidden", able);
    mark(this.#add, "aria-disabled", state.busy === "passkeys" ? "true" : false);
    write(this.#news, newsOf(state, "passkeys"));
    write(this.#problem, problemOf(state, "passkeys"));
    const { passkeys } = state.account;
    if (passkeys === this.#shown) return;
    const held = this.#list.contains(document.activeElement);
    this.#shown = passkeys;
    mark(this.#list, "hidden", passkeys.length === 0);
    fill(this.#list, ...passkeys.map(row));
    // What was removed takes its button along.
    if (held) this.querySelector("h2")?.focus();
  }

  #pressed = () => {
    if (this.#add.getAttribute("aria-disabled") === "true") return;
    this.dispatchEvent(new CustomEvent("add"));
  };

  /** @param {Event} event */
  #removed = (event) => {
    const button = /** @type {Element} */ (event.target).closest("button");
    if (button === null) return;
    this.dispatchEvent(new CustomEvent("remove", { detail: button.dataset.id }));
  };
}

/** @param {import("../wire/account.js").Passkey} passkey */
function row({ id, name, made_at_ms }) {
  const added = day(made_at_ms);
  return el(
    "li",
    {},
    el("span", { class: "name" }, name),
    el("span", { class: "soft" }, `added ${added}`),
    el(
      "button",
      {
        class: "button",
        type: "button",
        "data-kind": "quiet",
        "data-id": id,
        "aria-label": `Remove ${name}, added ${added}`,
      },
      "Remove",
    ),
  );
}

customElements.define("deckduel-account-passkeys", AccountPasskeys);
