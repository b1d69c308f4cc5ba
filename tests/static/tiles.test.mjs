/** Match: pairs, misses, the turns that are sent, the best times, and the words for all of it. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import * as words from "../../static/model/tiles/words.js";
import {
  next,
  offersName,
  ownRow,
  pairsFound,
  shown_ms,
  statuses,
  tiles,
  TOO_SOON_MS,
} from "../../static/model/tiles.js";

const CARDS = [0, 1, 2, 3, 4, 5, 6, 7].map((number) => ({
  id: `c${number}`,
  prompt: `Question ${number}`,
  // Two cards of one answer, of which a deal holds one at the most.
  answer: number === 7 ? "Answer 0" : `Answer ${number}`,
  explanation: "",
  distractors: [],
}));
/** Tile n is the prompt of card n, tile n + 6 its answer. */
const TILES = [0, 1, 2, 3, 4, 5].flatMap((number) => [
  { tile: number, text: `Question ${number}`, side: "prompt" },
  { tile: number + 6, text: `Answer ${number}`, side: "answer" },
]).sort((one, other) => one.tile - other.tile);
const DEAL = { game: "g", tiles: TILES, penalty_ms: 1_000, best_ms: null };
const NOBODY = { best_ms: null, top: [] };
const ADA = { id: "p-ada", name: "Ada" };
const row = (time_ms, player = `p-${time_ms}`, rank = 1) => ({ rank, player, name: player, time_ms });
const result = (more = {}) => ({
  time_ms: 14_320,
  elapsed_ms: 12_320,
  misses: 2,
  best_ms: 14_320,
  improved: true,
  rank: null,
  top: [],
  ...more,
});

const after = (events, state = tiles(CARDS, null, NOBODY)) => events.reduce(next, state);
const START = { type: "start", at: 99_000 };
const dealt = (deal = DEAL, at = 1_000) => [START, { type: "dealt", deal, at }];
const press = (tile, at = 5_000) => ({ type: "pressed", tile, at });
const presses = (...numbers) => [...dealt(), ...numbers.map((tile) => press(tile))];
const pair = (number) => [number, number + 6];
const ALL = [0, 1, 2, 3, 4, 5].flatMap(pair);
const done = (more) => [...presses(...ALL), { type: "finished", game: "g", result: result(more), at: 6_000 }];
const trouble = (status, reason = "unreachable", detail = "Why not.") => ({ status, reason, detail });

describe("pressing", () => {
  const rows = [
    ["nothing leaves all free", [], "------------", [], 0],
    ["a tile chooses it", [3], "---c--------", [], 0],
    ["the same tile again lets it go", [3, 3], "------------", [], 0],
    ["it a third time chooses it once more", [3, 3, 3], "---c--------", [], 0],
    ["a prompt and its answer finds a pair", [3, 9], "---f-----f--", [[3, 9]], 0],
    ["an answer and its prompt finds a pair", [9, 3], "---f-----f--", [[9, 3]], 0],
    ["two that do not belong together is a miss", [3, 10], "---m------m-", [[3, 10]], 1],
    ["two prompts is a miss", [0, 1], "mm----------", [[0, 1]], 1],
    ["the next tile ends the sight of a miss", [0, 1, 2], "--c---------", [[0, 1]], 1],
    ["a tile just missed chooses it", [0, 1, 1], "-c----------", [[0, 1]], 1],
    ["the same miss again counts again", [0, 1, 0, 1], "mm----------", [[0, 1], [0, 1]], 2],
    ["a found tile does nothing", [0, 6, 6, 0], "f-----f-----", [[0, 6]], 0],
    ["a found tile leaves the chosen one chosen", [0, 6, 1, 6], "fc----f-----", [[0, 6]], 0],
    ["after a miss goes on", [0, 7, 1, 7], "-f-----f----", [[0, 7], [1, 7]], 1],
    ["what is no tile does nothing", [0, 12, -1], "c-----------", [], 0],
  ];
  const SIGNS = { free: "-", chosen: "c", missed: "m", found: "f" };
  for (const [name, numbers, expected, turns, misses] of rows) {
    test(name, () => {
      const { game } = after(presses(...numbers));
      assert.equal(statuses(game).map((status) => SIGNS[status]).join(""), expected);
      assert.deepEqual(game.turns, turns);
      assert.equal(game.misses, misses);
    });
  }

  test("before the deal or after the end does nothing", () => {
    for (const events of [[], [START], presses(...ALL)]) {
      const state = after(events);
      assert.equal(next(state, press(0)), state);
    }
  });
});

describe("a game", () => {
  test("goes from its start over the deal and the turns to its result", () => {
    const events = done();
    const phases = events.map((_, index) => after(events.slice(0, index + 1)).phase);
    const playing = Array(ALL.length).fill("playing");
    assert.deepEqual(phases, ["dealing", ...playing, "sending", "over"]);
  });

  test("ends with the last pair, not before", () => {
    const last = after(presses(...ALL.slice(0, -1)));
    assert.equal(last.game.ended_at, null);
    assert.equal(pairsFound(last.game), 5);
    const state = next(last, press(11, 9_000));
    assert.equal(state.game.ended_at, 9_000);
    assert.equal(pairsFound(state.game), 6);
    assert.deepEqual(state.game.turns, [0, 1, 2, 3, 4, 5].map(pair));
  });

  test("shows its time from the deal on, with the penalties, and stops at the end", () => {
    const { game } = after(presses(0, 1));
    assert.equal(shown_ms(game, 1_000), 1_000);
    assert.equal(shown_ms(game, 3_500), 3_500);
    assert.equal(shown_ms(game, 900), 1_000);
    const ended = after(presses(...ALL)).game;
    assert.equal(shown_ms(ended, 60_000), 4_000);
  });

  test("takes the penalty that the server says", () => {
    const { game } = after([...dealt({ ...DEAL, penalty_ms: 2_000 }), press(0), press(1)]);
    assert.equal(shown_ms(game, 1_000), 2_000);
    assert.equal(words.penalty(game), "+2 s");
  });

  test("is given up at once, and begins anew from the start", () => {
    const given = after([...presses(0, 6), { type: "quit" }]);
    assert.equal(given.phase, "start");
    assert.equal(given.game, null);
    const again = after(dealt({ ...DEAL, game: "h" }), given);
    assert.equal(again.game.id, "h");
    assert.deepEqual(again.game.turns, []);
  });

  test("is not dealt twice, nor begun while one is played", () => {
    const playing = after(dealt());
    assert.equal(next(playing, START), playing);
    assert.equal(after(dealt({ ...DEAL, game: "h" }).slice(1), playing), playing);
    const asked = after([START]);
    assert.equal(next(asked, START), asked);
    assert.equal(next(asked, { type: "quit" }), asked);
  });

  test("does not begin again by a press that was meant for the last pair", () => {
    const refused = { type: "not_finished", game: "g", problem: trouble(404), again: false, at: 6_000 };
    for (const state of [after(done()), after([...presses(...ALL), refused])]) {
      assert.equal(next(state, { type: "start", at: 6_000 + TOO_SOON_MS - 1 }), state);
      assert.equal(next(state, { type: "start", at: 6_000 + TOO_SOON_MS }).phase, "dealing");
    }
  });

  test("begins at once where nothing was over", () => {
    assert.equal(next(tiles(CARDS, null, NOBODY), { type: "start", at: 0 }).phase, "dealing");
  });

  test("begins again after its result", () => {
    const state = after([...done(), ...dealt({ ...DEAL, game: "h", best_ms: 14_320 })]);
    assert.equal(state.phase, "playing");
    assert.equal(state.result, null);
    assert.equal(state.best.best_ms, 14_320);
  });

  test("is not begun with a tile whose other half is in no card here", () => {
    for (const text of ["Answer 99", "Answer 6"]) {
      const other = TILES.map((tile) => (tile.tile === 11 ? { ...tile, text } : tile));
      const state = after(dealt({ ...DEAL, tiles: other }));
      assert.equal(state.phase, "start");
      assert.match(words.problemOf(state), /have changed. Reload/);
    }
  });

  test("pairs by card where two cards of the deck share an answer", () => {
    const other = TILES.map((tile) => (tile.tile === 0 ? { ...tile, text: "Question 7" } : tile));
    const { game } = after([...dealt({ ...DEAL, tiles: other }), press(6), press(0)]);
    assert.equal(pairsFound(game), 1);
  });

  test("frozen through and through", () => {
    const { game } = after(presses(0, 6, 1, 2));
    for (const value of [game, game.found, game.turns, game.turns[0], game.missed, game.partners]) {
      assert.ok(Object.isFrozen(value));
    }
  });
});

describe("the end of a game", () => {
  test("brings the result, one's best and the list", () => {
    const top = [row(14_320, ADA.id)];
    const state = after(done({ top, best_ms: 14_000, improved: false }));
    assert.equal(state.result.time_ms, 14_320);
    assert.deepEqual(state.best, { best_ms: 14_000, top });
  });

  test("of another game changes the best times alone", () => {
    const other = { type: "finished", game: "old", result: result({ best_ms: 9_000 }) };
    for (const events of [presses(0), presses(...ALL), []]) {
      const state = after([...events, other]);
      assert.equal(state.phase, after(events).phase);
      assert.equal(state.result, null);
      assert.equal(state.best.best_ms, 9_000);
    }
  });

  test("waits for what passes, and forgets the trouble with the result", () => {
    const waiting = { type: "not_finished", game: "g", problem: trouble(0), again: true };
    const state = after([...presses(...ALL), waiting]);
    assert.equal(state.phase, "sending");
    assert.match(words.problemOf(state), /^No connection. Your game is kept.*the clock runs until then/);
    assert.equal(shown_ms(state.game, 60_000), 59_000);
    const ended = next(state, { type: "finished", game: "g", result: result() });
    assert.equal(words.problemOf(ended), null);
  });

  const refusals = [
    ["impossible_time", 409, /^Nobody presses twelve tiles that fast.* Play again\.$/],
    ["no_such_game", 404, /^The server has this game no more.* Play again\.$/],
    ["malformed", 422, /^Your time does not count\. Why not\.$/],
  ];
  for (const [reason, status, expected] of refusals) {
    test(`without a result says why: ${reason}`, () => {
      const problem = trouble(status, reason);
      const refused = { type: "not_finished", game: "g", problem, again: false };
      const state = after([...presses(...ALL), refused]);
      assert.equal(state.phase, "over");
      assert.equal(state.result, null);
      assert.match(words.problemOf(state), expected);
      const other = { ...refused, game: "old" };
      assert.equal(after([...presses(...ALL), other]).phase, "sending");
    });
  }

  test("while the server is busy says so", () => {
    const busy = { type: "not_finished", game: "g", problem: trouble(503, "unavailable"), again: true };
    assert.match(words.problemOf(after([...presses(...ALL), busy])), /^The server is busy/);
  });
});

describe("a deal that does not come", () => {
  const refused = (problem) => after([START, { type: "not_dealt", problem }]);
  test("says that the server is needed, or what the server says", () => {
    assert.match(words.problemOf(refused(trouble(0))), /its clock is the one that counts/);
    assert.equal(words.problemOf(refused(trouble(409, "too_few_cards"))), "Why not.");
  });

  test("leaves the start, whose trouble goes with the next try", () => {
    assert.equal(refused(trouble(0)).phase, "start");
    assert.equal(next(refused(trouble(0)), START).problem, null);
  });
});

describe("a name is offered", () => {
  const full = (last) => [...Array(9).fill(row(1_000)), row(last)];
  const rows = [
    ["to a guest with a best, on an empty list", null, 14_320, [], true],
    ["to a guest with a best, on a list of nine", null, 14_320, full(1).slice(1), true],
    ["to a guest who beats the tenth", null, 14_320, full(14_321), true],
    ["not to who equals the tenth, who had it first", null, 14_320, full(14_320), false],
    ["not to who is behind the tenth", null, 14_320, full(14_319), false],
    ["not to who has a name", ADA, 14_320, [], false],
    ["not to who has no best", null, null, [], false],
  ];
  for (const [name, me, best_ms, top, expected] of rows) {
    test(name, () => assert.equal(offersName(tiles(CARDS, me, { best_ms, top })), expected));
  }

  test("and taken", () => {
    const busy = after([...done(), { type: "name_sent" }]);
    assert.equal(busy.naming.busy, true);
    const refused = next(busy, { type: "name_refused", problem: trouble(409, "name_taken") });
    assert.deepEqual(refused.naming, { busy: false, problem: trouble(409, "name_taken") });
    const named = next(busy, { type: "named", player: ADA });
    assert.equal(ownRow(named), null);
    const top = [row(9_000), row(14_320, ADA.id, 2)];
    const listed = next(named, { type: "best_times", best: { best_ms: 14_320, top } });
    assert.equal(ownRow(listed).rank, 2);
    assert.equal(words.standing(listed), "Rank 2 in this deck.");
  });
});

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
