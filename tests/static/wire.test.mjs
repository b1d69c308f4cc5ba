/** Frames to messages and back, and the HTTP calls with their errors. */

import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";

import * as api from "../../static/wire/api.js";
import { decode, encode } from "../../static/wire/codec.js";

describe("a frame", () => {
  test("carries one message", () => {
    const message = { type: "answer", match: "m1", round: 4, choice: 2, ref: "answer-4" };
    assert.deepEqual(JSON.parse(encode(message)), message);
    assert.deepEqual(decode(encode({ type: "ping", t: 1 })), { type: "ping", t: 1 });
  });

  const none = ["", "{", "null", "3", '"x"', "[]", "{}", '{"type":3}', new ArrayBuffer(2), undefined];
  for (const frame of none) {
    test(`${JSON.stringify(frame)} is no message and no harm`, () => {
      assert.equal(decode(frame), null);
    });
  }

  test("of a type from a newer server is a message", () => {
    assert.deepEqual(decode('{"type":"applause","from":"x"}'), { type: "applause", from: "x" });
  });
});

describe("a call", () => {
  const original = globalThis.fetch;
  afterEach(() => {
    globalThis.fetch = original;
  });

  const answering = (status, body) => {
    const calls = [];
    globalThis.fetch = async (path, request) => {
      calls.push({ path, ...request });
      return new Response(typeof body === "string" ? body : JSON.stringify(body), { status });
    };
    return calls;
  };
  const failure = (promise) => promise.then(assert.fail, (error) => error);

  test("to sign up sends the name and gives the player", async () => {
    const calls = answering(201, { id: "p1", name: "Ada", token: "t" });
    assert.equal((await api.signUp("Ada")).id, "p1");
    assert.equal(calls[0].path, "/api/players");
    assert.equal(calls[0].method, "POST");
    assert.deepEqual(JSON.parse(calls[0].body), { name: "Ada" });
    assert.equal(calls[0].headers["content-type"], "application/json");
  });

  test("for a record goes to the match's address", async () => {
    const calls = answering(200, { id: "m/1" });
    assert.equal((await api.matchRecord("m/1")).id, "m/1");
    assert.equal(calls[0].path, "/api/matches/m%2F1");
    assert.equal(calls[0].method, "GET");
    assert.equal(calls[0].body, undefined);
  });

  const refusals = [
    [409, "name_taken", "Somebody has it."],
    [422, "bad_name", "Use one alphabet."],
    [429, "too_fast", "Wait a minute."],
    [503, "unavailable", "Redis does not answer."],
  ];
  for (const [status, reason, detail] of refusals) {
    test(`refused with ${status} tells why`, async () => {
      answering(status, { error: reason, detail });
      const error = await failure(api.signUp("Ada"));
      assert.ok(error instanceof api.ApiError);
      assert.deepEqual([error.status, error.reason, error.detail], [status, reason, detail]);
    });
  }

  const broken = [
    ["a proxy's page", 502, "<h1>Bad gateway</h1>"],
    ["an empty body", 500, ""],
    ["an error without words", 500, { oops: true }],
    ["a success that is no JSON", 200, "<p>"],
  ];
  for (const [name, status, body] of broken) {
    test(`answered by ${name} is unreadable`, async () => {
      answering(status, body);
      const error = await failure(api.matchRecord("m1"));
      assert.deepEqual([error.status, error.reason], [status, "unreadable"]);
      assert.match(error.detail, /^[A-Z].+\.$/);
    });
  }

  test("without a server is unreachable", async () => {
    globalThis.fetch = async () => {
      throw new TypeError("fetch failed");
    };
    const error = await failure(api.matchRecord("m1"));
    assert.deepEqual([error.status, error.reason], [0, "unreachable"]);
  });
});
