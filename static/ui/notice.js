/**
 * The notice over a page: a challenge to answer, what became of one's own, the way to a match.
 *
 * It covers the head and moves nothing, and never takes the keyboard. Fires `act` (detail: an Act of
 * model/notices.js).
 */

import { mePath } from "../model/paths.js";
import { el, fill, mark, write } from "./dom.js";
import { Seconds } from "./seconds.js";

/** @typedef {import("../model/notices.js").Act} Act */
/** @typedef {import("../model/notice-view.js").NoticeView} NoticeView */

export class Notice extends HTMLElement {
  #text = el("p", { class: "notice-text" });
  #deck = el("span", { class: "notice-deck" });
  #detail = el("p", { class: "notice-detail" });
  #brief = el("p", { class: "notice-brief" });
  #left = new Seconds();
  #accept = button("accept", "Accept", "main");
  #decline = button("decline", "Decline");
  #withdraw = button("withdraw", "Take it back");
  #close = button("close", "Close", "quiet");
  #link = el("a", { class: "button" });
  #mute = button("mute", "", "quiet");
  #whose = el("p", {});
  #more = el(
    "details",
    { class: "notice-more" },
    el("summary", {}, "More"),
    el(
      "div",
      { class: "notice-menu sheet" },
      this.#whose,
      this.#mute,
      el("a", { class: "button", "data-kind": "quiet", href: mePath }, "Switch challenges off"),
    ),
  );
  #body = el(
    "section",
    { class: "notice-body", "aria-label": "Notice" },
    el("div", { class: "notice-words" }, this.#text, this.#detail, this.#brief),
    this.#left,
    el(
      "div",
      { class: "notice-acts" },
      this.#accept,
      this.#decline,
      this.#withdraw,
      this.#link,
      this.#close,
      this.#more,
    ),
  );
  #words = document.createTextNode("");
  #key = "";
  /** Where the keyboard was before it came here. @type {Element | null} */
  #from = null;

  connectedCallback() {
    this.#left.dataset.unit = "\u202fs";
    this.#left.classList.add("notice-left");
    fill(this, this.#body);
    this.addEventListener("click", this.#click);
    this.addEventListener("keydown", this.#key_down);
    this.addEventListener("focusin", this.#focused);
  }

  disconnectedCallback() {
    this.removeEventListener("click", this.#click);
    this.removeEventListener("keydown", this.#key_down);
    this.removeEventListener("focusin", this.#focused);
  }

  /** @param {NoticeView | null} view null for nothing to say */
  show(view) {
    const focused = this.contains(document.activeElement);
    const turned = this.#key !== (view?.key ?? "");
    this.#key = view?.key ?? "";
    mark(this, "hidden", view === null);
    if (turned) this.#more.open = false;
    if (view !== null) this.#write(view);
    // Whoever has answered is put back to where they were.
    if (focused && turned) this.#giveBack();
  }

  /** @param {NoticeView} view */
  #write({ kind, text, deck, detail, brief, problem, busy, ends_at, link, mute, more }) {
    const whole = more === 0 ? text : `${text} (and ${more} more)`;
    this.dataset.kind = kind;
    write(this.#text, whole);
    // Where there is little room, a long name is cut off.
    this.#text.title = whole;
    write(this.#brief, problem === "" ? brief : problem);
    write(this.#deck, deck === "" ? "" : `${deck}. `);
    this.#words.data = problem === "" ? detail : problem;
    fill(this.#detail, this.#deck, this.#words);
    mark(this.#detail, "hidden", detail === "" && problem === "");
    mark(this.#detail, "data-problem", problem !== "");
    write(this.#whose, `${deck}. ${detail}`);
    this.#left.until(ends_at);
    mark(this.#left, "hidden", ends_at === null);
    const shown = {
      accept: kind === "offer",
      decline: kind === "offer",
      withdraw: kind === "waiting",
      close: kind === "news",
    };
    const buttons = { accept: this.#accept, decline: this.#decline, withdraw: this.#withdraw, close: this.#close };
    for (const [act, is] of Object.entries(shown)) {
      const pressed = buttons[/** @type {keyof typeof shown} */ (act)];
      mark(pressed, "hidden", !is);
      mark(pressed, "aria-disabled", busy ? "true" : false);
    }
    mark(this.#more, "hidden", kind !== "offer");
    write(this.#mute, `Mute ${mute}`);
    mark(this.#link, "hidden", link === null);
    mark(this.#link, "href", link?.href);
    write(this.#link, link?.label ?? "");
  }

  #giveBack() {
    const back = this.#from?.isConnected ? this.#from : document.getElementById("main");
    if (back instanceof HTMLElement) back.focus({ preventScroll: true });
  }

  /** @param {Event} event */
  #click = ({ target }) => {
    const pressed = target instanceof Element ? target.closest("button[data-act]") : null;
    if (!(pressed instanceof HTMLElement) || pressed.getAttribute("aria-disabled") === "true") return;
    this.dispatchEvent(new CustomEvent("act", { detail: pressed.dataset.act }));
  };

  /**
   * The page's own keys are not meant here, and Escape only folds what is open.
   * @param {KeyboardEvent} event
   */
  #key_down = (event) => {
    event.stopPropagation();
    if (event.key === "Escape") this.#more.open = false;
  };

  /** @param {FocusEvent} event */
  #focused = ({ relatedTarget }) => {
    if (relatedTarget instanceof Element && !this.contains(relatedTarget)) this.#from = relatedTarget;
  };
}

/**
 * @param {Act} act
 * @param {string} label
 * @param {"main" | "quiet"} [kind]
 */
function button(act, label, kind) {
  return el("button", { class: "button", type: "button", "data-act": act, "data-kind": kind }, label);
}

customElements.define("deckduel-notice", Notice);
