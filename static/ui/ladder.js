/**
 * A deck's board: the Top 10 with those around oneself, or rows of the whole board.
 *
 * A press on "Challenge" in a row fires `challenge` (detail: the player), which bubbles.
 */

import { leaderboardPath, playerPath } from "../model/paths.js";
import { signed } from "../model/words.js";
import { el, fill } from "./dom.js";

/** @typedef {import("../wire/messages.js").LadderRow} LadderRow */
/**
 * @typedef {object} BoardMarks
 * @property {string | null} me the signed-in player
 * @property {ReadonlySet<string>} [changed] players whose row has just changed
 * @property {ReadonlySet<string>} [online] players who are here
 * @property {ReadonlySet<string>} [free] players whom one can challenge now
 * @property {string} [heading] of the last column, where the headings are to be seen
 */

export class Ladder extends HTMLElement {
  /**
   * @param {string} deck
   * @param {readonly LadderRow[]} rows
   * @param {readonly LadderRow[]} around those next to oneself, who stands below
   * @param {BoardMarks} marks
   */
  show(deck, rows, around, marks) {
    const provisional = [...rows, ...around].some((row) => row.provisional);
    // A keyboard that stands on a name goes on standing there.
    const held = heldIn(this);
    fill(
      this,
      el(
        "section",
        { class: "ladder sheet", "aria-labelledby": "ladder-title" },
        el("h2", { id: "ladder-title" }, "Top 10 Elo"),
        rows.length === 0 ? empty() : table(rows, marks, around),
        rows.length > 0 &&
          el(
            "p",
            { class: "note" },
            el("a", { href: leaderboardPath(deck) }, "Whole board"),
            provisional && el("span", {}, "? provisional: fewer than ten rated matches"),
          ),
      ),
    );
    focusOn(this, held);
  }
}

/** @typedef {{ readonly player: string, readonly part: string }} Held */

/**
 * Whose name in a board the keyboard is on, or the button beside it, before the board is drawn anew.
 * @param {Element} board
 * @returns {Held | null}
 */
export function heldIn(board) {
  const held = document.activeElement;
  const row = held?.closest("[data-player]");
  const player = row && board.contains(row) ? row.getAttribute("data-player") : null;
  return player === null ? null : { player, part: held?.localName ?? "a" };
}

/**
 * Puts the keyboard back where it was, or on the name where the button is gone.
 * @param {Element} board
 * @param {Held | null} held
 */
export function focusOn(board, held) {
  if (held === null) return;
  const row = board.querySelector(`[data-player="${CSS.escape(held.player)}"]`);
  const part = row?.querySelector(held.part) ?? row?.querySelector("a");
  if (part instanceof HTMLElement) part.focus();
}

function empty() {
  return el(
    "div",
    { class: "empty" },
    el("b", {}, "No ratings yet"),
    el("p", { class: "soft" }, "Play a challenge match to create ratings."),
  );
}

/**
 * @param {readonly LadderRow[]} rows
 * @param {BoardMarks} marks
 * @param {readonly LadderRow[]} [around]
 */
export function table(rows, marks, around = []) {
  const { heading } = marks;
  const heads = ["Rank", "Player", "Rating", heading ?? "Last change"].map((text) =>
    el("th", { scope: "col" }, text),
  );
  const line = (/** @type {LadderRow} */ row) => rowOf(row, marks);
  const beside = el("th", { class: "beside", colspan: 4, scope: "rowgroup" }, "Around you");
  return el(
    "table",
    {},
    el("colgroup", {}, ...["rank", "who", "rating", "change"].map((name) => el("col", { class: name }))),
    el("thead", { class: heading === undefined && "visually-hidden" }, el("tr", {}, ...heads)),
    el("tbody", {}, ...rows.map(line)),
    around.length > 0 && el("tbody", {}, el("tr", {}, beside), ...around.map(line)),
  );
}

/**
 * @param {LadderRow} row
 * @param {BoardMarks} marks
 */
function rowOf(row, { me, changed, online, free }) {
  const own = row.player === me;
  const doubt = row.provisional && el("abbr", { title: "provisional" }, "?");
  return el(
    "tr",
    { "data-me": own, "data-changed": changed?.has(row.player) ?? false, "data-player": row.player },
    el("td", { class: "rank" }, row.rank),
    el(
      "th",
      { class: "who", scope: "row", title: row.name },
      el("a", { href: playerPath(row.player) }, row.name),
      own && el("span", { class: "soft" }, " (you)"),
      online?.has(row.player) && here(),
      free?.has(row.player) && ask(row),
    ),
    el("td", { class: "rating" }, row.rating, el("span", {}, doubt)),
    el("td", { class: "change" }, signed(row.change)),
  );
}

function here() {
  const said = el("span", { class: "visually-hidden" }, ", here now");
  return el("span", { class: "dot", "data-here": true, title: "Here now" }, said);
}

/** @param {LadderRow} row */
function ask({ player, name }) {
  const button = el("button", { class: "ask", type: "button", "aria-label": `Challenge ${name}` }, "Challenge");
  button.addEventListener("click", () => {
    button.dispatchEvent(new CustomEvent("challenge", { detail: player, bubbles: true }));
  });
  return button;
}

customElements.define("deckduel-ladder", Ladder);
