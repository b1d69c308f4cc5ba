/** The sides of a card in words, and which of them is to be given. */

/** @typedef {import("../wire/study.js").Side} Side */

/** What is chosen among the sides: the one that is not shown. */
export const SIDE_ASKED = "You give";

/** @type {Readonly<Record<Side, string>>} */
export const SIDE_NAMES = Object.freeze({ answer: "The answer", prompt: "The question" });
