/**
 * The end of a match: who won and why, what it did to both ratings, the rounds, where to go next.
 */

import { points } from "../model/words.js";
import { el, fill, mark, write } from "./dom.js";
import { seatMark } from "./marks.js";
import { playerLink } from "./player-link.js";
import { review } from "./review.js";
import { Share } from "./share.js";

/** @typedef {import("../wire/messages.js").Seat} Seat */

/**
 * @typedef {object} ResultSide
 * @property {import("./player-link.js").Linked} player
 * @property {boolean} you
 * @property {boolean} won
 * @property {number} total
 * @property {{ before: string, after: string, change: string, sum: string,
 *   parts: readonly (readonly [string, string])[] } | null} rating `parts`: what the sum is made of
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
 * @property {{ label: string, href: string }} again
 * @property {{ label: string, href: string } | null} study the way to what was missed; null for nothing
 * @property {string} headline what those read whom the address is sent to
 */

export class Result extends HTMLElement {
  #deck = el("a");
  #title = el("h1", { tabindex: -1 });
  #why = el("p", { class: "why" });
  #note = el("p", { class: "soft" });
  #again = el("a", { class: "button", "data-kind": "main", "data-size": "large" });
  #back = el("a", { class: "button", "data-size": "large" }, "Back to the deck");
  #share = new Share();
  #offer = el("div", { class: "offer", hidden: true });
  // Made once: when the explanations come, the keyboard may be on one of its buttons.
  #head = el(
    "header",
    { class: "verdict-head" },
    el("p", { class: "kicker" }, this.#deck),
    this.#title,
    this.#why,
    this.#note,
    this.#offer,
    el("div", { class: "actions" }, this.#again, this.#back, this.#share),
  );
  #rest = el("div", { class: "rest" });

  connectedCallback() {
    if (this.childElementCount === 0) this.append(this.#head, this.#rest);
  }

  /** @param {ResultView} view */
  show({ title, reason, note, sides, order, rounds, deck, again, study, headline }) {
    write(this.#deck, deck.title);
    write(this.#title, title);
    write(this.#why, reason);
    write(this.#note, note);
    write(this.#again, again.label);
    mark(this.#deck, "href", deck.href);
    mark(this.#note, "hidden", note === "");
    mark(this.#again, "href", again.href);
    mark(this.#back, "href", deck.href);
    this.#share.show(headline, document.querySelector('meta[property="og:url"]')?.getAttribute("content") ?? location.href);
    fill(
      this.#rest,
      el(
        "section",
        { class: "gains", "aria-label": "Score and ratings" },
        ...order.map((seat) => gain(seat, sides[seat])),
      ),
      rounds.length > 0 && review(rounds, [sides[0].player.name, sides[1].player.name], order, study),
    );
  }

  /**
   * Places the way to the next match against the same player, which is the main action then.
   * @param {HTMLElement} offer
   */
  offer(offer) {
    fill(this.#offer, offer);
    mark(this.#offer, "hidden", false);
    mark(this.#again, "data-kind", false);
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
function gain(seat, { player, you, won, total, rating }) {
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
      el("span", {}, playerLink(player), you && el("span", { class: "soft" }, " (you)")),
    ),
    el("p", { class: "total" }, points(total), el("span", { class: "visually-hidden" }, " points")),
    rating !== null && el("p", { class: "rating" }, "Elo ", ...line),
    rating !== null && el("p", { class: "sum" }, rating.sum),
    rating !== null && worked(rating.parts),
  );
}

/**
 * What the sum is made of, each number with its name.
 * @param {readonly (readonly [string, string])[]} parts
 */
function worked(parts) {
  return el(
    "details",
    { class: "worked" },
    el("summary", {}, "How it is worked out"),
    el("dl", {}, ...parts.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)])),
  );
}

customElements.define("deckduel-result", Result);
