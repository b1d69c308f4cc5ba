/** Where flashcards were left: what is kept of them until the next visit, and how it is taken up. */

import { members, next } from "../flashcards.js";
import { count, list, record, strings } from "../kept.js";

/** @typedef {import("../flashcards.js").Flashcards} Flashcards */
/** @typedef {import("../flashcards.js").Sort} Sort */

/**
 * What to keep until the next visit, as JSON can hold it.
 * @param {Flashcards} state
 */
export function toKeep(state) {
  const { order, shuffled, only_starred, answer_first, sorting, browse, sort } = state;
  const left = browse.pile[browse.at] ?? null;
  return { order, shuffled, only_starred, answer_first, sorting, left, sort };
}

/**
 * Takes up what was kept, of whatever age: cards that have left the deck are dropped, new ones
 * are put in, and what makes no sense begins anew.
 * @param {Flashcards} fresh
 * @param {unknown} kept
 * @returns {Flashcards}
 */
export function resumed(fresh, kept) {
  const old = record(kept);
  const is = (/** @type {string} */ name) => old[name] === true;
  /** @type {Flashcards} */
  const state = {
    ...fresh,
    order: is("shuffled") ? union(known(old["order"], fresh.cards), fresh.cards) : fresh.cards,
    shuffled: is("shuffled"),
    only_starred: is("only_starred"),
    answer_first: is("answer_first"),
  };
  const pile = members(state);
  const at = Math.max(0, pile.findIndex((id) => id === old["left"]));
  const found = Object.freeze({ ...state, browse: { pile, at }, sort: sortOf(old["sort"], pile) });
  return next(found, { type: "sorting", on: is("sorting") });
}

/**
 * @param {unknown} kept
 * @param {readonly string[]} cards that may be in it
 * @returns {Sort | null}
 */
function sortOf(kept, cards) {
  const old = record(kept);
  const pass = count(old["pass"]) || 1;
  const ids = list(old["pile"]);
  const stays = known(ids, cards);
  const pile = pass === 1 ? union(stays, cards) : stays;
  if (stays.length === 0) return null;
  const given = list(old["verdicts"]).filter(
    (verdict, at) => typeof verdict === "boolean" && stays.includes(ids[at]),
  );
  return {
    pile,
    verdicts: given.slice(0, pile.length),
    pass,
    known: pass === 1 ? 0 : count(old["known"]),
  };
}

/**
 * @param {unknown} ids
 * @param {readonly string[]} cards
 * @returns {readonly string[]} each once
 */
function known(ids, cards) {
  return [...new Set(strings(ids))].filter((id) => cards.includes(id));
}

/**
 * @param {readonly string[]} ids
 * @param {readonly string[]} more
 */
function union(ids, more) {
  return [...new Set([...ids, ...more])];
}
