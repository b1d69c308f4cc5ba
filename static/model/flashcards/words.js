/** What flashcards say where no card lies. */

import { counted } from "../words.js";
import { members, phase, place, sorted } from "../flashcards.js";

/** @typedef {import("../flashcards.js").Flashcards} Flashcards */
/** @typedef {"pass" | "sort" | "restart" | "back" | "all" | "learn" | "challenge"} Act */
/** `cards`: to learn only these. @typedef {{ readonly act: Act, readonly label: string, readonly cards?: readonly string[] }} Action */
/**
 * @typedef {object} Ending
 * @property {string} title
 * @property {string} text
 * @property {{ readonly known: number, readonly learning: number } | null} tally
 * @property {readonly Action[]} actions the one that matters first
 */

/** @type {Action} */
const OVER = Object.freeze({ act: "restart", label: "Start over" });

/**
 * @param {Flashcards} state that has no card
 * @returns {Ending}
 */
export function ending(state) {
  if (phase(state) === "empty") {
    const text = "Use the star on a card, here or on the deck's page.";
    return { title: "No card is starred", text, tally: null, actions: [{ act: "all", label: "Show all cards" }] };
  }
  return state.sorting ? sortEnding(state) : browseEnding(state);
}

/**
 * @param {Flashcards} state
 * @returns {Ending}
 */
function sortEnding(state) {
  const { learning, known_in_all, in_all } = sorted(state);
  /** @type {readonly Action[]} */
  const undo = state.undoable ? [{ act: "back", label: "Undo" }] : [];
  const tally = { known: known_in_all, learning: learning.length };
  if (learning.length === 0) {
    const title = in_all === 1 ? "You know it" : `You know all ${in_all}`;
    const text = "Time to show it: a duel asks ten of them against the clock.";
    return { title, text, tally, actions: [{ act: "challenge", label: "Challenge somebody" }, OVER, ...undo] };
  }
  const one = learning.length === 1;
  const again = `Go over the ${one ? "one" : learning.length} still learning`;
  const until = one ? "Go over it until you know it" : "Go over the rest until nothing is left";
  return {
    title: `You know ${known_in_all} of ${in_all}`,
    text: `${until}, or learn it with questions.`,
    tally,
    actions: [
      { act: "pass", label: again },
      { act: "learn", label: one ? "Learn it" : "Learn these", cards: learning },
      OVER,
      ...undo,
    ],
  };
}

/**
 * @param {Flashcards} state
 * @returns {Ending}
 */
function browseEnding(state) {
  const { length } = place(state).pile;
  return {
    title: length === 1 ? "That was the only card" : `That was all ${counted(length, "card")}`,
    text: length === 1 ? "Sort it to say whether you know it." : "Sort them to find out which ones you know.",
    tally: null,
    actions: [
      { act: "sort", label: "Sort what I know" },
      { act: "learn", label: length === 1 ? "Learn it" : "Learn these", cards: members(state) },
      OVER,
      { act: "back", label: "Back" },
    ],
  };
}

/**
 * Which pass it is, from the second on.
 * @param {Flashcards} state
 */
export function passName(state) {
  const { pass } = sorted(state);
  return state.sorting && pass > 1 ? `Pass ${pass}` : "";
}
