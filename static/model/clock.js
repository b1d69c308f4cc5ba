/**
 * Instants on this page's own monotonic clock, made from the durations that the server sends.
 *
 * An instant is a number of milliseconds on the clock of `performance.now()`; the caller passes the
 * reading at which a message was received, so nothing here looks at a clock, and the time of day of
 * the device, which may be hours wrong, never matters.
 */

/** The remaining times, in ms, at which a running clock is said aloud; longest first. */
export const SPOKEN_AT_MS = Object.freeze([10_000, 5_000]);

/** How long after a refusal that will pass (Redis away, too fast) to ask again, in ms. */
export const RETRY_MS = 1_000;

/**
 * The instant at which something that has `left_ms` to go is due.
 * @param {number} at_ms when the duration was received
 * @param {number | null} left_ms
 * @returns {number | null}
 */
export function instant(at_ms, left_ms) {
  return left_ms === null ? null : at_ms + left_ms;
}

/**
 * Milliseconds to an instant: never negative, 0 when there is none.
 * @param {number | null} ends_at
 * @param {number} now_ms
 */
export function remaining(ends_at, now_ms) {
  return ends_at === null ? 0 : Math.max(0, ends_at - now_ms);
}

/**
 * Whole seconds for a display that reaches 0 only at the end.
 * @param {number} remaining_ms
 */
export function seconds(remaining_ms) {
  return Math.ceil(Math.max(0, remaining_ms) / 1000);
}

/**
 * What is left as a share of the whole, 1 down to 0: the length of a timer bar.
 * @param {number | null} ends_at
 * @param {number} limit_ms
 * @param {number} now_ms
 */
export function share(ends_at, limit_ms, now_ms) {
  if (limit_ms <= 0) return 0;
  return Math.min(1, remaining(ends_at, now_ms) / limit_ms);
}

/**
 * The next moment at which the time is worth saying, or null when none is left.
 *
 * A clock that is as long as, or shorter than, a spoken time does not start by saying it.
 * @param {number | null} ends_at
 * @param {number} limit_ms the whole length of this clock
 * @param {number} now_ms
 * @returns {{ at: number, seconds: number } | null} `at` is an instant after `now_ms`
 */
export function nextSpoken(ends_at, limit_ms, now_ms) {
  if (ends_at === null) return null;
  for (const left_ms of SPOKEN_AT_MS) {
    const at = ends_at - left_ms;
    if (left_ms < limit_ms && at > now_ms) return Object.freeze({ at, seconds: left_ms / 1000 });
  }
  return null;
}
