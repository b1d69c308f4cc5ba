/**
 * What every page does once: shows who is playing and remembers the page's own title.
 */

import { mePath } from "../model/paths.js";
import { byId, el, fill } from "../ui/dom.js";

/** @typedef {import("../wire/messages.js").Player} Player */

/** Where the head leads nowhere: a press by mistake would cost a round. */
const AT_PLAY = /^\/matches\//;
/** Where a visitor is asked for no name: he studies. */
const AT_STUDY = /^\/decks\/[^/]+\/(flashcards|learn|test|match)$/;
/** The cookie by which the server tells that one's name was given free. */
const FREED = /(?:^|; )deckduel_freed=([^;]*)/;

/**
 * Shows who is playing: the name leads to `/me`. A visitor without one is asked, quietly, to sign in.
 * @param {Player | null} me
 */
export function frame(me) {
  const place = byId("me");
  const { pathname } = location;
  const name = me === null ? asked(pathname) : me.name;
  const leads = name !== "" && pathname !== mePath && !AT_PLAY.test(pathname);
  fill(place, leads ? el("a", { href: mePath, title: me?.name }, name) : name);
  place.title = leads ? "" : (me?.name ?? "");
}

/**
 * What a visitor without a name is asked.
 * @param {string} pathname
 */
function asked(pathname) {
  if (AT_PLAY.test(pathname) || pathname === mePath || pathname.startsWith("/keep/")) return "";
  const freed = FREED.exec(document.cookie)?.[1];
  if (freed !== undefined) return `${decodeURIComponent(freed)} is free again: choose a name`;
  return AT_STUDY.test(pathname) ? "" : "Sign in";
}

const ownTitle = document.title;

/**
 * Puts news into the title of a page that nobody is looking at; it goes when somebody does.
 * @param {string} news
 */
export function announce(news) {
  if (document.visibilityState === "visible") return;
  document.title = news;
  const seen = () => {
    if (document.visibilityState !== "visible") return;
    document.title = ownTitle;
    document.removeEventListener("visibilitychange", seen);
  };
  document.addEventListener("visibilitychange", seen);
}
