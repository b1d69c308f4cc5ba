/**
 * The page on which an opponent is found: joins the seek's state, its panel and the socket.
 */

import { destination, next, outgoing, seek as newSeek } from "../model/seek.js";
import { lookingOn } from "../model/words.js";
import { ConnectionStrip } from "../ui/connection.js";
import { byId, el, fill, mark, pageData, say, write } from "../ui/dom.js";
import { SeekPanel } from "../ui/seek-panel.js";
import { ApiError, signUp } from "../wire/api.js";
import { connect } from "../wire/socket.js";
import { takeAbsent } from "./absent.js";
import { announce, frame } from "./frame.js";
import { deckPath, matchPath } from "../model/paths.js";

/** @typedef {import("../model/seek.js").SeekEvent} SeekEvent */
/** @typedef {import("../wire/messages.js").Player} Player */
/** @typedef {import("../wire/messages.js").ServerMessage} ServerMessage */
/**
 * @typedef {object} Page
 * @property {Player | null} me
 * @property {{ id: string, title: string, cards: number }} deck
 * @property {{ rounds: number, round_ms: number }} settings
 */

/** @type {Page} */
const { me, deck, settings } = pageData();

/** How long the two notes sound before a page out of sight goes to its match, in ms. */
const CHIME_MS = 400;

/** The phases in which an opponent is being looked for. */
const WAITING = new Set(["asking", "seeking", "elsewhere"]);

const strip = /** @type {ConnectionStrip} */ (document.querySelector("deckduel-connection"));
const panel = new SeekPanel();
const why = el("p", { class: "why", hidden: true });
const sound = { context: /** @type {AudioContext | null} */ (null) };

let seek = newSeek(deck.id, me);
/** @type {ReturnType<typeof setTimeout> | undefined} */
let retry;
let leaving = false;

frame(me);
fill(
  byId("main"),
  el(
    "header",
    { class: "title" },
    el("p", { class: "kicker" }, el("a", { href: deckPath(deck.id) }, deck.title)),
    el("h1", {}, "Challenge"),
  ),
  why,
  panel,
  el(
    "ul",
    { class: "facts", role: "list" },
    el("li", {}, `${settings.rounds} questions from ${deck.cards} terms`),
    el("li", {}, `${settings.round_ms / 1000} seconds each`),
    el("li", {}, "right beats quick, quick beats slow"),
    el("li", {}, "moves your Elo rating"),
  ),
);
panel.show(seek);

panel.addEventListener("name", (event) => takeName(/** @type {CustomEvent<string>} */ (event).detail));
panel.addEventListener("seek", press);
panel.addEventListener("cancel", () => dispatch({ type: "cancel_pressed" }));

const socket = connect();
socket.addEventListener("state", (event) => {
  const { detail } = /** @type {CustomEvent} */ (event);
  dispatch({ type: "connection", state: detail });
});
socket.addEventListener("message", (event) => dispatch(/** @type {CustomEvent} */ (event).detail));

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
  // A page that nobody has touched yet may not sound, and the browser complains if it tries.
  if (navigator.userActivation.hasBeenActive) sound.context ??= new AudioContext();
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
  planRetry();
  const match = destination(seek);
  if (match !== null) go(match);
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

/** @param {string} match */
function go(match) {
  if (leaving) return;
  leaving = true;
  const hidden = document.visibilityState === "hidden";
  announce(`Opponent found: ${seek.pairing?.opponent.name ?? "your match"}`);
  if (hidden) chime();
  setTimeout(() => location.assign(matchPath(match)), hidden ? CHIME_MS : 0);
}

/** Two rising notes, where the browser lets a page sound. */
function chime() {
  const { context } = sound;
  if (context === null || context.state !== "running") return;
  [660, 880].forEach((frequency, index) => {
    const starts_at = context.currentTime + index * 0.16;
    const note = context.createOscillator();
    const volume = context.createGain();
    note.frequency.value = frequency;
    volume.gain.setValueAtTime(0.12, starts_at);
    volume.gain.exponentialRampToValueAtTime(0.001, starts_at + 0.2);
    note.connect(volume).connect(context.destination);
    note.start(starts_at);
    note.stop(starts_at + 0.2);
  });
}
