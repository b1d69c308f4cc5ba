/** "Terms in this set": which terms are in sight, which are starred, whose answers are hidden. */

/** @typedef {import("../wire/messages.js").Card} Card */
/**
 * @typedef {object} TermsState
 * @property {readonly Card[]} cards in deck order
 * @property {string} query as typed
 * @property {ReadonlySet<string>} starred ids of cards; the page keeps them between visits
 * @property {boolean} only_starred
 * @property {boolean} hidden answers are hidden
 * @property {ReadonlySet<string>} revealed ids of cards whose answer is shown though hidden
 */
/** @typedef {Readonly<TermsState>} Terms */
/**
 * One row to show; `number` counts from 1 in the whole deck, whatever is in sight.
 * @typedef {{ readonly card: Card, readonly number: number, readonly starred: boolean,
 *   readonly answer_hidden: boolean }} Term
 */
/**
 * @typedef {{ type: "searched", query: string }
 *   | { type: "star_pressed", card: string }
 *   | { type: "stars_loaded", cards: readonly string[] }
 *   | { type: "only_starred", on: boolean }
 *   | { type: "answers_hidden", on: boolean }
 *   | { type: "answer_pressed", card: string }} TermsEvent
 */

/**
 * @param {readonly Card[]} cards
 * @returns {Terms}
 */
export function terms(cards) {
  return Object.freeze({
    cards: Object.freeze([...cards]),
    query: "",
    starred: new Set(),
    only_starred: false,
    hidden: false,
    revealed: new Set(),
  });
}

/**
 * @param {Terms} before
 * @param {TermsEvent} event
 * @returns {Terms} the same object when nothing changed
 */
export function next(before, event) {
  switch (event.type) {
    case "searched":
      return event.query === before.query ? before : change(before, { query: event.query });
    case "star_pressed":
      if (!holds(before, event.card)) return before;
      return change(before, { starred: toggled(before.starred, event.card) });
    case "stars_loaded":
      return change(before, { starred: new Set(event.cards.filter((id) => holds(before, id))) });
    case "only_starred":
      return event.on === before.only_starred ? before : change(before, { only_starred: event.on });
    case "answers_hidden":
      // Hiding again covers what was revealed.
      return change(before, { hidden: event.on, revealed: new Set() });
    case "answer_pressed":
      if (!before.hidden || !holds(before, event.card)) return before;
      return change(before, { revealed: toggled(before.revealed, event.card) });
  }
}

/**
 * The rows in sight, in deck order.
 * @param {Terms} terms
 * @returns {readonly Term[]}
 */
export function visible({ cards, query, starred, only_starred, hidden, revealed }) {
  const words = fold(query).split(" ").filter(Boolean);
  return cards.flatMap((card, index) => {
    const { id } = card;
    if (only_starred && !starred.has(id)) return [];
    const text = fold(`${card.prompt} ${card.answer}`);
    if (!words.every((word) => text.includes(word))) return [];
    const answer_hidden = hidden && !revealed.has(id);
    return [Object.freeze({ card, number: index + 1, starred: starred.has(id), answer_hidden })];
  });
}

/**
 * The ids to keep between visits, in deck order.
 * @param {Terms} terms
 * @returns {readonly string[]}
 */
export function stars({ cards, starred }) {
  return cards.flatMap(({ id }) => (starred.has(id) ? [id] : []));
}

/**
 * Text as the search compares it: without case, accents, typographic forms or double spaces.
 * @param {string} text
 */
export function fold(text) {
  return text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/[‘’]/gu, "'")
    .replace(/[‐-―−]/gu, "-")
    .toLowerCase()
    .replaceAll("ß", "ss")
    .replace(/\s+/gu, " ")
    .trim();
}

/**
 * @param {Terms} before
 * @param {Partial<TermsState>} changes
 * @returns {Terms}
 */
function change(before, changes) {
  return Object.freeze({ ...before, ...changes });
}

/**
 * @param {Terms} terms
 * @param {string} card
 */
function holds({ cards }, card) {
  return cards.some(({ id }) => id === card);
}

/**
 * @param {ReadonlySet<string>} ids
 * @param {string} id
 * @returns {ReadonlySet<string>}
 */
function toggled(ids, id) {
  const after = new Set(ids);
  if (!after.delete(id)) after.add(id);
  return after;
}
