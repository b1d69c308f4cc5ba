/**
 * Whether one may be challenged, and who may not. Fires `switch` (detail: on) and `unmute` (detail: the player).
 */

import { problemOf } from "../model/account.js";
import { el, fill, mark, write } from "./dom.js";
import { playerLink } from "./player-link.js";

/** @typedef {import("../model/account.js").AccountState} AccountState */

export class AccountChallenges extends HTMLElement {
  #box = el("input", { type: "checkbox", id: "take-challenges" });
  #line = el("p", { class: "soft" });
  #list = el("ul", { class: "rows", role: "list" });
  #muted = el("div", { class: "stack" }, el("h3", { tabindex: -1 }, "Muted"), this.#list);
  #problem = el("p", { class: "problem", role: "alert" });
  #shown = "";

  connectedCallback() {
    fill(
      this,
      el("h2", {}, "Challenges"),
      el("label", { class: "check", for: this.#box.id }, this.#box, "Let others challenge me"),
      this.#line,
      this.#muted,
      this.#problem,
    );
    this.#box.addEventListener("change", this.#switched);
    this.#list.addEventListener("click", this.#unmuted);
  }

  disconnectedCallback() {
    this.#box.removeEventListener("change", this.#switched);
    this.#list.removeEventListener("click", this.#unmuted);
  }

  /**
   * @param {Readonly<AccountState>} state
   * @param {boolean} on what the box says: the last wish, also before it is answered
   */
  show(state, on) {
    const { challenges, muted } = state.account;
    this.#box.checked = on;
    write(
      this.#line,
      challenges
        ? "Only players who see that you are here can. You can decline, or mute one of them."
        : "Nobody can challenge you. Your own challenges and links work as before.",
    );
    write(this.#problem, problemOf(state, "challenges"));
    const list = JSON.stringify(muted);
    if (list === this.#shown) return;
    const held = this.#muted.contains(document.activeElement);
    this.#shown = list;
    mark(this.#muted, "hidden", muted.length === 0);
    fill(this.#list, ...muted.map(row));
    if (held) (muted.length === 0 ? this.#box : this.#muted.querySelector("h3"))?.focus();
  }

  #switched = () => this.dispatchEvent(new CustomEvent("switch", { detail: this.#box.checked }));

  /** @param {Event} event */
  #unmuted = (event) => {
    const button = /** @type {Element} */ (event.target).closest("button");
    if (button === null) return;
    this.dispatchEvent(new CustomEvent("unmute", { detail: button.dataset.id }));
  };
}

/** @param {import("../wire/account.js").Muted} player */
function row({ id, name }) {
  return el(
    "li",
    {},
    playerLink({ id, name }, { class: "name" }),
    el(
      "button",
      {
        class: "button",
        type: "button",
        "data-kind": "quiet",
        "data-id": id,
        "aria-label": `Unmute ${name}`,
      },
      "Unmute",
    ),
  );
}

customElements.define("deckduel-account-challenges", AccountChallenges);
