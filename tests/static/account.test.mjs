/** One's own account, and the page of a one-time link: state and words. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import * as model from "../../static/model/account.js";
import { keepView, stateOf } from "../../static/model/keep.js";

const DAY_MS = 24 * 3600 * 1000;
const ADA = { id: "a", name: "Ada", bot: false, challenges: true, muted: [], passkeys: [], may_rename_at_ms: null };
const PASSKEY = { id: "k", name: "Laptop", made_at_ms: 0 };
const after = (...events) => events.reduce(model.next, model.accountState(ADA));
const asked = (area) => ({ type: "asked", area });

describe("what is asked of the server", () => {
  test("is one thing at a time", () => {
    const state = after(asked("name"));
    assert.equal(state.busy, "name");
    assert.equal(model.next(state, asked("device")), state);
  });

  test("is answered with the account as it is then, and said where it was asked", () => {
    const zoe = { ...ADA, name: "Zoe" };
    const state = after(asked("name"), { type: "answered", account: zoe, news: "Done." });
    assert.equal(state.account, zoe);
    assert.equal(state.busy, null);
    assert.equal(model.newsOf(state, "name"), "Done.");
    assert.equal(model.newsOf(state, "device"), "");
    assert.equal(model.newsOf(model.next(state, asked("device")), "name"), "");
  });

  test("is refused where it was asked, until it is asked again or the name is typed", () => {
    const refused = { type: "refused", area: "name", text: "Taken." };
    const state = after(asked("name"), refused);
    assert.equal(model.problemOf(state, "name"), "Taken.");
    assert.equal(model.problemOf(state, "leave"), "");
    assert.equal(state.busy, null);
    assert.equal(model.problemOf(model.next(state, { type: "typed" }), "name"), "");
    assert.equal(model.problemOf(model.next(state, asked("device")), "name"), "");
    const elsewhere = after({ ...refused, area: "leave" });
    assert.equal(model.next(elsewhere, { type: "typed" }), elsewhere);
  });

  test("leaves a state that nothing can change", () => {
    const linked = { type: "linked", path: "/keep/a.b", ends_at: 5 };
    for (const state of [after(), after(asked("name")), after(linked), after(linked, { type: "link_over" })]) {
      assert.ok(Object.isFrozen(state));
    }
  });
});

describe("a link", () => {
  test("is over when its time is, and a new one is not", () => {
    const made = { type: "linked", path: "/keep/a.b", ends_at: 5 };
    const over = after(asked("device"), made, { type: "link_over" });
    assert.deepEqual({ ...over.link }, { path: "/keep/a.b", ends_at: 5 });
    assert.equal(over.link_over, true);
    assert.equal(model.next(over, { ...made, path: "/keep/a.c" }).link_over, false);
    assert.equal(after({ type: "link_over" }).link_over, false);
  });
});

describe("a name", () => {
  const rows = [
    [null, 0, true],
    [1000, 999, false],
    [1000, 1000, true],
    [1000, 1001, true],
  ];
  for (const [may_rename_at_ms, now, may] of rows) {
    test(`that may be changed from ${may_rename_at_ms} on, at ${now}`, () => {
      const account = { ...ADA, may_rename_at_ms };
      assert.equal(model.mayRename(account, now), may);
      assert.match(model.renameWords(account, now), may ? /once in 30 days/ : /again on/);
    });
  }

  test("says the day from which on it may be changed", () => {
    assert.equal(model.day(0, "UTC"), "1 January 1970");
    const words = model.renameWords({ ...ADA, may_rename_at_ms: 40 * DAY_MS }, 0);
    assert.match(words, /again on \d+ February 1970\.$/);
  });

  for (const [typed, meant] of [
    ["Ada", true],
    [" ada ", true],
    ["ADA", true],
    ["Ad", false],
    ["", false],
    ["Ada!", false],
  ]) {
    test(`typed as "${typed}" ${meant ? "is" : "is not"} meant`, () => {
      assert.equal(model.meant(typed, "Ada"), meant);
    });
  }
});

describe("whoever signs out", () => {
  test("is told of his way back", () => {
    const held = { ...ADA, passkeys: [PASSKEY] };
    assert.match(model.signOutWords(held, true), /with your passkey/);
    assert.match(model.signOutWords(held, false), /with your passkey/);
    assert.match(model.signOutWords(ADA, false), /only by a link from another device/);
    assert.match(model.signOutWords(ADA, true), /nothing brings you back as Ada/);
  });
});

describe("the page of a link", () => {
  const open = { state: "open", name: "Ada", player: "a", expires_in_ms: 1 };

  test("asks before it signs anybody in", () => {
    const view = keepView(open, null, false);
    assert.equal(view.lead, "Go on as Ada on this device?");
    assert.equal(view.go, "Go on as Ada");
    assert.equal(view.lines.length, 1);
  });

  test("says what becomes of a guest's studies", () => {
    assert.match(keepView(open, null, true).lines[1], /goes to Ada/);
  });

  test("says what becomes of another player of this device", () => {
    const view = keepView(open, { id: "b", name: "Bob" }, true);
    assert.match(view.lines[1], /Bob is signed out here/);
    assert.equal(view.go, "Go on as Ada");
  });

  test("has nothing to do for the player himself", () => {
    const view = keepView(open, { id: "a", name: "Ada" }, true);
    assert.match(view.lead, /You are Ada on this device already/);
    assert.equal(view.go, null);
  });

  for (const [reason, state, lead] of [
    ["link_used", "used", /has been used/],
    ["link_expired", "expired", /too old/],
    ["no_such_link", "unknown", /no such link/],
  ]) {
    test(`that is ${state} says so, and what to do`, () => {
      assert.equal(stateOf(reason), state);
      const view = keepView({ ...open, state }, null, false);
      assert.match(view.lead, lead);
      assert.match(view.lines[1], /Make a link/);
      assert.equal(view.go, null);
    });
  }

  test("knows no other refusal", () => assert.equal(stateOf("unavailable"), null));

  test("of nobody is unknown", () => {
    assert.match(keepView({ ...open, name: null }, null, false).lead, /no such link/);
  });
});
