/**
 * The strip on top of a page: the connection is lost, or a match of one's own is waiting.
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
   * How the connection stands; one that is closed for good is mended by a reload alone. Only while
   * there is nothing to say of it, other news may stand here.
   * @param {import("../model/duel.js").Connection} state
   * @param {number | null} code of the closure that ended it
   * @param {{ text: string, link: Link }} [news]
   * @returns {string} what is said of the connection, empty for nothing
   */
  showConnection(state, code, news) {
    const text = connection(state, code) ?? "";
    if (text === "" && news !== undefined) this.show(news.text, news.link);
    else this.show(text, state === "closed" ? { href: location.href, label: "Reload" } : undefined);
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
