/** The calls of one's own account, and the shapes of their answers. */

import { call } from "./api.js";

/** @typedef {{ readonly id: string, readonly name: string }} Muted */
/** @typedef {{ readonly id: string, readonly name: string, readonly made_at_ms: number }} Passkey */
/**
 * @typedef {object} Account
 * @property {string} id
 * @property {string} name
 * @property {boolean} bot
 * @property {boolean} challenges whether they are taken at all
 * @property {readonly Muted[]} muted
 * @property {readonly Passkey[]} passkeys
 * @property {number | null} may_rename_at_ms null for now
 */
/** @typedef {{ readonly path: string, readonly token: string, readonly expires_in_ms: number }} OneLink */
/** @typedef {{ readonly id: string, readonly name: string, readonly token: string }} SignedIn */

const ME = "/api/me";
const MUTED = `${ME}/muted`;
const PASSKEYS = `${ME}/passkeys`;
const SESSIONS = "/api/sessions";

/**
 * @param {{ name?: string, challenges?: boolean }} wanted what is left out stays
 * @returns {Promise<Account>}
 */
export function changeAccount(wanted) {
  return call("PATCH", ME, wanted);
}

/** @returns {Promise<unknown>} */
export function deleteAccount() {
  return call("DELETE", ME);
}

/**
 * @param {string} player
 * @returns {Promise<Account>}
 */
export function unmutePlayer(player) {
  return call("DELETE", `${MUTED}/${encodeURIComponent(player)}`);
}

/** @returns {Promise<OneLink>} */
export function makeLink() {
  return call("POST", `${ME}/links`, {});
}

/**
 * @param {{ link: string } | { passkey: object }} proof
 * @returns {Promise<SignedIn>}
 */
export function signIn(proof) {
  return call("POST", SESSIONS, proof);
}

/**
 * @param {boolean} everywhere
 * @returns {Promise<unknown>}
 */
export function signOut(everywhere) {
  return call("DELETE", everywhere ? `${SESSIONS}?everywhere=1` : SESSIONS);
}

/** @returns {Promise<any>} what the browser makes a passkey by */
export function askToMake() {
  return call("POST", `${PASSKEYS}/options`, {});
}

/**
 * @param {object} credential
 * @param {string} name
 * @returns {Promise<Account>}
 */
export function keepPasskey(credential, name) {
  return call("POST", PASSKEYS, { credential, name });
}

/**
 * @param {string} passkey
 * @returns {Promise<Account>}
 */
export function removePasskey(passkey) {
  return call("DELETE", `${PASSKEYS}/${encodeURIComponent(passkey)}`);
}

/** @returns {Promise<any>} what the browser signs by */
export function askToSign() {
  return call("POST", "/api/passkeys/options", {});
}
