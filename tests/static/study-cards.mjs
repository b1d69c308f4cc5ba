/** Cards that the tests of the study modes start from, and chance that repeats itself. */

const WRONG = ["Momentum", "Pooling", "Padding", "Stride"];
export const card = (id, over = {}) => ({
  id,
  prompt: `Prompt ${id}`,
  answer: `Answer ${id}`,
  explanation: `Because ${id}`,
  distractors: WRONG,
  ...over,
});
export const deck = (size) => Array.from({ length: size }, (_, at) => card(`c${at + 1}`));
/** The same numbers for the same seed (mulberry32). */
export function seeded(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
