/**
 * The page of a deck's whole board: of all time, this month or this week, fifty rows at a time.
 */

import { company, sameSet } from "../model/ladder.js";
import { leaderboardPath } from "../model/paths.js";
import { ConnectionStrip } from "../ui/connection.js";
import { deckTitle } from "../ui/deck-title.js";
import { byId, detail, el, fill, pageData, say } from "../ui/dom.js";
import { focusOn, heldIn, table } from "../ui/ladder.js";
import { leaderboard } from "../wire/api.js";
import { counted } from "../model/words.js";
import { connect } from "../wire/socket.js";
import { frame } from "./frame.js";
import { notices } from "./notices.js";

/** @typedef {import("../wire/players.js").Leaderboard} Leaderboard */
/** @typedef {import("../wire/players.js").Period} Period */

/** The board is asked for again at most so often while it moves. */
const AGAIN_MS = 5_000;

/** @type {Readonly<Record<Period, { title: string, empty: string, heading: string }>>} */
const PERIODS = Object.freeze({
  all: {
    title: "All time",
    empty: "No ratings yet. Play a challenge match to create ratings.",
    heading: "Last change",
  },
  month: {
    title: "This month",
    empty: "Nobody has played a rated match this month.",
    heading: "This month",
  },
  week: {
    title: "This week",
    empty: "Nobody has played a rated match this week.",
    heading: "This week",
  },
});

/**
 * @type {{
 *   me: import("../wire/messages.js").Player | null,
 *   deck: { id: string, title: string },
 *   board: Leaderboard,
 *   offset: number,
 *   rows: number,
 *   place: number | null,
 * }}
 */
const { me, deck, board, offset, rows, place } = pageData();
const { period } = board;
const strip = /** @type {ConnectionStrip} */ (document.querySelector("deckduel-connection"));
const sheet = el("div", { class: "whole-board ladder sheet" });
const socket = connect();
let asking = false;
let shown = board;
/** @type {import("../wire/messages.js").ServerMessage & { type: "lobby" } | null} */
let lobby = null;

frame(me);
fill(
  byId("main"),
  deckTitle(deck, "Leaderboard"),
  el(
    "nav",
    { class: "periods", "aria-label": "Which time" },
    ...Object.entries(PERIODS).map(([name, { title }]) =>
      el(
        "a",
        {
          class: "toggle",
          href: leaderboardPath(deck.id, /** @type {Period} */ (name)),
          "aria-current": name === period && "page",
        },
        title,
      ),
    ),
  ),
  sheet,
);
draw(board);
goToMe();
addEventListener("hashchange", goToMe);
// Pressed again, the address is the same and nothing would happen.
sheet.addEventListener("click", ({ target }) => {
  if (target instanceof HTMLAnchorElement && target.hash === "#you") queueMicrotask(goToMe);
});

socket.addEventListener("state", (event) => {
  if (detail(event) === "open") {
    socket.send({ type: "watch_ladder", deck: deck.id });
    socket.send({ type: "watch_lobby", deck: deck.id });
  }
  const text = strip.showConnection(socket.state, socket.code);
  if (text !== "") say(text);
});
socket.addEventListener("message", (event) => {
  const message = detail(event);
  if (message.type === "ladder") again();
  if (message.type === "lobby" && message.deck === deck.id) meet(message);
});
const told = notices(me, socket);
sheet.addEventListener("challenge", (event) => told.challenge(deck.id, detail(event)));

/** Others have come, gone or begun to play. @param {NonNullable<typeof lobby>} message */
function meet(message) {
  const own = me?.id ?? null;
  const before = company(shown.online, lobby, own);
  lobby = message;
  const now = company(shown.online, lobby, own);
  if (!now.whole) again();
  if (!sameSet(before.online, now.online) || !sameSet(before.free, now.free)) draw(shown);
}

/** @param {Leaderboard} now */
function draw(now) {
  shown = now;
  const held = heldIn(sheet);
  const own = me?.id ?? null;
  const marks = { me: own, ...company(now.online, lobby, own), heading: PERIODS[period].heading };
  fill(
    sheet,
    now.top.length === 0 ? el("p", { class: "empty soft" }, emptyWords(now)) : table(now.top, marks),
    el("div", { class: "foot" }, el("p", { class: "soft number" }, rangeWords(now)), steps(now)),
    now.top.some(({ provisional }) => provisional) &&
      el("p", { class: "note" }, "? provisional: fewer than ten rated matches"),
  );
  focusOn(sheet, held);
}

/** @param {Leaderboard} now */
function steps(now) {
  const before = offset > 0 && leaderboardPath(deck.id, period, Math.max(0, offset - rows));
  const after = now.next !== null && leaderboardPath(deck.id, period, now.next);
  const own = place === null ? null : Math.floor(place / rows) * rows;
  const toMe = own !== null && `${own === offset ? "" : leaderboardPath(deck.id, period, own)}#you`;
  return el(
    "nav",
    { class: "steps", "aria-label": "Pages of the board" },
    toMe && el("a", { class: "button", href: toMe }, "Go to me"),
    before && el("a", { class: "button", href: before, rel: "prev" }, "Previous"),
    after && el("a", { class: "button", href: after, rel: "next" }, "Next"),
  );
}

/** @param {Leaderboard} now */
function emptyWords({ rated_players }) {
  return rated_players === 0 ? PERIODS[period].empty : "The board does not go on so far. Go back a page.";
}

/** @param {Leaderboard} now */
function rangeWords({ top, rated_players }) {
  if (top.length === 0) return "";
  return `${offset + 1} to ${offset + top.length} of ${counted(rated_players, "player")}`;
}

/** Puts the keyboard, and the eye, at one's own row. */
function goToMe() {
  if (location.hash !== "#you") return;
  const own = sheet.querySelector("[data-me]");
  own?.scrollIntoView({ block: "center" });
  own?.querySelector("a")?.focus({ preventScroll: true });
}

/** The board has moved: fetched again, seldom. */
function again() {
  if (asking) return;
  asking = true;
  setTimeout(async () => {
    asking = false;
    try {
      draw(await leaderboard(deck.id, { limit: rows, offset, period }));
    } catch {
      // The rows of before stay until the board moves again.
    }
  }, AGAIN_MS * (0.5 + Math.random() / 2));
}
