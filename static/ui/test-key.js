/** The answers of a test on a page of their own: on paper only. */

import { keyOf } from "../model/test/say.js";
import { rightWords } from "../model/test/score.js";
import { el } from "./dom.js";

/** @typedef {import("../model/test/build.js").Question} Question */
/** @typedef {import("../wire/study.js").StudyCard} StudyCard */

/**
 * @param {readonly Question[]} questions in their order
 * @param {readonly StudyCard[]} cards of the deck
 */
export function answerKey(questions, cards) {
  const byId = new Map(cards.map((card) => [card.id, card]));
  return el(
    "section",
    { class: "test-key" },
    el("h2", {}, "Answers"),
    el(
      "ol",
      {},
      ...questions.map((question) => {
        const words = rightWords(question, byId.get(question.card)?.[question.side] ?? "");
        return el("li", {}, keyOf(question, words));
      }),
    ),
  );
}
