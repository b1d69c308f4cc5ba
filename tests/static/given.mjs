/** Messages and states that the tests of the browser's models start from. */

import { duel, next, outgoing } from "../../static/model/duel.js";

export const MATCH = "m1";
export const CHOICES = Object.freeze(["ReLU", "Softmax", "Adam", "Dropout"]);

export const seat = (over = {}) => ({
  player: "p0",
  name: "Ada",
  rating: 1500,
  provisional: true,
  bot: false,
  total: 0,
  ready: true,
  connected: true,
  answered: false,
  forfeit_in_ms: null,
  ...over,
});

export const seats = (first = {}, second = {}) => [
  seat(first),
  seat({ player: "p1", name: "Bo", ...second }),
];

export const closedRound = (round, over = {}) => ({
  round,
  card: `c${round}`,
  prompt: `Question ${round}`,
  choices: CHOICES,
  correct: 0,
  answers: [{ choice: 0, elapsed_ms: 2000, points: 900 }, null],
  totals: [900 * round, 0],
  ...over,
});

export const over = (more = {}) => ({
  type: "match_over",
  match: MATCH,
  outcome: "seat_0",
  reason: "played",
  totals: [9000, 4000],
  ratings: [
    { before: 1500, after: 1520, change: 20, expected: 0.5, k: 40 },
    { before: 1500, after: 1480, change: -20, expected: 0.5, k: 40 },
  ],
  ...more,
});

/** A snapshot as seat 0 gets it in the middle of round 4. */
export const snapshot = (more = {}) => ({
  type: "match",
  match: MATCH,
  deck: "deep-learning-interview",
  title: "100 Deep Learning interview",
  rated: true,
  unrated_because: null,
  k_share: 1,
  stake: { win: 20, draw: 0, loss: -20 },
  seat: 0,
  phase: "open",
  rounds: 10,
  round: 4,
  limit_ms: 15_000,
  left_ms: 12_000,
  prompt: "Question 4",
  choices: CHOICES,
  seats: seats(),
  my_choice: null,
  closed: [1, 2, 3].map((round) => closedRound(round)),
  result: null,
  ...more,
});

/** Snapshots of the phases before a round, as the server sends them. */
export const gathering = (more = {}) =>
  snapshot({
    phase: "gathering",
    round: 0,
    left_ms: 8_000,
    prompt: null,
    choices: null,
    closed: [],
    seats: seats({ ready: false }, { ready: false, connected: false }),
    ...more,
  });
export const countdown = (more = {}) =>
  gathering({ phase: "countdown", left_ms: 3_000, seats: seats(), ...more });
export const reveal = (more = {}) =>
  snapshot({
    phase: "reveal",
    left_ms: 2_500,
    my_choice: 0,
    closed: [1, 2, 3, 4].map((round) => closedRound(round)),
    ...more,
  });
export const finished = (more = {}) =>
  snapshot({
    phase: "over",
    round: 10,
    left_ms: 0,
    prompt: null,
    choices: null,
    closed: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((round) => closedRound(round)),
    result: over(),
    ...more,
  });

export const roundOpened = (round, more = {}) => ({
  type: "round_opened",
  match: MATCH,
  round,
  rounds: 10,
  prompt: `Question ${round}`,
  choices: CHOICES,
  limit_ms: 15_000,
  left_ms: 15_000,
  ...more,
});

export const roundClosed = (round, more = {}) => ({
  type: "round_closed",
  match: MATCH,
  round,
  correct: 0,
  answers: [{ choice: 0, elapsed_ms: 2000, points: 943 }, null],
  totals: [943, 0],
  next_in_ms: 3_000,
  ...more,
});

export const answerTaken = (more = {}) => ({
  type: "answer_taken",
  match: MATCH,
  round: 4,
  seat: 1,
  ...more,
});

export const refused = (reason, ref, more = {}) => ({
  type: "refused",
  reason,
  detail: `because ${reason}`,
  ref,
  ...more,
});

export const storage = (available) => ({ type: "storage", available });

export const connected = { type: "connection", state: "open" };
export const lost = { type: "connection", state: "reconnecting" };

/** What the state wants sent is sent. */
export const sendAll = (state, at_ms = 0) =>
  outgoing(state).reduce((now, message) => next(now, { type: "sent", message }, at_ms), state);

/** The state after events, all at one instant, everything wanted sent after each. */
export const after = (state, events, at_ms = 0) =>
  events.reduce((now, event) => sendAll(next(now, event, at_ms), at_ms), state);

/** A page that has entered the match and got this snapshot at instant 0. */
export const entered = (message = snapshot()) => after(duel(MATCH), [connected, message]);

/**
 * Chance that comes out the same for the same seed (a linear congruential generator).
 * @param {number} seed
 */
export function seeded(seed) {
  let state = (seed * 2_654_435_761 + 1_013_904_223) >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
