/**
 * Keeps where somebody is in a study mode, in this browser, until the next visit.
 */

/**
 * @param {string} deck
 * @param {string} mode and what of it, where there are several places to keep
 */
const key = (deck, mode) => `deckduel.${mode}.${deck}`;

/**
 * @param {string} deck
 * @param {string} mode
 * @returns {unknown} what was kept, for the mode's model to check; null for nothing readable
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
 * @param {string} mode
 * @param {unknown} value as JSON can say it; null keeps nothing
 */
export function keep(deck, mode, value) {
  try {
    if (value === null) localStorage.removeItem(key(deck, mode));
    else localStorage.setItem(key(deck, mode), JSON.stringify(value));
  } catch {
    // Full or switched off: the place lasts as long as the page.
  }
}
