/**
 * The page on which an opponent is found: joins the seek's state, its panel and the socket.
 */

import { offerOf, stateWords } from "../model/challenge.js";
import { isAsking, ownLink, problemOf } from "../model/offers.js";
import { challengeLinkPath, matchPath } from "../model/paths.js";
import { aloneAt, destination, next, outgoing, seek as newSeek } from "../model/seek.js";
import { lookingOn, nameError, refusal } from "../model/words.js";
import { aloneWords, ChallengeAlone } from "../ui/challenge-alone.js";
import { ChallengeFriend } from "../ui/challenge-friend.js";
import { ConnectionStrip } from "../ui/connection.js";
import { deckTitle } from "../ui/deck-title.js";
import { byId, detail, el, fill, mark, pageData, say, write } from "../ui/dom.js";
import { NameDialog } from "../ui/name-dialog.js";
import { SeekPanel } from "../ui/seek-panel.js";
import { ApiError, signUp } from "../wire/api.js";
import { connect, RefusedError } from "../wire/socket.js";
import { takeAbsent } from "./absent.js";
import { Others } from "./challenge-others.js";
import { CHIME_MS, chime } from "./chime.js";
import { announce, frame } from "./frame.js";
import { notices } from "./notices.js";
import { Offering } from "./offering.js";

/** @typedef {import("../model/challenge.js").Challenge} Challenge */
/** @typedef {import("../model/challenge.js").Terms} Terms */
/** @typedef {import("../model/seek.js").SeekEvent} SeekEvent */
/** @typedef {import("../ui/practice.js").PracticeOpponent} PracticeOpponent */
/** @typedef {import("../wire/messages.js").Player} Player */
/** @typedef {import("../wire/messages.js").ServerMessage} ServerMessage */
/**
 * @typedef {object} Page
 * @property {Player | null} me
 * @property {{ id: string, title: string, cards: number }} deck
 * @property {{ rounds: number, round_ms: number }} settings
 * @property {string} origin of the addresses that are given to others
 * @property {readonly Challenge[]} challenges the player's own open ones
 * @property {readonly PracticeOpponent[]} practice the weakest first
 * @property {number} rating one's own, for the practice opponent to be offered
 */

/** @type {Page} */
const { me, deck, settings, origin, challenges, practice: opponents, rating } = pageData();

/** What a challenge is played for unless it is said. @type {Terms} */
const USUAL = Object.freeze({ rated: true, rounds: settings.rounds, limit_ms: settings.round_ms });

/** What the page asks for: the link, its end; else it is the id of whom is challenged. */
const LINK = "link";
const WITHDRAWAL = "withdrawal";

const NOT_CONNECTED = "The server does not answer. Try again in a moment.";

/** The practice opponent whose strength is nearest to one's own. */
const nearest =
  [...opponents].sort((one, two) => gap(one) - gap(two))[0] ?? null;

/** The phases in which an opponent is being looked for. */
const WAITING = new Set(["asking", "seeking", "elsewhere"]);

const strip = /** @type {ConnectionStrip} */ (document.querySelector("deckduel-connection"));
const panel = new SeekPanel();
const meanwhile = new ChallengeAlone();
const friend = new ChallengeFriend();
const names = new NameDialog();
const why = el("p", { class: "why", hidden: true });

const socket = connect();
const offering = new Offering(me, challenges, socket);
const others = new Others(deck.id, opponents, USUAL, offering);

let seek = newSeek(deck.id, me);
/** @type {ReturnType<typeof setTimeout> | undefined} */
let retry;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let lonely;
let alone = false;
let leaving = false;
let terms = USUAL;

frame(me);
fill(
  byId("main"),
  deckTitle(deck, "Challenge"),
  el("div", { class: "find" }, why, panel, meanwhile, friend),
  el("aside", { class: "others", "aria-label": "Others to play" }, ...others.make()),
);
document.body.append(names);
meanwhile.tell([
  `${settings.rounds} questions from ${deck.cards} terms`,
  `${settings.round_ms / 1000} seconds each`,
  "right beats quick, quick beats slow",
  "moves your Elo rating",
]);
panel.show(seek);
showOffers();

panel.addEventListener("name", (event) => takeName(detail(event)));
panel.addEventListener("seek", press);
panel.addEventListener("cancel", () => dispatch({ type: "cancel_pressed" }));
friend.addEventListener("make", make);
friend.addEventListener("withdraw", withdraw);
friend.addEventListener("terms", (event) => choose(detail(event)));
friend.addEventListener("code", (event) => openCode(detail(event)));
others.addEventListener("terms", (event) => choose(detail(event)));
meanwhile.addEventListener("make", () => {
  make();
  friend.scrollIntoView({ block: "nearest" });
  friend.enter();
});
meanwhile.addEventListener("play", (event) => others.play(detail(event)));
names.addEventListener("name", (event) => offering.takeName(detail(event)));
names.addEventListener("dropped", () => offering.dispatch({ type: "dropped" }));

offering.addEventListener("changed", showOffers);
offering.listen();
socket.addEventListener("state", (event) => dispatch({ type: "connection", state: detail(event) }));
socket.addEventListener("message", (event) => dispatch(detail(event)));
notices(me, socket, { goes: false });

// Back from the match, a page that the browser kept may go to a next one.
addEventListener("pageshow", ({ persisted }) => {
  if (persisted) leaving = false;
});

// "Play again" comes here to look at once; a reload of the same address must not.
if (new URLSearchParams(location.search).has("seek")) {
  history.replaceState(null, "", location.pathname);
  if (me !== null) press();
  explain(takeAbsent());
}

/**
 * Why one is looking again; it stands as long as one does.
 * @param {string | null} absent the name of who did not come to the last match
 */
function explain(absent) {
  if (absent === null) return;
  write(why, lookingOn(absent));
  mark(why, "hidden", false);
  say(lookingOn(absent));
}

function press() {
  dispatch({ type: "pressed" });
}

/** @param {string} name */
async function takeName(name) {
  if (seek.phase !== "name") press();
  dispatch({ type: "name_sent" });
  try {
    const player = await signUp(name);
    dispatch({ type: "named", player: { id: player.id, name: player.name } });
    frame(player);
    socket.reconnect();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    dispatch({ type: "name_refused", reason: error.reason, detail: error.detail });
  }
}

/** @param {ServerMessage | SeekEvent} event */
function dispatch(event) {
  const before = seek;
  seek = next(before, event, performance.now());
  for (const message of outgoing(seek)) {
    if (socket.send(message)) seek = next(seek, { type: "sent", message }, performance.now());
  }
  if (seek === before) return;
  panel.show(seek);
  if (!WAITING.has(seek.phase)) mark(why, "hidden", true);
  showConnection();
  showAlone();
  planRetry();
  const match = destination(seek);
  if (match !== null) go(match);
}

function showOffers() {
  const { offers } = offering;
  const link = ownLink(offers, deck.id);
  friend.show({
    link: link && {
      view: link.view,
      ends_at: link.ends_at,
      me: offers.me,
      origin,
      problem: problemSaid(WITHDRAWAL),
      busy: isAsking(offers, WITHDRAWAL),
    },
    terms: terms.rated ? USUAL : terms,
    busy: isAsking(offers, LINK),
    problem: problemSaid(LINK),
    news: lastLinkSaid(),
  });
  others.show(terms);
  showAlone();
  askName();
}

/** What became of the last link, once it is not open. */
function lastLinkSaid() {
  const { known, me: player } = offering.offers;
  const last = known.find(({ view }) => view.kind === "link" && view.by.id === player?.id)?.view;
  return last === undefined || last.state === "open" ? "" : stateWords(last, player);
}

/** @param {string} about */
function problemSaid(about) {
  const problem = problemOf(offering.offers, about);
  return problem === null ? "" : refusal(problem);
}

/** A wish of somebody without a name asks for one. */
function askName() {
  const { phase, wish, name_error } = offering.offers;
  if (phase !== "name" && phase !== "naming") return names.close();
  const opponent = opponents.find(({ id }) => id === wish?.about);
  const other = opponent === undefined ? "Challenge" : `Play ${opponent.name}`;
  names.ask({
    problem: name_error && nameError(name_error),
    busy: phase === "naming",
    action: wish?.about === LINK ? "Make the link" : other,
  });
}

/** Offers something else to whoever has been alone for a while, and says so once. */
function showAlone() {
  clearTimeout(lonely);
  const at = aloneAt(seek);
  const left_ms = at === null ? null : at - performance.now();
  const now = left_ms !== null && left_ms <= 0;
  const link = ownLink(offering.offers, deck.id) !== null;
  meanwhile.show({ alone: now, link, opponent: nearest });
  if (now && !alone) say(aloneWords(link));
  alone = now;
  if (left_ms !== null && !now) lonely = setTimeout(showAlone, left_ms + 1);
}

/** @param {Partial<Terms>} changed */
function choose(changed) {
  terms = Object.freeze({ ...terms, ...changed });
  showOffers();
}

function make() {
  offering.wish(LINK, offerOf(deck.id, null, terms, USUAL));
}

function withdraw() {
  const link = ownLink(offering.offers, deck.id);
  if (link === null) return;
  offering.wish(WITHDRAWAL, { type: "withdraw_challenge", challenge: link.view.challenge });
}

/** @param {string} code */
async function openCode(code) {
  friend.showCode({ problem: "", busy: true });
  try {
    await socket.request({ type: "watch_challenge", challenge: code });
    location.assign(challengeLinkPath(code));
    friend.showCode({ problem: "", busy: false });
  } catch (error) {
    const said = error instanceof RefusedError ? refusal(error.refused) : NOT_CONNECTED;
    friend.showCode({ problem: said, busy: false });
  }
}

function showConnection() {
  const text = strip.showConnection(seek.connection, socket.code);
  if (text !== "") say(text);
}

/** Asks again what was refused for a while. */
function planRetry() {
  clearTimeout(retry);
  if (seek.retry_at === null || seek.phase === "cooling") return;
  retry = setTimeout(
    () => dispatch({ type: "retry" }),
    Math.max(0, seek.retry_at - performance.now()) + 1,
  );
}

/** @param {PracticeOpponent} opponent */
function gap({ strength }) {
  return Math.abs(strength - rating);
}

/** @param {string} match */
function go(match) {
  if (leaving) return;
  leaving = true;
  const hidden = document.visibilityState === "hidden";
  announce(`Opponent found: ${seek.pairing?.opponent.name ?? "your match"}`);
  if (hidden) chime();
  setTimeout(() => location.assign(matchPath(match)), hidden ? CHIME_MS : 0);
}
