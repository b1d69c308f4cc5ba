/**
 * The state of looking for an opponent: one frozen object, changed only by `next`.
 *
 * As with the duel, the page feeds messages and local events, sends what `outgoing` asks for and
 * feeds each sent message back. The socket's `welcome` is the snapshot: it settles what a lost
 * connection left open.
 */

import { instant, RETRY_MS } from "./clock.js";

/** The refs of this page's messages: by them a refusal finds what it is about. */
export const REF = Object.freeze({ seek: "seek", cancel: "cancel" });

/** After so long alone among those who look, something else is offered, in ms. */
export const ALONE_MS = 15_000;

/** @typedef {import("../wire/messages.js").ServerMessage} ServerMessage */
/** @typedef {import("../wire/messages.js").ClientMessage} ClientMessage */
/** @typedef {import("../wire/messages.js").Player} Player */
/** @typedef {import("../wire/messages.js").Paired} Paired */
/** @typedef {import("./duel.js").Connection} Connection */

/**
 * `idle`: nothing asked. `name`: the name form is open. `naming`: the name is on its way.
 * `asking`: the seek is wanted, no reply yet. `seeking`: waiting since `since_at`.
 * `elsewhere`: this player looks already, in another tab or for another deck.
 * `cancelling`, `cancelled`: stopping, stopped. `cooling`: not before `retry_at`.
 * `busy`: in a match already, `live_match` if known. `paired`: go to `pairing.match`.
 * `unknown_deck`: there is no such deck.
 * @typedef {"idle" | "name" | "naming" | "asking" | "seeking" | "elsewhere" | "cancelling"
 *   | "cancelled" | "cooling" | "busy" | "paired" | "unknown_deck"} SeekPhase
 */
/**
 * @typedef {object} SeekState
 * @property {string} deck
 * @property {boolean} rated
 * @property {Player | null} me
 * @property {Connection} connection
 * @property {"unknown" | "yes" | "no"} signed_in what this connection's welcome said
 * @property {SeekPhase} phase
 * @property {boolean} sent the phase's message has been sent on this connection
 * @property {number | null} since_at the instant at which the waiting began
 * @property {number | null} waiting how many wait in this pool, oneself included
 * @property {number | null} retry_at in `cooling`: the instant of the next try; in `asking` and
 *   `cancelling`: when a `retry` is due
 * @property {string | null} live_match
 * @property {Readonly<Paired> | null} pairing
 * @property {Readonly<{ reason: string, detail: string }> | null} refusal the last one
 * @property {Readonly<{ reason: string, detail: string }> | null} name_error beside the field
 */
/** @typedef {Readonly<SeekState>} SeekView */

/**
 * What happens on this side of the wire. After `named` the page reconnects its socket: only a new
 * connection knows the new cookie.
 * @typedef {{ type: "connection", state: Connection }
 *   | { type: "pressed" }
 *   | { type: "name_sent" }
 *   | { type: "name_refused", reason: string, detail: string }
 *   | { type: "named", player: Player }
 *   | { type: "cancel_pressed" }
 *   | { type: "retry" }
 *   | { type: "sent", message: ClientMessage }} SeekEvent
 */

/**
 * A challenge page that has just been opened.
 * @param {string} deck
 * @param {Player | null} me as the page's own data says
 * @param {boolean} [rated]
 * @returns {SeekView}
 */
export function seek(deck, me, rated = true) {
  return Object.freeze({
    deck,
    rated,
    me,
    connection: "connecting",
    signed_in: "unknown",
    phase: "idle",
    sent: false,
    since_at: null,
    waiting: null,
    retry_at: null,
    live_match: null,
    pairing: null,
    refusal: null,
    name_error: null,
  });
}

/**
 * The state after one message or local event.
 * @param {SeekView} before
 * @param {ServerMessage | SeekEvent} event
 * @param {number} at_ms when it happened, on the clock of `performance.now()`
 * @returns {SeekView} the same object when nothing changed
 */
export function next(before, event, at_ms) {
  switch (event.type) {
    case "connection":
      if (before.connection === event.state) return before;
      return change(before, { connection: event.state, signed_in: "unknown" });
    case "pressed":
      return pressed(before, at_ms);
    case "name_sent":
      if (before.phase !== "name") return before;
      return change(before, { phase: "naming", name_error: null });
    case "name_refused":
      return nameRefused(before, event);
    case "named":
      if (before.phase !== "naming") return before;
      // This connection was opened without the cookie, so it is not asked any more.
      return change(before, { phase: "asking", me: event.player, signed_in: "no" });
    case "cancel_pressed":
      return cancelPressed(before);
    case "retry":
      if (before.phase === "cooling") return before;
      if (before.retry_at === null || at_ms < before.retry_at) return before;
      return change(before, { sent: false, retry_at: null });
    case "sent": {
      const wanted = outgoing(before)[0]?.type === event.message.type;
      return wanted ? change(before, { sent: true }) : before;
    }
    case "welcome":
      return welcomed(before, event, at_ms);
    case "seeking":
      return seeking(before, event, at_ms);
    case "seek_cancelled":
      return stopped(before) ? before : idle(before, "cancelled");
    case "paired":
      return paired(before, event);
    case "refused":
      return refused(before, event, at_ms);
    default:
      return before;
  }
}

/**
 * The messages that this state wants sent; feed each back as `sent` once it is.
 * @param {SeekView} seek
 * @returns {readonly ClientMessage[]}
 */
export function outgoing({ connection, signed_in, phase, sent, deck, rated }) {
  if (connection !== "open" || signed_in !== "yes" || sent) return [];
  if (phase === "asking") return [{ type: "seek", deck, rated, ref: REF.seek }];
  if (phase === "cancelling") return [{ type: "cancel_seek", ref: REF.cancel }];
  return [];
}

/**
 * Where to go now: the match to open, or null while there is none.
 * @param {SeekView} seek
 */
export function destination({ phase, pairing, live_match }) {
  if (phase === "paired") return pairing?.match ?? null;
  return phase === "busy" ? live_match : null;
}

/**
 * When whoever looks alone has waited long enough to be offered something else; null while nobody
 * is looking, or another one is.
 * @param {SeekView} seek
 */
export function aloneAt({ phase, since_at, waiting }) {
  if (phase !== "seeking" || since_at === null || waiting === null || waiting > 1) return null;
  return since_at + ALONE_MS;
}

/**
 * @param {SeekView} before
 * @param {Partial<SeekState>} changes
 * @returns {SeekView}
 */
function change(before, changes) {
  return Object.freeze({ ...before, ...changes });
}

/**
 * @param {SeekView} before
 * @param {SeekPhase} phase
 */
function idle(before, phase) {
  const nothing = { sent: false, since_at: null, waiting: null, retry_at: null };
  return change(before, { ...nothing, phase, refusal: null, name_error: null });
}

/**
 * Whether pressing Challenge now starts something, rather than repeating what is under way.
 * @param {SeekView} seek
 * @param {number} now_ms
 */
export function canSeek({ phase, retry_at }, now_ms) {
  if (phase === "cooling") return retry_at === null || now_ms >= retry_at;
  return phase === "idle" || phase === "cancelled";
}

/**
 * @param {SeekView} before
 * @param {number} at_ms
 */
function pressed(before, at_ms) {
  if (!canSeek(before, at_ms)) return before;
  return idle(before, before.me === null ? "name" : "asking");
}

/**
 * @param {SeekView} before
 * @param {{ reason: string, detail: string }} error
 */
function nameRefused(before, { reason, detail }) {
  if (before.phase !== "naming") return before;
  return change(before, { phase: "name", name_error: Object.freeze({ reason, detail }) });
}

/** @param {SeekView} before */
function cancelPressed(before) {
  switch (before.phase) {
    case "asking":
      // Not sent yet: there is nothing to take back.
      if (!before.sent) return idle(before, "cancelled");
      return change(before, { phase: "cancelling", sent: false, retry_at: null });
    case "seeking":
    case "elsewhere":
      return change(before, { phase: "cancelling", sent: false, retry_at: null });
    default:
      return before;
  }
}

/**
 * Whether nothing is being sought, so that a late `seek_cancelled` means nothing.
 * @param {SeekView} before
 */
function stopped({ phase }) {
  return phase !== "seeking" && phase !== "cancelling" && phase !== "elsewhere";
}

/**
 * @param {SeekView} before
 * @param {import("../wire/messages.js").Welcome} message
 * @param {number} at_ms
 */
function welcomed(before, { player, live_match, seeking: sought }, at_ms) {
  const known = change(before, {
    signed_in: player === null ? "no" : "yes",
    me: player ?? null,
    live_match,
    sent: false,
    retry_at: before.phase === "cooling" ? before.retry_at : null,
  });
  if (player === null) return signedOut(before, known);
  if (live_match !== null) {
    const here = before.phase === "paired" && before.pairing?.match === live_match;
    return here ? known : change(known, { phase: "busy", since_at: null, waiting: null });
  }
  if (sought !== null) {
    if (before.phase === "cancelling") return known;
    if (sought.deck !== before.deck) return change(known, { phase: "elsewhere" });
    return change(known, { phase: "seeking", since_at: at_ms - sought.waited_ms });
  }
  switch (before.phase) {
    case "seeking":
      // The server does not look for us any more (we were away too long): ask again.
      return change(known, { phase: "asking", since_at: null, waiting: null });
    case "cancelling":
      return idle(known, "cancelled");
    case "elsewhere":
    case "busy":
    case "paired":
      return change(idle(known, "idle"), { pairing: null });
    default:
      return known;
  }
}

/**
 * This connection has no player: fine while nobody has a name, else the name is asked for anew.
 * @param {SeekView} before
 * @param {SeekView} known
 */
function signedOut(before, known) {
  // The welcome of the connection from before the sign-up: the next one will know the player.
  if (before.phase === "naming") return known;
  const outdated = before.phase === "asking" && before.signed_in === "no";
  if (outdated) return change(known, { me: before.me });
  return before.me === null ? known : idle(known, before.phase === "idle" ? "idle" : "name");
}

/**
 * @param {SeekView} before
 * @param {import("../wire/messages.js").Seeking} message
 * @param {number} at_ms
 */
function seeking(before, { deck, rated, waiting, waited_ms }, at_ms) {
  if (deck !== before.deck || before.phase === "paired" || before.phase === "busy") return before;
  if (before.phase === "cancelling") return before;
  if (before.phase === "seeking" && before.waiting === waiting) return before;
  const since_at = before.phase === "seeking" ? before.since_at : at_ms - waited_ms;
  const calm = { retry_at: null, refusal: null };
  return change(before, { ...calm, phase: "seeking", rated, waiting, since_at });
}

/**
 * A pairing wins over everything, a cancellation under way included.
 * @param {SeekView} before
 * @param {Paired} pairing
 */
function paired(before, pairing) {
  if (before.pairing?.match === pairing.match) return before;
  return change(idle(before, "paired"), {
    pairing: Object.freeze({ ...pairing }),
    live_match: pairing.match,
  });
}

/**
 * @param {SeekView} before
 * @param {import("../wire/messages.js").Refused} message
 * @param {number} at_ms
 */
function refused(before, message, at_ms) {
  const asked = message.ref === REF.seek && before.phase === "asking";
  const cancelled = message.ref === REF.cancel && before.phase === "cancelling";
  if (!before.sent || (!asked && !cancelled)) return before;
  const { reason, detail } = message;
  /** @param {SeekPhase} phase @param {Partial<SeekState>} [changes] */
  const to = (phase, changes) =>
    change(idle(before, phase), { refusal: Object.freeze({ reason, detail }), ...changes });
  switch (reason) {
    case "not_signed_in":
      return to("name", { me: null, signed_in: "no" });
    case "already_in_match":
      return to("busy", { live_match: message.match ?? before.live_match });
    case "already_seeking":
      return to("elsewhere");
    case "cooling_down":
      return to("cooling", { retry_at: instant(at_ms, message.retry_in_ms ?? RETRY_MS) });
    case "no_such_deck":
      return to("unknown_deck");
    case "unavailable":
    case "too_fast":
      return to(before.phase, { sent: true, retry_at: at_ms + RETRY_MS });
    default:
      return to("idle");
  }
}
