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

/** The study modes by the last part of their addresses. @typedef {"flashcards" | "learn" | "test" | "match"} Mode */

/**
 * The address of a study mode; with `cards`, of only these.
 * @param {string} deck
 * @param {Mode} mode
 * @param {readonly string[]} [cards]
 */
export function studyPath(deck, mode, cards = []) {
  const query = cards.length === 0 ? "" : `?cards=${cards.map(encodeURIComponent).join(",")}`;
  return `${deckPath(deck)}/${mode}${query}`;
}

/**
 * The address at which an opponent is found.
 * @param {string} deck
 */
export function challengePath(deck) {
  return `${deckPath(deck)}/challenge`;
}

/**
 * The address of a challenge, which is its link.
 * @param {string} code
 */
export function challengeLinkPath(code) {
  return `/challenges/${encodeURIComponent(code)}`;
}

/**
 * The address of a player's page.
 * @param {string} player
 */
export function playerPath(player) {
  return `/players/${encodeURIComponent(player)}`;
}

/** The address of one's own settings. */
export const mePath = "/me";

/**
 * The address of a deck's whole board; `offset` counts the rows passed over.
 * @param {string} deck
 * @param {import("../wire/players.js").Period} [period]
 * @param {number} [offset]
 */
export function leaderboardPath(deck, period = "all", offset = 0) {
  const query = new URLSearchParams();
  if (period !== "all") query.set("period", period);
  if (offset > 0) query.set("offset", String(offset));
  return `${deckPath(deck)}/leaderboard${query.size === 0 ? "" : `?${query}`}`;
}
