/**
 * The few drawn signs: a shape for each seat, right and wrong, the star, why a card is studied. They
 * inherit colour and size.
 */

const SVG = "http://www.w3.org/2000/svg";

export const PATHS = {
  // A full disc and a diamond on its point: told apart without colour, at any size.
  seat0: "M12 2.5a9.5 9.5 0 1 1 0 19a9.5 9.5 0 0 1 0-19z",
  seat1: "M12 .8L23.2 12L12 23.2L.8 12z",
  right: "M9.4 19.6L2.6 12.8l2.6-2.6l4.2 4.2L18.8 5l2.6 2.6z",
  wrong:
    "M5.4 2.8L12 9.4l6.6-6.6l2.6 2.6L14.6 12l6.6 6.6l-2.6 2.6L12 14.6l-6.6 6.6l-2.6-2.6L9.4 12L2.8 5.4z",
  star: "M12 2.6l2.9 6l6.6.9l-4.8 4.6l1.2 6.5L12 17.5l-5.9 3.1l1.2-6.5L2.5 9.5l6.6-.9z",
  lost: "M13.6 1.5L4 13.8h6.2L8.6 22.5L20 9.6h-6.9z",
  due: "M12 2a10 10 0 1 1 0 20a10 10 0 0 1 0-20zm0 2.6a7.4 7.4 0 1 0 0 14.8a7.4 7.4 0 0 0 0-14.8zM10.7 6.8h2.6v4.5l3.5 2.1l-1.3 2.2l-4.8-2.9z",
  new: "M10.3 3h3.4v7.3H21v3.4h-7.3V21h-3.4v-7.3H3v-3.4h7.3z",
  early: "M3 4.5l8.5 7.5L3 19.5zM12 4.5l8.5 7.5l-8.5 7.5z",
};

/**
 * A sign; hidden from those who listen unless it is given a name.
 * @param {keyof typeof PATHS} kind
 * @param {string} [label]
 * @returns {SVGSVGElement}
 */
export function sign(kind, label) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "mark");
  if (label === undefined) {
    svg.setAttribute("aria-hidden", "true");
  } else {
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", label);
  }
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[kind]);
  svg.append(path);
  return svg;
}

/**
 * The mark of a seat: its colour and its shape.
 * @param {import("../wire/messages.js").Seat} seat
 * @param {string} [label] whose it is, where no name stands beside it
 * @returns {HTMLSpanElement}
 */
export function seatMark(seat, label) {
  const span = document.createElement("span");
  span.className = "seat-mark";
  span.dataset.seat = String(seat);
  span.append(sign(seat === 0 ? "seat0" : "seat1", label));
  return span;
}
