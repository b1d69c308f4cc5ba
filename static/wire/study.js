/**
 * The types of what the study modes get and send, as the protocol page names them, and a limit.
 *
 * Instants are whole ms since 1970 (`_at_ms`).
 */

/** @typedef {"flashcard" | "choice" | "true_false" | "matching" | "typed"} How in which form a card was asked */
/** @typedef {"new" | "learning" | "mastered"} Mastery */
/** @typedef {"lost" | "due" | "new"} Because why a card is in the queue */
/** @typedef {"answer" | "prompt"} Side of a card */
/**
 * @typedef {object} StudyCard
 * @property {string} id
 * @property {string} prompt
 * @property {string} answer
 * @property {string} explanation
 * @property {readonly string[]} distractors written wrong answers
 */
/** @typedef {{ readonly id: string, readonly title: string, readonly cards: readonly StudyCard[] }} StudyDeck */
/**
 * @typedef {object} CardProgress
 * @property {string} card
 * @property {Mastery} mastery
 * @property {number | null} due_at_ms
 * @property {number | null} last_at_ms
 * @property {number} reviews
 * @property {number} right
 * @property {boolean} missed the last review was a miss
 * @property {boolean} lost in a duel, and not reviewed rightly since
 * @property {{ readonly won: number, readonly lost: number }} duels
 */
/** @typedef {{ readonly card: string, readonly because: Because }} Queued */
/**
 * @typedef {object} Progress
 * @property {string} deck
 * @property {number} server_time_ms
 * @property {readonly CardProgress[]} cards those with a review or a duel, in deck order
 * @property {readonly Queued[]} queue what to study now, in this order
 * @property {number | null} next_due_at_ms of the cards that are not in the queue
 */
/** @typedef {{ readonly id: string, readonly card: string, readonly at_ms: number, readonly how: How, readonly right: boolean }} Review */
/** @typedef {Progress & { readonly refused: readonly { readonly id: string, readonly reason: string, readonly detail: string }[] }} Kept */
/** @typedef {"case" | "accents" | "punctuation" | "article" | "plural" | "parentheses" | "alternate" | "slip"} Allowance */
/** @typedef {{ readonly card: string, readonly text: string, readonly side: Side }} Typed */
/**
 * @typedef {object} Verdict
 * @property {string} card
 * @property {boolean} right
 * @property {readonly Allowance[]} allowed what had to be overlooked; none for word by word
 * @property {string} matched the accepted text that it equals
 * @property {string} answer the text on the card
 */
/** @typedef {{ readonly tile: number, readonly text: string, readonly side: Side }} Tile */
/** @typedef {{ readonly game: string, readonly tiles: readonly Tile[], readonly penalty_ms: number, readonly best_ms: number | null }} TilesDeal */
/** @typedef {{ readonly rank: number, readonly player: string, readonly name: string, readonly time_ms: number }} BestTime */
/** @typedef {{ readonly best_ms: number | null, readonly top: readonly BestTime[] }} BestTimes */
/**
 * @typedef {object} TilesResult
 * @property {number} time_ms with the penalties
 * @property {number} elapsed_ms without
 * @property {number} misses
 * @property {number} best_ms
 * @property {boolean} improved one's own best
 * @property {number | null} rank among the deck's ten best
 * @property {readonly BestTime[]} top
 */
/** @typedef {import("./messages.js").Player} Player */
/** @typedef {{ readonly me: Player | null, readonly deck: StudyDeck, readonly progress: Progress }} StudyPage */

/** Characters of a typed answer that the server grades. */
export const MOST_TYPED = 500;
