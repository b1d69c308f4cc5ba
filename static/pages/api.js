/**
 * The page `/api`: every call and message of this server, for those who write a client.
 */

import "../ui/connection.js";
import { calls, messages, shapes } from "../model/api.js";
import { byId, el, fill, pageData } from "../ui/dom.js";
import { example, fieldList, prose, type } from "../ui/shape.js";
import { ApiError, describedCalls, describedMessages } from "../wire/api.js";
import { frame } from "./frame.js";
import { notices } from "./notices.js";

/** @typedef {import("../model/api.js").Call} Call */
/** @typedef {import("../model/api.js").Content} Content */
/** @typedef {import("../model/api.js").Shape} Shape */
/** @typedef {import("../ui/dom.js").Child} Child */

/** Before the name of a shape, in the id of its place: those of the socket, and those of the calls. */
const SOCKET = "message-";
const HTTP = "shape-";

/** @type {{ me: import("../wire/messages.js").Player | null }} */
const { me } = pageData();
const body = el("div", { class: "api-body" });

frame(me);
notices(me);
fill(
  byId("main"),
  el(
    "header",
    { class: "title" },
    el("h1", {}, "For programs"),
    el("p", { class: "kicker" }, "Every call and message of this server, for those who write a client or a bot."),
  ),
  el(
    "ul",
    { class: "api-guides", role: "list" },
    guide("/guides/bots", "How to write a bot"),
    guide("/guides/protocol", "The protocol in words"),
    guide("/api/openapi.json", "Calls as OpenAPI (JSON)"),
    guide("/api/schema", "Messages as JSON Schema"),
  ),
  body,
);
await show();
reveal();
addEventListener("hashchange", reveal);
// Pressed again, the address is the same and nothing would happen.
body.addEventListener("click", ({ target }) => {
  const link = target instanceof Element && target.closest('a[href^="#"]');
  if (link) queueMicrotask(reveal);
});

/** Opens the entry that the address names, and puts it in sight. */
function reveal() {
  const entry = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const all = entry?.querySelector("details");
  if (!all) return;
  all.open = true;
  entry?.scrollIntoView();
}

async function show() {
  try {
    const [openapi, schema] = await Promise.all([describedCalls(), describedMessages()]);
    const { client, server, parts } = messages(schema);
    const called = calls(openapi);
    fill(
      body,
      contents(called, client, server),
      section("Calls", ...called.map(ofCall)),
      section("Messages to the server", ...client.map((shape) => ofShape(shape, SOCKET))),
      section("Messages from the server", ...server.map((shape) => ofShape(shape, SOCKET))),
      section("Parts of messages", ...parts.map((shape) => ofShape(shape, SOCKET))),
      section("Bodies and answers of calls", ...shapes(openapi).map((shape) => ofShape(shape, HTTP))),
    );
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    fill(body, el("p", { role: "alert" }, `${error.detail} Then reload this page.`));
  }
}

/**
 * @param {string} href
 * @param {string} text
 */
function guide(href, text) {
  return el("li", {}, el("a", { href }, text));
}

/**
 * @param {readonly Call[]} called
 * @param {readonly Shape[]} client
 * @param {readonly Shape[]} server
 */
function contents(called, client, server) {
  const shaped = (/** @type {Shape} */ { id, name }) => entry(SOCKET + id, name);
  return el(
    "nav",
    { class: "api-contents", "aria-label": "On this page" },
    listed("Calls", called.map(({ id, title }) => entry(id, title))),
    listed("Messages to the server", client.map(shaped)),
    listed("Messages from the server", server.map(shaped)),
  );
}

/**
 * @param {string} title
 * @param {readonly HTMLElement[]} entries
 */
function listed(title, entries) {
  return el("div", {}, el("p", { class: "kicker" }, title), el("ul", { role: "list" }, ...entries));
}

/**
 * @param {string} id
 * @param {string} text
 */
function entry(id, text) {
  return el("li", {}, el("a", { href: `#${id}` }, el("code", {}, text)));
}

/**
 * @param {string} title
 * @param {...Child} children
 */
function section(title, ...children) {
  return el("section", { class: "stack" }, el("h2", {}, title), ...children);
}

/** @param {Call} call */
function ofCall({ id, title, summary, words, parameters, body: sent, answer, troubles }) {
  return folded(
    id,
    title,
    ...prose(words === "" ? summary : words),
    parameters.length > 0 && part("Parameters", fieldList(parameters, HTTP)),
    sent !== null && part("Body", ...ofContent(sent)),
    part(`Answer ${answer.status}`, ...(answer.content === null ? ["Nothing."] : ofContent(answer.content))),
    part(
      "Errors",
      el("ul", { class: "api-errors", role: "list" }, ...troubles.map(({ status, errors }) =>
        el("li", {}, `${status} `, el("code", {}, errors.join(", "))),
      )),
    ),
  );
}

/**
 * An entry that is closed until it is asked for: by a press, by its address, by a search in the page.
 * @param {string} id
 * @param {string} title
 * @param {...Child} children
 */
function folded(id, title, ...children) {
  const summary = el("summary", {}, el("h3", {}, el("code", {}, title)));
  return el(
    "article",
    { class: "sheet api-entry", id },
    el("details", {}, summary, el("div", { class: "api-words" }, ...children)),
  );
}

/** @param {Content} content */
function ofContent({ words, examples }) {
  return [el("p", {}, type(words, HTTP)), ...examples.map(example)];
}

/**
 * @param {string} title
 * @param {...Child} children
 */
function part(title, ...children) {
  return el("div", { class: "api-part" }, el("h4", { class: "kicker" }, title), ...children);
}

/**
 * @param {Shape} shape
 * @param {string} place
 */
function ofShape({ id, name, about, words, fields, examples }, place) {
  return folded(
    place + id,
    name,
    ...prose(about),
    words.length > 0 && el("p", {}, type(words, place)),
    fields.length > 0 && fieldList(fields, place),
    ...examples.map(example),
  );
}
