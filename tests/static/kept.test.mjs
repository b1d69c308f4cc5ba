/** What was kept is read with care, whatever it is. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { count, isMap, isSide, list, record, side, strings } from "../../static/model/kept.js";

describe("what was kept", () => {
  const rows = [
    [record, { a: 1 }, { a: 1 }],
    ...[null, undefined, 7, "text", true, ["a"]].map((value) => [record, value, {}]),
    [list, [1, "a"], [1, "a"]],
    ...[null, "text", { length: 2 }].map((value) => [list, value, []]),
    [strings, ["a", 1, null, "b"], ["a", "b"]],
    [strings, "ab", []],
    [count, 7, 7],
    ...[-1, 1.5, "7", null, NaN, Infinity].map((value) => [count, value, 0]),
    [isMap, {}, true],
    ...[null, undefined, 7, "text", ["a"]].map((value) => [isMap, value, false]),
    ...["prompt", "answer"].map((value) => [isSide, value, true]),
    ...["mixed", null, undefined].map((value) => [isSide, value, false]),
    [side, "prompt", "prompt"],
    ...["answer", "else", undefined].map((value) => [side, value, "answer"]),
  ];
  for (const [guard, value, expected] of rows) {
    test(`is read as a ${guard.name}: ${String(JSON.stringify(value) ?? value)}`, () => {
      assert.deepEqual(guard(value), expected);
    });
  }
});
