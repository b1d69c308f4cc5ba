/** A finger that drags a card aside: lets it follow, and tells when it was meant. */

/** How far a finger goes before it is a swipe and no tap, in px. */
const SLOP = 10;

/** How far, as a share of the card's width, or how fast, in px a ms, a finger means it. */
const FAR = 0.3;
const FAST = 0.5;

/** @typedef {"left" | "right"} Way */
/**
 * `pull` gets the way gone in px, to the right above 0, and whether letting go there would count;
 * `drop` whether it counted.
 * @typedef {object} Swiped
 * @property {(pulled: number, way: Way | null) => void} pull
 * @property {(way: Way | null) => void} drop
 */

export class Swipe {
  #element;
  #swiped;
  /** @type {{ id: number, x: number, y: number, at: number, dragging: boolean } | null} */
  #finger = null;
  #dragged = false;

  /**
   * @param {HTMLElement} element
   * @param {Swiped} swiped
   */
  constructor(element, swiped) {
    this.#element = element;
    this.#swiped = swiped;
  }

  connect() {
    this.#element.addEventListener("pointerdown", this.#down);
    this.#element.addEventListener("pointermove", this.#move);
    this.#element.addEventListener("pointerup", this.#up);
    this.#element.addEventListener("pointercancel", this.#cancel);
    this.#element.addEventListener("click", this.#click, { capture: true });
  }

  disconnect() {
    this.#element.removeEventListener("pointerdown", this.#down);
    this.#element.removeEventListener("pointermove", this.#move);
    this.#element.removeEventListener("pointerup", this.#up);
    this.#element.removeEventListener("pointercancel", this.#cancel);
    this.#element.removeEventListener("click", this.#click, { capture: true });
  }

  /** @param {PointerEvent} event */
  #down = ({ pointerType, isPrimary, pointerId, clientX, clientY, timeStamp }) => {
    this.#dragged = false;
    if (pointerType === "mouse" || !isPrimary) return;
    this.#finger = { id: pointerId, x: clientX, y: clientY, at: timeStamp, dragging: false };
  };

  /** @param {PointerEvent} event */
  #move = (event) => {
    const finger = this.#finger;
    if (finger?.id !== event.pointerId) return;
    const pulled = event.clientX - finger.x;
    if (!finger.dragging) {
      if (Math.abs(pulled) < SLOP || Math.abs(pulled) < Math.abs(event.clientY - finger.y)) return;
      finger.dragging = true;
      this.#element.setPointerCapture(event.pointerId);
    }
    this.#swiped.pull(pulled, this.#meant(event));
  };

  /** @param {PointerEvent} event */
  #up = (event) => {
    const finger = this.#finger;
    if (finger?.id !== event.pointerId) return;
    const way = this.#meant(event);
    this.#finger = null;
    if (!finger.dragging) return;
    this.#dragged = true;
    this.#swiped.drop(way);
  };

  /** @param {PointerEvent} event */
  #cancel = ({ pointerId }) => {
    if (this.#finger?.id !== pointerId) return;
    const { dragging } = this.#finger;
    this.#finger = null;
    if (dragging) this.#swiped.drop(null);
  };

  /** What a browser makes of a drag's end is no press. @param {MouseEvent} event */
  #click = (event) => {
    if (!this.#dragged) return;
    this.#dragged = false;
    event.preventDefault();
    event.stopPropagation();
  };

  /**
   * @param {PointerEvent} event
   * @returns {Way | null}
   */
  #meant({ clientX, timeStamp }) {
    if (this.#finger === null) return null;
    const pulled = clientX - this.#finger.x;
    const fast = Math.abs(pulled) / Math.max(1, timeStamp - this.#finger.at) >= FAST;
    const far = Math.abs(pulled) >= FAR * this.#element.clientWidth;
    if (!far && !(fast && Math.abs(pulled) > 2 * SLOP)) return null;
    return pulled > 0 ? "right" : "left";
  }
}
