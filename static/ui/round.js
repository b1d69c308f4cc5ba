/**
 * A live round: score, clock, question, choices and one line below, each in its own place for good.
 *
 * Fires `choose` (detail: the index), `spoken` (detail: the seconds left) and `resign`.
 */

import { Choices } from "./choices.js";
import { Clock } from "./clock.js";
import { el, mark, write } from "./dom.js";
import { Keys } from "./keys.js";
import { Scoreboard } from "./scoreboard.js";
import { Seconds } from "./seconds.js";

/**
 * @typedef {object} RoundView
 * @property {number} round
 * @property {number} rounds
 * @property {string} prompt
 * @property {number | null} ends_at null while revealing
 * @property {number} limit_ms
 * @property {number | null} held_at the instant at which time stands still
 * @property {import("./choices.js").ChoicesView} choices
 * @property {readonly [import("./scoreboard.js").SeatLine, import("./scoreboard.js").SeatLine]} seats
 * @property {readonly [import("../wire/messages.js").Seat, import("../wire/messages.js").Seat]} order
 * @property {string} status
 * @property {number | null} next_at the instant of the next round, shown after the status
 * @property {boolean} can_resign
 * @property {string} watching how many watch, in words
 * @property {{ label: string, href: string } | null} leave for one who only watches: the way back
 */

/** @type {readonly import("./keys.js").Key[]} */
const PLAYING = Object.freeze([
  { keys: ["1", "2", "3", "4"], does: "Answer" },
  { keys: ["a", "b", "c", "d"], does: "Answer" },
  { keys: ["ArrowUp", "ArrowDown"], does: "Go through the choices" },
  { keys: ["Enter"], does: "Answer with the one you are on" },
]);
/** @type {readonly import("./keys.js").Key[]} */
const WATCHING = Object.freeze([{ keys: ["Tab", "Enter"], does: "Go back to the deck" }]);

export class Round extends HTMLElement {
  #board = new Scoreboard();
  #clock = new Clock();
  #number = el("span");
  #prompt = el("h1", { class: "prompt" });
  #question = el("section", { class: "question sheet" });
  #choices = new Choices();
  #status = el("span");
  #next = new Seconds();
  #resign = el("button", { class: "button", "data-kind": "quiet", type: "button" }, "Resign");
  #leave = el("a", { class: "button", "data-kind": "quiet" });
  #watching = el("span");
  #keys = new Keys();
  #shown = 0;

  connectedCallback() {
    if (this.childElementCount === 0) {
      this.#question.append(el("p", { class: "kicker" }, this.#number, this.#watching), this.#prompt);
      const status = el("p", { class: "status" }, el("span", {}, this.#status, " ", this.#next));
      this.#next.className = "number";
      this.#next.dataset.unit = "\u202fs";
      this.append(
        el("div", { class: "top" }, this.#board, this.#clock),
        this.#question,
        this.#choices,
        el("div", { class: "below" }, status, this.#keys, this.#resign, this.#leave),
      );
    }
    this.#choices.addEventListener("choose", this.#pass);
    this.#clock.addEventListener("spoken", this.#pass);
    this.#resign.addEventListener("click", this.#gaveUp);
    document.addEventListener("keydown", this.#key);
  }

  disconnectedCallback() {
    this.#choices.removeEventListener("choose", this.#pass);
    this.#clock.removeEventListener("spoken", this.#pass);
    this.#resign.removeEventListener("click", this.#gaveUp);
    document.removeEventListener("keydown", this.#key);
  }

  /** @param {RoundView} view */
  show({
    round,
    rounds,
    prompt,
    ends_at,
    limit_ms,
    held_at,
    choices,
    seats,
    order,
    status,
    next_at,
    can_resign,
    watching,
    leave,
  }) {
    this.#board.show(seats, order, held_at);
    write(this.#number, `Round ${round} of ${rounds}`);
    write(this.#prompt, prompt);
    if (ends_at === null) this.#clock.rest();
    else this.#clock.run(ends_at, limit_ms, held_at);
    this.#choices.show(choices);
    write(this.#status, status);
    this.#next.until(next_at, held_at);
    mark(this.#resign, "data-off", !can_resign);
    this.#resign.disabled = !can_resign;
    this.#resign.hidden = leave !== null;
    this.#leave.hidden = leave === null;
    this.#keys.listen(leave === null ? PLAYING : WATCHING);
    mark(this.#leave, "href", leave?.href);
    write(this.#leave, leave?.label ?? "");
    write(this.#watching, watching);
    if (round === this.#shown) return;
    this.#shown = round;
    this.#deal();
  }

  /** A new question comes in from above, and the keyboard goes before its choices. */
  #deal() {
    mark(this.#question, "data-dealt", false);
    requestAnimationFrame(() => mark(this.#question, "data-dealt", true));
    if (document.querySelector("dialog[open]") === null) this.#choices.enter();
  }

  /** @param {Event} event */
  #pass = (event) => {
    const { type, detail } = /** @type {CustomEvent<number>} */ (event);
    this.dispatchEvent(new CustomEvent(type, { detail }));
  };

  #gaveUp = () => this.dispatchEvent(new CustomEvent("resign"));

  /** @param {KeyboardEvent} event */
  #key = (event) => {
    if (event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.querySelector("dialog[open]") !== null) return;
    const at = ["1", "2", "3", "4"].indexOf(event.key);
    const index = at >= 0 ? at : ["a", "b", "c", "d"].indexOf(event.key.toLowerCase());
    if (index < 0) return;
    event.preventDefault();
    this.dispatchEvent(new CustomEvent("choose", { detail: index }));
  };
}

customElements.define("deckduel-round", Round);
