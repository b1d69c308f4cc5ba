/**
 * The end of a match: who won and why, what it did to both ratings, the rounds, where to go next.
 */

import { points } from "../model/words.js";
import { el, fill } from "./dom.js";
import { seatMark } from "./marks.js";
import { review } from "./review.js";

/** @typedef {import("../wire/messages.js").Seat} Seat */

/**
 * @typedef {object} ResultSide
 * @property {string} name
 * @property {boolean} you
 * @property {boolean} won
 * @property {number} total
 * @property {{ before: string, after: string, change: string, sum: string } | null} rating
 */
/**
 * @typedef {object} ResultView
 * @property {string} title
 * @property {string} reason
 * @property {string} note why no rating moved, or less of it
 * @property {readonly [ResultSide, ResultSide]} sides by seat
 * @property {readonly [Seat, Seat]} order
 * @property {readonly import("./review.js").ReviewedRound[]} rounds
 * @property {{ title: string, href: string }} deck
 * @property {{ label: string, href: string } | null} again
 */

export class Result extends HTMLElement {
  #title = el("h1", { tabindex: -1 });

  /** @param {ResultView} view */
  show({ title, reason, note, sides, order, rounds, deck, again }) {
    const focused = document.activeElement === this.#title;
    fill(this.#title, title);
    fill(
      this,
      el(
        "header",
        { class: "verdict-head" },
        el("p", { class: "kicker" }, el("a", { href: deck.href }, deck.title)),
        this.#title,
        el("p", { class: "why" }, reason),
        note !== "" && el("p", { class: "soft" }, note),
        el(
          "p",
          { class: "actions" },
          again &&
            el(
              "a",
              { class: "button", "data-kind": "main", "data-size": "large", href: again.href },
              again.label,
            ),
          el("a", { class: "button", "data-size": "large", href: deck.href }, "Back to the deck"),
        ),
      ),
      el(
        "section",
        { class: "gains", "aria-label": "Score and ratings" },
        ...order.map((seat) => gain(seat, sides[seat])),
      ),
      rounds.length > 0 && review(rounds, [sides[0].name, sides[1].name], order),
    );
    if (focused) this.#title.focus();
  }

  /** Puts the keyboard, and whoever listens, at the result. */
  enter() {
    this.#title.focus({ preventScroll: true });
  }
}

/**
 * @param {Seat} seat
 * @param {ResultSide} side
 */
function gain(seat, { name, you, won, total, rating }) {
  const line =
    rating === null
      ? []
      : [
          `${rating.before} → `,
          el("b", {}, rating.after),
          el("span", { class: "change" }, rating.change),
        ];
  return el(
    "section",
    { class: "gain", "data-seat": seat, "data-won": won },
    el("p", { class: "won" }, won && "Winner"),
    el(
      "h2",
      { class: "name" },
      seatMark(seat),
      el("span", {}, name, you && el("span", { class: "soft" }, " (you)")),
    ),
    el("p", { class: "total" }, points(total), el("span", { class: "visually-hidden" }, " points")),
    rating !== null && el("p", { class: "rating" }, "Elo ", ...line),
    rating !== null && el("p", { class: "sum" }, rating.sum),
  );
}

customElements.define("deckduel-result", Result);
