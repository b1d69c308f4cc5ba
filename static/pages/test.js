/** The study mode Test: made of settings, answered on one page, graded at the end. */

import { next, pool, test } from "../model/test.js";
import { fromKept, toKeep } from "../model/test/kept.js";
import { end, outcome, progress, troubleOf } from "../model/test/say.js";
import { empty, rows, typed } from "../model/test/score.js";
import { detail, fill, say } from "../ui/dom.js";
import { TestForm } from "../ui/test-form.js";
import { answerKey } from "../ui/test-key.js";
import { TestPaper } from "../ui/test-paper.js";
import { TestResult } from "../ui/test-result.js";
import { ApiError, grade } from "../wire/api.js";
import { newId } from "../wire/reviews.js";
import { keep, kept } from "./kept.js";
import { studyPath } from "../model/paths.js";
import { loadStars } from "./stars.js";
import { study } from "./study.js";

/** @typedef {import("../model/test.js").TestEvent} TestEvent */
/** @typedef {import("../ui/keys.js").Key} Key */

/** Written answers that travel in one call, so that the longest ones fit into 64 KiB in any script. */
const BATCH = 20;

const { deck, reviews, random, body, listen } = study("test", "Test");

const form = new TestForm();
const paper = new TestPaper();
const result = new TestResult();

/** Reviews that a claim may still change, by card. @type {Map<string, string>} */
const held = new Map();

let state = next(test(deck.cards, loadStars(deck.id)), {
  type: "restored",
  kept: fromKept(kept(deck.id, "test"), deck.cards),
});

const make = () => change({ type: "made", id: newId(), random });
const check = () => change({ type: "check_pressed" });
const putAway = () => change({ type: "put_away" });
const print = () => window.print();
/** @type {Key} */
const toPrint = { keys: ["p"], does: "Print", press: print };

/**
 * By phase; to what is only shown, the paper itself listens.
 * @type {Readonly<Record<import("../model/test.js").Phase, readonly Key[]>>}
 */
const KEYS = Object.freeze({
  building: [{ keys: ["Enter"], does: "Make the test", press: make }],
  answering: [
    { keys: ["Enter"], does: "Go to the next question" },
    { keys: ["A–F", "1–6"], does: "Take the choice with this letter" },
    { keys: ["T / F"], does: "True or false" },
    { keys: ["Ctrl+Enter"], does: "Check my answers" },
    toPrint,
  ],
  checking: [toPrint],
  graded: [
    { keys: ["s"], does: "Study the misses", press: () => result.study() },
    { keys: ["n"], does: "New test", press: putAway },
    { keys: ["a"], does: "Same again", press: make },
    toPrint,
  ],
});

form.addEventListener("set", (event) => change({ type: "set", settings: detail(event) }));
form.addEventListener("make", make);
paper.addEventListener("answer", (event) => change({ type: "answered", ...detail(event) }));
paper.addEventListener("check", check);
paper.addEventListener("away", putAway);
paper.addEventListener("doubt", (event) => say(detail(event)));
result.addEventListener("claim", (event) => change({ type: "claimed", ...detail(event) }));
result.addEventListener("again", make);
result.addEventListener("away", putAway);
for (const view of [paper, result]) view.addEventListener("print", print);
addEventListener("online", () => {
  if (state.trouble !== "") check();
});
addEventListener("pagehide", () => change({ type: "reviews_left" }));

open();
draw();

/** @param {TestEvent} event */
function change(event) {
  const before = state;
  state = next(before, event);
  if (state === before) return;
  keep(deck.id, "test", toKeep(state));
  if (isGraded(before) && state.questions !== before.questions) release();
  if (isGraded(state) && !isGraded(before)) record();
  if (event.type === "claimed") amend(event.card, event.right);
  const turned = state.questions !== before.questions || isGraded(state) !== isGraded(before);
  if (turned) open();
  draw();
  if (turned) enter();
  if (event.type === "made" && state.phase === "building") complain();
  if (event.type === "check_pressed") checked();
  if (event.type === "grading_failed") fail(event.trouble);
}

/** @param {import("../model/test.js").Test} test */
function isGraded({ phase }) {
  return phase === "graded";
}

/** Puts what this phase shows on the page. */
function open() {
  switch (state.phase) {
    case "building":
      fill(body, form);
      break;
    case "answering":
    case "checking":
      fill(body, paper, answerKey(state.questions, deck.cards));
      paper.deal(state.questions, state.answers);
      break;
    case "graded":
      fill(body, result);
      result.deal(rows(state));
  }
}

/** Begins at the top of what has come, for the eyes and for the keyboard. */
function enter() {
  scrollTo(0, 0);
  if (state.phase === "building") form.enter();
  else if (state.phase === "graded") result.enter();
  else paper.enter();
}

function draw() {
  listen(KEYS[state.phase]);
  switch (state.phase) {
    case "building": {
      const { settings, problems, cards, starred } = state;
      const there = pool(state).length;
      form.show({ settings, problems, there, all: cards.length, starred: starred.length });
      break;
    }
    case "answering":
    case "checking": {
      const [first] = empty(state);
      paper.show({ ...progress(state), end: end(state), first_empty: first?.card ?? null });
      break;
    }
    case "graded":
      result.show(rows(state), (cards) => studyPath(deck.id, "learn", cards));
  }
}

function complain() {
  say(state.problems.count || state.problems.kinds);
  form.enter();
}

function checked() {
  if (state.phase === "graded") return;
  paper.toCheck();
  if (state.phase === "answering") say(end(state).status);
  else gradeWritten();
}

/** @param {string} trouble */
function fail(trouble) {
  paper.toCheck();
  say(trouble);
}

async function gradeWritten() {
  const { id } = state;
  const answers = typed(state);
  const verdicts = [];
  try {
    for (let at = 0; at < answers.length; at += BATCH) {
      verdicts.push(...(await grade(deck.id, answers.slice(at, at + BATCH))));
    }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    change({ type: "grading_failed", test: id, trouble: troubleOf(error) });
    return;
  }
  change({ type: "graded", test: id, verdicts });
}

/**
 * Each answer is a review; one that may be claimed waits for the last word. Two tabs with the same test
 * give a review the same id, so that the server counts it once.
 */
function record() {
  for (const { card, how, right, claimable, number } of rows(state)) {
    const id = reviews.record({ card, how, right }, { held: claimable, id: `${state.id}-${number}` });
    if (claimable) held.set(card, id);
  }
}

/**
 * @param {string} card
 * @param {boolean} right
 */
function amend(card, right) {
  const id = held.get(card);
  if (id !== undefined) reviews.amend(id, right);
  say(outcome(rows(state)));
}

function release() {
  for (const id of held.values()) reviews.release(id);
  held.clear();
}
