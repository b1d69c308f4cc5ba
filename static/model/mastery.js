/** What a deck's page shows of one's progress: the groups of the terms, the record in duels. */

/** @typedef {import("../wire/study.js").Mastery} Mastery */
/** @typedef {import("../wire/study.js").Progress} Progress */
/** @typedef {import("../wire/study.js").CardProgress} CardProgress */
/** @typedef {{ readonly mastery: Mastery, readonly title: string, readonly cards: readonly string[] }} Group */

/** How well a card is known, in words. @type {Readonly<Record<Mastery, string>>} */
export const MASTERY = Object.freeze({ new: "Not studied", learning: "Still learning", mastered: "Mastered" });

/** In the order of the page: what there is to do comes first. @type {readonly Mastery[]} */
const ORDER = Object.freeze(["learning", "new", "mastered"]);

/**
 * The cards by mastery, each group in deck order; none before anything was studied, and no empty one.
 * @param {readonly { readonly id: string }[]} cards
 * @param {Progress} progress
 * @returns {readonly Group[]}
 */
export function groups(cards, progress) {
  if (progress.cards.every(({ reviews }) => reviews === 0)) return [];
  const known = new Map(progress.cards.map(({ card, mastery }) => [card, mastery]));
  return ORDER.flatMap((mastery) => {
    const ids = cards.flatMap(({ id }) => ((known.get(id) ?? "new") === mastery ? [id] : []));
    return ids.length === 0 ? [] : [Object.freeze({ mastery, title: MASTERY[mastery], cards: ids })];
  });
}

/**
 * How one's duels went on each card, in words; only cards that were in one.
 * @param {Progress} progress
 * @returns {ReadonlyMap<string, { readonly text: string, readonly lost: boolean }>} `lost`: and not made good yet
 */
export function duelRecords(progress) {
  return new Map(
    progress.cards.flatMap(({ card, duels, lost }) =>
      duels.won + duels.lost === 0 ? [] : [[card, { text: inDuels(duels), lost }]],
    ),
  );
}

/** @param {CardProgress["duels"]} duels */
function inDuels({ won, lost }) {
  return `Duels: ${won} of ${won + lost} right`;
}
