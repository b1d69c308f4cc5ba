/** Looking for an opponent: from the press to the pairing, and everything in between. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { ALONE_MS, aloneAt, canSeek, destination, next, outgoing, seek } from "../../static/model/seek.js";
import { connected, lost, refused } from "./given.mjs";

const DECK = "deep-learning-interview";
const ADA = { id: "p0", name: "Ada" };
const pressed = { type: "pressed" };
const cancel = { type: "cancel_pressed" };

const welcome = (more = {}) => ({
  type: "welcome",
  player: ADA,
  server_time_ms: 0,
  version: 1,
  live_match: null,
  seeking: null,
  ...more,
});
const seeking = (more = {}) => ({
  type: "seeking",
  deck: DECK,
  rated: true,
  waiting: 1,
  waited_ms: 0,
  ...more,
});
const paired = (more = {}) => ({
  type: "paired",
  match: "m1",
  deck: DECK,
  title: "100 Deep Learning interview",
  rated: true,
  seat: 0,
  rating: 1500,
  provisional: true,
  opponent: { id: "p1", name: "Bo", rating: 1500, provisional: true, bot: false },
  stake: { win: 20, draw: 0, loss: -20 },
  k_share: 1,
  unrated_because: null,
  ready_in_ms: 10_000,
  ...more,
});

const sendAll = (state, at_ms) =>
  outgoing(state).reduce((now, message) => next(now, { type: "sent", message }, at_ms), state);
const after = (state, events, at_ms = 0) =>
  events.reduce((now, event) => sendAll(next(now, event, at_ms), at_ms), state);
const types = (state) => outgoing(state).map(({ type }) => type);

const online = (me = ADA) => after(seek(DECK, me), [connected, welcome({ player: me })]);
const asking = () => after(online(), [pressed]);
const waiting = () => after(asking(), [seeking({ waiting: 2, waited_ms: 0 })], 1_000);

/** A state in each phase, as one gets there. */
const PHASES = {
  idle: online,
  name: () => after(online(null), [pressed]),
  naming: () => after(online(null), [pressed, { type: "name_sent" }]),
  asking,
  seeking: waiting,
  elsewhere: () => after(asking(), [refused("already_seeking", "seek")]),
  cancelling: () => after(waiting(), [cancel]),
  cancelled: () => after(waiting(), [cancel, { type: "seek_cancelled" }]),
  cooling: () => after(asking(), [refused("cooling_down", "seek", { retry_in_ms: 60_000 })]),
  busy: () => after(asking(), [refused("already_in_match", "seek", { match: "m0" })]),
  paired: () => after(waiting(), [paired()], 4_000),
  unknown_deck: () => after(asking(), [refused("no_such_deck", "seek")]),
};

for (const [phase, make] of Object.entries(PHASES)) {
  test(`the way to ${phase} leads there, frozen`, () => {
    assert.equal(make().phase, phase);
    assert.ok(Object.isFrozen(make()));
  });
}

describe("pressing Challenge", () => {
  test("asks for a name first when there is none", () => {
    const state = next(online(null), pressed, 0);
    assert.equal(state.phase, "name");
    assert.deepEqual(types(state), []);
  });

  test("sends the seek when there is one", () => {
    const state = next(online(), pressed, 0);
    assert.deepEqual(outgoing(state), [{ type: "seek", deck: DECK, rated: true, ref: "seek" }]);
    assert.deepEqual(types(sendAll(state)), []);
  });

  test("waits for the connection and its welcome", () => {
    const offline = next(seek(DECK, ADA), pressed, 0);
    assert.deepEqual(types(offline), []);
    assert.deepEqual(types(next(offline, connected, 0)), []);
    assert.deepEqual(types(next(next(offline, connected, 0), welcome(), 0)), ["seek"]);
  });

  for (const phase of Object.keys(PHASES)) {
    const starts = phase === "idle" || phase === "cancelled";
    test(`${starts ? "starts a search from" : "a second time changes nothing in"} ${phase}`, () => {
      const state = PHASES[phase]();
      assert.equal(canSeek(state, 0), starts);
      assert.equal(next(state, pressed, 0) === state, !starts);
    });
  }
});

describe("the name", () => {
  test("that is refused opens the form again with the reason beside it", () => {
    const error = { reason: "name_taken", detail: "Taken." };
    const state = next(PHASES.naming(), { type: "name_refused", ...error }, 0);
    assert.equal(state.phase, "name");
    assert.deepEqual(state.name_error, error);
    assert.equal(next(state, { type: "name_sent" }, 0).name_error, null);
  });

  test("that is taken up sends the seek, but only over a connection that knows it", () => {
    const named = next(PHASES.naming(), { type: "named", player: ADA }, 0);
    assert.equal(named.phase, "asking");
    assert.deepEqual(named.me, ADA);
    assert.deepEqual(types(named), []);
    const stale = next(named, welcome({ player: null }), 0);
    assert.equal(stale.phase, "asking");
    assert.deepEqual(types(stale), []);
    const fresh = after(stale, [lost, connected]);
    assert.deepEqual(types(next(fresh, welcome(), 0)), ["seek"]);
  });

  test("that the new connection does not know is asked for again", () => {
    const named = after(PHASES.naming(), [{ type: "named", player: ADA }, lost, connected]);
    const state = next(named, welcome({ player: null }), 0);
    assert.equal(state.phase, "name");
    assert.equal(state.me, null);
  });

  test("sent twice, named twice or refused late changes nothing", () => {
    const naming = PHASES.naming();
    assert.equal(next(naming, { type: "name_sent" }, 0), naming);
    const searching = waiting();
    assert.equal(next(searching, { type: "named", player: ADA }, 0), searching);
    const late = { type: "name_refused", reason: "bad_name", detail: "" };
    assert.equal(next(searching, late, 0), searching);
  });
});

describe("waiting", () => {
  test("counts from when the server says that it began", () => {
    const state = next(asking(), seeking({ waiting: 3, waited_ms: 400 }), 10_000);
    assert.equal(state.phase, "seeking");
    assert.equal(state.since_at, 9_600);
    assert.equal(state.waiting, 3);
  });

  test("tells anew how many wait, and never restarts its clock", () => {
    const state = next(waiting(), seeking({ waiting: 5, waited_ms: 9 }), 30_000);
    assert.equal(state.waiting, 5);
    assert.equal(state.since_at, 1_000);
  });

  const nothing = [
    ["the same number", seeking({ waiting: 2 }), "seeking"],
    ["another deck's pool", seeking({ deck: "other", waiting: 9 }), "seeking"],
    ["a number after the pairing", seeking({ waiting: 9 }), "paired"],
    ["a number while cancelling", seeking({ waiting: 9 }), "cancelling"],
    ["a ladder", { type: "ladder", deck: DECK, top: [] }, "seeking"],
    ["a cancellation of nothing", { type: "seek_cancelled" }, "idle"],
    ["a cancellation after the pairing", { type: "seek_cancelled" }, "paired"],
    ["the pairing a second time", paired(), "paired"],
    ["a refusal of something else", refused("malformed", null), "asking"],
    ["a refusal of a seek that was answered", refused("unavailable", "seek"), "seeking"],
    ["a refusal of the seek while cancelling", refused("unavailable", "seek"), "cancelling"],
    ["a cancel press while idle", cancel, "idle"],
    ["a cancel press once paired", cancel, "paired"],
    ["a second cancel press", cancel, "cancelling"],
  ];
  for (const [name, event, phase] of nothing) {
    test(`is not disturbed by ${name}`, () => {
      const state = PHASES[phase]();
      assert.equal(next(state, event, 50_000), state);
    });
  }

  test("in another tab is seen here", () => {
    assert.equal(next(online(), seeking({ waited_ms: 2_000 }), 9_000).since_at, 7_000);
  });
});

describe("cancelling", () => {
  for (const phase of ["seeking", "elsewhere", "asking"]) {
    test(`from ${phase} is sent once`, () => {
      const state = next(PHASES[phase](), cancel, 0);
      assert.deepEqual(outgoing(state), [{ type: "cancel_seek", ref: "cancel" }]);
      const sent = sendAll(state);
      assert.deepEqual(types(sent), []);
      assert.equal(next(sent, { type: "seek_cancelled", ref: "cancel" }, 0).phase, "cancelled");
    });
  }

  test("a seek that never went out needs no message", () => {
    const state = next(next(seek(DECK, ADA), pressed, 0), cancel, 0);
    assert.equal(state.phase, "cancelled");
  });

  test("loses against a pairing that was made meanwhile", () => {
    assert.equal(next(PHASES.cancelling(), paired(), 0).phase, "paired");
  });

  test("that was refused because of a match leads to it", () => {
    const no = refused("already_in_match", "cancel", { match: "m7" });
    assert.equal(destination(next(PHASES.cancelling(), no, 0)), "m7");
  });
});

describe("the pairing", () => {
  test("says where to go", () => {
    const state = next(waiting(), paired(), 40_000);
    assert.equal(destination(state), "m1");
    assert.equal(state.pairing.opponent.name, "Bo");
  });

  test("reaches a page that did not search, in another tab", () => {
    assert.equal(destination(next(online(), paired(), 0)), "m1");
  });

  for (const phase of Object.keys(PHASES)) {
    const expected = { busy: "m0", paired: "m1" }[phase] ?? null;
    test(`is the only way out of ${phase} unless a match is live: ${expected}`, () => {
      assert.equal(destination(PHASES[phase]()), expected);
    });
  }
});

describe("a refused seek", () => {
  const rows = [
    ["not_signed_in", {}, { phase: "name", me: null }],
    ["already_in_match", { match: "m9" }, { phase: "busy", live_match: "m9" }],
    ["already_in_match", {}, { phase: "busy", live_match: null }],
    ["already_seeking", {}, { phase: "elsewhere" }],
    ["cooling_down", { retry_in_ms: 61_000 }, { phase: "cooling", retry_at: 64_000 }],
    ["no_such_deck", {}, { phase: "unknown_deck" }],
    ["unavailable", {}, { phase: "asking", retry_at: 4_000 }],
    ["too_fast", {}, { phase: "asking", retry_at: 4_000 }],
    ["malformed", {}, { phase: "idle" }],
    ["unknown_type", {}, { phase: "idle" }],
    ["a_reason_of_a_newer_server", {}, { phase: "idle" }],
  ];
  for (const [reason, more, expected] of rows) {
    test(`for ${reason} leads to ${JSON.stringify(expected)}`, () => {
      const state = next(asking(), refused(reason, "seek", more), 3_000);
      for (const [key, value] of Object.entries(expected)) assert.deepEqual(state[key], value, key);
      assert.deepEqual(state.refusal, { reason, detail: `because ${reason}` });
      assert.deepEqual(types(state), []);
    });
  }

  test("for a passing reason is sent again when its time has come, not before", () => {
    const state = next(asking(), refused("unavailable", "seek"), 3_000);
    assert.equal(next(state, { type: "retry" }, 3_999), state);
    assert.deepEqual(types(next(state, { type: "retry" }, 4_000)), ["seek"]);
  });

  test("for cooling down can be tried again when the wait is over, by a press only", () => {
    const state = PHASES.cooling();
    assert.equal(canSeek(state, 59_999), false);
    assert.equal(next(state, { type: "retry" }, 60_000), state);
    assert.equal(canSeek(state, 60_000), true);
    assert.deepEqual(types(next(state, pressed, 60_000)), ["seek"]);
  });
});

describe("a welcome after a lost connection", () => {
  const rows = [
    ["idle", {}, "idle"],
    ["name", { player: null }, "name"],
    ["naming", { player: null }, "naming"],
    ["asking", {}, "asking"],
    ["asking", { seeking: { deck: DECK, rated: true, waited_ms: 5_000 } }, "seeking"],
    ["seeking", { seeking: { deck: DECK, rated: true, waited_ms: 5_000 } }, "seeking"],
    ["seeking", { seeking: { deck: "other", rated: true, waited_ms: 5_000 } }, "elsewhere"],
    ["seeking", {}, "asking"],
    ["seeking", { live_match: "m1" }, "busy"],
    ["seeking", { player: null }, "name"],
    ["idle", { player: null }, "idle"],
    ["elsewhere", {}, "idle"],
    ["cancelling", {}, "cancelled"],
    ["cancelling", { seeking: { deck: DECK, rated: true, waited_ms: 5_000 } }, "cancelling"],
    ["cancelled", {}, "cancelled"],
    ["cooling", {}, "cooling"],
    ["busy", {}, "idle"],
    ["busy", { live_match: "m0" }, "busy"],
    ["paired", { live_match: "m1" }, "paired"],
    ["paired", { live_match: "m2" }, "busy"],
    ["paired", {}, "idle"],
    ["unknown_deck", {}, "unknown_deck"],
  ];
  for (const [from, more, to] of rows) {
    test(`${JSON.stringify(more)} leads from ${from} to ${to}`, () => {
      const back = after(PHASES[from](), [lost, connected], 20_000);
      const state = next(back, welcome(more), 20_000);
      assert.equal(state.phase, to);
      assert.equal(state.live_match, more.live_match ?? null);
      if (to === "seeking") assert.equal(state.since_at, 15_000);
    });
  }

  test("sends again what was under way", () => {
    const asked = after(asking(), [lost, connected]);
    assert.deepEqual(types(next(asked, welcome(), 0)), ["seek"]);
    const stopping = after(PHASES.cancelling(), [lost, connected]);
    const still = welcome({ seeking: { deck: DECK, rated: true, waited_ms: 1 } });
    assert.deepEqual(types(next(stopping, still, 0)), ["cancel_seek"]);
  });

  test("leaves the wait of a cooling down as long as it was", () => {
    const back = after(PHASES.cooling(), [lost, connected, welcome()], 20_000);
    assert.equal(back.retry_at, 60_000);
  });

  test("with a live match on the first visit leads to it", () => {
    const state = after(seek(DECK, ADA), [connected, welcome({ live_match: "m3" })]);
    assert.equal(destination(state), "m3");
  });
});

describe("something else is offered", () => {
  test("15 s after the wait began, to whoever looks alone", () => {
    const alone = next(asking(), seeking({ waiting: 1, waited_ms: 400 }), 10_000);
    assert.equal(aloneAt(alone), 9_600 + ALONE_MS);
    assert.equal(ALONE_MS, 15_000);
  });

  test("to nobody while another one looks, or nobody has counted yet", () => {
    assert.equal(aloneAt(waiting()), null);
    const resumed = next(online(), welcome({ seeking: { deck: DECK, rated: true, waited_ms: 1 } }), 0);
    assert.equal(resumed.phase, "seeking");
    assert.equal(aloneAt(resumed), null);
  });

  for (const phase of Object.keys(PHASES)) {
    if (phase === "seeking") continue;
    test(`to nobody in ${phase}`, () => assert.equal(aloneAt(PHASES[phase]()), null));
  }
});
