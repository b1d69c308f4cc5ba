/** The words of the page to which a one-time link leads. */

/** @typedef {import("../wire/messages.js").Player} Player */
/** @typedef {{ readonly state: "open" | "used" | "expired" | "unknown", readonly name: string | null, readonly player: string | null, readonly expires_in_ms: number }} OneLink */
/** @typedef {{ lead: string, lines: readonly string[], go: string | null }} KeepView `go` is what the button says; null for none */

const ANOTHER = "Make another one on the device where you are signed in: press your name, then “Make a link”.";

/** @type {Readonly<Record<"used" | "expired" | "unknown", string>>} */
const OVER = Object.freeze({
  used: "This link has been used",
  expired: "This link is too old",
  unknown: "There is no such link",
});

/** @type {Readonly<Record<"used" | "expired" | "unknown", string>>} */
const WHY = Object.freeze({
  used: "A link is good for one device only.",
  expired: "A link is good for ten minutes.",
  unknown: "Perhaps a part of it is missing, or a newer link took its place.",
});

/**
 * @param {OneLink} link
 * @param {Player | null} me who is signed in on this device
 * @param {boolean} studied a visitor without a name who has studied here
 * @returns {KeepView}
 */
export function keepView({ state, name, player }, me, studied) {
  if (state !== "open" || name === null) {
    const over = state === "open" ? "unknown" : state;
    return { lead: OVER[over], lines: [WHY[over], ANOTHER], go: null };
  }
  if (me !== null && me.id === player) {
    const line = "Open the link on the other device, or hold its camera to the picture.";
    return { lead: `You are ${name} on this device already`, lines: [line], go: null };
  }
  const lines = ["Then this device is signed in as well. The link is good once."];
  if (me !== null) {
    lines.push(
      `You are ${me.name} on this device now. ${me.name} is signed out here, and comes back only by a passkey or by a link from another device.`,
    );
  } else if (studied) {
    lines.push(`What you studied here without a name goes to ${name}; best times at Match do not.`);
  }
  return { lead: `Go on as ${name} on this device?`, lines, go: `Go on as ${name}` };
}

/**
 * The state that a refusal tells of; null where it tells of none.
 * @param {string} reason
 * @returns {OneLink["state"] | null}
 */
export function stateOf(reason) {
  switch (reason) {
    case "link_used":
      return "used";
    case "link_expired":
      return "expired";
    case "no_such_link":
      return "unknown";
    default:
      return null;
  }
}
