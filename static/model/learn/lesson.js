/**
 * A set of cards and the line they stand in: whose turn it is, who comes back and when.
 */

/** @typedef {import("../../wire/study.js").Because} Because */
/**
 * Why a card is in the set; `early`: nothing asks for it yet, the student does.
 * @typedef {Because | "early"} Reason
 */
/**
 * One card of a set. `familiar`: it may be typed; it is by what was studied before, or becomes it by
 * a right choice. `asked` and `missed` count its answers.
 * @typedef {{ readonly card: string, readonly because: Reason, readonly familiar: boolean,
 *   readonly done: boolean, readonly asked: number, readonly missed: number }} Item
 */
/**
 * `line` holds the cards that are not done, in the order in which they come; the first is asked now.
 * @typedef {{ readonly items: readonly Item[], readonly line: readonly string[] }} Lesson
 */

/** The most cards of a set. */
export const SET_SIZE = 7;

/** After how many others a missed card comes back; after all that are left where these are fewer. */
export const MISSED_GAP = 3;

/**
 * A set of cards of which none was asked.
 * @param {readonly { readonly card: string, readonly because: Reason, readonly familiar: boolean }[]} drawn
 * @returns {Lesson}
 */
export function lesson(drawn) {
  const items = drawn.map(({ card, because, familiar }) =>
    Object.freeze({ card, because, familiar, done: false, asked: 0, missed: 0 }),
  );
  return Object.freeze({ items: Object.freeze(items), line: Object.freeze(items.map(({ card }) => card)) });
}

/**
 * The set after an answer to the first card of its line.
 *
 * Right in its last form, the card is done. Right before that, it is familiar now and waits behind
 * all others. Missed, it comes back after `MISSED_GAP` others. Cards come into the line only behind
 * those, so nothing ever shortens a wait: between two turns of a card there are at least two others
 * wherever two are left.
 * @param {Lesson} before with somebody in its line
 * @param {{ right: boolean, last: boolean }} answer `last`: in the last form that the card is asked in
 * @returns {Lesson}
 */
export function answered(before, { right, last }) {
  const [card, ...others] = before.line;
  const items = before.items.map((item) => {
    if (item.card !== card) return item;
    const asked = item.asked + 1;
    if (!right) return Object.freeze({ ...item, asked, missed: item.missed + 1 });
    return Object.freeze({ ...item, asked, familiar: true, done: last });
  });
  const back = card === undefined || (right && last) ? [] : [card];
  const at = right ? others.length : MISSED_GAP;
  const line = [...others.slice(0, at), ...back, ...others.slice(at)];
  return Object.freeze({ items: Object.freeze(items), line: Object.freeze(line) });
}

/**
 * How far a set is: cards that are done, and those that have had a turn and are not.
 * @param {Lesson} lesson
 */
export function counts({ items, line }) {
  const done = items.length - line.length;
  const begun = items.filter((item) => !item.done && item.asked > 0).length;
  return Object.freeze({ done, begun, all: items.length });
}
