/** What the match page makes of a server that cannot reach its storage. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { next, outgoing } from "../../static/model/duel.js";
import { roundView } from "../../static/pages/match-views.js";
import * as given from "./given.mjs";

const { after, entered, refused, roundOpened, snapshot, storage } = given;
const types = (state) => outgoing(state).map(({ type }) => type);
const away = (state = entered(), at_ms = 5_000) => next(state, storage(false), at_ms);
const back = (state = away(), at_ms = 9_000) => next(state, storage(true), at_ms);

describe("while the storage is away", () => {
  test("all clocks stand at the instant at which the server said so", () => {
    assert.equal(entered().held_at, null);
    assert.equal(away().held_at, 5_000);
    assert.equal(roundView(away(), false, true).held_at, 5_000);
    assert.equal(next(away(), storage(false), 6_000).held_at, 5_000);
  });

  test("an answer waits, and its refusal is not asked again before it is back", () => {
    const state = next(away(), { type: "chosen", choice: 2 }, 6_000);
    assert.deepEqual(types(state), []);
    assert.equal(roundView(state, false, true).status, "Your answer waits with the match.");
    const sent = after(entered(), [{ type: "chosen", choice: 2 }]);
    const turned = next(away(sent), refused("unavailable", "answer-4"), 6_000);
    assert.deepEqual(types(next(turned, { type: "retry" }, 7_000)), []);
    assert.deepEqual(types(back(turned)), ["answer"]);
    assert.deepEqual(types(back(state)), ["answer"]);
  });

  test("a snapshot moves the end, and the clock stands there", () => {
    const state = next(away(), snapshot({ left_ms: 11_000 }), 7_000);
    assert.deepEqual([state.ends_at, state.held_at], [18_000, 7_000]);
  });

  test("a round that opens runs: what the log says has come from the storage", () => {
    const state = next(away(), roundOpened(5), 7_000);
    assert.deepEqual([state.ends_at, state.held_at], [22_000, null]);
  });
});

describe("when the storage is back", () => {
  test("clocks stand until the server says what is left", () => {
    assert.equal(back().held_at, 5_000);
    const state = next(back(), snapshot({ left_ms: 10_000 }), 9_100);
    assert.deepEqual([state.ends_at, state.held_at], [19_100, null]);
  });

  test("nothing stands of what was refused meanwhile", () => {
    const sent = after(entered(), [{ type: "chosen", choice: 2 }]);
    const turned = next(away(sent), refused("unavailable", "answer-4"), 6_000);
    assert.deepEqual([back(turned).notice, back(turned).retry_at], [null, null]);
  });

  test("an entry that was refused before or meanwhile is asked again", () => {
    const asked = after(entered(), [given.lost, given.connected], 4_000);
    const early = next(asked, refused("unavailable", "enter"), 4_500);
    const late = next(away(asked), refused("unavailable", "enter"), 5_500);
    assert.deepEqual(types(back(away(early))), ["enter"]);
    assert.deepEqual(types(back(late)), ["enter"]);
  });

  test("a second message of it changes nothing", () => {
    const state = back();
    assert.equal(next(state, storage(true), 9_500), state);
  });
});

test("a new connection is told anew", () => {
  const state = after(away(), [given.lost, given.connected], 6_000);
  assert.equal(state.away, false);
  assert.equal(next(state, snapshot(), 6_500).held_at, null);
});
