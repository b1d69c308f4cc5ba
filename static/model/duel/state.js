/** The shape of the match page's state, what can be read from it, and how a piece is replaced. */

import { instant } from "../clock.js";

/** How long the last reveal stays in sight when the result arrives at once, in ms. */
export const LAST_REVEAL_MS = 3_000;

/** The refs of this page's messages: by them a refusal finds what it is about. */
export const REF = Object.freeze({
  enter: "enter",
  ready: "ready",
  answer: "answer",
  resign: "resign",
});

/** @typedef {import("../../wire/messages.js").ClientMessage} ClientMessage */
/** @typedef {import("../../wire/messages.js").Seat} Seat */
/** @typedef {import("../../wire/messages.js").SeatState} SeatState */
/**
 * @template T
 * @typedef {import("../../wire/messages.js").BySeat<T>} BySeat
 */

/**
 * One side of the match; `forfeit_at` is the instant at which this seat loses by staying away.
 * @typedef {Readonly<Omit<SeatState, "forfeit_in_ms"> & { forfeit_at: number | null }>} SeatView
 */
/**
 * One's own answer to the current round.
 *
 * `to_send`: chosen, not yet on its way (or on its way when the connection broke); `sent`: no reply
 * yet; `taken`: the server has it; `refused`: it came too late and does not count.
 * @typedef {object} OwnAnswer
 * @property {number} round
 * @property {number} choice
 * @property {"to_send" | "sent" | "taken" | "refused"} status
 * @property {number | null} elapsed_ms the server's measure, once taken
 */
/**
 * @typedef {object} Notice the last refusal, for a sentence from `words.js`
 * @property {import("../../wire/messages.js").RefusedReason} reason
 * @property {string} detail
 */
/** @typedef {"connecting" | "open" | "reconnecting" | "closed"} Connection */
/**
 * @typedef {object} DuelState
 * @property {string} match
 * @property {Connection} connection `closed`: for good, nothing more will come
 * @property {"no" | "asked" | "yes" | "refused"} entered on this connection
 * @property {boolean} ready_sent on this connection
 * @property {number | null} retry_at the instant from which a `retry` asks again what was refused
 * @property {"no" | "to_send" | "sent" | "done"} resign
 * @property {"loading" | "missing" | import("../../wire/messages.js").Phase} phase `loading` until
 *   the first snapshot; `missing` when there is no such match
 * @property {string} deck
 * @property {string} title
 * @property {boolean} rated
 * @property {import("../../wire/messages.js").UnratedBecause | null} unrated_because
 * @property {number} k_share
 * @property {import("../../wire/messages.js").Stake | null} stake
 * @property {Seat | null} seat null for a spectator
 * @property {number} rounds
 * @property {number} round
 * @property {number} limit_ms of a round
 * @property {number | null} ends_at the instant at which the phase ends
 * @property {string | null} prompt
 * @property {readonly string[]} choices
 * @property {BySeat<SeatView> | null} seats null while loading
 * @property {OwnAnswer | null} mine
 * @property {readonly import("../../wire/messages.js").ClosedRound[]} closed in order
 * @property {number} watchers who watch without playing
 * @property {boolean} storing the match is decided, its result has not come yet
 * @property {import("../../wire/messages.js").MatchOver | null} result
 * @property {number | null} reveal_until keep the last reveal in sight until this instant
 * @property {Notice | null} notice
 * @property {boolean} away the server cannot reach its storage: the match waits
 * @property {number | null} held_at the instant at which all clocks stand, until the server says anew
 *   what is left
 */
/** @typedef {Readonly<DuelState>} Duel */

/**
 * What happens on this side of the wire; `retry` is a timer's, due at the state's `retry_at`.
 * @typedef {{ type: "connection", state: Connection }
 *   | { type: "chosen", choice: number }
 *   | { type: "resign_pressed" }
 *   | { type: "retry" }
 *   | { type: "sent", message: ClientMessage }} LocalEvent
 */

/**
 * A match page that has just been opened.
 * @param {string} match
 * @returns {Duel}
 */
export function duel(match) {
  return Object.freeze({
    match,
    connection: "connecting",
    entered: "no",
    ready_sent: false,
    retry_at: null,
    resign: "no",
    phase: "loading",
    deck: "",
    title: "",
    rated: false,
    unrated_because: null,
    k_share: 1,
    stake: null,
    seat: null,
    rounds: 0,
    round: 0,
    limit_ms: 0,
    ends_at: null,
    prompt: null,
    choices: Object.freeze([]),
    seats: null,
    mine: null,
    closed: Object.freeze([]),
    watchers: 0,
    storing: false,
    result: null,
    reveal_until: null,
    notice: null,
    away: false,
    held_at: null,
  });
}

/**
 * Whether a choice made now would be taken up.
 * @param {Duel} duel
 */
export function canAnswer(duel) {
  return duel.seat !== null && duel.phase === "open" && duel.mine === null;
}

/**
 * Whether there is a match of one's own to resign.
 * @param {Duel} duel
 */
export function canResign(duel) {
  // Without a snapshot there is no seat, and a match that is over leaves `resign` done.
  return duel.seat !== null && !duel.storing && duel.resign === "no";
}

/**
 * Whether one came to a match that the other did not come to: the server goes on looking for one.
 * @param {Duel} duel
 */
export function cameAlone(duel) {
  return duel.result?.reason === "no_show" && hasCome(duel);
}

/**
 * Whether a match did not start for want of oneself.
 * @param {Duel} duel
 */
export function missedStart(duel) {
  return duel.result?.reason === "no_show" && duel.seat !== null && !hasCome(duel);
}

/** @param {Duel} duel */
function hasCome({ seat, seats }) {
  if (seat === null || seats === null) return false;
  return seats[seat].ready && seats[seat].connected;
}

/**
 * What to show now: the phase, save that the last reveal stays for `LAST_REVEAL_MS`.
 * @param {Duel} duel
 * @param {number} now_ms
 */
export function shownPhase(duel, now_ms) {
  const held = duel.reveal_until !== null && now_ms < duel.reveal_until;
  return duel.phase === "over" && held ? "reveal" : duel.phase;
}

/**
 * The round that a reveal shows, or null before the first one closed.
 * @param {Duel} duel
 */
export function lastClosed(duel) {
  return duel.closed.at(-1) ?? null;
}

/**
 * The seats from where this page sits: oneself first; a spectator sees seat 0 first.
 * @param {{ readonly seat: Seat | null }} duel
 * @returns {BySeat<Seat>}
 */
export function seatOrder({ seat }) {
  return seat === 1 ? [1, 0] : [0, 1];
}

/**
 * The other player's side, or null for a spectator and while loading.
 * @param {Duel} duel
 */
export function opponent(duel) {
  return duel.seat === null || duel.seats === null ? null : duel.seats[other(duel.seat)];
}

/**
 * @param {Seat} seat
 * @returns {Seat}
 */
export function other(seat) {
  return seat === 0 ? 1 : 0;
}

/**
 * The ref of an answer; each round has its own, so that a late reply cannot meet a later round.
 * @param {number} round
 */
export function answerRef(round) {
  return `${REF.answer}-${round}`;
}

/**
 * @param {Duel} before
 * @param {Partial<DuelState>} changes
 * @returns {Duel}
 */
export function change(before, changes) {
  return Object.freeze({ ...before, ...changes });
}

/**
 * @param {number} round
 * @param {number} choice
 * @param {OwnAnswer["status"]} status
 * @param {number | null} elapsed_ms
 * @returns {Readonly<OwnAnswer>}
 */
export function own(round, choice, status, elapsed_ms) {
  return Object.freeze({ round, choice, status, elapsed_ms });
}

/**
 * @template T
 * @param {(seat: Seat) => T} make
 * @returns {BySeat<T>}
 */
export function bySeat(make) {
  return Object.freeze(/** @type {const} */ ([make(0), make(1)]));
}

/**
 * @param {SeatState} seat
 * @param {number} at_ms
 * @returns {SeatView}
 */
export function seatView({ forfeit_in_ms, ...rest }, at_ms) {
  return Object.freeze({ ...rest, forfeit_at: instant(at_ms, forfeit_in_ms) });
}

/**
 * @param {Duel} before
 * @param {Seat} seat
 * @param {Partial<SeatView>} changes
 * @returns {BySeat<SeatView> | null}
 */
export function withSeat({ seats }, seat, changes) {
  if (seats === null) return null;
  return bySeat((at) => (at === seat ? Object.freeze({ ...seats[at], ...changes }) : seats[at]));
}
