/** What a live region says at each step of a duel, and when it keeps quiet. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { duel, next } from "../../static/model/duel.js";
import { announcement, resultSaid, secondsLeft } from "../../static/model/say.js";
import * as given from "./given.mjs";

const { after, entered, snapshot } = given;
const away = { type: "seat_changed", match: given.MATCH, seat: 1, ready: true, connected: false, forfeit_in_ms: 28_000 };
const chosen = after(entered(), [{ type: "chosen", choice: 0 }]);
const asked = after(duel(given.MATCH), [given.connected]);

const rows = [
  ["the gathering", asked, given.gathering(), "Waiting for both players."],
  ["the countdown", entered(given.gathering()), { type: "countdown_started", match: given.MATCH, opens_in_ms: 3_000 }, "Both players are here. Get ready."],
  ["a new round", entered(given.reveal()), given.roundOpened(5), "Round 5 of 10. Question 5"],
  ["the round after a reload", asked, snapshot(), "Round 4 of 10. Question 4"],
  ["the opponent's answer", entered(), given.answerTaken(), "Bo has answered."],
  ["one's own answer", chosen, given.answerTaken({ seat: 0, choice: 0, elapsed_ms: 1 }), "Your answer is in."],
  ["an answer that came too late", chosen, given.refused("not_open", "answer-4"), "Too late: your answer did not count."],
  ["the reveal", chosen, given.roundClosed(4), "The answer is A, ReLU. You: right, 943 points. Bo: no answer. 943 to 0."],
  ["a reveal from seat 1", entered(snapshot({ seat: 1 })), given.roundClosed(4, { correct: 1, totals: [5, 7] }), "The answer is B, Softmax. You: no answer. Ada: wrong. 7 to 5."],
  ["a reveal to a spectator", entered(snapshot({ seat: null })), given.roundClosed(4), "The answer is A, ReLU. Ada: right, 943 points. Bo: no answer. 943 to 0."],
  ["an answer to a spectator", entered(snapshot({ seat: null })), given.answerTaken({ seat: 0 }), "Ada has answered."],
  ["a result being stored", asked, given.finished({ result: null }), "The match is over. The result is being stored."],
  ["the opponent going away", entered(), away, "Bo is away."],
  ["the opponent coming back", after(entered(), [away]), { ...away, connected: true, forfeit_in_ms: null }, "Bo is here."],
  ["a lost connection", entered(), given.lost, "Connection lost. Reconnecting…"],
  ["the way back", after(entered(), [given.lost, given.connected]), snapshot(), "You are back in the match."],
  ["the way back of one who watches", after(entered(snapshot({ seat: null })), [given.lost, given.connected]), snapshot({ seat: null }), "You are watching again."],
  ["the way back to a round that the opponent has answered", after(entered(), [given.lost, given.connected]), snapshot({ seats: given.seats({}, { answered: true }) }), "You are back in the match. Bo has answered."],
  ["the round after a reload, not that one had answered it", asked, snapshot({ my_choice: 0 }), "Round 4 of 10. Question 4"],
  ["the round come back to, not that the opponent has answered it", after(entered(), [given.lost, given.connected]), snapshot({ round: 5, prompt: "Question 5", seats: given.seats({}, { answered: true }) }), "You are back in the match. Round 5 of 10. Question 5"],
  ["the way back into a later round", after(entered(), [given.lost, given.connected]), snapshot({ round: 5 }), "You are back in the match. Round 5 of 10. Question 4"],
];
describe("the live region says", () => {
  for (const [name, before, event, expected] of rows) {
    test(name, () => assert.equal(announcement(before, next(before, event, 0)), expected));
  }
});

const ends = [
  ["the result", entered(), given.over(), "You won. 9,000 points to 4,000."],
  ["the result after a reload", asked, given.finished(), "You won. 9,000 points to 4,000."],
  ["that one was missing", entered(given.gathering()), given.over({ outcome: "aborted", reason: "no_show", ratings: null }), "Match aborted. You were missing when the match was to start. No rating moves, but leaving again can mean a wait."],
  ["the result after the last reveal", after(entered(), [given.roundClosed(4, { next_in_ms: null })]), given.over(), "You won. 9,000 points to 4,000."],
];
describe("with the result in sight it says", () => {
  for (const [name, before, event, expected] of ends) {
    test(name, () => assert.equal(resultSaid(next(before, event, 0)), expected));
  }
});

const quiet = [
  ["the result before it is in sight", after(entered(), [given.roundClosed(4, { next_in_ms: null })]), given.over()],
  ["who has left by the time of the result", after(entered(), [given.lost, given.connected]), given.finished({ seats: given.seats({}, { connected: false }) })],
  ["nothing happened", entered(), given.roundOpened(4)],
  ["one's own click", entered(), { type: "chosen", choice: 0 }],
  ["a message on its way", duel(given.MATCH), given.connected],
  ["a connection lost before the match was seen", asked, given.lost],
  ["the connection opening", after(entered(), [given.lost]), given.connected],
  ["a connection lost after the result", entered(given.finished()), given.lost],
];
describe("the live region keeps quiet about", () => {
  for (const [name, before, event] of quiet) {
    test(name, () => assert.equal(announcement(before, next(before, event, 0)), null));
  }
});

test("seconds are said in words that fit", () => {
  assert.equal(secondsLeft(10), "10 seconds left.");
  assert.equal(secondsLeft(1), "1 second left.");
});

test("there is nothing to say of a result that is being stored", () => {
  assert.equal(resultSaid(entered(given.finished({ result: null }))), null);
});
