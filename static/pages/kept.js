/**
 * Keeps in this browser what a study mode wants to find again: one value for each deck and mode.
 */

/** @typedef {import("./paths.js").Mode} Mode */

/**
 * @param {string} deck
 * @param {Mode} mode
 */
const key = (deck, mode) => `deckduel.kept.${deck}.${mode}`;

/**
 * What was kept last. Whoever asks makes sure of its shape: it may be an older page's, or spoilt.
 * @param {string} deck
 * @param {Mode} mode
 * @returns {unknown} null for nothing that can be read
 */
export function kept(deck, mode) {
  try {
    return JSON.parse(localStorage.getItem(key(deck, mode)) ?? "null");
  } catch {
    // Storage that is switched off or spoilt means to start anew.
    return null;
  }
}

/**
 * @param {string} deck
 * @param {Mode} mode
 * @param {unknown} value anything that JSON can say
 */
export function keep(deck, mode, value) {
  try {
    localStorage.setItem(key(deck, mode), JSON.stringify(value));
  } catch {
    // Full or switched off: it lasts as long as the page.
  }
}
