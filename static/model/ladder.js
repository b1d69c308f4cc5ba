/** The Top 10 of a deck as it stands, and which of its rows the last message moved. */

/** @typedef {import("../wire/messages.js").LadderRow} LadderRow */
/** @typedef {import("../wire/messages.js").Ladder} LadderMessage */

/**
 * @typedef {object} LadderState
 * @property {string} deck
 * @property {readonly LadderRow[]} rows
 * @property {readonly string[]} moved players whose rows the last message changed, in their order
 */
/** @typedef {Readonly<LadderState>} LadderView */

/**
 * @param {string} deck
 * @param {readonly LadderRow[]} top as the page's own data says
 * @returns {LadderView}
 */
export function ladder(deck, top) {
  return Object.freeze({ deck, rows: Object.freeze([...top]), moved: Object.freeze([]) });
}

/**
 * @param {LadderView} before
 * @param {import("../wire/messages.js").ServerMessage} message
 * @returns {LadderView} the same object when no row changed
 */
export function next(before, message) {
  if (message.type !== "ladder" || message.deck !== before.deck) return before;
  const rows = Object.freeze([...message.top]);
  const moved = rows.filter((row) => !stands(before.rows, row)).map(({ player }) => player);
  const gone = before.rows.length > rows.length;
  const reordered = rows.some((row, at) => row.player !== before.rows[at]?.player);
  if (moved.length === 0 && !gone && !reordered) return before;
  return Object.freeze({ deck: before.deck, rows, moved: Object.freeze(moved) });
}

/**
 * Whether a row was there before, just as it is now.
 * @param {readonly LadderRow[]} rows
 * @param {LadderRow} row
 */
function stands(rows, row) {
  const was = rows.find(({ player }) => player === row.player);
  return was !== undefined && sameRow(was, row);
}

/**
 * @param {LadderRow} a
 * @param {LadderRow} b
 */
function sameRow(a, b) {
  return (
    a.rank === b.rank &&
    a.rating === b.rating &&
    a.matches === b.matches &&
    a.provisional === b.provisional &&
    a.change === b.change &&
    a.name === b.name
  );
}
