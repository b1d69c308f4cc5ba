/**
 * A deck's best times at Match, or the words for none.
 */

import { NO_TIMES, time } from "../model/tiles/words.js";
import { el, fill } from "./dom.js";

/** @typedef {import("../wire/study.js").BestTime} BestTime */

export class TilesTimes extends HTMLElement {
  #title = el("h2", { id: "times-title", tabindex: -1 }, "Best times");
  #list = el("div", {});

  connectedCallback() {
    if (this.childElementCount > 0) return;
    const sheet = { class: "ladder sheet best-times", "aria-labelledby": "times-title" };
    this.append(el("section", sheet, this.#title, this.#list));
  }

  /**
   * @param {readonly BestTime[]} top
   * @param {string | null} me the signed-in player
   */
  show(top, me) {
    fill(this.#list, top.length === 0 ? empty() : table(top, me));
  }

  /** Gives the list the keyboard. */
  enter() {
    this.#title.focus();
  }
}

function empty() {
  return el(
    "div",
    { class: "empty" },
    el("b", {}, NO_TIMES.title),
    el("p", { class: "soft" }, NO_TIMES.text),
  );
}

/**
 * @param {readonly BestTime[]} top
 * @param {string | null} me
 */
function table(top, me) {
  const heads = ["Rank", "Player", "Time"].map((text) => el("th", { scope: "col" }, text));
  const columns = ["rank", "who", "time"].map((name) => el("col", { class: name }));
  const rows = top.map((row) => line(row, row.player === me));
  return el(
    "table",
    {},
    el("colgroup", {}, ...columns),
    el("thead", { class: "visually-hidden" }, el("tr", {}, ...heads)),
    el("tbody", {}, ...rows),
  );
}

/**
 * @param {BestTime} row
 * @param {boolean} me
 */
function line({ rank, name, time_ms }, me) {
  const you = me && el("span", { class: "soft" }, " (you)");
  return el(
    "tr",
    { "data-me": me },
    el("td", { class: "rank" }, rank),
    el("th", { class: "who", scope: "row", title: name }, name, you),
    el("td", { class: "time" }, time(time_ms)),
  );
}

customElements.define("deckduel-tiles-times", TilesTimes);
