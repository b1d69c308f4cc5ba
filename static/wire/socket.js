/**
 * One connection to the server that comes back by itself until the page closes it.
 *
 * It is an event target: `state` (its detail is the new state) and `message` (its detail is the
 * message). Every message is an event, replies included, so that a reducer sees all of them in the
 * order in which they came.
 */

import { decode, encode, SUBPROTOCOL } from "./codec.js";

/** The longest pause before the first new try, in ms; it doubles, up to `MAX_BACKOFF_MS`. */
export const MIN_BACKOFF_MS = 500;
export const MAX_BACKOFF_MS = 5_000;
/** A connection that is not open after this long is given up, in ms. */
export const CONNECT_MS = 5_000;
/** After this much silence a page in sight asks whether the server is there, in ms. */
export const QUIET_MS = 2_500;
/** After this much silence a page out of sight asks; it must still hear of a pairing. In ms. */
export const HIDDEN_QUIET_MS = 20_000;
/** After this long without any answer the connection is mute and is replaced, in ms. */
export const MUTE_MS = 2_000;
/** A timer that runs this much too late, in ms, tells that the page itself stood still. */
export const LATE_MS = 500;

/** Closures that a new try would only repeat: unsupported frames, ours malformed, a flood, size. */
const FATAL_CODES = new Set([1002, 1003, 1007, 1008, 1009]);

/** `WebSocket.CONNECTING` */
const CONNECTING = 0;

/** @typedef {import("./messages.js").ClientMessage} ClientMessage */
/** @typedef {import("./messages.js").ServerMessage} ServerMessage */
/** @typedef {import("./messages.js").Refused} Refused */
/** @typedef {import("./messages.js").Ref} Ref */
/**
 * `closed`: for good, by the page or (see `code`) by the server.
 * @typedef {"connecting" | "open" | "reconnecting" | "closed"} SocketState
 */
/**
 * The world around a connection; tests bring their own.
 * @typedef {object} Surroundings
 * @property {(url: string, protocol: string) => WebSocket} connect
 * @property {EventTarget} window hears `online` and `pageshow`
 * @property {EventTarget & { visibilityState: DocumentVisibilityState }} document
 * @property {(run: () => void, ms: number) => unknown} setTimeout
 * @property {(timer: any) => void} clearTimeout
 * @property {() => number} now milliseconds that never go back
 * @property {() => number} random from 0 up to 1
 */

/** A request that the rules refused; the message says why. */
export class RefusedError extends Error {
  /** @param {Refused} refused */
  constructor(refused) {
    super(`${refused.reason}: ${refused.detail}`);
    this.name = "RefusedError";
    this.refused = refused;
  }
}

/** A request whose reply will not come: whether it was done is not known. */
export class ConnectionLost extends Error {
  constructor() {
    super("The connection was lost before the reply came.");
    this.name = "ConnectionLost";
  }
}

/** @returns {Surroundings} the browser's own */
export function browser() {
  return {
    connect: (url, protocol) => new WebSocket(url, protocol),
    window,
    document,
    setTimeout: (run, ms) => window.setTimeout(run, ms),
    clearTimeout: (timer) => window.clearTimeout(timer),
    now: () => performance.now(),
    random: () => Math.random(),
  };
}

/**
 * The address of the server's socket, beside the page's own.
 * @param {Location | URL} page
 */
export function address(page) {
  return `${page.protocol === "https:" ? "wss" : "ws"}://${page.host}/ws`;
}

/**
 * The page's own connection, opened; listen before you yield and nothing is missed.
 * @returns {Socket}
 */
export function connect() {
  const socket = new Socket(address(window.location));
  socket.open();
  return socket;
}

/** The page owns it: `open()` once, `close()` at the end. */
export class Socket extends EventTarget {
  /**
   * @param {string} url
   * @param {Surroundings} [surroundings]
   */
  constructor(url, surroundings = browser()) {
    super();
    /** @type {SocketState} */
    this.state = "connecting";
    /** @type {number | null} the code of the closure that ended it for good */
    this.code = null;
    this.url = url;
    this.around = surroundings;
    /** @type {WebSocket | null} */
    this.wire = null;
    this.tries = 0;
    /** @type {unknown} the one timer: of the next try, the connecting, the quiet or the mute */
    this.timer = null;
    this.heard_at = 0;
    this.asked_at = 0;
    this.last_ref = 0;
    /** @type {Map<Ref, { resolve: (m: ServerMessage) => void, reject: (e: Error) => void }>} */
    this.waiting = new Map();
    this.wake = this.wake.bind(this);
  }

  /** Connect, and stay connected until `close`. */
  open() {
    this.around.window.addEventListener("online", this.wake);
    this.around.window.addEventListener("pageshow", this.wake);
    this.around.document.addEventListener("visibilitychange", this.wake);
    this.#connect();
  }

  /** End it for good; `state` becomes `closed`. */
  close() {
    this.#stop(null);
  }

  /** Leave this connection for a fresh one at once: after a sign-up, only it knows the cookie. */
  reconnect() {
    if (this.state === "closed") return;
    this.#drop(true);
    this.#enter("reconnecting");
    this.#connect();
  }

  /**
   * @param {ClientMessage} message
   * @returns {boolean} whether it went out: false while there is no connection
   */
  send(message) {
    if (this.wire === null || this.state !== "open") return false;
    this.wire.send(encode(message));
    return true;
  }

  /**
   * Send and wait for the direct reply, which is an event as well.
   * @param {ClientMessage} message given a `ref` of its own unless it has one
   * @returns {Promise<ServerMessage>}
   * @throws {RefusedError} the rules say no
   * @throws {ConnectionLost} there is no connection, or it broke before the reply
   */
  request(message) {
    const ref = message.ref ?? `r${(this.last_ref += 1)}`;
    return new Promise((resolve, reject) => {
      this.waiting.get(ref)?.reject(new ConnectionLost());
      this.waiting.set(ref, { resolve, reject });
      if (this.send({ ...message, ref })) return;
      this.waiting.delete(ref);
      reject(new ConnectionLost());
    });
  }

  /** The page may have slept, or the network changed: find out now instead of later. */
  wake() {
    if (this.state === "closed") return;
    if (this.state !== "open") {
      // A try that is under way is left alone, else two wakings in a row would kill each other's.
      if (this.wire !== null) return;
      this.tries = 0;
      this.#connect();
    } else if (this.around.document.visibilityState === "visible") {
      this.#ask();
    }
  }

  #connect() {
    this.#cancelTimer();
    const wire = this.around.connect(this.url, SUBPROTOCOL);
    this.wire = wire;
    wire.addEventListener("open", () => this.#opened(wire));
    wire.addEventListener("message", ({ data }) => this.#heard(wire, data));
    wire.addEventListener("close", ({ code }) => this.#closed(wire, code));
    this.#after(CONNECT_MS, () => this.#lost());
  }

  /** @param {WebSocket} wire */
  #opened(wire) {
    if (wire !== this.wire) return wire.close();
    this.heard_at = this.around.now();
    this.#enter("open");
    this.#listen();
  }

  /**
   * @param {WebSocket} wire
   * @param {unknown} data
   */
  #heard(wire, data) {
    if (wire !== this.wire) return;
    this.heard_at = this.around.now();
    // Only a server that speaks has earned quick tries again.
    this.tries = 0;
    const message = decode(data);
    if (message === null || message.type === "pong") return;
    if ("ref" in message && message.ref != null) this.#reply(message.ref, message);
    this.dispatchEvent(new CustomEvent("message", { detail: message }));
  }

  /**
   * @param {Ref} ref
   * @param {ServerMessage} message
   */
  #reply(ref, message) {
    const waiting = this.waiting.get(ref);
    this.waiting.delete(ref);
    if (message.type === "refused") waiting?.reject(new RefusedError(message));
    else waiting?.resolve(message);
  }

  /**
   * @param {WebSocket} wire
   * @param {number} code
   */
  #closed(wire, code) {
    if (wire !== this.wire) return;
    if (FATAL_CODES.has(code)) this.#stop(code);
    else this.#lost();
  }

  /** Wait for silence, then ask; the timer looks at what was heard since, so frames cost nothing. */
  #listen() {
    const hidden = this.around.document.visibilityState !== "visible";
    const quiet_ms = hidden ? HIDDEN_QUIET_MS : QUIET_MS;
    const left_ms = this.heard_at + quiet_ms - this.around.now();
    if (left_ms <= 0) this.#ask();
    else this.#after(left_ms, () => this.#listen());
  }

  /** @param {boolean} [again] because the page stood still, and the answer may lie unread */
  #ask(again = false) {
    this.asked_at = this.around.now();
    this.send({ type: "ping", t: Math.round(this.asked_at) });
    this.#after(MUTE_MS, () => {
      const late = this.around.now() - this.asked_at > MUTE_MS + LATE_MS;
      if (this.heard_at >= this.asked_at) this.#listen();
      else if (late && !again) this.#ask(true);
      else this.#lost();
    });
  }

  /** The connection is gone, or as good as gone: try again after a pause. */
  #lost() {
    this.#drop();
    const backoff_ms = Math.min(MAX_BACKOFF_MS, MIN_BACKOFF_MS * 2 ** this.tries);
    this.tries += 1;
    this.#enter("reconnecting");
    // All by chance: a server that comes back, or another one, is not met by everybody at once.
    this.#after(backoff_ms * this.around.random(), () => this.#connect());
  }

  /** @param {number | null} code */
  #stop(code) {
    if (this.state === "closed") return;
    this.around.window.removeEventListener("online", this.wake);
    this.around.window.removeEventListener("pageshow", this.wake);
    this.around.document.removeEventListener("visibilitychange", this.wake);
    this.#drop(code === null);
    this.code = code;
    this.#enter("closed");
  }

  /**
   * Let go of the wire and of everything that waits on it.
   * @param {boolean} [patient] a wire that is not open yet is closed once it is: before, the browser
   *   would complain in its console
   */
  #drop(patient = false) {
    const { wire } = this;
    this.wire = null;
    this.#cancelTimer();
    if (!patient || wire?.readyState !== CONNECTING) wire?.close();
    const lost = [...this.waiting.values()];
    this.waiting.clear();
    for (const { reject } of lost) reject(new ConnectionLost());
  }

  /** @param {SocketState} state */
  #enter(state) {
    if (this.state === state) return;
    this.state = state;
    this.dispatchEvent(new CustomEvent("state", { detail: state }));
  }

  /**
   * @param {number} ms
   * @param {() => void} run
   */
  #after(ms, run) {
    this.#cancelTimer();
    this.timer = this.around.setTimeout(run, ms);
  }

  #cancelTimer() {
    if (this.timer !== null) this.around.clearTimeout(this.timer);
    this.timer = null;
  }
}
