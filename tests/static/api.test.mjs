/** The documents of the calls and messages, as the page of them shows them. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { calls, messages, paragraphs, shapes, words } from "../../static/model/api.js";

/** @param {import("../../static/model/api.js").Schema} schema */
const said = (schema) => words(schema).map(({ text }) => text).join("");

describe("a type in words", () => {
  const rows = [
    [{ type: "string" }, "string"],
    [{ type: "string", maxLength: 9 }, "string (at most 9 characters)"],
    [{ type: "string", minLength: 2, maxLength: 9 }, "string (2 to 9 characters)"],
    [{ type: "string", pattern: "^a$" }, "string (^a$)"],
    [{ type: "boolean", default: true }, "true or false (true unless told)"],
    [{ type: "integer" }, "whole number"],
    [{ type: "integer", minimum: 0, maximum: 3 }, "whole number (0 to 3)"],
    [{ type: "integer", minimum: 0 }, "whole number (at least 0)"],
    [{ type: "integer", minimum: -(2 ** 63), maximum: 2 ** 63 }, "whole number"],
    [{ type: "number" }, "number"],
    [{ type: "null" }, "null"],
    [{ type: "object" }, "map"],
    [{ enum: ["open", "over"] }, '"open", "over"'],
    [{ enum: [0, 1] }, "0, 1"],
    [{ anyOf: [{ type: "string" }, { type: "null" }], default: null }, "string or null"],
    [{ type: "array", items: { type: "string" } }, "array of string"],
    [{ type: "array", items: { type: "string" }, minItems: 1, maxItems: 9 }, "array of 1 to 9 string"],
    [{ type: "array", prefixItems: [{ type: "integer" }, { type: "integer" }], items: false }, "array of 2: whole number"],
    [{ $ref: "#/$defs/Stake" }, "Stake"],
    [{}, "anything"],
  ];
  for (const [schema, expected] of /** @type {[object, string][]} */ (rows)) {
    test(expected, () => assert.equal(said(schema), expected));
  }

  test("leads to the shapes that it names", () => {
    const found = words({ anyOf: [{ $ref: "#/components/schemas/Row" }, { type: "null" }] });
    assert.deepEqual(found, [{ text: "Row", shape: "Row" }, { text: " or " }, { text: "null" }]);
  });
});

test("text falls into paragraphs, and code apart from what is said; stars are left out", () => {
  assert.deepEqual(paragraphs("A `b*c*` of\nthe *guest*.\n\nD.\n"), [
    [
      { text: "A ", code: false },
      { text: "b*c*", code: true },
      { text: " of the guest.", code: false },
    ],
    [{ text: "D.", code: false }],
  ]);
  assert.deepEqual(paragraphs(""), []);
});

test("messages stand by who sends them, apart from their parts, each under its type", () => {
  const $defs = {
    ClientMessage: { anyOf: [{ $ref: "#/$defs/Seek" }] },
    ServerMessage: { anyOf: [{ $ref: "#/$defs/Pong" }] },
    Pong: { properties: { type: { enum: ["pong"] } }, required: ["type"] },
    Seek: {
      description: "Look.",
      properties: { type: { enum: ["seek"] }, deck: { type: "string" }, rated: { type: "boolean" } },
      required: ["type", "deck"],
      examples: [{ type: "seek" }],
    },
    Side: { enum: ["a"] },
  };
  const { client, server, parts } = messages({ $defs });
  const [seek] = client;
  assert.deepEqual([seek.id, seek.name, seek.about, seek.examples], ["Seek", "seek", "Look.", [{ type: "seek" }]]);
  assert.deepEqual(
    seek.fields.map(({ name, optional }) => [name, optional]),
    [["type", false], ["deck", false], ["rated", true]],
  );
  assert.deepEqual(server.map(({ name }) => name), ["pong"]);
  assert.deepEqual(parts, [{ id: "Side", name: "Side", about: "", words: [{ text: '"a"' }], fields: [], examples: [] }]);
});

test("a call has its parameters, body, answer and errors, each where there is one", () => {
  const trouble = { content: { "application/json": { schema: { properties: { error: { enum: ["a", "b"] } } } } } };
  const json = (/** @type {object} */ schema, /** @type {object} */ more = {}) => ({
    content: { "application/json": { schema, ...more } },
  });
  const openapi = {
    paths: {
      "/api/x/{y}": {
        post: {
          operationId: "post_x",
          summary: "Do.",
          description: "Does.",
          parameters: [{ name: "y", required: true, schema: { type: "string" }, description: "Why." }],
          requestBody: json({ $ref: "#/components/schemas/X" }, { examples: { one: { value: 1 } } }),
          responses: { 201: { description: "Created" }, 404: trouble },
        },
      },
      "/metrics": {
        get: { operationId: "m", summary: "", description: "", parameters: [], responses: { 200: { content: { "text/plain": {} } } } },
      },
    },
    components: { schemas: { X: { properties: {} } } },
  };
  const [post, metrics] = calls(openapi);
  assert.deepEqual(post, {
    id: "post_x",
    title: "POST /api/x/{y}",
    summary: "Do.",
    words: "Does.",
    parameters: [{ name: "y", optional: false, words: [{ text: "string" }], about: "Why." }],
    body: { words: [{ text: "X", shape: "X" }], examples: [1] },
    answer: { status: "201", content: null },
    troubles: [{ status: "404", errors: ["a", "b"] }],
  });
  assert.deepEqual(metrics.answer.content?.words, [{ text: "text/plain" }]);
  assert.deepEqual(shapes(openapi).map(({ name }) => name), ["X"]);
});
