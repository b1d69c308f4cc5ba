/** A finger that drags a card aside: lets it follow, and tells when it was meant. */

/** How far a finger goes before it is a swipe and no tap, in px. */
const SLOP = 10;

/** How far, as a share of the card's width, or how fast at the last, in px a ms, a finger means it. */
const FAR = 0.3;
const FAST = 0.5;

/** A finger that has rested as long as this, in ms, is no longer fast. */
const REST_MS = 100;

/** @typedef {"left" | "right"} Way */
/**
 * `pull` gets the way gone in px, to the right above 0, and where a card let go there would go;
 * `drop` where it goes.
 * @typedef {object} Swiped
 * @property {(pulled: number, way: Way | null) => void} pull
 * @property {(way: Way | null) => void} drop
 */

export class Swipe {
  #element;
  #swiped;
  /** @type {{ id: number, x: number, y: number, dragging: boolean } | null} */
  #finger = null;
  /** The finger's last place, and its speed there. */
  #last = { x: 0, at: 0, speed: 0 };
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
    this.#element.addEventListener("touchmove", this.#keep, { passive: false });
    this.#element.addEventListener("click", this.#click, { capture: true });
  }

  disconnect() {
    this.#element.removeEventListener("pointerdown", this.#down);
    this.#element.removeEventListener("pointermove", this.#move);
    this.#element.removeEventListener("pointerup", this.#up);
    this.#element.removeEventListener("pointercancel", this.#cancel);
    this.#element.removeEventListener("touchmove", this.#keep);
    this.#element.removeEventListener("click", this.#click, { capture: true });
  }

  /** @param {PointerEvent} event */
  #down = ({ pointerType, isPrimary, pointerId, clientX, clientY, timeStamp }) => {
    this.#dragged = false;
    if (pointerType === "mouse" || !isPrimary) return;
    this.#finger = { id: pointerId, x: clientX, y: clientY, dragging: false };
    this.#last = { x: clientX, at: timeStamp, speed: 0 };
  };

  /** @param {PointerEvent} event */
  #move = (event) => {
    const finger = this.#finger;
    if (finger?.id !== event.pointerId) return;
    const pulled = event.clientX - finger.x;
    const speed = (event.clientX - this.#last.x) / Math.max(1, event.timeStamp - this.#last.at);
    this.#last = { x: event.clientX, at: event.timeStamp, speed };
    if (!finger.dragging) {
      if (Math.abs(pulled) < SLOP || Math.abs(pulled) < Math.abs(event.clientY - finger.y)) return;
      finger.dragging = true;
      this.#element.setPointerCapture(event.pointerId);
    }
    this.#swiped.pull(pulled, this.#far(pulled));
  };

  /** @param {PointerEvent} event */
  #up = (event) => {
    const finger = this.#finger;
    if (finger?.id !== event.pointerId) return;
    this.#finger = null;
    if (!finger.dragging) return;
    this.#dragged = true;
    const pulled = event.clientX - finger.x;
    this.#swiped.drop(this.#far(pulled) ?? this.#flung(pulled, event.timeStamp));
  };

  /** @param {PointerEvent} event */
  #cancel = ({ pointerId }) => {
    if (this.#finger?.id !== pointerId) return;
    const { dragging } = this.#finger;
    this.#finger = null;
    if (dragging) this.#swiped.drop(null);
  };

  /** The browser makes no gesture of its own of it, in whose wake it would swallow the next tap. @param {TouchEvent} event */
  #keep = (event) => {
    if (this.#finger?.dragging && event.cancelable) event.preventDefault();
  };

  /** What a browser makes of a drag's end is no press. @param {MouseEvent} event */
  #click = (event) => {
    if (!this.#dragged) return;
    this.#dragged = false;
    event.preventDefault();
    event.stopPropagation();
  };

  /** @param {number} pulled px */
  #far(pulled) {
    return Math.abs(pulled) < FAR * this.#element.clientWidth ? null : wayOf(pulled);
  }

  /**
   * @param {number} pulled px
   * @param {number} at ms, as events count them
   */
  #flung(pulled, at) {
    const { speed } = this.#last;
    const fast = Math.abs(speed) >= FAST && at - this.#last.at < REST_MS;
    return fast && wayOf(speed) === wayOf(pulled) ? wayOf(pulled) : null;
  }
}

/**
 * @param {number} pulled px
 * @returns {Way}
 */
function wayOf(pulled) {
  return pulled > 0 ? "right" : "left";
}
