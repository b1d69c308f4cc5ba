/** The Top 10 of a deck as it stands, who stands around oneself, and which rows the last message moved. */

/** @typedef {import("../wire/messages.js").LadderRow} LadderRow */
/** @typedef {import("../wire/messages.js").Ladder} LadderMessage */

/**
 * @typedef {object} LadderState
 * @property {string} deck
 * @property {readonly LadderRow[]} rows
 * @property {readonly LadderRow[]} around oneself with those above and below, or nobody
 * @property {readonly string[]} moved players whose rows the last message changed, in their order
 */
/** @typedef {Readonly<LadderState>} LadderView */

/**
 * @param {string} deck
 * @param {readonly LadderRow[]} top as the page's own data says
 * @param {readonly LadderRow[]} [around]
 * @returns {LadderView}
 */
export function ladder(deck, top, around = []) {
  return Object.freeze({
    deck,
    rows: Object.freeze([...top]),
    around: Object.freeze([...around]),
    moved: Object.freeze([]),
  });
}

/**
 * @param {LadderView} before
 * @param {import("../wire/messages.js").ServerMessage | { readonly type: "around_loaded", readonly rows: readonly LadderRow[] }} message
 * @returns {LadderView} the same object when no row changed
 */
export function next(before, message) {
  if (message.type === "around_loaded") {
    const { rows } = message;
    const same = rows.length === before.around.length && rows.every((row) => stands(before.around, row));
    return same ? before : Object.freeze({ ...before, around: Object.freeze([...rows]), moved: Object.freeze([]) });
  }
  if (message.type !== "ladder" || message.deck !== before.deck) return before;
  const rows = Object.freeze([...message.top]);
  const moved = rows.filter((row) => !stands(before.rows, row)).map(({ player }) => player);
  const gone = before.rows.length > rows.length;
  const reordered = rows.some((row, at) => row.player !== before.rows[at]?.player);
  if (moved.length === 0 && !gone && !reordered) return before;
  return Object.freeze({ ...before, rows, moved: Object.freeze(moved) });
}

/**
 * Those around oneself who are not in the Top 10; nobody where one is there oneself.
 * @param {LadderView} ladder
 * @param {string | null} me
 * @returns {readonly LadderRow[]}
 */
export function below({ rows, around }, me) {
  const top = new Set(rows.map(({ player }) => player));
  return me === null || top.has(me) ? [] : around.filter(({ player }) => !top.has(player));
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

/**
 * Who of a board is here, and whom one can challenge from it.
 * @param {readonly string[]} online who was here when the board was fetched
 * @param {import("./lobby.js").LobbyView | null} lobby who is here now, or the best of them; null before it is heard
 * @param {string | null} me
 * @returns {{ readonly online: ReadonlySet<string>, readonly free: ReadonlySet<string>, readonly whole: boolean }}
 *   `whole`: the lobby tells of all who are here
 */
export function company(online, lobby, me) {
  const players = lobby?.players ?? [];
  const whole = lobby !== null && lobby.online === players.length;
  const ids = players.map(({ id }) => id);
  const free = players.filter(({ id, playing, bot }) => me !== null && id !== me && playing === null && !bot);
  return Object.freeze({
    online: new Set(whole ? ids : [...online, ...ids]),
    free: new Set(free.map(({ id }) => id)),
    whole,
  });
}

/**
 * Whether two sets hold the same.
 * @param {ReadonlySet<string>} one
 * @param {ReadonlySet<string>} two
 */
export function sameSet(one, two) {
  return one.size === two.size && [...one].every((player) => two.has(player));
}
