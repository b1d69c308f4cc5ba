/** Flashcards: which card lies there with which side up, and what was sorted as known. */

import { shuffled } from "./shuffle.js";

/** @typedef {import("../wire/study.js").Side} Side */
/** @typedef {import("./shuffle.js").Random} Random */
/** The cards leafed through; `at` past the last one is the end. @typedef {{ readonly pile: readonly string[], readonly at: number }} Browse */
/**
 * One pass of sorting: the first `verdicts.length` cards of the pile are sorted, `true` for known.
 * `known` counts those of earlier passes.
 * @typedef {{ readonly pile: readonly string[], readonly verdicts: readonly boolean[],
 *   readonly pass: number, readonly known: number }} Sort
 */
/**
 * @typedef {object} FlashcardsState
 * @property {readonly string[]} cards ids, in deck order
 * @property {readonly string[]} order the same ids in the order to lay them in
 * @property {boolean} shuffled
 * @property {ReadonlySet<string>} starred
 * @property {boolean} only_starred
 * @property {boolean} answer_first the answer lies up, the prompt is turned to
 * @property {boolean} flipped
 * @property {boolean} playing cards turn and go by themselves
 * @property {boolean} sorting
 * @property {boolean} undoable the last sort can be taken back
 * @property {Browse} browse
 * @property {Sort | null} sort null until somebody sorts
 */
/** @typedef {Readonly<FlashcardsState>} Flashcards */
/**
 * @typedef {{ type: "flipped" }
 *   | { type: "moved", by: 1 | -1 }
 *   | { type: "sorted", known: boolean }
 *   | { type: "undone" }
 *   | { type: "settled" }
 *   | { type: "pass_begun" }
 *   | { type: "restarted", random: Random }
 *   | { type: "shuffled", on: boolean, random: Random }
 *   | { type: "only_starred", on: boolean }
 *   | { type: "answer_first", on: boolean }
 *   | { type: "sorting", on: boolean }
 *   | { type: "stars_loaded", cards: readonly string[] }
 *   | { type: "star_pressed" }
 *   | { type: "playing", on: boolean }
 *   | { type: "time_passed" }} FlashcardsEvent
 */

/** How long each side lies there while the cards turn by themselves, in ms. */
export const SIDE_MS = 4_000;

/**
 * @param {readonly string[]} cards ids, in deck order
 * @param {readonly string[]} [starred]
 * @returns {Flashcards}
 */
export function flashcards(cards, starred = []) {
  return Object.freeze({
    cards,
    order: cards,
    shuffled: false,
    starred: new Set(starred),
    only_starred: false,
    answer_first: false,
    flipped: false,
    playing: false,
    sorting: false,
    undoable: false,
    browse: { pile: cards, at: 0 },
    sort: null,
  });
}

/**
 * @param {Flashcards} before
 * @param {FlashcardsEvent} event
 * @returns {Flashcards} the same object when nothing changed
 */
export function next(before, event) {
  const { sorting, sort } = before;
  switch (event.type) {
    case "flipped":
      return card(before) === null ? before : change(before, { flipped: !before.flipped });
    case "moved":
      return sorting ? before : moved(before, event.by);
    case "sorted":
      if (!sorting || sort === null || card(before) === null) return before;
      return laid(before, {
        sort: { ...sort, verdicts: [...sort.verdicts, event.known] },
        undoable: true,
      });
    case "undone":
      if (!before.undoable || !sorting || sort === null) return before;
      return laid(before, { sort: { ...sort, verdicts: sort.verdicts.slice(0, -1) } });
    case "settled":
      return before.undoable ? change(before, { undoable: false }) : before;
    case "pass_begun":
      return passBegun(before);
    case "restarted":
      return restarted(before, event.random);
    case "shuffled":
      return event.on === before.shuffled ? before : arranged(before, event.on, event.random);
    case "only_starred":
      return event.on === before.only_starred ? before : narrowed(before, event.on);
    case "answer_first":
      if (event.on === before.answer_first) return before;
      return laid(before, { answer_first: event.on, undoable: before.undoable });
    case "sorting":
      return event.on === sorting ? before : switched(before, event.on);
    case "stars_loaded":
      return change(before, { starred: new Set(event.cards) });
    case "star_pressed":
      return starPressed(before);
    case "playing":
      if (event.on === before.playing || (event.on && (sorting || card(before) === null))) return before;
      return change(before, { playing: event.on });
    case "time_passed":
      if (!before.playing) return before;
      return before.flipped ? passed(before) : change(before, { flipped: true });
  }
}

// What a page shows

/**
 * The card that lies there; null at the end, and where there is none.
 * @param {Flashcards} state
 */
export function card(state) {
  const { pile, at } = place(state);
  return pile[at] ?? null;
}

/**
 * @param {Flashcards} state
 * @returns {"empty" | "card" | "end"}
 */
export function phase(state) {
  if (place(state).pile.length === 0) return "empty";
  return card(state) === null ? "end" : "card";
}

/**
 * The pile that is gone through, and how far.
 * @param {Flashcards} state
 * @returns {Browse}
 */
export function place({ sorting, sort, browse }) {
  return sorting && sort !== null ? { pile: sort.pile, at: sort.verdicts.length } : browse;
}

/**
 * The side that is up.
 * @param {Flashcards} state
 * @returns {Side}
 */
export function side({ answer_first, flipped }) {
  return answer_first === flipped ? "prompt" : "answer";
}

/**
 * How the pass of sorting stands: ids of those still to be learnt, numbers for the rest.
 * @param {Flashcards} state
 */
export function sorted({ sort }) {
  const { pile, verdicts, pass, known } = sort ?? FRESH;
  const learning = pile.filter((_, at) => verdicts[at] === false);
  return Object.freeze({
    pass,
    learning,
    known: verdicts.length - learning.length,
    known_in_all: known + verdicts.length - learning.length,
    in_all: known + pile.length,
  });
}

/**
 * Ids of the cards that are gone through, in all passes.
 * @param {Flashcards} state
 */
export function members({ order, only_starred, starred }) {
  return only_starred ? order.filter((id) => starred.has(id)) : order;
}

// What happens

/** @type {Sort} */
const FRESH = Object.freeze({ pile: [], verdicts: [], pass: 1, known: 0 });

/**
 * @param {Flashcards} before
 * @param {1 | -1} by
 */
function moved(before, by) {
  const { pile, at } = before.browse;
  const to = Math.min(pile.length, Math.max(0, at + by));
  return to === at ? before : laid(before, { browse: { pile, at: to } });
}

/**
 * Going on by itself lasts until the end.
 * @param {Flashcards} before
 */
function passed(before) {
  const after = moved(before, 1);
  return change(after, { playing: card(after) !== null });
}

/**
 * A pass over those that are still to be learnt.
 * @param {Flashcards} before
 */
function passBegun(before) {
  const { sort, sorting, order } = before;
  const { learning, pass, known_in_all } = sorted(before);
  if (!sorting || sort === null || phase(before) !== "end" || learning.length === 0) return before;
  const pile = order.filter((id) => learning.includes(id));
  return laid(before, { sort: { pile, verdicts: [], pass: pass + 1, known: known_in_all } });
}

/**
 * @param {Flashcards} before
 * @param {Random} random
 */
function restarted(before, random) {
  const order = before.shuffled ? shuffled(before.cards, random) : before.cards;
  const pile = members({ ...before, order });
  const sort = before.sorting ? { ...FRESH, pile } : null;
  return laid(before, { order, browse: { pile, at: 0 }, sort });
}

/**
 * Shuffled, one starts anew; in deck order again, one goes on from the card that lies there. What
 * is sorted stays sorted: only the rest is laid anew.
 * @param {Flashcards} before
 * @param {boolean} on
 * @param {Random} random
 */
function arranged(before, on, random) {
  const order = on ? shuffled(before.cards, random) : before.cards;
  const lay = (/** @type {readonly string[]} */ pile) => order.filter((id) => pile.includes(id));
  const { browse, sort } = before;
  const pile = lay(browse.pile);
  const at = on ? 0 : Math.max(0, pile.indexOf(browse.pile[browse.at] ?? ""));
  const done = sort?.verdicts.length ?? 0;
  const rest = sort && { ...sort, pile: [...sort.pile.slice(0, done), ...lay(sort.pile.slice(done))] };
  return laid(before, { order, shuffled: on, browse: { pile, at }, sort: rest });
}

/**
 * @param {Flashcards} before
 * @param {boolean} only_starred
 */
function narrowed(before, only_starred) {
  const pile = members({ ...before, only_starred });
  const at = Math.max(0, pile.indexOf(card(before) ?? ""));
  const after = laid(before, { only_starred, browse: { pile, at }, sort: null, sorting: false });
  return before.sorting ? switched(after, true) : after;
}

/**
 * Sorting goes on where it was left, or begins with the card that lies there; leafing goes on from
 * the card that lies there.
 * @param {Flashcards} before
 * @param {boolean} sorting
 */
function switched(before, sorting) {
  const { browse, sort } = before;
  if (!sorting) {
    const at = browse.pile.indexOf(card(before) ?? "");
    return laid(before, { sorting, browse: at === -1 ? browse : { ...browse, at } });
  }
  const left = sort !== null && sorted(before).known_in_all < sorted(before).in_all;
  const pile = [...browse.pile.slice(browse.at), ...browse.pile.slice(0, browse.at)];
  return laid(before, { sorting, sort: left ? sort : { ...FRESH, pile } });
}

/** @param {Flashcards} before */
function starPressed(before) {
  const id = card(before);
  if (id === null) return before;
  const starred = new Set(before.starred);
  if (!starred.delete(id)) starred.add(id);
  return change(before, { starred });
}

/**
 * Another card, or the same one anew: its first side is up, nothing goes by itself.
 * @param {Flashcards} before
 * @param {Partial<FlashcardsState>} changes
 */
function laid(before, changes) {
  return change(before, { flipped: false, playing: false, undoable: false, ...changes });
}

/**
 * @param {Flashcards} before
 * @param {Partial<FlashcardsState>} changes
 * @returns {Flashcards}
 */
function change(before, changes) {
  return Object.freeze({ ...before, ...changes });
}
