/** The study mode Test: what is built of which settings. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { KINDS, build } from "../../static/model/test/build.js";
import { card, deck, seeded } from "./study-cards.mjs";

const HUNDRED = deck(100);
const plan = (count, kinds = KINDS, side = "answer") => ({ count, kinds, side });
const made = (wanted, cards = HUNDRED, seed = 1) => build(wanted, cards, cards, seeded(seed));
const tally = (questions) => {
  const kinds = questions.map(({ kind }) => kind);
  return KINDS.map((kind) => kinds.filter((other) => other === kind).length);
};
const blocksOf = (questions) => {
  const sizes = [];
  for (const { block } of questions.filter(({ kind }) => kind === "matching")) {
    sizes[block] = (sizes[block] ?? 0) + 1;
  }
  return sizes;
};

describe("a test is built", () => {
  // How many of each kind, in the order true/false, choice, matching, written.
  const shares = [
    [plan(20), [5, 5, 5, 5]],
    [plan(21), [5, 5, 6, 5]],
    [plan(5), [1, 1, 2, 1]],
    [plan(100), [25, 25, 25, 25]],
    [plan(7, ["choice", "typed"]), [0, 4, 0, 3]],
    [plan(1, ["typed"]), [0, 0, 0, 1]],
    [plan(3, ["true_false"]), [3, 0, 0, 0]],
    [plan(12, ["matching"]), [0, 0, 12, 0]],
  ];
  for (const [wanted, expected] of shares) {
    test(`of ${wanted.count} questions in turn of ${wanted.kinds.join(", ")}`, () => {
      assert.deepEqual(tally(made(wanted)), expected);
    });
  }

  test("the same from the same chance, and another from another", () => {
    assert.deepEqual(made(plan(20)), made(plan(20)));
    assert.notDeepEqual(made(plan(20)), made(plan(20), HUNDRED, 2));
  });

  test("with no card twice, in sections of one kind", () => {
    for (let seed = 0; seed < 20; seed += 1) {
      const questions = made(plan(60, KINDS, "mixed"), HUNDRED, seed);
      assert.equal(new Set(questions.map((question) => question.card)).size, 60);
      const order = questions.map(({ kind }) => KINDS.indexOf(kind));
      assert.deepEqual(order, order.toSorted());
    }
  });

  const blocks = [
    [2, [2]],
    [6, [6]],
    [7, [4, 3]],
    [12, [6, 6]],
    [13, [5, 4, 4]],
  ];
  for (const [count, sizes] of blocks) {
    test(`${count} pairs in blocks of ${sizes.join(" and ")}`, () => {
      assert.deepEqual(blocksOf(made(plan(count, ["matching"]))), sizes);
    });
  }

  test("each pair of a block with the choices of the whole block, of which one is right", () => {
    for (const side of ["answer", "prompt"]) {
      const pairs = made(plan(4, ["matching"], side));
      assert.equal(new Set(pairs.map(({ choices }) => choices)).size, 1);
      assert.deepEqual(pairs.map(({ right }) => right).toSorted(), [0, 1, 2, 3]);
      for (const { card: id, choices, right } of pairs) {
        assert.equal(choices[right], HUNDRED.find((one) => one.id === id)[side]);
      }
    }
  });

  test("with cards that read alike in different blocks", () => {
    const twins = [card("a", { answer: "ReLU" }), card("b", { answer: "relu" }), ...deck(6)];
    for (let seed = 0; seed < 20; seed += 1) {
      const questions = made(plan(8, ["matching"]), twins, seed);
      assert.equal(questions.length, 8);
      const [a, b] = ["a", "b"].map((id) => questions.find((question) => question.card === id));
      assert.notEqual(a.block, b.block);
    }
  });

  test("in blocks of two to six, whatever reads alike", () => {
    for (let seed = 0; seed < 30; seed += 1) {
      const random = seeded(seed);
      const cards = deck(24).map((one) => ({ ...one, answer: `Answer ${Math.floor(8 * random())}` }));
      const questions = made(plan(12, ["matching"]), cards, seed);
      for (const size of blocksOf(questions)) assert.ok(size >= 2 && size <= 6, `${size} pairs`);
      const seen = questions.map(({ block, choices, right }) => `${block} ${choices[right]}`);
      assert.equal(new Set(seen).size, questions.length);
    }
  });

  test("with another card in place of one that could only stand beside its like", () => {
    const twins = [card("a", { answer: "ReLU" }), card("b", { answer: "relu" }), ...deck(1)];
    for (let seed = 0; seed < 20; seed += 1) {
      assert.ok(made(plan(2, ["matching"]), twins, seed).some((question) => question.card === "c1"));
    }
  });

  const sides = [
    ["answer", 20],
    ["prompt", 0],
    ["mixed", 10],
  ];
  for (const [side, answers] of sides) {
    test(`with the ${side} to be given`, () => {
      const questions = made(plan(20, ["true_false", "choice", "typed"], side));
      assert.equal(questions.filter((question) => question.side === "answer").length, answers);
      for (const { side: given, card: id, asked } of questions) {
        const one = HUNDRED.find((other) => other.id === id);
        assert.equal(asked, given === "answer" ? one.prompt : one.answer);
      }
    });
  }

  test("with one side for a whole block where both are mixed", () => {
    const pairs = made(plan(12, ["matching"], "mixed"));
    const bySide = [0, 1].map((at) => new Set(pairs.filter(({ block }) => block === at).map((pair) => pair.side)));
    assert.deepEqual(bySide.map((found) => found.size), [1, 1]);
    assert.notDeepEqual(bySide[0], bySide[1]);
  });

  const bare = [card("only", { distractors: [] })];
  const fallbacks = [
    ["a pair alone is asked in the next kind", plan(1, ["matching", "typed"]), HUNDRED, [0, 0, 0, 1]],
    ["and so with every kind", plan(4), HUNDRED, [2, 1, 0, 1]],
    ["a card without anything wrong is written", plan(1, ["choice", "typed"]), bare, [0, 0, 0, 1]],
    ["a statement needs something wrong, too", plan(1, ["true_false", "typed"]), bare, [0, 0, 0, 1]],
    ["nothing is asked where nothing can be", plan(1, ["choice"]), bare, [0, 0, 0, 0]],
    ["one card cannot be matched", plan(1, ["matching"]), HUNDRED, [0, 0, 0, 0]],
  ];
  for (const [name, wanted, cards, expected] of fallbacks) {
    test(`so that ${name}`, () => assert.deepEqual(tally(made(wanted, cards)), expected));
  }
});
