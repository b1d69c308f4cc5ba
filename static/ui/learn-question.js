/**
 * A question of Learn from its asking to its verdict, every part in its own place.
 *
 * Fires `choose` (detail: the index), `type` (detail: the text so far), `check`, `give-up`, `judge`
 * (detail: whether it was right), `overrule` and `go-on`.
 */

import { REASONS } from "../model/learn/words.js";
import { el, fill, mark, write } from "./dom.js";
import { LearnChoices } from "./learn-choices.js";
import { LearnTyped } from "./learn-typed.js";
import { sign } from "./marks.js";

/** @typedef {import("../model/learn/view.js").QuestionView} QuestionView */

const LABEL = "learn-task learn-asked";

export class LearnQuestion extends HTMLElement {
  #reason = el("span", { class: "reason" });
  #task = el("span", { id: "learn-task" });
  #asked = el("h2", { class: "asked", id: "learn-asked" });
  #choices = new LearnChoices();
  #typed = new LearnTyped();
  #given = el("div", { class: "given" }, this.#choices, this.#typed);
  #note = el("p", { class: "note", tabindex: -1 });
  #explanation = el("p", { class: "explanation" });
  #giveUp = button("Don't know", "Esc", "give-up");
  #overrule = button("I was right", "R", "overrule");
  #wasRight = button("I was right", "R", "judge");
  #missed = button("I missed it", "M", "judge");
  #goOn = button("Continue", "↵", "go-on");
  /** @type {Pick<QuestionView, "turn" | "phase"> | null} */
  #shown = null;

  connectedCallback() {
    if (this.childElementCount === 0) this.#build();
    this.addEventListener("click", this.#click);
    this.#choices.addEventListener("choose", this.#pass);
    this.#typed.addEventListener("type", this.#pass);
    this.#typed.addEventListener("check", this.#pass);
  }

  disconnectedCallback() {
    this.removeEventListener("click", this.#click);
    this.#choices.removeEventListener("choose", this.#pass);
    this.#typed.removeEventListener("type", this.#pass);
    this.#typed.removeEventListener("check", this.#pass);
  }

  /** @param {QuestionView} view */
  show(view) {
    const { phase, because, choices, explanation, note, can_overrule, right } = view;
    mark(this, "data-phase", phase);
    mark(this.#reason, "data-because", because);
    fill(this.#reason, sign(because), REASONS[because]);
    write(this.#task, view.task);
    write(this.#asked, view.asked);
    mark(this.#choices, "hidden", choices === null);
    mark(this.#typed, "hidden", choices !== null);
    if (choices === null) this.#typed.show(view);
    else this.#choices.show(view);
    write(this.#note, note);
    write(this.#explanation, explanation);
    mark(this.#giveUp, "hidden", phase !== "asking" && phase !== "grading");
    mark(this.#giveUp, "aria-disabled", phase === "grading" && "true");
    mark(this.#overrule, "hidden", !can_overrule);
    write(/** @type {Element} */ (this.#overrule.firstElementChild), right ? "I missed it" : "I was right");
    mark(this.#wasRight, "hidden", phase !== "self");
    mark(this.#missed, "hidden", phase !== "self");
    mark(this.#goOn, "data-off", phase !== "verdict");
    const before = this.#shown;
    this.#shown = view;
    if (before?.turn !== view.turn || before.phase !== phase) this.#enter(view);
  }

  /**
   * Moves the keyboard from choice to choice.
   * @param {1 | -1} step
   */
  move(step) {
    this.#choices.move(step);
  }

  #build() {
    mark(this.#choices, "aria-labelledby", LABEL);
    this.#typed.labelledBy(LABEL);
    mark(this.#goOn, "data-kind", "main");
    this.append(
      el(
        "section",
        { class: "lesson-card sheet" },
        el("p", { class: "kicker" }, this.#reason, this.#task),
        this.#asked,
      ),
      this.#given,
      el("div", { class: "explained" }, this.#note, this.#explanation),
      el(
        "div",
        { class: "bar" },
        el("div", { class: "aside" }, this.#giveUp, this.#overrule, this.#missed, this.#wasRight),
        this.#goOn,
      ),
    );
  }

  /**
   * Puts the keyboard where the next step is made, and the new things in sight.
   * @param {QuestionView} view
   */
  #enter({ phase, choices }) {
    if (document.querySelector("dialog[open]") !== null) return;
    const answers = choices === null ? this.#typed : this.#choices;
    if (phase === "asking") {
      this.#given.scrollIntoView({ block: "nearest" });
      this.#asked.scrollIntoView({ block: "nearest" });
      answers.enter();
    }
    if (phase === "self") this.#note.focus({ preventScroll: true });
    if (phase === "verdict") this.#goOn.focus({ preventScroll: true });
    // The card keeps its place, unless what is right or asked of the student would be out of sight.
    if (phase === "self") this.#note.scrollIntoView({ block: "nearest" });
    if (phase === "verdict") answers.right()?.scrollIntoView({ block: "nearest" });
  }

  /** @param {Event} event */
  #pass = (event) => {
    const { type, detail } = /** @type {CustomEvent} */ (event);
    this.dispatchEvent(new CustomEvent(type, { detail }));
  };

  /** @param {Event} event */
  #click = (event) => {
    const pressed = event.target instanceof Element ? event.target.closest("button") : null;
    const type = pressed?.dataset.fires;
    if (pressed === null || type === undefined || pressed.getAttribute("aria-disabled") === "true") return;
    const detail = type === "judge" ? pressed === this.#wasRight : undefined;
    this.dispatchEvent(new CustomEvent(type, { detail }));
  };
}

/**
 * @param {string} text
 * @param {string} key
 * @param {string} fires
 */
function button(text, key, fires) {
  return el(
    "button",
    { class: "button", type: "button", "data-fires": fires },
    el("span", {}, text),
    el("kbd", { "aria-hidden": "true" }, key),
  );
}

customElements.define("deckduel-learn-question", LearnQuestion);
