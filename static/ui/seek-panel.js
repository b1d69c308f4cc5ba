/**
 * The card on which an opponent is found: the name, the button, the wait.
 *
 * Fires `name` (detail: the text), `seek` and `cancel`.
 */

import { canSeek } from "../model/seek.js";
import { nameError, refusal as refusalWords } from "../model/words.js";
import { el, fill, say, write } from "./dom.js";
import { NameForm } from "./name-form.js";
import { Seconds } from "./seconds.js";

/** @typedef {import("../model/seek.js").SeekView} SeekView */
/** @typedef {"name" | "ready" | "waiting" | "cooling" | "busy" | "found" | "gone"} Face */

/** @type {Record<SeekView["phase"], Face>} */
const FACES = {
  idle: "ready",
  name: "name",
  naming: "name",
  asking: "waiting",
  seeking: "waiting",
  elsewhere: "waiting",
  cancelling: "waiting",
  cancelled: "ready",
  cooling: "cooling",
  busy: "busy",
  paired: "found",
  unknown_deck: "gone",
};

export class SeekPanel extends HTMLElement {
  #card = el("section", { class: "seek sheet", "aria-label": "Find an opponent" });
  #form = new NameForm();
  #elapsed = new Seconds();
  #lead = el("h2", { class: "lead", tabindex: -1 });
  #line = el("p", { class: "soft", role: "status" });
  #problem = el("p", { class: "problem" });
  #seek = el(
    "button",
    { class: "button", type: "button", "data-kind": "main", "data-size": "large" },
    "Find an opponent",
  );
  #cancel = el("button", { class: "button", type: "button" }, "Cancel");
  /** @type {Face | null} */
  #face = null;
  /** @type {SeekView | null} */
  #shown = null;

  connectedCallback() {
    this.append(this.#card);
    this.#seek.addEventListener("click", this.#sought);
    this.#cancel.addEventListener("click", this.#cancelled);
    this.#form.addEventListener("name", this.#named);
    this.#elapsed.addEventListener("second", this.#cooled);
  }

  disconnectedCallback() {
    this.#seek.removeEventListener("click", this.#sought);
    this.#cancel.removeEventListener("click", this.#cancelled);
    this.#form.removeEventListener("name", this.#named);
    this.#elapsed.removeEventListener("second", this.#cooled);
    this.#card.remove();
  }

  /** @param {SeekView} seek */
  show(seek) {
    const face = faceOf(seek, performance.now());
    const turned = face !== this.#face;
    const first = this.#face === null;
    this.#face = face;
    this.#shown = seek;
    write(this.#lead, lead(face, seek));
    write(this.#line, line(face, seek));
    write(this.#problem, problem(face, seek));
    if (face === "name") {
      const wrong = seek.name_error && nameError(seek.name_error);
      this.#form.show({ problem: wrong, busy: seek.phase === "naming", action: "Find an opponent" });
    }
    if (face === "waiting" && seek.since_at !== null) this.#elapsed.since(seek.since_at);
    else if (face === "waiting") this.#elapsed.until(null);
    this.#elapsed.dataset.unit = "\u202fs";
    if (face === "cooling") this.#elapsed.until(seek.retry_at);
    if (turned) this.#turn(face, first);
  }

  /**
   * Another face of the card; the keyboard follows, save at the first sight of the page.
   * @param {Face} face
   * @param {boolean} first
   */
  #turn(face, first) {
    this.#elapsed.className = "elapsed";
    this.dataset.face = face;
    const parts = {
      name: [this.#lead, this.#form],
      ready: [this.#lead, this.#line, this.#seek, this.#problem],
      waiting: [
        this.#lead,
        el("div", { class: "searching" }),
        this.#elapsed,
        this.#line,
        this.#cancel,
        this.#problem,
      ],
      cooling: [this.#lead, this.#line, this.#elapsed, this.#seek],
      busy: [this.#lead, this.#line],
      found: [this.#lead, this.#line],
      gone: [this.#lead],
    };
    this.#seek.disabled = face === "cooling";
    const focused = document.activeElement;
    const elsewhere = focused !== null && focused !== document.body && !this.contains(focused);
    fill(this.#card, ...parts[face]);
    if (first) return;
    say(this.#lead.textContent ?? "");
    // Who is busy with another part of the page is not taken away from it.
    if (elsewhere) return;
    const focus = {
      name: null,
      ready: this.#seek,
      waiting: this.#cancel,
      cooling: this.#lead,
      busy: this.#lead,
      found: this.#lead,
      gone: this.#lead,
    };
    if (face === "name") this.#form.enter();
    else focus[face]?.focus();
  }

  #sought = () => this.dispatchEvent(new CustomEvent("seek"));

  #cancelled = () => this.dispatchEvent(new CustomEvent("cancel"));

  /** @param {Event} event */
  #named = (event) => {
    const { detail } = /** @type {CustomEvent<string>} */ (event);
    this.dispatchEvent(new CustomEvent("name", { detail }));
  };

  /** @param {Event} event */
  #cooled = (event) => {
    const over = /** @type {CustomEvent<number>} */ (event).detail === 0;
    if (over && this.#face === "cooling" && this.#shown !== null) this.show(this.#shown);
  };
}

/**
 * @param {SeekView} seek
 * @param {number} now_ms
 * @returns {Face}
 */
function faceOf(seek, now_ms) {
  if (seek.phase === "idle" && seek.me === null) return "name";
  return seek.phase === "cooling" && canSeek(seek, now_ms) ? "ready" : FACES[seek.phase];
}

/**
 * The last refusal, where nothing else on the card says it.
 * @param {Face} face
 * @param {SeekView} seek
 */
function problem(face, { phase, refusal }) {
  const said = phase === "elsewhere" || phase === "cooling";
  if (refusal === null || said) return "";
  return face === "ready" || face === "waiting" ? refusalWords(refusal) : "";
}

/**
 * @param {Face} face
 * @param {SeekView} seek
 */
function lead(face, { me, phase, pairing }) {
  switch (face) {
    case "name":
      return "Who is playing?";
    case "ready":
      return phase === "cancelled" ? "No longer looking" : `Ready when you are, ${me?.name ?? ""}`;
    case "waiting":
      return phase === "cancelling" ? "Stopping…" : "Looking for an opponent";
    case "cooling":
      return "A short break first";
    case "busy":
      return "You are in a match already";
    case "found":
      return `Opponent found: ${pairing?.opponent.name ?? ""}`;
    case "gone":
      return "This deck is not here any more";
  }
}

/**
 * @param {Face} face
 * @param {SeekView} seek
 */
function line(face, { phase, waiting, refusal }) {
  switch (face) {
    case "ready":
      return "You get the next free player near your rating.";
    case "waiting":
      if (phase === "elsewhere") return "You are looking already, in another tab or for another deck.";
      if (waiting === null) return "Asking the server";
      if (waiting <= 1) return "Nobody else is waiting yet. Stay on this page; it starts by itself.";
      return `${waiting} players are waiting, you among them.`;
    case "cooling":
      return refusal === null ? "" : "You left a match early. The next rated one is open to you in:";
    case "busy":
    case "found":
      return "Taking you there.";
    default:
      return "";
  }
}

customElements.define("deckduel-seek", SeekPanel);
