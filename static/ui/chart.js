/**
 * A rating as a picture: its line, its range while provisional, one point read out at a time.
 */

import * as model from "../model/chart.js";
import { matchPath } from "../model/paths.js";
import { dateWords } from "../model/words.js";
import { el, fill, mark, write } from "./dom.js";

/** @typedef {import("../model/chart.js").HistoryPoint} HistoryPoint */

const SVG = "http://www.w3.org/2000/svg";

export class Chart extends HTMLElement {
  #band = shape("path", { class: "band" });
  #grid = shape("g", { class: "grid" });
  #line = shape("path", { class: "line" });
  #marks = shape("g", { class: "marks" });
  #rule = shape("line", { class: "rule", y1: 0 });
  #cursor = shape("circle", { class: "cursor", r: 5 });
  #svg = shape("svg", { "aria-hidden": "true" });
  // A value that keys move through a range: what reads it aloud does so once a step.
  #plot = el("div", { class: "plot", tabindex: 0, role: "slider", "aria-label": "Rating, match by match" });
  #labels = el("div", { class: "labels", "aria-hidden": "true" });
  #summary = el("p", { class: "visually-hidden" });
  #said = el("span", {});
  #link = el("a", {}, "See the match");
  #dates = el("p", { class: "dates" });
  #range = el("p", { class: "note soft" }, "Shaded: the likely range of a provisional rating");
  #table = el("div", { class: "table" });
  #all = el("details", {}, el("summary", {}, "All ratings as a table"), this.#table);
  #sizes = new ResizeObserver(() => this.#draw());
  /** @type {readonly HistoryPoint[]} */
  #points = [];
  #at = 0;

  connectedCallback() {
    if (this.childElementCount === 0) {
      this.#svg.append(this.#band, this.#grid, this.#line, this.#marks, this.#rule, this.#cursor);
      fill(this.#plot, this.#svg);
      this.append(
        this.#summary,
        el("div", { class: "picture" }, this.#labels, this.#plot),
        this.#dates,
        el("p", { class: "readout number" }, this.#said, " ", this.#link),
        this.#range,
        this.#all,
      );
    }
    this.#sizes.observe(this.#plot);
    this.#plot.addEventListener("keydown", this.#key);
    this.#plot.addEventListener("pointermove", this.#point);
    this.#plot.addEventListener("pointerdown", this.#point);
    this.#all.addEventListener("toggle", this.#tabulate);
  }

  disconnectedCallback() {
    this.#sizes.disconnect();
    this.#plot.removeEventListener("keydown", this.#key);
    this.#plot.removeEventListener("pointermove", this.#point);
    this.#plot.removeEventListener("pointerdown", this.#point);
    this.#all.removeEventListener("toggle", this.#tabulate);
  }

  /** @param {readonly HistoryPoint[]} points oldest first, at least one */
  show(points) {
    this.#points = points;
    this.#at = points.length - 1;
    write(this.#summary, model.chartWords(points));
    const [first, last] = [points[0], points.at(-1)];
    const days = [first, last].map((point) => dateWords(point?.at_ms ?? 0));
    fill(this.#dates, ...new Set(days).size === 1 ? [el("span", {}, days[1])] : days.map((day) => el("span", {}, day)));
    mark(this.#range, "hidden", points.every(({ low }) => low === null));
    mark(this.#plot, "aria-valuemin", 1);
    mark(this.#plot, "aria-valuemax", points.length);
    this.#read();
    this.#draw();
  }

  #draw() {
    const { clientWidth: width, clientHeight: height } = this.#plot;
    if (this.#points.length === 0 || width === 0) return;
    const { line, band, spots, ticks } = model.chart(this.#points, width, height);
    mark(this.#svg, "viewBox", `0 0 ${width} ${height}`);
    mark(this.#line, "d", line);
    mark(this.#band, "d", band === "" ? null : band);
    fill(this.#grid, ...ticks.map(({ y }) => shape("line", { x1: 0, x2: width, y1: y, y2: y })));
    fill(this.#marks, ...spots.map(({ x, y }) => shape("circle", { cx: x, cy: y, r: 2.5 })));
    fill(
      this.#labels,
      ...ticks.map(({ value, y }) => {
        const label = el("span", {}, value);
        label.style.setProperty("--y", `${y}px`);
        return label;
      }),
    );
    this.#read();
  }

  #read() {
    const point = this.#points[this.#at];
    if (point === undefined) return;
    const said = `${model.pointWords(point)}, ${dateWords(point.at_ms)}.`;
    write(this.#said, said);
    mark(this.#link, "href", matchPath(point.match));
    mark(this.#plot, "aria-valuenow", this.#at + 1);
    mark(this.#plot, "aria-valuetext", said);
    const { clientWidth: width, clientHeight: height } = this.#plot;
    if (width === 0) return;
    const { x, y } = model.spotOf(this.#points, this.#at, width, height);
    mark(this.#rule, "x1", x);
    mark(this.#rule, "x2", x);
    mark(this.#rule, "y2", height);
    mark(this.#cursor, "cx", x);
    mark(this.#cursor, "cy", y);
  }

  /** @param {number} at */
  #go(at) {
    if (at === this.#at) return;
    this.#at = at;
    this.#read();
  }

  /** @param {KeyboardEvent} event */
  #key = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = model.stepped(event.key, this.#at, this.#points.length);
    if (at === null) return;
    event.preventDefault();
    this.#go(at);
  };

  /** @param {PointerEvent} event */
  #point = (event) => {
    const { left, width } = this.#plot.getBoundingClientRect();
    this.#go(model.nearest(this.#points.length, event.clientX - left, width));
  };

  /** Filled when it is first opened: a long history is a long table. */
  #tabulate = () => {
    if (!this.#all.open || this.#table.childElementCount > 0) return;
    const heads = ["Date", "Opponent", "Change", "Rating"].map((text) => el("th", { scope: "col" }, text));
    const rows = this.#points.map((point) =>
      el(
        "tr",
        {},
        el("td", {}, el("a", { href: matchPath(point.match) }, dateWords(point.at_ms))),
        el("td", {}, point.opponent?.name ?? "–"),
        el("td", {}, model.changeWords(point)),
        el("td", {}, model.ratingWords(point)),
      ),
    );
    fill(
      this.#table,
      el("table", {}, el("thead", {}, el("tr", {}, ...heads)), el("tbody", {}, ...rows.reverse())),
    );
  };
}

/**
 * @param {string} tag
 * @param {Record<string, string | number>} attributes
 * @returns {SVGElement}
 */
function shape(tag, attributes) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  return element;
}

customElements.define("deckduel-chart", Chart);
