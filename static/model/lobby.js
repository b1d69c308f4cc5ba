/** Who is online and what is being played of a deck: the state of a page that shows it, and its words. */

import { points, rating } from "./words.js";

/** @typedef {import("../wire/messages.js").LobbyPlayer} LobbyPlayer */
/** @typedef {import("../wire/messages.js").LobbyMatch} LobbyMatch */
/** @typedef {import("../wire/messages.js").Opponent} Opponent */

/**
 * @typedef {object} LobbyState
 * @property {string} deck
 * @property {number} online all who are here
 * @property {readonly LobbyPlayer[]} players the best rated of them
 * @property {readonly LobbyMatch[]} matches the latest first
 */
/** @typedef {Readonly<LobbyState>} LobbyView */

/**
 * A page that has not heard yet.
 * @param {string} deck
 * @returns {LobbyView}
 */
export function lobby(deck) {
  return Object.freeze({ deck, online: 0, players: Object.freeze([]), matches: Object.freeze([]) });
}

/**
 * @param {LobbyView} before
 * @param {import("../wire/messages.js").ServerMessage} message
 * @returns {LobbyView} the same object where the message is about something else
 */
export function next(before, message) {
  if (message.type !== "lobby" || message.deck !== before.deck) return before;
  const { deck, online, players, matches } = message;
  return Object.freeze({
    deck,
    online,
    players: Object.freeze([...players]),
    matches: Object.freeze([...matches]),
  });
}

/**
 * How many are online: "3 online"; nothing while that is nobody, or only oneself.
 * @param {LobbyView} lobby
 * @param {string | null} me
 */
export function onlineWords({ online, players }, me) {
  const alone = online === 1 && players[0]?.id === me;
  return online === 0 || alone ? "" : `${points(online)} online`;
}

/**
 * Those to play against: everybody but oneself.
 * @param {readonly LobbyPlayer[]} players
 * @param {string | null} me
 */
export function others(players, me) {
  return players.filter(({ id }) => id !== me);
}

/**
 * How far a match is: "Round 3 of 10".
 * @param {{ readonly round: number, readonly rounds: number }} match
 */
export function roundWords({ round, rounds }) {
  return round === 0 ? "About to begin" : `Round ${round} of ${rounds}`;
}

/**
 * How many watch: "2 watching", nothing for nobody.
 * @param {number} watchers
 */
export function watchingWords(watchers) {
  return watchers === 0 ? "" : `${points(watchers)} watching`;
}

/**
 * How many watch, to one of them.
 * @param {number} watchers oneself among them
 */
export function watchingTogether(watchers) {
  return watchers < 2 ? "Watching: only you" : `Watching: you and ${points(watchers - 1)} more`;
}

/**
 * A player's rating and what kind of player it is: "1512?", "bot", "practice".
 * @param {Pick<Opponent, "rating" | "provisional" | "bot"> & { readonly practice?: boolean }} player
 */
export function standing({ rating: value, provisional, bot, practice }) {
  if (practice) return "practice";
  return bot ? "bot" : rating(value, provisional);
}

/**
 * What is being played, as one line: "Now playing: 2 matches".
 * @param {number} matches
 */
export function playingWords(matches) {
  return `Now playing: ${points(matches)} ${matches === 1 ? "match" : "matches"}`;
}
