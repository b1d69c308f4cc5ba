/**
 * A test to be answered: all its questions, how many have an answer, the check at the end.
 *
 * Fires `answer` (detail: card and answer), `check`, `away` to choose other settings, `doubt` (detail: what
 * it asks back before answers are dropped), and `print`.
 */

import { LETTERS } from "../model/letters.js";
import { KINDS } from "../model/test/build.js";
import { KIND_NAMES } from "../model/test/say.js";
import { counted } from "../model/words.js";
import { el, fill, mark, write } from "./dom.js";
import { answerOf, sheets } from "./test-question.js";

/** @typedef {import("../model/test.js").Answer} Answer */
/** @typedef {import("../model/test/build.js").Question} Question */
/** @typedef {import("./test-question.js").Control} Control */
/** @typedef {{ given: number, of: number, text: string, end: import("../model/test/say.js").End, first_empty: string | null }} PaperView */

const NUMBERS = Object.freeze(LETTERS.map((_, at) => String(at + 1)));

export class TestPaper extends HTMLElement {
  #title = el("h2", { tabindex: -1 });
  #print = el("button", { class: "button", "data-kind": "quiet", type: "button" }, "Print");
  #away = el("button", { class: "button", "data-kind": "quiet", type: "button" }, "Settings");
  #bar = el("progress", { "aria-hidden": "true" });
  #count = el("p", { class: "number" });
  #questions = el("div", { class: "test-questions" });
  #status = el("p", { class: "test-status" });
  #check = el("button", { class: "button", "data-kind": "main", "data-size": "large", type: "button" });
  #toEmpty = el("button", { class: "button", type: "button" }, "Go to the first empty one");
  #form = el(
    "form",
    { class: "test-paper", novalidate: true, autocomplete: "off" },
    el("header", { class: "test-head" }, this.#title, this.#print, this.#away),
    el("div", { class: "test-line" }, this.#count, this.#bar),
    this.#questions,
    el("div", { class: "test-end" }, this.#status, el("div", { class: "actions" }, this.#check, this.#toEmpty)),
  );
  #given = 0;
  /** @type {string | null} */
  #empty = null;

  connectedCallback() {
    this.append(this.#form);
    this.#form.addEventListener("input", this.#input);
    this.#form.addEventListener("keydown", this.#press);
    this.#form.addEventListener("submit", this.#submit);
    document.addEventListener("keydown", this.#finish);
    this.#check.addEventListener("click", this.#click);
    this.#toEmpty.addEventListener("click", this.#goToEmpty);
    this.#print.addEventListener("click", this.#printed);
    this.#away.addEventListener("click", this.#leave);
    this.#away.addEventListener("blur", this.#stay);
  }

  disconnectedCallback() {
    this.#form.removeEventListener("input", this.#input);
    this.#form.removeEventListener("keydown", this.#press);
    this.#form.removeEventListener("submit", this.#submit);
    document.removeEventListener("keydown", this.#finish);
    this.#check.removeEventListener("click", this.#click);
    this.#toEmpty.removeEventListener("click", this.#goToEmpty);
    this.#print.removeEventListener("click", this.#printed);
    this.#away.removeEventListener("click", this.#leave);
    this.#away.removeEventListener("blur", this.#stay);
  }

  /**
   * @param {readonly Question[]} questions in their order
   * @param {Readonly<Record<string, Answer>>} answers by card
   */
  deal(questions, answers) {
    const all = questions.map((question, at) => ({ question, number: at + 1, answer: answers[question.card] }));
    write(this.#title, counted(questions.length, "question"));
    fill(
      this.#questions,
      ...KINDS.flatMap((kind) => {
        const asked = all.filter(({ question }) => question.kind === kind);
        if (asked.length === 0) return [];
        const id = `part-${kind}`;
        const title = el("h3", { id }, KIND_NAMES[kind]);
        const hint = kind === "true_false" && el("p", { class: "soft" }, "Do the two lines belong together?");
        const head = el("header", {}, title, hint);
        return [el("section", { class: "test-part", "aria-labelledby": id }, head, ...sheets(asked))];
      }),
    );
  }

  /** @param {PaperView} view */
  show({ given, of, text, end, first_empty }) {
    this.#given = given;
    this.#empty = first_empty;
    write(this.#count, text);
    mark(this.#bar, "max", of);
    mark(this.#bar, "value", given);
    mark(this.#questions, "inert", end.busy);
    write(this.#status, end.status);
    write(this.#check, end.action);
    mark(this.#check, "aria-disabled", end.busy ? "true" : false);
    mark(this.#toEmpty, "data-idle", first_empty === null);
  }

  /** Puts the keyboard before the first question. */
  enter() {
    this.#title.focus({ preventScroll: true });
  }

  /** Puts the keyboard where the test is checked. */
  toCheck() {
    this.#check.focus();
  }

  /** @param {Event} event */
  #input = ({ target }) => {
    const control = asControl(target);
    if (control !== null) this.#fire("answer", { card: control.dataset.card, answer: answerOf(control) });
  };

  /** @param {KeyboardEvent} event */
  #press = (event) => {
    const control = asControl(event.target);
    const combined = event.ctrlKey || event.metaKey || event.altKey || event.isComposing;
    if (control === null || combined) return;
    if (event.key === "Enter" && control instanceof HTMLInputElement) {
      // On paper, whoever has written an answer goes on to the next question.
      event.preventDefault();
      this.#after(control).focus();
    } else if (control.type !== "text" && choose(control, event.key.toUpperCase())) {
      event.preventDefault();
    }
  };

  /** @param {KeyboardEvent} event */
  #finish = (event) => {
    const isIt = event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.repeat;
    if (!isIt || document.querySelector("dialog[open]") !== null) return;
    event.preventDefault();
    this.#fire("check");
  };

  /**
   * What takes the next answer.
   * @param {Control} control
   */
  #after(control) {
    const all = [...this.#questions.querySelectorAll("input, select")].flatMap((one) => asControl(one) ?? []);
    const next = all.slice(all.indexOf(control)).find((one) => one.dataset.card !== control.dataset.card);
    if (next === undefined) return this.#check;
    const group = all.filter((one) => one.dataset.card === next.dataset.card);
    return group.find((one) => one instanceof HTMLInputElement && one.checked) ?? next;
  }

  /** @param {Event} event */
  #submit = (event) => event.preventDefault();

  /** @param {MouseEvent} event */
  #click = (event) => {
    // The second press of a double one is not the answer to what the first one asked.
    if (event.detail > 1 || this.#check.getAttribute("aria-disabled") === "true") return;
    this.#fire("check");
  };

  #goToEmpty = () => {
    const all = [...this.#questions.querySelectorAll("input, select")];
    const first = all.flatMap((one) => asControl(one) ?? []).find((one) => one.dataset.card === this.#empty);
    first?.focus();
    first?.closest(".asking")?.scrollIntoView({ block: "center" });
  };

  #printed = () => this.#fire("print");

  /** Leaves at once when nothing would be lost, else at the second press. */
  #leave = () => {
    if (this.#given === 0 || this.#away.dataset.sure !== undefined) {
      this.#fire("away");
      return;
    }
    mark(this.#away, "data-sure", true);
    const doubt = `Drop ${counted(this.#given, "answer")}?`;
    write(this.#away, doubt);
    this.#fire("doubt", doubt);
  };

  #stay = () => {
    mark(this.#away, "data-sure", false);
    write(this.#away, "Settings");
  };

  /**
   * @param {string} type
   * @param {unknown} [detail]
   */
  #fire(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

/**
 * @param {EventTarget | null} target
 * @returns {Control | null} what takes the answer to a card
 */
function asControl(target) {
  const is = target instanceof HTMLInputElement || target instanceof HTMLSelectElement;
  return is && target.dataset.card !== undefined ? target : null;
}

/**
 * Takes what a key stands for in a question: its letter, its number, or T and F.
 * @param {Control} control
 * @param {string} key
 * @returns {boolean} whether it stands for something there
 */
function choose(control, key) {
  const isTruth = control.value === "true" || control.value === "false";
  const at = Math.max(...(isTruth ? [["T", "F"]] : [LETTERS, NUMBERS]).map((keys) => keys.indexOf(key)));
  if (control instanceof HTMLSelectElement) return at >= 0 && select(control, String(at));
  const group = control.form?.elements.namedItem(control.name);
  const input = group instanceof RadioNodeList ? group[at] : undefined;
  if (!(input instanceof HTMLInputElement)) return false;
  input.focus();
  input.click();
  return true;
}

/**
 * @param {HTMLSelectElement} control
 * @param {string} value
 */
function select(control, value) {
  if (![...control.options].some((option) => option.value === value)) return false;
  control.value = value;
  control.dispatchEvent(new Event("input", { bubbles: true }));
  return true;
}

customElements.define("deckduel-test-paper", TestPaper);
