/**
 * The page of a match: live it joins the duel's state, its elements and the socket; afterwards it is the review.
 */

import { cameAlone, duel as newDuel, next, opponent, other, outgoing, shownPhase } from "../model/duel.js";
import { announcement, resultSaid, secondsLeft } from "../model/say.js";
import { ratedNote, refusal, stakeLong } from "../model/words.js";
import { ConnectionStrip } from "../ui/connection.js";
import { byId, el, fill, pageData, say, write } from "../ui/dom.js";
import { Meeting } from "../ui/meeting.js";
import { ResignDialog } from "../ui/resign-dialog.js";
import { Result } from "../ui/result.js";
import { Round } from "../ui/round.js";
import { matchRecord } from "../wire/api.js";
import { connect } from "../wire/socket.js";
import { keepAbsent } from "./absent.js";
import { announce, frame } from "./frame.js";
import { notices } from "./notices.js";
import { tellOfStorage } from "./storage.js";
import { challengeAgain, offerRematch } from "./rematch.js";
import { meetingView, resultOfDuel, resultOfRecord, roundView, seatIn } from "./match-views.js";
import { deckPath } from "../model/paths.js";

/** @typedef {import("../model/duel.js").Duel} Duel */
/** @typedef {import("../model/duel.js").LocalEvent} LocalEvent */
/** @typedef {import("../wire/messages.js").MatchRecord} MatchRecord */
/** @typedef {import("../wire/messages.js").ServerMessage} ServerMessage */
/** @typedef {import("./match-views.js").JoinedDuel} JoinedDuel */

/** @type {{ me: import("../wire/messages.js").Player | null, match: string, record: MatchRecord | null }} */
const { me, match, record } = pageData();

/** Pauses before asking again for a record that did not come, in ms. */
const RECORD_PAUSES_MS = [500, 2000, 8000];

const JOINING = "Joining the match…";

let main = byId("main");
const strip = /** @type {ConnectionStrip} */ (document.querySelector("deckduel-connection"));
const keys = matchMedia("(hover: hover)");

frame(me);
if (record?.result != null) lookBack(record);
else play();

/**
 * The review, opened later.
 * @param {MatchRecord} stored
 */
function lookBack(stored) {
  const result = showRecord(stored);
  const told = notices(me);
  const seat = seatIn(stored, me?.id ?? null);
  if (seat === null || told.socket === null || stored.players[other(seat)].deleted) return;
  const rated = stored.unrated_because !== "casual";
  result.offer(challengeAgain(told, me, { opponent: stored.players[other(seat)], deck: stored.deck, rated }));
}

/** @param {MatchRecord} stored */
function showRecord(stored) {
  const result = stage(Result);
  result.show(resultOfRecord(stored, seatIn(stored, me?.id ?? null)));
  return result;
}

/**
 * The element that fills the page now; made when it is not there yet.
 * @template {HTMLElement} T
 * @param {new () => T} kind
 * @returns {T}
 */
function stage(kind) {
  const there = main.firstElementChild;
  if (there instanceof kind) return there;
  const element = new kind();
  const ended = element instanceof Result;
  document.body.classList.toggle("playing", !ended);
  if (ended) renew();
  main.className = ended ? "page ended" : "duel";
  fill(main, element);
  return element;
}

/** With the result all of the page is new, so the head that comes back pushes nothing down. */
function renew() {
  const fresh = /** @type {HTMLElement} */ (main.cloneNode(false));
  main.replaceWith(fresh);
  main = fresh;
}

/** Plays, or watches, the live match until its result. */
function play() {
  const socket = connect();
  const dialog = new ResignDialog();
  const joining = el("p", { class: "joining", role: "status" }, JOINING);
  // Both hear of what comes next from the beginning on, as others may leave the last question first.
  const told = me === null ? null : notices(me, socket, { here: match, quiet: true });
  if (told === null) tellOfStorage(socket);
  const again = me === null ? null : offerRematch(socket, match, me);
  let duel = newDuel(match);
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let later;
  let shown_result = false;

  document.body.append(dialog);
  document.body.classList.add("playing");
  fill(main, joining);

  dialog.addEventListener("resign", () => dispatch({ type: "resign_pressed" }));
  socket.addEventListener("state", (event) => {
    dispatch({ type: "connection", state: /** @type {CustomEvent} */ (event).detail });
  });
  socket.addEventListener("message", (event) => dispatch(/** @type {CustomEvent} */ (event).detail));

  /** @param {ServerMessage | LocalEvent} event */
  function dispatch(event) {
    const before = duel;
    duel = next(duel, event, performance.now());
    for (const message of outgoing(duel)) {
      if (socket.send(message)) duel = next(duel, { type: "sent", message }, performance.now());
    }
    if (duel === before) return;
    draw();
    speak(before);
    plan();
  }

  function draw() {
    showConnection();
    const joined = isJoined(duel) ? duel : null;
    // Nothing disturbs who plays; who watches is told at once.
    if (duel.phase === "missing" || joined?.seat === null) told?.show();
    if (duel.phase === "missing") return showMissing();
    if (joined === null) return write(joining, duel.notice ? refusal(duel.notice) : JOINING);
    if (shown_result) return;
    if (dialog.open) dialog.ask(costOfResigning(joined));
    if (cameAlone(joined)) return lookOn(joined);
    const phase = shownPhase(joined, performance.now());
    if (phase === "gathering" || phase === "countdown") stage(Meeting).show(meetingView(joined));
    else if (phase === "over") finish(joined);
    else drawRound(joined, phase === "reveal");
  }

  /**
   * @param {JoinedDuel} joined
   * @param {boolean} reveal
   */
  function drawRound(joined, reveal) {
    const fresh = !(main.firstElementChild instanceof Round);
    const round = stage(Round);
    if (fresh) listen(round);
    round.show(roundView(joined, reveal, keys.matches));
  }

  /** @param {Round} round */
  function listen(round) {
    round.addEventListener("choose", (event) => {
      dispatch({ type: "chosen", choice: /** @type {CustomEvent<number>} */ (event).detail });
    });
    round.addEventListener("spoken", (event) => {
      say(secondsLeft(/** @type {CustomEvent<number>} */ (event).detail));
    });
    round.addEventListener("resign", () => dialog.ask(costOfResigning(duel)));
  }

  /**
   * The server has put whoever came back among the seeks; the challenge page takes it from there.
   * @param {JoinedDuel} joined
   */
  function lookOn(joined) {
    shown_result = true;
    keepAbsent(opponent(joined)?.name ?? "");
    location.assign(`${deckPath(joined.deck)}/challenge?seek=1`);
  }

  /** @param {JoinedDuel} joined */
  function finish(joined) {
    dialog.close();
    const entering = !(main.firstElementChild instanceof Result);
    const result = stage(Result);
    result.show(resultOfDuel(joined));
    if (entering) {
      window.scrollTo(0, 0);
      result.enter();
    }
    if (joined.result === null) return;
    shown_result = true;
    say(resultSaid(joined) ?? "");
    stay(joined, result);
    // Without a round there is nothing that the record could explain.
    if (joined.closed.length > 0) complete(0);
  }

  /**
   * Whoever has a name hears of what comes next: of a rematch, or of another match.
   * @param {JoinedDuel} joined
   * @param {Result} result
   */
  function stay({ seat, seats }, result) {
    if (told === null || again === null) return socket.close();
    told.show();
    if (seat === null) return;
    const { player: id, name, practice = false } = seats[other(seat)];
    result.offer(again.element);
    again.show({ id, name, practice });
  }

  /** @param {Duel} before */
  function speak(before) {
    const said = announcement(before, duel);
    if (said !== null) say(said);
    const starts =
      before.phase === "loading" && (duel.phase === "gathering" || duel.phase === "countdown");
    if (starts) announce(`Your match: ${opponent(duel)?.name ?? duel.title}`);
  }

  /** Draws again at the instants that no message announces. */
  function plan() {
    clearTimeout(later);
    const now = performance.now();
    const due = [duel.retry_at, duel.result === null ? null : duel.reveal_until].filter(
      (at) => at !== null,
    );
    if (due.length === 0 || shown_result) return;
    later = setTimeout(
      () => {
        dispatch({ type: "retry" });
        draw();
      },
      Math.max(0, Math.min(...due) - now) + 1,
    );
  }

  function showConnection() {
    if (shown_result && me === null) strip.show("");
    else strip.showConnection(duel.connection, socket.code);
  }

  /**
   * The record brings the explanations; without them the review stands all the same.
   * @param {number} tries
   */
  async function complete(tries) {
    try {
      const stored = await matchRecord(match);
      if (stored.result === null) throw new Error("not stored yet");
      showRecord(stored);
    } catch {
      const pause_ms = RECORD_PAUSES_MS[tries];
      if (pause_ms !== undefined) setTimeout(() => complete(tries + 1), pause_ms);
    }
  }

  function showMissing() {
    main.className = "page";
    document.body.classList.remove("playing");
    fill(
      main,
      el("h1", {}, "There is no such match"),
      el("p", {}, el("a", { href: "/" }, "See the decks")),
    );
  }
}

/**
 * @param {Duel} duel
 * @returns {duel is JoinedDuel}
 */
function isJoined(duel) {
  return duel.seats !== null;
}

/** @param {Duel} duel */
function costOfResigning(duel) {
  const anyAnswer = duel.closed.some(({ answers }) => answers[0] !== null || answers[1] !== null);
  const answering = duel.seats?.some((seat) => seat.answered) ?? false;
  if (!anyAnswer && !answering)
    return "Nobody has answered yet, so this ends the match without a result. Leaving often makes you wait.";
  if (duel.stake === null) return `You lose the match. ${ratedNote(duel) ?? ""}`;
  return `You lose the match. ${stakeLong(duel.stake)}`;
}
