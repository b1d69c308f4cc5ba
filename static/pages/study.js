/**
 * What every study page does once: its head and mode row, the outbox of reviews, the keys.
 */

import { counted } from "../model/words.js";
import { ConnectionStrip } from "../ui/connection.js";
import { deckTitle } from "../ui/deck-title.js";
import { byId, detail, el, fill, pageData, say } from "../ui/dom.js";
import { Keys } from "../ui/keys.js";
import { studyModes, toChallenge } from "../ui/modes.js";
import { Reviews, serverClock } from "../wire/reviews.js";
import { frame } from "./frame.js";
import { notices } from "./notices.js";
import { challengePath } from "../model/paths.js";

/** @typedef {import("../ui/keys.js").Key} Key */
/** @typedef {import("../wire/study.js").StudyCard} StudyCard */
/** @typedef {import("../model/paths.js").Mode} Mode */

/**
 * @template {import("../wire/study.js").StudyPage} Page
 * @param {Mode} mode
 * @param {string} title
 */
export function study(mode, title) {
  /** @type {Page} */
  const page = pageData();
  const { me, deck, progress } = page;
  const now = serverClock(progress.server_time_ms);
  const reviews = new Reviews(deck.id, now);
  const body = el("div", { class: "study" });
  const keys = new Keys();
  /** @type {Key} */
  const toDuel = {
    keys: ["v"],
    does: "Challenge somebody (versus)",
    press: () => location.assign(challengePath(deck.id)),
  };

  const heading = deckTitle(deck, title, toChallenge(deck.id));
  heading.classList.add("study-title");
  frame(me);
  fill(
    byId("main"),
    heading,
    studyModes(deck.id, mode),
    body,
    el("footer", { class: "study-foot" }, keys),
  );
  reviews.addEventListener("waiting", (event) => showWaiting(detail(event)));
  reviews.connect();
  notices(me);

  return Object.freeze({
    ...page,
    reviews,
    /** ms since 1970, as the server counts them */
    now,
    random: Math.random,
    /** Where the mode shows itself. */
    body,
    /** @param {readonly Key[]} list the mode's own keys that work now */
    listen: (list) => keys.listen([...list, toDuel]),
    /** The cards that the address asks for, in its order; null for the whole deck. */
    asked: askedFor(deck.cards),
  });
}

/**
 * @param {readonly StudyCard[]} cards
 * @returns {readonly StudyCard[] | null}
 */
function askedFor(cards) {
  const ids = new URLSearchParams(location.search).get("cards")?.split(",") ?? [];
  const asked = [...new Set(ids)].flatMap((id) => cards.filter((card) => card.id === id));
  return asked.length === 0 ? null : asked;
}

/** Whether reviews wait for the connection. */
let away = false;

/** @param {number} waiting */
function showWaiting(waiting) {
  const strip = /** @type {ConnectionStrip} */ (document.querySelector("deckduel-connection"));
  const text =
    waiting === 0 ? "" : `No connection. ${counted(waiting, "answer")} kept here, sent when it is back.`;
  strip.show(text);
  // Said when it begins and when it ends: what is studied is to be heard in between.
  if (waiting > 0 && !away) say(text);
  if (waiting === 0 && away) say("Connected again. All answers are sent.");
  away = waiting > 0;
}
