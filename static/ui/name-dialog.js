/**
 * Asks for a name before something that only a player may do. Fires `name` (detail: the text) and
 * `dropped`.
 */

import { detail, el, fill } from "./dom.js";
import { NameForm } from "./name-form.js";

export class NameDialog extends HTMLElement {
  #dialog = el("dialog", { class: "dialog sheet", "aria-label": "Who is playing?" });
  #back = el("button", { class: "button", type: "button", "data-kind": "quiet" }, "Not now");

  connectedCallback() {
    this.append(this.#dialog);
    this.#dialog.addEventListener("close", this.#closed);
    this.#back.addEventListener("click", this.#close);
  }

  disconnectedCallback() {
    this.#dialog.removeEventListener("close", this.#closed);
    this.#back.removeEventListener("click", this.#close);
    this.#dialog.remove();
  }

  /** @param {{ problem: string | null, busy: boolean, action: string }} view */
  ask(view) {
    // Made when it is needed: the page may have a form for the name already.
    if (!this.#dialog.open) {
      const form = new NameForm();
      form.addEventListener("name", this.#named);
      fill(this.#dialog, el("h2", {}, "Who is playing?"), form, this.#back);
      this.#dialog.showModal();
    }
    const form = this.#dialog.querySelector("deckduel-name");
    if (form instanceof NameForm) form.show(view);
  }

  /** The name is taken, or not needed any more. */
  close() {
    this.#dialog.close();
  }

  #close = () => this.#dialog.close();

  #closed = () => {
    fill(this.#dialog);
    this.dispatchEvent(new CustomEvent("dropped"));
  };

  /** @param {Event} event */
  #named = (event) => this.dispatchEvent(new CustomEvent("name", { detail: detail(event) }));
}

customElements.define("deckduel-name-dialog", NameDialog);
