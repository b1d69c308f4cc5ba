/** Terms in this set: search, stars and hidden answers. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { fold, next, stars, terms, visible } from "../../static/model/terms.js";

const CARDS = [
  { id: "c1", prompt: "Which activation is ReLU?", answer: "max(0, x)" },
  { id: "c2", prompt: "What is a naïve Bayes classifier?", answer: "One that assumes independence" },
  { id: "c3", prompt: "What does dropout do?", answer: "It drops units at random — in training" },
];
const after = (events) => events.reduce(next, terms(CARDS));
const ids = (state) => visible(state).map(({ card }) => card.id);
const search = (query) => ({ type: "searched", query });
const star = (card) => ({ type: "star_pressed", card });

describe("the search", () => {
  const rows = [
    ["", ["c1", "c2", "c3"]],
    ["   ", ["c1", "c2", "c3"]],
    ["relu", ["c1"]],
    ["RELU", ["c1"]],
    ["NAIVE", ["c2"]],
    ["naïve", ["c2"]],
    ["nai\u0308ve", ["c2"]],
    ["independence", ["c2"]],
    ["what", ["c2", "c3"]],
    ["what  does", ["c3"]],
    ["units dropout", ["c3"]],
    ["random - in", ["c3"]],
    ["max(0", ["c1"]],
    [".*", []],
    ["transformer", []],
  ];
  for (const [query, expected] of rows) {
    test(`for "${query}" finds ${expected.join(", ") || "nothing"}`, () => {
      assert.deepEqual(ids(after([search(query)])), expected);
    });
  }

  test("keeps each term's number in the deck", () => {
    assert.deepEqual(visible(after([search("dropout")])).map(({ number }) => number), [3]);
  });

  for (const [text, folded] of [["Straße", "strasse"], ["ﬁlter", "filter"], ["L’Hôpital", "l'hopital"], ["x²", "x2"]]) {
    test(`reads ${text} as ${folded}`, () => assert.equal(fold(text), folded));
  }
});

describe("a star", () => {
  test("is set and taken away", () => {
    assert.deepEqual(stars(after([star("c3"), star("c1")])), ["c1", "c3"]);
    assert.deepEqual(stars(after([star("c3"), star("c3")])), []);
  });

  test("marks its row and narrows the list when asked", () => {
    const state = after([star("c2"), { type: "only_starred", on: true }]);
    assert.deepEqual(ids(state), ["c2"]);
    assert.equal(visible(state)[0].starred, true);
    assert.deepEqual(ids(next(state, search("relu"))), []);
    assert.equal(ids(next(state, { type: "only_starred", on: false })).length, 3);
  });

  test("of a card that has left the deck is dropped", () => {
    assert.deepEqual(stars(after([{ type: "stars_loaded", cards: ["gone", "c2"] }])), ["c2"]);
    const state = terms(CARDS);
    assert.equal(next(state, star("gone")), state);
  });
});

describe("hidden answers", () => {
  const hide = { type: "answers_hidden", on: true };
  const covered = (state) => visible(state).map(({ answer_hidden }) => answer_hidden);

  test("hide all and reveal one at a press", () => {
    assert.deepEqual(covered(after([hide])), [true, true, true]);
    const one = after([hide, { type: "answer_pressed", card: "c2" }]);
    assert.deepEqual(covered(one), [true, false, true]);
    assert.deepEqual(covered(next(one, { type: "answer_pressed", card: "c2" })), [true, true, true]);
  });

  test("cover again what was revealed", () => {
    const state = after([hide, { type: "answer_pressed", card: "c2" }, hide]);
    assert.deepEqual(covered(state), [true, true, true]);
  });

  test("do nothing to a press while answers are shown, or on no card", () => {
    const shown = terms(CARDS);
    assert.equal(next(shown, { type: "answer_pressed", card: "c1" }), shown);
    const hidden = after([hide]);
    assert.equal(next(hidden, { type: "answer_pressed", card: "gone" }), hidden);
  });
});

for (const event of [search(""), { type: "only_starred", on: false }]) {
  test(`${event.type} with what already is changes nothing`, () => {
    const state = terms(CARDS);
    assert.equal(next(state, event), state);
  });
}
