/**
 * The card that lies there: a button that turns it, a star, and a finger that swipes it away.
 *
 * Fires `flip`, `star` and `swipe` (detail: "left" or "right").
 */

import { el, fill, mark } from "./dom.js";
import { Swipe } from "./flash-swipe.js";
import { sign } from "./marks.js";

/** @typedef {import("../wire/study.js").StudyCard} StudyCard */
/** @typedef {import("../wire/study.js").Side} Side */
/** @typedef {import("./flash-swipe.js").Way} Way */
/**
 * @typedef {object} FlashcardView
 * @property {StudyCard} card
 * @property {Side} first the side that lies up before it is turned
 * @property {boolean} flipped
 * @property {boolean} starred
 * @property {boolean} sorting a swipe says what is known
 * @property {Way | null} way in which the card before went
 */

/** What the sides are called. @type {Readonly<Record<Side, string>>} */
const LABELS = Object.freeze({ prompt: "Question", answer: "Answer" });

export class Flashcard extends HTMLElement {
  #button = el("button", { class: "flash-button", type: "button" });
  #star = el(
    "button",
    { class: "star", type: "button", "aria-pressed": "false", "aria-label": "Star this card" },
    sign("star"),
  );
  #swipe = new Swipe(this, {
    pull: (pulled, way) => this.#pull(pulled, way),
    drop: (way) => this.#drop(way),
  });
  #pulled = 0;
  #lies = "";
  /** @type {ReturnType<typeof sheetOf> | null} */
  #sheet = null;

  connectedCallback() {
    if (this.childElementCount === 0) {
      const lean = (/** @type {"right" | "wrong"} */ kind, /** @type {string} */ word) =>
        el("span", { class: "flash-lean", "data-verdict": kind, "aria-hidden": "true" }, sign(kind), word);
      this.append(this.#button, this.#star, lean("right", "Know"), lean("wrong", "Still learning"));
    }
    this.#button.addEventListener("click", this.#flip);
    this.#button.addEventListener("animationend", this.#gone);
    this.#star.addEventListener("click", this.#press);
    this.#swipe.connect();
  }

  disconnectedCallback() {
    this.#button.removeEventListener("click", this.#flip);
    this.#button.removeEventListener("animationend", this.#gone);
    this.#star.removeEventListener("click", this.#press);
    this.#swipe.disconnect();
  }

  /** @param {FlashcardView} view */
  show({ card, first, flipped, starred, sorting, way }) {
    const lies = `${card.id} ${first}`;
    if (lies !== this.#lies) this.#lay(sheetOf(card, first), way);
    this.#lies = lies;
    mark(this, "data-sorting", sorting);
    mark(this.#star, "aria-pressed", String(starred));
    const sheet = /** @type {ReturnType<typeof sheetOf>} */ (this.#sheet);
    mark(sheet.turn, "data-flipped", flipped);
    sheet.faces.forEach(({ face, text, note }, index) => {
      const up = (index === 1) === flipped;
      mark(face, "inert", !up);
      // The name is the side that is up; of the parts only their ids change.
      mark(text, "id", up && "flash-text");
      if (note !== null) mark(note, "id", up && "flash-note");
    });
    mark(this.#button, "aria-labelledby", "flash-text");
    const noted = sheet.faces[flipped ? 1 : 0]?.note;
    mark(this.#button, "aria-describedby", noted ? "flash-note" : null);
  }

  /** Takes the focus. */
  take() {
    this.#button.focus({ preventScroll: true });
  }

  /**
   * A new card on top; the one before goes its way.
   * @param {ReturnType<typeof sheetOf>} sheet
   * @param {Way | null} way
   */
  #lay(sheet, way) {
    const before = this.#sheet?.turn ?? null;
    if (before !== null) {
      for (const part of before.querySelectorAll("[id]")) part.removeAttribute("id");
      mark(before, "inert", true);
      mark(before, "data-leaving", way ?? "under");
      before.style.setProperty("--from", `${this.#pulled}px`);
      mark(sheet.turn, "data-coming", true);
    }
    this.#sheet = sheet;
    fill(this.#button, sheet.turn, before);
    this.#let(0);
  }

  /**
   * @param {number} pulled
   * @param {Way | null} way
   */
  #pull(pulled, way) {
    this.#let(pulled);
    mark(this, "data-pulled", true);
    mark(this, "data-lean", way);
  }

  /** @param {Way | null} way */
  #drop(way) {
    mark(this, "data-lean", false);
    if (way !== null) this.#fire("swipe", way);
    // What has not gone springs back.
    mark(this, "data-pulled", false);
    this.#let(0);
  }

  /** @param {number} pulled px */
  #let(pulled) {
    this.#pulled = pulled;
    this.style.setProperty("--pulled", `${pulled}px`);
  }

  #flip = () => this.#fire("flip");

  #press = () => this.#fire("star");

  /** @param {AnimationEvent} event */
  #gone = ({ target }) => {
    if (target instanceof HTMLElement && target.dataset.leaving !== undefined) target.remove();
  };

  /**
   * @param {string} type
   * @param {Way} [detail]
   */
  #fire(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

/**
 * @param {StudyCard} card
 * @param {Side} first
 */
function sheetOf(card, first) {
  const faces = [faceOf(card, first), faceOf(card, first === "prompt" ? "answer" : "prompt")];
  return { turn: el("span", { class: "flash-turn" }, ...faces.map(({ face }) => face)), faces };
}

/**
 * @param {StudyCard} card
 * @param {Side} side
 */
function faceOf(card, side) {
  const text = el("span", { class: "flash-text" }, card[side]);
  const explained = side === "answer" && card.explanation !== "";
  const note = explained ? el("span", { class: "flash-note" }, card.explanation) : null;
  const face = el(
    "span",
    { class: "flash-face sheet" },
    el("span", { class: "flash-label" }, LABELS[side]),
    el("span", { class: "flash-body" }, text, note ?? hint()),
  );
  return { face, text, note };
}

/** How a card is turned, where there are keys and where there are none. */
function hint() {
  const key = el("span", {}, "Turn ", el("kbd", {}, "Space"));
  return el("span", { class: "flash-hint", "aria-hidden": "true" }, key, el("span", {}, "Tap to turn"));
}

customElements.define("deckduel-flashcard", Flashcard);
