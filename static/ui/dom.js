/**
 * Builds elements from values, so that no page ever parses text as HTML.
 */

/** @typedef {string | number | boolean | null | undefined} Value */
/** @typedef {Node | string | number | null | undefined | false} Child */

/**
 * A new element. An attribute that is `false`, `null` or `undefined` is left out, `true` is an empty one.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, Value>} [attributes]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) mark(element, name, value);
  fill(element, ...children);
  return element;
}

/**
 * Sets an attribute, or takes it away for `false`, `null` and `undefined`; writes only what differs.
 * @param {Element} element
 * @param {string} name
 * @param {Value} value
 */
export function mark(element, name, value) {
  if (value === false || value === null || value === undefined) {
    element.removeAttribute(name);
    return;
  }
  const text = value === true ? "" : String(value);
  if (element.getAttribute(name) !== text) element.setAttribute(name, text);
}

/**
 * Replaces what is inside an element.
 * @param {Element} element
 * @param {...Child} children
 */
export function fill(element, ...children) {
  element.replaceChildren(
    ...children
      .filter((child) => child !== null && child !== undefined && child !== false)
      .map((child) => (child instanceof Node ? child : String(child))),
  );
}

/**
 * Changes an element's text only where it differs, so that a live region does not speak twice.
 * @param {Element} element
 * @param {string} text
 */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * What the server wrote into the page for its script.
 * @template T
 * @returns {T}
 */
export function pageData() {
  return JSON.parse(byId("page").textContent ?? "null");
}

/**
 * An element that the page's html is known to hold.
 * @param {string} id
 * @returns {HTMLElement}
 */
export function byId(id) {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`the page has no #${id}`);
  return element;
}

/**
 * What an element's event tells.
 * @param {Event} event
 * @returns {any}
 */
export function detail(event) {
  return /** @type {CustomEvent} */ (event).detail;
}

/**
 * Says something to those who listen, once; the page's `#aloud` is the live region.
 * @param {string} text
 */
export function say(text) {
  const aloud = document.getElementById("aloud");
  if (aloud !== null) write(aloud, text);
}
