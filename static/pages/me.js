/**
 * The page `/me`: one's name and how to keep it, or for a visitor the ways to have one.
 */

import { accountState, DELETE_WORDS, next, problemOf, signOutWords } from "../model/account.js";
import { AccountChallenges } from "../ui/account-challenges.js";
import { AccountDevice } from "../ui/account-device.js";
import { AccountName } from "../ui/account-name.js";
import { AccountPasskeys } from "../ui/account-passkeys.js";
import "../ui/connection.js";
import { byId, detail, el, fill, pageData, say, write } from "../ui/dom.js";
import { forPrograms } from "../ui/for-programs.js";
import { NameForm } from "../ui/name-form.js";
import { SureDialog } from "../ui/sure-dialog.js";
import * as wire from "../wire/account.js";
import { ApiError, signUp } from "../wire/api.js";
import { addPasskey, Dismissed, passkeysHere, signInByPasskey } from "../wire/passkeys.js";
import { frame } from "./frame.js";
import { notices } from "./notices.js";
import { playerPath } from "../model/paths.js";
import { nameError } from "../model/words.js";

/** @typedef {import("../model/account.js").AccountEvent} AccountEvent */
/** @typedef {import("../model/account.js").Area} Area */
/** @typedef {import("../wire/account.js").Account} Account */
/**
 * @typedef {object} Page
 * @property {import("../wire/messages.js").Player | null} me
 * @property {Account | null} account
 * @property {string | null} freed the name that was given free
 * @property {string} site the host that passkeys are for
 * @property {string} origin at which another device reaches this server
 */

/** @type {Page} */
const { me, account, freed, site, origin } = pageData();

const able = passkeysHere(site);

frame(me);
if (account === null) visitor();
else player(account);

/** @param {Account} mine */
function player(mine) {
  let state = accountState(mine);
  const title = el("h1", {}, mine.name);
  const name = new AccountName();
  const device = new AccountDevice();
  const passkeys = new AccountPasskeys();
  const challenges = new AccountChallenges();
  const leaving = new SureDialog();
  const deleting = new SureDialog();
  const here = el("button", { class: "button", type: "button" }, "Sign out here");
  const everywhere = el("button", { class: "button", type: "button" }, "Sign out everywhere");
  const remove = el("button", { class: "button", type: "button", "data-kind": "grave" }, "Delete me");
  const problem = el("p", { class: "problem", role: "alert" });
  let all = false;
  /** What was asked last: whatever is asked meanwhile waits until it is answered. */
  let turn = Promise.resolve();
  /** @type {Set<Area>} in which something waits */
  const waiting = new Set();
  /** @type {{ readonly on: boolean } | null} what the box of challenges was pressed to last, until it is answered */
  let wish = null;

  fill(
    byId("main"),
    el(
      "header",
      { class: "title" },
      el("p", { class: "kicker" }, "Your name here"),
      title,
      el("p", {}, el("a", { href: playerPath(mine.id) }, "Your ratings and matches")),
    ),
    name,
    device,
    passkeys,
    challenges,
    el(
      "section",
      { class: "leave" },
      el("h2", {}, "Leave"),
      el("p", {}, "Sign out of this device, or of every device at once."),
      el("div", { class: "actions" }, here, everywhere),
      el("p", {}, "Or go for good: your name is free, and what is yours is gone."),
      el("div", { class: "actions" }, remove),
      problem,
    ),
    forPrograms(),
    leaving,
    deleting,
  );
  draw();
  notices(me);

  name.addEventListener("rename", (event) => {
    const wanted = { name: detail(event) };
    ask("name", () => wire.changeAccount(wanted), "Your name is changed.");
  });
  name.addEventListener("typed", () => dispatch({ type: "typed" }));
  device.addEventListener("make", makeLink);
  device.addEventListener("over", () => dispatch({ type: "link_over" }));
  passkeys.addEventListener("add", () => {
    ask("passkeys", async () => (await addPasskey()) ?? state.account, "This device has a passkey now.");
  });
  passkeys.addEventListener("remove", (event) => {
    ask("passkeys", () => wire.removePasskey(detail(event)), "The passkey is removed.");
  });
  challenges.addEventListener("switch", (event) => {
    const on = detail(event);
    const news = on ? "Others can challenge you." : "Nobody can challenge you.";
    const mine = { on };
    wish = mine;
    const change = () =>
      wire.changeAccount({ challenges: on }).finally(() => {
        if (wish === mine) wish = null;
      });
    ask("challenges", change, news);
  });
  challenges.addEventListener("unmute", (event) => {
    ask("challenges", () => wire.unmutePlayer(detail(event)), "Unmuted.");
  });
  here.addEventListener("click", () => askToLeave(false));
  everywhere.addEventListener("click", () => askToLeave(true));
  leaving.addEventListener("sure", () => go(() => wire.signOut(all)));
  remove.addEventListener("click", () => {
    const word = state.account.name;
    deleting.ask({ title: `Delete ${word}?`, lines: DELETE_WORDS, action: "Delete me", word });
  });
  deleting.addEventListener("sure", () => go(wire.deleteAccount));

  /** @param {boolean} out_of_all */
  function askToLeave(out_of_all) {
    all = out_of_all;
    const action = all ? "Sign out everywhere" : "Sign out";
    const lines = [signOutWords(state.account, all)];
    leaving.ask({ title: all ? "Sign out everywhere?" : "Sign out here?", lines, action, word: null });
  }

  /**
   * Does one thing after the other, so that nothing that was pressed is lost. What is pressed again before
   * it was answered counts once; the box and the list of challenges mean each press.
   * @param {Area} area
   * @param {() => Promise<void>} task
   */
  function inTurn(area, task) {
    if (waiting.has(area) && area !== "challenges") return;
    waiting.add(area);
    const run = async () => {
      dispatch({ type: "asked", area });
      try {
        await task();
      } catch (error) {
        dispatch({ type: "refused", area, text: said(error) });
      } finally {
        waiting.delete(area);
      }
    };
    turn = turn.then(run, run);
  }

  /**
   * Has the server change the account, which it answers with.
   * @param {Area} area
   * @param {() => Promise<Account>} change
   * @param {string} news what to say when it is done
   */
  function ask(area, change, news) {
    inTurn(area, async () => {
      dispatch({ type: "answered", account: await change(), news });
      say(news);
    });
  }

  function makeLink() {
    inTurn("device", async () => {
      const { path, expires_in_ms } = await wire.makeLink();
      dispatch({ type: "linked", path, ends_at: performance.now() + expires_in_ms });
    });
  }

  /** @param {() => Promise<unknown>} leave after which nobody is signed in here */
  function go(leave) {
    inTurn("leave", async () => {
      await leave();
      location.assign("/me");
    });
  }

  /** @param {AccountEvent} event */
  function dispatch(event) {
    const before = state;
    state = next(state, event);
    if (state !== before) draw();
  }

  function draw() {
    if (state.account.name !== title.textContent) {
      write(title, state.account.name);
      frame(state.account);
    }
    name.show(state);
    device.show(state, origin);
    passkeys.show(state, able);
    challenges.show(state, wish?.on ?? state.account.challenges);
    write(problem, problemOf(state, "leave"));
  }
}

function visitor() {
  const form = new NameForm();
  const sign = el("button", { class: "button", type: "button", hidden: !able }, "Sign in with a passkey");
  const problem = el("p", { class: "problem", role: "alert" });
  const none = "This browser has no passkeys for this address: they need https.";
  fill(
    byId("main"),
    el("header", { class: "title" }, el("h1", {}, freed === null ? "Choose a name" : "Choose a name again")),
    freed === null
      ? el("p", {}, "With a name you can duel others, and what you studied on this device stays yours.")
      : el(
          "p",
          { class: "freed sheet" },
          `Your name ${freed} was given free, because no match was finished with it in 7 days. Everything you studied is still yours. Take it again if it is there, or another one.`,
        ),
    form,
    el(
      "section",
      { class: "back" },
      el("h2", {}, "Been here before?"),
      el(
        "p",
        {},
        "On a device where you are signed in, press your name at the top, then “Make a link”. Open that link here.",
      ),
      able ? el("p", {}, "Or use a passkey that you added there.") : el("p", { class: "soft" }, none),
      el("div", { class: "actions" }, sign),
      problem,
    ),
  );
  /** @param {string | null} wrong @param {boolean} busy */
  const show = (wrong, busy) => form.show({ problem: wrong, busy, action: "Take this name" });
  show(null, false);
  form.addEventListener("name", async (event) => {
    show(null, true);
    try {
      await signUp(detail(event));
      location.reload();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      show(nameError({ reason: error.reason, detail: error.detail }), false);
    }
  });
  sign.addEventListener("click", async () => {
    write(problem, "");
    try {
      await signInByPasskey();
      location.reload();
    } catch (error) {
      write(problem, said(error));
    }
  });
}

/** @param {unknown} error @returns {string} why it was not done */
function said(error) {
  if (error instanceof ApiError) return error.detail;
  if (error instanceof Dismissed) return "Nothing was done: the question was closed. Try again.";
  throw error;
}
