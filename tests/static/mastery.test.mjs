/** The groups of a deck's terms, and what a row says of duels. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { duelRecords, groups } from "../../static/model/mastery.js";

const CARDS = ["1", "2", "3", "4"].map((id) => ({ id }));
const of = (card, mastery, reviews, duels = { won: 0, lost: 0 }, lost = false) => ({
  card,
  mastery,
  reviews,
  duels,
  lost,
});
const shape = (cards) => groups(CARDS, { cards }).map(({ title, cards: ids }) => [title, ids]);

describe("the groups", () => {
  test("are none before anything was studied", () => assert.deepEqual(shape([]), []));

  test("are none when cards were only played in duels", () => {
    assert.deepEqual(shape([of("2", "new", 0, { won: 1, lost: 0 })]), []);
  });

  test("stand in the order of what there is to do, each in deck order", () => {
    assert.deepEqual(shape([of("1", "mastered", 3), of("4", "learning", 1), of("2", "learning", 2)]), [
      ["Still learning", ["2", "4"]],
      ["Not studied", ["3"]],
      ["Mastered", ["1"]],
    ]);
  });

  test("leave out what would be empty", () => {
    const all = CARDS.map(({ id }) => of(id, "mastered", 3));
    assert.deepEqual(shape(all), [["Mastered", ["1", "2", "3", "4"]]]);
  });
});

test("a row tells of duels only where there were any", () => {
  const cards = [
    of("1", "new", 0, { won: 2, lost: 1 }, true),
    of("2", "learning", 1),
    of("3", "learning", 1, { won: 1, lost: 0 }),
  ];
  assert.deepEqual(
    [...duelRecords({ cards })],
    [
      ["1", { text: "Duels: 2 of 3 right", lost: true }],
      ["3", { text: "Duels: 1 of 1 right", lost: false }],
    ],
  );
});
