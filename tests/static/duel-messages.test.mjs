/** What each message about the match does to the page's state, and when it does nothing. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { cameAlone, duel, lastClosed, missedStart, next, shownPhase } from "../../static/model/duel.js";
import * as given from "./given.mjs";

const { entered, after, snapshot, roundOpened, roundClosed, answerTaken, over } = given;

describe("a snapshot", () => {
  const phases = [
    ["gathering", given.gathering(), { round: 0, ends_at: 108_000, storing: false }],
    ["countdown", given.countdown(), { round: 0, ends_at: 103_000, storing: false }],
    ["open", snapshot(), { round: 4, ends_at: 112_000, storing: false }],
    ["reveal", given.reveal(), { round: 4, ends_at: 102_500, storing: false }],
    ["over", given.finished(), { round: 10, ends_at: null, storing: false }],
    ["over", given.finished({ result: null }), { round: 10, ends_at: null, storing: true }],
  ];
  for (const [phase, message, expected] of phases) {
    const name = expected.storing ? "over, its result being stored" : phase;
    test(`brings a reloaded page into ${name}`, () => {
      const state = next(duel(given.MATCH), message, 100_000);
      assert.equal(state.phase, phase);
      assert.equal(state.round, expected.round);
      assert.equal(state.ends_at, expected.ends_at);
      assert.equal(state.storing, expected.storing);
      assert.equal(state.closed.length, message.closed.length);
      assert.deepEqual(state.choices, message.choices ?? []);
      assert.equal(state.seats[1].name, "Bo");
      assert.deepEqual(state.result, message.result);
      assert.ok(Object.isFrozen(state) && Object.isFrozen(state.seats[0]));
    });
    test(`replaces whatever an earlier connection had shown with ${name}`, () => {
      const stale = after(entered(snapshot({ round: 2, closed: [] })), [
        { type: "chosen", choice: 3 },
        given.lost,
        given.connected,
      ]);
      const fresh = after(duel(given.MATCH), [given.connected]);
      assert.deepEqual(next(stale, message, 100_000), next(fresh, message, 100_000));
    });
  }

  test("shows one's own answer of before the reload as taken", () => {
    assert.deepEqual(entered(snapshot({ my_choice: 2 })).mine, {
      round: 4,
      choice: 2,
      status: "taken",
      elapsed_ms: null,
    });
  });

  test("shows one's own answer in the reveal as well", () => {
    assert.equal(entered(given.reveal({ my_choice: 1 })).mine.choice, 1);
  });

  test("keeps the time of an answer that this page had heard of", () => {
    const taken = answerTaken({ seat: 0, choice: 2, elapsed_ms: 4321 });
    const state = after(entered(), [{ type: "chosen", choice: 2 }, taken, given.lost]);
    const back = after(state, [given.connected, snapshot({ my_choice: 2 })]);
    assert.equal(back.mine.elapsed_ms, 4321);
  });

  test("shows a spectator no answer of his own and no stake", () => {
    const state = entered(snapshot({ seat: null, stake: null }));
    assert.equal(state.seat, null);
    assert.equal(state.mine, null);
    assert.equal(state.stake, null);
  });

  test("turns the opponent's forfeit countdown into an instant", () => {
    const message = snapshot({ seats: given.seats({}, { connected: false, forfeit_in_ms: 21_000 }) });
    assert.equal(next(duel(given.MATCH), message, 5_000).seats[1].forfeit_at, 26_000);
  });

  test("goes back to a shorter log after a failover", () => {
    const state = entered(snapshot({ round: 5, closed: [1, 2, 3, 4].map((r) => given.closedRound(r)) }));
    const back = next(state, snapshot(), 0);
    assert.equal(back.round, 4);
    assert.equal(back.closed.length, 3);
  });
});

describe("a message", () => {
  const late = [
    ["a second countdown", given.countdown(), { type: "countdown_started", opens_in_ms: 3_000 }],
    ["a countdown in a round", snapshot(), { type: "countdown_started", opens_in_ms: 3_000 }],
    ["the opening of the open round", snapshot(), roundOpened(4)],
    ["the opening of an earlier round", snapshot(), roundOpened(3)],
    ["the opening of the round being revealed", given.reveal(), roundOpened(4)],
    ["an opening after the end", given.finished(), roundOpened(11)],
    ["an opening while the result is stored", given.finished({ result: null }), roundOpened(11)],
    ["an answer in an earlier round", snapshot(), answerTaken({ round: 3 })],
    ["an answer in a later round", snapshot(), answerTaken({ round: 5 })],
    ["an answer in the reveal", given.reveal(), answerTaken()],
    ["the close of an earlier round", snapshot(), roundClosed(3)],
    ["the close of the round being revealed", given.reveal(), roundClosed(4)],
    ["a close after the end", given.finished({ result: null }), roundClosed(10)],
    ["a second result", given.finished(), over({ outcome: "draw" })],
    ["the same presence", snapshot(), { type: "seat_changed", seat: 1, ready: true, connected: true, forfeit_in_ms: null }],
    ["a presence after the end", given.finished(), { type: "seat_changed", seat: 1, ready: true, connected: false, forfeit_in_ms: null }],
    ["a type from a newer server", snapshot(), { type: "applause" }],
    ["somebody's pong", snapshot(), { type: "pong", t: 1 }],
    ["the welcome", snapshot(), { type: "welcome", player: null, live_match: null }],
    ["a ladder", snapshot(), { type: "ladder", deck: "d", top: [] }],
  ];
  for (const [name, start, message] of late) {
    test(`changes nothing when it is ${name}`, () => {
      const state = entered(start);
      assert.equal(next(state, { match: given.MATCH, ...message }, 9), state);
    });
  }

  const whole = [
    ["match", given.gathering(), snapshot()],
    ["seat_changed", snapshot(), { type: "seat_changed", seat: 1, ready: true, connected: false, forfeit_in_ms: 28_000 }],
    ["countdown_started", given.gathering(), { type: "countdown_started", opens_in_ms: 3_000 }],
    ["round_opened", given.countdown(), roundOpened(1)],
    ["answer_taken", snapshot(), answerTaken()],
    ["round_closed", snapshot(), roundClosed(4)],
    ["match_over", snapshot(), over({ reason: "resigned" })],
  ];
  for (const [type, start, message] of whole) {
    const own = { match: given.MATCH, ...message };
    test(`${type} of this match changes the state`, () => {
      const state = entered(start);
      assert.notEqual(next(state, own, 7), state);
    });
    test(`${type} of another match changes nothing`, () => {
      const state = entered(start);
      assert.equal(next(state, { ...own, match: "m2" }, 7), state);
    });
    if (type === "match") continue;
    test(`${type} that comes twice changes nothing the second time`, () => {
      const once = next(entered(start), own, 7);
      assert.equal(next(once, own, 5_000), once);
    });
    test(`${type} before the snapshot changes nothing`, () => {
      const state = after(duel(given.MATCH), [given.connected]);
      assert.equal(next(state, own, 7), state);
    });
  }
});

describe("the course of a match", () => {
  test("the countdown runs to an instant on this page's clock", () => {
    const message = { type: "countdown_started", match: given.MATCH, opens_in_ms: 3_000 };
    const state = next(entered(given.gathering()), message, 50_000);
    assert.equal(state.phase, "countdown");
    assert.equal(state.ends_at, 53_000);
  });

  test("the first round opens, whichever number the waiting before it bore", () => {
    for (const round of [0, 1]) {
      const state = next(entered(given.countdown({ round })), roundOpened(1), 0);
      assert.equal(state.phase, "open");
      assert.equal(state.entered, "yes");
    }
  });

  test("a player gets ready while connected", () => {
    const message = { type: "seat_changed", match: given.MATCH, seat: 1, ready: true, connected: true, forfeit_in_ms: null };
    const before = entered(given.gathering({ seats: given.seats({}, { ready: false }) }));
    assert.equal(next(before, message, 0).seats[1].ready, true);
  });

  test("a round opens with its question, a full clock and nobody's answer", () => {
    const before = entered(given.reveal({ seats: given.seats({ answered: true }, { answered: true }) }));
    const state = next(before, roundOpened(5, { left_ms: 14_900 }), 1_000);
    assert.equal(state.phase, "open");
    assert.equal(state.round, 5);
    assert.equal(state.prompt, "Question 5");
    assert.equal(state.ends_at, 15_900);
    assert.equal(state.mine, null);
    assert.deepEqual(state.seats.map(({ answered }) => answered), [false, false]);
    assert.equal(state.entered, "yes");
  });

  test("a round closes with both answers, the totals and the pause until the next", () => {
    const state = next(entered(), roundClosed(4, { totals: [943, 512] }), 20_000);
    assert.equal(state.phase, "reveal");
    assert.equal(state.ends_at, 23_000);
    assert.deepEqual(state.seats.map(({ total }) => total), [943, 512]);
    assert.deepEqual(state.seats.map(({ answered }) => answered), [true, false]);
    const closed = lastClosed(state);
    assert.equal(closed.round, 4);
    assert.equal(closed.prompt, "Question 4");
    assert.deepEqual(closed.choices, given.CHOICES);
    assert.equal(closed.correct, 0);
    assert.equal(state.storing, false);
  });

  test("the last round's reveal stays in sight for 3 s though the result is there at once", () => {
    const last = entered(snapshot({ round: 10, closed: [1, 2, 3, 4, 5, 6, 7, 8, 9].map((r) => given.closedRound(r)) }));
    const closed = next(last, roundClosed(10, { next_in_ms: null }), 1_000);
    assert.equal(closed.phase, "reveal");
    assert.equal(closed.storing, true);
    assert.equal(closed.ends_at, null);
    const done = next(closed, over(), 1_010);
    assert.equal(done.phase, "over");
    assert.equal(done.storing, false);
    assert.equal(shownPhase(done, 3_999), "reveal");
    assert.equal(shownPhase(done, 4_000), "over");
  });

  test("the last reveal is held over a reconnect, and not into a match that goes on", () => {
    const last = next(entered(), roundClosed(4, { next_in_ms: null }), 1_000);
    assert.equal(shownPhase(next(last, given.finished(), 2_000), 3_999), "reveal");
    assert.equal(next(last, given.reveal(), 2_000).reveal_until, null);
  });

  test("a resignation is shown at once", () => {
    const state = next(entered(), over({ reason: "resigned" }), 1_000);
    assert.equal(shownPhase(state, 1_000), "over");
    assert.deepEqual(state.seats.map(({ total }) => total), [9000, 4000]);
  });

  test("the opponent goes away with a countdown and comes back without", () => {
    const base = { type: "seat_changed", match: given.MATCH, seat: 1, ready: true };
    const away = next(entered(), { ...base, connected: false, forfeit_in_ms: 28_000 }, 2_000);
    assert.equal(away.seats[1].connected, false);
    assert.equal(away.seats[1].forfeit_at, 30_000);
    const waiting = next(away, { ...base, connected: false, forfeit_in_ms: null }, 3_000);
    assert.equal(waiting.seats[1].forfeit_at, null);
    const back = next(away, { ...base, connected: true, forfeit_in_ms: null }, 3_000);
    assert.equal(back.seats[1].connected, true);
    assert.equal(back.seats[1].forfeit_at, null);
  });

  const gaps = [
    ["a close of a round that never opened here", given.reveal(), roundClosed(5)],
    ["a close of a later round than the open one", snapshot(), roundClosed(5)],
    ["a close before the first opening", given.countdown({ round: 1 }), roundClosed(1)],
    ["an opening that skips a round", given.reveal(), roundOpened(6)],
    ["an opening while a round is still open here", snapshot(), roundOpened(5)],
  ];
  for (const [name, start, message] of gaps) {
    test(`${name} makes the page ask for the whole`, () => {
      const state = next(entered(start), message, 0);
      assert.equal(state.entered, "no");
      assert.equal(next(given.sendAll(state), snapshot(), 0).entered, "yes");
    });
  }
});

describe("a match that did not start", () => {
  const noShow = given.over({ outcome: "aborted", reason: "no_show", ratings: null });
  const here = { ready: true, connected: true };
  const rows = [
    ["is looked on from by whoever came", 0, here, noShow, [true, false]],
    ["was missed by whoever was not ready", 0, { ready: false, connected: true }, noShow, [false, true]],
    ["was missed by whoever was gone", 0, { ready: true, connected: false }, noShow, [false, true]],
    ["is nothing to a spectator", null, here, noShow, [false, false]],
    ["is none that ended otherwise", 0, here, given.over(), [false, false]],
  ];
  for (const [name, seat, own, over, expected] of rows) {
    test(name, () => {
      const seats = given.seats(own, { ready: false, connected: false });
      const state = after(entered(given.gathering({ seat, seats })), [over]);
      assert.deepEqual([cameAlone(state), missedStart(state)], expected);
    });
  }
});
