/** The study mode Flashcards. */

import * as model from "../model/flashcards.js";
import { resumed, toKeep } from "../model/flashcards/kept.js";
import { ending, passName } from "../model/flashcards/words.js";
import { detail, el, mark, say } from "../ui/dom.js";
import { FlashOptions, FlashPlace, FlashSteps, OPTIONS } from "../ui/flash-controls.js";
import { FlashEnd } from "../ui/flash-end.js";
import { Flashcard } from "../ui/flashcard.js";
import { keep, kept } from "./kept.js";
import { challengePath, studyPath } from "../model/paths.js";
import { loadStars, saveStars } from "./stars.js";
import { study } from "./study.js";

/** @typedef {import("../model/flashcards.js").FlashcardsEvent} FlashcardsEvent */
/** @typedef {import("../model/flashcards/words.js").Act} Act */
/** @typedef {import("../ui/flash-controls.js").Option} Option */
/** @typedef {import("../ui/flash-controls.js").Step} Step */
/** @typedef {import("../ui/flash-swipe.js").Way} Way */
/** @typedef {import("../ui/keys.js").Key} Key */
/**
 * How something changes. `way` in which the card goes; `news` for those who listen; `stays`: the
 * focus, though the cards change.
 * @typedef {{ way?: Way | null, news?: string, stays?: boolean }} Manner
 */
/** @typedef {import("../wire/study.js").StudyCard} StudyCard */

const { deck, reviews, random, body, listen, asked } = study("flashcards", "Flashcards");

const cards = new Map((asked ?? deck.cards).map((card) => [card.id, card]));
const ids = Object.freeze([...cards.keys()]);

const placed = new FlashPlace();
const flashcard = new Flashcard();
const steps = new FlashSteps();
const end = new FlashEnd();
const options = new FlashOptions();

/** Of the last sort, which may be taken back. @type {string | null} */
let held = null;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
let state = resumed(model.flashcards(ids, loadStars(deck.id)), left());

body.append(placed, el("div", { class: "flash-stage" }, flashcard, steps, end), options);
draw(null);

flashcard.addEventListener("flip", () => change({ type: "flipped" }));
flashcard.addEventListener("star", () => pressStar());
flashcard.addEventListener("swipe", (event) => {
  const right = detail(event) === "right";
  // A card follows the finger: what lies to the left of it comes back from there.
  if (state.sorting) step(right ? "know" : "learning");
  else step(right ? "previous" : "next");
});
steps.addEventListener("step", (event) => step(detail(event)));
options.addEventListener("option", (event) => {
  const { option, on, pointed } = detail(event);
  change({ type: option, on, random }, { stays: !pointed });
  // By a pointer, what follows is meant for the card: Space turns it, and is no second press.
  if (pointed) take();
});
end.addEventListener("act", (event) => act(detail(event)));

// Whoever touches the page has taken over; the button and the key that play say themselves what they mean.
document.addEventListener("pointerdown", takeOver, { capture: true });
document.addEventListener("keydown", takeOver, { capture: true });
document.addEventListener("visibilitychange", wait);
// The outbox lets go of what it held, and the page may come back as it was.
addEventListener("pagehide", () => change({ type: "settled" }));

/** @param {Event} event */
function takeOver(event) {
  const plays =
    (event.target instanceof Element && event.target.closest(".flash-play") !== null) ||
    (event instanceof KeyboardEvent && event.key.toLowerCase() === "p");
  if (!plays) change({ type: "playing", on: false });
}

/** Has the time pass while cards turn by themselves, and somebody can see them. */
function wait() {
  clearTimeout(timer);
  if (!state.playing || document.visibilityState !== "visible") return;
  timer = setTimeout(() => change({ type: "time_passed" }), model.SIDE_MS);
}

/** @param {Step} step */
function step(step) {
  switch (step) {
    case "previous":
      return change({ type: "moved", by: -1 }, { way: "right" });
    case "next":
      return change({ type: "moved", by: 1 }, { way: "left" });
    case "know":
      return sort(true);
    case "learning":
      return sort(false);
    case "undo":
      return undo();
    case "play":
      return change({ type: "playing", on: !state.playing });
  }
}

/** @param {Act} act */
function act(act) {
  switch (act) {
    case "pass":
      return change({ type: "pass_begun" });
    case "sort":
      return change({ type: "sorting", on: true });
    case "restart":
      return change({ type: "restarted", random });
    case "all":
      return change({ type: "only_starred", on: false });
    case "back":
      return step(state.sorting ? "undo" : "previous");
    case "learn":
    case "challenge":
      // Links go by themselves.
      return;
  }
}

/** @param {boolean} known */
function sort(known) {
  const card = model.card(state);
  if (card === null || !state.sorting) return;
  release();
  held = reviews.record({ card, how: "flashcard", right: known }, { held: true });
  change({ type: "sorted", known }, { way: known ? "right" : "left" });
}

function undo() {
  if (!state.undoable || held === null) return;
  reviews.drop(held);
  held = null;
  change({ type: "undone" });
}

/** What was sorted last stands. */
function release() {
  if (held !== null) reviews.release(held);
  held = null;
}

function pressStar() {
  // Another tab may have starred some since.
  change({ type: "stars_loaded", cards: loadStars(deck.id) });
  change({ type: "star_pressed" });
  saveStars(deck.id, [...state.starred]);
}

/**
 * @param {FlashcardsEvent} event
 * @param {Manner} [manner]
 */
function change(event, manner = {}) {
  const before = state;
  state = model.next(before, event);
  if (state === before) return;
  if (!state.undoable) release();
  keepPlace();
  draw(before, manner);
}

/**
 * @param {model.Flashcards | null} before
 * @param {Manner} [manner]
 */
function draw(before, { way = null, news = "", stays = false } = {}) {
  const card = cards.get(model.card(state) ?? "");
  const { pile, at } = model.place(state);
  const { learning, known } = model.sorted(state);
  const onSwitch = options.contains(document.activeElement);
  placed.show({ at, of: pile.length, pass: passName(state) });
  options.show(state);
  mark(flashcard, "hidden", card === undefined);
  mark(steps, "hidden", card === undefined);
  mark(end, "hidden", card !== undefined);
  if (card === undefined) {
    const learnPath = (/** @type {readonly string[] | null} */ some) =>
      studyPath(deck.id, "learn", some === null || some.length === deck.cards.length ? [] : some);
    end.show(ending(state), learnPath, challengePath(deck.id));
  } else {
    const { flipped, starred, sorting, playing, undoable } = state;
    const first = state.answer_first ? "answer" : "prompt";
    flashcard.show({ card, first, flipped, starred: starred.has(card.id), sorting, way });
    steps.show({ sorting, at, known, learning: learning.length, playing, undoable });
  }
  listen(keys());
  wait();
  if (before === null) return;
  // Where what was on the screen is gone, and where one has left the switches for the cards.
  const came = model.card(before) !== model.card(state);
  const gone = card === undefined || model.card(before) === null || (onSwitch && came);
  const taken = gone && !stays;
  if (taken) take();
  const turned = came || model.side(before) !== model.side(state);
  // What takes the focus is read by itself.
  const text = taken || !turned ? "" : (card?.[model.side(state)] ?? ending(state).title);
  const said = [news, text].filter((part) => part !== "").join(" ");
  if (said !== "") say(said);
}

/** Gives the focus to what lies there. */
function take() {
  if (model.card(state) === null) end.take();
  else flashcard.take();
}

/** @returns {readonly Key[]} those that work now */
function keys() {
  const switches = OPTIONS.map(([option, label, letter]) => optionKey(letter, option, label));
  if (model.card(state) === null) {
    const main = key(["Enter"], "Do what is marked", () => end.act());
    const back = key(["ArrowLeft", "Backspace"], "Back to the last card", () => act("back"));
    return model.phase(state) === "end" ? [main, back, ...switches] : [main, ...switches];
  }
  const star = key(["s"], "Star the card, or take the star away", () => {
    pressStar();
    say(state.starred.has(model.card(state) ?? "") ? "Starred." : "Star taken away.");
  });
  const turn = key([" "], "Turn the card", () => change({ type: "flipped" }));
  if (state.sorting) {
    return [
      turn,
      key(["ArrowRight"], "I know it", () => step("know")),
      key(["ArrowLeft"], "Still learning", () => step("learning")),
      key(["Backspace"], "Take the last one back", () => step("undo")),
      star,
      ...switches,
    ];
  }
  return [
    turn,
    key(["ArrowRight"], "Next card", () => step("next")),
    key(["ArrowLeft"], "Previous card", () => step("previous")),
    key(["p"], "Play, or pause", () => step("play")),
    star,
    ...switches,
  ];
}

/**
 * @param {string} letter
 * @param {Option} option
 * @param {string} label
 */
function optionKey(letter, option, label) {
  return key([letter], label, () => {
    const on = !state[option];
    change({ type: option, on, random }, { news: `${label}: ${on ? "on" : "off"}.` });
  });
}

/**
 * @param {readonly string[]} keys
 * @param {string} does
 * @param {() => void} press
 * @returns {Key}
 */
function key(keys, does, press) {
  return { keys, does, press };
}

/** Some cards of the deck have a place of their own beside that of the whole deck. */
function left() {
  const { whole, some } = Object(kept(deck.id, "flashcards"));
  if (asked === null) return whole;
  return Array.isArray(some?.cards) && some.cards.join() === ids.join() ? some : null;
}

function keepPlace() {
  const all = Object(kept(deck.id, "flashcards"));
  const place = toKeep(state);
  const mine = asked === null ? { whole: place } : { some: { ...place, cards: ids } };
  keep(deck.id, "flashcards", { ...all, ...mine });
}
