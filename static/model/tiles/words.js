/** Every sentence and number that a person reads or hears in Match. */

import { ownRow, pairsFound, STALE } from "../tiles.js";
import { counted } from "../words.js";

/** @typedef {import("../tiles.js").Game} Game */
/** @typedef {import("../tiles.js").Problem} Problem */
/** @typedef {import("../tiles.js").Tiles} Tiles */
/** @typedef {import("../../wire/study.js").TilesResult} TilesResult */

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;

/**
 * A running clock: "9.4", "1:02.0"; only whole tenths that have passed.
 * @param {number} ms
 */
export function clock(ms) {
  return written(ms, 1);
}

/**
 * A time that counts, to the hundredth: "14.32 s", "1:02.03".
 * @param {number} ms
 */
export function time(ms) {
  return ms < MINUTE_MS ? `${written(ms, 2)} s` : written(ms, 2);
}

/**
 * @param {number} ms
 * @param {number} digits
 */
function written(ms, digits) {
  const unit = SECOND_MS / 10 ** digits;
  const whole = Math.floor(ms / unit);
  const minutes = Math.floor((whole * unit) / MINUTE_MS);
  const seconds = (whole - (minutes * MINUTE_MS) / unit) / 10 ** digits;
  const text = seconds.toFixed(digits);
  return minutes === 0 ? text : `${minutes}:${text.padStart(digits + 3, "0")}`;
}

/** @param {Game} game "2 of 6 found" */
export function progress(game) {
  return `${pairsFound(game)} of ${game.tiles.length / 2} found`;
}

/** @param {Game} game "+2 s", or "No miss" */
export function penalty({ misses, penalty_ms }) {
  return misses === 0 ? "No miss" : `+${(misses * penalty_ms) / SECOND_MS} s`;
}

/**
 * What is heard of a step, or null.
 * @param {Tiles} before
 * @param {Tiles} after
 */
export function heard(before, after) {
  if (before.result !== after.result && after.result !== null) return summary(after);
  const problem = problemOf(after);
  if (before.problem !== after.problem && problem !== null) return problem;
  const row = ownRow(after);
  if (row !== null && ownRow(before) === null) return listed(row.rank);
  const [was, is] = [before.game, after.game];
  if (was === null || is === null || was.turns === is.turns || is.turns.length === 0) return null;
  if (was.misses !== is.misses) return `Not a pair. ${countedMisses(is.misses)}, ${penalty(is)}.`;
  return is.ended_at === null ? `Found, ${pairsFound(is)} of ${is.tiles.length / 2}.` : "All found.";
}

/**
 * How the time came about: "12.32 s, and 2 seconds for 2 misses."
 * @param {TilesResult} result
 */
export function sum({ time_ms, elapsed_ms, misses }) {
  if (misses === 0) return "No miss.";
  const seconds = counted((time_ms - elapsed_ms) / SECOND_MS, "second");
  return `${time(elapsed_ms)}, and ${seconds} for ${countedMisses(misses)}.`;
}

/** @param {number} misses */
function countedMisses(misses) {
  return misses === 1 ? "1 miss" : `${misses} misses`;
}

/**
 * Where the player stands: by this time if it is his best, else by that best; empty for nowhere.
 * @param {Tiles} state with a result
 */
export function standing(state) {
  const { result } = state;
  if (result === null) return "";
  const rank = result.rank ?? ownRow(state)?.rank ?? null;
  if (result.improved) return rank === null ? "" : `Rank ${rank} in this deck.`;
  const place = rank === null ? "" : `, rank ${rank} in this deck`;
  return `Your best is ${time(result.best_ms)}${place}.`;
}

/** @param {number} rank */
function listed(rank) {
  return `You are on the list, rank ${rank}.`;
}

/** @param {Tiles} state with a result */
function summary(state) {
  const { result } = state;
  if (result === null) return "";
  const said = [result.improved ? "New best." : "", standing(state), sum(result)];
  return said.filter((sentence) => sentence !== "").join(" ");
}

/** @typedef {"short" | "middle" | "long"} Room */

/**
 * How much room a text takes on a tile: by its length, and by its longest word, for want of hyphens.
 * @param {string} text
 * @returns {Room}
 */
export function room(text) {
  const word = Math.max(...text.split(/[\s/-]+/).map(({ length }) => length));
  if (text.length > 60 || word > 13) return "long";
  return text.length > 26 || word > 10 ? "middle" : "short";
}

/** What the game is. */
export const RULES = "Press a question, then its answer. Every miss costs a second.";

/** What stands while a finished game is on its way, and over a result that came so late. */
export const UNSENT = "Your last game is kept, and sent as soon as the server can be reached.";
export const SENT_LATE = "Your last game, which could be sent only now.";

/** What stands where there is no list. */
export const NO_TIMES = Object.freeze({
  title: "No times yet",
  text: "Find six pairs to set the first.",
});

/**
 * Why a game cannot begin, or has no result (yet), with what to do about it; null for all well.
 * @param {Tiles} state
 */
export function problemOf({ phase, problem }) {
  if (problem === null) return null;
  if (phase === "sending") return sendingProblem(problem);
  if (phase === "over") return OVER[problem.reason] ?? `Your time does not count. ${problem.detail}`;
  if (problem === STALE) return "The cards of this deck have changed. Reload the page.";
  if (problem.status !== 0) return problem.detail;
  return "Match needs the server: its clock is the one that counts. Check the connection.";
}

/** @param {Problem} problem that passes */
function sendingProblem({ status }) {
  if (status !== 0) return "The server is busy. Your game is sent again in a moment.";
  return "No connection. Your game is kept and sent when it is back, and the clock runs until then.";
}

/** @type {Readonly<Record<string, string>>} */
const OVER = Object.freeze({
  impossible_time: "Nobody presses twelve tiles that fast, so this time does not count. Play again.",
  no_such_game:
    "The server has this game no more: you began another one since, or an hour has passed. Play again.",
});
