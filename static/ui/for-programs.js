/**
 * The quiet way, at the foot of a page, to what those need who write a client or a bot.
 */

import { el } from "./dom.js";

export function forPrograms() {
  return el("footer", { class: "for-programs soft" }, el("a", { href: "/api" }, "For bots and tools"));
}
