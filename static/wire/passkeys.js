/** Passkeys in the browser: whether it has them here, making one, signing with one. */

import { askToMake, askToSign, keepPasskey, signIn } from "./account.js";

/** @typedef {import("./account.js").Account} Account */
/** @typedef {import("./account.js").SignedIn} SignedIn */

/** The browser has shown its question, and nobody has said yes. */
export class Dismissed extends Error {}

/** What browsers call it when their question is closed, runs out of time, or is asked twice. */
const DISMISSED = new Set(["NotAllowedError", "AbortError"]);
/** The device has a passkey of this player already. */
const KNOWN = "InvalidStateError";
const MOST_NAME = 60;

/**
 * Whether passkeys of a site can be used on this page: only with https or on this machine itself,
 * and never where the address is a number.
 * @param {string} site a host name
 */
export function passkeysHere(site) {
  const { hostname } = location;
  return (
    isSecureContext &&
    typeof PublicKeyCredential === "function" &&
    typeof PublicKeyCredential.parseCreationOptionsFromJSON === "function" &&
    (hostname === site || hostname.endsWith(`.${site}`)) &&
    !/^[\d.]+$|^\[/.test(hostname)
  );
}

/**
 * Has the browser make a passkey for who is signed in, and the server keep it.
 * @returns {Promise<Account | null>} null where this device has one already
 */
export async function addPasskey() {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(await askToMake());
  try {
    const made = await navigator.credentials.create({ publicKey });
    return await keepPasskey(written(made), deviceName());
  } catch (error) {
    if (error instanceof DOMException && error.name === KNOWN) return null;
    throw dismissedOr(error);
  }
}

/**
 * Signs in whomever this browser has a passkey of.
 * @returns {Promise<SignedIn>}
 */
export async function signInByPasskey() {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(await askToSign());
  try {
    return await signIn({ passkey: written(await navigator.credentials.get({ publicKey })) });
  } catch (error) {
    throw dismissedOr(error);
  }
}

/** @param {Credential | null} credential */
function written(credential) {
  return /** @type {PublicKeyCredential} */ (credential).toJSON();
}

/** @param {unknown} error */
function dismissedOr(error) {
  return error instanceof DOMException && DISMISSED.has(error.name) ? new Dismissed() : error;
}

/** How to call this device in the list of passkeys. */
function deviceName() {
  const { userAgentData } = /** @type {{ userAgentData?: { platform?: string } }} */ (navigator);
  return (userAgentData?.platform || navigator.platform || "A device").slice(0, MOST_NAME);
}
