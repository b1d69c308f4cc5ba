/**
 * Carries from a match that did not start to the challenge page who did not come to it.
 */

const KEY = "deckduel.absent";

/** @param {string} name */
export function keepAbsent(name) {
  try {
    sessionStorage.setItem(KEY, name);
  } catch {
    // Storage that is switched off costs the sentence, not the search.
  }
}

/**
 * Gives the name once, so that a reload does not tell it again.
 * @returns {string | null}
 */
export function takeAbsent() {
  try {
    const name = sessionStorage.getItem(KEY);
    sessionStorage.removeItem(KEY);
    return name;
  } catch {
    return null;
  }
}
