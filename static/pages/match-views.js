/**
 * What the match page shows, as plain values made from the duel's state or from the stored record.
 */

import {
  bySeat,
  canAnswer,
  canResign,
  lastClosed,
  missedStart,
  opponent,
  seatOrder,
} from "../model/duel.js";
import {
  MISSED_START,
  answered,
  answerTime,
  eloParts,
  eloSum,
  matchHeadline,
  ownAnswer,
  rating,
  ratedNote,
  refusal,
  resemblesWords,
  resultReason,
  resultTitle,
  score,
  signed,
  stakeShort,
} from "../model/words.js";
import { watchingTogether, watchingWords } from "../model/lobby.js";
import { deckPath, studyPath } from "../model/paths.js";

/** @typedef {import("../model/duel.js").Duel} Duel */
/** @typedef {import("../model/duel.js").SeatView} SeatView */
/** @typedef {import("../wire/messages.js").ClosedRound} ClosedRound */
/** @typedef {import("../wire/messages.js").MatchRecord} MatchRecord */
/** @typedef {import("../wire/messages.js").RatingChange} RatingChange */
/** @typedef {import("../wire/messages.js").Seat} Seat */
/**
 * @template T
 * @typedef {import("../wire/messages.js").BySeat<T>} BySeat
 */
/** @typedef {Duel & { seats: BySeat<SeatView> }} JoinedDuel */

const SEATS = /** @type {const} */ ([0, 1]);

/**
 * @param {JoinedDuel} duel
 * @returns {import("../ui/meeting.js").MeetingView}
 */
export function meetingView(duel) {
  const counting = duel.phase === "countdown";
  return {
    sides: bySeat((seat) => {
      const { name, rating: value, provisional, ready, connected, bot } = duel.seats[seat];
      const state = !connected ? "not here yet" : ready ? "ready" : "loading";
      return {
        name,
        you: seat === duel.seat,
        rating: rating(value, provisional),
        state: bot ? `bot, ${state}` : state,
      };
    }),
    order: seatOrder(duel),
    stake: duel.stake === null ? (duel.rated ? "Rated" : "Unrated") : stakeShort(duel.stake),
    terms:
      ratedNote(duel, duel.seat === null) ?? (duel.stake === null ? "" : "if you win / if you lose"),
    gate: counting ? "count" : "gate",
    ends_at: duel.ends_at,
    held_at: duel.held_at,
    watching: audience(duel),
    leave: wayBack(duel),
  };
}

/**
 * @param {JoinedDuel} duel
 * @param {boolean} reveal whether to show the last closed round
 * @param {boolean} keys whether this device has keys to speak of
 * @returns {import("../ui/round.js").RoundView}
 */
export function roundView(duel, reveal, keys) {
  const closed = reveal ? lastClosed(duel) : null;
  const { mine, seat } = duel;
  const over = duel.phase === "over" || duel.storing;
  return {
    round: closed?.round ?? duel.round,
    rounds: duel.rounds,
    prompt: closed?.prompt ?? duel.prompt ?? "",
    ends_at: closed === null ? duel.ends_at : null,
    limit_ms: duel.limit_ms,
    held_at: duel.held_at,
    choices: {
      choices: closed?.choices ?? duel.choices,
      takes: canAnswer(duel),
      mine:
        mine === null || seat === null
          ? null
          : { choice: mine.choice, status: mine.status, seat },
      reveal: closed && {
        correct: closed.correct,
        picked: bySeat((at) => closed.answers[at]?.choice ?? null),
      },
      names: bySeat((at) => duel.seats[at].name),
    },
    seats: bySeat((at) => seatLine(duel, at, closed)),
    order: seatOrder(duel),
    status: closed === null ? openStatus(duel, keys) : revealStatus(duel, closed),
    next_at: closed === null || over ? null : duel.ends_at,
    can_resign: canResign(duel),
    watching: audience(duel),
    leave: wayBack(duel),
  };
}

/**
 * How many watch, as the players and those who watch are told it.
 * @param {Duel} duel
 */
function audience({ seat, watchers }) {
  return seat === null ? watchingTogether(watchers) : watchingWords(watchers);
}

/**
 * The way back for one who only watches.
 * @param {Duel} duel
 */
function wayBack({ seat, deck }) {
  return seat === null ? { label: "Back to the deck", href: deckPath(deck) } : null;
}

/**
 * @param {JoinedDuel} duel
 * @param {Seat} at
 * @param {ClosedRound | null} closed
 * @returns {import("../ui/scoreboard.js").SeatLine}
 */
function seatLine(duel, at, closed) {
  const { name, total, connected, forfeit_at, answered: has } = duel.seats[at];
  const base = { name, you: at === duel.seat, total, forfeit_at: null };
  if (!connected && forfeit_at !== null)
    return { ...base, state: "forfeits in ", strong: true, forfeit_at };
  if (closed === null)
    return { ...base, state: has ? "has answered" : connected ? "thinking" : "away", strong: has };
  const answer = closed.answers[at];
  if (answer === null) return { ...base, state: "no answer", strong: false };
  return {
    ...base,
    state: `${signed(answer.points)} · ${answerTime(answer.elapsed_ms)}`,
    strong: answer.points > 0,
  };
}

/**
 * @param {JoinedDuel} duel
 * @param {boolean} keys
 */
function openStatus(duel, keys) {
  if (duel.notice !== null) return refusal(duel.notice);
  if (duel.seat === null) return "You are watching.";
  const own = ownAnswer(duel.mine, duel.connection, duel.away);
  if (own !== null) return own;
  const other = opponent(duel);
  if (other !== null && !other.connected) return `${other.name} is away. The match goes on.`;
  if (other?.answered) return answered(other.name);
  return keys ? "Press 1 to 4. Your first answer counts." : "Your first answer counts.";
}

/**
 * @param {JoinedDuel} duel
 * @param {ClosedRound} closed
 */
function revealStatus(duel, closed) {
  if (duel.phase === "over" || duel.storing) return "Storing the result…";
  return `${verdict(duel, closed)} Next in`.trim();
}

/**
 * How the round went for whoever sits here.
 * @param {JoinedDuel} duel
 * @param {ClosedRound} closed
 */
function verdict({ seat, mine }, { answers, correct }) {
  if (seat === null) return "";
  const own = answers[seat];
  if (own === null) return ownAnswer(mine, "open", false) ?? "No answer.";
  return own.choice === correct ? `Right, ${signed(own.points)}.` : "Wrong.";
}

/**
 * The result from what the socket told; the explanations come with the record.
 * @param {JoinedDuel} duel
 * @returns {import("../ui/result.js").ResultView}
 */
export function resultOfDuel(duel) {
  const { result, seat, seats } = duel;
  const view = resultView(
    {
      id: duel.match,
      deck: duel.deck,
      title: duel.title,
      rated: duel.rated,
      unrated_because: duel.unrated_because,
      k_share: duel.k_share,
      players: bySeat((at) => ({ ...seats[at], id: seats[at].player })),
      rounds: duel.closed.map((round) => ({ ...round, explanation: null })),
      result: result && { ...result },
      totals: bySeat((at) => seats[at].total),
      ratings: result?.ratings ?? null,
      provisional_after: result?.provisional_after ?? null,
      resembles: result?.resembles ?? null,
    },
    seat,
  );
  return missedStart(duel) ? { ...view, reason: MISSED_START } : view;
}

/**
 * The result from the record, which stands for ever.
 * @param {MatchRecord} record
 * @param {Seat | null} seat
 */
export function resultOfRecord(record, seat) {
  const totals = record.result?.totals ?? record.rounds.at(-1)?.totals ?? [0, 0];
  return resultView({ ...record, totals }, seat);
}

/**
 * Which seat of a record a player had.
 * @param {MatchRecord} record
 * @param {string | null} player
 * @returns {Seat | null}
 */
export function seatIn({ players }, player) {
  return SEATS.find((at) => players[at].id === player) ?? null;
}

/**
 * @typedef {object} Ended
 * @property {string} id
 * @property {string} deck
 * @property {string} title
 * @property {boolean} rated
 * @property {import("../wire/messages.js").UnratedBecause | null} unrated_because
 * @property {number} k_share
 * @property {BySeat<{ id: string, name: string, provisional: boolean, practice?: boolean, deleted?: boolean }>} players
 * @property {readonly (import("../ui/review.js").ReviewedRound & { card: string | null })[]} rounds
 * @property {MatchRecord["result"]} result
 * @property {BySeat<number>} totals
 * @property {BySeat<RatingChange> | null} ratings
 * @property {BySeat<boolean> | null} provisional_after
 * @property {number | null} resembles
 */

/**
 * @param {Ended} ended
 * @param {Seat | null} seat
 * @returns {import("../ui/result.js").ResultView}
 */
function resultView(ended, seat) {
  const { result, players, ratings, k_share } = ended;
  const names = bySeat((at) => players[at].name);
  const href = deckPath(ended.deck);
  const aborted = result?.outcome === "aborted";
  const marked = ended.provisional_after;
  return {
    title: result === null ? "The match is over" : resultTitle(result.outcome, seat, names),
    reason: result === null ? "The result is being stored." : resultReason(result, seat, names),
    note: aborted ? "" : [ratedNote(ended, seat === null), resembling(ended, seat)].filter((said) => said !== null).join(" "),
    sides: bySeat((at) => ({
      player: players[at],
      you: at === seat,
      won: result !== null && !aborted && score(result.outcome, at) === 1,
      total: ended.totals[at],
      rating:
        result &&
        ratings &&
        change(ratings[at], score(result.outcome, at) ?? 0, k_share, {
          before: players[at].provisional,
          after: marked?.[at] ?? false,
        }),
    })),
    order: seatOrder({ seat }),
    rounds: ended.rounds,
    deck: { title: ended.title, href },
    again:
      seat === null
        ? { label: "Challenge somebody", href: `${href}/challenge` }
        : { label: "Find another", href: `${href}/challenge?seek=1` },
    study: seat === null ? null : toStudy(ended, seat),
    headline: matchHeadline(result, names),
  };
}

/**
 * What a result against a practice opponent speaks for; null after any other match.
 * @param {Ended} ended
 * @param {Seat | null} seat
 */
function resembling({ resembles, players }, seat) {
  if (resembles === null) return null;
  const player = players[0].practice ? 1 : 0;
  return resemblesWords(resembles, player === seat ? null : players[player].name);
}

/**
 * The way to Learn, with exactly the cards that a seat missed; null where there are none.
 * @param {Ended} ended
 * @param {Seat} seat
 */
function toStudy({ deck, rounds }, seat) {
  const cards = rounds.flatMap(({ card, answers, correct }) =>
    card !== null && answers[seat]?.choice !== correct ? [card] : [],
  );
  if (cards.length === 0) return null;
  const label = cards.length === 1 ? "Study the one I missed" : `Study the ${cards.length} I missed`;
  return { label, href: studyPath(deck, "learn", cards) };
}

/**
 * @param {RatingChange} rated
 * @param {number} scored
 * @param {number} k_share
 * @param {{ before: boolean, after: boolean }} provisional
 */
function change(rated, scored, k_share, provisional) {
  return {
    before: rating(rated.before, provisional.before),
    after: rating(rated.after, provisional.after),
    change: `(${signed(rated.change)})`,
    sum: eloSum(rated, scored, k_share),
    parts: eloParts(rated, scored, k_share),
  };
}
