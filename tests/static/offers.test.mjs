/** What a page knows of challenges, and the one thing that its player wants done about them. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import {
  isAsking,
  knownAs,
  next,
  offeredTo,
  offers,
  outgoing,
  ownLink,
  problemOf,
} from "../../static/model/offers.js";
import { ADA, BOB, challenge } from "./challenge-given.mjs";
import { connected, lost, refused } from "./given.mjs";

const DECK = "deep-learning-interview";
const DAY_MS = 86_400_000;
const LINK = { type: "challenge", deck: DECK, rated: true };
const ACCEPT = { type: "accept_challenge", challenge: "K7QWXP" };

const welcome = (player = ADA) => ({
  type: "welcome",
  player,
  server_time_ms: 0,
  version: 1,
  live_match: null,
  seeking: null,
});
const wished = (message = LINK, about = "link") => ({ type: "wished", about, message });
const named = { type: "named", player: BOB };
const sendAll = (state, at_ms) =>
  outgoing(state).reduce((now, message) => next(now, { type: "sent", message }, at_ms), state);
const after = (state, events, at_ms = 0) =>
  events.reduce((now, event) => sendAll(next(now, event, at_ms), at_ms), state);
const types = (state) => outgoing(state).map(({ type }) => type);

const online = (me = ADA, views = []) => after(offers(me, views, 0), [connected, welcome(me)]);

describe("a wish", () => {
  test("goes out once, when the server knows who is there", () => {
    const early = next(offers(ADA, [], 0), wished(), 0);
    assert.deepEqual(types(early), []);
    assert.deepEqual(types(next(early, connected, 0)), []);
    const known = next(next(early, connected, 0), welcome(), 0);
    assert.deepEqual(outgoing(known), [{ ...LINK, ref: "wish" }]);
    assert.deepEqual(types(sendAll(known, 0)), []);
    assert.ok(Object.isFrozen(known));
  });

  test("is done with its reply, and not with another's news", () => {
    const asked = after(online(), [wished()]);
    assert.ok(isAsking(asked, "link"));
    assert.ok(!isAsking(asked, "practice-1"));
    assert.ok(isAsking(next(asked, challenge(), 0), "link"));
    const done = next(asked, challenge({ ref: "wish" }), 5);
    assert.ok(!isAsking(done, "link"));
    assert.equal(ownLink(done, DECK).ends_at, 5 + DAY_MS);
  });

  test("of two at once is the first", () => {
    const asked = after(online(), [wished()]);
    assert.equal(next(asked, wished(ACCEPT, "answer"), 0), asked);
  });

  test("to make a challenge is not repeated after a lost connection", () => {
    const back = after(after(online(), [wished()]), [lost, connected]);
    assert.deepEqual(types(next(back, welcome(), 0)), []);
    assert.ok(!isAsking(back, "link"));
  });

  test("to accept is repeated after a lost connection", () => {
    const back = after(after(online(), [wished(ACCEPT, "answer")]), [lost, connected]);
    assert.deepEqual(types(next(back, welcome(), 0)), ["accept_challenge"]);
  });
});

describe("without a name", () => {
  const waiting = () => after(online(null), [wished(ACCEPT, "answer")]);

  test("a wish waits for one, and goes out over the connection that knows it", () => {
    assert.equal(waiting().phase, "name");
    const naming = next(waiting(), { type: "name_sent" }, 0);
    assert.ok(isAsking(naming, "answer"));
    const asking = next(naming, named, 0);
    assert.deepEqual(types(asking), []);
    const stale = next(asking, welcome(null), 0);
    assert.deepEqual([stale.phase, stale.me, types(stale)], ["asking", BOB, []]);
    const fresh = after(stale, [lost, connected]);
    assert.deepEqual(types(next(fresh, welcome(BOB), 0)), ["accept_challenge"]);
  });

  test("a name that is refused is asked for again, with the reason", () => {
    const error = { reason: "name_taken", detail: "Taken." };
    const naming = next(waiting(), { type: "name_sent" }, 0);
    const again = next(naming, { type: "name_refused", ...error }, 0);
    assert.deepEqual([again.phase, again.name_error], ["name", error]);
    const more = after(again, [wished(ACCEPT, "answer"), { type: "name_sent" }]);
    assert.deepEqual([more.phase, more.name_error], ["naming", null]);
  });

  test("a wish that is dropped is gone", () => {
    assert.deepEqual(next(waiting(), { type: "dropped" }, 0).wish, null);
  });

  test("a wish that has its name is not dropped", () => {
    const asking = next(next(waiting(), { type: "name_sent" }, 0), named, 0);
    assert.equal(next(asking, { type: "dropped" }, 0), asking);
  });

  test("a name that the server does not know any more is asked for", () => {
    const asked = after(online(), [wished(ACCEPT, "answer")]);
    assert.equal(next(asked, refused("not_signed_in", "wish"), 0).phase, "name");
    const back = after(asked, [lost, connected]);
    assert.equal(next(back, welcome(null), 0).phase, "name");
  });
});

describe("a refusal", () => {
  test("ends the wish, and is said where it belongs", () => {
    const state = next(after(online(), [wished()]), refused("too_many_challenges", "wish"), 0);
    assert.equal(problemOf(state, "link").reason, "too_many_challenges");
    assert.equal(problemOf(state, "answer"), null);
    assert.ok(!isAsking(state, "link"));
    assert.equal(problemOf(next(state, wished(), 0), "link"), null);
  });

  for (const reason of ["unavailable", "too_fast"]) {
    test(`for ${reason} is followed by another try when its time has come, not before`, () => {
      const state = next(after(online(), [wished()]), refused(reason, "wish"), 3_000);
      assert.equal(next(state, { type: "retry" }, 3_999), state);
      assert.deepEqual(types(next(state, { type: "retry" }, 4_000)), ["challenge"]);
    });
  }

  test("of something else changes nothing", () => {
    const asked = after(online(), [wished()]);
    assert.equal(next(asked, refused("no_such_deck", "seek"), 0), asked);
    assert.equal(next(online(), refused("challenge_over", "wish"), 0).refused, null);
  });
});

describe("a challenge of the page", () => {
  const page = () => offers(null, [challenge()], 1_000);

  test("is looked at on every connection, by a visitor, too", () => {
    assert.deepEqual(types(next(page(), connected, 0)), []);
    const open = after(page(), [connected]);
    const asked = next(open, welcome(null), 0);
    const look = { type: "watch_challenge", challenge: "K7QWXP", ref: "look:K7QWXP" };
    assert.deepEqual(outgoing(asked), [look]);
    assert.deepEqual(types(sendAll(asked, 0)), []);
    const back = after(sendAll(asked, 0), [lost, connected]);
    assert.deepEqual(types(next(back, welcome(null), 0)), ["watch_challenge"]);
  });

  test("is not looked at once it is over", () => {
    const over = offers(null, [challenge({ state: "expired", expires_in_ms: 0 })], 0);
    assert.deepEqual(types(next(next(over, connected, 0), welcome(null), 0)), []);
    assert.equal(knownAs(over, "K7QWXP").ends_at, null);
  });

  test("that the server does not know any more is forgotten", () => {
    const gone = next(page(), refused("no_such_challenge", "look:K7QWXP"), 0);
    assert.equal(knownAs(gone, "K7QWXP"), null);
    assert.notEqual(knownAs(next(page(), refused("too_fast", "look:K7QWXP"), 0), "K7QWXP"), null);
  });

  test("is replaced by what is heard of it", () => {
    const known = knownAs(next(page(), challenge({ here: false, expires_in_ms: 60 }), 2_000), "K7QWXP");
    assert.deepEqual([known.view.here, known.ends_at], [false, 2_060]);
  });
});

describe("one's own link", () => {
  const rows = [
    ["another's", { by: BOB }],
    ["of another deck", { deck: "other" }],
    ["to one player", { kind: "direct", to: BOB }],
    ["over", { state: "withdrawn", expires_in_ms: 0 }],
  ];
  for (const [name, more] of rows) {
    test(`is none that is ${name}`, () => {
      assert.equal(ownLink(online(ADA, [challenge(more)]), DECK), null);
    });
  }

  test("is none without a name", () => {
    assert.equal(ownLink(online(null, [challenge()]), DECK), null);
  });

  test("is the latest of several, in whatever order they were heard", () => {
    const older = challenge({ challenge: "AAAAAA", expires_in_ms: 1_000 });
    const newer = challenge({ challenge: "BBBBBB", expires_in_ms: 2_000 });
    for (const views of [[older, newer], [newer, older]]) {
      assert.equal(ownLink(online(ADA, views), DECK).view.challenge, "BBBBBB");
    }
  });
});

test("a challenge to somebody is found by whom it is to", () => {
  const state = next(online(), challenge({ kind: "direct", to: BOB }), 0);
  assert.equal(offeredTo(state, DECK, BOB.id).view.challenge, "K7QWXP");
  assert.equal(offeredTo(state, DECK, ADA.id), null);
  assert.equal(offeredTo(state, "other", BOB.id), null);
});
