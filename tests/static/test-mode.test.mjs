/** The study mode Test: its settings, answers, check and score, and what is kept. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { next, pool, test as fresh } from "../../static/model/test.js";
import { KINDS } from "../../static/model/test/build.js";
import { fromKept, toKeep } from "../../static/model/test/kept.js";
import { empty, misses, rows, score, typed } from "../../static/model/test/score.js";
import { deck, seeded } from "./study-cards.mjs";

const set = (settings) => ({ type: "set", settings });
const ID = "the-first-test";
const make = { type: "made", id: ID, random: seeded(7) };
const check = { type: "check_pressed" };
const answered = (id, answer) => ({ type: "answered", card: id, answer });
const judged = (verdicts = [], of = ID) => ({ type: "graded", test: of, verdicts });
const failed = (trouble, of = ID) => ({ type: "grading_failed", test: of, trouble });
const claimed = (id, right = true) => ({ type: "claimed", card: id, right });
const after = (events, cards = deck(8), stars = []) => events.reduce(next, fresh(cards, stars));
const verdict = (id, right, over = {}) => ({
  card: id,
  right,
  allowed: [],
  matched: `Answer ${id}`,
  answer: `Answer ${id}`,
  ...over,
});

describe("the settings", () => {
  test("begin with twenty questions of every kind, or with as many as there are", () => {
    assert.deepEqual(after([], deck(100)).settings, { count: "20", kinds: KINDS, from: "all", side: "answer" });
    assert.equal(after([]).settings.count, "8");
  });

  const range = "Type a number from 1 to 8.";
  const counts = [
    ["1", ""],
    [" 8 ", ""],
    ["9", "There are only 8 terms."],
    ["0", range],
    ["-1", range],
    ["2.5", range],
    ["", range],
    ["many", range],
    ["1e1", range],
  ];
  for (const [count, problem] of counts) {
    test(`take “${count}” ${problem === "" ? "" : `with: ${problem}`}`, () => {
      const state = after([set({ count }), make]);
      assert.equal(state.problems.count, problem);
      assert.equal(state.phase, problem === "" ? "answering" : "building");
      assert.equal(next(state, set({ side: "mixed" })).problems.count, "");
    });
  }

  test("need a kind", () => {
    const state = after([set({ kinds: [] }), make]);
    assert.match(state.problems.kinds, /at least one kind/u);
    assert.equal(state.phase, "building");
  });

  test("say that one card cannot be matched", () => {
    const state = after([set({ kinds: ["matching"], count: "1" }), make]);
    assert.match(state.problems.kinds, /Too few cards/u);
    assert.equal(state.phase, "building");
  });

  test("choose from the starred cards of the deck, and then no more than those", () => {
    const state = after([set({ from: "starred" })], deck(8), ["c5", "gone", "c2"]);
    assert.deepEqual(pool(state).map(({ id }) => id), ["c2", "c5"]);
    assert.equal(state.settings.count, "2");
    assert.equal(next(next(state, set({ count: "3" })), make).problems.count, "There are only 2 starred terms.");
    const ids = next(state, make).questions.map((question) => question.card);
    assert.deepEqual(ids.toSorted(), ["c2", "c5"]);
  });

  test("do not choose from the starred cards where there are none", () => {
    assert.equal(after([set({ from: "starred" })]).settings.from, "all");
  });

  test("stand still once the test is made", () => {
    const state = after([make]);
    assert.equal(next(state, set({ count: "3" })), state);
    assert.equal(next(state, make), state);
  });
});

/** Eight written questions. */
const WRITTEN = [set({ kinds: ["typed"] }), make];
/** Two of each kind of eight cards, in their order. */
const EVERY = after([make]);

describe("answers", () => {
  test("are counted by card; blanks are none, and the first choice is one", () => {
    const [first, second] = EVERY.questions;
    const state = [answered(first.card, false), answered(second.card, 0)].reduce(next, EVERY);
    assert.equal(empty(state).length, 6);
    const { questions } = after(WRITTEN);
    assert.equal(empty(next(after(WRITTEN), answered(questions[0].card, "  "))).length, 8);
  });

  test("to no question of the test change nothing", () => {
    assert.equal(next(EVERY, answered("gone", 1)), EVERY);
  });

  test("of written questions go to the server without blanks", () => {
    const state = after([...WRITTEN, answered("c3", " Answer c3 "), answered("c4", " ")]);
    assert.deepEqual(typed(state), [{ card: "c3", text: "Answer c3", side: "answer" }]);
    assert.deepEqual(typed(EVERY), []);
  });
});

describe("the check", () => {
  const all = (state) => state.questions.reduce((now, { card: id }) => next(now, answered(id, "x")), state);

  test("asks once about empty ones, and asks again after another answer", () => {
    const asked = next(EVERY, check);
    assert.deepEqual([asked.phase, asked.asking], ["answering", true]);
    assert.equal(next(asked, check).phase, "graded");
    const more = next(asked, answered(EVERY.questions[0].card, true));
    assert.equal(more.asking, false);
    assert.equal(next(more, check).phase, "answering");
  });

  test("waits for the server's verdicts where something was written", () => {
    const state = next(all(after(WRITTEN)), check);
    assert.equal(state.phase, "checking");
    assert.equal(next(state, answered("c1", "later")), state);
    assert.equal(next(state, check), state);
    assert.equal(next(state, judged()).phase, "graded");
  });

  test("keeps the answers when the server cannot be asked", () => {
    const asked = next(all(after(WRITTEN)), check);
    const state = next(asked, failed("No connection."));
    assert.deepEqual([state.phase, state.trouble], ["answering", "No connection."]);
    assert.equal(state.answers, asked.answers);
    const again = next(state, check);
    assert.deepEqual([again.phase, again.trouble], ["checking", ""]);
  });

  test("takes no verdict that it has not asked for", () => {
    assert.equal(next(EVERY, judged()), EVERY);
    assert.equal(next(EVERY, failed("late")), EVERY);
  });

  test("takes no verdict on a test that was put away meanwhile", () => {
    const first = next(all(after(WRITTEN)), check);
    const second = [{ type: "put_away" }, { ...make, id: "the-second-test" }].reduce(next, first);
    const waiting = next(all(second), check);
    assert.deepEqual([waiting.phase, waiting.id], ["checking", "the-second-test"]);
    assert.equal(next(waiting, judged([], ID)), waiting);
    assert.equal(next(waiting, failed("No connection.", ID)), waiting);
    assert.equal(next(waiting, judged([], "the-second-test")).phase, "graded");
  });
});

/** The test of every kind with these answers, in its order, graded. */
function graded(answers, verdicts = []) {
  const given = EVERY.questions.flatMap(({ card: id }, at) => {
    return answers[at] === undefined ? [] : [answered(id, answers[at])];
  });
  const state = [...given, check, check].reduce(next, EVERY);
  return next(state, judged(verdicts));
}
const rightOnes = EVERY.questions.map((question) => (question.kind === "typed" ? "mine" : question.right));
const written = EVERY.questions.flatMap(({ kind, card: id }) => (kind === "typed" ? [id] : []));

describe("the score", () => {
  test("is full when every answer is right", () => {
    const found = rows(graded(rightOnes, written.map((id) => verdict(id, true))));
    assert.deepEqual(score(found), { right: 8, of: 8, percent: 100 });
    assert.deepEqual(misses(found), []);
  });

  test("counts what is wrong and what is empty as missed", () => {
    const answers = rightOnes.map((right, at) => {
      if (at === 0) return !right;
      if (at === 2) return (right + 1) % 4;
      return at === 4 ? undefined : right;
    });
    const found = rows(graded(answers, [verdict(written[0], true), verdict(written[1], false)]));
    assert.deepEqual(found.map(({ right }) => right), [false, true, false, true, false, true, true, false]);
    const cards = [0, 2, 4, 7].map((at) => EVERY.questions[at].card);
    assert.deepEqual(misses(found), cards);
    assert.deepEqual(score(found), { right: 4, of: 8, percent: 50 });
    assert.equal(found[4].given, "");
  });

  for (const [right, of, percent] of [[0, 3, 0], [1, 3, 33], [2, 3, 67], [3, 3, 100], [399, 400, 99], [1, 400, 1]]) {
    test(`of ${right} in ${of} is ${percent} %`, () => {
      const found = Array.from({ length: of }, (_, at) => ({ right: at < right }));
      assert.equal(score(found).percent, percent);
    });
  }

  test("has each answer in words beside the right one", () => {
    const [statement, , choice] = EVERY.questions;
    const state = graded([!statement.right, undefined, choice.right]);
    const [first, second, third] = rows(state);
    assert.equal(first.given, statement.right ? "False" : "True");
    assert.equal(first.answer, statement.right ? "True" : `False: Answer ${statement.card}`);
    assert.equal(first.statement, statement.statement);
    assert.equal(second.given, "");
    assert.deepEqual([third.given, third.answer], [`Answer ${choice.card}`, `Answer ${choice.card}`]);
    assert.equal(third.explanation, `Because ${choice.card}`);
    assert.deepEqual(rows(state).map(({ number }) => number), [1, 2, 3, 4, 5, 6, 7, 8]);
  });

  test("says why a written answer was accepted", () => {
    const verdicts = [verdict(written[0], true, { allowed: ["slip"] }), verdict(written[1], true)];
    const found = rows(graded(rightOnes, verdicts)).slice(-2);
    assert.deepEqual(found.map(({ why }) => why), ["Overlooked: a slip of the finger.", ""]);
  });
});

describe("a claim that a written answer was right", () => {
  const state = graded(rightOnes, [verdict(written[0], true), verdict(written[1], false)]);

  test("changes the score, and can be taken back", () => {
    const claim = next(state, claimed(written[1]));
    assert.equal(score(rows(claim)).right, 8);
    assert.deepEqual(rows(claim).map((row) => row.claimed), [...Array(7).fill(false), true]);
    assert.deepEqual(next(claim, claimed(written[1], false)), state);
    assert.equal(next(claim, claimed(written[1])), claim);
  });

  test("is for wrong written answers only", () => {
    assert.deepEqual(rows(state).map(({ claimable }) => claimable), [...Array(7).fill(false), true]);
    assert.equal(next(state, claimed(written[0])), state);
    assert.equal(next(state, claimed(EVERY.questions[0].card)), state);
  });

  test("comes too late once the reviews have gone", () => {
    const gone = next(state, { type: "reviews_left" });
    assert.equal(next(gone, claimed(written[1])), gone);
    assert.equal(rows(gone).at(-1).claimable, false);
  });
});

describe("after a test", () => {
  const state = graded(rightOnes, written.map((id) => verdict(id, true)));

  test("another is made of the same settings", () => {
    const again = next(state, { type: "made", id: "the-next-test", random: seeded(9) });
    assert.deepEqual([again.phase, again.id], ["answering", "the-next-test"]);
    assert.deepEqual([again.answers, again.verdicts], [{}, {}]);
    assert.equal(again.settings, state.settings);
  });

  test("or other settings are chosen, beginning with these", () => {
    const away = next(state, { type: "put_away" });
    assert.deepEqual([away.phase, away.questions, away.settings], ["building", [], state.settings]);
    assert.equal(away.id, "");
  });
});

describe("between visits", () => {
  const cards = deck(8);
  const state = next(EVERY, answered(EVERY.questions[0].card, true));
  const restore = (kept, of = cards) => {
    const found = fromKept(JSON.parse(JSON.stringify(kept)), of);
    return next(fresh(of, []), { type: "restored", kept: found });
  };

  test("a test and its answers are kept", () => assert.deepEqual(restore(toKeep(state)), state));

  test("a graded test is kept with its claims, which nobody can change any more", () => {
    const done = graded(rightOnes, [verdict(written[0], true), verdict(written[1], false)]);
    const found = restore(toKeep(next(done, claimed(written[1]))));
    assert.deepEqual([found.phase, found.final], ["graded", true]);
    assert.equal(score(rows(found)).right, 8);
  });

  test("a check under way is begun again by whoever comes back", () => {
    const checking = after([...WRITTEN, answered("c1", "x"), check, check]);
    assert.equal(checking.phase, "checking");
    assert.equal(restore(toKeep(checking)).phase, "answering");
  });

  test("the settings outlast a test, and fit the deck", () => {
    const kept = toKeep(after([set({ count: "8", side: "mixed" })]));
    assert.deepEqual(restore(kept).settings, { count: "8", kinds: KINDS, from: "all", side: "mixed" });
    assert.equal(restore(kept, deck(5)).settings.count, "5");
  });

  const kept = toKeep(state);
  const first = kept.questions[0];
  const changed = (over) => ({ ...kept, questions: [{ ...first, ...over }, ...kept.questions.slice(1)] });
  const spoilt = [
    ["of a card that has gone", changed({ card: "gone" })],
    ["of a card that has another text today", changed({ asked: "What was it?" })],
    ["of a form that nobody knows", changed({ kind: "essay" })],
    ["of a choice that is right no more", { ...kept, questions: [{ ...kept.questions[2], right: 9 }] }],
    ["without a name", { ...kept, id: undefined }],
    ["with a name that no review can have", { ...kept, id: "<spoilt>" }],
    ["of no questions", { ...kept, questions: [] }],
    ["with answers of another shape", { ...kept, answers: { c1: { text: "x" } } }],
    ["with verdicts of another shape", { ...kept, verdicts: { c1: true } }],
  ];
  for (const [name, value] of spoilt) {
    test(`a test ${name} is dropped, its settings are not`, () => {
      const found = restore({ ...value, settings: { ...kept.settings, side: "prompt" } });
      assert.deepEqual([found.phase, found.settings.side], ["building", "prompt"]);
    });
  }

  for (const value of [null, 5, "x", [], {}, { settings: { count: 3 } }, { ...kept, settings: null }]) {
    test(`${JSON.stringify(value).slice(0, 30)} means to start anew`, () => {
      assert.deepEqual(restore(value), fresh(cards, []));
    });
  }
});
