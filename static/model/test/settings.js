/** What is chosen before a test is made, and what is wrong with it. */

import { counted } from "../words.js";
import { KINDS } from "./build.js";

/** @typedef {import("../../wire/study.js").Side} Side */
/** @typedef {import("./build.js").Kind} Kind */
/**
 * @typedef {object} Settings
 * @property {string} count how many questions, as typed
 * @property {readonly Kind[]} kinds
 * @property {"all" | "starred"} from which cards
 * @property {Side | "mixed"} side that is to be given
 */
/** What is wrong, empty for nothing. @typedef {{ readonly count: string, readonly kinds: string }} Problems */

/** Questions of a test unless another number is typed. */
export const USUAL = 20;

/** @type {Problems} */
export const NO_PROBLEMS = Object.freeze({ count: "", kinds: "" });

/**
 * @param {number} there cards of the deck
 * @returns {Settings}
 */
export function usual(there) {
  return Object.freeze({
    count: String(Math.min(USUAL, there)),
    kinds: KINDS,
    from: "all",
    side: "answer",
  });
}

/**
 * The number that was typed.
 * @param {string} text
 * @returns {number} NaN for what is no whole number
 */
export function numberOf(text) {
  return /^\d{1,9}$/u.test(text.trim()) ? Number(text) : Number.NaN;
}

/**
 * The settings with no more questions than there are cards; what is no number stays as it was typed.
 * @param {Settings} settings
 * @param {number} there
 * @returns {Settings}
 */
export function fitted(settings, there) {
  if (!(numberOf(settings.count) > there)) return settings;
  return Object.freeze({ ...settings, count: String(there) });
}

/**
 * @param {Settings} settings
 * @param {number} there cards to ask
 * @returns {Problems}
 */
export function problemsOf({ count, kinds, from }, there) {
  return Object.freeze({
    count: problemOfCount(numberOf(count), from, there),
    kinds: kinds.length === 0 ? "Choose at least one kind of question." : "",
  });
}

/** Where nothing can be asked in the forms chosen: one card cannot be matched, say. */
export const NOTHING_TO_ASK = Object.freeze({
  count: "",
  kinds: "Too few cards for these kinds. Add another kind.",
});

/**
 * @param {number} count
 * @param {Settings["from"]} from
 * @param {number} there
 */
function problemOfCount(count, from, there) {
  if (count >= 1 && count <= there) return "";
  if (count > there) return `There ${there === 1 ? "is" : "are"} only ${counted(there, kindOf(from))}.`;
  return there === 1 ? "Type the number 1." : `Type a number from 1 to ${there}.`;
}

/** @param {Settings["from"]} from */
function kindOf(from) {
  return from === "starred" ? "starred term" : "term";
}
