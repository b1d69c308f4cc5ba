/** The Top 10 of a deck as it stands, and which of its rows the last message moved. */

/** @typedef {import("../wire/messages.js").LadderRow} LadderRow */
/** @typedef {import("../wire/messages.js").Ladder} LadderMessage */

/**
 * What the last message did to a player's row; `from_rank` is null for one that is new here.
 * @typedef {{ readonly player: string, readonly from_rank: number | null, readonly to_rank: number,
 *   readonly gain: number | null }} Moved
 */
/**
 * @typedef {object} LadderState
 * @property {string} deck
 * @property {readonly LadderRow[]} rows
 * @property {readonly Moved[]} moved rows changed by the last message, in the order of the rows
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
  const moved = rows.flatMap((row) => movedRow(before.rows, row));
  const gone = before.rows.length > rows.length;
  const reordered = rows.some((row, at) => row.player !== before.rows[at]?.player);
  if (moved.length === 0 && !gone && !reordered) return before;
  return Object.freeze({ deck: before.deck, rows, moved: Object.freeze(moved) });
}

/**
 * @param {readonly LadderRow[]} rows
 * @param {LadderRow} row
 * @returns {Moved[]} none or one
 */
function movedRow(rows, row) {
  const was = rows.find(({ player }) => player === row.player);
  if (was !== undefined && sameRow(was, row)) return [];
  const from_rank = was?.rank ?? null;
  const gain = was === undefined ? null : row.rating - was.rating;
  return [Object.freeze({ player: row.player, from_rank, to_rank: row.rank, gain })];
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
