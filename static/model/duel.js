/**
 * The state of the match page: one frozen object, changed only by `next`.
 *
 * The page feeds it every socket message and every local event, then sends what `outgoing` asks for
 * and feeds each sent message back as `{type: "sent", message}`. What changes nothing (a duplicate,
 * a late message, another match's) gives back the very same object, so `after !== before` is the
 * question to ask before drawing.
 */

import * as events from "./duel/events.js";
import * as sending from "./duel/sending.js";
import { canResign, change, REF } from "./duel/state.js";

export { outgoing } from "./duel/sending.js";
export {
  answerRef,
  bySeat,
  cameAlone,
  canAnswer,
  canResign,
  duel,
  lastClosed,
  missedStart,
  opponent,
  other,
  REF,
  seatOrder,
  shownPhase,
} from "./duel/state.js";

/** @typedef {import("./duel/state.js").Duel} Duel */
/** @typedef {import("./duel/state.js").SeatView} SeatView */
/** @typedef {import("./duel/state.js").OwnAnswer} OwnAnswer */
/** @typedef {import("./duel/state.js").Notice} Notice */
/** @typedef {import("./duel/state.js").Connection} Connection */
/** @typedef {import("./duel/state.js").LocalEvent} LocalEvent */
/** @typedef {import("../wire/messages.js").ServerMessage} ServerMessage */

/**
 * The state after one message or local event.
 * @param {Duel} before
 * @param {ServerMessage | LocalEvent} event
 * @param {number} at_ms when it happened, on the clock of `performance.now()`
 * @returns {Duel} the same object when nothing changed
 */
export function next(before, event, at_ms) {
  switch (event.type) {
    case "connection":
      return sending.connectionChanged(before, event.state);
    case "chosen":
      return sending.chosen(before, event.choice);
    case "resign_pressed":
      return canResign(before) ? change(before, { resign: "to_send", notice: null }) : before;
    case "retry":
      return sending.retried(before, at_ms);
    case "sent":
      return sending.sent(before, event.message);
    case "refused":
      return sending.refused(before, event, at_ms);
    case "storage":
      return events.storageChanged(before, event, at_ms);
    case "match":
      return event.match === before.match ? events.snapshot(before, event, at_ms) : before;
    case "done":
      return event.ref === REF.resign ? sending.resigned(before) : before;
    default:
      return events.released(before, told(before, event, at_ms));
  }
}

/**
 * @param {Duel} before
 * @param {Exclude<ServerMessage, { type: "refused" | "done" | "storage" | "match" }>} message
 * @param {number} at_ms
 * @returns {Duel}
 */
function told(before, message, at_ms) {
  if (!("match" in message) || message.match !== before.match) return before;
  // Before the snapshot there is nothing to change; after the result nothing changes any more.
  if (before.seats === null || before.result !== null) return before;
  switch (message.type) {
    case "seat_changed":
      return events.seatChanged(before, message, at_ms);
    case "countdown_started":
      return events.countdownStarted(before, message, at_ms);
    case "round_opened":
      return events.roundOpened(before, message, at_ms);
    case "answer_taken":
      return events.answerTaken(before, message);
    case "round_closed":
      return events.roundClosed(before, message, at_ms);
    case "match_over":
      return events.matchOver(before, message);
    case "watchers":
      return events.watched(before, message);
    default:
      return before;
  }
}
