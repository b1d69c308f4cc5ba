/**
 * What every page with a socket does once: says when the server cannot reach its storage.
 */

import { STORAGE_AWAY, STORAGE_BACK } from "../model/words.js";
import { detail, say } from "../ui/dom.js";

/** @typedef {import("../ui/connection.js").ConnectionStrip} ConnectionStrip */

/** @param {import("../wire/socket.js").Socket} socket */
export function tellOfStorage(socket) {
  const strip = /** @type {ConnectionStrip | null} */ (document.querySelector("deckduel-connection"));
  let away = false;
  socket.addEventListener("message", (event) => {
    const message = detail(event);
    if (message.type === "storage") show(!message.available, true);
  });
  // The next connection is told anew.
  socket.addEventListener("state", () => show(false, false));

  /**
   * @param {boolean} now
   * @param {boolean} aloud
   */
  function show(now, aloud) {
    if (now === away) return;
    away = now;
    strip?.showStorage(away ? STORAGE_AWAY : "");
    if (aloud) say(away ? STORAGE_AWAY : STORAGE_BACK);
  }
}
