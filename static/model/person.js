/** The page of a player: whether he can be challenged, and everything it says, in words. */

import { counted, points, score, signed } from "./words.js";

/** @typedef {import("../wire/messages.js").ServerMessage} ServerMessage */
/** @typedef {import("../wire/messages.js").Player} Player */
/** @typedef {import("../wire/players.js").PlayerShown} PlayerShown */
/** @typedef {import("../wire/players.js").PlayerOnLadder} PlayerOnLadder */
/** @typedef {import("../wire/players.js").Tally} Tally */
/** @typedef {import("../wire/players.js").MatchSummary} MatchSummary */
/** @typedef {import("../wire/study.js").Progress} Progress */
/** @typedef {import("../wire/study.js").CardProgress} CardProgress */

/**
 * @typedef {object} PersonState
 * @property {string} id
 * @property {string} name
 * @property {boolean} bot
 * @property {boolean} practice
 * @property {string | null} me
 * @property {boolean} online
 * @property {string | null} playing the match that he is in
 * @property {string | null} offered an open challenge of mine to him
 * @property {boolean} connected whether the page hears the server
 */
/** @typedef {Readonly<PersonState>} Person */

const MOST_WEAK = 10;

/**
 * @param {PlayerShown} player
 * @param {Player | null} me
 * @returns {Person}
 */
export function person({ id, name, bot, practice, online, playing }, me) {
  return Object.freeze({
    id,
    name,
    bot,
    practice,
    me: me?.id ?? null,
    online,
    playing,
    offered: null,
    connected: true,
  });
}

/**
 * @param {Person} before
 * @param {ServerMessage | { readonly type: "connection", readonly open: boolean }} event
 * @returns {Person} the same object when nothing changed
 */
export function next(before, event) {
  switch (event.type) {
    case "connection":
      // What is open is told again with the next connection.
      return changed(before, { connected: event.open, offered: null });
    case "presence":
      if (event.player !== before.id) return before;
      return changed(before, { online: event.online, playing: event.playing });
    case "challenge_changed": {
      if (event.by.id !== before.me || event.to?.id !== before.id) return before;
      if (event.state === "open") return changed(before, { offered: event.challenge });
      return event.challenge === before.offered ? changed(before, { offered: null }) : before;
    }
    default:
      return before;
  }
}

/**
 * @param {Person} before
 * @param {Partial<PersonState>} to
 * @returns {Person}
 */
function changed(before, to) {
  const keys = /** @type {(keyof PersonState)[]} */ (Object.keys(to));
  if (keys.every((key) => before[key] === to[key])) return before;
  return Object.freeze({ ...before, ...to });
}

/**
 * Whether he is here, in words.
 * @param {Person} person
 */
export function presenceWords({ practice, online, playing }) {
  if (practice) return "Always here";
  if (playing !== null) return "In a match";
  return online ? "Here now" : "Not here right now";
}

/** What he is, where he is no ordinary player; else empty. @param {Person} person */
export function kindWords({ bot, practice }) {
  if (practice) return "Practice opponent";
  return bot ? "Bot" : "";
}

/**
 * Why he cannot be challenged now, one sentence; empty when he can.
 * @param {Person} person
 */
export function whyNot({ name, online, playing, offered, connected }) {
  if (!connected) return "Waiting for the connection.";
  if (offered !== null) return `${name} has your challenge: it stands for a minute.`;
  if (playing !== null) return `${name} is in a match. Watch it, or come back afterwards.`;
  if (!online) return `${name} is not here. Leave a challenge link instead.`;
  return "";
}

/**
 * All of these sentences that can be said of him, for whoever keeps room for them.
 * @param {Person} person
 */
export function whyNots(person) {
  const free = { ...person, online: true, playing: null, offered: null, connected: true };
  // A practice opponent is always here, and in no match.
  const away = person.practice ? [] : [{ ...free, playing: "x" }, { ...free, online: false }];
  return [{ ...free, connected: false }, { ...free, offered: "x" }, ...away].map(whyNot);
}

// A ladder

/** @param {PlayerOnLadder} ladder "12 won, 3 drawn, 5 lost" */
export function recordWords({ wins, draws, losses }) {
  return `${wins} won, ${draws} drawn, ${losses} lost`;
}

/** @param {PlayerOnLadder} ladder "3 wins", "2 losses", "none", and the best there was */
export function streakWords({ streak, best_streak }) {
  const said =
    streak === 0 ? "None" : streak < -1 ? `${-streak} losses` : counted(Math.abs(streak), streak > 0 ? "win" : "loss");
  return best_streak > Math.max(1, streak) ? `${said} (best: ${best_streak})` : said;
}

/**
 * How two stand, from the viewer's side.
 * @param {Tally} tally
 * @param {string} name
 */
export function againstWords({ wins, draws, losses }, name) {
  const all = wins + draws + losses;
  if (all === 0) return `You and ${name} have not played yet.`;
  const drawn = draws === 0 ? "" : `, ${counted(draws, "draw")}`;
  return `You ${counted(wins, "win")}, ${name} ${counted(losses, "win")}${drawn}.`;
}

// Finished matches

/**
 * @typedef {object} MatchRow
 * @property {string} match
 * @property {"won" | "lost" | "drawn"} went
 * @property {string} result
 * @property {import("../ui/player-link.js").Linked} opponent
 * @property {string} score own points first
 * @property {string} change empty where no rating moved
 * @property {number | null} at_ms
 */

const RESULTS = Object.freeze({ won: "Won", lost: "Lost", drawn: "Drawn" });

/**
 * A finished match from its player's side.
 * @param {MatchSummary} summary
 * @returns {MatchRow}
 */
export function matchRow({ id, seat, players, result, ratings, finished_at_ms }) {
  const own = seat ?? 0;
  const other = own === 0 ? 1 : 0;
  const scored = result === null ? null : score(result.outcome, own);
  const went = scored === 1 ? "won" : scored === 0 ? "lost" : "drawn";
  const totals = result?.totals ?? [0, 0];
  return Object.freeze({
    match: id,
    went,
    result: RESULTS[went],
    opponent: { id: players[other].id, name: players[other].name, deleted: players[other].deleted },
    score: `${points(totals[own])} – ${points(totals[other])}`,
    change: ratings === null ? "" : signed(ratings[own].change),
    at_ms: finished_at_ms,
  });
}

// Weak cards

/**
 * The cards that need it most: lost in a duel and not made good, then missed, then most often wrong.
 * @param {Progress} progress
 * @param {number} [most]
 * @returns {readonly { readonly card: string, readonly why: string }[]}
 */
export function weakest(progress, most = MOST_WEAK) {
  const weak = progress.cards.filter(
    (card) => card.lost || card.missed || (card.mastery !== "mastered" && wrong(card) > 0),
  );
  const order = (/** @type {CardProgress} */ card) =>
    (card.lost ? 4 : 0) + (card.missed ? 2 : 0) + wrong(card) / Math.max(1, tries(card));
  return weak
    .sort((a, b) => order(b) - order(a))
    .slice(0, most)
    .map((card) => Object.freeze({ card: card.card, why: whyWeak(card) }));
}

/** @param {CardProgress} card */
function wrong({ reviews, right, duels }) {
  return reviews - right + duels.lost;
}

/** @param {CardProgress} card */
function tries({ reviews, duels }) {
  return reviews + duels.won + duels.lost;
}

/** @param {CardProgress} card */
function whyWeak(card) {
  if (card.lost) return "Lost in a duel";
  if (card.missed) return "Missed last time";
  return `Wrong ${wrong(card)} of ${tries(card)} times`;
}

