/** Chance, brought by the caller: `random` gives a number from 0 up to, not including, 1. */

/** @typedef {() => number} Random */

/**
 * The same items in a random order (Fisher and Yates).
 * @template T
 * @param {readonly T[]} items
 * @param {Random} random
 * @returns {readonly T[]}
 */
export function shuffled(items, random) {
  const mixed = [...items];
  for (let last = mixed.length - 1; last > 0; last -= 1) {
    const drawn = Math.floor(random() * (last + 1));
    [mixed[last], mixed[drawn]] = [/** @type {T} */ (mixed[drawn]), /** @type {T} */ (mixed[last])];
  }
  return Object.freeze(mixed);
}
