/**
 * The page of a deck: its modes, the Top 10 live, its terms.
 */

import * as ladderModel from "../model/ladder.js";
import * as lobbyModel from "../model/lobby.js";
import * as mastery from "../model/mastery.js";
import * as termsModel from "../model/terms.js";
import { ConnectionStrip } from "../ui/connection.js";
import { byId, detail, el, fill, pageData, say } from "../ui/dom.js";
import { Ladder } from "../ui/ladder.js";
import { NowPlaying } from "../ui/lobby.js";
import { studyModes, toChallenge } from "../ui/modes.js";
import { Terms } from "../ui/terms.js";
import { leaderboard as fetchBoard, progress as fetchProgress } from "../wire/api.js";
import { Reviews, serverClock } from "../wire/reviews.js";
import { connect } from "../wire/socket.js";
import { frame } from "./frame.js";
import { notices } from "./notices.js";
import { studyPath } from "../model/paths.js";
import { loadStars, saveStars } from "./stars.js";

/** @typedef {import("../wire/messages.js").Deck} Deck */
/** @typedef {import("../wire/players.js").Leaderboard} Leaderboard */
/** @typedef {import("../wire/messages.js").Player} Player */
/** @typedef {import("../wire/study.js").Progress} Progress */
/** @typedef {import("../wire/messages.js").ServerMessage} ServerMessage */

/** How long after the board moved those around oneself are asked for, at most. */
const AROUND_MS = 4_000;

/** @type {{ me: Player | null, deck: Deck, leaderboard: Leaderboard, progress: Progress }} */
const { me, deck, leaderboard, progress } = pageData();

const strip = /** @type {ConnectionStrip} */ (document.querySelector("deckduel-connection"));
const board = new Ladder();
const playing = new NowPlaying();
const list = new Terms();

let ladder = ladderModel.ladder(deck.id, leaderboard.top, leaderboard.around);
let lobby = lobbyModel.lobby(deck.id);
let looking = false;
let terms = termsModel.next(termsModel.terms(deck.cards), {
  type: "stars_loaded",
  cards: loadStars(deck.id),
});

frame(me);
fill(
  byId("main"),
  el(
    "header",
    { class: "title" },
    el("h1", {}, deck.title),
    el("p", { class: "kicker number" }, `${deck.cards.length} terms`),
  ),
  el("div", { class: "mode-row" }, studyModes(deck.id), toChallenge(deck.id, "main")),
  el("div", { class: "ladder-place" }, board, playing),
  list,
);
list.deal(deck.cards);
arrange(progress);
drawLadder();
drawTerms();

list.addEventListener("search", (event) => change({ type: "searched", query: detail(event) }));
list.addEventListener("hide", (event) => change({ type: "answers_hidden", on: detail(event) }));
list.addEventListener("starred", (event) => change({ type: "only_starred", on: detail(event) }));
list.addEventListener("uncover", (event) => change({ type: "answer_pressed", card: detail(event) }));
list.addEventListener("star", (event) => {
  change({ type: "star_pressed", card: detail(event) });
  saveStars(deck.id, termsModel.stars(terms));
});

const socket = connect();
socket.addEventListener("state", (event) => {
  if (detail(event) === "open") {
    socket.send({ type: "watch_ladder", deck: deck.id });
    socket.send({ type: "watch_lobby", deck: deck.id });
  }
  const text = drawStrip();
  if (text !== "") say(text);
});
socket.addEventListener("message", (event) => receive(detail(event)));
const told = notices(me, socket);
board.addEventListener("challenge", (event) => told.challenge(deck.id, detail(event)));

// What was answered without a connection, in any study mode, is sent from here as well.
const reviews = new Reviews(deck.id, serverClock(progress.server_time_ms));
reviews.addEventListener("stored", (event) => {
  arrange(detail(event));
  drawTerms();
});
reviews.connect();

// Back from a study mode, the browser may show this page as it was left.
addEventListener("pageshow", ({ persisted }) => {
  if (persisted) refresh();
});

// A match of one's own may have ended meanwhile, and put one on the board.
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") lookAround();
});

async function refresh() {
  try {
    arrange(await fetchProgress(deck.id));
    drawTerms();
  } catch {
    // Without a connection the groups are those of the last visit.
  }
}

/** @param {ServerMessage} message */
function receive(message) {
  drawLobby(message);
  const before = ladder;
  ladder = ladderModel.next(before, message);
  if (ladder === before) return;
  drawLadder();
  if (ladder.around.length > 0) lookAround();
}

/** Those around oneself are not pushed: asked for when the board has moved, seldom, and not by all at once. */
function lookAround() {
  if (looking || me === null) return;
  looking = true;
  setTimeout(askAround, AROUND_MS * (0.5 + Math.random() / 2), me.id);
}

/** @param {string} around */
async function askAround(around) {
  looking = false;
  try {
    const { around: rows = [] } = await fetchBoard(deck.id, { limit: 0, around });
    const before = ladder;
    ladder = ladderModel.next(before, { type: "around_loaded", rows });
    if (ladder !== before) drawLadder();
  } catch {
    // The rows of before stay until the board moves again.
  }
}

/** @returns {string} what is said of the connection, empty when it is well */
function drawStrip() {
  return strip.showConnection(socket.state, socket.code);
}

/** @param {import("../model/terms.js").TermsEvent} event */
function change(event) {
  const before = terms;
  terms = termsModel.next(before, event);
  if (terms !== before) drawTerms();
}

/** @param {ServerMessage} message */
function drawLobby(message) {
  const before = lobby;
  const free = freeOnes();
  lobby = lobbyModel.next(before, message);
  if (lobby === before) return;
  playing.show(lobby.matches, lobbyModel.onlineWords(lobby, me?.id ?? null));
  if (!ladderModel.sameSet(free, freeOnes())) drawLadder([]);
}

/** Whom one can challenge now. */
function freeOnes() {
  return ladderModel.company([], lobby, me?.id ?? null).free;
}

/** @param {readonly string[]} moved whose rows have just changed */
function drawLadder(moved = ladder.moved) {
  const own = me?.id ?? null;
  const marks = { me: own, changed: new Set(moved), free: freeOnes() };
  board.show(deck.id, ladder.rows, ladderModel.below(ladder, own), marks);
}

/** @param {Progress} now */
function arrange(now) {
  const groups = mastery.groups(deck.cards, now).map((group) => {
    const href = studyPath(deck.id, "learn", group.cards);
    return group.mastery === "learning" ? { ...group, href } : group;
  });
  list.arrange(groups, mastery.duelRecords(now));
}

function drawTerms() {
  const rows = termsModel.visible(terms);
  const all = rows.length === deck.cards.length;
  const summary = all ? "" : `${rows.length} of ${deck.cards.length} terms`;
  list.show({ rows, hidden: terms.hidden, only_starred: terms.only_starred, summary });
}
