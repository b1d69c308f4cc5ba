/**
 * The rematch of a match that is over, as one of its two players sees it: one frozen object, changed
 * only by `next`.
 *
 * As with the duel, the page feeds messages and local events, sends what `outgoing` asks for and
 * feeds each sent message back.
 */

import { instant } from "./clock.js";

/** The refs of this page's messages: by them a refusal finds what it is about. */
export const REF = Object.freeze({ rematch: "rematch", answer: "rematch-answer", watch: "rematch-watch" });

/** @typedef {import("../wire/messages.js").ServerMessage} ServerMessage */
/** @typedef {import("../wire/messages.js").ClientMessage} ClientMessage */
/** @typedef {import("./duel.js").Connection} Connection */
/** @typedef {Readonly<{ id: string, name: string, practice: boolean }>} Opponent */

/**
 * `idle`: nobody offers. `asking`: the offer is on its way. `offered`: by this player, until
 * `ends_at`. `invited`: by the other one, until `ends_at`. `answering`: accepted or declined here,
 * no reply yet. `accepted`: they play on. The others are how the last offer ended.
 * @typedef {"idle" | "asking" | "offered" | "invited" | "answering" | "accepted" | "declined"
 *   | "turned_down" | "withdrawn" | "taken_back" | "expired" | "missed"} RematchPhase
 *   `declined`, `expired`, `withdrawn`: one's own offer (taken back by oneself, or overtaken by a
 *   match); `turned_down`, `missed`, `taken_back`: the other one's
 */
/**
 * @typedef {object} RematchState
 * @property {string} match
 * @property {string} me
 * @property {Opponent | null} opponent null until the offer is shown
 * @property {Connection} connection
 * @property {RematchPhase} phase
 * @property {string | null} challenge the open offer
 * @property {number | null} ends_at
 * @property {boolean} here whether the opponent is; as long as nobody says otherwise
 * @property {boolean} elsewhere the opponent is in another match
 * @property {string} problem the last refusal; empty for none
 * @property {readonly ClientMessage[]} to_send
 */
/** @typedef {Readonly<RematchState>} Rematch */
/** @typedef {"offer" | "accept" | "decline" | "withdraw"} Act */
/**
 * `shown`: the page shows it from now on, with the result.
 * @typedef {{ type: "connection", state: Connection }
 *   | { type: "shown", opponent: Opponent }
 *   | { type: "pressed", act: Act }
 *   | { type: "sent", message: ClientMessage }} RematchEvent
 */
/**
 * @typedef {object} RematchView
 * @property {string} text how it stands
 * @property {number | null} ends_at
 * @property {{ act: Act, label: string, off: boolean }} main
 * @property {{ act: Act, label: string } | null} other
 */

/**
 * It hears of offers before it is shown: the other one may be quicker to leave the last question.
 * @param {string} match
 * @param {string} me
 * @returns {Rematch}
 */
export function rematch(match, me) {
  return Object.freeze({
    match,
    me,
    opponent: null,
    connection: "connecting",
    phase: "idle",
    challenge: null,
    ends_at: null,
    here: true,
    elsewhere: false,
    problem: "",
    to_send: Object.freeze([]),
  });
}

/**
 * The state after one message or local event.
 * @param {Rematch} before
 * @param {ServerMessage | RematchEvent} event
 * @param {number} at_ms when it happened, on the clock of `performance.now()`
 * @returns {Rematch} the same object when nothing changed
 */
export function next(before, event, at_ms) {
  switch (event.type) {
    case "connection":
      return connectionChanged(before, event.state);
    case "shown":
      return watch(change(before, { opponent: event.opponent }));
    case "welcome":
      // What is open follows; what is not open any more does not.
      return isOpen(before) ? change(before, { phase: "idle", challenge: null, ends_at: null }) : before;
    case "presence":
      return present(before, event);
    case "challenge_changed":
      return event.rematch_of === before.match ? challengeChanged(before, event, at_ms) : before;
    case "pressed":
      return pressed(before, event.act);
    case "refused":
      return refused(before, event);
    case "sent":
      return change(before, { to_send: before.to_send.filter((message) => message !== event.message) });
    default:
      return before;
  }
}

/**
 * The messages that this state wants sent; feed each back as `sent` once it is.
 * @param {Rematch} rematch
 */
export function outgoing({ connection, to_send }) {
  return connection === "open" ? to_send : [];
}

/**
 * What is shown of it.
 * @param {Rematch} rematch
 * @returns {RematchView}
 */
export function rematchView(rematch) {
  const { phase, ends_at } = rematch;
  const text = words(rematch);
  switch (phase) {
    case "invited":
    case "answering": {
      const answering = phase === "answering";
      const off = answering || !canPlay(rematch);
      const other = answering ? null : /** @type {const} */ ({ act: "decline", label: "Decline" });
      return { text, ends_at, main: { act: "accept", label: "Accept", off }, other };
    }
    case "offered": {
      const main = /** @type {const} */ ({ act: "offer", label: "Offered", off: true });
      return { text, ends_at, main, other: { act: "withdraw", label: "Take it back" } };
    }
    default: {
      const off = phase === "asking" || phase === "accepted" || !canPlay(rematch);
      return { text, ends_at: null, main: { act: "offer", label: "Rematch", off }, other: null };
    }
  }
}

/**
 * Whether the opponent could play now, as far as is known. A practice opponent always can.
 * @param {Rematch} rematch
 */
function canPlay({ opponent, here, elsewhere }) {
  return opponent !== null && (opponent.practice || (here && !elsewhere));
}

/** @param {Rematch} rematch */
function words(rematch) {
  const { phase, opponent, here, elsewhere, problem } = rematch;
  if (phase === "accepted") return "On to the next match.";
  if (opponent === null) return "";
  const { name } = opponent;
  if (!opponent.practice && !here) return `${name} has left.`;
  if (!opponent.practice && elsewhere) return `${name} is in another match.`;
  if (problem !== "") return problem;
  if (phase === "invited" || phase === "answering") return `${name} wants a rematch.`;
  switch (phase) {
    case "asking":
    case "offered":
      return `Waiting for ${name}.`;
    case "declined":
      return `${name} does not want a rematch now.`;
    case "expired":
      return `${name} did not answer in time.`;
    case "missed":
      return `The offer of ${name} has expired.`;
    case "taken_back":
      return `${name} took the offer back.`;
    case "turned_down":
      return "You declined.";
    case "withdrawn":
      return "Your offer is taken back.";
    default:
      return "Same settings, once more?";
  }
}

/** @param {Rematch} rematch */
function isOpen({ phase }) {
  return phase === "offered" || phase === "invited" || phase === "answering" || phase === "asking";
}

/**
 * @param {Rematch} before
 * @param {Partial<RematchState>} changes
 * @returns {Rematch}
 */
function change(before, changes) {
  return Object.freeze({ ...before, ...changes });
}

/**
 * @param {Rematch} before
 * @param {ClientMessage} message
 */
function send(before, message) {
  return change(before, { to_send: Object.freeze([...before.to_send, message]) });
}

/**
 * @param {Rematch} before
 * @param {Connection} connection
 */
function connectionChanged(before, connection) {
  if (before.connection === connection) return before;
  return watch(change(before, { connection }));
}

/**
 * A new connection watches nobody yet.
 * @param {Rematch} before
 */
function watch(before) {
  const { opponent, connection } = before;
  if (connection !== "open" || opponent === null || opponent.practice) return before;
  return send(before, { type: "watch_player", player: opponent.id, ref: REF.watch });
}

/**
 * @param {Rematch} before
 * @param {import("../wire/messages.js").Presence} message
 */
function present(before, { player, online, playing }) {
  if (player !== before.opponent?.id) return before;
  const elsewhere = playing !== null && playing !== before.match;
  if (online === before.here && elsewhere === before.elsewhere) return before;
  return change(before, { here: online, elsewhere });
}

/**
 * @param {Rematch} before
 * @param {import("../wire/messages.js").ChallengeChanged} message
 * @param {number} at_ms
 */
function challengeChanged(before, { challenge, by, state, expires_in_ms }, at_ms) {
  const mine = by.id === before.me;
  if (state === "open") {
    if (before.challenge === challenge && before.phase === "answering") return before;
    const ends_at = instant(at_ms, expires_in_ms);
    return change(before, { phase: mine ? "offered" : "invited", challenge, ends_at, problem: "" });
  }
  // The end of an offer that another one has followed.
  if (before.challenge !== null && before.challenge !== challenge) return before;
  return change(before, { phase: ENDED[state][mine ? 0 : 1], challenge: null, ends_at: null });
}

/** How an offer ended, of one's own and of the other one's.
 * @type {Readonly<Record<Exclude<import("../wire/messages.js").ChallengeState, "open">, readonly [RematchPhase, RematchPhase]>>} */
const ENDED = Object.freeze({
  accepted: ["accepted", "accepted"],
  declined: ["declined", "turned_down"],
  withdrawn: ["withdrawn", "taken_back"],
  expired: ["expired", "missed"],
});

/**
 * @param {Rematch} before
 * @param {Act} act
 */
function pressed(before, act) {
  const { phase, match, challenge } = before;
  if (act === "offer") {
    if (isOpen(before) || phase === "accepted" || !canPlay(before)) return before;
    const asked = send(before, { type: "rematch", match, ref: REF.rematch });
    return change(asked, { phase: "asking", problem: "" });
  }
  if (challenge === null) return before;
  if (act === "withdraw") {
    if (phase !== "offered") return before;
    return send(before, { type: "withdraw_challenge", challenge, ref: REF.answer });
  }
  if (phase !== "invited") return before;
  const type = act === "accept" ? "accept_challenge" : "decline_challenge";
  return change(send(before, { type, challenge, ref: REF.answer }), { phase: "answering", problem: "" });
}

/**
 * @param {Rematch} before
 * @param {import("../wire/messages.js").Refused} message
 */
function refused(before, { ref, reason, detail }) {
  if (ref !== REF.rematch && ref !== REF.answer) return before;
  const over = reason === "challenge_over" || reason === "no_such_challenge";
  if (ref === REF.rematch || over) {
    return change(before, { phase: "idle", challenge: null, ends_at: null, problem: detail });
  }
  return change(before, { phase: before.phase === "answering" ? "invited" : before.phase, problem: detail });
}
