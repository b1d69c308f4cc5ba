/** The title of a page that belongs to a deck: the way back to the deck, and what the page is. */

import { deckPath } from "../model/paths.js";
import { el } from "./dom.js";

/**
 * @param {{ id: string, title: string }} deck
 * @param {string} heading
 * @param {...Node} more
 */
export function deckTitle(deck, heading, ...more) {
  return el(
    "header",
    { class: "title" },
    el("p", { class: "kicker" }, el("a", { href: deckPath(deck.id) }, deck.title)),
    el("h1", {}, heading),
    ...more,
  );
}
