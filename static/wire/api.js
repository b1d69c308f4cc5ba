/** The HTTP calls of the server, each one function that gives the answer or throws an ApiError. */

/** @typedef {import("./messages.js").ErrorBody} ErrorBody */

/** How long a call may take, in ms. */
const TIMEOUT_MS = 10_000;

/** A call that was refused or did not get through; `reason` is for code, `detail` for a person. */
export class ApiError extends Error {
  /**
   * @param {number} status of HTTP; 0 when there was no answer
   * @param {string} reason the server's word, or `unreachable`, or `unreadable`
   * @param {string} detail one sentence a person can act on
   */
  constructor(status, reason, detail) {
    super(`${reason}: ${detail}`);
    this.name = "ApiError";
    this.status = status;
    this.reason = reason;
    this.detail = detail;
  }

  /** Whether it passes, and the call is worth repeating: no answer, too fast, the server's trouble. */
  get passing() {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/**
 * Take a name; the session cookie comes with the answer.
 * @param {string} name
 * @returns {Promise<import("./messages.js").SignedUp>}
 */
export function signUp(name) {
  return call("POST", "/api/players", { name });
}

/**
 * @param {string} id
 * @returns {Promise<import("./messages.js").MatchRecord>}
 */
export function matchRecord(id) {
  return call("GET", `/api/matches/${encodeURIComponent(id)}`);
}

/**
 * Hear no challenge of a player any more.
 * @param {string} player
 * @returns {Promise<unknown>}
 */
export function mutePlayer(player) {
  return call("PUT", `/api/me/muted/${encodeURIComponent(player)}`);
}

/**
 * More of a player's finished matches, newest first.
 * @param {string} player
 * @param {number} before the `next` of the page before
 * @returns {Promise<import("./players.js").Matches>}
 */
export function playerMatches(player, before) {
  return call("GET", `/api/players/${encodeURIComponent(player)}/matches?before=${before}`);
}

/**
 * Some rows of a deck's board; with `around`, also those next to a player.
 * @param {string} deck
 * @param {{ limit?: number, offset?: number, period?: import("./players.js").Period, around?: string }} asked
 * @returns {Promise<import("./players.js").Leaderboard>}
 */
export function leaderboard(deck, asked) {
  const query = new URLSearchParams(
    Object.entries(asked).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );
  return call("GET", deckCall(deck, `leaderboard?${query}`));
}

/**
 * One's progress in a deck.
 * @param {string} deck
 * @returns {Promise<import("./study.js").Progress>}
 */
export function progress(deck) {
  return call("GET", deckCall(deck, "progress"));
}

/**
 * Keep reviews; the same one twice is kept once.
 * @param {string} deck
 * @param {readonly import("./study.js").Review[]} reviews 1 to 100
 * @param {{ keepalive?: boolean }} [options] to have it sent though the page is going
 * @returns {Promise<import("./study.js").Kept>}
 */
export function sendReviews(deck, reviews, options) {
  const send = () => call("POST", deckCall(deck, "reviews"), { reviews }, options);
  return options?.keepalive ? send() : inTurn(send);
}

/**
 * Whether typed answers are right, in their order.
 * @param {string} deck
 * @param {readonly import("./study.js").Typed[]} answers 1 to 100
 * @returns {Promise<readonly import("./study.js").Verdict[]>}
 */
export async function grade(deck, answers) {
  const { verdicts } = await call("POST", deckCall(deck, "grade"), { answers });
  return verdicts;
}

/**
 * Have a game of tiles dealt; its clock starts at the server.
 * @param {string} deck
 * @returns {Promise<import("./study.js").TilesDeal>}
 */
export function dealTiles(deck) {
  return inTurn(() => call("POST", deckCall(deck, "tiles"), {}));
}

/**
 * End a game of tiles; a repeat gives the same result.
 * @param {string} deck
 * @param {string} game
 * @param {readonly (readonly [number, number])[]} turns every pair tried, in order
 * @returns {Promise<import("./study.js").TilesResult>}
 */
export function finishTiles(deck, game, turns) {
  return call("POST", deckCall(deck, `tiles/${encodeURIComponent(game)}`), { turns });
}

/**
 * @param {string} deck
 * @returns {Promise<import("./study.js").BestTimes>}
 */
export function bestTiles(deck) {
  return call("GET", deckCall(deck, "tiles"));
}

/**
 * Every call of the server, as an OpenAPI document.
 * @returns {Promise<import("../model/api.js").Schema>}
 */
export function describedCalls() {
  return call("GET", "/api/openapi.json");
}

/**
 * Every message of the socket, as a JSON Schema.
 * @returns {Promise<import("../model/api.js").Schema>}
 */
export function describedMessages() {
  return call("GET", "/api/schema");
}

/** The last of the calls that may make a guest, where the browser has no locks. */
let turn = Promise.resolve();

/**
 * Calls that may make a guest of a visitor go one after the other, in all tabs where the browser can:
 * two at once would make two guests, and the browser would remember only one.
 * @template T
 * @param {() => Promise<T>} run
 * @returns {Promise<T>}
 */
function inTurn(run) {
  const locks = globalThis.navigator?.locks;
  if (locks !== undefined) return locks.request("deckduel.guest", run);
  const answer = turn.then(run);
  turn = answer.then(
    () => {},
    () => {},
  );
  return answer;
}

/**
 * @param {string} deck
 * @param {string} rest
 */
function deckCall(deck, rest) {
  return `/api/decks/${encodeURIComponent(deck)}/${rest}`;
}

/**
 * @param {"GET" | "POST" | "PUT" | "PATCH" | "DELETE"} method
 * @param {string} path
 * @param {object} [body]
 * @param {RequestInit} [options]
 */
export async function call(method, path, body, options) {
  /** @type {RequestInit} */
  const request = {
    method,
    signal: AbortSignal.timeout(TIMEOUT_MS),
    credentials: "same-origin",
    ...options,
  };
  request.headers = { accept: "application/json" };
  if (body !== undefined) {
    request.headers["content-type"] = "application/json";
    request.body = JSON.stringify(body);
  }
  let response;
  let text;
  try {
    response = await fetch(path, request);
    text = await response.text();
  } catch {
    throw new ApiError(0, "unreachable", "The server does not answer. Check the connection.");
  }
  const answer = parsed(text);
  if (response.ok && answer !== undefined) return answer;
  const { error, detail } = errorBody(answer);
  throw new ApiError(response.status, error, detail);
}

/**
 * @param {string} text
 * @returns {any} undefined for what is no JSON
 */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * @param {unknown} answer
 * @returns {ErrorBody}
 */
function errorBody(answer) {
  const body = /** @type {Partial<ErrorBody>} */ (answer ?? {});
  return {
    error: typeof body.error === "string" ? body.error : "unreadable",
    detail: typeof body.detail === "string" ? body.detail : "The server's answer makes no sense.",
  };
}
