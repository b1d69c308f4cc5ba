/**
 * The strip on top of a page: the connection is lost.
 */

import { connection } from "../model/words.js";
import { el, fill, mark } from "./dom.js";

/** @typedef {{ href: string, label: string }} Link */

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
   * How the connection stands; one that is closed for good is mended by a reload alone.
   * @param {import("../model/duel.js").Connection} state
   * @param {number | null} code of the closure that ended it
   * @returns {string} what is said of the connection, empty for nothing
   */
  showConnection(state, code) {
    const text = connection(state, code) ?? "";
    this.show(text, state === "closed" ? { href: location.href, label: "Reload" } : undefined);
    return text;
  }

  /**
   * @param {string} text empty for nothing to say
   * @param {Link} [link]
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
