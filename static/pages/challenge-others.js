/**
 * The side of the challenge page with somebody to play at once: practice opponents, and who is online.
 */

import { offerOf, stateWords } from "../model/challenge.js";
import { lobby as newLobby, next } from "../model/lobby.js";
import { isAsking, offeredTo, problemOf } from "../model/offers.js";
import { refusal } from "../model/words.js";
import { detail, el, write } from "../ui/dom.js";
import { Online } from "../ui/lobby.js";
import { Practice } from "../ui/practice.js";

/** @typedef {import("../model/challenge.js").Terms} Terms */
/** @typedef {import("../ui/practice.js").PracticeOpponent} PracticeOpponent */
/** @typedef {import("./offering.js").Offering} Offering */

/** Fires `terms` (detail: what was changed). */
export class Others extends EventTarget {
  #practice = new Practice();
  #online = new Online();
  #line = el("p", { class: "online-line", role: "status" });
  #deck;
  #opponents;
  #usual;
  #offering;
  #lobby;
  #terms;
  /** @type {string | null} whom among those online the last challenge was to */
  #asked = null;

  /**
   * @param {string} deck
   * @param {readonly PracticeOpponent[]} opponents
   * @param {Terms} usual
   * @param {Offering} offering
   */
  constructor(deck, opponents, usual, offering) {
    super();
    this.#deck = deck;
    this.#opponents = opponents;
    this.#usual = usual;
    this.#terms = usual;
    this.#offering = offering;
    this.#lobby = newLobby(deck);
  }

  /** The elements, to be put onto the page once. */
  make() {
    this.#practice.addEventListener("play", (event) => this.play(detail(event)));
    this.#practice.addEventListener("terms", (event) => {
      this.dispatchEvent(new CustomEvent("terms", { detail: detail(event) }));
    });
    this.#online.addEventListener("challenge", (event) => {
      this.#asked = detail(event);
      this.#offer(detail(event), this.#terms);
    });
    const { socket } = this.#offering;
    socket.addEventListener("state", (event) => {
      if (detail(event) === "open") socket.send({ type: "watch_lobby", deck: this.#deck });
    });
    socket.addEventListener("message", (event) => this.#hear(detail(event)));
    return [
      this.#practice,
      el(
        "section",
        { class: "stack", "aria-labelledby": "online-title" },
        el("h2", { id: "online-title" }, "Who is online"),
        this.#line,
        this.#online,
      ),
    ];
  }

  /**
   * Challenge a practice opponent.
   * @param {string} opponent
   */
  play(opponent) {
    this.#offer(opponent, { ...this.#terms, rated: false });
  }

  /** @param {Terms} terms of the next challenge */
  show(terms) {
    this.#terms = terms;
    const asked = this.#opponents.find(({ id }) => this.#waits(id));
    const unwilling = this.#opponents.find(({ id }) => this.#refusal(id) !== "");
    this.#practice.show({
      opponents: this.#opponents,
      terms,
      asked: asked?.id ?? null,
      problem: unwilling === undefined ? null : { id: unwilling.id, text: this.#refusal(unwilling.id) },
    });
    write(this.#line, this.#onlineSaid());
    this.#showOnline();
  }

  /** @param {import("../wire/messages.js").ServerMessage} message */
  #hear(message) {
    const before = this.#lobby;
    this.#lobby = next(before, message);
    if (this.#lobby !== before) this.#showOnline();
  }

  #showOnline() {
    const { players, online } = this.#lobby;
    this.#online.show(players, this.#offering.offers.me?.id ?? null, online);
  }

  /**
   * @param {string} to
   * @param {Terms} terms
   */
  #offer(to, terms) {
    this.#offering.wish(to, offerOf(this.#deck, to, terms, this.#usual));
  }

  /** @param {string} id */
  #last(id) {
    return offeredTo(this.#offering.offers, this.#deck, id)?.view ?? null;
  }

  /** @param {string} id */
  #waits(id) {
    return isAsking(this.#offering.offers, id) || this.#last(id)?.state === "open";
  }

  /**
   * Why somebody does not play, or nothing.
   * @param {string} id
   */
  #refusal(id) {
    const problem = problemOf(this.#offering.offers, id);
    if (problem !== null) return refusal(problem);
    const last = this.#last(id);
    const over = last?.state === "declined" || last?.state === "expired";
    return over && last !== null ? stateWords(last, this.#offering.offers.me) : "";
  }

  /** Why a challenge to somebody online was not made; how one stands that was, the notice says. */
  #onlineSaid() {
    const problem = this.#asked && problemOf(this.#offering.offers, this.#asked);
    return problem ? refusal(problem) : "";
  }
}
