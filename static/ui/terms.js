/**
 * "Terms in this set": the numbered cards with search, stars and covered answers, in groups once
 * something was studied, each with the player's record in duels.
 *
 * Fires `search` (detail: the text), `star` and `uncover` (detail: a card's id), `hide` and `starred`
 * (detail: whether the switch is now down).
 */

import { el, fill, mark, write } from "./dom.js";
import { sign } from "./marks.js";

/** @typedef {import("../wire/messages.js").Card} Card */

/** @typedef {import("../model/terms.js").Term} Term */

/**
 * @typedef {object} TermsView
 * @property {readonly Term[]} rows those in sight
 * @property {boolean} hidden answers are hidden
 * @property {boolean} only_starred
 * @property {string} summary how many are in sight, empty for all
 */

export class Terms extends HTMLElement {
  #search = el("input", {
    class: "input",
    id: "search",
    type: "search",
    placeholder: "Search the terms",
    "aria-label": "Search the terms",
    autocomplete: "off",
    spellcheck: "false",
    enterkeyhint: "search",
  });
  #hide = el("button", { class: "toggle", type: "button", "aria-pressed": "false" }, "Hide answers");
  #starred = el(
    "button",
    { class: "toggle", type: "button", "aria-pressed": "false" },
    sign("star"),
    "Starred",
  );
  #found = el("p", { class: "found", role: "status" });
  #groups = el("div", { class: "groups" });
  #nothing = el("p", { class: "nothing sheet", hidden: true }, "No term matches.");
  /** @type {Map<string, ReturnType<typeof term>>} */
  #terms = new Map();

  connectedCallback() {
    if (this.childElementCount === 0) {
      const tools = el(
        "div",
        { class: "tools" },
        el("search", {}, this.#search),
        this.#hide,
        this.#starred,
      );
      const title = el("h2", { id: "terms-title" }, "Terms in this set");
      const line = el(
        "div",
        { class: "line" },
        el("p", { class: "soft" }, "Pick a mode above."),
        this.#found,
      );
      const head = el("header", {}, title, line, tools);
      this.append(
        el(
          "section",
          { class: "terms", "aria-labelledby": "terms-title" },
          head,
          this.#groups,
          this.#nothing,
        ),
      );
    }
    this.addEventListener("input", this.#input);
    this.addEventListener("click", this.#click);
    document.addEventListener("keydown", this.#slash);
  }

  disconnectedCallback() {
    this.removeEventListener("input", this.#input);
    this.removeEventListener("click", this.#click);
    document.removeEventListener("keydown", this.#slash);
  }

  /** @param {readonly Card[]} cards in deck order */
  deal(cards) {
    this.#terms = new Map(cards.map((card, index) => [card.id, term(card, index + 1)]));
    this.arrange([], new Map());
  }

  /**
   * Puts the terms into groups, or into one list where there are none, and notes how duels went.
   * @param {readonly (import("../model/mastery.js").Group & { href?: string })[]} groups `href` leads to a study of them
   * @param {ReturnType<typeof import("../model/mastery.js").duelRecords>} records
   */
  arrange(groups, records) {
    const rows = (/** @type {readonly string[]} */ ids) =>
      el("ol", { class: "sheet", role: "list" }, ...ids.map((id) => this.#terms.get(id)?.row));
    fill(
      this.#groups,
      ...(groups.length === 0 ? [rows([...this.#terms.keys()])] : []),
      ...groups.map(({ mastery, title, cards, href }) => {
        const heading = el("h3", {}, title, " ", el("span", { class: "count" }, cards.length));
        const study = href !== undefined && el("a", { href }, "Learn these");
        const head = el("header", {}, heading, study);
        return el("section", { class: "group", "data-mastery": mastery }, head, rows(cards));
      }),
    );
    for (const [id, { duels }] of this.#terms) {
      const record = records.get(id);
      fill(duels, record?.lost && sign("lost", "Lost in a duel."), record?.text);
      mark(duels, "hidden", record === undefined);
    }
  }

  /** @param {TermsView} view */
  show({ rows, hidden, only_starred, summary }) {
    mark(this.#hide, "aria-pressed", String(hidden));
    mark(this.#starred, "aria-pressed", String(only_starred));
    write(this.#found, summary);
    mark(this.#nothing, "hidden", rows.length > 0);
    const held = [...this.#terms.values()].find(({ star }) => star === document.activeElement);
    const inSight = new Map(rows.map((row) => [row.card.id, row]));
    for (const [id, parts] of this.#terms) {
      const row = inSight.get(id);
      mark(parts.row, "hidden", row === undefined);
      if (row === undefined) continue;
      mark(parts.star, "aria-pressed", String(row.starred));
      cover(parts, row.answer_hidden);
    }
    for (const list of this.#groups.children) {
      mark(list, "hidden", list.querySelector(".term:not([hidden])") === null);
    }
    if (held?.row.hidden) this.#nearest(held.row).focus();
  }

  /**
   * The star in sight that is nearest to a row which has gone: the next, else the one before.
   * @param {HTMLElement} row
   */
  #nearest(row) {
    const all = [...this.#terms.values()];
    const at = all.findIndex((parts) => parts.row === row);
    const near = [...all.slice(at), ...all.slice(0, at).reverse()].find((parts) => !parts.row.hidden);
    return near?.star ?? this.#starred;
  }

  /** @param {Event} event */
  #input = (event) => {
    if (event.target === this.#search) this.#fire("search", this.#search.value);
  };

  /** @param {Event} event */
  #click = (event) => {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    if (button === null) return;
    const id = button.closest("li")?.dataset.card;
    const down = button.getAttribute("aria-pressed") !== "true";
    if (button === this.#hide) this.#fire("hide", down);
    else if (button === this.#starred) this.#fire("starred", down);
    else if (id !== undefined) this.#fire(button.classList.contains("star") ? "star" : "uncover", id);
  };

  /** @param {KeyboardEvent} event */
  #slash = (event) => {
    const typing = event.target instanceof HTMLInputElement;
    if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.#search.focus();
  };

  /**
   * @param {string} type
   * @param {string | boolean} detail
   */
  #fire(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

/**
 * @param {Card} card
 * @param {number} number
 */
function term(card, number) {
  const answer = el("div", { class: "answer" }, card.answer);
  const star = el(
    "button",
    { class: "star", type: "button", "aria-pressed": "false", "aria-label": `Star term ${number}` },
    sign("star"),
  );
  const duels = el("p", { class: "duels", hidden: true });
  const row = el(
    "li",
    { class: "term", "data-card": card.id },
    el("span", { class: "number" }, number),
    el("p", { class: "prompt" }, card.prompt),
    answer,
    duels,
    star,
  );
  return { row, answer, star, duels, text: card.answer, number };
}

/**
 * Covers an answer, or lifts the cover; the words keep their room, so nothing moves.
 * @param {ReturnType<typeof term>} parts
 * @param {boolean} covered
 */
function cover({ answer, text, number }, covered) {
  const was = answer.querySelector("button");
  if (covered === (was !== null)) return;
  if (covered) {
    const label = `Show the answer to term ${number}`;
    fill(
      answer,
      el("button", { class: "cover", type: "button", "aria-label": label }, el("span", {}, text)),
    );
    return;
  }
  const focused = was === document.activeElement;
  fill(answer, text);
  if (!focused) return;
  // The button is gone: keep the keyboard's place, and let the answer be read out.
  answer.tabIndex = -1;
  answer.focus();
}

customElements.define("deckduel-terms", Terms);
