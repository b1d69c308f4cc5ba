/** Why a typed answer was accepted, in words. */

/** @typedef {import("../wire/study.js").Allowance} Allowance */
/** @typedef {import("../wire/study.js").Verdict} Verdict */

/** @type {Readonly<Record<Allowance, string>>} */
const OVERLOOKED = Object.freeze({
  case: "capitals",
  accents: "accents",
  punctuation: "punctuation and spaces",
  article: "articles",
  plural: "singular or plural",
  parentheses: "what is in parentheses",
  alternate: "",
  slip: "a slip of the finger",
});

/**
 * Why an answer counts though it is not word by word the card's; empty where it is, or is wrong.
 * @param {Verdict} verdict
 * @returns {string} "Accepted: the card says “…”. Overlooked: capitals and a slip of the finger."
 */
export function why({ right, allowed, matched, answer }) {
  if (!right || allowed.length === 0) return "";
  const also = matched === answer ? "" : `“${matched}” is another way to say it. `;
  const small = allowed.map((allowance) => OVERLOOKED[allowance]).filter((words) => words !== "");
  return `${also}${small.length === 0 ? "" : `Overlooked: ${listed(small)}.`}`.trim();
}

/** @param {readonly string[]} words */
function listed(words) {
  const last = words.at(-1) ?? "";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} and ${last}`;
}
