/**
 * The keys of a page: one list that both answers to the keyboard and is shown by `?`.
 *
 * An element on the page, with a button that shows the list to whoever has found no `?`.
 */

import { el, fill } from "./dom.js";

/**
 * `keys` as KeyboardEvent.key names them, lower case for letters; `typing`: also while a field of text has the focus.
 * One without `press` is only shown: what has the focus answers to it.
 * @typedef {{ keys: readonly string[], does: string, press?: (key: string) => void, typing?: boolean }} Key
 */

/** @type {Readonly<Record<string, string>>} */
const SHOWN = Object.freeze({
  " ": "Space",
  ArrowLeft: "←",
  ArrowRight: "→",
  ArrowUp: "↑",
  ArrowDown: "↓",
  Escape: "Esc",
});

export class Keys extends HTMLElement {
  /** @type {readonly Key[]} */
  #keys = [];
  #list = el("dl", { class: "keys" });
  #close = el("button", { class: "button", type: "button" }, "Close");
  #dialog = el(
    "dialog",
    { class: "dialog sheet", "aria-labelledby": "keys-title" },
    el("h2", { id: "keys-title" }, "Keys"),
    this.#list,
    el("div", { class: "actions" }, this.#close),
  );
  #open = el(
    "button",
    { class: "button", "data-kind": "quiet", type: "button", "aria-haspopup": "dialog" },
    "Keys ",
    el("kbd", {}, "?"),
  );

  connectedCallback() {
    this.append(this.#open, this.#dialog);
    document.addEventListener("keydown", this.#press);
    this.#open.addEventListener("click", this.#show);
    this.#close.addEventListener("click", this.#hide);
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.#press);
    this.#open.removeEventListener("click", this.#show);
    this.#close.removeEventListener("click", this.#hide);
  }

  /** @param {readonly Key[]} keys those that work now, in the order to show them in */
  listen(keys) {
    this.#keys = keys;
  }

  #show = () => {
    const rows = this.#keys.flatMap(({ keys, does }) => [
      el("dt", {}, ...keys.flatMap((key, at) => [at > 0 && " ", el("kbd", {}, shown(key))])),
      el("dd", {}, does),
    ]);
    fill(this.#list, ...rows, el("dt", {}, el("kbd", {}, "?")), el("dd", {}, "Show these keys"));
    this.#dialog.showModal();
  };

  #hide = () => this.#dialog.close();

  /** @param {KeyboardEvent} event */
  #press = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
    if (document.querySelector("dialog[open]") !== null) return;
    const typing = isText(event.target);
    if (event.key === "?" && !typing) {
      event.preventDefault();
      this.#show();
      return;
    }
    const pressed = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (!typing && takes(event.target, pressed)) return;
    const press = this.#keys.find((key) => key.press && key.keys.includes(pressed) && (key.typing || !typing))?.press;
    if (press === undefined) return;
    event.preventDefault();
    if (!event.repeat) press(pressed);
  };
}

/** @param {string} key */
function shown(key) {
  return SHOWN[key] ?? (key.length === 1 ? key.toUpperCase() : key);
}

/** @param {EventTarget | null} target */
function isText(target) {
  if (target instanceof HTMLInputElement) return !["button", "checkbox", "radio"].includes(target.type);
  return target instanceof HTMLTextAreaElement;
}

/**
 * Whether what has the focus does something of its own with a key: a button with Enter, say.
 * @param {EventTarget | null} target
 * @param {string} key
 */
function takes(target, key) {
  if (!(target instanceof Element)) return false;
  if (key === "Enter") return target.matches("a[href], button, select, summary");
  if (key === " ") return target.matches("button, select, summary, input");
  return key.startsWith("Arrow") && target.matches("select, input");
}

customElements.define("deckduel-keys", Keys);
