/** When a card is due, in plain words. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { due } from "../../static/model/due.js";

const NOON = new Date(2026, 4, 20, 12).getTime();
const at = (day, hour = 18, minute = 0) => new Date(2026, 4, day, hour, minute).getTime();
for (const [then, words] of [
  [NOON - 1, "now"],
  [NOON, "now"],
  [NOON + 1, "today at 12:00"],
  [at(20, 23, 59), "today at 23:59"],
  [at(21, 0, 5), "tomorrow at 00:05"],
  [at(21), "tomorrow at 18:00"],
  [at(22, 0), "in 2 days"],
  [at(33), "in 13 days"],
  [at(34), "in 2 weeks"],
  [at(50), "in 4 weeks"],
  [at(20 + 59), "in 8 weeks"],
  [at(20 + 60), "in 2 months"],
  [at(20 + 365), "in 12 months"],
]) {
  test(`a due date is told as "${words}"`, () => assert.equal(due(then, NOON), words));
}
