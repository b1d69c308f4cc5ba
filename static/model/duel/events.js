/** What each message about the match does to the page's state. */

import { instant } from "../clock.js";
import { bySeat, change, LAST_REVEAL_MS, own, seatView, withSeat } from "./state.js";

/** @typedef {import("./state.js").Duel} Duel */
/** @typedef {import("./state.js").SeatView} SeatView */
/** @typedef {import("./state.js").OwnAnswer} OwnAnswer */
/**
 * @template T
 * @typedef {import("../../wire/messages.js").BySeat<T>} BySeat
 */

/**
 * The server's whole truth; kept is only what it cannot know: one's own message on its way.
 * @param {Duel} before
 * @param {import("../../wire/messages.js").MatchSnapshot} message
 * @param {number} at_ms
 */
export function snapshot(before, message, at_ms) {
  const { phase, seat, round, result } = message;
  return change(before, {
    entered: "yes",
    resign: phase === "over" ? "done" : resend(before.resign),
    phase,
    deck: message.deck,
    title: message.title,
    rated: message.rated,
    unrated_because: message.unrated_because,
    k_share: message.k_share,
    stake: message.stake,
    seat,
    rounds: message.rounds,
    round,
    limit_ms: message.limit_ms,
    ends_at: phase === "over" ? null : instant(at_ms, message.left_ms),
    prompt: message.prompt,
    choices: Object.freeze([...(message.choices ?? [])]),
    seats: bySeat((at) => seatView(message.seats[at], at_ms)),
    mine: ownAfterSnapshot(before, message),
    closed: Object.freeze([...message.closed]),
    watchers: message.watchers ?? 0,
    storing: phase === "over" && result === null,
    result,
    reveal_until: phase === "over" ? before.reveal_until : null,
    notice: null,
    held_at: before.away ? at_ms : null,
  });
}

/**
 * While the storage is away no time of the match passes; when it is back, all that is due has moved,
 * and a snapshot says how far.
 * @param {Duel} before
 * @param {import("../../wire/messages.js").Storage} message
 * @param {number} at_ms
 */
export function storageChanged(before, { available }, at_ms) {
  if (before.away !== available) return before;
  const calm = { notice: null, retry_at: null };
  if (available) {
    const entered = before.entered === "refused" ? "no" : before.entered;
    return change(before, { ...calm, away: false, ready_sent: false, entered });
  }
  return change(before, { ...calm, away: true, held_at: before.held_at ?? at_ms });
}

/**
 * What has come from the log since the clocks were held says what is left by itself.
 * @param {Duel} before
 * @param {Duel} after
 */
export function released(before, after) {
  return after.held_at !== null && after.ends_at !== before.ends_at
    ? change(after, { held_at: null })
    : after;
}

/**
 * @param {Duel["resign"]} resign
 * @returns {Duel["resign"]}
 */
function resend(resign) {
  return resign === "sent" ? "to_send" : resign;
}

/**
 * An answer whose fate is unknown is sent again: the server takes one and tells which.
 * @param {Duel} before
 * @param {import("../../wire/messages.js").MatchSnapshot} message
 * @returns {Readonly<OwnAnswer> | null}
 */
function ownAfterSnapshot({ mine }, { phase, seat, round, my_choice }) {
  if (seat === null || (phase !== "open" && phase !== "reveal")) return null;
  if (my_choice !== null) {
    const same = mine?.round === round && mine.choice === my_choice;
    return own(round, my_choice, "taken", same ? mine.elapsed_ms : null);
  }
  if (mine === null || mine.round !== round || phase !== "open") return null;
  const pending = mine.status === "to_send" || mine.status === "sent";
  return pending ? own(round, mine.choice, "to_send", null) : null;
}

/**
 * @param {Duel} before
 * @param {import("../../wire/messages.js").SeatChanged} message
 * @param {number} at_ms
 */
export function seatChanged(before, { seat, ready, connected, forfeit_in_ms }, at_ms) {
  const was = before.seats?.[seat];
  if (was === undefined) return before;
  const counting = forfeit_in_ms !== null;
  const same = was.ready === ready && was.connected === connected;
  // A second copy that comes later must not move the instant.
  if (same && counting === (was.forfeit_at !== null)) return before;
  const forfeit_at = instant(at_ms, forfeit_in_ms);
  return change(before, { seats: withSeat(before, seat, { ready, connected, forfeit_at }) });
}

/**
 * @param {Duel} before
 * @param {import("../../wire/messages.js").CountdownStarted} message
 * @param {number} at_ms
 */
export function countdownStarted(before, { opens_in_ms }, at_ms) {
  if (before.phase !== "gathering") return before;
  return change(before, { phase: "countdown", ends_at: instant(at_ms, opens_in_ms) });
}

/**
 * @param {Duel} before
 * @param {import("../../wire/messages.js").RoundOpened} message
 * @param {number} at_ms
 */
export function roundOpened(before, message, at_ms) {
  const { round } = message;
  const { phase, closed } = before;
  const first = phase === "gathering" || phase === "countdown";
  if (before.storing || (!first && round <= before.round)) return before;
  // A round that opens before the one before it closed here means that something was missed.
  const missed = round !== closed.length + 1;
  return change(before, {
    entered: missed ? "no" : before.entered,
    phase: "open",
    round,
    rounds: message.rounds,
    limit_ms: message.limit_ms,
    ends_at: instant(at_ms, message.left_ms),
    prompt: message.prompt,
    choices: Object.freeze([...message.choices]),
    seats: before.seats && seatsUnanswered(before.seats),
    mine: null,
    retry_at: null,
    notice: null,
  });
}

/**
 * @param {BySeat<SeatView>} seats
 * @returns {BySeat<SeatView>}
 */
function seatsUnanswered(seats) {
  return bySeat((at) => Object.freeze({ ...seats[at], answered: false }));
}

/**
 * @param {Duel} before
 * @param {import("../../wire/messages.js").AnswerTaken} message
 */
export function answerTaken(before, { round, seat, choice, elapsed_ms }) {
  const { mine } = before;
  if (before.phase !== "open" || round !== before.round) return before;
  const told = seat === before.seat && choice !== undefined && mine?.status !== "taken";
  if (before.seats?.[seat].answered && !told) return before;
  return change(before, {
    seats: withSeat(before, seat, { answered: true }),
    mine: told ? own(round, choice, "taken", elapsed_ms ?? null) : mine,
    notice: told ? null : before.notice,
  });
}

/**
 * @param {Duel} before
 * @param {import("../../wire/messages.js").RoundClosed} message
 * @param {number} at_ms
 */
export function roundClosed(before, message, at_ms) {
  const { round, correct, answers, totals, next_in_ms } = message;
  const { phase, prompt, choices, seat, seats, mine } = before;
  const known = round < before.round || before.closed.some((closed) => closed.round === round);
  if (known || before.storing || seats === null) return before;
  // This round's opening was missed: ask for the whole.
  if (round > before.round || phase !== "open") return change(before, { entered: "no" });
  const counted = seat === null ? null : answers[seat];
  const last = next_in_ms === null;
  return change(before, {
    phase: "reveal",
    ends_at: instant(at_ms, next_in_ms),
    seats: bySeat((at) =>
      Object.freeze({ ...seats[at], total: totals[at], answered: answers[at] !== null }),
    ),
    mine: counted
      ? own(round, counted.choice, "taken", counted.elapsed_ms)
      : mine && own(round, mine.choice, "refused", null),
    closed: Object.freeze([
      ...before.closed,
      Object.freeze({ round, card: null, prompt: prompt ?? "", choices, correct, answers, totals }),
    ]),
    notice: null,
    storing: last,
    reveal_until: last ? at_ms + LAST_REVEAL_MS : null,
  });
}

/**
 * @param {Duel} before
 * @param {import("../../wire/messages.js").MatchOver} result
 */
export function matchOver(before, result) {
  return change(before, {
    phase: "over",
    ends_at: null,
    seats: before.seats && totalled(before.seats, result.totals),
    storing: false,
    result,
    resign: "done",
    reveal_until: result.reason === "played" ? before.reveal_until : null,
    notice: null,
  });
}

/**
 * @param {BySeat<SeatView>} seats
 * @param {BySeat<number>} totals
 */
function totalled(seats, totals) {
  return bySeat((at) => Object.freeze({ ...seats[at], total: totals[at], forfeit_at: null }));
}

/**
 * @param {Duel} before
 * @param {import("../../wire/messages.js").Watchers} message
 */
export function watched(before, { watchers }) {
  return before.watchers === watchers ? before : change(before, { watchers });
}
