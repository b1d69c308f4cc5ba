/**
 * Which cards a set is made of: the server's queue, what the address asks for, or what is due next.
 */

import { SET_SIZE } from "./lesson.js";

/** @typedef {import("../../wire/study.js").Progress} Progress */
/** @typedef {import("../../wire/study.js").CardProgress} CardProgress */
/** @typedef {import("./lesson.js").Reason} Reason */
/** @typedef {{ readonly card: string, readonly because: Reason }} Waiting */
/**
 * What is known to draw from. `asked`: of the address, not drawn yet. `studied`: the instant
 * at which a card was done here, by card, in ms since 1970.
 * @typedef {{ readonly progress: Progress, readonly asked: readonly string[],
 *   readonly studied: Readonly<Record<string, number>>,
 *   readonly cards: readonly { readonly id: string }[] }} Known
 */

/**
 * The cards that the next sets are taken from, in their order: those that the address asks for; after
 * them the server's queue without what was done here and the server has not heard of.
 * @param {Known} known
 * @returns {readonly Waiting[]}
 */
export function waiting({ progress, asked, studied, cards }) {
  const queue = progress.queue.filter(({ card }) => holds(cards, card));
  if (asked.length === 0) return queue.filter(({ card }) => !isStale(progress, studied, card));
  return asked.map((card) => queue.find((queued) => queued.card === card) ?? { card, because: "early" });
}

/**
 * The cards to study before they are due, the next due first.
 * @param {Known} known
 * @returns {readonly Waiting[]}
 */
export function ahead({ progress, studied, cards }) {
  const queued = new Set(progress.queue.map(({ card }) => card));
  return progress.cards
    .filter(({ card, due_at_ms }) => due_at_ms !== null && !queued.has(card) && holds(cards, card))
    .filter(({ card }) => !isStale(progress, studied, card))
    .sort((one, other) => Number(one.due_at_ms) - Number(other.due_at_ms))
    .map(({ card }) => ({ card, because: "early" }));
}

/**
 * The next set: up to seven, each told whether it is familiar. A card is familiar that was studied
 * and not missed last.
 * @param {Known} known
 * @param {readonly Waiting[]} from
 */
export function draw({ progress, studied }, from) {
  return from.slice(0, SET_SIZE).map(({ card, because }) => {
    const told = progressOf(progress, card);
    const kept = told !== undefined && told.mastery !== "new" && !told.missed;
    const familiar = kept || isStale(progress, studied, card);
    return Object.freeze({ card, because, familiar });
  });
}

/**
 * What the server last told of a card, unless it has not heard yet that the card was done here.
 * @param {Pick<Known, "progress" | "studied">} known
 * @param {string} card
 * @returns {CardProgress | null}
 */
export function heard({ progress, studied }, card) {
  return isStale(progress, studied, card) ? null : (progressOf(progress, card) ?? null);
}

/**
 * Whether a card was done here after the last review that the server knew of.
 * @param {Progress} progress
 * @param {Readonly<Record<string, number>>} studied
 * @param {string} card
 */
function isStale(progress, studied, card) {
  return (progressOf(progress, card)?.last_at_ms ?? 0) < (studied[card] ?? 0);
}

/**
 * @param {Progress} progress
 * @param {string} card
 */
function progressOf({ cards }, card) {
  return cards.find((known) => known.card === card);
}

/**
 * @param {readonly { readonly id: string }[]} cards
 * @param {string} card
 */
function holds(cards, card) {
  return cards.some(({ id }) => id === card);
}
