/**
 * Who is online, to challenge, and what is being played, to watch.
 */

import { others, playingWords, roundWords, standing, watchingWords } from "../model/lobby.js";
import { matchPath, playerPath } from "../model/paths.js";
import { points } from "../model/words.js";
import { el, fill, mark, write } from "./dom.js";
import { seatMark } from "./marks.js";

/** @typedef {import("../wire/messages.js").LobbyPlayer} LobbyPlayer */
/** @typedef {import("../wire/messages.js").LobbyMatch} LobbyMatch */
/** @typedef {import("../wire/messages.js").Seat} Seat */

/**
 * The matches of a deck that may be watched, a link each; nothing at all while there is none.
 *
 * One quiet line, that a narrow screen opens: what begins or ends moves nothing else on the page.
 */
export class NowPlaying extends HTMLElement {
  #online = el("p", { class: "online soft number" });
  #open = el("button", { class: "button", "data-kind": "quiet", type: "button", "aria-expanded": "false" });
  #title = el("h2", {}, "Now playing");
  #list = new Rows(matchRow, ({ match }) => match);

  connectedCallback() {
    if (this.childElementCount === 0) {
      const line = el("div", { class: "line" }, this.#title, this.#open, this.#online);
      this.append(el("div", { class: "lobby" }, line, this.#list.root));
    }
    this.#open.addEventListener("click", this.#toggle);
  }

  disconnectedCallback() {
    this.#open.removeEventListener("click", this.#toggle);
  }

  /**
   * @param {readonly LobbyMatch[]} matches
   * @param {string} online how many are online, in words
   */
  show(matches, online) {
    write(this.#online, online);
    write(this.#open, playingWords(matches.length));
    mark(this, "data-playing", matches.length > 0);
    this.#list.show(matches);
  }

  #toggle = () => {
    const open = !this.hasAttribute("data-open");
    mark(this, "data-open", open);
    mark(this.#open, "aria-expanded", open ? "true" : "false");
  };
}

/**
 * Those who are online but oneself.
 *
 * Fires `challenge` (detail: the id of the player).
 */
export class Online extends HTMLElement {
  #nobody = el("p", { class: "soft" }, "Nobody else is online right now.");
  #more = el("p", { class: "soft" });
  #list = new Rows(playerRow, ({ id }) => id);

  connectedCallback() {
    if (this.childElementCount === 0) this.append(this.#nobody, this.#list.root, this.#more);
    this.addEventListener("click", this.#click);
  }

  disconnectedCallback() {
    this.removeEventListener("click", this.#click);
  }

  /**
   * @param {readonly LobbyPlayer[]} players
   * @param {string | null} me the signed-in player
   * @param {number} [online] how many there are in all, where that is more than `players`
   */
  show(players, me, online = players.length) {
    const listed = others(players, me);
    const hidden = online - players.length;
    this.#nobody.hidden = listed.length > 0;
    this.#more.hidden = hidden <= 0;
    write(this.#more, `and ${points(hidden)} more`);
    this.#list.show(listed);
  }

  /** @param {Event} event */
  #click = (event) => {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    const detail = button?.dataset.player;
    if (detail !== undefined) this.dispatchEvent(new CustomEvent("challenge", { detail }));
  };
}

/**
 * A list whose rows stay the elements that they are while their values change, so that the keyboard
 * and the pointer keep what they are on.
 * @template T
 */
class Rows {
  root = el("ul", { class: "lobby-rows" });
  #make;
  #id;
  /** @type {Map<string, { root: HTMLElement, draw: (item: T) => void }>} */
  #rows = new Map();

  /**
   * @param {() => { root: HTMLElement, draw: (item: T) => void }} make
   * @param {(item: T) => string} id
   */
  constructor(make, id) {
    this.#make = make;
    this.#id = id;
  }

  /** @param {readonly T[]} items */
  show(items) {
    const kept = new Map(items.map((item) => [this.#id(item), this.#rows.get(this.#id(item)) ?? this.#make()]));
    for (const item of items) kept.get(this.#id(item))?.draw(item);
    const before = [...this.#rows.keys()].join();
    this.#rows = kept;
    this.root.hidden = items.length === 0;
    if ([...kept.keys()].join() === before) return;
    const held = document.activeElement;
    fill(this.root, ...[...kept.values()].map(({ root }) => root));
    if (held instanceof HTMLElement && this.root.contains(held)) held.focus({ preventScroll: true });
  }
}

/** A live match: the whole row is the way to it. */
function matchRow() {
  const sides = /** @type {const} */ ([matchSide(0), matchSide(1)]);
  const state = el("span", { class: "state soft number" });
  const link = el(
    "a",
    {},
    el("span", { class: "visually-hidden" }, "Watch "),
    ...sides.map(({ root }) => root),
    state,
  );
  /** @param {LobbyMatch} match */
  function draw(match) {
    mark(link, "href", matchPath(match.match));
    sides.forEach((side, seat) => side.draw(match.players[/** @type {Seat} */ (seat)], match.totals[/** @type {Seat} */ (seat)]));
    const words = [roundWords(match), match.rated ? "rated" : "casual", watchingWords(match.watchers)];
    write(state, words.filter((word) => word !== "").join(" · "));
  }
  return { root: el("li", {}, link), draw };
}

/** @param {Seat} seat */
function matchSide(seat) {
  const name = el("b", { class: "name" });
  const rating = el("span", { class: "soft number" });
  const total = el("span", { class: "total number" });
  const who = el("span", { class: "who" }, name, " ", rating);
  const root = el("span", { class: "side-line", "data-seat": seat }, seatMark(seat), who, " ", total);
  /**
   * @param {import("../wire/messages.js").Opponent} player
   * @param {number} scored
   */
  function draw(player, scored) {
    write(name, player.name);
    mark(name, "title", player.name);
    write(rating, standing(player));
    write(total, points(scored));
  }
  return { root, draw };
}

/** Somebody who is online: to watch while he plays, else to challenge. */
function playerRow() {
  const name = el("a", { class: "name" });
  const rating = el("span", { class: "soft number" });
  const action = el("span", { class: "action" });
  /** @param {LobbyPlayer} player */
  function draw(player) {
    mark(name, "href", playerPath(player.id));
    write(name, player.name);
    mark(name, "title", player.name);
    write(rating, player.playing === null ? standing(player) : `${standing(player)} · playing`);
    const key = `${player.playing} ${player.name}`;
    if (action.dataset.drawn === key) return;
    action.dataset.drawn = key;
    fill(action, player.playing === null ? challenge(player) : watch(player.playing, player.name));
  }
  return { root: el("li", {}, el("span", { class: "who" }, name, " ", rating), action), draw };
}

/** @param {LobbyPlayer} player */
function challenge({ id, name }) {
  return el(
    "button",
    { class: "button", type: "button", "data-player": id },
    "Challenge",
    el("span", { class: "visually-hidden" }, ` ${name}`),
  );
}

/**
 * @param {string} match
 * @param {string} name
 */
function watch(match, name) {
  return el(
    "a",
    { class: "button", href: matchPath(match) },
    "Watch",
    el("span", { class: "visually-hidden" }, ` ${name}`),
  );
}

customElements.define("deckduel-now-playing", NowPlaying);
customElements.define("deckduel-online", Online);
