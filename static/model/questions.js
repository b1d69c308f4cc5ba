/** Questions made of cards: four choices, or a statement that is true or false. */

import { fold } from "./terms.js";
import { shuffled } from "./shuffle.js";

/** @typedef {import("../wire/study.js").StudyCard} StudyCard */
/** @typedef {import("../wire/study.js").Side} Side */
/** @typedef {import("./shuffle.js").Random} Random */
/**
 * `asked` is the side that is shown, `right` an index into `choices`.
 * @typedef {{ readonly kind: "choice", readonly card: string, readonly asked: string, readonly choices: readonly string[], readonly right: number }} Choice
 */
/** @typedef {{ readonly kind: "true_false", readonly card: string, readonly asked: string, readonly statement: string, readonly right: boolean }} TrueFalse */
/** @typedef {{ readonly kind: "typed", readonly card: string, readonly asked: string, readonly side: Side }} Written */

/** How many wrong choices stand beside the right one. */
export const WRONG_CHOICES = 3;

/** The least number of wrong choices that make a question. */
const LEAST_WRONG = 1;

/**
 * @param {Side} side that is to be given
 * @returns {Side} that is shown
 */
export function across(side) {
  return side === "answer" ? "prompt" : "answer";
}

/**
 * A card's right answer among wrong ones; fewer than four where there are not enough to be wrong,
 * null where there is none.
 * @param {StudyCard} card
 * @param {Side} side that is to be given
 * @param {readonly StudyCard[]} cards of the whole deck
 * @param {Random} random
 * @returns {Choice | null}
 */
export function choiceOf(card, side, cards, random) {
  const wrong = wrongFor(card, side, cards, random).slice(0, WRONG_CHOICES);
  if (wrong.length < LEAST_WRONG) return null;
  const choices = shuffled([card[side], ...wrong], random);
  const right = choices.indexOf(card[side]);
  return Object.freeze({ kind: "choice", card: card.id, asked: card[across(side)], choices, right });
}

/**
 * A card with its own answer, or with a wrong one.
 * @param {StudyCard} card
 * @param {Side} side that is claimed
 * @param {readonly StudyCard[]} cards of the whole deck
 * @param {Random} random
 * @returns {TrueFalse | null} null where nothing wrong can be claimed
 */
export function trueFalseOf(card, side, cards, random) {
  const [wrong] = wrongFor(card, side, cards, random);
  if (wrong === undefined) return null;
  const right = random() < 0.5;
  const statement = right ? card[side] : wrong;
  return Object.freeze({ kind: "true_false", card: card.id, asked: card[across(side)], statement, right });
}

/**
 * @param {StudyCard} card
 * @param {Side} side that is to be typed
 * @returns {Written}
 */
export function writtenOf(card, side) {
  return Object.freeze({ kind: "typed", card: card.id, asked: card[across(side)], side });
}

/**
 * What is wrong for a card: answers are the deck's written distractors; prompts are those of cards
 * whose answer is another one. None reads like the right one.
 * @param {StudyCard} card
 * @param {Side} side
 * @param {readonly StudyCard[]} cards
 * @param {Random} random
 */
function wrongFor(card, side, cards, random) {
  const written = side === "answer" && card.distractors.length > 0;
  const others = cards.filter((other) => fold(other.answer) !== fold(card.answer));
  const texts = written ? card.distractors : others.map((other) => other[side]);
  const seen = new Set([fold(card[side])]);
  return shuffled(texts, random).filter((text) => {
    const known = seen.has(fold(text));
    seen.add(fold(text));
    return !known;
  });
}
