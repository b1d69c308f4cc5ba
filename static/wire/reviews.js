/**
 * The outbox of reviews: a review leaves the browser's storage only when the server has it.
 *
 * Fires `stored` (detail: the progress that came back) and `waiting` (detail: how many wait for the
 * connection, 0 when none does). The reviews of all tabs and of earlier visits are sent; one that
 * arrives twice counts once, so nothing here has to be exact but that none is lost.
 */

import { ApiError, sendReviews } from "./api.js";
import { Retry } from "./retry.js";

/** @typedef {import("./study.js").Review} Review */
/** @typedef {import("./study.js").How} How */
/** @typedef {{ review: Review, held_until_ms: number }} Entry */
/**
 * What the outbox needs of its page, so that a test can stand in for it.
 * @typedef {object} Surroundings
 * @property {Store} store
 * @property {EventTarget} window
 * @property {typeof sendReviews} send
 * @property {(run: () => void, ms: number) => any} setTimeout
 * @property {(timer: any) => void} clearTimeout
 */
/** @typedef {Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">} Store */

/** Reviews that travel in one call. */
export const BATCH = 50;

/** How long another tab leaves a review alone that its own tab may still amend, in ms. */
const HOLD_MS = 10 * 60_000;

/**
 * The time of day by the server, ms since 1970: this device's clock may be hours wrong.
 * @param {number} server_time_ms what it is now
 * @returns {() => number}
 */
export function serverClock(server_time_ms) {
  const ahead_ms = server_time_ms - Date.now();
  return () => Date.now() + ahead_ms;
}

export class Reviews extends EventTarget {
  #deck;
  #now;
  #store;
  #prefix;
  /** Held by this page. @type {Set<string>} */
  #held = new Set();
  #sending = false;
  #batch = BATCH;
  #retry;
  #waiting = 0;
  #page;

  /**
   * @param {string} deck
   * @param {() => number} now ms since 1970, as the server counts them
   * @param {Surroundings} [page]
   */
  constructor(deck, now, page = browser()) {
    super();
    this.#deck = deck;
    this.#now = now;
    this.#page = page;
    this.#store = page.store;
    this.#retry = new Retry(this.#send, page);
    this.#prefix = `deckduel.review.${deck}.`;
  }

  /** Begins to send: what is left of earlier visits, then whatever is recorded. */
  connect() {
    this.#page.window.addEventListener("online", this.#send);
    this.#page.window.addEventListener("pagehide", this.#leave);
    this.#send();
  }

  disconnect() {
    this.#retry.stop();
    this.#page.window.removeEventListener("online", this.#send);
    this.#page.window.removeEventListener("pagehide", this.#leave);
  }

  /**
   * Keeps a review, and sends it unless it is to be held.
   * @param {{ card: string, how: How, right: boolean }} answer
   * @param {{ held?: boolean, id?: string }} [options] `held`: it may still be amended, until `release`;
   *   `id`: of an answer that two tabs may record, so that it counts once; 8 to 40 of A-Za-z0-9_-
   * @returns {string} its id
   */
  record({ card, how, right }, { held = false, id = newId() } = {}) {
    if (held) this.#held.add(id);
    const review = { id, card, at_ms: Math.round(this.#now()), how, right };
    this.#write({ review, held_until_ms: held ? this.#now() + HOLD_MS : 0 });
    if (!held) this.#send();
    return id;
  }

  /**
   * Changes the verdict of a review that is held.
   * @param {string} id
   * @param {boolean} right
   */
  amend(id, right) {
    const entry = this.#held.has(id) ? this.#read(this.#prefix + id) : null;
    if (entry !== null) this.#write({ ...entry, review: { ...entry.review, right } });
  }

  /**
   * Takes back a review that is held: it never was.
   * @param {string} id
   */
  drop(id) {
    if (this.#held.delete(id)) this.#store.removeItem(this.#prefix + id);
  }

  /**
   * Lets a held review go.
   * @param {string} id
   */
  release(id) {
    if (!this.#held.delete(id)) return;
    const entry = this.#read(this.#prefix + id);
    if (entry !== null) this.#write({ ...entry, held_until_ms: 0 });
    this.#send();
  }

  #leave = () => {
    for (const id of [...this.#held]) {
      this.#held.delete(id);
      const entry = this.#read(this.#prefix + id);
      if (entry !== null) this.#write({ ...entry, held_until_ms: 0 });
    }
    // Sent though nobody waits for the answer; what it does not take along, the next page sends.
    const reviews = this.#ready().slice(0, BATCH);
    if (reviews.length > 0) this.#page.send(this.#deck, reviews, { keepalive: true }).catch(() => {});
  };

  #send = async () => {
    this.#retry.stop();
    if (this.#sending) return;
    this.#sending = true;
    try {
      for (;;) {
        const reviews = this.#ready().slice(0, this.#batch);
        if (reviews.length === 0) break;
        await this.#sendBatch(reviews);
      }
      this.#retry.reset();
      this.#say(0);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#say(this.#ready().length);
      this.#retry.later();
    } finally {
      this.#sending = false;
    }
  };

  /** @param {readonly Review[]} reviews */
  async #sendBatch(reviews) {
    try {
      const kept = await this.#page.send(this.#deck, reviews);
      for (const { id } of reviews) this.#store.removeItem(this.#prefix + id);
      this.#batch = BATCH;
      this.dispatchEvent(new CustomEvent("stored", { detail: kept }));
    } catch (error) {
      if (!(error instanceof ApiError) || error.passing) throw error;
      // One of them is spoilt: alone, it harms only itself.
      if (reviews.length > 1) this.#batch = 1;
      else for (const { id } of reviews) this.#store.removeItem(this.#prefix + id);
    }
  }

  /** Those that may be sent, oldest first. */
  #ready() {
    const now = this.#now();
    const entries = [];
    for (let at = 0; at < this.#store.length; at += 1) {
      const key = this.#store.key(at);
      const entry = key?.startsWith(this.#prefix) ? this.#read(key) : null;
      if (entry === null || this.#held.has(entry.review.id)) continue;
      if (entry.held_until_ms <= now) entries.push(entry.review);
    }
    return entries.sort((one, other) => one.at_ms - other.at_ms);
  }

  /**
   * @param {string} key
   * @returns {Entry | null}
   */
  #read(key) {
    try {
      const entry = JSON.parse(this.#store.getItem(key) ?? "null");
      return typeof entry?.review?.id === "string" ? entry : null;
    } catch {
      return null;
    }
  }

  /** @param {Entry} entry */
  #write(entry) {
    try {
      this.#store.setItem(this.#prefix + entry.review.id, JSON.stringify(entry));
    } catch {
      // The storage is full: the rest of this visit is kept by the page alone.
      this.#store = inMemory(this.#store, this.#prefix);
      this.#store.setItem(this.#prefix + entry.review.id, JSON.stringify(entry));
    }
  }

  /** @param {number} waiting */
  #say(waiting) {
    if (waiting === this.#waiting) return;
    this.#waiting = waiting;
    this.dispatchEvent(new CustomEvent("waiting", { detail: waiting }));
  }
}

/** @returns {string} an id that nothing else has */
export function newId() {
  return crypto.getRandomValues(new Uint8Array(12)).reduce((text, byte) => text + hex(byte), "");
}

/** @param {number} byte */
function hex(byte) {
  return byte.toString(16).padStart(2, "0");
}

/** @returns {Surroundings} */
function browser() {
  return {
    store: browserStore(),
    window,
    send: sendReviews,
    setTimeout: (run, ms) => setTimeout(run, ms),
    clearTimeout: (timer) => clearTimeout(timer),
  };
}

/** @returns {Store} the browser's, or the page's own where that is switched off */
function browserStore() {
  try {
    return localStorage;
  } catch {
    return inMemory(null, "");
  }
}

/**
 * A storage that lasts as long as the page, with what another one holds under a prefix.
 * @param {Store | null} other
 * @param {string} prefix
 * @returns {Store}
 */
function inMemory(other, prefix) {
  /** @type {Map<string, string>} */
  const kept = new Map();
  for (let at = 0; at < (other?.length ?? 0); at += 1) {
    const key = other?.key(at) ?? "";
    if (key.startsWith(prefix)) kept.set(key, other?.getItem(key) ?? "");
  }
  return {
    get length() {
      return kept.size;
    },
    key: (index) => [...kept.keys()][index] ?? null,
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => {
      kept.delete(key);
      other?.removeItem(key);
    },
  };
}
