/** When a card is due, in plain words and the reader's own time of day. */

import { counted } from "./words.js";

const DAYS_IN_A_WEEK = 7;
const DAYS_IN_A_MONTH = 30;

/**
 * "now", "today at 18:00", "tomorrow at 18:00", "in 3 days", "in 2 weeks", "in 5 months".
 * @param {number} due_at ms since 1970
 * @param {number} now ms since 1970
 */
export function due(due_at, now) {
  if (due_at <= now) return "now";
  const days = midnights(now, due_at);
  if (days < 2) return `${days === 0 ? "today" : "tomorrow"} at ${timeOfDay(due_at)}`;
  if (days < 2 * DAYS_IN_A_WEEK) return `in ${counted(days, "day")}`;
  if (days < 2 * DAYS_IN_A_MONTH) return `in ${counted(Math.round(days / DAYS_IN_A_WEEK), "week")}`;
  return `in ${counted(Math.round(days / DAYS_IN_A_MONTH), "month")}`;
}

/**
 * How many midnights lie between two instants; a day of 23 or 25 hours is one too.
 * @param {number} from
 * @param {number} to
 */
function midnights(from, to) {
  const [one, other] = [new Date(from), new Date(to)].map((at) =>
    Date.UTC(at.getFullYear(), at.getMonth(), at.getDate()),
  );
  return (Number(other) - Number(one)) / Date.UTC(1970, 0, 2);
}

/** @param {number} at */
function timeOfDay(at) {
  const time = new Date(at);
  return [time.getHours(), time.getMinutes()].map((part) => String(part).padStart(2, "0")).join(":");
}
