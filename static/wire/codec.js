/** Text frames of the JSON sub-protocol to messages and back. */

/** The sub-protocol that these frames belong to. */
export const SUBPROTOCOL = "deckduel.v1.json";

/**
 * @param {import("./messages.js").ClientMessage} message
 * @returns {string}
 */
export function encode(message) {
  return JSON.stringify(message);
}

/**
 * The message in a frame, or null for what is none: a newer server may say things that this page
 * does not know, and a frame in between that cannot be read must not stop the rest.
 *
 * The keys of a message of known type are not checked: the server's own tests hold them.
 * @param {unknown} frame
 * @returns {import("./messages.js").ServerMessage | null}
 */
export function decode(frame) {
  if (typeof frame !== "string") return null;
  /** @type {unknown} */
  let value;
  try {
    value = JSON.parse(frame);
  } catch {
    return null;
  }
  if (typeof value !== "object" || value === null || !("type" in value)) return null;
  if (typeof value.type !== "string") return null;
  return /** @type {import("./messages.js").ServerMessage} */ (value);
}
