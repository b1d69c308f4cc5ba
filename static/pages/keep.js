/**
 * The page of a one-time link: asks whether to go on as its player on this device.
 */

import { keepView, stateOf } from "../model/keep.js";
import "../ui/connection.js";
import { byId, el, fill, pageData, say, write } from "../ui/dom.js";
import { Seconds } from "../ui/seconds.js";
import { signIn } from "../wire/account.js";
import { ApiError } from "../wire/api.js";
import { mePath } from "../model/paths.js";
import { frame } from "./frame.js";
import { notices } from "./notices.js";

/** @typedef {import("../model/keep.js").OneLink} OneLink */
/** @typedef {{ me: import("../wire/messages.js").Player | null, link: OneLink, studied: boolean }} Page */

/** @type {Page} */
const { me, link: found, studied } = pageData();

const token = decodeURIComponent(location.pathname.split("/").at(-1) ?? "");
const lead = el("h1", { tabindex: -1 });
const lines = el("div", { class: "stack" });
const go = el("button", { class: "button", type: "button", "data-kind": "main", "data-size": "large" });
const left = new Seconds();
const life = el("p", { class: "soft" }, "It is open for another ", left, ".");
const problem = el("p", { class: "problem", role: "alert" });
const home = el("p", {}, el("a", { href: mePath }, me === null ? "Choose a name instead" : "To your name"));
let link = found;

frame(me);
notices(me);
fill(byId("main"), el("header", { class: "title" }, lead), lines, go, life, problem, home);
left.dataset.unit = "\u202fs";
left.until(link.state === "open" ? performance.now() + link.expires_in_ms : null);
draw();

left.addEventListener("second", (event) => {
  if (/** @type {CustomEvent<number>} */ (event).detail === 0 && link.state === "open") end("expired");
});
go.addEventListener("click", async () => {
  if (go.disabled) return;
  go.disabled = true;
  write(problem, "");
  try {
    await signIn({ link: token });
    location.assign("/");
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    go.disabled = false;
    const over = stateOf(error.reason);
    if (over === null) write(problem, error.detail);
    else end(over);
  }
});

/** @param {OneLink["state"]} state that the link has come to while it was looked at */
function end(state) {
  link = { ...link, state };
  draw();
  lead.focus();
  say(lead.textContent ?? "");
}

function draw() {
  const view = keepView(link, me, studied);
  write(lead, view.lead);
  fill(lines, ...view.lines.map((line) => el("p", {}, line)));
  write(go, view.go ?? "");
  go.hidden = view.go === null;
  life.hidden = view.go === null;
}
