/** Learn: who comes when, in which form, and what an answer does. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { canOverrule, counts, left, next, nextSet, TOO_SOON_MS } from "../../static/model/learn.js";
import {
  duelNote,
  endTitle,
  howItWent,
  nextAction,
  note,
  whatIsLeft,
} from "../../static/model/learn/words.js";
import {
  answer,
  begun,
  card,
  CARDS,
  chance,
  DAY,
  draw,
  goOn,
  known,
  NOON,
  order,
  play,
  queued,
  random,
  start,
  told,
  verdict,
} from "./learn-given.mjs";

describe("a set", () => {
  test("is the first seven of the queue, in its order, with its reasons", () => {
    const queue = [...queued("J", "lost"), ...queued("BA", "due"), ...queued("CDEFG")];
    const { lesson } = begun({ progress: told(queue) });
    assert.deepEqual(lesson.line, [..."JBACDEF"]);
    const reasons = lesson.items.map(({ because }) => because);
    assert.deepEqual(reasons, ["lost", "due", "due", "new", "new", "new", "new"]);
  });

  test("leaves out what the deck no longer has", () => {
    assert.deepEqual(begun({ progress: told(queued(["gone", "B"])) }).lesson.line, ["B"]);
  });

  test("of the address comes in its order, then the rest of it, then the queue", () => {
    const progress = told(queued("AB", "due"));
    const first = begun({ progress, asked: [..."JIHGFEDCB"] });
    assert.deepEqual(first.lesson.line, [..."JIHGFED"]);
    assert.ok(first.lesson.items.every(({ because }) => because === "early"));
    const second = draw(play(first, () => true).end);
    const reasons = second.lesson.items.map(({ card, because }) => [card, because]);
    assert.deepEqual(reasons, [["C", "early"], ["B", "due"]]);
    assert.deepEqual(draw(play(second, () => true).end).lesson.line, ["A"]);
  });

  test("studies ahead by due date when nothing waits", () => {
    const inDays = { A: NOON + 3 * DAY, B: NOON + DAY, C: null };
    const cards = Object.entries(inDays).map(([id, due_at_ms]) => known(id, { due_at_ms }));
    const state = start({ progress: told([], cards) });
    assert.deepEqual(nextSet(state), { ahead: true, count: 2 });
    assert.deepEqual(draw(state).lesson.line, ["B", "A"]);
  });

  test("of nothing is none", () => {
    const state = begun({ progress: told([]) });
    assert.equal(state.phase, "end");
    assert.equal(draw(state), state);
    assert.deepEqual(nextSet(state), { ahead: true, count: 0 });
  });

  test("is not drawn while another one is on", () => {
    const state = begun();
    assert.equal(draw(state), state);
  });
});

describe("the form of a question", () => {
  const rows = [
    ["a new card", [], "choice"],
    ["a card that was right last", [known("A")], "typed"],
    ["a mastered card", [known("A", { mastery: "mastered" })], "typed"],
    ["a card that was missed last", [known("A", { missed: true })], "choice"],
    ["a card of duels alone", [known("A", { mastery: "new", reviews: 0, last_at_ms: null })], "choice"],
  ];
  for (const [which, cards, kind] of rows) {
    test(`of ${which} is ${kind}`, () => {
      assert.equal(begun({ progress: told(queued("A"), cards) }).question.kind, kind);
    });
  }

  test("of a card that was done here, though the server has not heard of it, is typed", () => {
    assert.equal(begun({ asked: ["A"], studied: { A: NOON } }).question.kind, "typed");
  });

  test("is typed where there is nothing wrong to choose", () => {
    const alone = [{ ...card("A"), distractors: [] }];
    assert.equal(begun({ cards: alone }).question.kind, "typed");
  });

  test("asks the other side when it is so set", () => {
    const { question, side } = begun({ settings: { side: "prompt", typing: "familiar" } });
    assert.equal(question.asked, "Answer A");
    assert.ok(question.choices.includes("Prompt A"));
    assert.equal(side, "prompt");
  });

  test("is always a choice where the student will not type, and one right answer is enough", () => {
    const settings = { side: "answer", typing: "never" };
    const set = play(begun({ settings, progress: told(queued("AB"), [known("A")]) }), () => true);
    assert.deepEqual(order(set), ["A choice", "B choice"]);
  });
});

describe("the line", () => {
  test("has all choices first, then all that is typed", () => {
    const set = play(begun({ progress: told(queued("ABC")) }), () => true);
    assert.deepEqual(order(set), ["A choice", "B choice", "C choice", "A typed", "B typed", "C typed"]);
  });

  test("brings a missed card back in its form after three others", () => {
    const set = play(begun({ progress: told(queued("ABCDE")) }), (turn) => turn !== 0);
    assert.deepEqual(set.asked.slice(0, 6).map(({ id }) => id), [..."ABCDAE"]);
    assert.equal(set.asked[4].kind, "choice");
    const typed = play(begun({ progress: told(queued("AB"), [known("A")]) }), (turn) => turn !== 0);
    assert.deepEqual(order(typed), ["A typed", "B choice", "A typed", "B typed"]);
  });

  test("keeps two others between two turns of a card wherever two are left", () => {
    for (let seed = 0; seed < 400; seed += 1) {
      const dice = chance(seed);
      const size = 1 + (seed % 7);
      const cards = CARDS.filter(() => dice() < 0.4).map(({ id }) => known(id));
      const progress = told(queued("ABCDEFGHIJ".slice(0, size)), cards);
      const { asked, end } = play(begun({ progress }), (turn) => turn > 60 || dice() < 0.6);
      /** @type {Map<string, number>} */
      const last = new Map();
      asked.forEach(({ id, kind }, turn) => {
        const before = last.get(id);
        last.set(id, turn);
        if (before === undefined) return;
        const then = asked[before];
        const between = new Set(asked.slice(before + 1, turn).map((one) => one.id));
        assert.ok(between.size >= Math.min(2, then.others), `seed ${seed}: ${id} at ${before} and ${turn}`);
        assert.ok(!between.has(id));
        assert.equal(kind, then.right ? "typed" : then.kind);
        assert.ok(!(then.right && then.kind === "typed"), "what is done does not come back");
      });
      for (const { id, misses } of end.lesson.items.map((item) => ({ id: item.card, misses: item.missed }))) {
        assert.equal(asked.filter((one) => one.id === id && !one.right).length, misses);
        assert.deepEqual(asked.findLast((one) => one.id === id).kind, "typed");
      }
      assert.equal(last.size, size);
    }
  });

  test("is counted in cards that are done and cards that have begun", () => {
    let state = begun({ progress: told(queued("ABC"), [known("A")]) });
    assert.deepEqual(counts(state.lesson), { done: 0, begun: 0, all: 3 });
    state = goOn(answer(goOn(answer(state, true)), true));
    assert.deepEqual(counts(state.lesson), { done: 1, begun: 1, all: 3 });
  });
});

describe("an answer", () => {
  const typed = () => begun({ progress: told(queued("AB"), [known("A")]) });
  const type = (text, at_ms = NOON + TOO_SOON_MS) =>
    next(next(typed(), { type: "typed", text }), { type: "checked", at_ms });

  test("that is picked is decided at once, and once", () => {
    const state = begun();
    const wrong = (state.question.right + 1) % 4;
    const after = next(state, { type: "picked", choice: wrong, at_ms: NOON });
    assert.deepEqual([after.phase, after.answer.right, after.answer.picked], ["verdict", false, wrong]);
    assert.equal(next(after, { type: "picked", choice: state.question.right, at_ms: NOON }), after);
    assert.equal(next(state, { type: "picked", choice: 4, at_ms: NOON }), state);
  });

  test("that is typed waits for its verdict, and one press counts once", () => {
    const sent = type("relu");
    assert.equal(sent.phase, "grading");
    assert.equal(next(sent, { type: "checked", at_ms: NOON + DAY }), sent);
    assert.equal(next(sent, { type: "typed", text: "more" }), sent);
    assert.equal(next(sent, { type: "gave_up", at_ms: NOON }), sent);
    const after = next(sent, { type: "graded", turn: sent.turn, verdict: verdict(true), at_ms: NOON });
    assert.deepEqual([after.phase, after.answer.right], ["verdict", true]);
  });

  test("takes no verdict of another question", () => {
    const sent = type("relu");
    for (const event of [{ type: "graded", verdict: verdict(true), at_ms: NOON }, { type: "ungraded" }]) {
      assert.equal(next(sent, { ...event, turn: sent.turn - 1 }), sent);
    }
  });

  test("of nothing is a miss, but not from an Enter too many", () => {
    assert.equal(type("  ").answer.right, false);
    assert.equal(type("  ", NOON + TOO_SOON_MS - 1).phase, "asking");
  });

  test("that is given up is a miss that cannot be overruled", () => {
    for (const state of [typed(), begun()]) {
      const after = next(state, { type: "gave_up", at_ms: NOON });
      assert.deepEqual([after.phase, after.answer.right, canOverrule(after)], ["verdict", false, false]);
    }
  });

  test("that cannot be graded is the student's to judge", () => {
    const sent = type("relu");
    const self = next(sent, { type: "ungraded", turn: sent.turn });
    assert.equal(self.phase, "self");
    for (const right of [true, false]) {
      const after = next(self, { type: "judged", right, at_ms: NOON });
      assert.deepEqual([after.phase, after.answer.right, canOverrule(after)], ["verdict", right, false]);
    }
  });

  test("against the student may be overruled, and that taken back", () => {
    const wrong = answer(typed(), false);
    assert.equal(canOverrule(wrong), true);
    const overruled = next(wrong, { type: "overruled" });
    assert.equal(overruled.answer.right, true);
    assert.equal(note(overruled), "Counted as right, because you say so.");
    assert.equal(counts(goOn(overruled).lesson).done, 1);
    const back = next(overruled, { type: "overruled" });
    assert.deepEqual([back.answer.right, note(back)], [false, ""]);
    assert.equal(counts(goOn(back).lesson).done, 0);
  });

  test("is recorded as it stands, and anew when it was overruled", () => {
    const record = (state) => next(state, { type: "recorded" });
    const wrong = answer(typed(), false);
    assert.equal(wrong.answer.recorded, null);
    const once = record(wrong);
    assert.equal(once.answer.recorded, false);
    assert.equal(record(once), once);
    const overruled = next(once, { type: "overruled" });
    assert.deepEqual([overruled.answer.right, overruled.answer.recorded], [true, false]);
    assert.equal(record(overruled).answer.recorded, true);
    assert.equal(record(typed()).answer, null);
  });

  test("that is right, or a choice, is not overruled", () => {
    for (const state of [answer(typed(), true), answer(begun(), false), typed()]) {
      assert.equal(next(state, { type: "overruled" }), state);
    }
  });

  test("says why it was accepted", () => {
    const sent = type("relu");
    const event = { type: "graded", turn: sent.turn, verdict: verdict(true, ["slip"]), at_ms: NOON };
    const after = next(sent, event);
    assert.match(note(after), /a slip of the finger/);
  });

  test("holds until the student goes on", () => {
    const state = begun();
    assert.equal(goOn(state), state);
    assert.equal(draw(answer(state, true)).phase, "verdict");
  });
});

describe("settings", () => {
  const set = (state, settings) => next(state, { type: "settings", settings, at_ms: NOON, random });

  test("ask the open question anew", () => {
    const state = begun();
    const after = set(state, { side: "prompt", typing: "familiar" });
    assert.deepEqual([after.question.asked, after.turn], ["Answer A", state.turn + 1]);
  });

  test("leave a verdict alone, and hold from the next question on", () => {
    const state = answer(begun(), true);
    const after = set(state, { side: "prompt", typing: "familiar" });
    assert.deepEqual([after.question, after.phase, after.side], [state.question, "verdict", "answer"]);
    assert.equal(goOn(after).question.asked, "Answer B");
  });

  test("that are the same change nothing", () => {
    const state = begun();
    assert.equal(set(state, { side: "answer", typing: "familiar" }), state);
  });
});

describe("the end of a set", () => {
  test("takes the next set from the known queue without what was done here", () => {
    const { end } = play(begun(), () => true);
    assert.deepEqual(left(end).map(({ card }) => card), [..."HIJ"]);
    assert.equal(nextAction(end), "Next 3 cards");
    assert.deepEqual(draw(end).lesson.line, [..."HIJ"]);
  });

  test("believes the server once it has heard of the reviews", () => {
    const { end } = play(begun(), () => true);
    const queue = queued("A", "lost");
    const after = (last_at_ms) =>
      left(next(end, { type: "progress", progress: told(queue, [known("A", { last_at_ms })]) }));
    assert.deepEqual(after(NOON - 1), []);
    assert.deepEqual(after(NOON), queue);
  });

  test("tells what waits and when the next is due", () => {
    const tomorrow = new Date(2026, 4, 21, 18).getTime();
    const says = (queue, next_due) => whatIsLeft(start({ progress: told(queue, [], next_due) }), NOON);
    const queue = [...queued("A", "lost"), ...queued("BC", "due"), ...queued("DEFG")];
    const wait = "7 cards wait: 1 lost in duels, 2 due, 4 new.";
    assert.equal(says(queue, tomorrow), `${wait} The next repetition is due tomorrow at 18:00.`);
    assert.equal(says(queued("A"), null), "1 card waits: new.");
    assert.equal(says(queued("AB"), null), "2 cards wait: all new.");
    assert.equal(says([], tomorrow), "Nothing is due. Next: tomorrow at 18:00.");
    assert.equal(says([], null), "Nothing is due.");
  });

  test("tells how each card went, and that the lost ones are done", () => {
    const queue = [...queued("A", "lost"), ...queued("BC")];
    const { end } = play(begun({ progress: told(queue) }), (turn) => ![0, 2, 3].includes(turn));
    const went = ["Missed 2 times, then right", "Right at once", "Missed once, then right"];
    assert.deepEqual(end.lesson.items.map(howItWent), went);
    assert.equal(endTitle(end), "Set done: 3 cards");
    assert.equal(duelNote(end), "The card that you lost in a duel is done.");
    assert.equal(duelNote(play(begun(), () => true).end), "");
    assert.equal(endTitle(start()), "You are up to date");
  });
});
