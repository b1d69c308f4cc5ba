/** The letters that choices are told apart by. */

export const LETTERS = Object.freeze(["A", "B", "C", "D", "E", "F"]);

/** Those of a question's four choices. */
export const CHOICE_LETTERS = Object.freeze(LETTERS.slice(0, 4));
