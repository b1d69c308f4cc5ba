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
 * @param {"GET" | "POST"} method
 * @param {string} path
 * @param {object} [body]
 */
async function call(method, path, body) {
  /** @type {RequestInit} */
  const request = { method, signal: AbortSignal.timeout(TIMEOUT_MS), credentials: "same-origin" };
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
