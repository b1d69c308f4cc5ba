/** When what did not get through is tried again, in a time that is the test's. */

import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";

import { Retry } from "../../static/wire/retry.js";
import { World } from "./world.mjs";

describe("what did not get through is tried again", () => {
  let world;
  let tries;
  let retry;

  beforeEach(() => {
    world = new World();
    tries = 0;
    retry = new Retry(() => (tries += 1), world.surroundings());
  });

  const waits = (wait_ms) => {
    const before = tries;
    retry.later();
    world.pass(wait_ms - 1);
    assert.equal(tries, before, `before ${wait_ms} ms`);
    world.pass(1);
    assert.equal(tries, before + 1, `at ${wait_ms} ms`);
  };

  test("after a second, then twice as long each time, up to half a minute", () => {
    for (const wait_ms of [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]) waits(wait_ms);
  });

  test("once, though it was asked for twice", () => {
    retry.later();
    retry.later();
    world.pass(60_000);
    assert.equal(tries, 1);
  });

  test("never once it is stopped", () => {
    retry.later();
    retry.stop();
    world.pass(60_000);
    assert.equal(tries, 0);
    waits(2_000);
  });

  test("after a second again once it has got through", () => {
    waits(1_000);
    waits(2_000);
    retry.later();
    retry.reset();
    world.pass(60_000);
    assert.equal(tries, 2);
    waits(1_000);
  });
});
