/**
 * The addresses of the pages.
 */

/**
 * The address of a deck's page.
 * @param {string} deck
 */
export function deckPath(deck) {
  return `/decks/${encodeURIComponent(deck)}`;
}

/**
 * The address of a match.
 * @param {string} match
 */
export function matchPath(match) {
  return `/matches/${encodeURIComponent(match)}`;
}
