/** Builds what the page of calls and messages is made of: types, fields, examples, text with code in it. */

import { paragraphs } from "../model/api.js";
import { el } from "./dom.js";

/** @typedef {import("../model/api.js").Word} Word */
/** @typedef {import("../model/api.js").Field} Field */

/**
 * @param {string} text Markdown, of which code and paragraphs are understood
 */
export function prose(text) {
  return paragraphs(text).map((pieces) =>
    el("p", {}, ...pieces.map(({ text: piece, code }) => (code ? el("code", {}, piece) : piece))),
  );
}

/**
 * A type; the names of shapes lead to their places.
 * @param {readonly Word[]} words
 * @param {string} place before the name of a shape, in the id of its place
 */
export function type(words, place) {
  return el(
    "span",
    { class: "api-type" },
    ...words.map(({ text, shape }) =>
      shape === undefined ? text : el("a", { href: `#${place}${shape}` }, text),
    ),
  );
}

/**
 * @param {readonly Field[]} fields
 * @param {string} place
 */
export function fieldList(fields, place) {
  return el(
    "dl",
    { class: "api-fields" },
    ...fields.map(({ name, optional, words, about }) =>
      el(
        "div",
        {},
        el("dt", {}, el("code", {}, name), optional && el("span", { class: "soft" }, " optional")),
        el("dd", {}, type(words, place), ...prose(about)),
      ),
    ),
  );
}

/**
 * An example, as it would be sent.
 * @param {unknown} value
 */
export function example(value) {
  return el("pre", {}, JSON.stringify(value, null, 2));
}
