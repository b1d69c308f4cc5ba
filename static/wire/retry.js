/** When to try again what did not get through: after a second, and after twice as long each time. */

/**
 * @typedef {object} Timers
 * @property {(run: () => void, ms: number) => any} setTimeout
 * @property {(timer: any) => void} clearTimeout
 */

const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 30_000;

/** The owner of the timer of one thing that is tried again. */
export class Retry {
  #run;
  #timers;
  #wait_ms = FIRST_RETRY_MS;
  /** @type {unknown} */
  #timer;

  /**
   * @param {() => void} run the next try
   * @param {Timers} [timers]
   */
  constructor(run, timers = browser()) {
    this.#run = run;
    this.#timers = timers;
  }

  /** It did not get through: tries once more, later than the last time. */
  later() {
    this.stop();
    this.#timer = this.#timers.setTimeout(this.#run, this.#wait_ms);
    this.#wait_ms = Math.min(LAST_RETRY_MS, 2 * this.#wait_ms);
  }

  /** It is tried just now, or never again. */
  stop() {
    this.#timers.clearTimeout(this.#timer);
  }

  /** It got through: the next trouble begins with the first wait. */
  reset() {
    this.stop();
    this.#wait_ms = FIRST_RETRY_MS;
  }
}

/** @returns {Timers} */
function browser() {
  return {
    setTimeout: (run, ms) => setTimeout(run, ms),
    clearTimeout: (timer) => clearTimeout(timer),
  };
}
