/**
 * What a test is made of: how many questions, of which kinds, about which cards, from which side.
 *
 * Fires `set` (detail: the settings that were changed) and `make`.
 */

import { SIDE_ASKED, SIDE_NAMES } from "../model/sides.js";
import { KINDS } from "../model/test/build.js";
import { KIND_NAMES } from "../model/test/say.js";
import { el, fill, mark, write } from "./dom.js";
import { sign } from "./marks.js";

/** @typedef {import("../model/test/settings.js").Settings} Settings */
/** @typedef {import("../model/test/settings.js").Problems} Problems */
/** @typedef {{ settings: Settings, problems: Problems, there: number, all: number, starred: number }} FormView */

const SIDES = Object.freeze({ ...SIDE_NAMES, mixed: "Both, mixed" });

export class TestForm extends HTMLElement {
  #count = el("input", {
    class: "input",
    id: "count",
    inputmode: "numeric",
    autocomplete: "off",
    "aria-describedby": "count-hint count-problem",
  });
  #countHint = el("p", { class: "hint", id: "count-hint" });
  #countProblem = el("p", { class: "problem", id: "count-problem" });
  #kinds = KINDS.map((kind) => pick("checkbox", "kind", kind, KIND_NAMES[kind]));
  #kindsHint = el("p", { class: "hint" }, "Each gets its share.");
  #kindsProblem = el("p", { class: "problem", id: "kinds-problem" });
  #all = pick("radio", "from", "all", "");
  #starred = pick("radio", "from", "starred", "");
  #sides = Object.entries(SIDES).map(([side, label]) => pick("radio", "side", side, label));
  #form = el(
    "form",
    { class: "test-form sheet", novalidate: true },
    el(
      "div",
      { class: "field" },
      el("label", { for: "count" }, "Number of questions"),
      this.#count,
      this.#countHint,
      this.#countProblem,
    ),
    group("Kinds of question", this.#kinds, this.#kindsHint, this.#kindsProblem),
    group("Cards", [this.#all, this.#starred]),
    group(SIDE_ASKED, this.#sides),
    el("button", { class: "button", "data-kind": "main", "data-size": "large" }, "Make the test"),
  );

  connectedCallback() {
    this.append(this.#form);
    for (const { input } of this.#kinds) mark(input, "aria-describedby", "kinds-problem");
    this.#form.addEventListener("input", this.#input);
    this.#form.addEventListener("submit", this.#submit);
  }

  disconnectedCallback() {
    this.#form.removeEventListener("input", this.#input);
    this.#form.removeEventListener("submit", this.#submit);
  }

  /** @param {FormView} view */
  show({ settings, problems, there, all, starred }) {
    if (this.#count.value !== settings.count) this.#count.value = settings.count;
    write(this.#countHint, there === 1 ? "There is one card." : `1 to ${there}`);
    mark(this.#count, "aria-invalid", problems.count === "" ? false : "true");
    complain(this.#countProblem, this.#countHint, problems.count);
    for (const { input } of this.#kinds) {
      input.checked = settings.kinds.some((kind) => kind === input.value);
      mark(input, "aria-invalid", problems.kinds === "" ? false : "true");
    }
    complain(this.#kindsProblem, this.#kindsHint, problems.kinds);
    write(this.#all.text, `All ${all}`);
    write(this.#starred.text, starred === 0 ? "Starred: none yet" : `Starred: ${starred}`);
    this.#starred.input.disabled = starred === 0;
    for (const { input } of [this.#all, this.#starred]) input.checked = input.value === settings.from;
    for (const { input } of this.#sides) input.checked = input.value === settings.side;
  }

  /** Puts the cursor into what is wrong, else into the first field. */
  enter() {
    const wrong = this.querySelector('[aria-invalid="true"]');
    (wrong instanceof HTMLInputElement ? wrong : this.#count).focus();
  }

  /** @param {Event} event */
  #input = ({ target }) => {
    if (!(target instanceof HTMLInputElement)) return;
    if (target === this.#count) this.#set({ count: target.value });
    else if (target.name === "kind") this.#set({ kinds: KINDS.filter((_, at) => this.#kinds[at]?.input.checked) });
    else this.#set({ [target.name]: target.value });
  };

  /** @param {Event} event */
  #submit = (event) => {
    event.preventDefault();
    this.dispatchEvent(new CustomEvent("make"));
  };

  /** @param {Partial<Settings>} changed */
  #set(changed) {
    this.dispatchEvent(new CustomEvent("set", { detail: changed }));
  }
}

/**
 * @param {"checkbox" | "radio"} type
 * @param {string} name
 * @param {string} value
 * @param {string} label
 */
function pick(type, name, value, label) {
  const input = el("input", { type, name, value });
  const text = el("span", {}, label);
  return { input, text, label: el("label", { class: "pick" }, input, text) };
}

/**
 * @param {string} title
 * @param {readonly ReturnType<typeof pick>[]} picks
 * @param {...HTMLElement} notes
 */
function group(title, picks, ...notes) {
  const row = el("div", { class: "picks" }, ...picks.map(({ label }) => label));
  return el("fieldset", { class: "field" }, el("legend", {}, title), row, ...notes);
}

/**
 * Says what is wrong where the hint was, so that nothing moves.
 * @param {HTMLElement} place
 * @param {HTMLElement} hint
 * @param {string} problem
 */
function complain(place, hint, problem) {
  fill(place, ...(problem === "" ? [] : [sign("wrong"), problem]));
  mark(place, "hidden", problem === "");
  mark(hint, "hidden", problem !== "");
}

customElements.define("deckduel-test-form", TestForm);
