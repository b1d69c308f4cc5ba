/** The rematch: offered, accepted, declined, expired, taken back, and greyed out when the other one leaves. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { next, outgoing, rematch, rematchView } from "../../static/model/rematch.js";
import { ADA, BOB, challenge } from "./challenge-given.mjs";
import { connected, lost, refused } from "./given.mjs";

const offer = (by, more = {}) =>
  challenge({
    kind: "rematch",
    challenge: by === ADA ? "MYQWN3" : "THE3RS",
    by,
    to: by === ADA ? BOB : ADA,
    rematch_of: "m1",
    expires_in_ms: 30_000,
    ...more,
  });
const presence = (online, playing = null) => ({ type: "presence", player: BOB.id, online, playing });
const press = (act) => ({ type: "pressed", act });

const sendAll = (state) => outgoing(state).reduce((now, message) => next(now, { type: "sent", message }, 0), state);
const after = (state, events, at_ms = 0) => events.reduce((now, event) => sendAll(next(now, event, at_ms)), state);
const shown = (practice = false) => ({ type: "shown", opponent: { id: BOB.id, name: "Bob", practice } });
const begun = (practice = false) => after(rematch("m1", ADA.id), [connected, shown(practice)]);
const view = (events, at_ms = 0) => rematchView(after(begun(), events, at_ms));

test("a new connection watches whether the opponent is here", () => {
  const fresh = next(after(rematch("m1", ADA.id), [connected]), shown(), 0);
  assert.deepEqual(outgoing(fresh).map(({ type }) => type), ["watch_player"]);
  const again = next(after(begun(), [lost]), connected, 0);
  assert.deepEqual(outgoing(again).map(({ type }) => type), ["watch_player"]);
});

test("a practice opponent is always here, and not watched", () => {
  const fresh = next(after(rematch("m1", ADA.id), [connected]), shown(true), 0);
  assert.deepEqual(outgoing(fresh), []);
  assert.equal(rematchView(after(begun(true), [presence(false)])).main.off, false);
});

describe("before the result is shown", () => {
  const early = (events) => after(rematch("m1", ADA.id), [connected, ...events]);

  test("nobody is watched, and nothing offered", () => {
    const state = next(rematch("m1", ADA.id), connected, 0);
    assert.deepEqual(outgoing(state), []);
    assert.equal(next(state, press("offer"), 0), state);
    assert.equal(next(state, presence(false), 0), state);
    assert.equal(rematchView(state).text, "");
  });

  test("an offer of the other one is heard, and shown with the rest of its time", () => {
    const state = after(early([offer(BOB)]), [shown()], 3_000);
    assert.equal(rematchView(state).text, "Bob wants a rematch.");
    assert.equal(rematchView(state).main.off, false);
    assert.equal(rematchView(state).ends_at, 30_000);
  });

  test("an offer that is taken back is heard as well", () => {
    const state = early([offer(BOB), offer(BOB, { state: "withdrawn" }), shown()]);
    assert.equal(rematchView(state).text, "Bob took the offer back.");
  });
});

describe("offering", () => {
  test("is sent once, and counts down on this side", () => {
    const state = next(begun(), press("offer"), 0);
    assert.deepEqual(outgoing(state), [{ type: "rematch", match: "m1", ref: "rematch" }]);
    assert.equal(next(state, press("offer"), 0), state);
    const shown = rematchView(after(state, [offer(ADA)], 1_000));
    assert.equal(shown.text, "Waiting for Bob.");
    assert.equal(shown.ends_at, 31_000);
    assert.deepEqual(shown.other, { act: "withdraw", label: "Take it back" });
    assert.equal(shown.main.off, true);
  });

  const ends = [
    ["declined", "Bob does not want a rematch now."],
    ["expired", "Bob did not answer in time."],
    ["withdrawn", "Your offer is taken back."],
  ];
  for (const [state, text] of ends) {
    test(`that is ${state} says so and can be repeated`, () => {
      const shown = view([press("offer"), offer(ADA), offer(ADA, { state })]);
      assert.equal(shown.text, text);
      assert.equal(shown.ends_at, null);
      assert.deepEqual(shown.main, { act: "offer", label: "Rematch", off: false });
    });
  }

  test("that is accepted leads on, and offers nothing more", () => {
    const state = after(begun(), [press("offer"), offer(ADA), offer(ADA, { state: "accepted", match: "m2" })]);
    assert.equal(rematchView(state).text, "On to the next match.");
    assert.equal(rematchView(state).main.off, true);
    assert.equal(next(state, press("offer"), 0), state);
  });

  test("that is refused says why", () => {
    const shown = view([press("offer"), refused("cooling_down", "rematch", { detail: "Wait." })]);
    assert.equal(shown.text, "Wait.");
    assert.equal(shown.main.off, false);
  });

  test("is taken back by its button alone while it stands", () => {
    const state = after(begun(), [press("offer"), offer(ADA)]);
    const taken = next(state, press("withdraw"), 0);
    assert.deepEqual(outgoing(taken), [{ type: "withdraw_challenge", challenge: "MYQWN3", ref: "rematch-answer" }]);
    assert.equal(next(begun(), press("withdraw"), 0).phase, "idle");
  });
});

describe("an offer of the other one", () => {
  test("counts down and can be accepted or declined, once", () => {
    const state = after(begun(), [offer(BOB)], 500);
    assert.equal(rematchView(state).text, "Bob wants a rematch.");
    assert.equal(rematchView(state).ends_at, 30_500);
    for (const [act, type] of [["accept", "accept_challenge"], ["decline", "decline_challenge"]]) {
      const answered = next(state, press(act), 0);
      assert.deepEqual(outgoing(answered), [{ type, challenge: "THE3RS", ref: "rematch-answer" }]);
      assert.equal(next(answered, press("accept"), 0), answered);
      assert.equal(rematchView(answered).main.off, true);
    }
  });

  const ends = [
    ["declined", "You declined."],
    ["expired", "The offer of Bob has expired."],
    ["withdrawn", "Bob took the offer back."],
  ];
  for (const [state, text] of ends) {
    test(`that is ${state} says so`, () => assert.equal(view([offer(BOB), offer(BOB, { state })]).text, text));
  }

  test("whose acceptance is refused can be accepted again, or is over", () => {
    const accepting = [offer(BOB), press("accept")];
    const away = view([...accepting, refused("not_online", "rematch-answer", { detail: "Away." })]);
    assert.equal(away.text, "Away.");
    assert.equal(away.main.act, "accept");
    assert.equal(away.main.off, false);
    const over = view([...accepting, refused("challenge_over", "rematch-answer", { detail: "Over." })]);
    assert.equal(over.main.act, "offer");
  });
});

describe("a player who has left", () => {
  test("greys it out, and is welcome back", () => {
    const state = after(begun(), [presence(false)]);
    assert.equal(rematchView(state).text, "Bob has left.");
    assert.equal(rematchView(state).main.off, true);
    assert.equal(next(state, press("offer"), 0), state);
    assert.equal(rematchView(after(state, [presence(true)])).main.off, false);
  });

  test("greys out his own offer as well", () => {
    const shown = view([offer(BOB), presence(false)]);
    assert.equal(shown.text, "Bob has left.");
    assert.deepEqual(shown.main, { act: "accept", label: "Accept", off: true });
    assert.equal(shown.other?.act, "decline");
  });

  test("for another match is said to be there; this one's end is none", () => {
    assert.equal(view([presence(true, "m7")]).text, "Bob is in another match.");
    assert.equal(view([presence(true, "m7")]).main.off, true);
    assert.equal(view([presence(true, "m1")]).main.off, false);
  });

  test("is not somebody else", () => {
    const state = begun();
    assert.equal(next(state, { ...presence(false), player: "p9" }, 0), state);
  });
});

const nothing = [
  ["a rematch of another match", offer(BOB, { rematch_of: "m0" })],
  ["a challenge that is no rematch", challenge({ by: BOB })],
  ["a refusal of something else", refused("not_online", "notice:THE3RS")],
];
for (const [name, message] of nothing) {
  test(`${name} changes nothing`, () => {
    const state = after(begun(), [offer(BOB)]);
    assert.equal(next(state, message, 0), state);
  });
}

test("the end of an offer that another one has followed changes nothing", () => {
  const state = after(begun(), [offer(ADA), offer(ADA, { state: "declined" }), offer(BOB)]);
  assert.equal(next(state, offer(ADA, { state: "declined" }), 0), state);
});

test("an offer that a new connection does not tell of is gone", () => {
  const shown = view([offer(BOB), lost, connected, { type: "welcome" }]);
  assert.equal(shown.main.act, "offer");
  assert.equal(shown.ends_at, null);
});
