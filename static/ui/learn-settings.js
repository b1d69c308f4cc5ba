/**
 * How Learn asks: which side is to be given, and whether it is ever to be typed.
 *
 * Fires `settings` (detail: all of them) at every change.
 */

import { SIDE_ASKED, SIDE_NAMES } from "../model/sides.js";
import { el } from "./dom.js";

/** @typedef {import("../model/learn/state.js").Settings} Settings */

export class LearnSettings extends HTMLElement {
  #open = el(
    "button",
    { class: "button", "data-kind": "quiet", type: "button", "aria-haspopup": "dialog" },
    "Settings",
  );
  #close = el("button", { class: "button", type: "button" }, "Close");
  #form = el(
    "form",
    { class: "stack" },
    group(SIDE_ASKED, "side", Object.entries(SIDE_NAMES)),
    group("Type answers", "typing", [
      ["familiar", "When a card is familiar"],
      ["never", "Never: always choices"],
    ]),
  );
  #dialog = el(
    "dialog",
    { class: "dialog sheet", "aria-labelledby": "learn-settings" },
    el("h2", { id: "learn-settings" }, "Settings"),
    this.#form,
    el("div", { class: "actions" }, this.#close),
  );

  connectedCallback() {
    if (this.childElementCount === 0) this.append(this.#open, this.#dialog);
    this.#open.addEventListener("click", this.#show);
    this.#close.addEventListener("click", this.#hide);
    this.#form.addEventListener("change", this.#changed);
  }

  disconnectedCallback() {
    this.#open.removeEventListener("click", this.#show);
    this.#close.removeEventListener("click", this.#hide);
    this.#form.removeEventListener("change", this.#changed);
  }

  /** @param {Settings} settings */
  show(settings) {
    for (const [name, value] of Object.entries(settings)) {
      const found = this.#form.elements.namedItem(name);
      if (found instanceof RadioNodeList) found.value = value;
    }
  }

  /** Opens the dialog. */
  open() {
    this.#show();
  }

  #show = () => this.#dialog.showModal();

  #hide = () => this.#dialog.close();

  #changed = () => {
    const chosen = new FormData(this.#form);
    const detail = { side: chosen.get("side"), typing: chosen.get("typing") };
    this.dispatchEvent(new CustomEvent("settings", { detail }));
  };
}

/**
 * @param {string} legend
 * @param {keyof Settings} name
 * @param {readonly (readonly [string, string])[]} options
 */
function group(legend, name, options) {
  const labels = options.map(([value, text]) =>
    el("label", { class: "setting" }, el("input", { type: "radio", name, value }), text),
  );
  return el("fieldset", {}, el("legend", {}, legend), ...labels);
}

customElements.define("deckduel-learn-settings", LearnSettings);
