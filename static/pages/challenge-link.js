/**
 * The page at the link of a challenge: joins the challenge's state, its card and the socket.
 */

import { partOf } from "../model/challenge.js";
import { isAsking, knownAs, problemOf } from "../model/offers.js";
import { deckPath } from "../model/paths.js";
import { refusal } from "../model/words.js";
import { ChallengeInvite } from "../ui/challenge-invite.js";
import { ChallengeLink } from "../ui/challenge-link.js";
import { ConnectionStrip } from "../ui/connection.js";
import { byId, detail, el, fill, pageData, say, write } from "../ui/dom.js";
import { connect } from "../wire/socket.js";
import { frame } from "./frame.js";
import { notices } from "./notices.js";
import { Offering } from "./offering.js";

/** @typedef {import("../model/challenge.js").Challenge} Challenge */
/** @typedef {import("../wire/messages.js").ServerMessage} ServerMessage */
/**
 * @typedef {object} Page
 * @property {import("../wire/messages.js").Player | null} me
 * @property {Challenge | null} challenge
 * @property {string} origin of the addresses that are given to others
 */

/** @type {Page} */
const page = pageData();

/** What the page asks for. */
const ANSWER = "answer";
const WITHDRAWAL = "withdrawal";

const main = byId("main");

frame(page.me);
if (page.challenge === null) showMissing();
else showChallenge(page.challenge);

function showMissing() {
  fill(
    main,
    title(null, el("h1", {}, "No such challenge")),
    el("p", {}, "Nobody made a challenge with this code, or it ended more than a week ago."),
    el("p", { class: "soft" }, "Check the code with who gave it to you, or find somebody else to play."),
    el("p", {}, el("a", { class: "button", "data-kind": "main", href: "/" }, "Find an opponent")),
  );
  notices(page.me);
}

/**
 * @param {Challenge | null} challenge
 * @param {HTMLElement} head
 */
function title(challenge, head) {
  const deck = challenge && el("a", { href: deckPath(challenge.deck) }, challenge.title);
  return el("header", { class: "title" }, deck && el("p", { class: "kicker" }, deck), head);
}

/** @param {Challenge} first as the page came */
function showChallenge(first) {
  const strip = /** @type {ConnectionStrip} */ (document.querySelector("deckduel-connection"));
  const code = first.challenge;
  const invite = new ChallengeInvite();
  const link = new ChallengeLink();
  const own = el(
    "section",
    { class: "friend sheet", "aria-label": "Your challenge" },
    link,
    el("p", { class: "soft" }, "This link is your own: send it to whoever you want to play."),
  );
  const head = el("h1", {}, "Challenge");
  const socket = connect();
  const offering = new Offering(page.me, [first], socket);
  /** @type {string | null} the match that whoever offers is in */
  let playing = null;
  let watching = false;

  fill(main, title(first, head), invite);
  show();

  invite.addEventListener("accept", accept);
  invite.addEventListener("name", (event) => {
    accept();
    offering.takeName(detail(event));
  });
  invite.addEventListener("decline", () => {
    offering.wish(ANSWER, { type: "decline_challenge", challenge: code });
  });
  link.addEventListener("withdraw", () => {
    offering.wish(WITHDRAWAL, { type: "withdraw_challenge", challenge: code });
  });
  offering.addEventListener("changed", show);
  offering.listen();
  socket.addEventListener("state", () => {
    if (socket.state !== "open") watching = false;
    const text = strip.showConnection(socket.state, socket.code);
    if (text !== "") say(text);
  });
  socket.addEventListener("message", (event) => hear(detail(event)));
  notices(page.me, socket, { here: code });

  function accept() {
    offering.wish(ANSWER, { type: "accept_challenge", challenge: code });
  }

  function show() {
    const { offers } = offering;
    const known = knownAs(offers, code) ?? { view: first, ends_at: null };
    const { view, ends_at } = known;
    const { me } = offers;
    const mine = partOf(view, me) === "by";
    const waits = mine && view.kind === "link" && view.state === "open";
    if (waits) {
      const busy = isAsking(offers, WITHDRAWAL);
      link.show({ view, ends_at, me, origin: page.origin, problem: said(WITHDRAWAL), busy });
    } else {
      invite.show({
        view,
        ends_at,
        me: offers.phase === "naming" ? null : me,
        busy: isAsking(offers, ANSWER),
        problem: said(ANSWER),
        name_error: offers.name_error,
        playing,
      });
    }
    write(head, mine ? "Your challenge" : "A challenge");
    place(waits ? own : invite);
    if (!mine) watch(view.by.id);
  }

  /** @param {HTMLElement} card */
  function place(card) {
    const there = main.lastElementChild;
    if (there === card) return;
    const held = there?.contains(document.activeElement);
    there?.replaceWith(card);
    if (held) main.focus();
  }

  /** @param {string} about */
  function said(about) {
    const problem = problemOf(offering.offers, about);
    return problem === null ? "" : refusal(problem);
  }

  /**
   * Who is in a match cannot be played now; and what came of the challenge is live as long.
   * @param {string} player
   */
  function watch(player) {
    if (!watching) watching = socket.send({ type: "watch_player", player });
  }

  /** @param {ServerMessage} message */
  function hear(message) {
    if (message.type !== "presence") return;
    playing = message.playing;
    show();
  }
}
