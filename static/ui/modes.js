/** The mode row: the ways to study a deck, and the way into a duel. */

import { challengePath, studyPath } from "../model/paths.js";
import { el } from "./dom.js";

/** @typedef {import("../model/paths.js").Mode} Mode */

/** @type {readonly (readonly [Mode, string])[]} */
const MODES = Object.freeze([
  ["flashcards", "Flashcards"],
  ["learn", "Learn"],
  ["test", "Test"],
  ["match", "Match"],
]);

/**
 * The study modes of a deck.
 * @param {string} deck
 * @param {Mode} [current] the mode of this page
 */
export function studyModes(deck, current) {
  const modes = MODES.map(([mode, label]) => {
    const here = mode === current && "page";
    return el("a", { class: "mode", href: studyPath(deck, mode), "aria-current": here }, label);
  });
  return el("nav", { class: "modes", "aria-label": "Study modes" }, ...modes);
}

/**
 * The way into a duel.
 * @param {string} deck
 * @param {"main"} [kind] where it is the action that matters on the page
 */
export function toChallenge(deck, kind) {
  return el("a", { class: "button", "data-kind": kind, href: challengePath(deck) }, "Challenge");
}
