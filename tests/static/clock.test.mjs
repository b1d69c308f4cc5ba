/** Instants on the page's own clock, and the sparse moments at which time is said. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { instant, nextSpoken, remaining, seconds, share } from "../../static/model/clock.js";

test("a duration becomes an instant on the clock of its receipt", () => {
  assert.equal(instant(5_000, 1_200), 6_200);
  assert.equal(instant(5_000, 0), 5_000);
  assert.equal(instant(5_000, null), null);
});

test("what remains is never negative", () => {
  assert.equal(remaining(6_200, 6_000), 200);
  assert.equal(remaining(6_200, 6_201), 0);
  assert.equal(remaining(null, 6_000), 0);
});

for (const [ms, shown] of [[15_000, 15], [14_999, 15], [14_000, 14], [1, 1], [0, 0], [-5, 0]]) {
  test(`${ms} ms are shown as ${shown} s`, () => assert.equal(seconds(ms), shown));
}

const shares = [
  [10_000, 10_000, 0, 1],
  [10_000, 10_000, 2_500, 0.75],
  [10_000, 10_000, 10_000, 0],
  [10_000, 10_000, 11_000, 0],
  [12_000, 10_000, 0, 1],
  [null, 10_000, 0, 0],
  [10_000, 0, 0, 0],
];
for (const [ends_at, limit_ms, now_ms, expected] of shares) {
  test(`a bar of ${limit_ms} that ends at ${ends_at} is ${expected} long at ${now_ms}`, () => {
    assert.equal(share(ends_at, limit_ms, now_ms), expected);
  });
}

const spoken = [
  ["ten seconds first", 15_000, 15_000, 0, { at: 5_000, seconds: 10 }],
  ["just before ten seconds", 15_000, 15_000, 4_999, { at: 5_000, seconds: 10 }],
  ["five once ten were said", 15_000, 15_000, 5_000, { at: 10_000, seconds: 5 }],
  ["nothing once five were said", 15_000, 15_000, 10_000, null],
  ["no ten at the start of a ten second clock", 10_000, 10_000, -1, { at: 5_000, seconds: 5 }],
  ["nothing in a five second clock", 5_000, 5_000, -1, null],
  ["five after a reload with eight left", 15_000, 15_000, 7_000, { at: 10_000, seconds: 5 }],
  ["nothing without a clock", null, 15_000, 0, null],
];
for (const [name, ends_at, limit_ms, now_ms, expected] of spoken) {
  test(`the clock says ${name}`, () => {
    assert.deepEqual(nextSpoken(ends_at, limit_ms, now_ms), expected);
  });
}
