/**
 * The Top 10 of a deck, or the words for an empty one.
 */

import { signed } from "../model/words.js";
import { el, fill } from "./dom.js";

/** @typedef {import("../wire/messages.js").LadderRow} LadderRow */

export class Ladder extends HTMLElement {
  /**
   * @param {readonly LadderRow[]} rows
   * @param {string | null} me the signed-in player
   * @param {ReadonlySet<string>} [changed] players whose row has just changed
   */
  show(rows, me, changed = new Set()) {
    const provisional = rows.some((row) => row.provisional);
    fill(
      this,
      el(
        "section",
        { class: "ladder sheet", "aria-labelledby": "ladder-title" },
        el("h2", { id: "ladder-title" }, "Top 10 Elo"),
        rows.length === 0 ? empty() : table(rows, me, changed),
        provisional && el("p", { class: "note" }, "? provisional: fewer than ten rated matches"),
      ),
    );
  }
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
 * @param {string | null} me
 * @param {ReadonlySet<string>} changed
 */
function table(rows, me, changed) {
  const heads = ["Rank", "Player", "Rating", "Last change"].map((text) =>
    el("th", { scope: "col" }, text),
  );
  return el(
    "table",
    {},
    el("colgroup", {}, ...["rank", "who", "rating", "change"].map((name) => el("col", { class: name }))),
    el("thead", { class: "visually-hidden" }, el("tr", {}, ...heads)),
    el("tbody", {}, ...rows.map((row) => line(row, row.player === me, changed.has(row.player)))),
  );
}

/**
 * @param {LadderRow} row
 * @param {boolean} me
 * @param {boolean} changed
 */
function line(row, me, changed) {
  const doubt = row.provisional && el("abbr", { title: "provisional" }, "?");
  return el(
    "tr",
    { "data-me": me, "data-changed": changed },
    el("td", { class: "rank" }, row.rank),
    el(
      "th",
      { class: "who", scope: "row", title: row.name },
      row.name,
      me && el("span", { class: "soft" }, " (you)"),
    ),
    el("td", { class: "rating" }, row.rating, el("span", {}, doubt)),
    el("td", { class: "change" }, signed(row.change)),
  );
}

customElements.define("deckduel-ladder", Ladder);
