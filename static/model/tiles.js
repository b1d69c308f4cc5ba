/**
 * A game of Match (`tiles` in code): six pairs against the clock, and the best times around it.
 *
 * The state is frozen and changes by `next` alone. Instants are ms on the page's own clock
 * (`performance.now`); the time that counts is the server's.
 */

/** @typedef {import("../wire/study.js").BestTimes} BestTimes */
/** @typedef {import("../wire/study.js").StudyCard} StudyCard */
/** @typedef {import("../wire/study.js").Tile} Tile */
/** @typedef {import("../wire/study.js").TilesDeal} TilesDeal */
/** @typedef {import("../wire/study.js").TilesResult} TilesResult */
/** @typedef {import("../wire/study.js").Player} Player */
/** @typedef {readonly [number, number]} Turn the two tiles that were tried together */
/** @typedef {{ readonly status: number, readonly reason: string, readonly detail: string }} Problem */
/** @typedef {{ readonly id: string, readonly turns: readonly Turn[] }} Unsent */
/**
 * @typedef {object} Game
 * @property {string} id
 * @property {readonly Tile[]} tiles a tile's number is its place here
 * @property {readonly number[]} partners the other half of each tile's pair
 * @property {number} penalty_ms of a miss
 * @property {number | null} chosen the first tile of a turn
 * @property {readonly number[]} found
 * @property {Turn | null} missed the last turn, if it was a miss; until the next press
 * @property {readonly Turn[]} turns
 * @property {number} misses
 * @property {number} began_at
 * @property {number | null} ended_at when the last pair was found; null again while the turns do not get through
 */
/**
 * @typedef {object} Tiles
 * @property {"start" | "dealing" | "playing" | "sending" | "over"} phase
 * @property {Player | null} me
 * @property {readonly StudyCard[]} cards
 * @property {BestTimes} best
 * @property {Game | null} game the one that is played, or has just been
 * @property {Unsent | null} unsent a finished game, perhaps of an earlier visit, until the server has answered
 * @property {TilesResult | null} result of that game, or of the one that was unsent
 * @property {number} over_at when the phase `over` began
 * @property {Problem | null} problem why there is no game, or no result (yet)
 * @property {{ readonly busy: boolean, readonly problem: Problem | null }} naming
 */
/**
 * @typedef {{ type: "start", at: number }
 *   | { type: "dealt", deal: TilesDeal, at: number }
 *   | { type: "not_dealt", problem: Problem }
 *   | { type: "pressed", tile: number, at: number }
 *   | { type: "quit" }
 *   | { type: "finished", game: string, result: TilesResult, at: number }
 *   | { type: "not_finished", game: string, problem: Problem, again: boolean, at: number }
 *   | { type: "best_times", best: BestTimes }
 *   | { type: "name_sent" }
 *   | { type: "named", player: Player }
 *   | { type: "name_refused", problem: Problem }} TilesEvent
 */

/** Players on a deck's list. */
export const TOP = 10;

/** A start this soon after the end was still meant for the last pair, in ms. */
export const TOO_SOON_MS = 500;

/** The page's deck is not the server's: some tile has no other half here. */
export const STALE = Object.freeze({ status: 0, reason: "stale", detail: "" });

const UNNAMED = Object.freeze({ busy: false, problem: null });

/**
 * @param {readonly StudyCard[]} cards
 * @param {Player | null} me
 * @param {BestTimes} best
 * @param {Unsent | null} [unsent] by an earlier visit
 * @returns {Tiles}
 */
export function tiles(cards, me, best, unsent = null) {
  /** @type {Tiles} */
  const state = {
    phase: "start",
    me,
    cards,
    best,
    game: null,
    unsent,
    result: null,
    over_at: 0,
    problem: null,
    naming: UNNAMED,
  };
  return Object.freeze(state);
}

/**
 * @param {Tiles} state
 * @param {TilesEvent} event
 * @returns {Tiles} the same one where nothing changes
 */
export function next(state, event) {
  switch (event.type) {
    case "start":
      return started(state, event.at);
    case "dealt":
      return state.phase === "dealing" ? dealt(state, event.deal, event.at) : state;
    case "not_dealt":
      if (state.phase !== "dealing") return state;
      return change(state, { phase: "start", game: null, result: null, problem: event.problem });
    case "pressed":
      return state.phase === "playing" && state.game !== null ? pressed(state, state.game, event) : state;
    case "quit":
      if (state.phase !== "playing" && state.phase !== "sending") return state;
      return change(state, { phase: "start", game: null, problem: null });
    case "finished":
      return finished(state, event);
    case "not_finished":
      return notFinished(state, event);
    case "best_times":
      return change(state, { best: event.best });
    case "name_sent":
      return change(state, { naming: Object.freeze({ busy: true, problem: null }) });
    case "named":
      return change(state, { me: event.player, naming: UNNAMED });
    case "name_refused":
      return change(state, { naming: Object.freeze({ busy: false, problem: event.problem }) });
  }
}

/**
 * @param {Tiles} state
 * @param {Partial<Tiles>} news
 * @returns {Tiles}
 */
function change(state, news) {
  return Object.freeze({ ...state, ...news });
}

/**
 * @param {Tiles} state
 * @param {number} at
 */
function started(state, at) {
  const rests = state.phase === "over" && at - state.over_at >= TOO_SOON_MS;
  return state.phase === "start" || rests ? change(state, { phase: "dealing", problem: null }) : state;
}

/**
 * @param {Tiles} state
 * @param {TilesDeal} deal
 * @param {number} at
 */
function dealt(state, deal, at) {
  const partners = partnersOf(deal.tiles, state.cards);
  const best = { ...state.best, best_ms: deal.best_ms };
  if (partners === null) return change(state, { phase: "start", problem: STALE, best });
  /** @type {Game} */
  const game = Object.freeze({
    id: deal.game,
    tiles: deal.tiles,
    partners,
    penalty_ms: deal.penalty_ms,
    chosen: null,
    found: Object.freeze([]),
    missed: null,
    turns: Object.freeze([]),
    misses: 0,
    began_at: at,
    ended_at: null,
  });
  return change(state, { phase: "playing", game, unsent: null, result: null, best, naming: UNNAMED });
}

/**
 * The other half of each tile: the two texts stand on one card of the deck.
 * @param {readonly Tile[]} dealt
 * @param {readonly StudyCard[]} cards
 * @returns {readonly number[] | null} null where one has none
 */
function partnersOf(dealt, cards) {
  const partners = dealt.map(({ text, side }) =>
    dealt.findIndex((other) =>
      cards.some(({ prompt, answer }) =>
        side === "prompt"
          ? other.side === "answer" && prompt === text && answer === other.text
          : other.side === "prompt" && answer === text && prompt === other.text,
      ),
    ),
  );
  return partners.every((other, tile) => partners[other] === tile) ? Object.freeze(partners) : null;
}

/**
 * @param {Tiles} state
 * @param {Game} game
 * @param {{ tile: number, at: number }} press
 */
function pressed(state, game, { tile, at }) {
  if (game.found.includes(tile) || game.tiles[tile] === undefined) return state;
  if (game.chosen === null) return change(state, { game: turned(game, { chosen: tile }) });
  if (game.chosen === tile) return change(state, { game: turned(game, { chosen: null }) });
  /** @type {Turn} */
  const turn = Object.freeze([game.chosen, tile]);
  const turns = Object.freeze([...game.turns, turn]);
  if (game.partners[tile] !== game.chosen) {
    const missed = turned(game, { chosen: null, turns, missed: turn, misses: game.misses + 1 });
    return change(state, { game: missed });
  }
  const found = Object.freeze([...game.found, ...turn]);
  const ended = found.length === game.tiles.length;
  return change(state, {
    phase: ended ? "sending" : "playing",
    unsent: ended ? Object.freeze({ id: game.id, turns }) : null,
    game: turned(game, { chosen: null, turns, found, ended_at: ended ? at : null }),
  });
}

/**
 * The game after a press; a miss is shown until then.
 * @param {Game} game
 * @param {Partial<Game>} news
 * @returns {Game}
 */
function turned(game, news) {
  return Object.freeze({ ...game, missed: null, ...news });
}

/**
 * @param {Tiles} state
 * @param {{ game: string, result: TilesResult, at: number }} event
 */
function finished(state, { game, result, at }) {
  const best = Object.freeze({ best_ms: result.best_ms, top: result.top });
  // The result of a game that was given up meanwhile counts all the same.
  if (state.unsent?.id !== game) return change(state, { best });
  return change(state, { phase: "over", unsent: null, result, over_at: at, best, problem: null });
}

/**
 * @param {Tiles} state
 * @param {{ game: string, problem: Problem, again: boolean, at: number }} event
 */
function notFinished(state, { game: id, problem, again, at }) {
  const { game, phase, unsent } = state;
  if (unsent?.id !== id) return state;
  if (!again) return change(state, { phase: "over", unsent: null, over_at: at, problem });
  if (phase === "dealing") return change(state, { phase: "start", problem });
  if (phase !== "sending" || game === null) return state;
  // The server's clock runs until the turns are there, so the page's does too.
  return change(state, { problem, game: turned(game, { ended_at: null }) });
}

/**
 * What the page's clock shows at an instant: penalties are in it.
 * @param {Game} game
 * @param {number} now
 */
export function shown_ms({ began_at, ended_at, misses, penalty_ms }, now) {
  return Math.max(0, (ended_at ?? now) - began_at) + misses * penalty_ms;
}

/** @param {Game} game */
export function pairsFound({ found }) {
  return found.length / 2;
}

/** @typedef {"free" | "chosen" | "missed" | "found"} TileStatus */

/**
 * @param {Game} game
 * @returns {readonly TileStatus[]} of each tile
 */
export function statuses({ tiles, chosen, found, missed }) {
  return tiles.map(({ tile }) => {
    if (found.includes(tile)) return "found";
    if (tile === chosen) return "chosen";
    return missed?.includes(tile) ? "missed" : "free";
  });
}

/**
 * Whether a name would put the player's best on the list.
 * @param {Tiles} state
 */
export function offersName({ me, best: { best_ms, top } }) {
  if (me !== null || best_ms === null) return false;
  const last = top[TOP - 1];
  return last === undefined || best_ms < last.time_ms;
}

/**
 * One's own row on the list.
 * @param {Tiles} state
 */
export function ownRow({ me, best }) {
  return best.top.find(({ player }) => player === me?.id) ?? null;
}
