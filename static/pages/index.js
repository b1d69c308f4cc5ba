/**
 * The page `/`: the decks of this server.
 */

import "../ui/connection.js";
import { byId, el, fill, pageData } from "../ui/dom.js";
import { forPrograms } from "../ui/for-programs.js";
import { frame } from "./frame.js";
import { notices } from "./notices.js";
import { deckPath } from "../model/paths.js";

/** @typedef {import("../wire/messages.js").DeckEntry} DeckEntry */

/** @type {{ me: import("../wire/messages.js").Player | null, decks: readonly DeckEntry[] }} */
const page = pageData();

frame(page.me);
notices(page.me);
fill(
  byId("main"),
  el(
    "header",
    { class: "title" },
    el("h1", {}, "Decks"),
    el("p", { class: "kicker" }, "Study one, then duel somebody over it."),
  ),
  el("ul", { class: "decks", role: "list" }, ...page.decks.map(entry)),
  forPrograms(),
);

/** @param {DeckEntry} deck */
function entry({ id, title, cards }) {
  const count = el("span", { class: "soft number" }, `${cards} terms`);
  return el("li", {}, el("a", { class: "sheet", href: deckPath(id) }, el("b", {}, title), count));
}
