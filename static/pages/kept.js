/**
 * Keeps in this browser where a study mode was left: one value a deck and mode.
 */

/** @typedef {import("../model/paths.js").Mode} Mode */

/**
 * @param {string} deck
 * @param {Mode} mode
 */
const key = (deck, mode) => `deckduel.left.${mode}.${deck}`;

/**
 * What was kept last, whoever wrote it: the caller sees to it that it makes sense.
 * @param {string} deck
 * @param {Mode} mode
 * @returns {unknown} null where nothing readable is kept
 */
export function kept(deck, mode) {
  try {
    return JSON.parse(localStorage.getItem(key(deck, mode)) ?? "null");
  } catch {
    // Storage that is switched off or spoilt costs the place, not the page.
    return null;
  }
}

/**
 * @param {string} deck
 * @param {Mode} mode
 * @param {unknown} value what JSON can hold; null forgets
 */
export function keep(deck, mode, value) {
  try {
    if (value === null) localStorage.removeItem(key(deck, mode));
    else localStorage.setItem(key(deck, mode), JSON.stringify(value));
  } catch {
    // Full or switched off: the place lasts as long as the page.
  }
}
