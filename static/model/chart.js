/** The picture of a rating: which points are drawn, where, what the axis says, what a point reads. */

import { rating, signed } from "./words.js";

/**
 * @typedef {object} HistoryPoint
 * @property {string} match
 * @property {number} at_ms
 * @property {number} rating after the match
 * @property {number} change
 * @property {{ readonly id: string, readonly name: string } | null} opponent
 * @property {number | null} low one standard error below, while provisional
 * @property {number | null} high
 */
/** @typedef {{ readonly at: number, readonly x: number, readonly y: number }} Spot `at` counts points from 0 */
/** @typedef {{ readonly value: number, readonly y: number }} Tick */
/**
 * @typedef {object} ChartView everything in px of the plot
 * @property {number} width
 * @property {number} height
 * @property {string} line a path
 * @property {string} band a path, empty where no point is provisional
 * @property {readonly Spot[]} spots the points that get a mark: all, or none where they are many
 * @property {readonly Tick[]} ticks
 */

/** Points of a line that a screen can tell apart. */
export const MOST_DRAWN = 240;
/** Up to so many points each have a mark. */
export const MOST_MARKED = 40;
const MOST_TICKS = 5;
const STEPS = Object.freeze([5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000]);
/** A rating that hardly moves is not blown up to look wild. */
const LEAST_SPAN = 60;

/**
 * Where everything stands: matches from left to right, the rating before the first at the edge.
 * @param {readonly HistoryPoint[]} points oldest first, at least one
 * @param {number} width
 * @param {number} height
 * @returns {ChartView}
 */
export function chart(points, width, height) {
  const [least, most] = domain(points);
  const y = (/** @type {number} */ value) => round(height * (1 - (value - least) / (most - least)));
  const spot = (/** @type {number} */ at) => {
    const { rating: value } = /** @type {HistoryPoint} */ (points[at]);
    return Object.freeze({ at, x: xOf(at, points.length, width), y: y(value) });
  };
  const drawn = sample(points, MOST_DRAWN).map(spot);
  const first = /** @type {HistoryPoint} */ (points[0]);
  const line = [`M0 ${y(first.rating - first.change)}`, ...drawn.map(({ x, y }) => `L${x} ${y}`)];
  return Object.freeze({
    width,
    height,
    line: line.join(""),
    band: band(points, width, (value) => Math.max(0, Math.min(height, y(value)))),
    spots: Object.freeze(points.length <= MOST_MARKED ? drawn : []),
    ticks: Object.freeze(ticks(least, most).map((value) => Object.freeze({ value, y: y(value) }))),
  });
}

/**
 * Where one point stands.
 * @param {readonly HistoryPoint[]} points
 * @param {number} at
 * @param {number} width
 * @param {number} height
 * @returns {Spot}
 */
export function spotOf(points, at, width, height) {
  const [least, most] = domain(points);
  const { rating: value } = /** @type {HistoryPoint} */ (points[at]);
  const y = round(height * (1 - (value - least) / (most - least)));
  return Object.freeze({ at, x: xOf(at, points.length, width), y });
}

/**
 * The points to draw of many: the first, the last, and the lowest and highest of each stretch, so
 * that no peak is lost.
 * @param {readonly { readonly rating: number }[]} points
 * @param {number} most at least 4
 * @returns {readonly number[]} their places, in order
 */
export function sample(points, most) {
  const all = points.map((_, at) => at);
  if (points.length <= most) return all;
  const stretches = Math.floor((most - 2) / 2);
  const value = (/** @type {number} */ at) => /** @type {{ rating: number }} */ (points[at]).rating;
  const kept = new Set([0, points.length - 1]);
  for (let n = 0; n < stretches; n += 1) {
    const from = Math.floor((n * points.length) / stretches);
    const to = Math.floor(((n + 1) * points.length) / stretches);
    const stretch = all.slice(from, to);
    kept.add(stretch.reduce((least, at) => (value(at) < value(least) ? at : least)));
    kept.add(stretch.reduce((most, at) => (value(at) > value(most) ? at : most)));
  }
  return [...kept].sort((a, b) => a - b);
}

/**
 * A few round numbers inside a range.
 * @param {number} least
 * @param {number} most
 * @returns {readonly number[]} ascending
 */
export function ticks(least, most) {
  const within = (/** @type {number} */ step) => Math.floor(most / step) - Math.ceil(least / step) + 1;
  const step = STEPS.find((size) => within(size) <= MOST_TICKS) ?? 5000;
  return Array.from({ length: within(step) }, (_, n) => (Math.ceil(least / step) + n) * step);
}

/**
 * The point nearest to a place.
 * @param {number} count
 * @param {number} x px from the plot's edge
 * @param {number} width
 */
export function nearest(count, x, width) {
  return Math.max(0, Math.min(count - 1, Math.round((x / width) * count) - 1));
}

/**
 * Where a key leads from a point, or null for a key that leads nowhere.
 * @param {string} key
 * @param {number} at
 * @param {number} count
 */
export function stepped(key, at, count) {
  const stride = Math.max(1, Math.round(count / 10));
  const to = {
    ArrowLeft: at - 1,
    ArrowDown: at - 1,
    ArrowRight: at + 1,
    ArrowUp: at + 1,
    PageDown: at - stride,
    PageUp: at + stride,
    Home: 0,
    End: count - 1,
  }[key];
  return to === undefined ? null : Math.max(0, Math.min(count - 1, to));
}

/** @param {HistoryPoint} point its rating: "1520?" */
export function ratingWords({ rating: value, low }) {
  return rating(value, low !== null);
}

/** @param {HistoryPoint} point what its match changed: "+20" */
export function changeWords({ change }) {
  return signed(change);
}

/**
 * A point in words: "1520?, +20 against Bob".
 * @param {HistoryPoint} point
 */
export function pointWords(point) {
  const against = point.opponent === null ? "" : ` against ${point.opponent.name}`;
  return `${ratingWords(point)}, ${changeWords(point)}${against}`;
}

/**
 * The whole in one sentence, for who does not see it.
 * @param {readonly HistoryPoint[]} points oldest first, at least one
 */
export function chartWords(points) {
  const values = points.map(({ rating: value }) => value);
  const last = /** @type {HistoryPoint} */ (points.at(-1));
  const matches = points.length === 1 ? "one rated match" : `${points.length} rated matches`;
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return `Rating after ${matches}: now ${rating(last.rating, last.low !== null)}, lowest ${least}, highest ${most}.`;
}

/**
 * From where to where the axis goes: all ratings, and the range of the last one that has one.
 * @param {readonly HistoryPoint[]} points
 * @returns {readonly [number, number]}
 */
function domain(points) {
  const first = /** @type {HistoryPoint} */ (points[0]);
  const before = first.rating - first.change;
  const shaded = points.filter(({ low }) => low !== null).at(-1);
  let least = Math.min(before, shaded?.low ?? before);
  let most = Math.max(before, shaded?.high ?? before);
  for (const { rating: value } of points) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  const missing = Math.max(0, LEAST_SPAN - (most - least)) / 2;
  const air = (most - least) / 12;
  return [least - missing - air, most + missing + air];
}

/**
 * The range of the provisional points, which come first.
 * @param {readonly HistoryPoint[]} points
 * @param {number} width
 * @param {(value: number) => number} y
 */
function band(points, width, y) {
  /** @type {string[]} */
  const above = [];
  /** @type {string[]} */
  const below = [];
  points.forEach(({ low, high }, at) => {
    if (low === null || high === null) return;
    const x = xOf(at, points.length, width);
    above.push(`${x} ${y(high)}`);
    below.unshift(`${x} ${y(low)}`);
  });
  if (above.length === 0) return "";
  const left = [`0 ${(below.at(-1) ?? "").split(" ")[1]}`, `0 ${(above[0] ?? "").split(" ")[1]}`];
  return `M${[...above, ...below, ...left].join("L")}Z`;
}

/**
 * @param {number} at
 * @param {number} count
 * @param {number} width
 */
function xOf(at, count, width) {
  return round((width * (at + 1)) / count);
}

/** @param {number} value to a tenth: no screen shows more */
function round(value) {
  return Math.round(value * 10) / 10;
}
