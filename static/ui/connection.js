/**
 * The strip on top of a page: the connection is lost, or a match of one's own is waiting.
 */

import { el, fill, mark } from "./dom.js";

export class ConnectionStrip extends HTMLElement {
  #strip = el("p", { class: "notice", hidden: true });
  #text = "";

  connectedCallback() {
    this.append(this.#strip);
  }

  disconnectedCallback() {
    this.#strip.remove();
  }

  /**
   * @param {string} text empty for nothing to say
   * @param {{ href: string, label: string }} [link]
   */
  show(text, link) {
    const key = `${text}\n${link?.href ?? ""}`;
    if (this.#text === key) return;
    this.#text = key;
    mark(this.#strip, "hidden", text === "");
    fill(this.#strip, text, link && el("a", { href: link.href }, link.label));
  }
}

customElements.define("deckduel-connection", ConnectionStrip);
