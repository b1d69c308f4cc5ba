/**
 * What is shown of a page's notices, and what of it is new.
 */

import { named, partOf, stakeWords, stateWords, termsWords } from "./challenge.js";
import { matchPath } from "./paths.js";
import { stakeShort } from "./words.js";

/** @typedef {import("../wire/messages.js").Player} Player */
/** @typedef {import("./notices.js").Going} Going */
/** @typedef {import("./notices.js").Link} Link */
/** @typedef {import("./notices.js").Notices} Notices */
/** @typedef {import("./notices.js").Offer} Offer */
/**
 * @typedef {object} NoticeView
 * @property {string} key a new one is a new notice
 * @property {"offer" | "waiting" | "news" | "going" | "live"} kind
 * @property {string} challenge which one it is about; empty for none
 * @property {string} text
 * @property {string} deck its title; empty where none is spoken of
 * @property {string} detail
 * @property {string} brief the same where there is little room
 * @property {string} problem
 * @property {boolean} busy
 * @property {number | null} ends_at
 * @property {Link | null} link
 * @property {string} mute the name of who can be muted; empty for nobody
 * @property {number} more how many others ask as well
 */

/**
 * The notice that matters most now; null for none.
 * @param {Notices} notices
 * @returns {NoticeView | null}
 */
export function noticeView({ me, quiet, offers, going, news, live_match }) {
  if (quiet) return null;
  if (going !== null) return goingView(going);
  const asked = offers.filter(({ view }) => partOf(view, me) === "to");
  // Who is in a match can accept nothing.
  if (live_match === null && asked[0] !== undefined) return offerView(asked[0], me, asked.length - 1);
  if (news !== null) {
    const { text, link, until } = news;
    return { ...PLAIN, key: `news ${until}`, kind: "news", text, link };
  }
  if (live_match !== null) {
    const link = { href: matchPath(live_match), label: "Go to it" };
    return { ...PLAIN, key: `live ${live_match}`, kind: "live", text: "You are in a match.", link };
  }
  const mine = offers[0];
  return mine === undefined ? null : waitingView(mine, me);
}

const PLAIN = Object.freeze({
  challenge: "",
  deck: "",
  detail: "",
  brief: "",
  problem: "",
  busy: false,
  ends_at: null,
  link: null,
  mute: "",
  more: 0,
});

/**
 * What is new to those who listen, or look at another page; null for nothing.
 * @param {Notices} before
 * @param {Notices} after
 * @returns {{ title: string, text: string } | null}
 */
export function newly(before, after) {
  const is = noticeView(after);
  if (is === null || is.key === noticeView(before)?.key || is.kind === "live") return null;
  if (is.kind !== "offer") return { title: is.text, text: `${is.text} ${is.detail}`.trim() };
  const where = "Accept or decline at the top of the page.";
  return { title: is.text, text: [`${is.text}.`, is.detail, where].join(" ") };
}

/**
 * @param {Readonly<Going>} going
 * @returns {NoticeView}
 */
function goingView({ match, name, accepted }) {
  const text = accepted ? `${name} accepted.` : `You play ${name} now.`;
  const link = { href: matchPath(match), label: "Go now" };
  return { ...PLAIN, key: `going ${match}`, kind: "going", text, detail: "Taking you to the match.", link };
}

/**
 * @param {Readonly<Offer>} offer
 * @param {Player | null} me
 * @param {number} more
 * @returns {NoticeView}
 */
function offerView({ view, ends_at, busy, problem }, me, more) {
  const asks = view.kind === "rematch" ? "wants a rematch" : "challenges you";
  const { stake } = view;
  const terms = view.rated ? "" : `${termsWords(view)}.`;
  return {
    ...PLAIN,
    key: `offer ${view.challenge}`,
    kind: "offer",
    challenge: view.challenge,
    text: `${named(view.by)} ${asks}`,
    deck: view.title,
    brief: stake === null ? (view.rated ? "Unrated" : "Casual") : stakeShort(stake),
    detail: [terms, stakeWords(view, me)].filter((said) => said !== "").join(" "),
    problem,
    busy,
    ends_at,
    mute: view.by.name,
    more,
  };
}

/**
 * @param {Readonly<Offer>} offer
 * @param {Player | null} me
 * @returns {NoticeView}
 */
function waitingView({ view, ends_at, busy, problem }, me) {
  const { challenge } = view;
  const text = stateWords(view, me);
  return { ...PLAIN, key: `waiting ${challenge}`, kind: "waiting", challenge, text, problem, busy, ends_at };
}
