/**
 * The parts of a player's page: the head with his presence, what he is on a ladder, his matches, weak cards.
 */

import { kindWords, presenceWords, recordWords, streakWords, againstWords, whyNot, whyNots } from "../model/person.js";
import { challengePath, deckPath, leaderboardPath, matchPath, studyPath } from "../model/paths.js";
import { dateWords, rating } from "../model/words.js";
import { el, mark, write } from "./dom.js";
import { playerLink } from "./player-link.js";

/** @typedef {import("../model/person.js").Person} Person */
/** @typedef {import("../model/person.js").MatchRow} MatchRow */
/** @typedef {import("../wire/players.js").PlayerOnLadder} PlayerOnLadder */

/** A name, what its owner is, and whether he is here. */
export class PersonHead extends HTMLElement {
  #kind = el("p", { class: "kicker" });
  #name = el("h1", {});
  #dot = el("span", { class: "dot" });
  #here = el("span", {});
  #watch = el("a", {}, "Watch it");

  connectedCallback() {
    if (this.childElementCount > 0) return;
    const here = el("p", { class: "presence soft" }, this.#dot, this.#here, this.#watch);
    this.append(el("header", { class: "title" }, this.#kind, this.#name, here));
  }

  /** @param {Person} person */
  show(person) {
    const own = person.me === person.id;
    write(this.#kind, kindWords(person) || (own ? "You" : "Player"));
    write(this.#name, person.name);
    write(this.#here, presenceWords(person));
    mark(this.#dot, "data-here", person.practice || person.online);
    mark(this.#watch, "hidden", person.playing === null);
    mark(this.#watch, "href", person.playing === null ? null : matchPath(person.playing));
    write(this.#watch, own ? "Go to it" : "Watch it");
  }
}

/** Makes the ids of each button's parts its own. */
let made = 0;

/**
 * The button that challenges, with the reason where it cannot. Its room is kept, whatever it says.
 *
 * Fires `challenge`.
 */
export class ChallengeButton extends HTMLElement {
  #why = el("p", { class: "soft", id: `why-not-${(made += 1)}` });
  #button = el("button", { class: "button", type: "button", "data-kind": "main", "aria-describedby": this.#why.id });
  #room = el("div", { class: "room" }, this.#why);
  #link = el("a", {}, "Make a challenge link");

  connectedCallback() {
    if (this.childElementCount === 0) this.append(this.#button, el("div", {}, this.#room, this.#link));
    this.#button.addEventListener("click", this.#press);
  }

  disconnectedCallback() {
    this.#button.removeEventListener("click", this.#press);
  }

  /**
   * @param {Person} person
   * @param {string} deck
   */
  show(person, deck) {
    const why = whyNot(person);
    const unrated = person.bot && "Matches with a bot are unrated.";
    write(this.#button, person.practice ? "Practise" : "Challenge");
    write(this.#why, why || unrated || "");
    mark(this.#button, "aria-disabled", why === "" ? null : "true");
    if (this.#room.childElementCount === 1) this.#room.append(...whyNots(person).map(unseen));
    mark(this.#link, "hidden", person.practice);
    mark(this.#link, "data-off", why === "" || person.offered !== null);
    mark(this.#link, "href", challengePath(deck));
  }

  #press = () => {
    if (this.#button.getAttribute("aria-disabled") === null) this.dispatchEvent(new CustomEvent("challenge"));
  };
}

/** @param {string} text that takes its room, and is not to be read */
function unseen(text) {
  return el("p", { class: "unseen", "data-text": text });
}

/**
 * What a player is on one ladder, in numbers.
 * @param {PlayerOnLadder} ladder
 * @param {string} name
 * @param {boolean} [rateable] a bot never has a rating
 */
export function standing(ladder, name, rateable = true) {
  const rated = ladder.matches > 0;
  return [
    el("h2", { id: headingOf(ladder) }, el("a", { href: deckPath(ladder.deck) }, ladder.title)),
    rated
      ? el(
          "p",
          { class: "rating" },
          el("b", {}, rating(ladder.rating, ladder.provisional)),
          ladder.rank !== null &&
            el("a", { href: leaderboardPath(ladder.deck) }, `No. ${ladder.rank} on the board`),
        )
      : el("p", { class: "empty soft" }, noRating(name, rateable)),
    rated && ladder.provisional && el("p", { class: "note" }, "? provisional: fewer than ten rated matches"),
    rated && el("dl", { class: "measures" }, ...facts(ladder)),
    ladder.against !== undefined && el("p", { class: "against" }, againstWords(ladder.against, name)),
  ];
}

/** @param {PlayerOnLadder} ladder */
export function headingOf({ deck }) {
  return `ladder-${deck}`;
}

/**
 * @param {string} name
 * @param {boolean} rateable
 */
function noRating(name, rateable) {
  return rateable ? `No rating yet: ${name} has played no rated match here.` : "No rating: matches with a bot are unrated.";
}

/** @param {PlayerOnLadder} ladder */
function facts(ladder) {
  const { best_win: win } = ladder;
  const best =
    win === null
      ? "None yet"
      : el("a", { href: matchPath(win.match) }, `${win.name} (${win.rating})`);
  /** @type {readonly [string, string | number | HTMLElement][]} */
  const pairs = [
    ["Record", recordWords(ladder)],
    ["Streak", streakWords(ladder)],
    ["Peak", ladder.peak],
    ["Best win", best],
  ];
  return pairs.map(([term, value]) => el("div", {}, el("dt", {}, term), el("dd", {}, value)));
}

/**
 * Finished matches, the newest first.
 *
 * Fires `more`.
 */
export class MatchList extends HTMLElement {
  #list = el("ol", { class: "played", role: "list" });
  #empty = el("p", { class: "empty soft" });
  #more = el("button", { class: "button", type: "button" }, "More matches");
  #problem = el("p", { class: "problem", role: "status" });

  connectedCallback() {
    if (this.childElementCount === 0) {
      this.append(this.#empty, this.#list, this.#problem, this.#more);
    }
    this.#more.addEventListener("click", this.#press);
  }

  disconnectedCallback() {
    this.#more.removeEventListener("click", this.#press);
  }

  /**
   * @param {readonly MatchRow[]} rows all that are known
   * @param {{ more: boolean, problem: string, nothing: string }} state
   */
  show(rows, { more, problem, nothing }) {
    const had = this.#list.childElementCount;
    const held = document.activeElement === this.#more;
    this.#list.append(...rows.slice(had).map(played));
    write(this.#empty, rows.length === 0 ? nothing : "");
    mark(this.#empty, "hidden", rows.length > 0);
    mark(this.#list, "hidden", rows.length === 0);
    write(this.#problem, problem);
    mark(this.#problem, "hidden", problem === "");
    mark(this.#more, "hidden", !more);
    // Who pressed by key goes on at the first of the new ones.
    const first = this.#list.children[had]?.querySelector("a");
    if (held && had > 0 && first) first.focus();
  }

  #press = () => this.dispatchEvent(new CustomEvent("more"));
}

/** @param {MatchRow} row */
function played({ match, went, result, opponent, score, change, at_ms }) {
  return el(
    "li",
    { "data-went": went },
    el("a", { class: "went", href: matchPath(match) }, result),
    playerLink(opponent, { class: "who" }),
    el("span", { class: "score" }, score),
    el("span", { class: "change" }, change === "" ? "unrated" : change),
    el("time", { class: "when soft" }, at_ms === null ? "" : dateWords(at_ms)),
  );
}

/**
 * The weakest cards of a deck, with the way to learn exactly these.
 * @param {string} deck
 * @param {string} title
 * @param {readonly { readonly id: string, readonly prompt: string, readonly answer: string, readonly why: string }[]} cards
 */
export function weakCards(deck, title, cards) {
  const href = studyPath(deck, "learn", cards.map(({ id }) => id));
  return el(
    "section",
    { class: "weak sheet", "aria-label": `Weakest cards: ${title}` },
    el(
      "header",
      {},
      el("h2", {}, "Your weakest cards"),
      cards.length > 0 && el("a", { class: "button", href }, cards.length === 1 ? "Learn it" : `Learn these ${cards.length}`),
    ),
    cards.length === 0
      ? el("p", { class: "empty soft" }, "None. What you lose in a duel or miss while studying stands here.")
      : el(
          "ol",
          { role: "list" },
          ...cards.map(({ prompt, answer, why }) =>
            el("li", {}, el("b", {}, prompt), el("span", {}, answer), el("span", { class: "why soft" }, why)),
          ),
        ),
  );
}

customElements.define("deckduel-person-head", PersonHead);
customElements.define("deckduel-challenge-button", ChallengeButton);
customElements.define("deckduel-match-list", MatchList);
