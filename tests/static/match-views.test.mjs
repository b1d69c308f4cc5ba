/** What the match page shows of a state. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { roundView } from "../../static/pages/match-views.js";
import * as given from "./given.mjs";

const { after, entered, lost, refused } = given;
const gone = { type: "seat_changed", match: given.MATCH, seat: 1, ready: true, connected: false, forfeit_in_ms: 28_000 };
const chosen = { type: "chosen", choice: 2 };
const taken = given.answerTaken({ seat: 0, choice: 2, elapsed_ms: 1_500 });
const late = refused("over", "answer-4");

describe("the line below an open round says", () => {
  const rows = [
    ["how to answer", [], "Press 1 to 4. Your first answer counts."],
    ["that the opponent is away", [gone], "Bo is away. The match goes on."],
    ["that the opponent has answered", [given.answerTaken()], "Bo has answered."],
    ["that one's answer is on its way, whoever is away", [gone, chosen], "Sending your answer…"],
    ["that one's answer is in, whoever is away", [chosen, taken, gone], "Your answer is in."],
    ["that one's answer waits for the connection", [chosen, lost], "Your answer goes out with the connection."],
    ["why an answer was refused", [chosen, late], "The match was over already."],
  ];
  for (const [name, events, expected] of rows) {
    test(name, () => assert.equal(roundView(after(entered(), events), false, true).status, expected));
  }
});

describe("one's own choice", () => {
  const rows = [
    ["is on its way", [chosen], "sent"],
    ["is taken", [chosen, taken], "taken"],
    ["came too late", [chosen, late], "refused"],
  ];
  for (const [name, events, status] of rows) {
    test(name, () => {
      const { mine } = roundView(after(entered(), events), false, true).choices;
      assert.deepEqual(mine, { choice: 2, status, seat: 0 });
    });
  }
});
