/** The questions of a test: which cards, in which forms, asked from which side. */

import { choiceOf, trueFalseOf, writtenOf, across } from "../questions.js";
import { shuffled } from "../shuffle.js";
import { fold } from "../terms.js";

/** @typedef {import("../../wire/study.js").StudyCard} StudyCard */
/** @typedef {import("../../wire/study.js").Side} Side */
/** @typedef {import("../shuffle.js").Random} Random */
/** @typedef {"true_false" | "choice" | "matching" | "typed"} Kind */
/** @typedef {import("../questions.js").Choice & { readonly side: Side }} ChoiceQuestion */
/** @typedef {import("../questions.js").TrueFalse & { readonly side: Side }} TrueFalseQuestion */
/** @typedef {import("../questions.js").Written} WrittenQuestion */
/**
 * One prompt of a block: all of a block share the choices, and each choice is right for one of them.
 * @typedef {{ readonly kind: "matching", readonly card: string, readonly asked: string, readonly side: Side,
 *   readonly block: number, readonly choices: readonly string[], readonly right: number }} Pair
 */
/** @typedef {ChoiceQuestion | TrueFalseQuestion | WrittenQuestion | Pair} Question */
/** @typedef {{ readonly count: number, readonly kinds: readonly Kind[], readonly side: Side | "mixed" }} Plan */

/** In the order in which they stand in a test. @type {readonly Kind[]} */
export const KINDS = Object.freeze(/** @type {Kind[]} */ (["true_false", "choice", "matching", "typed"]));

/** In the order in which cards are given to them: matching first, because one pair alone is none.
 * @type {readonly Kind[]} */
const TURNS = Object.freeze(/** @type {Kind[]} */ (["matching", "true_false", "choice", "typed"]));

/** Pairs of one block, so that its answers fit on a phone. */
export const MOST_PAIRS = 6;
const LEAST_PAIRS = 2;

/**
 * The questions in their order, each card once. A card that cannot be asked in the form whose turn
 * it is gets another one of those chosen; fewer than `count` where there is none.
 * @param {Plan} plan
 * @param {readonly StudyCard[]} pool the cards to ask
 * @param {readonly StudyCard[]} deck where wrong choices come from
 * @param {Random} random
 * @returns {readonly Question[]}
 */
export function build({ count, kinds, side }, pool, deck, random) {
  const turns = TURNS.filter((kind) => kinds.includes(kind));
  const sides = sidesFor(side, count, random);
  const blocks = emptyBlocks(turns[0] === "matching" ? Math.ceil(count / turns.length) : 0);
  /** @type {Question[]} */
  const singles = [];

  /**
   * @param {StudyCard} card
   * @param {readonly Kind[]} wanted the first that can be made is
   * @param {Side} given
   */
  const ask = (card, wanted, given) =>
    wanted.some((kind) => {
      if (kind === "matching") return join(card, blocks);
      const question = single(kind, card, given, deck, random);
      if (question !== null) singles.push(question);
      return question !== null;
    });

  let asked = 0;
  for (const card of shuffled(pool, random)) {
    if (asked === count) break;
    const turn = asked % turns.length;
    const wanted = [...turns.slice(turn), ...turns.slice(0, turn)];
    if (ask(card, wanted, sides[asked] ?? "answer")) asked += 1;
  }
  const lonely = blocks.filter((block) => block.length < LEAST_PAIRS).flat();
  for (const card of lonely) ask(card, turns.slice(1), sides.at(-1) ?? "answer");

  const full = blocks.filter((block) => block.length >= LEAST_PAIRS);
  const blockSides = sidesFor(side, full.length, random);
  const pairs = full.flatMap((cards, at) => pairsOf(cards, blockSides[at] ?? "answer", at, random));
  const all = [...singles, ...pairs];
  return Object.freeze(KINDS.flatMap((kind) => all.filter((question) => question.kind === kind)));
}

/**
 * The side that is to be given, question by question; as many of one as of the other where mixed.
 * @param {Side | "mixed"} side
 * @param {number} count
 * @param {Random} random
 * @returns {readonly Side[]}
 */
function sidesFor(side, count, random) {
  if (side !== "mixed") return Array(count).fill(side);
  const both = Array.from({ length: count }, (_, at) => (at % 2 === 0 ? "answer" : "prompt"));
  return shuffled(/** @type {Side[]} */ (both), random);
}

/**
 * @param {number} pairs
 * @returns {StudyCard[][]} blocks with room for them
 */
function emptyBlocks(pairs) {
  return Array.from({ length: Math.ceil(pairs / MOST_PAIRS) }, () => []);
}

/**
 * Puts a card into the emptiest block where no other card reads like it on either side.
 * @param {StudyCard} card
 * @param {readonly StudyCard[][]} blocks
 * @returns {boolean} whether there is one
 */
function join(card, blocks) {
  const [block] = blocks
    .filter((cards) => cards.length < MOST_PAIRS && !cards.some((other) => alike(card, other)))
    .sort((one, other) => one.length - other.length);
  block?.push(card);
  return block !== undefined;
}

/**
 * @param {StudyCard} card
 * @param {StudyCard} other
 */
function alike(card, other) {
  return fold(card.answer) === fold(other.answer) || fold(card.prompt) === fold(other.prompt);
}

/**
 * @param {Exclude<Kind, "matching">} kind
 * @param {StudyCard} card
 * @param {Side} side
 * @param {readonly StudyCard[]} deck
 * @param {Random} random
 * @returns {Question | null}
 */
function single(kind, card, side, deck, random) {
  if (kind === "typed") return writtenOf(card, side);
  const question =
    kind === "choice" ? choiceOf(card, side, deck, random) : trueFalseOf(card, side, deck, random);
  return question && Object.freeze({ ...question, side });
}

/**
 * @param {readonly StudyCard[]} cards of one block
 * @param {Side} side
 * @param {number} block its number, from 0
 * @param {Random} random
 * @returns {Pair[]}
 */
function pairsOf(cards, side, block, random) {
  const mixed = shuffled(cards, random);
  const choices = Object.freeze(mixed.map((card) => card[side]));
  return cards.map((card) =>
    Object.freeze({
      kind: "matching",
      card: card.id,
      asked: card[across(side)],
      side,
      block,
      choices,
      right: mixed.indexOf(card),
    }),
  );
}
