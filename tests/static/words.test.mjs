/** The sentences about results, refusals and stakes. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import * as words from "../../static/model/words.js";

const NAMES = ["Ada", "Bo"];

describe("numbers", () => {
  const rows = [
    [words.signed(20), "+20"],
    [words.signed(-20), "−20"],
    [words.signed(0), "0"],
    [words.rating(1512, true), "1512?"],
    [words.rating(1512, false), "1512"],
    [words.points(8420), "8,420"],
    [words.answerTime(2_449), "2.4 s"],
    [words.answerTime(0), "0.0 s"],
    [words.waited(7_999), "0:07"],
    [words.waited(750_000), "12:30"],
    [words.waited(-1), "0:00"],
  ];
  for (const [said, expected] of rows) {
    test(`are written ${expected}`, () => assert.equal(said, expected));
  }
});

describe("the stake", () => {
  const stake = { win: 26, draw: 6, loss: -14 };

  test("is told in short and in full", () => {
    assert.equal(words.stakeShort(stake), "+26 / −14");
    assert.equal(words.stakeLong(stake), "Win +26, draw +6, lose −14.");
  });

  const because = [
    [{ rated: true, unrated_because: null, k_share: 1 }, null],
    [{ rated: true, unrated_because: null, k_share: 0.5 }, /three or more rated.*half/],
    [{ rated: false, unrated_because: "casual", k_share: 1 }, /casual/],
    [{ rated: false, unrated_because: "gap", k_share: 1 }, /600 points/],
    [{ rated: false, unrated_because: "pair_limit", k_share: 0 }, /five rated/],
    [{ rated: false, unrated_because: "bot", k_share: 1 }, /bot/],
    [{ rated: false, unrated_because: null, k_share: 1 }, /casual/],
    [{ rated: false, unrated_because: "a newer reason", k_share: 1 }, /unrated/],
  ];
  for (const [match, expected] of because) {
    test(`of ${JSON.stringify(match)} has its note`, () => {
      if (expected === null) assert.equal(words.ratedNote(match), null);
      else assert.match(words.ratedNote(match), expected);
    });
  }

  test("speaks to a spectator of others", () => {
    const gap = { rated: false, unrated_because: "gap", k_share: 1 };
    assert.match(words.ratedNote(gap, true), /^Their ratings/);
    assert.match(words.ratedNote(gap), /^Your ratings/);
    const half = { rated: true, unrated_because: null, k_share: 0.5 };
    assert.match(words.ratedNote(half, true), /^These two/);
  });
});

describe("a refusal", () => {
  const reasons = [
    "malformed",
    "unknown_type",
    "not_signed_in",
    "no_such_deck",
    "no_such_match",
    "already_seeking",
    "already_in_match",
    "not_your_match",
    "not_open",
    "already_answered",
    "over",
    "too_fast",
    "unavailable",
    "no_such_challenge",
    "no_such_player",
    "own_challenge",
    "not_your_challenge",
    "challenge_over",
    "not_online",
    "opponent_busy",
    "not_accepting",
    "too_many_challenges",
    "rated_limits",
    "not_over",
  ];
  test("for each reason has a sentence of its own", () => {
    const said = reasons.map((reason) => words.refusal({ reason, detail: "raw" }));
    assert.equal(new Set(said).size, reasons.length);
    for (const sentence of said) assert.match(sentence, /^[A-Z].+\.$/);
    assert.ok(!said.includes("raw"));
  });

  test("for a reason of a newer server says its detail", () => {
    assert.equal(words.refusal({ reason: "sleeping", detail: "Come back." }), "Come back.");
  });

  test("for cooling down says why", () => {
    assert.match(words.refusal({ reason: "cooling_down", detail: "" }), /left a match early/);
  });

  const names = [
    [{ reason: "name_taken", detail: "x" }, /has this name/],
    [{ reason: "too_fast", detail: "x" }, /Too many names/],
    [{ reason: "bad_name", detail: "Use letters of one alphabet only." }, /one alphabet/],
  ];
  for (const [error, expected] of names) {
    test(`of a name for ${error.reason} stands beside the field`, () => {
      assert.match(words.nameError(error), expected);
    });
  }
});

describe("the result", () => {
  const rows = [
    ["seat_0", "played", 0, "You won", "9,000 points to 4,000."],
    ["seat_0", "played", 1, "You lost", "9,000 points to 4,000."],
    ["seat_0", "played", null, "Ada won", "9,000 points to 4,000."],
    ["seat_1", "resigned", 1, "You won", "Ada resigned."],
    ["seat_1", "resigned", 0, "You lost", "You resigned."],
    ["seat_1", "resigned", null, "Bo won", "Ada resigned."],
    ["seat_0", "forfeit", 0, "You won", "Bo stayed away too long."],
    ["seat_0", "forfeit", 1, "You lost", "You stayed away too long."],
    ["draw", "played", 0, "A draw", "Both have 9,000 points."],
    ["aborted", "no_show", 0, "Match aborted", /came in time/],
    ["aborted", "resigned", 0, "Match aborted", /left before the first answer/],
    ["aborted", "forfeit", 0, "Match aborted", /away before the first answer/],
    ["aborted", "abandoned", 0, "Match aborted", /Both players stayed away/],
    ["aborted", "played", 0, "Match aborted", /Nobody answered/],
  ];
  for (const [outcome, reason, seat, title, why] of rows) {
    test(`${outcome} by ${reason} reads "${title}" from seat ${seat}`, () => {
      const totals = [9000, 4000];
      assert.equal(words.resultTitle(outcome, seat, NAMES), title);
      const said = words.resultReason({ outcome, reason, totals }, seat, NAMES);
      if (typeof why === "string") assert.equal(said, why);
      else assert.match(said, why);
    });
  }

  test("names the winner's points first", () => {
    const result = { outcome: "seat_1", reason: "played", totals: [4000, 9000] };
    assert.equal(words.resultReason(result, 0, NAMES), "9,000 points to 4,000.");
  });

  for (const [outcome, scores] of [["seat_0", [1, 0]], ["seat_1", [0, 1]], ["draw", [0.5, 0.5]], ["aborted", [null, null]]]) {
    test(`${outcome} scores ${JSON.stringify(scores)}`, () => {
      assert.deepEqual([words.score(outcome, 0), words.score(outcome, 1)], scores);
    });
  }
});

describe("the sum of a rating", () => {
  const even = { before: 1500, expected: 0.5, k: 40 };
  const rows = [
    [{ ...even, after: 1520 }, 1, 1, "1500 + 40 × (1 − 0.50) = 1520"],
    [{ ...even, after: 1480 }, 0, 1, "1500 + 40 × (0 − 0.50) = 1480"],
    [{ ...even, after: 1500 }, 0.5, 1, "1500 + 40 × (0.5 − 0.50) = 1500"],
    [{ ...even, k: 20, after: 1510 }, 1, 0.5, "1500 + ½ × 40 × (1 − 0.50) = 1510"],
    [
      { before: 1520, after: 1538, expected: 0.5574, k: 40 },
      1,
      1,
      "1520 + 40 × (1 − 0.56) = 1537.6 ≈ 1538",
    ],
    // Two digits would round to 1520: the sum takes as many as come out right.
    [
      { before: 1500, after: 1519, expected: 0.5126, k: 40 },
      1,
      1,
      "1500 + 40 × (1 − 0.513) = 1519.48 ≈ 1519",
    ],
    // 2.5 rounds away from zero, down too.
    [{ before: 2400, after: 2397, expected: 0.5, k: 5 }, 0, 0.5, "2400 + ½ × 10 × (0 − 0.50) = 2397.5 ≈ 2397"],
    [
      { before: 105, after: 100, expected: 0.5, k: 20 },
      0,
      1,
      "105 + 20 × (0 − 0.50) = 95, raised to the floor of 100",
    ],
    [
      { before: 103, after: 100, expected: 0.3, k: 40 },
      0,
      1,
      "103 + 40 × (0 − 0.30) = 91, raised to the floor of 100",
    ],
  ];
  for (const [rated, scored, k_share, expected] of rows) {
    test(`reads ${expected}`, () => {
      assert.equal(words.eloSum(rated, scored, k_share), expected);
    });
  }

  test("done by hand as written, comes out at the new rating, whatever the ratings", () => {
    for (let own = 100; own <= 2600; own += 37) {
      for (const gap of [-600, -333, -41, -1, 0, 7, 120, 599]) {
        for (const [k, share] of [[40, 1], [20, 1], [10, 1], [20, 0.5], [5, 0.5]]) {
          for (const scored of [0, 0.5, 1]) {
            const expected = 1 / (1 + 10 ** (gap / 400));
            const raw = k * (scored - expected);
            const change = Math.sign(raw) * Math.floor(Math.abs(raw) + 0.5);
            const after = Math.max(100, own + change);
            const said = words.eloSum({ before: own, after, expected, k }, scored, share);
            const [, before, half, factor, won, shown] = said.match(
              /^(\d+) \+ (½ × )?([\d.]+) × \(([\d.]+) − ([\d.]+)\) =/,
            );
            const gain = (half ? 0.5 : 1) * Number(factor) * (Number(won) - Number(shown));
            const rounded = Math.sign(gain) * Math.floor(Math.abs(Number(gain.toFixed(9))) + 0.5);
            assert.equal(Math.max(100, Number(before) + rounded), after, said);
          }
        }
      }
    }
  });
});

describe("the course of a match", () => {
  const mine = (status) => ({ round: 1, choice: 0, status, elapsed_ms: null });
  const rows = [
    [words.ownAnswer(null, "open"), null],
    [words.ownAnswer(mine("to_send"), "open"), "Sending your answer…"],
    [words.ownAnswer(mine("sent"), "open"), "Sending your answer…"],
    [words.ownAnswer(mine("sent"), "reconnecting"), "Your answer goes out with the connection."],
    [words.ownAnswer(mine("taken"), "open"), "Your answer is in."],
    [words.ownAnswer(mine("refused"), "open"), "Too late: your answer did not count."],
    [words.connection("open"), null],
    [words.connection("connecting"), null],
    [words.connection("reconnecting"), "Connection lost. Reconnecting…"],
    [words.connection("closed"), null],
    [words.answered("Bo"), "Bo has answered."],
  ];
  for (const [said, expected] of rows) {
    test(`says ${expected}`, () => assert.equal(said, expected));
  }

  test("tells a flood from a misunderstanding", () => {
    assert.match(words.connection("closed", 1008), /too many messages/);
    assert.match(words.connection("closed", 1007), /Reload the page/);
  });
});
