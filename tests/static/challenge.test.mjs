/** Challenges as those see them who look at one. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import {
  acceptable,
  formatCode,
  lifeWords,
  named,
  offerOf,
  parseCode,
  partOf,
  stakeWords,
  stateWords,
  termsWords,
  withinRange,
} from "../../static/model/challenge.js";
import { ADA, BOB, challenge, EVE } from "./challenge-given.mjs";

describe("a code", () => {
  test("is read out in two halves", () => {
    assert.equal(formatCode("K7QWXP"), "K7Q WXP");
  });

  const read = [
    ["K7QWXP", "K7QWXP"],
    ["k7q wxp", "K7QWXP"],
    [" k7q-wxp ", "K7QWXP"],
    ["K 7 Q – W X P", "K7QWXP"],
    ["http://10.0.0.7:8000/challenges/K7QWXP", "K7QWXP"],
    ["http://10.0.0.7:8000/challenges/k7qwxp/", "K7QWXP"],
    ["K7QWX", null],
    ["K7QWXPP", null],
    ["K7QWX0", null],
    ["K7QWXI", null],
    ["K7QW_P", null],
    ["", null],
  ];
  for (const [text, code] of read) {
    test(`typed as ${JSON.stringify(text)} is ${code}`, () => assert.equal(parseCode(text), code));
  }
});

describe("a challenge concerns", () => {
  const rows = [
    ["who offers it", challenge(), ADA, "by"],
    ["anyone, as a link", challenge(), BOB, "anyone"],
    ["anyone without a name, as a link", challenge(), null, "anyone"],
    ["whom it is offered to", challenge({ to: BOB }), BOB, "to"],
    ["others, once it is for somebody", challenge({ to: BOB }), EVE, "others"],
    ["others, to whoever has no name", challenge({ to: BOB }), null, "others"],
  ];
  for (const [name, view, me, part] of rows) {
    test(name, () => assert.equal(partOf(view, me), part));
  }
});

describe("what is at stake", () => {
  const stake = { win: 20, draw: 0, loss: -20 };
  const rows = [
    ["numbers for who has a name", { stake }, BOB, "Rated. Win +20, draw 0, lose −20."],
    ["words without a name", { stake }, null, /^Rated: it moves your Elo rating\./],
    ["words while nobody has taken it", { stake: null }, ADA, /^Rated: it moves the ratings of both\./],
    ["nothing in a casual one", { rated: false, unrated_because: "casual" }, BOB, /^A casual match/],
    ["nothing in a casual one that does not say why", { rated: false }, BOB, /^A casual match/],
    ["nothing over a gap", { unrated_because: "gap" }, BOB, /600 points/],
    ["half, and why", { stake, k_share: 0.5 }, BOB, /^Rated. Win \+20.* counts half\.$/],
  ];
  for (const [name, more, me, said] of rows) {
    test(`is ${name}`, () => {
      const words = stakeWords(challenge(more), me);
      if (said instanceof RegExp) assert.match(words, said);
      else assert.equal(words, said);
    });
  }
});

describe("how it stands", () => {
  const rows = [
    ["open", {}, ADA, "Nobody has taken it yet."],
    ["open", { kind: "direct", to: BOB }, ADA, "Waiting for Bob."],
    ["open", {}, BOB, "Ada is here and waits for you."],
    ["open", { here: false }, null, /^Ada is away\./],
    ["open", { kind: "direct", to: BOB }, EVE, "Ada asks Bob to play."],
    ["accepted", { to: BOB }, ADA, "Bob accepted."],
    ["accepted", { to: BOB }, BOB, "You accepted."],
    ["accepted", { to: BOB }, EVE, "Bob was quicker and took this challenge."],
    ["declined", { to: BOB }, ADA, "Bob does not want to play now."],
    ["declined", { to: BOB }, BOB, "You declined."],
    ["withdrawn", {}, ADA, "You took this challenge back."],
    ["withdrawn", {}, BOB, "Ada took this challenge back."],
    ["expired", {}, BOB, /has expired/],
    ["expired", { to: BOB }, ADA, "Bob did not answer in time."],
  ];
  for (const [state, more, me, said] of rows) {
    test(`${state}, to ${me?.name ?? "a visitor"}, with ${JSON.stringify(Object.keys(more))}`, () => {
      const words = stateWords(challenge({ state, ...more }), me);
      if (said instanceof RegExp) assert.match(words, said);
      else assert.equal(words, said);
    });
  }
});

describe("accepting is", () => {
  const rows = [
    ["for anyone while the challenger is here", {}, BOB, true],
    ["for a visitor, who takes a name first", {}, null, true],
    ["for whom it is offered to", { to: BOB }, BOB, true],
    ["not for another", { to: BOB }, EVE, false],
    ["not for oneself", {}, ADA, false],
    ["not while the challenger is away", { here: false }, BOB, false],
    ["not once it is over", { state: "withdrawn" }, BOB, false],
  ];
  for (const [name, more, me, can] of rows) {
    test(name, () => assert.equal(acceptable(challenge(more), me), can));
  }
});

test("a player is named with the rating and its question mark", () => {
  assert.equal(named(ADA), "Ada (1512?)");
  assert.equal(named({ ...ADA, provisional: false }), "Ada (1512)");
});

test("the terms say how many questions and how long each", () => {
  assert.equal(termsWords(challenge()), "10 questions, 15 seconds each");
});

for (const [left_ms, said] of [
  [86_400_000, "24 hours"],
  [86_399_000, "24 hours"],
  [7_200_001, "3 hours"],
  [7_200_000, "120 minutes"],
  [120_001, "3 minutes"],
  [120_000, "120 seconds"],
  [1_000, "1 second"],
  [-5, "0 seconds"],
]) {
  test(`${left_ms} ms to live are ${said}`, () => assert.equal(lifeWords(left_ms), said));
}

for (const [typed, value] of [
  ["5", 5],
  ["20", 20],
  ["4", 5],
  ["21", 20],
  ["7.4", 7],
  ["", 10],
  ["ten", 10],
]) {
  test(`${JSON.stringify(typed)} questions are taken for ${value}`, () => {
    assert.equal(withinRange({ least: 5, most: 20 }, typed, 10), value);
  });
}

describe("a challenge is made", () => {
  const usual = { rated: true, rounds: 10, limit_ms: 15_000 };
  const casual = { ...usual, rated: false };
  const rows = [
    ["rated without numbers", null, usual, { rated: true }],
    ["rated without those left over", null, { ...usual, rounds: 5 }, { rated: true }],
    ["casual with what is not as usual", null, { ...casual, rounds: 5 }, { rated: false, rounds: 5 }],
    ["casual with its seconds", null, { ...casual, limit_ms: 5_000 }, { rated: false, limit_ms: 5_000 }],
    ["to somebody", "p1", casual, { rated: false, to: "p1" }],
  ];
  for (const [name, to, terms, more] of rows) {
    test(name, () => {
      assert.deepEqual(offerOf("d", to, terms, usual), { type: "challenge", deck: "d", ...more });
    });
  }
});
