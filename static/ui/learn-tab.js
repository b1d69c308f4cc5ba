/** The tab on an answer of Learn: its verdict as a mark and a word, so that colour never stands alone. */

import { el } from "./dom.js";
import { sign } from "./marks.js";

/**
 * @param {"right" | "wrong" | null} verdict null for none, or none yet
 * @param {string} word
 */
export function tab(verdict, word) {
  return el("span", { class: "verdict" }, el("span", {}, verdict && sign(verdict), word));
}
