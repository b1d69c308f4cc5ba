/**
 * What a challenge means to whoever looks at it: whose it is, what is at stake, how it stands, how
 * long it lives, and its short code. Pure words and rules, shared by every page that shows one.
 */

import { counted, rating, ratedNote, stakeLong } from "./words.js";

/** @typedef {import("../wire/messages.js").ChallengeChanged} ChallengeChanged */
/** @typedef {import("../wire/messages.js").Opponent} Opponent */
/** @typedef {import("../wire/messages.js").Player} Player */
/**
 * A challenge without the `type` of its message, as the HTTP call and the page's data give it.
 * @typedef {Omit<ChallengeChanged, "type">} Challenge
 */
/**
 * How a challenge concerns somebody: he offers it (`by`), it is for him or he took it (`to`), he
 * may take it (`anyone`), or it is between two others (`others`).
 * @typedef {"by" | "to" | "anyone" | "others"} Part
 */

/** The letters and digits of a code: none that is easily read as another. */
const LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";
const CODE_LENGTH = 6;
const CODE_HALF = 3;

/** What a casual challenge may ask for; both ends included. */
export const ROUNDS = Object.freeze({ least: 5, most: 20 });
export const SECONDS = Object.freeze({ least: 5, most: 60 });

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/**
 * A code as it is read out: "K7Q WXP".
 * @param {string} code
 */
export function formatCode(code) {
  return `${code.slice(0, CODE_HALF)} ${code.slice(CODE_HALF)}`;
}

/**
 * The code in what somebody typed, in any case, with spaces and hyphens; or in a whole link. Null
 * for what is none.
 * @param {string} text
 * @returns {string | null}
 */
export function parseCode(text) {
  const last = text.trim().replace(/\/+$/, "").split("/").at(-1) ?? "";
  const code = last.replace(/[\s\u2010-\u2015-]/g, "").toUpperCase();
  const known = [...code].every((letter) => LETTERS.includes(letter));
  return known && code.length === CODE_LENGTH ? code : null;
}

/**
 * @param {Pick<Challenge, "by" | "to">} view
 * @param {Player | null} me
 * @returns {Part}
 */
export function partOf({ by, to }, me) {
  if (me !== null && by.id === me.id) return "by";
  if (to === null) return "anyone";
  return me !== null && to.id === me.id ? "to" : "others";
}

/**
 * Somebody with the rating: "Ada (1512?)".
 * @param {Opponent} player
 */
export function named(player) {
  return `${player.name} (${rating(player.rating, player.provisional)})`;
}

/**
 * What is played: "10 questions, 15 seconds each".
 * @param {Pick<Challenge, "rounds" | "limit_ms">} terms
 */
export function termsWords({ rounds, limit_ms }) {
  return `${counted(rounds, "question")}, ${counted(limit_ms / SECOND_MS, "second")} each`;
}

/**
 * What the match would do to the rating of whoever looks, in one or two sentences.
 * @param {Pick<Challenge, "rated" | "unrated_because" | "k_share" | "stake">} view
 * @param {Player | null} me
 */
export function stakeWords({ rated, unrated_because, k_share, stake }, me) {
  const note = ratedNote({ rated, unrated_because, k_share });
  if (!rated || unrated_because !== null) return note ?? "";
  if (me === null) return "Rated: it moves your Elo rating. Everybody starts at 1500.";
  if (stake === null) return "Rated: it moves the ratings of both.";
  return [`Rated. ${stakeLong(stake)}`, note].filter((said) => said !== null).join(" ");
}

/**
 * How a challenge stands, in a sentence or two to whoever looks.
 * @param {Pick<Challenge, "kind" | "state" | "by" | "to" | "here">} view
 * @param {Player | null} me
 */
export function stateWords(view, me) {
  const { by, to, state } = view;
  const part = partOf(view, me);
  const taker = to?.name ?? "Somebody";
  switch (state) {
    case "open":
      return openWords(view, part);
    case "accepted":
      if (part === "by") return `${taker} accepted.`;
      if (part === "to") return "You accepted.";
      return `${taker} was quicker and took this challenge.`;
    case "declined":
      return part === "to" ? "You declined." : `${taker} does not want to play now.`;
    case "withdrawn":
      return part === "by" ? "You took this challenge back." : `${by.name} took this challenge back.`;
    case "expired":
      if (part === "by" && to !== null) return `${taker} did not answer in time.`;
      return "This challenge has expired: nobody took it in time.";
  }
}

/**
 * @param {Pick<Challenge, "kind" | "by" | "to" | "here">} view
 * @param {Part} part
 */
function openWords({ kind, by, to, here }, part) {
  if (part === "others") return `${by.name} asks ${to?.name ?? "somebody"} to play.`;
  if (part === "by") {
    return kind === "link" ? "Nobody has taken it yet." : `Waiting for ${to?.name ?? "an answer"}.`;
  }
  if (here) return `${by.name} is here and waits for you.`;
  return `${by.name} is away. Accept works when they are back.`;
}

/**
 * Whether whoever looks can accept now, or could with a name.
 * @param {Pick<Challenge, "state" | "by" | "to" | "here">} view
 * @param {Player | null} me
 */
export function acceptable(view, me) {
  const part = partOf(view, me);
  return view.state === "open" && view.here && (part === "anyone" || part === "to");
}

/**
 * How long something still lives, in the unit that matters: "24 hours", "12 minutes", "45 seconds".
 * @param {number} left_ms
 */
export function lifeWords(left_ms) {
  const [unit_ms, unit] =
    left_ms > 2 * HOUR_MS
      ? [HOUR_MS, "hour"]
      : left_ms > 2 * MINUTE_MS
        ? [MINUTE_MS, "minute"]
        : [SECOND_MS, "second"];
  return counted(Math.ceil(Math.max(0, left_ms) / unit_ms), unit);
}

/**
 * The nearest number that a casual challenge may ask for; `usual` for what is no number.
 * @param {{ least: number, most: number }} range
 * @param {string} typed
 * @param {number} usual
 */
export function withinRange({ least, most }, typed, usual) {
  const value = typed.trim() === "" ? NaN : Math.round(Number(typed));
  return Number.isNaN(value) ? usual : Math.min(most, Math.max(least, value));
}

/**
 * What a player chose before making a challenge.
 * @typedef {Readonly<{ rated: boolean, rounds: number, limit_ms: number }>} Terms
 */

/**
 * The message that makes a challenge; what is as usual, and all of a rated one, is left to the server.
 * @param {string} deck
 * @param {string | null} to null for a link
 * @param {Terms} terms
 * @param {Terms} usual
 * @returns {import("../wire/messages.js").Challenge}
 */
export function offerOf(deck, to, { rated, rounds, limit_ms }, usual) {
  return {
    type: "challenge",
    deck,
    rated,
    ...(to === null ? {} : { to }),
    ...(rated || rounds === usual.rounds ? {} : { rounds }),
    ...(rated || limit_ms === usual.limit_ms ? {} : { limit_ms }),
  };
}
