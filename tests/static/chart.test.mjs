/** What is drawn of a rating's history, and what it reads. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import * as chart from "../../static/model/chart.js";

const point = (rating, change, more = {}) => ({
  match: `m${rating}`,
  at_ms: 0,
  rating,
  change,
  opponent: { id: "bob", name: "Bob" },
  low: null,
  high: null,
  ...more,
});
const walk = (count) =>
  Array.from({ length: count }, (_, n) => point(1500 + Math.round(200 * Math.sin(n / 37)), 1));

describe("the line", () => {
  test("begins at the rating before the first match and ends at the edge", () => {
    const view = chart.chart([point(1520, 20), point(1500, -20)], 200, 100);
    assert.deepEqual(view.spots.map(({ x }) => x), [100, 200]);
    const [start, ...rest] = view.line.split("L");
    assert.equal(start, `M0 ${view.spots[1].y}`);
    assert.deepEqual(rest, view.spots.map(({ x, y }) => `${x} ${y}`));
    assert.ok(view.spots[0].y < view.spots[1].y, "higher ratings stand higher");
  });

  test("stands inside the plot, whatever is drawn", () => {
    for (const points of [[point(1500, 0)], walk(1000), [point(1520, 20, { low: 1173, high: 1867 })]]) {
      const { line, height } = chart.chart(points, 320, 180);
      for (const part of line.slice(1).split("L")) {
        const y = Number(part.split(" ")[1]);
        assert.ok(y > 0 && y < height, part);
      }
    }
  });

  test("has no more vertices than a screen can show, and marks only a few points", () => {
    const many = chart.chart(walk(1000), 320, 180);
    assert.ok(many.line.split("L").length <= chart.MOST_DRAWN + 1);
    assert.deepEqual(many.spots, []);
    assert.equal(chart.chart(walk(chart.MOST_MARKED), 320, 180).spots.length, chart.MOST_MARKED);
  });

  test("of a rating that hardly moves is not blown up", () => {
    const { spots } = chart.chart([point(1501, 1), point(1500, -1)], 200, 100);
    assert.ok(spots[1].y - spots[0].y < 3);
  });
});

describe("a sample", () => {
  test("of few points is all of them", () => {
    assert.deepEqual(chart.sample(walk(5), 5), [0, 1, 2, 3, 4]);
    assert.equal(chart.sample(walk(6), 5).length < 6, true);
  });

  test("keeps the ends, every peak and every low", () => {
    const points = walk(1000).map((one, at) => (at === 313 ? point(2400, 1) : at === 777 ? point(200, 1) : one));
    const kept = chart.sample(points, 100);
    assert.ok(kept.length <= 100);
    assert.deepEqual([kept[0], kept.at(-1)], [0, 999]);
    assert.ok(kept.includes(313) && kept.includes(777));
    assert.deepEqual(kept, [...kept].sort((a, b) => a - b));
  });
});

describe("the band", () => {
  test("is there only while the rating is provisional", () => {
    const sure = point(1540, 20);
    const unsure = point(1520, 20, { low: 1400, high: 1640 });
    assert.equal(chart.chart([sure], 200, 100).band, "");
    const { band } = chart.chart([unsure, sure], 200, 100);
    assert.ok(band.startsWith("M100 ") && band.endsWith("Z"));
    assert.ok(!band.includes("L200 "), "it ends where the rating is sure");
  });

  test("of the last point fits into the plot", () => {
    const { band, height } = chart.chart([point(1520, 20, { low: 1173, high: 1867 })], 200, 100);
    for (const part of band.slice(1, -1).split("L")) {
      const y = Number(part.split(" ")[1]);
      assert.ok(y > 0 && y < height, part);
    }
  });
});

test("the axis holds the range of the last provisional point, also when the rating is sure", () => {
  const points = [point(1520, 20, { low: 1173, high: 1867 }), point(1530, 10, { low: 1400, high: 1660 }), point(1540, 10)];
  const { band, height } = chart.chart(points, 300, 100);
  const corners = band.slice(1, -1).split("L").filter((part) => part.startsWith("200 "));
  assert.equal(corners.length, 2);
  for (const corner of corners) {
    const y = Number(corner.split(" ")[1]);
    assert.ok(y > 0 && y < height, corner);
  }
});

test("the axis has a few round numbers", () => {
  assert.deepEqual(chart.ticks(1470, 1530), [1480, 1500, 1520]);
  assert.deepEqual(chart.ticks(1100, 1900), [1200, 1400, 1600, 1800]);
  assert.deepEqual(chart.ticks(1500, 1520), [1500, 1505, 1510, 1515, 1520]);
  for (let most = 1501; most < 3000; most += 7) {
    const found = chart.ticks(1440, most + 60);
    assert.ok(found.length >= 2 && found.length <= 5, `${most}`);
  }
});

describe("a point", () => {
  test("is the one nearest to the pointer", () => {
    const found = [0, 99, 149, 151, 200, 999, -5].map((x) => chart.nearest(4, x, 400));
    assert.deepEqual(found, [0, 0, 0, 1, 1, 3, 0]);
  });

  const steps = [
    ["ArrowLeft", 5, 4],
    ["ArrowRight", 5, 6],
    ["ArrowDown", 5, 4],
    ["ArrowUp", 5, 6],
    ["Home", 5, 0],
    ["End", 5, 19],
    ["PageUp", 5, 7],
    ["PageDown", 5, 3],
    ["ArrowLeft", 0, 0],
    ["ArrowRight", 19, 19],
    ["Tab", 5, null],
  ];
  for (const [key, from, to] of steps) {
    test(`is found from ${from} by ${key}`, () => assert.equal(chart.stepped(key, from, 20), to));
  }

  test("reads its rating, its change and the opponent", () => {
    assert.equal(chart.pointWords(point(1520, 20, { low: 1 })), "1520?, +20 against Bob");
    assert.equal(chart.pointWords(point(1480, -20, { opponent: null })), "1480, −20");
  });

  test("stands where the line says", () => {
    const points = walk(7);
    const { spots } = chart.chart(points, 300, 100);
    assert.deepEqual(points.map((_, at) => chart.spotOf(points, at, 300, 100)), spots);
  });
});

test("the whole is said in one sentence", () => {
  const said = "Rating after 2 rated matches: now 1500?, lowest 1500, highest 1520.";
  assert.equal(chart.chartWords([point(1520, 20), point(1500, -20, { low: 1 })]), said);
  assert.match(chart.chartWords([point(1520, 20)]), /after one rated match: now 1520,/);
});
