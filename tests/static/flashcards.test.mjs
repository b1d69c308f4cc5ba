/** Flashcards: leafing, turning, sorting pass by pass, and the place to come back to. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { card, flashcards, members, next, phase, place, side, sorted } from "../../static/model/flashcards.js";
import { resumed, toKeep } from "../../static/model/flashcards/kept.js";
import { ending } from "../../static/model/flashcards/words.js";

const CARDS = Object.freeze(["a", "b", "c", "d", "e"]);
/** Draws that lay a to e as b, c, d, e, a. */
const random = () => 0;
const SHUFFLED = ["b", "c", "d", "e", "a"];

const after = (events, state = flashcards(CARDS, ["b", "d"])) => events.reduce(next, state);
const on = (type) => ({ type, on: true, random });
const off = (type) => ({ type, on: false, random });
const forth = { type: "moved", by: 1 };
const back = { type: "moved", by: -1 };
const flip = { type: "flipped" };
const know = { type: "sorted", known: true };
const learning = { type: "sorted", known: false };
const undo = { type: "undone" };
const pass = { type: "pass_begun" };
const restart = { type: "restarted", random };
const tick = { type: "time_passed" };
const times = (count, event) => Array(count).fill(event);
/** One pass over five cards: b and d are not known. */
const FIRST_PASS = [on("sorting"), know, learning, know, learning, know];

describe("leafing", () => {
  const rows = [
    ["begins with the first card", [], "a"],
    ["goes forth", [forth], "b"],
    ["goes back", [forth, forth, back], "b"],
    ["stays at the first card", [back], "a"],
    ["comes to the last card", times(4, forth), "e"],
    ["comes to the end after it", times(5, forth), null],
    ["stays at the end", times(6, forth), null],
    ["goes back from the end", [...times(6, forth), back], "e"],
    ["starts over", [...times(3, forth), restart], "a"],
  ];
  for (const [what, events, expected] of rows) {
    test(what, () => assert.equal(card(after(events)), expected));
  }

  test("has an end, and that end no card to turn", () => {
    assert.equal(phase(after(times(4, forth))), "card");
    const end = after(times(5, forth));
    assert.equal(phase(end), "end");
    assert.equal(next(end, flip), end);
    assert.equal(next(end, { type: "star_pressed" }), end);
  });
});

describe("the side that is up", () => {
  const rows = [
    ["is the prompt", [], "prompt"],
    ["is the answer when turned", [flip], "answer"],
    ["is the prompt when turned twice", [flip, flip], "prompt"],
    ["is the answer when it comes first", [on("answer_first")], "answer"],
    ["is the prompt when turned then", [on("answer_first"), flip], "prompt"],
    ["is the first one of the next card", [flip, forth], "prompt"],
    ["is the first one after a sort", [on("sorting"), flip, know], "prompt"],
    ["is the first one once another comes first", [flip, on("answer_first")], "answer"],
  ];
  for (const [what, events, expected] of rows) {
    test(what, () => assert.equal(side(after(events)), expected));
  }
});

describe("the order", () => {
  test("shuffled begins anew", () => {
    const state = after([forth, forth, on("shuffled")]);
    assert.deepEqual(place(state), { pile: SHUFFLED, at: 0 });
    assert.equal(state.shuffled, true);
  });

  test("of the deck goes on from the card that lies there", () => {
    const state = after([on("shuffled"), forth, off("shuffled")]);
    assert.deepEqual(place(state), { pile: CARDS, at: 2 });
  });

  test("leaves what is sorted where it is", () => {
    const state = after([on("sorting"), know, learning, on("shuffled")]);
    assert.deepEqual(place(state), { pile: ["a", "b", "c", "d", "e"], at: 2 });
    const one = after([on("sorting"), know, { ...on("shuffled"), random: () => 0.5 }]);
    assert.deepEqual(place(one), { pile: ["a", "d", "b", "e", "c"], at: 1 });
  });

  test("is drawn again when a shuffled deck starts over", () => {
    const state = after([on("shuffled"), { type: "restarted", random: () => 0.99 }]);
    assert.deepEqual(place(state).pile, CARDS);
    assert.equal(state.shuffled, true);
  });
});

describe("only the starred", () => {
  test("are gone through in their order", () => {
    assert.deepEqual(place(after([on("only_starred")])), { pile: ["b", "d"], at: 0 });
    assert.deepEqual(place(after([on("shuffled"), on("only_starred")])).pile, ["b", "d"]);
  });

  test("keep the card that lies there where it is one of them", () => {
    const state = after([forth, forth, forth, on("only_starred")]);
    assert.equal(card(state), "d");
    assert.deepEqual(place(next(state, off("only_starred"))), { pile: CARDS, at: 3 });
  });

  test("stay in the pile when a star goes, until it is laid anew", () => {
    const state = after([on("only_starred"), { type: "star_pressed" }]);
    assert.deepEqual([...state.starred], ["d"]);
    assert.equal(card(state), "b");
    assert.deepEqual(place(next(state, restart)).pile, ["d"]);
  });

  test("may be none, and all come back", () => {
    const state = after([on("only_starred")], flashcards(CARDS));
    assert.equal(phase(state), "empty");
    assert.equal(next(state, flip), state);
    assert.equal(phase(next(state, off("only_starred"))), "card");
  });

  test("are sorted apart", () => {
    const state = after([on("sorting"), know, know, know, on("only_starred")]);
    assert.deepEqual(place(state), { pile: ["d", "b"], at: 0 });
  });
});

describe("sorting", () => {
  test("begins with the card that lies there and comes round", () => {
    const state = after([forth, forth, on("sorting")]);
    assert.deepEqual(place(state), { pile: ["c", "d", "e", "a", "b"], at: 0 });
  });

  test("counts what is known and what is still to be learnt", () => {
    const state = after([on("sorting"), know, learning, know]);
    assert.deepEqual(sorted(state), {
      pass: 1,
      learning: ["b"],
      known: 2,
      known_in_all: 2,
      in_all: 5,
    });
    assert.equal(card(state), "d");
  });

  test("takes no leafing, and leafing no sorting", () => {
    const state = after([on("sorting")]);
    assert.equal(next(state, forth), state);
    assert.equal(after([know]).sort, null);
  });

  test("takes back the last one, and only that", () => {
    const state = after([on("sorting"), know, learning]);
    assert.equal(state.undoable, true);
    const undone = next(state, undo);
    assert.equal(card(undone), "b");
    assert.deepEqual(sorted(undone).learning, []);
    assert.equal(undone.undoable, false);
    assert.equal(next(undone, undo), undone);
    assert.equal(after([on("sorting"), undo, know, undo, learning]).undoable, true);
  });

  test("takes back the last one from the end", () => {
    assert.equal(card(after([...FIRST_PASS, undo])), "e");
  });

  for (const event of [off("sorting"), on("shuffled"), on("only_starred"), restart]) {
    test(`cannot be taken back after ${event.type}`, () => {
      assert.equal(after([on("sorting"), know, event]).undoable, false);
    });
  }

  test("can be taken back after a turn, and with the answer first", () => {
    assert.equal(after([on("sorting"), know, flip, on("answer_first")]).undoable, true);
  });

  test("cannot be taken back once it is settled, and nothing else changes", () => {
    const state = after([on("sorting"), know, learning, flip]);
    const settled = next(state, { type: "settled" });
    assert.deepEqual(settled, { ...state, undoable: false });
    assert.equal(next(settled, undo), settled);
    assert.equal(next(settled, { type: "settled" }), settled);
  });

  test("ends with the pass, and takes no more", () => {
    const state = after(FIRST_PASS);
    assert.equal(phase(state), "end");
    assert.equal(next(state, know), state);
    assert.deepEqual(sorted(state).learning, ["b", "d"]);
  });

  test("goes over the rest, pass by pass, until none is left", () => {
    const second = after([...FIRST_PASS, pass]);
    assert.deepEqual(place(second), { pile: ["b", "d"], at: 0 });
    assert.equal(second.undoable, false);
    const third = after([learning, know, pass], second);
    assert.deepEqual(place(third), { pile: ["b"], at: 0 });
    assert.deepEqual(sorted(third), { pass: 3, learning: [], known: 0, known_in_all: 4, in_all: 5 });
    const end = next(third, know);
    assert.deepEqual(sorted(end), { pass: 3, learning: [], known: 1, known_in_all: 5, in_all: 5 });
    assert.equal(next(end, pass), end);
  });

  test("begins no pass before the last one has ended, nor while leafing", () => {
    const state = after([on("sorting"), learning]);
    assert.equal(next(state, pass), state);
    const leafing = after([...FIRST_PASS, off("sorting")]);
    assert.equal(next(leafing, pass), leafing);
  });

  test("goes over the rest in the order that is set", () => {
    assert.deepEqual(place(after([...FIRST_PASS, on("shuffled"), pass])).pile, ["b", "d"]);
    const order = after([on("shuffled"), on("sorting"), ...times(5, learning), off("shuffled"), pass]);
    assert.deepEqual(place(order).pile, CARDS);
  });

  test("goes on where it was left", () => {
    const state = after([on("sorting"), know, learning, off("sorting")]);
    assert.equal(card(state), "c");
    assert.deepEqual(place(after([back, on("sorting")], state)), { pile: CARDS, at: 2 });
  });

  test("goes on at its end while some are still to be learnt, else begins anew", () => {
    assert.equal(phase(after([...FIRST_PASS, off("sorting"), on("sorting")])), "end");
    const all = [on("sorting"), ...times(5, know), off("sorting"), on("sorting")];
    assert.deepEqual(place(after(all)), { pile: CARDS, at: 0 });
  });

  test("starts over", () => {
    const state = after([...FIRST_PASS, pass, know, restart]);
    assert.deepEqual(place(state), { pile: CARDS, at: 0 });
    assert.deepEqual(sorted(state), { pass: 1, learning: [], known: 0, known_in_all: 0, in_all: 5 });
  });
});

describe("the words at the end", () => {
  const said = (events, cards) => {
    const { text, actions } = ending(after([on("sorting"), ...events], flashcards(cards)));
    return [actions[0].label, actions[1].label, text.split(",")[0]];
  };

  test("are those for one where one is left, and those for more otherwise", () => {
    const one = ["Go over the one still learning", "Learn it", "Go over it until you know it"];
    const two = ["Go over the 2 still learning", "Learn these", "Go over the rest until nothing is left"];
    assert.deepEqual(said([know, learning], ["a", "b"]), one);
    assert.deepEqual(said([learning, learning], ["a", "b"]), two);
  });

  test("are those for one where one card was leafed through", () => {
    assert.match(ending(after([forth], flashcards(["a"]))).text, /^Sort it /);
    assert.match(ending(after([forth, forth], flashcards(["a", "b"]))).text, /^Sort them /);
  });
});

describe("playing", () => {
  test("turns a card, then goes to the next", () => {
    const turned = after([on("playing"), tick]);
    assert.deepEqual([card(turned), turned.flipped, turned.playing], ["a", true, true]);
    const gone = next(turned, tick);
    assert.deepEqual([card(gone), gone.flipped, gone.playing], ["b", false, true]);
  });

  test("ends with the last card", () => {
    const last = after([...times(4, forth), on("playing"), tick]);
    assert.equal(last.playing, true);
    const end = next(last, tick);
    assert.deepEqual([phase(end), end.playing], ["end", false]);
    assert.equal(next(end, on("playing")), end);
  });

  for (const event of [forth, on("shuffled"), on("sorting"), restart, off("playing")]) {
    test(`stops at ${event.type}`, () => assert.equal(after([on("playing"), event]).playing, false));
  }

  test("does not begin while sorting, and time alone turns nothing", () => {
    const sorting = after([on("sorting")]);
    assert.equal(next(sorting, on("playing")), sorting);
    const still = after([]);
    assert.equal(next(still, tick), still);
  });
});

describe("the place to come back to", () => {
  const stored = (state) => JSON.parse(JSON.stringify(toKeep(state)));
  const again = (state, cards = CARDS) => resumed(flashcards(cards, ["b", "d"]), stored(state));

  const rows = [
    ["leafing", [forth, forth]],
    ["a shuffled order", [on("shuffled"), forth]],
    ["the starred, answer first", [on("only_starred"), on("answer_first"), forth]],
    ["piles half sorted", [forth, on("sorting"), know, learning]],
    ["the end of a pass", FIRST_PASS],
    ["a second pass", [...FIRST_PASS, pass, learning]],
    ["sorting that is put by", [on("sorting"), know, learning, off("sorting"), forth]],
  ];
  for (const [what, events] of rows) {
    test(`is that of ${what}`, () => {
      const left = after(events);
      const state = again(left);
      assert.deepEqual(place(state), place(left));
      assert.deepEqual(sorted(state), sorted(left));
      assert.deepEqual(members(state), members(left));
      for (const name of ["shuffled", "only_starred", "answer_first", "sorting"]) {
        assert.equal(state[name], left[name], name);
      }
    });
  }

  test("has the first side up, and nothing to take back", () => {
    const state = again(after([on("sorting"), know, flip]));
    assert.deepEqual([state.flipped, state.undoable, state.playing], [false, false, false]);
  });

  test("is the first card after the end of leafing", () => {
    assert.equal(card(again(after(times(5, forth)))), "a");
  });

  test("drops cards that have left the deck, with their verdicts, and takes in new ones", () => {
    const state = again(after([on("sorting"), learning, know, learning]), ["b", "c", "d", "e", "f"]);
    assert.deepEqual(place(state), { pile: ["b", "c", "d", "e", "f"], at: 2 });
    assert.deepEqual(sorted(state).learning, ["c"]);
    const second = again(after([...FIRST_PASS, pass, know]), ["c", "d", "f"]);
    assert.deepEqual(place(second), { pile: ["d"], at: 0 });
    const none = again(after([...FIRST_PASS, pass]), ["a", "c", "f"]);
    assert.deepEqual(place(none), { pile: ["a", "c", "f"], at: 0 });
    assert.deepEqual(place(again(after([on("shuffled")]), ["e", "f", "b"])).pile, ["b", "e", "f"]);
  });

  const spoilt = [
    null,
    "x",
    7,
    [],
    { order: 3, left: {}, sort: 1, shuffled: true },
    { left: "gone", order: ["a", "a", 1], sorting: 1 },
    { sort: { pile: "a", verdicts: {}, pass: -1 }, shuffled: "yes" },
  ];
  for (const kept of spoilt) {
    test(`is the beginning for ${JSON.stringify(kept)}`, () => {
      const state = resumed(flashcards(CARDS), kept);
      assert.deepEqual(place(state), { pile: CARDS, at: 0 });
      assert.equal(state.sorting, false);
    });
  }

  test("never counts more verdicts than cards", () => {
    const sort = { pile: ["a", "a", "b"], verdicts: [true, true, true, true], pass: 2, known: 1.5 };
    const state = resumed(flashcards(CARDS), { sorting: true, sort });
    assert.equal(sorted(state).known_in_all <= sorted(state).in_all, true);
  });
});

for (const event of ["only_starred", "answer_first", "sorting", "shuffled", "playing"].map(off)) {
  test(`${event.type} with what already is changes nothing`, () => {
    const state = after([]);
    assert.equal(next(state, event), state);
  });
}

test("every state is frozen", () => {
  const events = [on("shuffled"), on("playing"), tick, tick, ...FIRST_PASS, pass, restart];
  let state = after([]);
  for (const event of events) {
    state = next(state, event);
    assert.equal(Object.isFrozen(state), true, event.type);
  }
});
