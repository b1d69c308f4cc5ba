/**
 * Where a long word may go on in the next line: browsers hyphenate few languages, and some none.
 *
 * A rule of thumb, not a dictionary: a syllable begins with the last consonant before a vowel, and
 * with those that are spoken together with it. Texts of other letters are left as they are.
 */

/** Words of more letters than this may be broken, but not so close to an end. */
const LONGEST_WHOLE = 12;
const LEAST_PART = 4;

/** Shows as a hyphen where the line breaks, and as nothing elsewhere. */
export const SOFT_HYPHEN = "\u00AD";

const LONG_WORD = new RegExp(`\\p{L}{${LONGEST_WHOLE + 1},}`, "gu");
const VOWELS = "aeiouyàáâãäåæèéêëìíîïòóôõöøœùúûüý";
const SYLLABLE = new RegExp(
  `(?<=[${VOWELS}]\\p{L}*)(?:sch|[bcdfgkpt][lr]|s?[ckpt]r|st|[cpstw]h|qu|[^${VOWELS}\\P{L}])[${VOWELS}]`,
  "giu",
);

/**
 * A text whose long words have soft hyphens.
 * @param {string} text
 */
export function hyphenated(text) {
  return text.replace(LONG_WORD, (word) =>
    word.replace(SYLLABLE, (start, /** @type {number} */ at) => {
      const fits = at >= LEAST_PART && word.length - at >= LEAST_PART;
      return fits ? SOFT_HYPHEN + start : start;
    }),
  );
}
