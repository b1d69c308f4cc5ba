/**
 * The name of a player, which leads to his page where he has one.
 */

import { playerPath } from "../model/paths.js";
import { el } from "./dom.js";

/** @typedef {{ readonly id: string, readonly name: string, readonly deleted?: boolean | undefined }} Linked */

/**
 * @param {Linked} player
 * @param {Record<string, string>} [attributes] of the element, whatever it is
 */
export function playerLink({ id, name, deleted }, attributes = {}) {
  return deleted ? el("span", attributes, name) : el("a", { ...attributes, href: playerPath(id) }, name);
}
