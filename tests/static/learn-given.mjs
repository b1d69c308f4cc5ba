/** A deck, a progress, and ways to play a set of Learn, for its tests. */

import assert from "node:assert/strict";

import { learn, next } from "../../static/model/learn.js";

export const NOON = new Date(2026, 4, 20, 12).getTime();
export const HOUR = 3600_000;
export const DAY = 24 * HOUR;

export const card = (id) => ({
  id,
  prompt: `Prompt ${id}`,
  answer: `Answer ${id}`,
  explanation: `Because ${id}`,
  distractors: ["x", "y", "z", "w"].map((letter) => `Wrong ${id}${letter}`),
});
export const CARDS = Object.freeze(Array.from("ABCDEFGHIJ", card));
export const known = (id, more = {}) => ({
  card: id,
  mastery: "learning",
  due_at_ms: NOON + DAY,
  last_at_ms: NOON - DAY,
  reviews: 1,
  right: 1,
  missed: false,
  lost: false,
  duels: { won: 0, lost: 0 },
  ...more,
});
export const queued = (ids, because = "new") => Array.from(ids, (id) => ({ card: id, because }));
export const told = (queue = queued("ABCDEFGHIJ"), cards = [], next_due_at_ms = null) => ({
  deck: "d",
  server_time_ms: NOON,
  cards,
  queue,
  next_due_at_ms,
});

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function chance(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export const random = chance(7);
export const start = (more = {}) =>
  learn({
    cards: CARDS,
    progress: told(),
    settings: { side: "answer", typing: "familiar" },
    studied: {},
    asked: [],
    ...more,
  });
export const draw = (state, at_ms = NOON) => next(state, { type: "set_wanted", at_ms, random });
export const begun = (more) => draw(start(more));
export const goOn = (state, at_ms = NOON) => next(state, { type: "went_on", at_ms, random });
export const verdict = (right, allowed = []) => ({ card: "A", right, allowed, matched: "m", answer: "a" });

/** Answers what is asked, in the form in which it is asked. */
export function answer(state, right, at_ms = NOON) {
  const { question } = state;
  if (question.kind === "choice") {
    const choice = right ? question.right : (question.right + 1) % question.choices.length;
    return next(state, { type: "picked", choice, at_ms });
  }
  const sent = next(next(state, { type: "typed", text: "something" }), { type: "checked", at_ms });
  return next(sent, { type: "graded", turn: sent.turn, verdict: verdict(right), at_ms });
}

/** The questions of a whole set, as "A choice" or "A typed", with what was answered. */
export function play(state, isRight) {
  const asked = [];
  for (let now = state; ; ) {
    if (now.phase === "end") return { end: now, asked };
    assert.ok(asked.length < 500, "a set ends");
    const { card: id, kind } = now.question;
    const right = isRight(asked.length, id, kind);
    asked.push({ id, kind, right, others: now.lesson.line.length - 1 });
    now = goOn(answer(now, right));
  }
}
export const order = ({ asked }) => asked.map(({ id, kind }) => `${id} ${kind}`);
