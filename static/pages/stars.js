/**
 * Keeps the starred terms of a deck in this browser.
 */

/** @param {string} deck */
const key = (deck) => `deckduel.stars.${deck}`;

/**
 * @param {string} deck
 * @returns {readonly string[]} ids of cards; empty where nothing readable is kept
 */
export function loadStars(deck) {
  try {
    const kept = JSON.parse(localStorage.getItem(key(deck)) ?? "[]");
    return Array.isArray(kept) ? kept.filter((id) => typeof id === "string") : [];
  } catch {
    // Storage that is switched off or spoilt costs the stars, not the page.
    return [];
  }
}

/**
 * @param {string} deck
 * @param {readonly string[]} cards
 */
export function saveStars(deck, cards) {
  try {
    localStorage.setItem(key(deck), JSON.stringify(cards));
  } catch {
    // Full or switched off: the stars last as long as the page.
  }
}
