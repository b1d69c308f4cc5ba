/** How far a set is: a segment for each card, and the same in words. */

import { progressLine } from "../model/learn/words.js";
import { el, fill, mark, write } from "./dom.js";

export class LearnProgress extends HTMLElement {
  #segments = el("span", { class: "segments", "aria-hidden": "true" });
  #line = el("span", { class: "number" });

  connectedCallback() {
    if (this.childElementCount === 0) this.append(this.#segments, this.#line);
  }

  /** @param {{ done: number, begun: number, all: number }} counts */
  show({ done, begun, all }) {
    if (this.#segments.childElementCount !== all) {
      fill(this.#segments, ...Array.from({ length: all }, () => el("i")));
    }
    [...this.#segments.children].forEach((segment, at) => {
      mark(segment, "data-state", at < done ? "done" : at < done + begun && "begun");
    });
    write(this.#line, progressLine({ done, all }));
  }
}

customElements.define("deckduel-learn-progress", LearnProgress);
