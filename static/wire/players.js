/**
 * The types of players, their histories and matches, and the boards, as the protocol page names them.
 *
 * Nothing here runs. Instants are whole ms since 1970 (`_at_ms`).
 */

/** @typedef {import("./messages.js").LadderRow} LadderRow */
/** @typedef {import("./messages.js").MatchRecord} MatchRecord */
/** @typedef {import("./messages.js").Seat} Seat */
/** @typedef {"all" | "month" | "week"} Period */
/** @typedef {{ readonly wins: number, readonly draws: number, readonly losses: number }} Tally */
/**
 * @typedef {object} PlayerOnLadder
 * @property {string} deck
 * @property {string} title
 * @property {number} rating
 * @property {number | null} rank null without a rating
 * @property {number} matches rated ones, like all counts here
 * @property {number} wins
 * @property {number} draws
 * @property {number} losses
 * @property {number} peak
 * @property {boolean} provisional
 * @property {number} streak wins in a row, or losses below zero
 * @property {number} best_streak
 * @property {{ readonly match: string, readonly rating: number, readonly player: string, readonly name: string } | null} best_win
 * @property {Tally} [against] how all matches of the viewer against this player went
 */
/**
 * @typedef {object} PlayerShown
 * @property {string} id
 * @property {string} name
 * @property {boolean} bot
 * @property {boolean} practice
 * @property {boolean} online
 * @property {string | null} playing the match that he is in
 * @property {readonly PlayerOnLadder[]} decks
 */
/** @typedef {import("../model/chart.js").HistoryPoint} HistoryPoint */
/** @typedef {{ readonly deck: string, readonly points: readonly HistoryPoint[], readonly next: number | null }} History newest first */
/**
 * @typedef {object} MatchSummary
 * @property {string} id
 * @property {string} deck
 * @property {string} title
 * @property {boolean} rated
 * @property {number | null} finished_at_ms
 * @property {Seat | null} seat
 * @property {MatchRecord["players"]} players
 * @property {MatchRecord["result"]} result
 * @property {MatchRecord["ratings"]} ratings
 */
/** @typedef {{ readonly matches: readonly MatchSummary[], readonly next: number | null }} Matches */
/**
 * @typedef {object} Leaderboard
 * @property {string} deck
 * @property {Period} period
 * @property {number} rated_players rows in all
 * @property {readonly LadderRow[]} top
 * @property {readonly string[]} online the players of these rows who are here
 * @property {number | null} next
 * @property {readonly LadderRow[]} [around]
 */

export {};
