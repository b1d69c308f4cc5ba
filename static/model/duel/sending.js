/** What the player does, what is to be sent for it, and what a refusal of it means. */

import { RETRY_MS } from "../clock.js";
import { answerRef, canAnswer, change, own, REF, withSeat } from "./state.js";

/** @typedef {import("./state.js").Duel} Duel */
/** @typedef {import("./state.js").DuelState} DuelState */
/** @typedef {import("./state.js").OwnAnswer} OwnAnswer */
/** @typedef {import("./state.js").Connection} Connection */
/** @typedef {import("../../wire/messages.js").ClientMessage} ClientMessage */
/** @typedef {import("../../wire/messages.js").Refused} Refused */

/**
 * The messages that this state wants sent, in order; feed each back as `sent` once it is.
 * @param {Duel} duel
 * @returns {readonly ClientMessage[]}
 */
export function outgoing(duel) {
  const { match } = duel;
  const paused = duel.retry_at !== null;
  if (duel.away) return [];
  if (duel.connection !== "open" || duel.result !== null || duel.phase === "missing") return [];
  if (duel.entered === "no") return [{ type: "enter", match, ref: REF.enter }];
  if (duel.entered !== "yes") return [];
  /** @type {ClientMessage[]} */
  const messages = [];
  if (duel.seat !== null && duel.seats !== null && duel.phase === "gathering") {
    const { ready } = duel.seats[duel.seat];
    if (!ready && !duel.ready_sent) messages.push({ type: "ready", match, ref: REF.ready });
  }
  if (duel.mine?.status === "to_send" && !paused) {
    const { round, choice } = duel.mine;
    messages.push({ type: "answer", match, round, choice, ref: answerRef(round) });
  }
  if (duel.resign === "to_send" && !paused) messages.push({ type: "resign", match, ref: REF.resign });
  return messages;
}

/**
 * A new connection knows nothing of this page: it has to enter anew.
 * @param {Duel} before
 * @param {Connection} connection
 */
export function connectionChanged(before, connection) {
  if (before.connection === connection) return before;
  const fresh = /** @type {const} */ ({ entered: "no", ready_sent: false, retry_at: null, away: false });
  return change(before, { connection, ...fresh });
}

/**
 * The first choice stands; a second click changes nothing.
 * @param {Duel} before
 * @param {number} choice
 */
export function chosen(before, choice) {
  if (!canAnswer(before) || !(choice in before.choices)) return before;
  const { round } = before;
  return change(before, { mine: own(round, choice, "to_send", null), notice: null });
}

/**
 * @param {Duel} before
 * @param {ClientMessage} message
 */
export function sent(before, message) {
  if (!("match" in message) || message.match !== before.match) return before;
  const { mine } = before;
  switch (message.type) {
    case "enter":
      return change(before, { entered: "asked" });
    case "ready":
      return change(before, { ready_sent: true });
    case "resign":
      return change(before, { resign: "sent" });
    case "answer":
      if (mine?.status !== "to_send" || mine.round !== message.round) return before;
      return change(before, { mine: own(mine.round, mine.choice, "sent", null) });
    default:
      return before;
  }
}

/**
 * One's resignation is in the log: the match is decided.
 * @param {Duel} before
 */
export function resigned(before) {
  if (before.resign !== "sent") return before;
  return change(before, { resign: "done", phase: "over", ends_at: null, storing: true });
}

/**
 * What was refused for a passing reason is asked again.
 * @param {Duel} before
 * @param {number} at_ms
 */
export function retried(before, at_ms) {
  if (before.retry_at === null || at_ms < before.retry_at) return before;
  const entered = before.entered === "refused" ? "no" : before.entered;
  return change(before, { entered, ready_sent: false, retry_at: null });
}

/**
 * @param {Duel} before
 * @param {Refused} message
 * @param {number} at_ms
 * @returns {Duel}
 */
export function refused(before, message, at_ms) {
  const { reason, detail } = message;
  const passing = reason === "unavailable" || reason === "too_fast";
  const retry_at = passing ? at_ms + RETRY_MS : null;
  /** @param {Partial<DuelState>} changes */
  const noticed = (changes) =>
    change(before, { notice: Object.freeze({ reason, detail }), ...changes });
  switch (message.ref) {
    case REF.enter:
      if (before.entered !== "asked") return before;
      if (reason === "no_such_match") return noticed({ phase: "missing" });
      return noticed({ entered: "refused", retry_at });
    case REF.ready:
      return before.phase === "gathering" ? noticed({ retry_at }) : before;
    case REF.resign:
      if (before.resign !== "sent") return before;
      if (passing) return noticed({ resign: "to_send", retry_at });
      return noticed({ resign: reason === "over" ? "done" : "no" });
    case answerRef(before.round):
      if (before.mine?.status !== "sent") return before;
      return noticed({ ...answerRefused(before, before.mine, message), retry_at });
    default:
      return before;
  }
}

/**
 * @param {Duel} before
 * @param {OwnAnswer} mine
 * @param {Refused} message
 * @returns {Partial<DuelState>}
 */
function answerRefused(before, mine, { reason, choice }) {
  switch (reason) {
    case "already_answered": {
      const first = own(mine.round, choice ?? mine.choice, "taken", null);
      const seats = before.seat === null ? null : withSeat(before, before.seat, { answered: true });
      return { mine: first, seats };
    }
    case "not_open":
    case "over":
      return { mine: own(mine.round, mine.choice, "refused", null) };
    case "unavailable":
    case "too_fast":
      // Nobody chooses twice because of our trouble: it goes out again at `retry_at`.
      return { mine: own(mine.round, mine.choice, "to_send", null) };
    default:
      // Nothing was taken: the choice is the player's again.
      return { mine: null };
  }
}
