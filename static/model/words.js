/** Every sentence that a person reads about a match, a search or a refusal, in one place. */

import { other } from "./duel/state.js";

/** @typedef {import("../wire/messages.js").Seat} Seat */
/** @typedef {import("../wire/messages.js").RatingChange} RatingChange */
/** @typedef {import("../wire/messages.js").Stake} Stake */
/** @typedef {import("../wire/messages.js").UnratedBecause} UnratedBecause */
/**
 * @template T
 * @typedef {import("../wire/messages.js").BySeat<T>} BySeat
 */

/** A rating never falls below this. */
const FLOOR = 100;

const GROUPED = new Intl.NumberFormat("en");
const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });
const MINUS = "−";

// Numbers

/**
 * A change with its sign, the minus a real one: +20, −20, 0.
 * @param {number} change
 */
export function signed(change) {
  if (change === 0) return "0";
  return change > 0 ? `+${GROUPED.format(change)}` : MINUS + GROUPED.format(-change);
}

/**
 * A rating with its question mark while provisional: "1512?".
 * @param {number} value
 * @param {boolean} provisional
 */
export function rating(value, provisional) {
  return provisional ? `${value}?` : String(value);
}

/** @param {number} value for example "8,420" */
export function points(value) {
  return GROUPED.format(value);
}

/** @param {number} elapsed_ms an answer's time, to a tenth: "2.4 s" */
export function answerTime(elapsed_ms) {
  return `${(elapsed_ms / 1000).toFixed(1)} s`;
}

/** @param {number} elapsed_ms a wait as a clock shows it: "0:07", "12:30" */
export function waited(elapsed_ms) {
  const whole = Math.floor(Math.max(0, elapsed_ms) / 1000);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** @param {number} at_ms an instant as a day: "23 Nov 2026" */
export function dateWords(at_ms) {
  return DAY.format(at_ms);
}

/**
 * @param {number} value
 * @param {string} one the noun, in the singular
 */
export function counted(value, one) {
  return `${GROUPED.format(value)} ${value === 1 ? one : `${one}s`}`;
}

// What is at stake

/**
 * The stake in short: "+20 / −20".
 * @param {Stake} stake
 */
export function stakeShort({ win, loss }) {
  return `${signed(win)} / ${signed(loss)}`;
}

/**
 * The stake in words: "Win +20, draw 0, lose −20."
 * @param {Stake} stake
 */
export function stakeLong({ win, draw, loss }) {
  return `Win ${signed(win)}, draw ${signed(draw)}, lose ${signed(loss)}.`;
}

/** Why no rating moves; each is told before the match.
 * @type {Readonly<Record<UnratedBecause, string>>} */
const UNRATED = Object.freeze({
  casual: "A casual match: no rating moves.",
  gap: "Your ratings are more than 600 points apart, so this match is unrated.",
  pair_limit: "You two have played five rated matches in 24 hours, so this one is unrated.",
  bot: "Matches with a bot are unrated.",
});

/**
 * What the match means for the ratings, or null when there is nothing to add to the stake.
 * @param {{ rated: boolean, unrated_because: UnratedBecause | null, k_share: number }} match
 * @param {boolean} [spectator] speaks of the players as others
 */
export function ratedNote({ rated, unrated_because, k_share }, spectator = false) {
  if (unrated_because !== null || !rated) {
    const said = UNRATED[unrated_because ?? "casual"] ?? "This match is unrated.";
    return spectator ? ofOthers(said) : said;
  }
  if (k_share === 1) return null;
  const said = "You two have played three or more rated matches in 24 hours: this one counts half.";
  return spectator ? ofOthers(said) : said;
}

/** @param {string} said */
function ofOthers(said) {
  return said.replace("You two", "These two").replace("Your ratings", "Their ratings");
}

// Refusals

/** @type {Readonly<Record<string, string>>} */
const REFUSED = Object.freeze({
  malformed: "This page said something the server could not read. Reload the page.",
  unknown_type: "This page is older than the server. Reload the page.",
  not_signed_in: "Type a name first.",
  no_such_deck: "There is no such deck.",
  no_such_match: "There is no such match. Check the link.",
  already_seeking: "You are looking for an opponent already, in another tab.",
  already_in_match: "You are in a match already.",
  not_your_match: "You are watching this match, not playing it.",
  not_open: "Too late: this round was closed when your answer came.",
  already_answered: "You had answered already. Your first answer counts.",
  over: "The match was over already.",
  cooling_down: "You left a match early. Wait a little before the next rated one.",
  too_fast: "That was too quick for the server. It goes out again in a moment.",
  unavailable: "The server cannot reach its storage. Nothing is lost; it tries again.",
  no_such_challenge: "There is no such challenge. Check the code, or ask for a new link.",
  no_such_player: "This player is not here any more. Challenge somebody else.",
  own_challenge: "This challenge is your own. Send it to somebody else.",
  not_your_challenge: "This challenge is between two others. Make one of your own.",
  challenge_over: "Too late: this challenge is over. Make one of your own.",
  not_online: "The other player is not here right now. Try again in a while.",
  opponent_busy: "The other player cannot begin a match right now. Try again in a while.",
  not_accepting: "This player takes no challenges now. Challenge somebody else.",
  too_many_challenges: "Too many of your challenges stand open. Take one back first.",
  rated_limits: "Only a casual match has its own questions and seconds. Choose Casual first.",
  not_over: "This match is still being played. Ask again when it is over.",
});

/** @param {{ reason: string, detail: string }} refusal a reason not known here says its own detail */
export function refusal({ reason, detail }) {
  return REFUSED[reason] ?? detail;
}

/**
 * Why a name was not taken, to stand beside its field.
 * @param {{ reason: string, detail: string }} error
 */
export function nameError({ reason, detail }) {
  if (reason === "name_taken") return "Somebody has this name already. Choose another one.";
  if (reason === "too_fast") return "Too many names from here just now. Try again in a minute.";
  return detail;
}

// The course of a match

/**
 * How the connection stands, or null when there is nothing to say.
 * @param {"connecting" | "open" | "reconnecting" | "closed"} state
 * @param {number | null} [code] of the closure that ended it
 */
export function connection(state, code = null) {
  if (state === "reconnecting") return "Connection lost. Reconnecting…";
  if (state !== "closed" || code === null) return null;
  if (code === 1008) return "The server closed this connection: too many messages from this page.";
  return "The server and this page do not understand each other. Reload the page.";
}

export const STORAGE_AWAY =
  "The server cannot reach its storage just now. Matches wait; nothing is lost.";
export const STORAGE_BACK = "The server reaches its storage again.";

/** @param {string} name of who has just answered */
export function answered(name) {
  return `${name} has answered.`;
}

/**
 * How one's own answer stands, or null while there is none.
 * @param {import("./duel.js").OwnAnswer | null} mine
 * @param {import("./duel.js").Connection} state
 * @param {boolean} away whether the server cannot reach its storage
 */
export function ownAnswer(mine, state, away) {
  switch (mine?.status) {
    case undefined:
      return null;
    case "to_send":
    case "sent":
      if (state === "open") return away ? "Your answer waits with the match." : "Sending your answer…";
      return "Your answer goes out with the connection.";
    case "taken":
      return "Your answer is in.";
    case "refused":
      return "Too late: your answer did not count.";
  }
}

// The result

/**
 * Who won, as seen from a seat: the headline of the result.
 * @param {import("../wire/messages.js").Outcome} outcome
 * @param {Seat | null} seat null for a spectator
 * @param {BySeat<string>} names
 */
export function resultTitle(outcome, seat, names) {
  if (outcome === "aborted") return "Match aborted";
  if (outcome === "draw") return "A draw";
  const winner = winnerOf(outcome);
  if (seat === null) return `${names[winner]} won`;
  return seat === winner ? "You won" : "You lost";
}

/**
 * Why it ended so, one sentence.
 * @param {{ outcome: import("../wire/messages.js").Outcome,
 *   reason: import("../wire/messages.js").OverReason, totals: BySeat<number> }} result
 * @param {Seat | null} seat null for a spectator
 * @param {BySeat<string>} names
 */
export function resultReason({ outcome, reason, totals }, seat, names) {
  if (outcome === "aborted") return ABORTED[reason];
  if (outcome === "draw") return `Both have ${points(totals[0])} points.`;
  const winner = winnerOf(outcome);
  const loser = seat === other(winner) ? "You" : names[other(winner)];
  if (reason === "resigned") return `${loser} resigned.`;
  if (reason === "forfeit") return `${loser} stayed away too long.`;
  return `${points(totals[winner])} points to ${points(totals[other(winner)])}.`;
}

/** @type {Readonly<Record<import("../wire/messages.js").OverReason, string>>} */
const ABORTED = Object.freeze({
  played: "Nobody answered a single question, so no rating moves.",
  resigned: "A player left before the first answer, so no rating moves.",
  forfeit: "A player stayed away before the first answer, so no rating moves.",
  no_show: "Not everybody came in time, so there was no match and no rating moves.",
  abandoned: "Both players stayed away, so no rating moves.",
});

/** To whoever did not come to the start of a match. */
export const MISSED_START =
  "You were missing when the match was to start. No rating moves, but leaving again can mean a wait.";

/**
 * To whoever came alone, and is back among those who look for an opponent.
 * @param {string} name of who did not come
 */
export function lookingOn(name) {
  return `${name} did not come. Nobody's rating moved. Looking on.`;
}

/** @param {"seat_0" | "seat_1"} outcome */
function winnerOf(outcome) {
  return /** @type {Seat} */ (outcome === "seat_0" ? 0 : 1);
}

// The arithmetic of a rating

/**
 * What a seat scored, or null in an aborted match: 1, 0.5 or 0.
 * @param {import("../wire/messages.js").Outcome} outcome
 * @param {Seat} seat
 */
export function score(outcome, seat) {
  if (outcome === "aborted") return null;
  if (outcome === "draw") return 0.5;
  return winnerOf(outcome) === seat ? 1 : 0;
}

/**
 * The sum behind a new rating: "1500 + 40 × (1 − 0.50) = 1520".
 *
 * The expected score is written with as many digits as it takes for the sum, done by hand, to round
 * to the change that was made. `k` as the server gives it holds `k_share` already; a share of a half
 * is written out.
 * @param {RatingChange} rated
 * @param {number} scored 1, 0.5 or 0
 * @param {number} [k_share]
 */
export function eloSum({ before, after, expected, k }, scored, k_share = 1) {
  const digits = enoughDigits(expected, k, scored);
  const shown = expected.toFixed(digits);
  const gain = k * (scored - Number(shown));
  const factor = k_share === 0.5 ? `½ × ${plain(k * 2)}` : plain(k);
  const wins = scored === 0.5 ? "0.5" : String(scored);
  const sum = `${before} + ${factor} × (${wins} ${MINUS} ${shown})`;
  const exact = plain(before + gain);
  const rounded = before + roundHalfAway(gain);
  const steps = exact === String(rounded) ? `${sum} = ${exact}` : `${sum} = ${exact} ≈ ${rounded}`;
  if (rounded === after) return steps;
  return after === FLOOR ? `${steps}, raised to the floor of ${FLOOR}` : `${sum} ≈ ${after}`;
}

/**
 * The numbers of that sum, each with its name.
 * @param {RatingChange} rated
 * @param {number} scored 1, 0.5 or 0
 * @param {number} [k_share]
 * @returns {readonly (readonly [string, string])[]}
 */
export function eloParts({ before, after, expected, k }, scored, k_share = 1) {
  const share = k_share === 1 ? "" : `, of which ${k_share === 0.5 ? "half" : k_share} counts`;
  return [
    ["Before", String(before)],
    ["Expected score against this rating", expected.toFixed(enoughDigits(expected, k, scored))],
    ["Scored: win 1, draw 0.5, loss 0", String(scored)],
    ["K: the most that a match moves", `${plain(k / k_share)}${share}`],
    ["After", String(after)],
  ];
}

/**
 * What a result against a practice opponent speaks for.
 * @param {number} resembles a rating
 * @param {string | null} name of who played; null for whoever reads it
 */
export function resemblesWords(resembles, name) {
  return `${name ?? "You"} played like somebody rated about ${resembles}.`;
}

/**
 * What those read whom the address of a finished match is sent to.
 * @param {{ outcome: import("../wire/messages.js").Outcome, totals: BySeat<number> } | null} result
 * @param {BySeat<string>} names
 */
export function matchHeadline(result, names) {
  if (result === null || result.outcome === "aborted") return `${names[0]} vs ${names[1]}`;
  const { outcome, totals } = result;
  if (outcome === "draw") return `${names[0]} and ${names[1]} drew ${totals[0]} : ${totals[1]}`;
  const winner = winnerOf(outcome);
  const loser = other(winner);
  return `${names[winner]} beat ${names[loser]} ${totals[winner]} : ${totals[loser]}`;
}

/**
 * @param {number} expected
 * @param {number} k
 * @param {number} scored
 */
function enoughDigits(expected, k, scored) {
  const change = roundHalfAway(k * (scored - expected));
  for (let digits = 2; digits < 8; digits += 1) {
    const shown = Number(expected.toFixed(digits));
    if (roundHalfAway(k * (scored - shown)) === change) return digits;
  }
  return 8;
}

/**
 * The nearest integer, halves away from zero, as the rule rounds. What a product of short decimals
 * is off by as a binary number is not allowed to decide a half.
 * @param {number} value
 */
function roundHalfAway(value) {
  return Math.sign(value) * Math.floor(Math.abs(Number(value.toFixed(9))) + 0.5);
}

/** @param {number} value without the noise of binary fractions, "1518.8" */
function plain(value) {
  return String(Number(value.toFixed(8)));
}
