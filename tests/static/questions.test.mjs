/** Questions made of cards, the chance they are made by, and the words for a verdict. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { choiceOf, trueFalseOf, writtenOf } from "../../static/model/questions.js";
import { shuffled } from "../../static/model/shuffle.js";
import { why } from "../../static/model/verdicts.js";
import { seeded } from "./given.mjs";

const card = (id, answer, distractors = []) => ({
  id,
  prompt: `What is ${id}?`,
  answer,
  explanation: "",
  distractors,
});
const CARDS = [
  card("a", "Adam", ["SGD", "RMSProp", "Momentum", "AdaGrad", "sgd"]),
  card("b", "Bias"),
  card("c", "Class"),
  card("d", "bias "),
];
const SEEDS = Array.from({ length: 50 }, (_, seed) => seed);

describe("shuffled", () => {
  test("keeps every item, and brings each to each place about as often", () => {
    const items = ["a", "b", "c", "d"];
    const counts = new Map();
    const random = seeded(7);
    for (let round = 0; round < 4_000; round += 1) {
      const mixed = shuffled(items, random);
      assert.deepEqual([...mixed].sort(), items);
      mixed.forEach((item, place) => {
        const at = `${item}${place}`;
        counts.set(at, (counts.get(at) ?? 0) + 1);
      });
    }
    assert.equal(counts.size, 16);
    for (const [at, count] of counts) assert.ok(Math.abs(count - 1_000) < 150, `${at}: ${count}`);
  });

  test("leaves what it is given as it was", () => {
    const items = Object.freeze(["a", "b", "c"]);
    shuffled(items, () => 0);
    assert.deepEqual(items, ["a", "b", "c"]);
  });
});

describe("four choices", () => {
  for (const seed of SEEDS) {
    test(`hold the answer once beside written distractors (${seed})`, () => {
      const question = choiceOf(CARDS[0], "answer", CARDS, seeded(seed));
      assert.equal(question.asked, "What is a?");
      assert.equal(question.choices.length, 4);
      assert.equal(question.choices[question.right], "Adam");
      const folded = question.choices.map((choice) => choice.toLowerCase());
      assert.equal(new Set(folded).size, 4);
      const wrong = question.choices.filter((_, at) => at !== question.right);
      assert.ok(wrong.every((text) => CARDS[0].distractors.includes(text)));
    });
  }

  test("stand in every place in time", () => {
    const places = SEEDS.map((seed) => choiceOf(CARDS[0], "answer", CARDS, seeded(seed)).right);
    assert.deepEqual([...new Set(places)].sort(), [0, 1, 2, 3]);
  });

  test("of a card without distractors are the answers of cards that answer otherwise", () => {
    const { choices } = choiceOf(CARDS[1], "answer", CARDS, seeded(1));
    assert.deepEqual([...choices].sort(), ["Adam", "Bias", "Class"]);
  });

  test("of prompts leave out every card with the same answer", () => {
    const { asked, choices, right } = choiceOf(CARDS[3], "prompt", CARDS, seeded(1));
    assert.equal(asked, "bias ");
    assert.equal(choices[right], "What is d?");
    assert.deepEqual([...choices].sort(), ["What is a?", "What is c?", "What is d?"]);
  });

  test("cannot be made of a single card", () => {
    assert.equal(choiceOf(CARDS[1], "answer", [CARDS[1]], seeded(1)), null);
    assert.equal(trueFalseOf(CARDS[1], "answer", [CARDS[1]], seeded(1)), null);
  });
});

describe("true or false", () => {
  test("claims the answer when it is true and a written wrong one when it is not", () => {
    const claims = SEEDS.map((seed) => trueFalseOf(CARDS[0], "answer", CARDS, seeded(seed)));
    assert.ok(claims.some(({ right }) => right) && claims.some(({ right }) => !right));
    for (const { right, statement } of claims) {
      assert.equal(right, statement === "Adam");
      assert.ok(right || CARDS[0].distractors.includes(statement));
    }
  });
});

test("a written question shows the other side", () => {
  assert.equal(writtenOf(CARDS[0], "answer").asked, "What is a?");
  assert.equal(writtenOf(CARDS[0], "prompt").asked, "Adam");
});

describe("why a typed answer was accepted", () => {
  const verdict = (allowed, matched = "Weight decay", right = true) =>
    why({ card: "1", right, allowed, matched, answer: "Weight decay" });
  const rows = [
    [verdict([]), ""],
    [verdict([], "Weight decay", false), ""],
    [verdict(["slip"], "Weight decay", false), ""],
    [verdict(["case"]), "Overlooked: capitals."],
    [verdict(["case", "slip"]), "Overlooked: capitals and a slip of the finger."],
    [verdict(["case", "article", "slip"]), "Overlooked: capitals, articles and a slip of the finger."],
    [verdict(["alternate"], "L2"), "“L2” is another way to say it."],
    [verdict(["plural", "alternate"], "L2"), "“L2” is another way to say it. Overlooked: singular or plural."],
  ];
  for (const [said, expected] of rows) {
    test(`reads "${expected}"`, () => assert.equal(said, expected));
  }
});
