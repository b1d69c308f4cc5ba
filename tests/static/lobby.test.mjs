/** What a page shows of who is online and what is being played. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import {
  lobby,
  next,
  onlineWords,
  others,
  playingWords,
  roundWords,
  standing,
  watchingTogether,
  watchingWords,
} from "../../static/model/lobby.js";
import { duel, next as duelNext } from "../../static/model/duel.js";
import * as given from "./given.mjs";

const player = (id, over = {}) => ({
  id,
  name: id.toUpperCase(),
  rating: 1500,
  provisional: false,
  bot: false,
  playing: null,
  ...over,
});
const match = { match: "m1", rated: true, round: 0, rounds: 10, totals: [0, 0], watchers: 0, players: [] };
const message = (over = {}) => ({
  type: "lobby",
  deck: "deck",
  online: 2,
  players: [player("ada"), player("bo")],
  matches: [match],
  ...over,
});

describe("a lobby", () => {
  test("is empty until it is heard of", () => {
    assert.deepEqual(lobby("deck"), { deck: "deck", online: 0, players: [], matches: [] });
  });

  test("is replaced whole by each message, and frozen", () => {
    const { type: _, ...rest } = message();
    const heard = next(lobby("deck"), message());
    assert.deepEqual(heard, rest);
    assert.ok(Object.isFrozen(heard) && Object.isFrozen(heard.players) && Object.isFrozen(heard.matches));
    assert.deepEqual(next(heard, message({ online: 0, players: [], matches: [] })), lobby("deck"));
  });

  test("is the same object after what is about something else", () => {
    const before = next(lobby("deck"), message());
    assert.equal(next(before, message({ deck: "other" })), before);
    assert.equal(next(before, { type: "ladder", deck: "deck", top: [] }), before);
  });
});

describe("words", () => {
  for (const [online, players, words] of [
    [0, [], ""],
    [1, [player("ada")], ""],
    [1, [player("bo")], "1 online"],
    [2, [player("ada"), player("bo")], "2 online"],
    [1234, [player("ada")], "1,234 online"],
  ])
    test(`say "${words}" of ${online} where ${players[0]?.id ?? "nobody"} is first, to Ada`, () => {
      assert.equal(onlineWords({ ...lobby("deck"), online, players }, "ada"), words);
    });

  test("say 1 online to a visitor who is not that one", () => {
    assert.equal(onlineWords({ ...lobby("deck"), online: 1, players: [player("ada")] }, null), "1 online");
  });

  test("do not speak of a round before the first", () => {
    assert.equal(roundWords(match), "About to begin");
    assert.equal(roundWords({ ...match, round: 1 }), "Round 1 of 10");
  });

  test("say how many watch, to the players and to one of them", () => {
    assert.deepEqual([0, 1, 2].map(watchingWords), ["", "1 watching", "2 watching"]);
    assert.deepEqual([0, 1, 2, 3].map(watchingTogether), [
      "Watching: only you",
      "Watching: only you",
      "Watching: you and 1 more",
      "Watching: you and 2 more",
    ]);
  });

  test("label bots and practice opponents, who have no rating, and mark a provisional one", () => {
    assert.equal(standing(player("ada")), "1500");
    assert.equal(standing(player("ada", { provisional: true })), "1500?");
    assert.equal(standing(player("ada", { bot: true })), "bot");
    assert.equal(standing(player("ada", { bot: true, practice: true })), "practice");
  });

  test("count the matches", () => {
    assert.deepEqual([1, 2].map(playingWords), ["Now playing: 1 match", "Now playing: 2 matches"]);
  });
});

test("one's opponents are all but oneself", () => {
  const players = [player("ada"), player("bo")];
  assert.deepEqual(others(players, "ada"), [player("bo")]);
  assert.deepEqual(others(players, null), players);
});

describe("the watchers of a match", () => {
  const joined = () => duelNext(duel(given.MATCH), given.snapshot({ watchers: 2 }), 0);

  test("come with the snapshot, and change with each message", () => {
    assert.equal(joined().watchers, 2);
    assert.equal(duelNext(joined(), { type: "watchers", match: given.MATCH, watchers: 3 }, 0).watchers, 3);
  });

  test("leave the state alone where nothing changes", () => {
    const before = joined();
    assert.equal(duelNext(before, { type: "watchers", match: given.MATCH, watchers: 2 }, 0), before);
    assert.equal(duelNext(before, { type: "watchers", match: "another", watchers: 3 }, 0), before);
  });
});
