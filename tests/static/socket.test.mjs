/** The connection that comes back by itself, against a world in which time is a number. */

import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";

import {
  address,
  ConnectionLost,
  CONNECT_MS,
  MAX_BACKOFF_MS,
  RefusedError,
  Socket,
} from "../../static/wire/socket.js";
import { World } from "./world.mjs";

const welcome = { type: "welcome", player: null };
let world;
let socket;
let states;
let messages;

beforeEach(() => {
  world = new World();
  socket = new Socket("ws://here/ws", world.surroundings());
  states = [];
  messages = [];
  socket.addEventListener("state", ({ detail }) => states.push(detail));
  socket.addEventListener("message", ({ detail }) => messages.push(detail));
});

const opened = () => {
  socket.open();
  world.wire.opens();
  world.wire.says(welcome);
};

describe("a connection", () => {
  test("is asked for beside the page, secure where the page is", () => {
    assert.equal(address(new URL("http://a.b:8000/decks/x?y")), "ws://a.b:8000/ws");
    assert.equal(address(new URL("https://a.b/")), "wss://a.b/ws");
  });

  test("is not made before the page opens it", () => {
    assert.equal(world.wires.length, 0);
    assert.equal(socket.state, "connecting");
  });

  test("speaks the JSON sub-protocol and tells its state", () => {
    opened();
    assert.equal(world.wire.protocol, "deckduel.v1.json");
    assert.deepEqual(states, ["open"]);
    assert.deepEqual(messages, [welcome]);
  });

  test("passes over frames that are no messages", () => {
    opened();
    world.wire.says("{");
    world.wire.says({ no: "type" });
    world.wire.says({ type: "ladder", deck: "d", top: [] });
    assert.deepEqual(messages.map(({ type }) => type), ["welcome", "ladder"]);
  });

  test("sends only while it is open", () => {
    socket.open();
    assert.equal(socket.send({ type: "cancel_seek" }), false);
    world.wire.opens();
    assert.equal(socket.send({ type: "cancel_seek" }), true);
    assert.deepEqual(world.wire.sent, [{ type: "cancel_seek" }]);
    world.wire.closes(1006);
    assert.equal(socket.send({ type: "cancel_seek" }), false);
  });
});

describe("a lost connection", () => {
  for (const code of [1000, 1001, 1005, 1006, 1011, 1012, 1013]) {
    test(`by ${code} is made again`, () => {
      opened();
      world.wire.closes(code);
      assert.deepEqual(states, ["open", "reconnecting"]);
      world.pass(MAX_BACKOFF_MS);
      assert.equal(world.wires.length, 2);
      world.wire.opens();
      assert.deepEqual(states, ["open", "reconnecting", "open"]);
    });
  }

  for (const code of [1002, 1003, 1007, 1008, 1009]) {
    test(`by ${code} is the end, and says so`, () => {
      opened();
      world.wire.closes(code);
      world.pass(60_000);
      assert.deepEqual(states, ["open", "closed"]);
      assert.equal(socket.code, code);
      assert.equal(world.wires.length, 1);
    });
  }

  test("is tried within 500 ms, then within twice as long each time, up to 5 s", () => {
    socket.open();
    const pauses = [];
    for (let tries = 0; tries < 7; tries += 1) {
      world.wire.closes(1006);
      const count = world.wires.length;
      const since = world.time;
      while (world.wires.length === count && world.time - since <= MAX_BACKOFF_MS) world.pass(1);
      pauses.push(world.time - since);
    }
    assert.deepEqual(pauses, [500, 1_000, 2_000, 4_000, 5_000, 5_000, 5_000]);
  });

  test("waits as long as chance says, so that many do not come at once", () => {
    world.chance = 0.25;
    socket.open();
    world.wire.closes(1006);
    world.pass(124);
    assert.equal(world.wires.length, 1);
    world.pass(1);
    assert.equal(world.wires.length, 2);
  });

  test("earns quick tries again only when the server speaks", () => {
    socket.open();
    for (const speaks of [false, false, true]) {
      world.wire.closes(1006);
      world.pass(MAX_BACKOFF_MS);
      world.wire.opens();
      if (speaks) world.wire.says(welcome);
    }
    world.wire.closes(1006);
    world.pass(500);
    assert.equal(world.wires.length, 5);
    world.wire.opens();
    world.wire.closes(1006);
    world.pass(999);
    assert.equal(world.wires.length, 5);
  });

  test("that does not open in 5 s is given up", () => {
    socket.open();
    world.pass(CONNECT_MS - 1);
    assert.equal(world.wires[0].closed, false);
    world.pass(1);
    assert.equal(world.wires[0].closed, true);
    assert.equal(socket.state, "reconnecting");
  });

  test("does not disturb its successor with late events", () => {
    opened();
    const [old] = world.wires;
    old.closes(1006);
    world.pass(500);
    world.wire.opens();
    old.says({ type: "seek_cancelled" });
    old.closes(1008);
    assert.equal(socket.state, "open");
    assert.deepEqual(messages, [welcome]);
  });

  for (const [name, target, type] of [
    ["the network is back", "window", "online"],
    ["the page comes back from the cache", "window", "pageshow"],
    ["the page is looked at again", "document", "visibilitychange"],
  ]) {
    test(`is tried at once when ${name}`, () => {
      opened();
      for (let tries = 0; tries < 5; tries += 1) {
        world.wire.closes(1006);
        world.pass(MAX_BACKOFF_MS);
      }
      world.wire.closes(1006);
      const before = world.wires.length;
      world[target].dispatchEvent(new Event(type));
      assert.equal(world.wires.length, before + 1);
      world[target].dispatchEvent(new Event(type));
      assert.equal(world.wires.length, before + 1);
      world.pass(CONNECT_MS - 1);
      assert.equal(world.wires.length, before + 1);
    });
  }
});

describe("a mute connection", () => {
  const pings = () => world.wire.sent.filter(({ type }) => type === "ping").length;

  test("is replaced within 5 s while the page is in sight", () => {
    opened();
    world.pass(2_500);
    assert.equal(pings(), 1);
    world.pass(2_000);
    assert.equal(socket.state, "reconnecting");
    assert.equal(world.wires[0].closed, true);
    world.pass(500);
    assert.equal(world.wires.length, 2);
    assert.ok(world.time <= 5_000);
  });

  test("is not one that answers, and its pongs are nobody's business", () => {
    opened();
    for (let rounds = 0; rounds < 10; rounds += 1) {
      world.pass(2_500);
      const { t } = world.wire.sent.at(-1);
      world.wire.says({ type: "pong", t });
      world.pass(1_999);
    }
    assert.equal(socket.state, "open");
    assert.equal(world.wires.length, 1);
    assert.deepEqual(messages, [welcome]);
  });

  test("is not one that says anything at all", () => {
    opened();
    for (let seconds = 0; seconds < 20; seconds += 1) {
      world.pass(1_000);
      world.wire.says({ type: "ladder", deck: "d", top: [] });
    }
    assert.equal(pings(), 0);
    assert.equal(world.wires.length, 1);
  });

  test("is asked seldom while the page is out of sight", () => {
    world.document.visibilityState = "hidden";
    opened();
    world.pass(19_999);
    assert.equal(pings(), 0);
    world.pass(1);
    assert.equal(pings(), 1);
  });

  test("is found out within 2 s of waking up", () => {
    world.document.visibilityState = "hidden";
    opened();
    world.pass(10_000);
    world.document.visibilityState = "visible";
    world.document.dispatchEvent(new Event("visibilitychange"));
    assert.equal(pings(), 1);
    world.pass(2_000);
    assert.equal(socket.state, "reconnecting");
  });

  test("is asked once more by a page that stood still, for the answer may lie unread", () => {
    opened();
    world.pass(2_500);
    world.sleep(60_000);
    assert.equal(socket.state, "open");
    world.wire.says({ type: "pong", t: 2_500 });
    world.pass(2_000);
    assert.equal(socket.state, "open");
  });

  test("is given up by a page that stood still, too, if it is asked in vain again", () => {
    opened();
    world.pass(2_500);
    world.sleep(60_000);
    assert.equal(pings(), 2);
    world.sleep(60_000);
    assert.equal(socket.state, "reconnecting");
  });

  test("is not asked because the page goes out of sight", () => {
    opened();
    world.document.visibilityState = "hidden";
    world.document.dispatchEvent(new Event("visibilitychange"));
    assert.equal(pings(), 0);
  });
});

describe("a request", () => {
  const seek = { type: "seek", deck: "d" };

  test("is answered by the reply with its ref, which is an event too", async () => {
    opened();
    const reply = socket.request(seek);
    const { ref } = world.wire.sent.at(-1);
    world.wire.says({ type: "seek_cancelled", ref: "other" });
    world.wire.says({ type: "seeking", ref, waiting: 1 });
    assert.equal((await reply).type, "seeking");
    assert.deepEqual(messages.map(({ type }) => type), ["welcome", "seek_cancelled", "seeking"]);
  });

  test("keeps the ref it brings, and gives each other one its own", () => {
    opened();
    for (const message of [{ ...seek, ref: "mine" }, seek, seek]) {
      socket.request(message).catch(() => undefined);
    }
    const refs = world.wire.sent.map(({ ref }) => ref);
    assert.equal(refs[0], "mine");
    assert.equal(new Set(refs).size, 3);
  });

  test("that is refused fails with the refusal", async () => {
    opened();
    const reply = socket.request(seek);
    const { ref } = world.wire.sent.at(-1);
    world.wire.says({ type: "refused", reason: "cooling_down", detail: "Wait.", retry_in_ms: 9, ref });
    await assert.rejects(reply, (error) => {
      assert.ok(error instanceof RefusedError);
      assert.equal(error.refused.retry_in_ms, 9);
      return true;
    });
  });

  const losses = [
    ["the connection breaks", () => world.wire.closes(1006)],
    ["the page closes it", () => socket.close()],
    ["a fresh connection is wanted", () => socket.reconnect()],
    ["the same ref is asked again", () => socket.request({ ...seek, ref: "r" }).catch(() => undefined)],
  ];
  for (const [name, lose] of losses) {
    test(`fails when ${name}`, async () => {
      opened();
      const reply = socket.request({ ...seek, ref: "r" });
      lose();
      await assert.rejects(reply, ConnectionLost);
    });
  }

  test("fails at once without a connection", async () => {
    await assert.rejects(socket.request(seek), ConnectionLost);
  });
});

describe("the page", () => {
  test("closes it for good: no timer, no listener, no way back", () => {
    opened();
    socket.close();
    assert.equal(world.wire.closed, true);
    assert.deepEqual(states, ["open", "closed"]);
    assert.equal(socket.code, null);
    assert.equal(world.timers.size, 0);
    world.window.dispatchEvent(new Event("online"));
    world.document.dispatchEvent(new Event("visibilitychange"));
    socket.reconnect();
    socket.close();
    world.pass(60_000);
    assert.equal(world.wires.length, 1);
    assert.deepEqual(states, ["open", "closed"]);
  });

  test("takes a fresh connection after a sign-up, at once", () => {
    opened();
    socket.reconnect();
    assert.equal(world.wires.length, 2);
    assert.equal(world.wires[0].closed, true);
    assert.equal(socket.state, "reconnecting");
    world.wire.opens();
    assert.deepEqual(states, ["open", "reconnecting", "open"]);
  });

  test("closes one that was still connecting only once it is open", () => {
    socket.open();
    socket.reconnect();
    assert.equal(world.wires[0].closed, false);
    world.wire.opens();
    world.wires[0].opens();
    assert.equal(world.wires[0].closed, true);
    assert.equal(world.wires[1].closed, false);
    assert.deepEqual(states, ["reconnecting", "open"]);
  });

  test("holds one timer at most, however long it stays", () => {
    opened();
    for (let seconds = 0; seconds < 120; seconds += 1) {
      world.pass(1_000);
      if (seconds % 7 === 0) world.wire.says(welcome);
      assert.ok(world.timers.size <= 1);
    }
  });
});
