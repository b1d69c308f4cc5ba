/**
 * The page of a player: ratings and how they came, matches, the way to challenge him.
 */

import * as model from "../model/person.js";
import { challengePath } from "../model/paths.js";
import { Chart } from "../ui/chart.js";
import { ConnectionStrip } from "../ui/connection.js";
import { byId, detail, el, fill, pageData, say } from "../ui/dom.js";
import { ChallengeButton, MatchList, PersonHead, headingOf, standing, weakCards } from "../ui/person.js";
import { ApiError, playerMatches } from "../wire/api.js";
import { connect } from "../wire/socket.js";
import { frame } from "./frame.js";
import { notices } from "./notices.js";

/** @typedef {import("../wire/messages.js").Player} Player */
/** @typedef {import("../wire/messages.js").Card} Card */
/** @typedef {import("../wire/players.js").PlayerOnLadder} PlayerOnLadder */
/** @typedef {import("../wire/study.js").Progress} Progress */

/**
 * @type {{
 *   me: Player | null,
 *   player: import("../wire/players.js").PlayerShown,
 *   histories: readonly import("../wire/players.js").History[],
 *   matches: import("../wire/players.js").Matches,
 *   studied: readonly { progress: Progress, cards: readonly Card[] }[],
 * }}
 */
const { me, player, histories, matches, studied } = pageData();

let person = model.person(player, me);
let rows = matches.matches.map(model.matchRow);
let before = matches.next;
let problem = "";

const own = person.me === person.id;
const strip = /** @type {ConnectionStrip} */ (document.querySelector("deckduel-connection"));
const head = new PersonHead();
const list = new MatchList();
/** @type {Map<string, ChallengeButton>} by deck */
const buttons = new Map();

frame(me);
fill(
  byId("main"),
  head,
  el(
    "div",
    { class: "columns" },
    el("div", { class: "stack" }, ...shownLadders().map(ladderSection), ...weakSections()),
    el(
      "section",
      { class: "matches sheet", "aria-labelledby": "matches-title" },
      el("h2", { id: "matches-title" }, "Finished matches"),
      list,
    ),
  ),
);
draw();
drawMatches();

const socket = connect();
const told = notices(me, socket);
socket.addEventListener("state", (event) => {
  const open = detail(event) === "open";
  if (open) socket.send({ type: "watch_player", player: person.id });
  dispatch({ type: "connection", open: open || detail(event) === "connecting" });
  const text = strip.showConnection(socket.state, socket.code);
  if (text !== "") say(text);
});
socket.addEventListener("message", (event) => dispatch(detail(event)));
list.addEventListener("more", more);

/** @param {Parameters<typeof model.next>[1]} event */
function dispatch(event) {
  const was = person;
  person = model.next(was, event);
  if (person !== was) draw();
}

function draw() {
  head.show(person);
  for (const [deck, button] of buttons) button.show(person, deck);
}

function drawMatches() {
  const nothing = own ? "Nothing here yet. Your matches will be listed here." : "Nothing here yet.";
  list.show(rows, { more: before !== null, problem, nothing });
}

async function more() {
  const from = before;
  if (from === null) return;
  before = null;
  try {
    const page = await playerMatches(person.id, from);
    rows = [...rows, ...page.matches.map(model.matchRow)];
    before = page.next;
    problem = "";
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    before = from;
    problem = error.detail;
  }
  drawMatches();
}

/** Those that were played; all where none was, for each is a way to a first match. */
function shownLadders() {
  const known = player.decks.filter(({ matches, against }) => {
    const met = against !== undefined && against.wins + against.draws + against.losses > 0;
    return matches > 0 || met;
  });
  return known.length > 0 ? known : player.decks;
}

/** @param {PlayerOnLadder} ladder */
function ladderSection(ladder) {
  const points = histories.find(({ deck }) => deck === ladder.deck)?.points ?? [];
  const chart = points.length > 0 ? new Chart() : null;
  const section = el(
    "section",
    { class: "standing sheet", "aria-labelledby": headingOf(ladder) },
    ...standing(ladder, person.name, !person.bot),
    !own && wayToChallenge(ladder.deck),
    chart,
  );
  chart?.show([...points].reverse());
  return section;
}

/** @param {string} deck */
function wayToChallenge(deck) {
  if (me === null) {
    return el("p", {}, el("a", { class: "button", href: challengePath(deck) }, "Choose a name to challenge others"));
  }
  const button = new ChallengeButton();
  buttons.set(deck, button);
  button.addEventListener("challenge", () => told.challenge(deck, person.id, !person.bot));
  return button;
}

function weakSections() {
  const [first] = player.decks;
  if (own && studied.length === 0 && first !== undefined) return [weakCards(first.deck, first.title, [])];
  return studied.map(({ progress, cards }) => {
    const words = new Map(cards.map((card) => [card.id, card]));
    const weak = model.weakest(progress).flatMap(({ card, why }) => {
      const known = words.get(card);
      return known === undefined ? [] : [{ ...known, why }];
    });
    const title = player.decks.find(({ deck }) => deck === progress.deck)?.title ?? "";
    return weakCards(progress.deck, title, weak);
  });
}
