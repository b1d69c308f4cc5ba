/**
 * The running score of a match: the scale that it is drawn to, and what it comes to in a sentence or two.
 */

import { counted, points } from "./words.js";

/** @typedef {{ readonly round: number, readonly totals: readonly [number, number] }} Scored */

/** Between the lines of the scale, in points. */
const STEPS = Object.freeze([250, 500, 1_000, 2_500, 5_000, 10_000]);
const MOST_LINES = 4;

/**
 * The scale of the picture: a few round numbers from 0 to at least the highest total.
 * @param {readonly Scored[]} rounds
 * @returns {{ top: number, step: number }}
 */
export function scale(rounds) {
  const highest = Math.max(1, ...rounds.flatMap(({ totals }) => totals));
  const step = STEPS.find((size) => highest <= size * MOST_LINES) ?? 10_000;
  return Object.freeze({ top: Math.ceil(highest / step) * step, step });
}

/**
 * How the lead went: who led at the end, and how often it changed hands.
 * @param {readonly Scored[]} rounds at least one
 * @param {readonly [string, string]} names by seat
 */
export function winning(rounds, names) {
  const leaders = rounds.map(({ totals: [one, two] }) => Math.sign(one - two)).filter((lead) => lead !== 0);
  const changes = leaders.filter((lead, at) => at > 0 && lead !== leaders[at - 1]).length;
  const [one, two] = rounds.at(-1)?.totals ?? [0, 0];
  const end = `${names[0]} ${points(one)}, ${names[1]} ${points(two)} after ${counted(rounds.length, "round")}.`;
  if (leaders.length === 0) return `Running score: ${end}`;
  const how = changes === 0 ? "The lead never changed hands." : `The lead changed hands ${changes === 1 ? "once" : `${changes} times`}.`;
  return `Running score: ${end} ${how}`;
}
