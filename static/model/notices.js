/**
 * The state of a page's notices: what others ask of this player, what became of what he asked, and
 * where a match of his is. One frozen object, changed only by `next`.
 *
 * As with the duel, the page feeds messages and local events, sends what `outgoing` asks for and
 * feeds each sent message back.
 */

import { partOf, stateWords } from "./challenge.js";
import { instant } from "./clock.js";
import { mePath } from "./paths.js";

/** How long what became of something stays in sight, in ms. */
export const NEWS_MS = 12_000;
/** How long it is said that somebody accepted before the page goes to the match, in ms. */
export const GOING_MS = 1_500;

/** The refs of this page's messages begin with it: by them a refusal finds what it is about. */
const REF = "notice:";

/** @typedef {import("../wire/messages.js").ServerMessage} ServerMessage */
/** @typedef {import("../wire/messages.js").ClientMessage} ClientMessage */
/** @typedef {import("../wire/messages.js").ChallengeChanged} ChallengeChanged */
/** @typedef {import("../wire/messages.js").Player} Player */
/** @typedef {import("./challenge.js").Challenge} Challenge */
/** @typedef {import("./duel.js").Connection} Connection */
/** @typedef {{ href: string, label: string }} Link */

/**
 * A challenge between this player and another one.
 * @typedef {object} Offer
 * @property {Readonly<Challenge>} view
 * @property {number | null} ends_at
 * @property {boolean} busy it is being answered, or taken back
 * @property {string} problem why that was refused; empty for nothing
 */
/**
 * A match that this player is wanted in.
 * @typedef {{ match: string, name: string, accepted: boolean, at: number }} Going
 *   `accepted`: the other one did, just now; `at`: when to go
 */
/**
 * @typedef {{ match: string, by: "me" | "them" }} Made `by`: who accepted, on this page or at the other end
 */
/**
 * @typedef {object} NoticesState
 * @property {Player | null} me
 * @property {string | null} here what the page shows, and speaks of itself: a challenge, or a match and its rematch
 * @property {boolean} quiet nothing is shown yet, nor gone to: a match is played on this page
 * @property {Connection} connection
 * @property {readonly Readonly<Offer>[]} offers open ones, the oldest first
 * @property {readonly ClientMessage[]} to_send
 * @property {readonly Readonly<Made>[]} made the matches that came of challenges
 * @property {string | null} live_match of one's own, that goes on elsewhere
 * @property {Readonly<Going> | null} going
 * @property {Readonly<{ text: string, link: Link | null, until: number }> | null} news
 */
/** @typedef {Readonly<NoticesState>} Notices */

/** @typedef {"accept" | "decline" | "withdraw" | "mute" | "close"} Act */
/**
 * `muted`, `not_muted`: the answer to a call. `match_gone`: the match elsewhere has a result. `shown`:
 * the page is quiet no more.
 * @typedef {{ type: "connection", state: Connection }
 *   | { type: "pressed", act: Act, challenge: string }
 *   | { type: "challenge_pressed", deck: string, to: string, rated: boolean }
 *   | { type: "muted", name: string }
 *   | { type: "not_muted", detail: string }
 *   | { type: "match_gone", match: string }
 *   | { type: "shown" }
 *   | { type: "time_passed" }
 *   | { type: "sent", message: ClientMessage }} NoticesEvent
 */

/**
 * @param {Player | null} me as the page's own data says
 * @param {string | null} [here]
 * @param {boolean} [quiet]
 * @returns {Notices}
 */
export function notices(me, here = null, quiet = false) {
  return Object.freeze({
    me,
    here,
    quiet,
    connection: "connecting",
    offers: Object.freeze([]),
    to_send: Object.freeze([]),
    made: Object.freeze([]),
    live_match: null,
    going: null,
    news: null,
  });
}

/**
 * The state after one message or local event.
 * @param {Notices} before
 * @param {ServerMessage | NoticesEvent} event
 * @param {number} at_ms when it happened, on the clock of `performance.now()`
 * @returns {Notices} the same object when nothing changed
 */
export function next(before, event, at_ms) {
  switch (event.type) {
    case "connection":
      if (before.connection === event.state) return before;
      return change(before, { connection: event.state });
    case "welcome":
      return welcomed(before, event, at_ms);
    case "challenge_changed":
      return challengeChanged(before, event, at_ms);
    case "paired": {
      if (before.going?.match === event.match || before.here === event.match) return before;
      return go(before, event.match, event.opponent, at_ms);
    }
    case "refused":
      return refused(before, event, at_ms);
    case "pressed":
      return pressed(before, event);
    case "challenge_pressed": {
      const { deck, to, rated } = event;
      return send(before, { type: "challenge", deck, to, rated, ref: `${REF}challenge` });
    }
    case "muted":
      return tell(before, `${event.name} is muted.`, at_ms, { href: mePath, label: "Undo it there" });
    case "not_muted":
      return tell(before, event.detail, at_ms);
    case "match_gone": {
      const { live_match, going } = before;
      if (live_match !== event.match && going?.match !== event.match) return before;
      return change(before, { live_match: null, going: null });
    }
    case "shown":
      return before.quiet ? shown(before, at_ms) : before;
    case "time_passed":
      if (before.news === null || at_ms < before.news.until) return before;
      return change(before, { news: null });
    case "sent":
      return change(before, { to_send: before.to_send.filter((message) => message !== event.message) });
    default:
      return before;
  }
}

/**
 * The messages that this state wants sent; feed each back as `sent` once it is.
 * @param {Notices} notices
 */
export function outgoing({ connection, to_send }) {
  return connection === "open" ? to_send : [];
}

/**
 * @param {Notices} before
 * @param {Partial<NoticesState>} changes
 * @returns {Notices}
 */
function change(before, changes) {
  return Object.freeze({ ...before, ...changes });
}

/**
 * @param {Notices} before
 * @param {string} text
 * @param {number} at_ms
 * @param {Link | null} [link]
 */
function tell(before, text, at_ms, link = null) {
  return change(before, { news: Object.freeze({ text, link, until: at_ms + NEWS_MS }) });
}

/**
 * @param {Notices} before
 * @param {ClientMessage} message
 */
function send(before, message) {
  return change(before, { to_send: Object.freeze([...before.to_send, message]) });
}

/**
 * Of the pairing and the acceptance either may come first.
 * @param {Notices} before
 * @param {string} match
 * @param {import("../wire/messages.js").Opponent} opponent
 * @param {number} at_ms
 */
function go({ made, offers, me, ...before }, match, { id, name }, at_ms) {
  const known = made.find((one) => one.match === match)?.by;
  const mine = known === "me" || offers.some(({ view, busy }) => busy && view.by.id === id);
  const theirs = known === "them" || offers.some(({ view }) => view.to?.id === id);
  const going = Object.freeze({ match, name, accepted: theirs && !mine, at: at_ms + (mine ? 0 : GOING_MS) });
  return change({ ...before, made, offers, me }, { going, live_match: match, news: null });
}

/**
 * What is seen only now stays as long as what has just come.
 * @param {Notices} before
 * @param {number} at_ms
 */
function shown(before, at_ms) {
  const going = before.going && Object.freeze({ ...before.going, at: Math.max(before.going.at, at_ms + GOING_MS) });
  return change(before, { quiet: false, going });
}

/**
 * The open challenges follow a welcome; what was open before it may not be any more.
 * @param {Notices} before
 * @param {import("../wire/messages.js").Welcome} message
 * @param {number} at_ms
 */
function welcomed(before, { player, live_match: live }, at_ms) {
  const live_match = live === before.here ? null : live;
  const known = change(before, { me: player, live_match, offers: Object.freeze([]) });
  if (live_match === null) return change(known, { going: null });
  // The match was made while the connection was away.
  const waiting = before.offers.find(({ view, busy }) => busy || partOf(view, before.me) === "by");
  if (waiting === undefined || before.going?.match === live_match) return known;
  const { by, to } = waiting.view;
  const name = by.id === player?.id ? (to?.name ?? "") : by.name;
  return change(known, { going: Object.freeze({ match: live_match, name, accepted: false, at: at_ms }) });
}

/**
 * @param {Notices} before
 * @param {ChallengeChanged} message
 * @param {number} at_ms
 */
function challengeChanged(before, message, at_ms) {
  const { type: _, ref: __, ...view } = message;
  const part = partOf(view, before.me);
  if (part !== "by" && part !== "to") return before;
  const known = before.offers.find((offer) => offer.view.challenge === view.challenge);
  // What is a reply was accepted on this page, though perhaps not in the notice.
  if (view.state === "accepted") return accepted(before, view, part, known?.busy || message.ref != null);
  // A link has no other end to wait for; the page that made it shows it.
  if (view.kind === "link" || (before.here !== null && [view.challenge, view.rematch_of].includes(before.here))) return before;
  if (view.state !== "open") return known === undefined ? before : ended(before, view, known, at_ms);
  const ends_at = instant(at_ms, view.expires_in_ms);
  const offer = Object.freeze({ view: Object.freeze(view), ends_at, busy: false, problem: "" });
  if (known === undefined) return change(before, { offers: Object.freeze([...before.offers, offer]) });
  return amend(before, view.challenge, { view: offer.view, ends_at });
}

/**
 * A match came of it: `paired` leads there.
 * @param {Notices} before
 * @param {Challenge} view
 * @param {"by" | "to"} part
 * @param {boolean} here whether it was accepted on this page
 */
function accepted(before, { challenge, match }, part, here) {
  if (match === null || before.made.some((one) => one.match === match)) return before;
  const made = part === "by" ? "them" : here ? "me" : null;
  const { going } = before;
  const known = going?.match === match && made === "them" ? Object.freeze({ ...going, accepted: true }) : going;
  return change(without(before, challenge), {
    going: known,
    made: made === null ? before.made : Object.freeze([...before.made, Object.freeze({ match, by: made })]),
  });
}

/**
 * @param {Notices} before
 * @param {Challenge} view
 * @param {Readonly<Offer>} known
 * @param {number} at_ms
 */
function ended(before, view, known, at_ms) {
  const after = without(before, known.view.challenge);
  const part = partOf(view, before.me);
  const own = (part === "by" && view.state === "withdrawn") || (part === "to" && view.state === "declined");
  // What one did oneself is no news, nor is the end of what nobody saw.
  return own || before.quiet ? after : tell(after, endedWords(view, before.me), at_ms);
}

/**
 * @param {Notices} before
 * @param {string} challenge
 */
function without(before, challenge) {
  const offers = before.offers.filter(({ view }) => view.challenge !== challenge);
  return offers.length === before.offers.length ? before : change(before, { offers: Object.freeze(offers) });
}

/**
 * @param {Challenge} view
 * @param {Player | null} me
 */
function endedWords(view, me) {
  if (view.state === "expired" && partOf(view, me) === "to") {
    return `You did not answer ${view.by.name} in time.`;
  }
  return stateWords(view, me);
}

/**
 * @param {Notices} before
 * @param {string} challenge
 * @param {Partial<Offer>} changes
 */
function amend(before, challenge, changes) {
  const offers = before.offers.map((offer) =>
    offer.view.challenge === challenge ? Object.freeze({ ...offer, ...changes }) : offer,
  );
  return change(before, { offers: Object.freeze(offers) });
}

/** @type {Readonly<Record<"accept" | "decline" | "withdraw", "accept_challenge" | "decline_challenge" | "withdraw_challenge">>} */
const SENT = Object.freeze({
  accept: "accept_challenge",
  decline: "decline_challenge",
  withdraw: "withdraw_challenge",
});

/**
 * @param {Notices} before
 * @param {{ act: Act, challenge: string }} event
 */
function pressed(before, { act, challenge }) {
  if (act === "close") return before.news === null ? before : change(before, { news: null });
  const offer = before.offers.find(({ view }) => view.challenge === challenge);
  if (offer === undefined || offer.busy) return before;
  // Who is muted is turned down as well.
  const type = SENT[act === "mute" ? "decline" : act];
  const asked = send(before, { type, challenge, ref: `${REF}${challenge}` });
  return amend(asked, challenge, { busy: true, problem: "" });
}

/**
 * @param {Notices} before
 * @param {import("../wire/messages.js").Refused} message
 * @param {number} at_ms
 */
function refused(before, { ref, reason, detail }, at_ms) {
  if (typeof ref !== "string" || !ref.startsWith(REF)) return before;
  const challenge = ref.slice(REF.length);
  const known = before.offers.some(({ view }) => view.challenge === challenge);
  if (!known) return tell(before, detail, at_ms);
  if (reason !== "challenge_over" && reason !== "no_such_challenge") {
    return amend(before, challenge, { busy: false, problem: detail });
  }
  return tell(without(before, challenge), detail, at_ms);
}
