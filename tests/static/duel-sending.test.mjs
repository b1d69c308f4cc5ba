/** What the player does at the match page, what is sent for it, and what each refusal means. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import {
  canAnswer,
  canResign,
  duel,
  next,
  opponent,
  outgoing,
  seatOrder,
} from "../../static/model/duel.js";
import * as given from "./given.mjs";

const { after, entered, snapshot, answerTaken, roundClosed, roundOpened, refused } = given;
const chosen = (choice) => ({ type: "chosen", choice });
const types = (state) => outgoing(state).map(({ type }) => type);
const answering = (choice = 2) => after(entered(), [chosen(choice)]);

describe("entering", () => {
  test("waits for a connection", () => {
    assert.deepEqual(types(duel(given.MATCH)), []);
  });

  test("is asked once a connection", () => {
    const state = next(duel(given.MATCH), given.connected, 0);
    assert.deepEqual(outgoing(state), [{ type: "enter", match: given.MATCH, ref: "enter" }]);
    assert.deepEqual(types(given.sendAll(state)), []);
    assert.deepEqual(types(after(state, [given.lost])), []);
    assert.deepEqual(types(next(after(state, [given.lost]), given.connected, 0)), ["enter"]);
  });

  test("is not asked again once the result is there", () => {
    const state = entered(given.finished());
    assert.deepEqual(types(next(next(state, given.lost, 0), given.connected, 0)), []);
  });

  test("is asked again while the result is being stored", () => {
    const state = entered(given.finished({ result: null }));
    assert.deepEqual(types(next(next(state, given.lost, 0), given.connected, 0)), ["enter"]);
  });

  test("stops at a match that does not exist", () => {
    const asked = given.sendAll(next(duel(given.MATCH), given.connected, 0));
    const state = next(asked, refused("no_such_match", "enter"), 0);
    assert.equal(state.phase, "missing");
    assert.deepEqual(types(next(next(state, given.lost, 0), given.connected, 0)), []);
  });

  for (const reason of ["unavailable", "too_fast"]) {
    test(`is tried again a second after ${reason}, not at once`, () => {
      const asked = given.sendAll(next(duel(given.MATCH), given.connected, 0));
      const state = next(asked, refused(reason, "enter"), 5_000);
      assert.deepEqual(types(state), []);
      assert.equal(state.retry_at, 6_000);
      assert.equal(next(state, { type: "retry" }, 5_999), state);
      assert.deepEqual(types(next(state, { type: "retry" }, 6_000)), ["enter"]);
    });
  }

  test("that was answered is not undone by a late refusal", () => {
    const state = entered();
    assert.equal(next(state, refused("no_such_match", "enter"), 0), state);
  });
});

describe("readiness", () => {
  test("is sent by itself, once", () => {
    const asked = after(duel(given.MATCH), [given.connected]);
    const state = next(asked, given.gathering(), 0);
    assert.deepEqual(outgoing(state), [{ type: "ready", match: given.MATCH, ref: "ready" }]);
    assert.deepEqual(types(given.sendAll(state)), []);
  });

  const quiet = [
    ["a spectator's page", given.gathering({ seat: null })],
    ["a seat that is ready by another tab", given.gathering({ seats: given.seats() })],
    ["a match under way", snapshot({ seats: given.seats({ ready: false }) })],
  ];
  for (const [name, message] of quiet) {
    test(`is not sent for ${name}`, () => {
      assert.deepEqual(types(next(after(duel(given.MATCH), [given.connected]), message, 0)), []);
    });
  }

  test("is sent again after a reconnect", () => {
    const state = after(entered(given.gathering()), [given.lost, given.connected]);
    assert.deepEqual(types(next(state, given.gathering(), 0)), ["ready"]);
  });

  test("that was refused for a passing reason is sent again when its time has come", () => {
    const state = next(entered(given.gathering()), refused("unavailable", "ready"), 0);
    assert.deepEqual(types(state), []);
    assert.deepEqual(types(next(state, { type: "retry" }, 1_000)), ["ready"]);
  });

  test("that came too late does not disturb the round", () => {
    const state = entered();
    assert.equal(next(state, refused("over", "ready"), 0), state);
  });
});

describe("an answer", () => {
  test("goes out once, with its round", () => {
    const state = next(entered(), chosen(2), 0);
    assert.deepEqual(outgoing(state), [
      { type: "answer", match: given.MATCH, round: 4, choice: 2, ref: "answer-4" },
    ]);
    const sent = given.sendAll(state);
    assert.equal(sent.mine.status, "sent");
    assert.deepEqual(types(sent), []);
  });

  test("is final: a second click changes nothing", () => {
    const before = next(entered(), chosen(2), 0);
    for (const state of [before, given.sendAll(before)]) {
      assert.equal(next(state, chosen(2), 1), state);
      assert.equal(next(state, chosen(3), 1), state);
    }
  });

  const closed = [
    ["gathering", given.gathering()],
    ["countdown", given.countdown()],
    ["reveal", given.reveal({ my_choice: null })],
    ["over", given.finished()],
  ];
  for (const [phase, message] of closed) {
    test(`cannot be given in ${phase}`, () => {
      const state = entered(message);
      assert.equal(canAnswer(state), false);
      assert.equal(next(state, chosen(0), 0), state);
    });
  }

  test("cannot be given by a spectator", () => {
    const state = entered(snapshot({ seat: null }));
    assert.equal(next(state, chosen(0), 0), state);
  });

  for (const choice of [-1, 4, 1.5]) {
    test(`cannot be choice ${choice}`, () => {
      const state = entered();
      assert.equal(next(state, chosen(choice), 0), state);
    });
  }

  test("is taken with the server's time", () => {
    const message = answerTaken({ seat: 0, choice: 2, elapsed_ms: 3_100, ref: "answer-4" });
    const state = next(answering(), message, 0);
    assert.deepEqual(state.mine, { round: 4, choice: 2, status: "taken", elapsed_ms: 3_100 });
    assert.equal(state.seats[0].answered, true);
    assert.equal(state.seats[1].answered, false);
  });

  test("given in another tab is shown here", () => {
    const state = next(entered(), answerTaken({ seat: 0, choice: 1, elapsed_ms: 900 }), 0);
    assert.equal(state.mine.choice, 1);
    assert.equal(state.mine.status, "taken");
  });

  test("of the opponent tells that it was given and leaves one's own alone", () => {
    const state = next(answering(), answerTaken(), 0);
    assert.equal(state.seats[1].answered, true);
    assert.equal(state.mine.status, "sent");
  });

  test("of one's own that is told without the choice leaves the choice open here", () => {
    const state = next(entered(), answerTaken({ seat: 0 }), 0);
    assert.equal(state.seats[0].answered, true);
    assert.equal(state.mine, null);
  });

  const strange = [
    ["another round", { type: "answer", match: given.MATCH, round: 3, choice: 2 }],
    ["another match", { type: "answer", match: "m2", round: 4, choice: 2 }],
    ["no match", { type: "ping", t: 1 }],
    ["this match, but no answer", { type: "leave", match: given.MATCH }],
  ];
  for (const [name, message] of strange) {
    test(`is not sent by the sending of something about ${name}`, () => {
      const state = next(entered(), chosen(2), 0);
      assert.equal(next(state, { type: "sent", message }, 0), state);
    });
  }

  test("that the close counts is taken even though its reply was overtaken", () => {
    const answers = [{ choice: 2, elapsed_ms: 3_100, points: 0 }, null];
    const state = next(answering(), roundClosed(4, { answers }), 0);
    assert.deepEqual(state.mine, { round: 4, choice: 2, status: "taken", elapsed_ms: 3_100 });
  });

  test("that the close does not count came too late", () => {
    const state = next(answering(), roundClosed(4, { answers: [null, null] }), 0);
    assert.equal(state.mine.status, "refused");
    const reply = refused("not_open", "answer-4");
    assert.equal(next(state, reply, 0), state);
  });

  test("that was never given leaves nothing behind", () => {
    assert.equal(next(entered(), roundClosed(4, { answers: [null, null] }), 0).mine, null);
  });

  test("of an earlier round cannot be refused in a later one", () => {
    const state = after(answering(), [roundClosed(4), roundOpened(5), chosen(1)]);
    assert.equal(next(state, refused("not_open", "answer-4"), 0), state);
  });

  test("chosen without a connection goes out when it is back", () => {
    const state = after(entered(), [given.lost, chosen(1)]);
    assert.equal(state.mine.status, "to_send");
    assert.deepEqual(types(state), []);
    const asked = after(state, [given.connected]);
    assert.deepEqual(types(next(asked, snapshot(), 0)), ["answer"]);
  });

  const returns = [
    ["is sent again when the server does not have it", snapshot(), "to_send", 2],
    ["gives way to the one that the server has", snapshot({ my_choice: 3 }), "taken", 3],
  ];
  for (const [name, message, status, choice] of returns) {
    test(`whose reply was lost with the connection ${name}`, () => {
      const state = next(after(answering(), [given.lost, given.connected]), message, 0);
      assert.equal(state.mine.status, status);
      assert.equal(state.mine.choice, choice);
    });
  }

  const gone = [
    ["the next round is open", snapshot({ round: 5 })],
    ["its round is being revealed", given.reveal({ my_choice: null })],
    ["the match is over", given.finished()],
    ["this player is a spectator now", snapshot({ seat: null })],
  ];
  for (const [name, message] of gone) {
    test(`whose reply was lost is forgotten when ${name}`, () => {
      const state = next(after(answering(), [given.lost, given.connected]), message, 0);
      assert.equal(state.mine, null);
    });
  }
});

describe("a refused answer", () => {
  const rows = [
    ["already_answered", { choice: 1 }, { round: 4, choice: 1, status: "taken", elapsed_ms: null }],
    ["already_answered", {}, { round: 4, choice: 2, status: "taken", elapsed_ms: null }],
    ["not_open", {}, { round: 4, choice: 2, status: "refused", elapsed_ms: null }],
    ["over", {}, { round: 4, choice: 2, status: "refused", elapsed_ms: null }],
    ["too_fast", {}, { round: 4, choice: 2, status: "to_send", elapsed_ms: null }],
    ["unavailable", {}, { round: 4, choice: 2, status: "to_send", elapsed_ms: null }],
    ["not_signed_in", {}, null],
    ["not_your_match", {}, null],
    ["no_such_match", {}, null],
    ["malformed", {}, null],
    ["unknown_type", {}, null],
    ["a_reason_of_a_newer_server", {}, null],
  ];
  for (const [reason, more, mine] of rows) {
    const with_ = "choice" in more ? " with the first choice" : "";
    test(`for ${reason}${with_} ${mine === null ? "can be given again" : `is ${mine.status}`}`, () => {
      const state = next(answering(), refused(reason, "answer-4", more), 0);
      assert.deepEqual(state.mine, mine);
      assert.deepEqual(state.notice, { reason, detail: `because ${reason}` });
      assert.equal(canAnswer(state), mine === null);
      assert.equal(state.seats[0].answered, reason === "already_answered");
    });
  }

  for (const reason of ["unavailable", "too_fast"]) {
    const refusedAt5 = () => next(answering(), refused(reason, "answer-4"), 5_000);
    test(`for ${reason} goes out again by itself, after a second`, () => {
      const state = refusedAt5();
      assert.deepEqual(types(state), []);
      assert.equal(next(state, { type: "retry" }, 5_999), state);
      const [message] = outgoing(next(state, { type: "retry" }, 6_000));
      assert.deepEqual([message.type, message.round, message.choice], ["answer", 4, 2]);
    });
    test(`for ${reason} does not hold up the answer to the next round`, () => {
      const state = after(refusedAt5(), [roundClosed(4), roundOpened(5)], 5_100);
      assert.deepEqual(types(next(state, chosen(1), 5_200)), ["answer"]);
    });
    test(`for ${reason} is no news any more once the answer is in`, () => {
      const taken = answerTaken({ seat: 0, choice: 2, elapsed_ms: 1 });
      assert.equal(next(refusedAt5(), taken, 0).notice, null);
      assert.notEqual(next(refusedAt5(), answerTaken(), 0).notice, null);
      assert.equal(next(refusedAt5(), roundClosed(4), 0).notice, null);
    });
  }

  test("without a ref is about nothing of this page", () => {
    const state = answering();
    assert.equal(next(state, refused("malformed", null), 0), state);
    assert.equal(next(state, refused("too_fast", undefined), 0), state);
  });

  test("takes its notice away when the player chooses again", () => {
    const state = next(answering(), refused("malformed", "answer-4"), 0);
    assert.equal(state.notice.reason, "malformed");
    assert.equal(next(state, chosen(0), 0).notice, null);
  });
});

describe("resigning", () => {
  const pressed = { type: "resign_pressed" };

  for (const message of [given.gathering(), given.countdown(), snapshot(), given.reveal()]) {
    test(`is possible in ${message.phase}, once`, () => {
      const state = next(entered(message), pressed, 0);
      const resign = { type: "resign", match: given.MATCH, ref: "resign" };
      assert.deepEqual(outgoing(state).at(-1), resign);
      assert.equal(next(state, pressed, 0), state);
      assert.deepEqual(types(given.sendAll(state)), []);
    });
  }

  const not = [
    ["a finished match", entered(given.finished())],
    ["a match whose result is being stored", entered(given.finished({ result: null }))],
    ["somebody else's match", entered(snapshot({ seat: null }))],
    ["a match not yet seen", after(duel(given.MATCH), [given.connected])],
    ["a match after its last round", after(entered(), [roundClosed(4, { next_in_ms: null })])],
  ];
  for (const [name, state] of not) {
    test(`is not possible in ${name}`, () => {
      assert.equal(canResign(state), false);
      assert.equal(next(state, pressed, 0), state);
    });
  }

  test("that is done ends the match here while its result is stored", () => {
    const state = after(entered(), [pressed]);
    const done = next(state, { type: "done", ref: "resign" }, 0);
    assert.equal(done.phase, "over");
    assert.equal(done.storing, true);
    assert.equal(next(done, { type: "done", ref: "resign" }, 0), done);
    assert.equal(next(done, given.over({ reason: "resigned" }), 0).storing, false);
  });

  test("is not done by the reply to something else", () => {
    const state = after(entered(), [pressed]);
    assert.equal(next(state, { type: "done", ref: "ready" }, 0), state);
  });

  test("whose reply was lost is sent again", () => {
    const state = after(entered(), [pressed, given.lost, given.connected]);
    assert.deepEqual(types(next(state, snapshot(), 0)), ["resign"]);
    assert.deepEqual(types(next(state, given.finished({ result: null }), 0)), []);
  });

  test("that was refused can be tried again, unless the match is over", () => {
    const state = after(entered(), [pressed]);
    const refusedOnce = next(state, refused("malformed", "resign"), 0);
    assert.equal(canResign(refusedOnce), true);
    assert.equal(refusedOnce.notice.reason, "malformed");
    assert.equal(canResign(next(state, refused("over", "resign"), 0)), false);
  });

  test("that was refused for a passing reason goes out again by itself", () => {
    const state = next(after(entered(), [pressed]), refused("unavailable", "resign"), 0);
    assert.deepEqual(types(state), []);
    assert.deepEqual(types(next(state, { type: "retry" }, 1_000)), ["resign"]);
  });
});

describe("where this page sits", () => {
  const rows = [
    [0, [0, 1], "Bo"],
    [1, [1, 0], "Ada"],
    [null, [0, 1], undefined],
  ];
  for (const [seat, order, name] of rows) {
    test(`seat ${seat} sees seats ${order}`, () => {
      const state = entered(snapshot({ seat }));
      assert.deepEqual(seatOrder(state), order);
      assert.equal(opponent(state)?.name, name);
    });
  }
});
