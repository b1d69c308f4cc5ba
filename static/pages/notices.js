/**
 * What every page does for its player: tells of challenges and of a match that waits.
 *
 * It holds the one socket of a page that has none of its own.
 */

import { matchPath } from "../model/paths.js";
import { newly, noticeView } from "../model/notice-view.js";
import * as model from "../model/notices.js";
import { detail, say } from "../ui/dom.js";
import { Notice } from "../ui/notice.js";
import { ApiError, matchRecord, mutePlayer } from "../wire/api.js";
import { connect } from "../wire/socket.js";
import { chime } from "./chime.js";
import { announce } from "./frame.js";
import { tellOfStorage } from "./storage.js";

/** @typedef {import("../wire/messages.js").Player} Player */
/** @typedef {import("../wire/messages.js").ServerMessage} ServerMessage */
/** @typedef {import("../model/notices.js").NoticesEvent} NoticesEvent */
/** @typedef {import("../wire/socket.js").Socket} Socket */
/**
 * `here`: the challenge that the page itself speaks of, or the match of such a rematch. `goes`: whether to go where a match is
 * made; false on a page that does so itself. `quiet`: to do nothing before `show`, as nothing may disturb a live match.
 * @typedef {{ here?: string, goes?: boolean, quiet?: boolean }} Manner
 */

/**
 * @param {Player | null} me
 * @param {Socket | null} [own] the page's, which it listens to as well
 * @param {Manner} [manner]
 * @returns {{ socket: Socket | null, challenge: (deck: string, to: string, rated?: boolean) => void, show: () => void }}
 *   the socket, null for a visitor on a page that needs none; a way to challenge somebody; and the end of `quiet`
 */
export function notices(me, own = null, { here, goes = true, quiet = false } = {}) {
  // Nobody has anything to tell a visitor without a name.
  const socket = own ?? (me === null ? null : connect());
  if (socket === null) return { socket, challenge: () => {}, show: () => {} };
  tellOfStorage(socket);
  const element = new Notice();
  let state = model.notices(me, here, quiet);
  let leaving = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let later;

  document.querySelector("deckduel-connection")?.after(element);
  element.show(null);
  element.addEventListener("act", (event) => press(detail(event)));
  socket.addEventListener("state", (event) => dispatch({ type: "connection", state: detail(event) }));
  socket.addEventListener("message", (event) => {
    dispatch(detail(event));
    // A board that moved may be the end of one's match, and whoever is challenged is in none.
    if (["ladder", "challenge_changed"].includes(detail(event).type)) look();
  });
  document.addEventListener("visibilitychange", look);
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted) leaving = false;
  });
  dispatch({ type: "connection", state: socket.state });

  /** @param {ServerMessage | NoticesEvent} event */
  function dispatch(event) {
    const before = state;
    state = model.next(before, event, performance.now());
    for (const message of model.outgoing(state)) {
      if (socket?.send(message)) state = model.next(state, { type: "sent", message }, performance.now());
    }
    if (state === before) return;
    element.show(goes || state.going === null ? noticeView(state) : null);
    tell(newly(before, state));
    plan();
  }

  /** @param {{ title: string, text: string } | null} news */
  function tell(news) {
    if (news === null || (state.going !== null && !goes)) return;
    say(news.text);
    announce(news.title);
    if (document.visibilityState === "hidden") chime();
  }

  /** @param {model.Act} act */
  async function press(act) {
    const view = noticeView(state);
    if (view === null) return;
    const offer = state.offers.find((one) => one.view.challenge === view.challenge);
    dispatch({ type: "pressed", act, challenge: view.challenge });
    if (act !== "mute" || offer === undefined) return;
    const { id, name } = offer.view.by;
    try {
      await mutePlayer(id);
      dispatch({ type: "muted", name });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      dispatch({ type: "not_muted", detail: error.detail });
    }
  }

  /** What is due next: going to the match, or taking away what is no news any more. */
  function plan() {
    clearTimeout(later);
    const now = performance.now();
    const { going, news, quiet } = state;
    if (quiet) return;
    if (going !== null && goes && document.visibilityState === "visible") {
      later = setTimeout(() => go(going.match), Math.max(0, going.at - now));
    } else if (news !== null) {
      later = setTimeout(() => dispatch({ type: "time_passed" }), Math.max(0, news.until - now) + 1);
    }
  }

  /** @param {string} match */
  function go(match) {
    if (leaving) return;
    leaving = true;
    location.assign(matchPath(match));
  }

  /** Nobody tells a page that has not entered it that a match is over. */
  async function look() {
    const { going, live_match } = state;
    const match = going?.match ?? live_match;
    if (match === null || document.visibilityState !== "visible") return;
    try {
      const { result } = await matchRecord(match);
      if (result !== null) dispatch({ type: "match_gone", match });
      else if (goes && state.going !== null) plan();
    } catch {
      // Without an answer the way to the match stays in sight: it leads to the result as well.
    }
  }

  return {
    socket,
    challenge: (deck, to, rated = true) => dispatch({ type: "challenge_pressed", deck, to, rated }),
    show: () => dispatch({ type: "shown" }),
  };
}
