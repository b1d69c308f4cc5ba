/**
 * A graded test: the score, and each answer beside the right one.
 *
 * Fires `claim` (detail: card, and whether its answer was right), `again` for the same settings,
 * `away` to choose others, and `print`.
 */

import { outcome, toStudy } from "../model/test/say.js";
import { misses, score } from "../model/test/score.js";
import { el, fill, mark, write } from "./dom.js";
import { sign } from "./marks.js";

/** @typedef {import("../model/test/score.js").Row} Row */

export class TestResult extends HTMLElement {
  #percent = el("p", { class: "percent number" });
  #title = el("h2", { tabindex: -1 });
  #study = el("a", { class: "button", "data-kind": "main" });
  #away = button("New test");
  #again = button("Same again");
  #print = el("button", { class: "button", "data-kind": "quiet", type: "button" }, "Print");
  #list = el("ol", { class: "test-rows", role: "list" });
  /** @type {Map<string, ReturnType<typeof drawn>>} */
  #rows = new Map();

  connectedCallback() {
    if (this.childElementCount === 0) {
      const actions = el("div", { class: "actions" }, this.#study, this.#away, this.#again, this.#print);
      this.append(
        el("section", { class: "test-score sheet" }, this.#percent, this.#title, actions),
        this.#list,
      );
    }
    this.addEventListener("click", this.#click);
  }

  disconnectedCallback() {
    this.removeEventListener("click", this.#click);
  }

  /** @param {readonly Row[]} rows */
  deal(rows) {
    this.#rows = new Map(rows.map((row) => [row.card, drawn(row)]));
    fill(this.#list, ...[...this.#rows.values()].map(({ place }) => place));
  }

  /**
   * @param {readonly Row[]} rows those that were dealt, as they are now
   * @param {(cards: readonly string[]) => string} studyPath the address at which cards are learnt
   */
  show(rows, studyPath) {
    const missed = misses(rows);
    write(this.#percent, `${score(rows).percent} %`);
    write(this.#title, outcome(rows));
    write(this.#study, toStudy(missed.length));
    mark(this.#study, "href", studyPath(missed));
    mark(this.#study, "hidden", missed.length === 0);
    mark(this.#again, "data-kind", missed.length === 0 && "main");
    for (const row of rows) {
      const parts = this.#rows.get(row.card);
      if (parts !== undefined) draw(parts, row);
    }
  }

  /** Puts the keyboard before the score. */
  enter() {
    this.#title.focus({ preventScroll: true });
  }

  /** Goes to where the misses are learnt. */
  study() {
    this.#study.click();
  }

  /** @param {Event} event */
  #click = ({ target }) => {
    const pressed = target instanceof Element ? target.closest("button") : null;
    if (pressed === null) return;
    if (pressed === this.#again) this.#fire("again");
    else if (pressed === this.#away) this.#fire("away");
    else if (pressed === this.#print) this.#fire("print");
    else this.#claim(pressed);
  };

  /** @param {HTMLButtonElement} pressed */
  #claim(pressed) {
    const right = pressed.getAttribute("aria-pressed") !== "true";
    for (const [card, { claim }] of this.#rows) if (claim === pressed) this.#fire("claim", { card, right });
  }

  /**
   * @param {string} type
   * @param {unknown} [detail]
   */
  #fire(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

/** @param {string} label */
function button(label) {
  return el("button", { class: "button", type: "button" }, label);
}

/** @param {Row} row */
function drawn(row) {
  const verdict = el("p", { class: "verdict" });
  const claim = el("button", { class: "toggle", type: "button", "aria-pressed": "false" }, "I was right");
  const claimed = el("span");
  const place = el(
    "li",
    { class: "test-row sheet" },
    el("span", { class: "number" }, row.number),
    el("h3", {}, el("span", { class: "test-asked" }, row.asked), row.statement !== "" && el("span", { class: "test-statement" }, row.statement)),
    verdict,
    el(
      "dl",
      {},
      said("Your answer", row.given === "" ? "None" : row.given, row.given === ""),
      row.given !== row.answer && said("Right answer", row.answer),
    ),
    row.why !== "" && el("p", { class: "soft why" }, row.why),
    (row.claimable || row.claimed) && el("p", { class: "soft claim" }, claim, claimed),
    row.explanation !== "" && el("p", { class: "explanation" }, row.explanation),
  );
  return { place, verdict, claim, claimed };
}

/**
 * @param {ReturnType<typeof drawn>} parts
 * @param {Row} row
 */
function draw({ place, verdict, claim, claimed }, row) {
  const kind = row.right ? "right" : "wrong";
  if (place.dataset.verdict !== kind) fill(verdict, sign(kind), row.right ? "Right" : "Wrong");
  mark(place, "data-verdict", kind);
  write(claimed, row.claimed ? "Counted as right, because you say so." : "");
  mark(claim, "aria-pressed", String(row.claimed));
  // Once the reviews have gone, the last word is spoken.
  mark(claim, "hidden", !row.claimable);
}

/**
 * @param {string} whose
 * @param {string} text
 * @param {boolean} [soft]
 */
function said(whose, text, soft = false) {
  return el("div", {}, el("dt", {}, whose), el("dd", { class: soft && "soft" }, text));
}

customElements.define("deckduel-test-result", TestResult);
