/** A page's surroundings in which time is a number and a WebSocket does what the test says. */

// Browsers have it, Node has it since 19.
globalThis.CustomEvent ??= class extends Event {
  constructor(type, { detail }) {
    super(type);
    this.detail = detail;
  }
};

/** A WebSocket that does what the test says. */
class Wire extends EventTarget {
  sent = [];
  closed = false;
  readyState = 0;

  constructor(url, protocol) {
    super();
    this.url = url;
    this.protocol = protocol;
  }

  send(frame) {
    this.sent.push(JSON.parse(frame));
  }

  close() {
    this.closed = true;
  }

  opens() {
    this.readyState = 1;
    this.dispatchEvent(new Event("open"));
  }

  says(message) {
    const data = typeof message === "string" ? message : JSON.stringify(message);
    this.dispatchEvent(Object.assign(new Event("message"), { data }));
  }

  closes(code) {
    this.dispatchEvent(Object.assign(new Event("close"), { code }));
  }
}

/** The page's world: its timers run when `pass` says that time has passed. */
export class World {
  wires = [];
  time = 0;
  timers = new Map();
  chance = 1;
  last = 0;
  window = new EventTarget();
  document = Object.assign(new EventTarget(), { visibilityState: "visible" });

  surroundings() {
    return {
      connect: (url, protocol) => {
        const wire = new Wire(url, protocol);
        this.wires.push(wire);
        return wire;
      },
      window: this.window,
      document: this.document,
      setTimeout: (run, ms) => {
        this.last += 1;
        this.timers.set(this.last, { run, at: this.time + ms });
        return this.last;
      },
      clearTimeout: (id) => this.timers.delete(id),
      now: () => this.time,
      random: () => this.chance,
    };
  }

  pass(ms) {
    const end = this.time + ms;
    for (;;) {
      const due = [...this.timers].filter(([, { at }]) => at <= end).sort(([, a], [, b]) => a.at - b.at);
      if (due.length === 0) break;
      const [id, { run, at }] = due[0];
      this.timers.delete(id);
      this.time = Math.max(this.time, at);
      run();
    }
    this.time = end;
  }

  /** The page stands still for a while: what was due runs when it goes on. */
  sleep(ms) {
    this.time += ms;
    this.pass(0);
  }

  get wire() {
    return this.wires.at(-1);
  }
}
