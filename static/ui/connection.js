/**
 * The strip on top of a page: the connection is lost, or what the server stores is out of its reach.
 */

import { connection } from "../model/words.js";
import { el, fill, mark } from "./dom.js";

/** @typedef {{ href: string, label: string }} Link */

export class ConnectionStrip extends HTMLElement {
  #strip = el("p", { class: "notice", hidden: true });
  #text = "";
  /** @type {Link | undefined} */
  #link;
  #storage = "";
  #shown = "";

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
    this.#text = text;
    this.#link = link;
    this.#draw();
  }

  /**
   * What the server says of its storage comes before anything else.
   * @param {string} text empty for nothing to say
   */
  showStorage(text) {
    this.#storage = text;
    this.#draw();
  }

  #draw() {
    const text = this.#storage || this.#text;
    const link = this.#storage === "" ? this.#link : undefined;
    const key = `${text}\n${link?.href ?? ""}`;
    if (this.#shown === key) return;
    this.#shown = key;
    mark(this.#strip, "hidden", text === "");
    fill(this.#strip, text, link && el("a", { href: link.href }, link.label));
  }
}

customElements.define("deckduel-connection", ConnectionStrip);
