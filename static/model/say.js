/** What a live region says about a step of the duel: seldom, short, and only what is new. */

import { lastClosed, missedStart, opponent, other, seatOrder } from "./duel/state.js";
import { LETTERS } from "./letters.js";
import * as words from "./words.js";

/** @typedef {import("./duel.js").Duel} Duel */
/** @typedef {import("../wire/messages.js").Seat} Seat */

/**
 * The sentence for the step from one state to the next, or null when nothing is worth saying.
 * @param {Duel} before
 * @param {Duel} after
 * @returns {string | null}
 */
export function announcement(before, after) {
  if (before === after || after.seats === null) return null;
  const said = [
    connectionSaid(before, after),
    phaseSaid(before, after),
    ...answersSaid(before, after),
    presenceSaid(before, after),
  ].filter((sentence) => sentence !== null);
  return said.length === 0 ? null : said.join(" ");
}

/**
 * The seconds left, at one of the sparse moments of `clock.js`.
 * @param {number} seconds
 */
export function secondsLeft(seconds) {
  return `${words.counted(seconds, "second")} left.`;
}

/**
 * @param {Duel} before
 * @param {Duel} after
 */
function connectionSaid(before, after) {
  if (after.result !== null) return null;
  const back = before.entered !== "yes" && after.entered === "yes" && before.phase !== "loading";
  if (back && before.connection === "open")
    return after.seat === null ? "You are watching again." : "You are back in the match.";
  if (before.connection === after.connection) return null;
  return words.connection(after.connection);
}

/**
 * @param {Duel} before
 * @param {Duel} after
 */
function phaseSaid(before, after) {
  const { phase, round, rounds, prompt } = after;
  // The result is said when it is shown: the last reveal is heard and seen before it.
  if (after.result !== null) return null;
  if (before.phase === phase && before.round === round) return null;
  switch (phase) {
    case "gathering":
      return "Waiting for both players.";
    case "countdown":
      return "Both players are here. Get ready.";
    case "open":
      return `Round ${round} of ${rounds}. ${prompt}`;
    case "reveal":
      return revealSaid(after);
    case "over":
      return "The match is over. The result is being stored.";
    default:
      return null;
  }
}

/**
 * @param {Duel} duel
 * @returns {string | null}
 */
function revealSaid(duel) {
  const closed = lastClosed(duel);
  if (closed === null) return null;
  const { correct, choices, answers, totals } = closed;
  const right = `The answer is ${LETTERS[correct]}, ${choices[correct]}.`;
  const [first, second] = seatOrder(duel);
  const each = [first, second].map((seat) => {
    const answer = answers[seat];
    if (answer === null) return `${called(duel, seat)}: no answer.`;
    if (answer.choice !== correct) return `${called(duel, seat)}: wrong.`;
    return `${called(duel, seat)}: right, ${words.points(answer.points)} points.`;
  });
  const total = `${words.points(totals[first])} to ${words.points(totals[second])}.`;
  return [right, ...each, total].join(" ");
}

/**
 * How the match ended, to be said with the result in sight; null while there is none.
 * @param {Duel} duel
 * @returns {string | null}
 */
export function resultSaid(duel) {
  const { result, seat, seats } = duel;
  if (result === null || seats === null) return null;
  /** @type {readonly [string, string]} */
  const names = [seats[0].name, seats[1].name];
  const title = words.resultTitle(result.outcome, seat, names);
  const why = missedStart(duel) ? words.MISSED_START : words.resultReason(result, seat, names);
  return `${title}. ${why}`;
}

/**
 * @param {Duel} before
 * @param {Duel} after
 * @returns {(string | null)[]}
 */
function answersSaid(before, after) {
  // The answers of another round are no news to somebody who has just come back.
  if (after.phase !== "open" || before.phase !== "open" || before.round !== after.round) return [];
  const status = after.mine?.status;
  const decided = status === "taken" || status === "refused";
  const own = decided && before.mine?.status !== status;
  const seats = after.seat === null ? seatOrder(after) : [other(after.seat)];
  return [
    own ? words.ownAnswer(after.mine, after.connection, after.away) : null,
    ...seats.map((seat) =>
      after.seats?.[seat].answered && !before.seats?.[seat].answered
        ? words.answered(after.seats[seat].name)
        : null,
    ),
  ];
}

/**
 * @param {Duel} before
 * @param {Duel} after
 */
function presenceSaid(before, after) {
  const was = opponent(before);
  const is = opponent(after);
  if (was === null || is === null || after.phase === "over") return null;
  if (was.connected === is.connected) return null;
  return is.connected ? `${is.name} is here.` : `${is.name} is away.`;
}

/**
 * @param {Duel} duel
 * @param {Seat} seat
 */
function called({ seat: own, seats }, seat) {
  return seat === own ? "You" : (seats?.[seat].name ?? "");
}
