/**
 * What the pages with challenges share: their state, joined to the socket and to the sign-up.
 */

import { next, offers as newOffers, outgoing } from "../model/offers.js";
import { ApiError, signUp } from "../wire/api.js";
import { frame } from "./frame.js";

/** @typedef {import("../model/offers.js").Offers} Offers */
/** @typedef {import("../model/offers.js").OffersEvent} OffersEvent */
/** @typedef {import("../model/challenge.js").Challenge} Challenge */
/** @typedef {import("../wire/messages.js").Player} Player */
/** @typedef {import("../wire/messages.js").ServerMessage} ServerMessage */
/** @typedef {import("../wire/socket.js").Socket} Socket */

/** The page makes one, and redraws at its event `changed`. */
export class Offering extends EventTarget {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #retry;

  /**
   * @param {Player | null} me
   * @param {readonly Challenge[]} views the page's data
   * @param {Socket} socket
   */
  constructor(me, views, socket) {
    super();
    /** @type {Offers} */
    this.offers = newOffers(me, views, performance.now());
    this.socket = socket;
  }

  /** Hear the socket from now on. */
  listen() {
    this.socket.addEventListener("state", (event) => {
      this.dispatch({ type: "connection", state: /** @type {CustomEvent} */ (event).detail });
    });
    this.socket.addEventListener("message", (event) => {
      this.dispatch(/** @type {CustomEvent<ServerMessage>} */ (event).detail);
    });
  }

  /**
   * Have something done; a visitor is asked for a name first.
   * @param {string} about what on the page it belongs to
   * @param {import("../wire/messages.js").ClientMessage} message
   */
  wish(about, message) {
    this.dispatch({ type: "wished", about, message });
  }

  /**
   * Take a name, and then do what waits for it.
   * @param {string} name
   */
  async takeName(name) {
    this.dispatch({ type: "name_sent" });
    try {
      const { id, name: taken } = await signUp(name);
      const player = { id, name: taken };
      this.dispatch({ type: "named", player });
      frame(player);
      this.socket.reconnect();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.dispatch({ type: "name_refused", reason: error.reason, detail: error.detail });
    }
  }

  /** @param {ServerMessage | OffersEvent} event */
  dispatch(event) {
    const before = this.offers;
    this.offers = next(before, event, performance.now());
    for (const message of outgoing(this.offers)) {
      if (!this.socket.send(message)) continue;
      this.offers = next(this.offers, { type: "sent", message }, performance.now());
    }
    if (this.offers === before) return;
    this.#planRetry();
    this.dispatchEvent(new CustomEvent("changed"));
  }

  /** Asks again what was refused for a while. */
  #planRetry() {
    clearTimeout(this.#retry);
    const { retry_at } = this.offers;
    if (retry_at === null) return;
    const wait_ms = Math.max(0, retry_at - performance.now()) + 1;
    this.#retry = setTimeout(() => this.dispatch({ type: "retry" }), wait_ms);
  }
}
