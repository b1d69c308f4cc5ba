/**
 * What of Learn is kept between visits, and how it is read again: defensively, for it may be old,
 * spoilt, or of a deck that has changed.
 */

import { learn } from "../learn.js";
import { list, record, side as asSide, strings } from "../kept.js";
import { across } from "../questions.js";
import { change, DEFAULTS } from "./state.js";

/** @typedef {import("./state.js").Learn} Learn */
/** @typedef {import("./state.js").Settings} Settings */
/** @typedef {import("./state.js").Answer} Answer */
/** @typedef {import("./state.js").StudyCard} StudyCard */
/** @typedef {import("./lesson.js").Item} Item */
/** @typedef {import("./lesson.js").Lesson} Lesson */
/** @typedef {import("../../wire/study.js").Progress} Progress */
/** @typedef {import("../../wire/study.js").Side} Side */
/** @typedef {import("../kept.js").Unknown} Unknown */

/** After this long without an answer a session begins anew, in ms. */
export const KEPT_MS = 24 * 3600 * 1000;

const REASONS = Object.freeze(["lost", "due", "new", "early"]);

/**
 * @param {Learn} learn
 * @param {string} address the cards that the address asks for, as it names them
 * @param {number} at_ms
 */
export function toKeep({ settings, studied, ...state }, address, at_ms) {
  const { lesson, asked, phase, turn, side, question, text, answer } = state;
  const session = { at_ms, address, lesson, asked, phase, turn, side, question, text, answer };
  return { settings, studied, session };
}

/**
 * The state as it was left; before any set where that cannot be. What was at the server is asked
 * again, with what was typed.
 * @param {unknown} value what was kept
 * @param {{ cards: readonly StudyCard[], progress: Progress, asked: readonly string[] }} page
 * @param {{ address: string, at_ms: number, ended: boolean }} visit `ended`: a set that is done is
 *   still to be shown
 * @returns {Learn}
 */
export function restored(value, { cards, progress, asked }, visit) {
  const kept = record(value);
  const settings = settingsOf(record(kept.settings));
  const studied = studiedOf(record(kept.studied), cards);
  const fresh = learn({ cards, progress, asked, settings, studied });
  return sessionOf(record(kept.session), fresh, visit) ?? fresh;
}

/**
 * @param {Unknown} kept
 * @param {Learn} fresh
 * @param {{ address: string, at_ms: number, ended: boolean }} visit
 * @returns {Learn | null}
 */
function sessionOf(kept, fresh, { address, at_ms, ended }) {
  const age_ms = at_ms - Number(kept.at_ms);
  const set = lessonOf(record(kept.lesson), fresh.cards);
  if (kept.address !== address || !(Math.abs(age_ms) <= KEPT_MS) || set === null) return null;
  const asked = strings(kept.asked).filter((id) => fresh.asked.includes(id));
  const turn = Number.isSafeInteger(kept.turn) ? kept.turn : 0;
  const after = change(fresh, { lesson: set, asked, turn, since: at_ms });
  if (set.line.length === 0) return ended && set.items.length > 0 ? after : null;
  const card = fresh.cards.find(({ id }) => id === set.line[0]);
  const side = asSide(kept.side);
  const question = card === undefined ? null : questionOf(record(kept.question), card, side);
  if (question === null) return null;
  const answer = kept.phase === "verdict" ? answerOf(kept.answer) : null;
  const phase = answer === null ? "asking" : "verdict";
  const text = typeof kept.text === "string" ? kept.text : "";
  return change(after, { phase, side, question, answer, text });
}

/**
 * @param {Unknown} kept
 * @param {readonly StudyCard[]} cards
 * @returns {Lesson | null}
 */
function lessonOf(kept, cards) {
  const all = list(kept.items);
  const items = all.filter(isItem);
  const line = strings(kept.line);
  const open = items.filter(({ done }) => !done).map(({ card }) => card);
  const whole = items.length === all.length && line.length === open.length;
  const known = items.every(({ card }) => cards.some(({ id }) => id === card));
  if (!whole || !known || !open.every((card) => line.includes(card))) return null;
  return Object.freeze({ items: Object.freeze(items), line: Object.freeze(line) });
}

/**
 * @param {unknown} value
 * @returns {value is Item}
 */
function isItem(value) {
  const { card, because, familiar, done, asked, missed } = record(value);
  const flags = typeof familiar === "boolean" && typeof done === "boolean";
  const numbers = Number.isSafeInteger(asked) && Number.isSafeInteger(missed);
  return typeof card === "string" && REASONS.includes(because) && flags && numbers;
}

/**
 * @param {Unknown} kept
 * @param {StudyCard} card
 * @param {Side} side
 * @returns {Learn["question"]}
 */
function questionOf({ kind, choices, right }, card, side) {
  const asked = card[across(side)];
  if (kind === "typed") return Object.freeze({ kind, card: card.id, asked, side });
  const texts = strings(choices);
  if (kind !== "choice" || texts[right] !== card[side]) return null;
  return Object.freeze({ kind, card: card.id, asked, choices: Object.freeze(texts), right });
}

/**
 * @param {unknown} value
 * @returns {Answer | null}
 */
function answerOf(value) {
  const kept = record(value);
  if (typeof kept.right !== "boolean" || typeof kept.at_ms !== "number") return null;
  return Object.freeze({
    picked: Number.isSafeInteger(kept.picked) ? kept.picked : null,
    verdict: verdictOf(kept.verdict),
    right: kept.right,
    at_ms: kept.at_ms,
    recorded: typeof kept.recorded === "boolean" ? kept.recorded : null,
  });
}

/**
 * @param {unknown} value
 * @returns {Answer["verdict"]}
 */
function verdictOf(value) {
  const { card, right, allowed, matched, answer } = record(value);
  if (typeof right !== "boolean" || [card, matched, answer].some((text) => typeof text !== "string")) return null;
  return Object.freeze({ card, right, allowed: /** @type {any} */ (strings(allowed)), matched, answer });
}

/**
 * @param {Unknown} kept
 * @returns {Settings}
 */
function settingsOf({ side, typing }) {
  return Object.freeze({
    side: asSide(side ?? DEFAULTS.side),
    typing: typing === "never" ? "never" : DEFAULTS.typing,
  });
}

/**
 * @param {Unknown} kept
 * @param {readonly StudyCard[]} cards
 */
function studiedOf(kept, cards) {
  const known = cards.flatMap(({ id }) => (typeof kept[id] === "number" ? [[id, kept[id]]] : []));
  return Object.freeze(/** @type {Record<string, number>} */ (Object.fromEntries(known)));
}
