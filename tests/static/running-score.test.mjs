/** The picture of the running score: its scale, and what it says to those who listen. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { scale, winning } from "../../static/model/running-score.js";

const rounds = (...totals) => totals.map((pair, at) => ({ round: at + 1, totals: pair }));

describe("the scale ends on a round number at or above the highest total", () => {
  const rows = [
    [0, 250, 250],
    [948, 1_000, 250],
    [1_000, 1_000, 250],
    [1_001, 1_500, 500],
    [2_000, 2_000, 500],
    [3_990, 4_000, 1_000],
    [9_870, 10_000, 2_500],
    [20_000, 20_000, 5_000],
  ];
  for (const [highest, top, step] of rows) {
    test(`${highest}`, () => assert.deepEqual(scale(rounds([0, 0], [highest, 0])), { top, step }));
  }
});

describe("the score is said with how the lead went", () => {
  const rows = [
    ["never level again", rounds([900, 0], [900, 800]), "The lead never changed hands."],
    ["once", rounds([900, 0], [900, 950]), "The lead changed hands once."],
    ["there and back, over a tie", rounds([900, 0], [900, 900], [900, 1_700], [2_600, 1_700]), "The lead changed hands 2 times."],
  ];
  for (const [name, played, how] of rows) {
    test(name, () => assert.ok(winning(played, ["Ada", "Bob"]).endsWith(how)));
  }
  test("nobody ever led", () => {
    assert.equal(winning(rounds([0, 0]), ["Ada", "Bob"]), "Running score: Ada 0, Bob 0 after 1 round.");
  });
});
