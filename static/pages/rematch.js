/**
 * The way from a match to the next one against the same player: a rematch where it has just ended,
 * a challenge where the review is opened later.
 */

import * as people from "../model/person.js";
import * as model from "../model/rematch.js";
import { detail } from "../ui/dom.js";
import { RematchOffer } from "../ui/rematch.js";

/** @typedef {import("../model/rematch.js").Opponent} Opponent */
/** @typedef {import("../model/rematch.js").RematchEvent} RematchEvent */
/** @typedef {import("../wire/messages.js").ServerMessage} ServerMessage */
/** @typedef {import("../wire/messages.js").Player} Player */
/** @typedef {import("../wire/messages.js").RecordPlayer} RecordPlayer */
/** @typedef {import("../wire/socket.js").Socket} Socket */
/** @typedef {ReturnType<typeof import("./notices.js").notices>} Told */

/**
 * Hears what is offered from the beginning of a match on.
 * @param {Socket} socket that stays open
 * @param {string} match
 * @param {Player} me
 * @returns {{ element: RematchOffer, show: (opponent: Opponent) => void }} the element to be placed on
 *   the page, and what to call once it is
 */
export function offerRematch(socket, match, me) {
  const element = new RematchOffer();
  let state = model.rematch(match, me.id);

  /** @param {ServerMessage | RematchEvent} event */
  function dispatch(event) {
    state = model.next(state, event, performance.now());
    for (const message of model.outgoing(state)) {
      if (socket.send(message)) state = model.next(state, { type: "sent", message }, performance.now());
    }
    if (state.opponent !== null) element.show(model.rematchView(state));
  }

  element.addEventListener("act", (event) => dispatch({ type: "pressed", act: detail(event) }));
  socket.addEventListener("state", (event) => dispatch({ type: "connection", state: detail(event) }));
  socket.addEventListener("message", (event) => dispatch(detail(event)));
  dispatch({ type: "connection", state: socket.state });
  return { element, show: (opponent) => dispatch({ type: "shown", opponent }) };
}

/**
 * @param {Told} told what holds the socket, and tells what becomes of the challenge
 * @param {Player | null} me
 * @param {{ opponent: RecordPlayer, deck: string, rated: boolean }} wanted
 * @returns {RematchOffer} to be placed on the page
 */
export function challengeAgain({ socket, challenge }, me, { opponent, deck, rated }) {
  const { id, name, bot, practice = false } = opponent;
  const element = new RematchOffer();
  let person = people.person({ id, name, bot, practice, online: practice, playing: null, decks: [] }, me);

  function draw() {
    const why = people.whyNot(person);
    const main = /** @type {const} */ ({ act: "offer", label: "Challenge again", off: why !== "" });
    element.show({ text: why || `${name}: ${people.presenceWords(person).toLowerCase()}`, ends_at: null, main, other: null });
  }

  element.addEventListener("act", () => challenge(deck, id, rated && !bot));
  socket?.addEventListener("state", (event) => {
    const open = detail(event) === "open";
    if (open && !practice) socket.send({ type: "watch_player", player: id });
    person = people.next(person, { type: "connection", open });
    draw();
  });
  socket?.addEventListener("message", (event) => {
    person = people.next(person, detail(event));
    draw();
  });
  person = people.next(person, { type: "connection", open: socket?.state === "open" });
  draw();
  return element;
}
