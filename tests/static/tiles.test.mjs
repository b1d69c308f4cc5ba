/** Match: pairs, misses, the turns that are sent and kept, and the best times. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { KEPT_MS, toKeep, unsentOf } from "../../static/model/tiles/kept.js";
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
import {
  ADA,
  after,
  ALL,
  CARDS,
  DEAL,
  dealt,
  done,
  NOBODY,
  pair,
  press,
  presses,
  result,
  row,
  START,
  TILES,
  trouble,
} from "./tiles-given.mjs";

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

describe("a finished game the server has not answered", () => {
  const GIVEN_UP = [...presses(...ALL), { type: "quit" }];
  const UNSENT = { id: "g", turns: [0, 1, 2, 3, 4, 5].map(pair) };
  const failed = (status, again) => ({ type: "not_finished", game: "g", problem: trouble(status), again, at: 7_000 });
  const finished = { type: "finished", game: "g", result: result(), at: 7_000 };

  test("is kept from its last pair on, and by who starts over", () => {
    assert.equal(after(presses(...ALL.slice(0, -1))).unsent, null);
    assert.deepEqual(after(presses(...ALL)).unsent, UNSENT);
    assert.deepEqual(after(GIVEN_UP).unsent, UNSENT);
    assert.equal(after([...presses(0, 6), { type: "quit" }]).unsent, null);
  });

  test("is kept until the answer, whatever it is", () => {
    assert.equal(after([...presses(...ALL), failed(0, true)]).unsent.id, "g");
    assert.equal(after([...presses(...ALL), failed(404, false)]).unsent, null);
    assert.equal(after(done()).unsent, null);
  });

  for (const [name, from] of [
    ["after a start over", after(GIVEN_UP)],
    ["at the next visit", tiles(CARDS, null, NOBODY, UNSENT)],
    ["to who would begin another", after([START], tiles(CARDS, null, NOBODY, UNSENT))],
  ]) {
    test(`shows its result ${name}`, () => {
      const state = next(from, finished);
      assert.equal(state.phase, "over");
      assert.equal(state.result.time_ms, 14_320);
      assert.equal(state.unsent, null);
      assert.equal(next(state, { type: "start", at: 7_000 }), state);
      assert.equal(next(from, { ...finished, game: "old" }).phase, from.phase);
    });

    test(`says why it has none ${name}`, () => {
      const state = next(from, { ...failed(404, false), problem: trouble(404, "no_such_game") });
      assert.equal(state.phase, "over");
      assert.match(words.problemOf(state), /game no more/);
    });

    test(`waits on ${name}`, () => {
      const state = next(from, failed(0, true));
      assert.equal(state.phase, "start");
      assert.equal(state.unsent.id, "g");
      assert.equal(state.problem === null, from.phase === "start");
    });
  }

  test("gives way to the next game", () => {
    assert.equal(after(dealt({ ...DEAL, game: "h" }), tiles(CARDS, null, NOBODY, UNSENT)).unsent, null);
  });

  const NOW_MS = 1_800_000_000_000;
  const KEPT = toKeep(after(presses(...ALL)).game, NOW_MS);
  test("is kept with the instant of its deal, and read again", () => {
    assert.equal(KEPT.dealt_at_ms, NOW_MS - 4_000);
    assert.deepEqual(unsentOf(JSON.parse(JSON.stringify(KEPT)), NOW_MS), UNSENT);
    assert.ok(Object.isFrozen(unsentOf(KEPT, NOW_MS)));
  });

  const rows = [
    ["an hour after its deal", KEPT, NOW_MS - 4_000 + KEPT_MS],
    ["of another time", KEPT, NOW_MS - 4_000 - KEPT_MS],
    ["where nothing is kept", null, NOW_MS],
    ["of another kind", "text", NOW_MS],
    ["without its id", { ...KEPT, id: 1 }, NOW_MS],
    ["without its instant", { ...KEPT, dealt_at_ms: "now" }, NOW_MS],
    ["without turns", { ...KEPT, turns: { length: 6 } }, NOW_MS],
    ["with half a turn", { ...KEPT, turns: [[0]] }, NOW_MS],
    ["with a turn of words", { ...KEPT, turns: [["0", "6"]] }, NOW_MS],
  ];
  for (const [name, value, now_ms] of rows) {
    test(`is forgotten ${name}`, () => assert.equal(unsentOf(value, now_ms), null));
  }
  test("is read until an hour after its deal", () => {
    assert.equal(unsentOf(KEPT, NOW_MS - 4_000 + KEPT_MS - 1).id, "g");
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
