/**
 * Where no card lies: the end of the pile with what was sorted, or a pile without cards.
 *
 * Fires `act` (detail: which action).
 */

import { el, fill, mark, write } from "./dom.js";
import { sign } from "./marks.js";

/** @typedef {import("../model/flashcards/words.js").Ending} Ending */

export class FlashEnd extends HTMLElement {
  #title = el("h2", { tabindex: "-1" });
  #text = el("p", { class: "soft" });
  #tally = el("div", { class: "flash-tally" });
  #actions = el("div", { class: "actions" });

  connectedCallback() {
    if (this.childElementCount === 0) this.append(this.#title, this.#text, this.#tally, this.#actions);
    this.classList.add("sheet");
    this.addEventListener("click", this.#click);
  }

  disconnectedCallback() {
    this.removeEventListener("click", this.#click);
  }

  /**
   * @param {Ending} ending
   * @param {(cards: readonly string[] | null) => string} learnPath
   * @param {string} challengePath
   */
  show({ title, text, tally, actions }, learnPath, challengePath) {
    write(this.#title, title);
    write(this.#text, text);
    mark(this.#tally, "hidden", tally === null);
    if (tally !== null) fill(this.#tally, ...figures(tally));
    fill(
      this.#actions,
      ...actions.map(({ act, label, cards }, at) => {
        const kind = at === 0 ? "main" : act === "back" && "quiet";
        if (act === "learn" || act === "challenge") {
          const href = act === "learn" ? learnPath(cards ?? null) : challengePath;
          return el("a", { class: "button", "data-kind": kind, "data-act": act, href }, label);
        }
        return el("button", { class: "button", "data-kind": kind, "data-act": act, type: "button" }, label);
      }),
    );
  }

  /** Takes the focus: the words are read from their title on. */
  take() {
    this.#title.focus({ preventScroll: true });
  }

  /** Does what matters most. */
  act() {
    const [main] = this.#actions.children;
    if (main instanceof HTMLElement) main.click();
  }

  /** @param {Event} event */
  #click = ({ target }) => {
    const button = target instanceof Element ? target.closest("button") : null;
    if (button !== null) this.dispatchEvent(new CustomEvent("act", { detail: button.dataset.act }));
  };
}

/** @param {NonNullable<Ending["tally"]>} tally */
function figures({ known, learning }) {
  const bar = el("div", { class: "flash-split", "aria-hidden": "true" });
  bar.style.setProperty("--share", String(known / Math.max(1, known + learning)));
  return [bar, figure("right", "Know", known), figure("wrong", "Still learning", learning)];
}

/**
 * @param {"right" | "wrong"} kind
 * @param {string} label
 * @param {number} count
 */
function figure(kind, label, count) {
  return el(
    "p",
    { class: "flash-figure", "data-verdict": kind },
    sign(kind),
    el("b", { class: "number" }, count),
    label,
  );
}

customElements.define("deckduel-flash-end", FlashEnd);
