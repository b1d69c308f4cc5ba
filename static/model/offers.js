/**
 * The challenges that a page knows, and the one thing about them that its player wants done: one
 * frozen object, changed only by `next`.
 *
 * As with the seek, the page feeds messages and local events, sends what `outgoing` asks for and
 * feeds each sent message back. A wish of somebody without a name waits for the name, and is then
 * carried out in one go. Every connection asks anew for the challenges that stood open on the last.
 */

import { instant, RETRY_MS } from "./clock.js";

/** The ref of what the player wants done; a look at a challenge has `look:` and its id. */
const WISH = "wish";
const LOOK = "look:";

/** Refusals that pass: the wish goes out again. */
const PASSING = new Set(["unavailable", "too_fast"]);

/** @typedef {import("../wire/messages.js").ServerMessage} ServerMessage */
/** @typedef {import("../wire/messages.js").ClientMessage} ClientMessage */
/** @typedef {import("../wire/messages.js").Player} Player */
/** @typedef {import("./challenge.js").Challenge} Challenge */
/** @typedef {import("./duel.js").Connection} Connection */
/** @typedef {Readonly<{ reason: string, detail: string }>} Problem */

/**
 * A challenge as this page knows it.
 * @typedef {object} Known
 * @property {Readonly<Challenge>} view
 * @property {number | null} ends_at when it expires; null once it is not open
 * @property {boolean} looked the server sends on this connection how it changes
 */
/**
 * `message` is what is to be sent, `about` is what on the page it belongs to.
 * @typedef {Readonly<{ about: string, message: ClientMessage }>} Wish
 */
/**
 * `idle`: nothing is wanted. `name`: the wish waits for a name. `naming`: the name is on its way.
 * `asking`: no reply yet.
 * @typedef {object} OffersState
 * @property {Player | null} me
 * @property {Connection} connection
 * @property {"unknown" | "yes" | "no"} signed_in what this connection's welcome said
 * @property {readonly Readonly<Known>[]} known what was heard of last stands first
 * @property {"idle" | "name" | "naming" | "asking"} phase
 * @property {Wish | null} wish
 * @property {boolean} sent the wish has been sent on this connection
 * @property {number | null} retry_at when a `retry` is due
 * @property {Readonly<{ about: string, problem: Problem }> | null} refused the last wish that was
 * @property {Problem | null} name_error beside the field
 */
/** @typedef {Readonly<OffersState>} Offers */
/**
 * What happens on this side of the wire. After `named` the page reconnects its socket: only a new
 * connection knows the new cookie.
 * @typedef {{ type: "connection", state: Connection }
 *   | { type: "wished", about: string, message: ClientMessage }
 *   | { type: "dropped" }
 *   | { type: "name_sent" }
 *   | { type: "name_refused", reason: string, detail: string }
 *   | { type: "named", player: Player }
 *   | { type: "retry" }
 *   | { type: "sent", message: ClientMessage }} OffersEvent
 */

/**
 * A page that has just been opened.
 * @param {Player | null} me as the page's own data says
 * @param {readonly Challenge[]} views the challenges in that data
 * @param {number} at_ms on the clock of `performance.now()`
 * @returns {Offers}
 */
export function offers(me, views, at_ms) {
  return Object.freeze({
    me,
    connection: "connecting",
    signed_in: "unknown",
    known: Object.freeze(views.map((view) => learnt(view, at_ms, false))),
    phase: "idle",
    wish: null,
    sent: false,
    retry_at: null,
    refused: null,
    name_error: null,
  });
}

/**
 * The state after one message or local event.
 * @param {Offers} before
 * @param {ServerMessage | OffersEvent} event
 * @param {number} at_ms when it happened, on the clock of `performance.now()`
 * @returns {Offers} the same object when nothing changed
 */
export function next(before, event, at_ms) {
  switch (event.type) {
    case "connection":
      return connected(before, event.state);
    case "wished":
      return wished(before, event);
    case "dropped":
      // Once there is a name the wish goes on: the question for it closes by itself.
      return before.phase === "name" || before.phase === "naming" ? done(before, {}) : before;
    case "name_sent":
      return before.phase === "name" ? change(before, { phase: "naming", name_error: null }) : before;
    case "name_refused": {
      if (before.phase !== "naming") return before;
      const { reason, detail } = event;
      return change(before, { phase: "name", name_error: Object.freeze({ reason, detail }) });
    }
    case "named":
      if (before.phase !== "naming") return before;
      // This connection was opened without the cookie, so it is not asked any more.
      return change(before, { phase: "asking", me: event.player, signed_in: "no" });
    case "retry":
      if (before.retry_at === null || at_ms < before.retry_at) return before;
      return change(before, { sent: false, retry_at: null });
    case "sent":
      return sent(before, event.message);
    case "welcome":
      return welcomed(before, event.player);
    case "challenge_changed":
      return changed(before, event, at_ms);
    case "refused":
      return refused(before, event, at_ms);
    default:
      return before;
  }
}

/**
 * The messages that this state wants sent; feed each back as `sent` once it is.
 * @param {Offers} offers
 * @returns {readonly ClientMessage[]}
 */
export function outgoing({ connection, signed_in, known, phase, wish, sent: gone }) {
  if (connection !== "open" || signed_in === "unknown") return [];
  /** @type {ClientMessage[]} */
  const looks = known
    .filter(({ view, looked }) => view.state === "open" && !looked)
    .map(({ view: { challenge } }) => ({
      type: "watch_challenge",
      challenge,
      ref: LOOK + challenge,
    }));
  const asks = phase === "asking" && signed_in === "yes" && !gone && wish !== null;
  return asks ? [...looks, { ...wish.message, ref: WISH }] : looks;
}

/**
 * What is known of a challenge, or null.
 * @param {Offers} offers
 * @param {string} challenge
 */
export function knownAs({ known }, challenge) {
  return known.find(({ view }) => view.challenge === challenge) ?? null;
}

/**
 * The player's own open link for a deck, the latest where there are several, or null.
 * @param {Offers} offers
 * @param {string} deck
 */
export function ownLink({ me, known }, deck) {
  return known
    .filter(({ view }) => view.kind === "link" && view.state === "open" && view.deck === deck)
    .filter(({ view }) => view.by.id === me?.id)
    .reduce(later, /** @type {Readonly<Known> | null} */ (null));
}

/**
 * @param {Readonly<Known> | null} one
 * @param {Readonly<Known>} other
 */
function later(one, other) {
  return one === null || (other.ends_at ?? 0) > (one.ends_at ?? 0) ? other : one;
}

/**
 * The last challenge of the player's own to somebody for a deck, or null.
 * @param {Offers} offers
 * @param {string} deck
 * @param {string} to
 */
export function offeredTo({ me, known }, deck, to) {
  const mine = known.find(
    ({ view }) => view.deck === deck && view.to?.id === to && me !== null && view.by.id === me.id,
  );
  return mine ?? null;
}

/**
 * Whether something is being asked of the server about this.
 * @param {Offers} offers
 * @param {string} about
 */
export function isAsking({ phase, wish }, about) {
  return (phase === "asking" || phase === "naming") && wish?.about === about;
}

/**
 * Why the last wish about this was refused, or null.
 * @param {Offers} offers
 * @param {string} about
 */
export function problemOf({ refused: last }, about) {
  return last?.about === about ? last.problem : null;
}

/**
 * @param {Offers} before
 * @param {Partial<OffersState>} changes
 * @returns {Offers}
 */
function change(before, changes) {
  return Object.freeze({ ...before, ...changes });
}

/**
 * Nothing is wanted any more.
 * @param {Offers} before
 * @param {Partial<OffersState>} changes
 */
function done(before, changes) {
  const nothing = { phase: /** @type {const} */ ("idle"), wish: null, sent: false, retry_at: null };
  return change(before, { ...nothing, name_error: null, ...changes });
}

/**
 * @param {Challenge & { type?: string, ref?: unknown }} view
 * @param {number} at_ms
 * @param {boolean} looked
 * @returns {Readonly<Known>}
 */
function learnt(view, at_ms, looked) {
  const ends_at = view.state === "open" ? instant(at_ms, view.expires_in_ms) : null;
  return Object.freeze({ view: Object.freeze({ ...view }), ends_at, looked });
}

/**
 * @param {Offers} before
 * @param {Connection} state
 */
function connected(before, state) {
  if (before.connection === state) return before;
  const known = before.known.map((one) => Object.freeze({ ...one, looked: false }));
  const cut = { connection: state, signed_in: /** @type {const} */ ("unknown"), known };
  // One that was made on the lost connection is told after the next welcome; another is not made.
  const made = before.sent && before.wish?.message.type === "challenge";
  return made ? done(before, cut) : change(before, { ...cut, sent: false });
}

/**
 * @param {Offers} before
 * @param {{ about: string, message: ClientMessage }} event
 */
function wished(before, { about, message }) {
  if (before.phase === "asking" || before.phase === "naming") return before;
  const phase = before.me === null ? "name" : "asking";
  return done(before, { phase, wish: Object.freeze({ about, message }), refused: null });
}

/**
 * @param {Offers} before
 * @param {ClientMessage} message
 */
function sent(before, message) {
  if (message.ref === WISH) return before.sent ? before : change(before, { sent: true });
  if (message.type !== "watch_challenge") return before;
  return change(before, {
    known: before.known.map((one) =>
      one.view.challenge === message.challenge ? Object.freeze({ ...one, looked: true }) : one,
    ),
  });
}

/**
 * @param {Offers} before
 * @param {Player | null} player
 */
function welcomed(before, player) {
  const fresh = { sent: false, retry_at: null };
  if (player !== null) return change(before, { ...fresh, me: player, signed_in: "yes" });
  // The welcome of the connection from before the sign-up: the next one will know the player.
  const outdated = before.phase === "asking" && before.signed_in === "no";
  const known = change(before, { ...fresh, signed_in: "no", me: outdated ? before.me : null });
  return before.phase === "asking" && !outdated ? change(known, { phase: "name" }) : known;
}

/**
 * @param {Offers} before
 * @param {import("../wire/messages.js").ChallengeChanged} view
 * @param {number} at_ms
 */
function changed(before, view, at_ms) {
  const old = knownAs(before, view.challenge);
  const now = learnt(view, at_ms, old?.looked ?? false);
  const known =
    old === null
      ? [now, ...before.known]
      : before.known.map((one) => (one === old ? now : one));
  const replied = view.ref === WISH && before.phase === "asking";
  return replied ? done(before, { known }) : change(before, { known });
}

/**
 * @param {Offers} before
 * @param {import("../wire/messages.js").Refused} message
 * @param {number} at_ms
 */
function refused(before, message, at_ms) {
  const { reason, detail, ref } = message;
  if (typeof ref === "string" && ref.startsWith(LOOK) && reason === "no_such_challenge") {
    const gone = ref.slice(LOOK.length);
    return change(before, { known: before.known.filter(({ view }) => view.challenge !== gone) });
  }
  if (ref !== WISH || before.phase !== "asking" || before.wish === null) return before;
  if (reason === "not_signed_in") return change(before, { phase: "name", me: null, sent: false });
  const problem = Object.freeze({ reason, detail });
  const said = Object.freeze({ about: before.wish.about, problem });
  if (PASSING.has(reason)) return change(before, { refused: said, retry_at: at_ms + RETRY_MS });
  return done(before, { refused: said });
}
