/** What the tests of Match play: a deck, a deal of it, presses, results and troubles. */

import { next, tiles } from "../../static/model/tiles.js";

export const CARDS = [0, 1, 2, 3, 4, 5, 6, 7].map((number) => ({
  id: `c${number}`,
  prompt: `Question ${number}`,
  // Two cards of one answer, of which a deal holds one at the most.
  answer: number === 7 ? "Answer 0" : `Answer ${number}`,
  explanation: "",
  distractors: [],
}));
/** Tile n is the prompt of card n, tile n + 6 its answer. */
export const TILES = [0, 1, 2, 3, 4, 5].flatMap((number) => [
  { tile: number, text: `Question ${number}`, side: "prompt" },
  { tile: number + 6, text: `Answer ${number}`, side: "answer" },
]).sort((one, other) => one.tile - other.tile);
export const DEAL = { game: "g", tiles: TILES, penalty_ms: 1_000, best_ms: null };
export const NOBODY = { best_ms: null, top: [] };
export const ADA = { id: "p-ada", name: "Ada" };
export const row = (time_ms, player = `p-${time_ms}`, rank = 1) => ({ rank, player, name: player, time_ms });
export const result = (more = {}) => ({
  time_ms: 14_320,
  elapsed_ms: 12_320,
  misses: 2,
  best_ms: 14_320,
  improved: true,
  rank: null,
  top: [],
  ...more,
});

export const after = (events, state = tiles(CARDS, null, NOBODY)) => events.reduce(next, state);
export const START = { type: "start", at: 99_000 };
export const dealt = (deal = DEAL, at = 1_000) => [START, { type: "dealt", deal, at }];
export const press = (tile, at = 5_000) => ({ type: "pressed", tile, at });
export const presses = (...numbers) => [...dealt(), ...numbers.map((tile) => press(tile))];
export const pair = (number) => [number, number + 6];
export const ALL = [0, 1, 2, 3, 4, 5].flatMap(pair);
export const done = (more) => [...presses(...ALL), { type: "finished", game: "g", result: result(more), at: 6_000 }];
export const trouble = (status, reason = "unreachable", detail = "Why not.") => ({ status, reason, detail });
