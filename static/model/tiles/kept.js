/**
 * A finished game of Match that the server has not answered yet, as it is kept over a reload.
 */

import { record } from "../kept.js";

/** @typedef {import("../tiles.js").Game} Game */
/** @typedef {import("../tiles.js").Unsent} Unsent */

/** So long after the deal the server has a game no more, in ms. */
export const KEPT_MS = 3_600_000;

/**
 * @param {Game} game that has just ended
 * @param {number} now_ms ms since 1970
 */
export function toKeep({ id, turns, began_at, ended_at }, now_ms) {
  return { id, turns, dealt_at_ms: now_ms - ((ended_at ?? began_at) - began_at) };
}

/**
 * What is still worth sending of what was kept; read defensively, for anybody may have written it.
 * @param {unknown} value
 * @param {number} now_ms ms since 1970
 * @returns {Unsent | null}
 */
export function unsentOf(value, now_ms) {
  const { id, turns, dealt_at_ms } = record(value);
  const fresh = typeof dealt_at_ms === "number" && Math.abs(now_ms - dealt_at_ms) < KEPT_MS;
  if (!fresh || typeof id !== "string" || !Array.isArray(turns) || !turns.every(isTurn)) return null;
  return Object.freeze({ id, turns: Object.freeze(turns) });
}

/** @param {unknown} turn */
function isTurn(turn) {
  return Array.isArray(turn) && turn.length === 2 && turn.every(Number.isSafeInteger);
}
