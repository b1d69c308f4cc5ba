/** The outbox of reviews, against a page in which time, storage and the server are the test's. */

import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";

import { ApiError } from "../../static/wire/api.js";
import { BATCH, Reviews, serverClock } from "../../static/wire/reviews.js";
import { World } from "./world.mjs";

/** A Storage; `room` is how many items it takes. */
class Store {
  items = new Map();
  room = Infinity;

  get length() {
    return this.items.size;
  }

  key(index) {
    return [...this.items.keys()][index] ?? null;
  }

  getItem(key) {
    return this.items.get(key) ?? null;
  }

  setItem(key, value) {
    if (!this.items.has(key) && this.items.size >= this.room) throw new Error("QuotaExceededError");
    this.items.set(key, value);
  }

  removeItem(key) {
    this.items.delete(key);
  }
}

/** A server that keeps each id once, or answers with `trouble`. */
class Server {
  kept = new Map();
  calls = [];
  /** @type {(reviews: any[]) => number | null} */
  trouble = () => null;

  send = async (deck, reviews, options) => {
    this.calls.push({ deck, ids: reviews.map(({ id }) => id), options });
    const status = this.trouble(reviews);
    if (status !== null) throw new ApiError(status, "trouble", "Trouble.");
    for (const review of reviews) if (!this.kept.has(review.id)) this.kept.set(review.id, review);
    return { deck, refused: [] };
  };
}

const OFFLINE = () => 0;
const ANSWER = { card: "1", how: "typed", right: false };
const settled = () => new Promise((resolve) => setImmediate(resolve));

let world;
let store;
let server;
let waiting;

function outbox(deck = "d") {
  const { window, setTimeout, clearTimeout } = world.surroundings();
  const page = { store, window, send: server.send, setTimeout, clearTimeout };
  const reviews = new Reviews(deck, () => 1_000 + world.time, page);
  reviews.addEventListener("waiting", ({ detail }) => waiting.push(detail));
  reviews.connect();
  return reviews;
}

const kept = () => [...server.kept.values()];
const stored = () => store.items.size;

beforeEach(() => {
  world = new World();
  store = new Store();
  server = new Server();
  waiting = [];
});

describe("a review", () => {
  test("is sent at once and leaves the browser when the server has it", async () => {
    const id = outbox().record({ card: "7", how: "choice", right: true });
    assert.equal(stored(), 1);
    await settled();
    assert.deepEqual(kept(), [{ id, card: "7", at_ms: 1_000, how: "choice", right: true }]);
    assert.equal(stored(), 0);
    assert.deepEqual(waiting, []);
  });

  test("has an id that the server takes, and no two have the same", () => {
    const reviews = outbox();
    const ids = Array.from({ length: 100 }, () => reviews.record(ANSWER));
    assert.equal(new Set(ids).size, 100);
    assert.ok(ids.every((id) => /^[A-Za-z0-9_-]{8,40}$/u.test(id)));
  });

  test("tells of the progress that comes back", async () => {
    const reviews = outbox();
    const told = [];
    reviews.addEventListener("stored", ({ detail }) => told.push(detail));
    reviews.record(ANSWER);
    await settled();
    assert.deepEqual(told, [{ deck: "d", refused: [] }]);
  });

  test("of another deck stays where it is", async () => {
    server.trouble = OFFLINE;
    outbox("other").record(ANSWER);
    await settled();
    server.trouble = () => null;
    server.calls = [];
    outbox("d");
    await settled();
    assert.deepEqual(server.calls, []);
    assert.equal(stored(), 1);
  });
});

describe("without a connection", () => {
  test("reviews wait, are sent when it is back, oldest first, and arrive once", async () => {
    server.trouble = OFFLINE;
    const reviews = outbox();
    const first = reviews.record(ANSWER);
    await settled();
    world.time += 5;
    const second = reviews.record(ANSWER);
    await settled();
    assert.deepEqual(waiting, [1, 2]);
    server.trouble = () => null;
    world.window.dispatchEvent(new Event("online"));
    await settled();
    assert.deepEqual(kept().map(({ id }) => id), [first, second]);
    assert.deepEqual(waiting, [1, 2, 0]);
    assert.equal(stored(), 0);
  });

  test("it is tried again after one second, then two, up to half a minute", async () => {
    server.trouble = OFFLINE;
    outbox().record(ANSWER);
    await settled();
    for (const wait of [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]) {
      const before = server.calls.length;
      world.pass(wait - 1);
      await settled();
      assert.equal(server.calls.length, before, `not before ${wait} ms`);
      world.pass(1);
      await settled();
      assert.equal(server.calls.length, before + 1, `after ${wait} ms`);
    }
  });

  test("the next page that opens sends what the last one could not", async () => {
    server.trouble = OFFLINE;
    const id = outbox().record(ANSWER);
    await settled();
    server.trouble = () => null;
    outbox();
    await settled();
    assert.deepEqual(kept().map((review) => review.id), [id]);
  });

  test("a reply that was lost costs a second sending, not a second review", async () => {
    const reviews = outbox();
    const send = server.send;
    let lost = 1;
    server.trouble = () => null;
    const { window, setTimeout, clearTimeout } = world.surroundings();
    const losing = async (...call) => {
      const answer = await send(...call);
      if (lost-- > 0) throw new ApiError(0, "unreachable", "");
      return answer;
    };
    reviews.disconnect();
    const page = { store, window, send: losing, setTimeout, clearTimeout };
    const again = new Reviews("d", () => 1_000, page);
    again.connect();
    const id = again.record(ANSWER);
    await settled();
    world.pass(1_000);
    await settled();
    assert.deepEqual(server.calls.map(({ ids }) => ids), [[id], [id]]);
    assert.equal(kept().length, 1);
    assert.equal(stored(), 0);
  });
});

for (const status of [0, 429, 500, 503]) {
  test(`an answer of ${status} loses nothing`, async () => {
    server.trouble = () => status;
    outbox().record(ANSWER);
    await settled();
    assert.equal(stored(), 1);
    server.trouble = () => null;
    world.pass(1_000);
    await settled();
    assert.equal(kept().length, 1);
  });
}

describe("a review that is held", () => {
  test("is not sent before it is released, and then as amended", async () => {
    const reviews = outbox();
    const id = reviews.record(ANSWER, { held: true });
    reviews.amend(id, true);
    await settled();
    assert.deepEqual(server.calls, []);
    reviews.release(id);
    await settled();
    assert.equal(server.kept.get(id).right, true);
    reviews.amend(id, false);
    assert.equal(stored(), 0);
  });

  test("that is dropped was never given", async () => {
    const reviews = outbox();
    const id = reviews.record(ANSWER, { held: true });
    reviews.drop(id);
    assert.equal(stored(), 0);
    reviews.release(id);
    await settled();
    assert.deepEqual(server.calls, []);
  });

  test("goes when the page goes, on a call that outlives it", async () => {
    const reviews = outbox();
    const id = reviews.record(ANSWER, { held: true });
    world.window.dispatchEvent(new Event("pagehide"));
    await settled();
    assert.deepEqual(server.calls, [{ deck: "d", ids: [id], options: { keepalive: true } }]);
    outbox();
    await settled();
    assert.equal(kept().length, 1);
    assert.equal(stored(), 0);
  });

  test("is left alone by another tab for ten minutes", async () => {
    const id = outbox().record(ANSWER, { held: true });
    const other = outbox();
    await settled();
    assert.deepEqual(server.calls, []);
    world.time += 10 * 60_000 - 1;
    other.record(ANSWER);
    await settled();
    assert.ok(!server.kept.has(id));
    world.time += 1;
    other.record(ANSWER);
    await settled();
    assert.ok(server.kept.has(id));
  });
});

test("many reviews go in batches", async () => {
  server.trouble = OFFLINE;
  const reviews = outbox();
  for (let at = 0; at < BATCH + 1; at += 1) reviews.record(ANSWER);
  await settled();
  server.trouble = () => null;
  server.calls = [];
  world.pass(1_000);
  await settled();
  assert.deepEqual(server.calls.map(({ ids }) => ids.length), [BATCH, 1]);
});

test("one that the server cannot read harms no other", async () => {
  server.trouble = OFFLINE;
  const reviews = outbox();
  const ids = ["1", "2", "3"].map((card) => reviews.record({ ...ANSWER, card }));
  await settled();
  server.trouble = (batch) => (batch.some(({ card }) => card === "2") ? 422 : null);
  world.pass(1_000);
  await settled();
  assert.deepEqual(kept().map(({ id }) => id), [ids[0], ids[2]]);
  assert.equal(stored(), 0);
});

test("what others keep in the same storage is no business of the outbox", async () => {
  store.items.set("deckduel.review.d.spoilt", "{");
  store.items.set("deckduel.review.d.strange", '{"review": 7}');
  store.items.set("deckduel.stars.d", "[]");
  outbox();
  await settled();
  assert.deepEqual(server.calls, []);
  assert.equal(stored(), 3);
});

test("where the storage is full the page itself keeps the review", async () => {
  server.trouble = OFFLINE;
  const reviews = outbox();
  const first = reviews.record(ANSWER);
  store.room = 1;
  world.time += 1;
  const second = reviews.record(ANSWER);
  await settled();
  server.trouble = () => null;
  world.pass(1_000);
  await settled();
  assert.deepEqual(kept().map(({ id }) => id), [first, second]);
  assert.equal(stored(), 0);
});

test("the server's clock goes on from what the server said, however wrong this device is", () => {
  const now = serverClock(5_000);
  const at = now();
  assert.ok(at >= 5_000 && at < 6_000);
  const { now: real } = Date;
  try {
    Date.now = () => real() + 700;
    assert.ok(now() >= at + 700);
  } finally {
    Date.now = real;
  }
});
