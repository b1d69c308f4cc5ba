/** The notices of a page: what is asked of its player, what became of what he asked, where his match is. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { newly, noticeView } from "../../static/model/notice-view.js";
import { GOING_MS, NEWS_MS, next, notices, outgoing } from "../../static/model/notices.js";
import { ADA, BOB, challenge, EVE } from "./challenge-given.mjs";
import { connected, lost, refused } from "./given.mjs";

const ME = { id: ADA.id, name: ADA.name };
const STAKE = { win: 20, draw: 0, loss: -20 };

const welcome = (more = {}) => ({
  type: "welcome",
  player: ME,
  server_time_ms: 0,
  version: 1,
  live_match: null,
  live_matches: [],
  seeking: null,
  ...more,
});
const asked = (more = {}) =>
  challenge({ kind: "direct", challenge: "ASKED2", by: BOB, to: ADA, stake: STAKE, expires_in_ms: 60_000, ...more });
const mine = (more = {}) =>
  challenge({ kind: "direct", challenge: "MYQWN3", by: ADA, to: BOB, stake: STAKE, expires_in_ms: 60_000, ...more });
const paired = (more = {}) => ({ type: "paired", match: "m2", opponent: BOB, ...more });
const pressed = (act, id = "ASKED2") => ({ type: "pressed", act, challenge: id });

const sendAll = (state) => outgoing(state).reduce((now, message) => next(now, { type: "sent", message }, 0), state);
const after = (state, events, at_ms = 0) => events.reduce((now, event) => sendAll(next(now, event, at_ms)), state);
const online = () => after(notices(ME), [connected, welcome()]);
const view = (events, at_ms = 0) => noticeView(after(online(), events, at_ms));

describe("a challenge to me", () => {
  test("says who asks, for what, and until when", () => {
    const shown = view([asked()], 1_000);
    assert.equal(shown.kind, "offer");
    assert.equal(shown.text, "Bob (1480) challenges you");
    assert.match(shown.detail, /Win \+20, draw 0, lose −20\./);
    assert.equal(shown.brief, "+20 / −20");
    assert.equal(shown.ends_at, 61_000);
    assert.equal(shown.mute, "Bob");
    assert.ok(Object.isFrozen(after(online(), [asked()])));
  });

  test("says rounds and seconds of a casual one", () => {
    const casual = asked({ rated: false, unrated_because: "casual", stake: null, rounds: 5, limit_ms: 10_000 });
    const shown = view([casual]);
    assert.match(shown.detail, /^5 questions, 10 seconds each\./);
    assert.equal(shown.brief, "Casual");
  });

  test("that is rated but cannot count says so in short, too", () => {
    assert.equal(view([asked({ unrated_because: "gap", stake: null })]).brief, "Unrated");
  });

  test("after a match is called a rematch, save on the page of that match", () => {
    const again = asked({ kind: "rematch", rematch_of: "m1" });
    assert.match(view([again]).text, /wants a rematch$/);
    const there = after(notices(ME, "m1"), [connected, welcome(), again]);
    assert.equal(noticeView(there), null);
    const elsewhere = after(notices(ME, "m0"), [connected, welcome(), again]);
    assert.equal(noticeView(elsewhere)?.kind, "offer");
  });

  test("the oldest is shown, and how many more there are", () => {
    const shown = view([asked(), asked({ challenge: "EVES23", by: EVE })]);
    assert.equal(shown.challenge, "ASKED2");
    assert.equal(shown.more, 1);
    assert.equal(view([asked(), mine()]).more, 0);
  });

  const nothing = [
    ["between two others", challenge({ kind: "direct", by: BOB, to: EVE })],
    ["by a link", challenge({ by: BOB })],
    ["by one's own link", challenge()],
    ["that was over when it was told", asked({ state: "expired" })],
  ];
  for (const [name, message] of nothing) {
    test(`${name} is none`, () => {
      const state = online();
      assert.equal(next(state, message, 0), state);
    });
  }

  const ends = [
    ["withdrawn", "Bob took this challenge back."],
    ["expired", "You did not answer Bob in time."],
  ];
  for (const [state, text] of ends) {
    test(`that is ${state} says so for a while`, () => {
      const told = after(online(), [asked(), asked({ state, expires_in_ms: 0 })], 5_000);
      assert.equal(noticeView(told)?.text, text);
      assert.equal(next(told, { type: "time_passed" }, 5_000 + NEWS_MS - 1), told);
      assert.equal(noticeView(next(told, { type: "time_passed" }, 5_000 + NEWS_MS)), null);
      assert.equal(noticeView(next(told, pressed("close", ""), 5_001)), null);
    });
  }

  test("that is declined by oneself is no news", () => {
    assert.equal(view([asked(), pressed("decline"), asked({ state: "declined" })]), null);
  });
});

describe("what is pressed", () => {
  const rows = [
    ["accept", "accept_challenge"],
    ["decline", "decline_challenge"],
    ["mute", "decline_challenge"],
  ];
  for (const [act, type] of rows) {
    test(`${act} is sent once`, () => {
      const state = next(after(online(), [asked()]), pressed(act), 0);
      assert.deepEqual(outgoing(state), [{ type, challenge: "ASKED2", ref: "notice:ASKED2" }]);
      assert.equal(noticeView(state)?.busy, true);
      assert.equal(next(state, pressed(act), 0), state);
      assert.deepEqual(outgoing(sendAll(state)), []);
    });
  }

  test("without a connection waits for it", () => {
    const state = after(online(), [asked(), lost, pressed("accept")]);
    assert.deepEqual(outgoing(state), []);
    assert.equal(outgoing(next(state, connected, 0))[0]?.type, "accept_challenge");
  });

  test("and refused can be pressed again, with the reason beside it", () => {
    const state = after(online(), [asked(), pressed("accept"), refused("not_online", "notice:ASKED2", { detail: "Gone." })]);
    assert.equal(noticeView(state)?.problem, "Gone.");
    assert.equal(noticeView(state)?.busy, false);
    const again = after(state, [pressed("accept")]);
    assert.equal(noticeView(again)?.problem, "");
  });

  test("too late takes the challenge away and says why", () => {
    const late = refused("challenge_over", "notice:ASKED2", { detail: "Over." });
    const shown = view([asked(), pressed("accept"), late]);
    assert.equal(shown.kind, "news");
    assert.equal(shown.text, "Over.");
  });

  test("takes my own back, which is no news", () => {
    const state = after(online(), [mine(), pressed("withdraw", "MYQWN3")]);
    assert.equal(noticeView(state)?.busy, true);
    assert.equal(noticeView(after(state, [mine({ state: "withdrawn" })])), null);
  });

  test("to challenge somebody is sent, and a refusal shown", () => {
    const state = next(online(), { type: "challenge_pressed", deck: "d", to: "p1", rated: true }, 0);
    assert.deepEqual(outgoing(state), [{ type: "challenge", deck: "d", to: "p1", rated: true, ref: "notice:challenge" }]);
    const told = after(state, [refused("not_accepting", "notice:challenge", { detail: "No." })]);
    assert.equal(noticeView(told)?.text, "No.");
  });

  test("by others on this socket is none of it", () => {
    const state = after(online(), [asked()]);
    assert.equal(next(state, refused("not_online", "seek"), 0), state);
    assert.equal(next(state, refused("not_online", null), 0), state);
  });

  test("to mute says that it is done, and where it is undone", () => {
    const shown = noticeView(next(online(), { type: "muted", name: "Bob" }, 0));
    assert.equal(shown?.text, "Bob is muted.");
    assert.equal(shown?.link?.href, "/me");
    assert.equal(noticeView(next(online(), { type: "not_muted", detail: "Too many." }, 0))?.text, "Too many.");
  });
});

describe("my own challenge", () => {
  test("waits, below one to me", () => {
    const shown = view([mine()], 2_000);
    assert.equal(shown.kind, "waiting");
    assert.equal(shown.text, "Waiting for Bob.");
    assert.equal(shown.ends_at, 62_000);
    assert.equal(view([mine(), asked()]).kind, "offer");
  });

  const ends = [
    ["declined", "Bob does not want to play now."],
    ["expired", "Bob did not answer in time."],
  ];
  for (const [state, text] of ends) {
    test(`${state} says so`, () => assert.equal(view([mine(), mine({ state })]).text, text));
  }
});

describe("a match that is made", () => {
  const accepted = mine({ state: "accepted", match: "m2" });
  const by_me = asked({ state: "accepted", match: "m2" });
  const rows = [
    ["of my challenge is gone to when that has been read", [mine(), accepted, paired()], "Bob accepted.", GOING_MS],
    ["of my challenge may be told before the acceptance", [mine(), paired(), accepted], "Bob accepted.", GOING_MS],
    ["of my link", [challenge({ state: "accepted", match: "m2", to: BOB }), paired()], "Bob accepted.", GOING_MS],
    ["of my link, told first", [paired(), challenge({ state: "accepted", match: "m2", to: BOB })], "Bob accepted.", GOING_MS],
    ["by accepting here is gone to at once", [asked(), pressed("accept"), by_me, paired()], "You play Bob now.", 0],
    ["by accepting here, told first", [asked(), pressed("accept"), paired(), by_me], "You play Bob now.", 0],
    ["by accepting in another tab", [asked(), by_me, paired()], "You play Bob now.", GOING_MS],
    ["of a search", [paired()], "You play Bob now.", GOING_MS],
  ];
  for (const [name, events, text, wait_ms] of rows) {
    test(name, () => {
      const state = after(online(), events, 7_000);
      assert.equal(state.going?.match, "m2");
      assert.equal(state.going?.at, 7_000 + wait_ms);
      assert.equal(noticeView(state)?.text, text);
      assert.equal(noticeView(state)?.link?.href, "/matches/m2");
    });
  }

  test("told a second time changes nothing", () => {
    const state = after(online(), [paired()], 7_000);
    assert.equal(next(state, paired(), 9_000), state);
  });

  test("is let go of once it has a result", () => {
    const state = after(online(), [mine(), accepted, paired()]);
    assert.equal(next(state, { type: "match_gone", match: "m0" }, 0), state);
    assert.equal(noticeView(next(state, { type: "match_gone", match: "m2" }, 0)), null);
  });

  test("goes before every challenge, which waits for its end", () => {
    const busy = after(notices(ME), [connected, welcome({ live_match: "m9" }), mine(), asked()]);
    assert.equal(noticeView(busy)?.kind, "live");
    const free = next(busy, { type: "match_gone", match: "m9" }, 0);
    assert.equal(noticeView(free)?.kind, "offer");
    const told = after(busy, [{ type: "muted", name: "Bob" }]);
    assert.equal(noticeView(told)?.kind, "news");
  });

  test("is not told of on its own page", () => {
    const there = after(notices(ME, "m2"), [connected, welcome({ live_match: "m2" })]);
    assert.equal(noticeView(there), null);
    assert.equal(next(there, paired(), 0), there);
  });

  test("while the connection was away is gone to by whoever waited for it", () => {
    const back = [lost, connected, welcome({ live_match: "m2" })];
    assert.equal(after(online(), [mine(), ...back]).going?.name, "Bob");
    assert.equal(after(online(), [asked(), pressed("accept"), ...back]).going?.name, "Bob");
    assert.equal(after(online(), [asked(), ...back]).going, null);
  });

  test("and went on before this page was opened only shows the way", () => {
    const shown = noticeView(after(notices(ME), [connected, welcome({ live_match: "m9" })]));
    assert.equal(shown?.kind, "live");
    assert.equal(shown?.link?.href, "/matches/m9");
  });

  test("is not gone to any more when a new connection knows of none", () => {
    const state = after(online(), [paired(), lost, connected, welcome()]);
    assert.equal(noticeView(state), null);
  });
});

describe("a page on which a match is played", () => {
  const playing = () => after(notices(ME, "m1", true), [connected, welcome({ live_match: "m1" })]);
  const shown = { type: "shown" };

  test("says nothing before the match's result is shown", () => {
    const asking = after(playing(), [asked()]);
    assert.equal(noticeView(asking), null);
    assert.equal(newly(playing(), asking), null);
    const after_it = next(asking, shown, 3_000);
    assert.equal(noticeView(after_it)?.kind, "offer");
    assert.equal(newly(asking, after_it)?.title, "Bob (1480) challenges you");
    assert.equal(next(after_it, shown, 4_000), after_it);
  });

  test("says nothing of what came and went", () => {
    const state = after(playing(), [asked(), asked({ state: "withdrawn" }), shown]);
    assert.equal(noticeView(state), null);
  });

  test("goes to the next match when it has been read that there is one", () => {
    const taken = challenge({ state: "accepted", match: "m2", to: BOB });
    const heard = after(playing(), [taken, paired()], 1_000);
    assert.equal(noticeView(heard), null);
    const soon = next(heard, shown, 1_000 + 1);
    assert.equal(soon.going?.at, 1_001 + GOING_MS);
    assert.equal(noticeView(soon)?.text, "Bob accepted.");
    assert.equal(next(heard, shown, 0).going?.at, 1_000 + GOING_MS);
  });
});

describe("what is new", () => {
  const before = online();
  test("is said once, with what to do", () => {
    const state = after(before, [asked()]);
    const said = newly(before, state);
    assert.equal(said?.title, "Bob (1480) challenges you");
    assert.match(said?.text ?? "", /Accept or decline/);
    assert.equal(newly(state, after(state, [pressed("accept")])), null);
  });

  test("is not a match that was there, nor what goes away", () => {
    assert.equal(newly(before, after(before, [welcome({ live_match: "m9" })])), null);
    const state = after(before, [asked()]);
    assert.equal(newly(state, after(state, [pressed("decline"), asked({ state: "declined" })])), null);
  });
});

test("an open challenge that a new connection does not tell of is gone", () => {
  assert.equal(view([asked(), lost, connected, welcome()]), null);
});

test("a signed-out connection has nobody to be challenged", () => {
  const state = after(notices(ME), [connected, welcome({ player: null })]);
  assert.equal(next(state, asked(), 0), state);
});
