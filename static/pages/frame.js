/**
 * What every page does once: shows who is playing and remembers the page's own title.
 */

import { byId, write } from "../ui/dom.js";

/** @typedef {import("../wire/messages.js").Player} Player */

/**
 * @param {Player | null} me
 */
export function frame(me) {
  const name = byId("me");
  write(name, me === null ? "" : me.name);
  name.title = me === null ? "" : me.name;
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
