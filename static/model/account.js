/**
 * One's own account as the page `/me` shows it: `next(state, event) -> state`; and its words.
 */

/** @typedef {import("../wire/account.js").Account} Account */
/** @typedef {"name" | "device" | "passkeys" | "challenges" | "leave"} Area of the page */
/**
 * @typedef {object} AccountState
 * @property {Account} account
 * @property {{ readonly path: string, readonly ends_at: number } | null} link the last one made; `ends_at` on the clock of `performance.now()`
 * @property {boolean} link_over its time has run out
 * @property {Area | null} busy something was asked of the server
 * @property {{ readonly area: Area, readonly text: string } | null} problem why the last thing asked was not done
 * @property {{ readonly area: Area, readonly text: string } | null} news what was done last
 */
/**
 * @typedef {{ type: "asked", area: Area }
 *   | { type: "answered", account: Account, news: string }
 *   | { type: "linked", path: string, ends_at: number }
 *   | { type: "link_over" }
 *   | { type: "refused", area: Area, text: string }
 *   | { type: "typed" }} AccountEvent
 */

/**
 * @param {Account} account
 * @returns {Readonly<AccountState>}
 */
export function accountState(account) {
  return Object.freeze({
    account,
    link: null,
    link_over: false,
    busy: null,
    problem: null,
    news: null,
  });
}

/**
 * @param {Readonly<AccountState>} state
 * @param {AccountEvent} event
 * @returns {Readonly<AccountState>}
 */
export function next(state, event) {
  switch (event.type) {
    case "asked":
      // One thing at a time: a second press waits for nothing, and asks for nothing.
      return state.busy === null
        ? Object.freeze({ ...state, busy: event.area, problem: null, news: null })
        : state;
    case "answered":
      return Object.freeze({
        ...state,
        account: event.account,
        busy: null,
        news: state.busy === null ? null : Object.freeze({ area: state.busy, text: event.news }),
      });
    case "linked":
      return Object.freeze({
        ...state,
        link: Object.freeze({ path: event.path, ends_at: event.ends_at }),
        link_over: false,
        busy: null,
      });
    case "link_over":
      return state.link === null ? state : Object.freeze({ ...state, link_over: true });
    case "refused":
      return Object.freeze({
        ...state,
        busy: null,
        problem: Object.freeze({ area: event.area, text: event.text }),
      });
    case "typed":
      return state.problem?.area === "name" ? Object.freeze({ ...state, problem: null }) : state;
  }
}

/**
 * What is wrong in one area; empty for nothing.
 * @param {Readonly<AccountState>} state
 * @param {Area} area
 */
export function problemOf({ problem }, area) {
  return problem?.area === area ? problem.text : "";
}

/**
 * What was done last in one area; empty for nothing.
 * @param {Readonly<AccountState>} state
 * @param {Area} area
 */
export function newsOf({ news }, area) {
  return news?.area === area ? news.text : "";
}

/**
 * @param {number} at_ms since 1970
 * @param {string} [timeZone] the browser's unless told
 */
export function day(at_ms, timeZone) {
  const form = new Intl.DateTimeFormat("en-GB", {
    day: "numeric",
    month: "long",
    year: "numeric",
    timeZone,
  });
  return form.format(at_ms);
}

/**
 * Whether the name may be changed now.
 * @param {Account} account
 * @param {number} now_ms since 1970
 */
export function mayRename({ may_rename_at_ms }, now_ms) {
  return may_rename_at_ms === null || may_rename_at_ms <= now_ms;
}

/**
 * What there is to say before a name is changed.
 * @param {Account} account
 * @param {number} now_ms since 1970
 */
export function renameWords(account, now_ms) {
  if (mayRename(account, now_ms)) {
    return "You can change it once in 30 days. Your old name is free for others at once.";
  }
  return `You changed it lately. You can change it again on ${day(account.may_rename_at_ms ?? 0)}.`;
}

/**
 * What signing out here, or everywhere, means for coming back.
 * @param {Account} account
 * @param {boolean} everywhere
 */
export function signOutWords({ name, passkeys }, everywhere) {
  if (passkeys.length > 0) {
    return `You come back as ${name} with your passkey.`;
  }
  if (everywhere) {
    return `You have no passkey, so nothing brings you back as ${name}: neither this device nor any other. Add a passkey first, or delete yourself to give the name free.`;
  }
  return `You have no passkey. You come back as ${name} only by a link from another device on which you are signed in.`;
}

/** What goes and what stays when a player deletes himself. */
export const DELETE_WORDS = Object.freeze([
  "Gone at once, for ever: your name, ratings, places on all boards, best times, everything you studied, your passkeys and all sign-ins.",
  "What stays: the matches you finished, for those you played. They say “deleted player” in place of your name.",
]);

/**
 * Whether somebody typed his name, to mean it. Case and spaces around do not matter.
 * @param {string} typed
 * @param {string} name
 */
export function meant(typed, name) {
  return typed.trim().toLocaleLowerCase("en") === name.toLocaleLowerCase("en");
}
