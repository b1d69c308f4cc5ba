/** The words of Match: times, results, what is heard, and the room that a text takes. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { hyphenated, SOFT_HYPHEN } from "../../static/model/tiles/hyphens.js";
import * as words from "../../static/model/tiles/words.js";
import { next } from "../../static/model/tiles.js";
import {
  ADA,
  after,
  ALL,
  dealt,
  done,
  NOBODY,
  presses,
  result,
  row,
  START,
  trouble,
} from "./tiles-given.mjs";

describe("a time is written", () => {
  const rows = [
    [0, "0.0", "0.00 s"],
    [99, "0.0", "0.09 s"],
    [100, "0.1", "0.10 s"],
    [9_999.9, "9.9", "9.99 s"],
    [12_345, "12.3", "12.34 s"],
    [59_999, "59.9", "59.99 s"],
    [60_000, "1:00.0", "1:00.00"],
    [62_034, "1:02.0", "1:02.03"],
    [600_000, "10:00.0", "10:00.00"],
    [3_599_999, "59:59.9", "59:59.99"],
  ];
  for (const [ms, clock, time] of rows) {
    test(`${ms} ms: ${clock} while it runs, ${time} when it counts`, () => {
      assert.equal(words.clock(ms), clock);
      assert.equal(words.time(ms), time);
    });
  }
});

describe("the room that a text takes", () => {
  const rows = [
    ["Adam", "short"],
    ["Gradient clipping and decay", "middle"],
    ["Gradient clipping and dec.", "short"],
    ["Normalization", "middle"],
    ["Bottleneck", "short"],
    ["Bottlenecks", "middle"],
    ["normalizations/x", "long"],
    ["normalizatio/normalization", "middle"],
    ["Overparameterization", "long"],
    ["hyperparameter", "long"],
    ["hyperparameters", "long"],
    ["sequence-to-sequence", "short"],
    ["a ".repeat(30), "middle"],
    ["a ".repeat(30) + "b", "long"],
  ];
  for (const [text, expected] of rows) {
    test(`${text}: ${expected}`, () => assert.equal(words.room(text), expected));
  }
});

describe("what is heard", () => {
  const heard = (events) => {
    const before = after(events.slice(0, -1));
    return words.heard(before, next(before, events.at(-1)));
  };
  const rows = [
    ["nothing of the deal", dealt(), null],
    ["nothing of a tile chosen", presses(3), null],
    ["nothing of a tile let go", presses(3, 3), null],
    ["a pair", presses(3, 9), "Found, 1 of 6."],
    ["the next pair", presses(3, 9, 0, 6), "Found, 2 of 6."],
    ["a miss", presses(3, 4), "Not a pair. 1 miss, +1 s."],
    ["the same miss again, in other words", presses(3, 4, 3, 4), "Not a pair. 2 misses, +2 s."],
    ["the last pair", presses(...ALL), "All found."],
    ["the result", done({ rank: 2 }), "New best. Rank 2 in this deck. 12.32 s, and 2 seconds for 2 misses."],
    ["a result that is no best", done({ improved: false, misses: 0 }), "Your best is 14.32 s. No miss."],
    ["nothing of a game given up", [...presses(3, 9), { type: "quit" }], null],
    ["that one is on the list by the name just taken", [
      ...done(),
      { type: "named", player: ADA },
      { type: "best_times", best: { best_ms: 14_320, top: [row(14_320, ADA.id, 4)] } },
    ], "You are on the list, rank 4."],
    ["nothing of a name alone", [...done(), { type: "named", player: ADA }], null],
    ["nothing more of a trouble that stays", [
      START,
      { type: "not_dealt", problem: trouble(409, "x") },
      { type: "best_times", best: NOBODY },
    ], null],
    ["why there is no game", [START, { type: "not_dealt", problem: trouble(409, "x") }], "Why not."],
  ];
  for (const [name, events, expected] of rows) {
    test(name, () => assert.equal(heard(events), expected));
  }
});

describe("what a result means", () => {
  const rows = [
    [{}, ""],
    [{ rank: 3 }, "Rank 3 in this deck."],
    [{ improved: false, best_ms: 9_870, rank: 1 }, "Your best is 9.87 s, rank 1 in this deck."],
    [{ improved: false, best_ms: 9_870 }, "Your best is 9.87 s."],
  ];
  for (const [more, expected] of rows) {
    test(expected || "nothing", () => assert.equal(words.standing(after(done(more))), expected));
  }

  test("its sum names the penalties", () => {
    assert.equal(words.sum(result({ misses: 0, elapsed_ms: 14_320 })), "No miss.");
    assert.equal(words.sum(result({ misses: 1, elapsed_ms: 13_320 })), "13.32 s, and 1 second for 1 miss.");
  });

  test("its progress counts pairs", () => {
    assert.equal(words.progress(after(presses(3, 9, 0)).game), "1 of 6 found");
    assert.equal(words.penalty(after(presses(3, 9, 0)).game), "No miss");
  });
});

describe("a long word may be broken", () => {
  const rows = [
    ["overparameterization", "over-pa-ra-me-te-ri-za-tion"],
    ["Is it backpropagation?", "Is it back-pro-pa-ga-tion?"],
    ["(hyperparameters)", "(hyper-pa-ra-me-ters)"],
    ["Reconstruction", "Recon-struc-tion"],
    ["architectures", "archi-tec-tures"],
    ["Größenverhältnisse", "Größen-ver-hält-nisse"],
    // Twelve letters lie on a tile whole.
    ["augmentation, distribution", "augmentation, distribution"],
    // No parts of three letters, and none without a vowel.
    ["appropriately", "appro-pria-tely"],
    ["xxxxxxxxxxxxxxxx", "xxxxxxxxxxxxxxxx"],
    ["нормализационный", "нормализационный"],
  ];
  for (const [text, expected] of rows) {
    test(text, () => assert.equal(hyphenated(text).replaceAll(SOFT_HYPHEN, "-"), expected));
  }
});
