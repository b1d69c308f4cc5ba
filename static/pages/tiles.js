/**
 * The study mode Match: six pairs against the server's clock, and the deck's best times.
 */

import { next, tiles } from "../model/tiles.js";
import { toKeep, unsentOf } from "../model/tiles/kept.js";
import { heard, problemOf } from "../model/tiles/words.js";
import { el, fill, mark, say } from "../ui/dom.js";
import { KEYS, TilesBoard } from "../ui/tiles-board.js";
import { TilesPanel } from "../ui/tiles-panel.js";
import { TilesTimes } from "../ui/tiles-times.js";
import { ApiError, bestTiles, dealTiles, finishTiles, signUp } from "../wire/api.js";
import { Retry } from "../wire/retry.js";
import { frame } from "./frame.js";
import { keep, kept } from "./kept.js";
import { study } from "./study.js";

/** @typedef {import("../model/tiles.js").Tiles} Tiles */
/** @typedef {import("../model/tiles.js").TilesEvent} TilesEvent */
/** @typedef {import("../ui/keys.js").Key} Key */
/** @typedef {import("../wire/study.js").StudyPage & { readonly tiles: import("../wire/study.js").BestTimes }} Page */

const page = /** @type {ReturnType<typeof study> & Page} */ (study("match", "Match"));
const { deck, body, listen } = page;

const board = new TilesBoard();
const panel = new TilesPanel();
const times = new TilesTimes();
const around = el("div", { class: "tiles-around" }, panel, times);

let state = tiles(deck.cards, page.me, page.tiles, left());
const retry = new Retry(finish);

mark(body, "data-wide", true);
fill(body, around, board);
draw();
finish();

panel.addEventListener("start", start);
panel.addEventListener("name", (event) => takeName(/** @type {CustomEvent<string>} */ (event).detail));
board.addEventListener("press", (event) => {
  const { detail } = /** @type {CustomEvent<number>} */ (event);
  dispatch({ type: "pressed", tile: detail, at: performance.now() });
  if (state.phase === "sending" && state.problem === null) finish();
});
board.addEventListener("quit", () => dispatch({ type: "quit" }));
addEventListener("online", finish);

async function start() {
  const before = state;
  dispatch({ type: "start", at: performance.now() });
  if (state === before) return;
  // A new game would take the place of one that the server has not got yet.
  if (state.unsent !== null) {
    await finish();
    return;
  }
  try {
    dispatch({ type: "dealt", deal: await dealTiles(deck.id), at: performance.now() });
  } catch (error) {
    dispatch({ type: "not_dealt", problem: problem(error) });
  }
}

/** The finished game of an earlier visit that the server has not answered, if there is one. */
function left() {
  return unsentOf(kept(deck.id, "match"), page.now());
}

/**
 * Keeps a game that is finished until the server has answered.
 * @param {Tiles} before
 */
function keepUnsent({ unsent: was }) {
  const { unsent, game } = state;
  if (unsent !== null && game !== null) keep(deck.id, "match", toKeep(game, page.now()));
  // Another tab may keep one of its own there.
  if (unsent === null && left()?.id === was?.id) keep(deck.id, "match", null);
}

/** Sends the turns until the server has answered: a repeat is harmless, and gives the same. */
async function finish() {
  retry.stop();
  const { unsent } = state;
  if (unsent === null) return;
  const { id: game, turns } = unsent;
  try {
    const result = await finishTiles(deck.id, game, turns);
    dispatch({ type: "finished", game, result, at: performance.now() });
    retry.reset();
  } catch (error) {
    const trouble = problem(error);
    const again = error instanceof ApiError && error.passing;
    dispatch({ type: "not_finished", game, problem: trouble, again, at: performance.now() });
    if (again) retry.later();
    else retry.reset();
  }
}

/** @param {string} name */
async function takeName(name) {
  dispatch({ type: "name_sent" });
  try {
    const { id, name: taken } = await signUp(name);
    dispatch({ type: "named", player: { id, name: taken } });
  } catch (error) {
    dispatch({ type: "name_refused", problem: problem(error) });
    return;
  }
  frame(state.me);
  times.enter();
  try {
    dispatch({ type: "best_times", best: await bestTiles(deck.id) });
  } catch (error) {
    // The name is taken all the same, and the list comes with the next game.
    problem(error);
  }
}

/**
 * What a call was refused for.
 * @param {unknown} error
 */
function problem(error) {
  if (!(error instanceof ApiError)) throw error;
  return Object.freeze({ status: error.status, reason: error.reason, detail: error.detail });
}

/** @param {TilesEvent} event */
function dispatch(event) {
  const before = state;
  state = next(before, event);
  if (state === before) return;
  if (state.unsent !== before.unsent) keepUnsent(before);
  draw();
  const said = heard(before, state);
  if (said !== null) say(said);
  if (before.phase !== state.phase) settle(before);
}

function draw() {
  const { phase, game, me, best } = state;
  const playing = phase === "playing" || phase === "sending";
  mark(document.body, "data-game", playing);
  around.hidden = playing;
  board.hidden = !playing;
  listen(keys());
  board.show(playing ? game : null, phase === "sending" ? (problemOf(state) ?? "Sending your game…") : "");
  if (playing) return;
  panel.show(state);
  times.show(best.top, me?.id ?? null);
}

/**
 * Puts the keyboard where the new phase begins.
 * @param {Tiles} before
 */
function settle({ phase: was }) {
  const { phase } = state;
  if (phase === "playing" || phase === "over") scrollTo(0, 0);
  if (phase === "playing") board.enter();
  else if (phase === "over") panel.read();
  else if (phase === "start" && was !== "dealing") panel.enter();
}

/** @returns {readonly Key[]} */
function keys() {
  if (state.phase === "dealing") return [];
  if (state.phase === "start") return [{ keys: ["Enter", " "], does: "Start", press: start }];
  // A result is read, and Space is the page's own way on.
  if (state.phase === "over") return [{ keys: ["Enter"], does: "Play again", press: start }];
  const rows = ["first", "second", "third"].map((row, at) => ({
    keys: KEYS.slice(4 * at, 4 * at + 4),
    does: `Press a tile of the ${row} row`,
    press: (/** @type {string} */ key) => board.pressKey(key),
  }));
  return [
    ...rows,
    {
      keys: ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"],
      does: "Go from tile to tile",
      press: (key) => board.go(key),
    },
    { keys: ["Enter", " "], does: "Press the tile", press: () => board.pressCurrent() },
    { keys: ["Escape"], does: "Start over", press: () => dispatch({ type: "quit" }) },
  ];
}
