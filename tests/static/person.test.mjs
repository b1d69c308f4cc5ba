/** What a player's page says and when it lets challenge. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import * as model from "../../static/model/person.js";

const ME = { id: "ada", name: "Ada" };
const shown = (more = {}) => ({
  id: "bob",
  name: "Bob",
  bot: false,
  practice: false,
  online: true,
  playing: null,
  decks: [],
  ...more,
});
const bob = (more) => model.person(shown(more), ME);
const offer = (more = {}) => ({
  type: "challenge_changed",
  challenge: "K7QWXP",
  by: { id: "ada", name: "Ada" },
  to: { id: "bob", name: "Bob" },
  state: "open",
  ...more,
});
const ladder = (more = {}) => ({ wins: 0, draws: 0, losses: 0, streak: 0, best_streak: 0, ...more });

describe("a challenge", () => {
  test("is possible while he is here and free", () => {
    assert.equal(model.whyNot(bob()), "");
  });

  const reasons = [
    [{ online: false }, /Bob is not here. Leave a challenge link/],
    [{ playing: "m1" }, /Bob is in a match/],
  ];
  for (const [more, reason] of reasons) {
    test(`is not possible with ${JSON.stringify(more)}, and why is said`, () => {
      assert.match(model.whyNot(bob(more)), reason);
    });
  }

  test("is not offered twice, and can be again when the first is over", () => {
    const open = model.next(bob(), offer());
    assert.match(model.whyNot(open), /has your challenge/);
    for (const state of ["declined", "expired", "withdrawn", "accepted"]) {
      assert.equal(model.whyNot(model.next(open, offer({ state }))), "");
    }
    assert.equal(model.next(open, offer({ challenge: "OTHER2", state: "expired" })), open);
  });

  test("of another player, or to one, is none of this page's", () => {
    const person = bob();
    for (const other of [offer({ by: { id: "cyd" } }), offer({ to: { id: "cyd" } }), offer({ to: null })]) {
      assert.equal(model.next(person, other), person);
    }
  });

  test("waits for the connection, and a new one tells again what is open", () => {
    const lost = model.next(model.next(bob(), offer()), { type: "connection", open: false });
    assert.match(model.whyNot(lost), /connection/);
    assert.equal(model.whyNot(model.next(lost, { type: "connection", open: true })), "");
  });
});

describe("presence", () => {
  const told = (more) => ({ type: "presence", player: "bob", online: true, playing: null, ...more });

  test("follows what is told of him alone", () => {
    const person = bob({ online: false });
    assert.equal(model.next(person, told({ player: "cyd" })), person);
    assert.equal(model.presenceWords(person), "Not here right now");
    const here = model.next(person, told());
    assert.equal(model.presenceWords(here), "Here now");
    assert.ok(Object.isFrozen(here));
    assert.equal(model.next(here, told()), here);
    assert.equal(model.presenceWords(model.next(here, told({ playing: "m1" }))), "In a match");
  });

  test("of a practice opponent is for ever", () => {
    const character = bob({ practice: true, bot: true });
    assert.equal(model.presenceWords(character), "Always here");
    assert.equal(model.kindWords(character), "Practice opponent");
    assert.equal(model.kindWords(bob({ bot: true })), "Bot");
    assert.equal(model.kindWords(bob()), "");
  });
});

test("a streak is said with the best one where that was longer", () => {
  const said = [
    [0, 0],
    [1, 1],
    [3, 3],
    [2, 5],
    [-1, 0],
    [-2, 1],
    [-2, 4],
  ].map(([streak, best_streak]) => model.streakWords(ladder({ streak, best_streak })));
  assert.deepEqual(said, ["None", "1 win", "3 wins", "2 wins (best: 5)", "1 loss", "2 losses", "2 losses (best: 4)"]);
});

test("room is kept for every reason there can be", () => {
  const reasons = [{ connected: false }, { offered: "K7QWXP" }, { playing: "m1" }, { online: false }];
  const said = (more) => reasons.map((reason) => model.whyNot({ ...bob({ online: true }), ...more, ...reason }));
  assert.deepEqual(model.whyNots(bob()), said({}));
  assert.deepEqual(model.whyNots(bob({ practice: true })), said({ practice: true }).slice(0, 2));
});

test("head-to-head is said from the viewer's side", () => {
  const words = (wins, draws, losses) => model.againstWords({ wins, draws, losses }, "Bob");
  assert.equal(words(0, 0, 0), "You and Bob have not played yet.");
  assert.equal(words(2, 0, 1), "You 2 wins, Bob 1 win.");
  assert.equal(words(0, 1, 0), "You 0 wins, Bob 0 wins, 1 draw.");
});

test("a finished match is told from its player's side", () => {
  const summary = (seat, outcome) => ({
    id: "m1",
    seat,
    players: [ME, { id: "bob", name: "Bob", deleted: true }],
    result: { outcome, reason: "played", totals: [1948, 500] },
    ratings: [{ change: 20 }, { change: -20 }],
    finished_at_ms: 7,
  });
  const { went, score, change, opponent } = model.matchRow(summary(1, "seat_0"));
  assert.deepEqual([went, score, change, opponent.name], ["lost", "500 – 1,948", "−20", "Ada"]);
  assert.equal(model.matchRow(summary(0, "draw")).opponent.deleted, true);
  assert.equal(model.matchRow(summary(0, "seat_0")).went, "won");
  assert.equal(model.matchRow(summary(1, "seat_1")).went, "won");
  assert.equal(model.matchRow(summary(0, "draw")).result, "Drawn");
  assert.equal(model.matchRow({ ...summary(0, "seat_0"), ratings: null }).change, "");
});

describe("weak cards", () => {
  const card = (id, more = {}) => ({
    card: id,
    mastery: "learning",
    reviews: 0,
    right: 0,
    missed: false,
    lost: false,
    duels: { won: 0, lost: 0 },
    ...more,
  });
  const weakest = (cards, most) => model.weakest({ cards }, most).map((one) => one.card);

  test("are those lost in a duel, then missed, then most often wrong", () => {
    const cards = [
      card("sure", { reviews: 3, right: 3 }),
      card("often", { reviews: 4, right: 1 }),
      card("seldom", { reviews: 4, right: 3 }),
      card("missed", { reviews: 4, right: 3, missed: true }),
      card("lost", { lost: true, duels: { won: 9, lost: 1 } }),
    ];
    assert.deepEqual(weakest(cards), ["lost", "missed", "often", "seldom"]);
    assert.deepEqual(weakest(cards, 2), ["lost", "missed"]);
  });

  test("are no longer weak once mastered", () => {
    const good = { mastery: "mastered", reviews: 9, right: 8 };
    assert.deepEqual(weakest([card("a", good), card("b", { ...good, lost: true })]), ["b"]);
  });

  test("say why", () => {
    const cards = [card("a", { reviews: 2, right: 1, duels: { won: 1, lost: 1 } })];
    assert.equal(model.weakest({ cards })[0].why, "Wrong 2 of 4 times");
  });
});
