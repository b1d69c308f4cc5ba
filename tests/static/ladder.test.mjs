/** The Top 10 as messages change it. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { below, company, ladder, next } from "../../static/model/ladder.js";

const row = (player, rank, rating, more = {}) => ({
  rank,
  player,
  name: player,
  rating,
  provisional: true,
  matches: 1,
  change: 0,
  ...more,
});
const told = (top, deck = "d") => ({ type: "ladder", deck, top });
const ADA = row("ada", 1, 1520, { change: 20 });
const BO = row("bo", 2, 1480, { change: -20 });

describe("a ladder message", () => {
  test("puts two names on an empty board", () => {
    const state = next(ladder("d", []), told([ADA, BO]));
    assert.deepEqual(state.rows, [ADA, BO]);
    assert.deepEqual(state.moved, ["ada", "bo"]);
    assert.ok(Object.isFrozen(state) && Object.isFrozen(state.rows));
  });

  test("names only the rows that it moved", () => {
    const cy = row("cy", 3, 1450);
    const state = next(
      ladder("d", [ADA, BO, cy]),
      told([row("bo", 1, 1525, { matches: 2, change: 45 }), row("ada", 2, 1520, { change: 20 }), cy]),
    );
    assert.deepEqual(state.moved, ["bo", "ada"]);
  });

  const single = [
    ["rank", { rank: 2 }],
    ["rating", { rating: 1521 }],
    ["name", { name: "Ada L." }],
    ["question mark", { provisional: false }],
    ["number of matches", { matches: 2 }],
    ["last change", { change: 0 }],
  ];
  for (const [name, change] of single) {
    test(`that alters only a ${name} moves that row`, () => {
      const state = next(ladder("d", [ADA]), told([{ ...ADA, ...change }]));
      assert.deepEqual(state.moved, ["ada"]);
    });
  }

  const same = [
    ["the same rows", told([{ ...ADA }, { ...BO }])],
    ["another deck's rows", told([BO], "other")],
    ["no ladder", { type: "pong", t: 1 }],
  ];
  for (const [name, message] of same) {
    test(`with ${name} changes nothing`, () => {
      const state = ladder("d", [ADA, BO]);
      assert.equal(next(state, message), state);
    });
  }

  test("that only takes a row away, or swaps equal ranks, still changes the rows", () => {
    const tied = [row("ada", 1, 1500), row("bo", 1, 1500)];
    assert.deepEqual(next(ladder("d", tied), told([tied[0]])).rows, [tied[0]]);
    const swapped = next(ladder("d", tied), told([tied[1], tied[0]]));
    assert.deepEqual(swapped.rows, [tied[1], tied[0]]);
    assert.deepEqual(swapped.moved, []);
  });
});

describe("those around oneself", () => {
  const DI = row("di", 12, 1400);
  const ED = row("ed", 13, 1390);

  test("are shown below the Top 10, without those who stand in it", () => {
    const board = ladder("d", [ADA, BO], [BO, DI, ED]);
    assert.deepEqual(below(board, "ed"), [DI, ED]);
    assert.deepEqual(below(board, "ada"), []);
    assert.deepEqual(below(board, null), []);
    assert.deepEqual(below(ladder("d", [ADA]), "ed"), []);
  });

  test("are replaced by those that were asked for, and stay through a message", () => {
    const board = ladder("d", [ADA, BO]);
    const loaded = next(board, { type: "around_loaded", rows: [DI, ED] });
    assert.deepEqual(below(loaded, "ed"), [DI, ED]);
    assert.equal(next(loaded, { type: "around_loaded", rows: [DI, ED] }), loaded);
    assert.deepEqual(next(loaded, told([BO, ADA])).around, [DI, ED]);
    assert.deepEqual(next(loaded, { type: "around_loaded", rows: [DI] }).around, [DI]);
  });
});

describe("the company of a board", () => {
  const player = (id, more = {}) => ({ id, name: id, bot: false, playing: null, ...more });
  const lobby = (online, ...players) => ({ deck: "d", online, players, matches: [] });
  const told = (...all) => {
    const { online, free, whole } = company(...all);
    return { online: [...online], free: [...free], whole };
  };

  test("is what the board says until the lobby is heard", () => {
    assert.deepEqual(told(["a"], null, "me"), { online: ["a"], free: [], whole: false });
  });

  test("is what the lobby says where it tells of all", () => {
    const heard = lobby(2, player("me"), player("b"));
    assert.deepEqual(told(["a"], heard, "me"), { online: ["me", "b"], free: ["b"], whole: true });
    const { online, whole } = told(["a"], lobby(0), "me");
    assert.deepEqual([online, whole], [[], true]);
  });

  test("is both where the lobby tells only of some", () => {
    const { online, whole } = told(["a"], lobby(60, player("b")), "me");
    assert.deepEqual([online, whole], [["a", "b"], false]);
  });

  test("can be challenged by somebody with a name, save bots and who is playing", () => {
    const heard = lobby(3, player("b"), player("c", { playing: "m1" }), player("d", { bot: true }));
    assert.deepEqual(told([], heard, "me").free, ["b"]);
    assert.deepEqual(told([], heard, null).free, []);
  });
});
