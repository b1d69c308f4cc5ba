/** Guards for what was kept between visits: it may be old, spoilt or written by somebody else. */

/** @typedef {Readonly<Record<string, any>>} Unknown */

/**
 * @param {unknown} value
 * @returns {value is Record<string, any>}
 */
export function isMap(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * @param {unknown} value
 * @returns {value is import("../wire/study.js").Side}
 */
export function isSide(value) {
  return value === "answer" || value === "prompt";
}

/**
 * @param {unknown} value
 * @returns {Unknown} without a property where it is no map
 */
export function record(value) {
  return isMap(value) ? value : {};
}

/**
 * @param {unknown} value
 * @returns {readonly any[]} empty where it is no list
 */
export function list(value) {
  return Array.isArray(value) ? value : [];
}

/**
 * @param {unknown} value
 * @returns {string[]} the strings of a list
 */
export function strings(value) {
  return list(value).filter((item) => typeof item === "string");
}

/**
 * @param {unknown} value
 * @returns {number} 0 for what counts nothing
 */
export function count(value) {
  return Number.isSafeInteger(value) ? Math.max(0, Number(value)) : 0;
}

/**
 * @param {unknown} value
 * @returns {import("../wire/study.js").Side} the answer where it is no side
 */
export function side(value) {
  return isSide(value) ? value : "answer";
}
