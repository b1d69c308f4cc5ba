/** The two documents of a server, OpenAPI and JSON Schema, as the page of its calls and messages shows them. */

/** @typedef {Readonly<Record<string, any>>} Schema one of JSON Schema, or a part of it */
/** @typedef {Readonly<{ text: string, shape?: string }>} Word of a type; `shape` is one that has a place of its own */
/** @typedef {Readonly<{ name: string, optional: boolean, words: readonly Word[], about: string }>} Field */
/**
 * What is sent or answered: by its type, or by its fields where it has them.
 * @typedef {Readonly<{ words: readonly Word[], examples: readonly unknown[] }>} Content
 */
/** @typedef {Readonly<{ status: string, content: Content | null }>} Answer */
/** @typedef {Readonly<{ status: string, errors: readonly string[] }>} Trouble */
/**
 * @typedef {object} Call
 * @property {string} id of its place on the page
 * @property {string} title method and path
 * @property {string} summary
 * @property {string} words what PROTOCOL.md says of it
 * @property {readonly Field[]} parameters
 * @property {Content | null} body
 * @property {Answer} answer
 * @property {readonly Trouble[]} troubles
 */
/**
 * @typedef {object} Shape
 * @property {string} id of its place on the page
 * @property {string} name
 * @property {string} about
 * @property {readonly Word[]} words where it is no map of fields
 * @property {readonly Field[]} fields
 * @property {readonly unknown[]} examples
 */

/** Beyond this only a computer cares which number it is. */
const MOST = Number.MAX_SAFE_INTEGER;

/**
 * Every call, in the order of the document.
 * @param {Schema} openapi
 * @returns {Call[]}
 */
export function calls({ paths }) {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => call(method, path, operation)),
  );
}

/**
 * @param {string} method
 * @param {string} path
 * @param {Schema} operation
 * @returns {Call}
 */
function call(method, path, { operationId, summary, description, parameters, requestBody, responses }) {
  const statuses = Object.entries(responses);
  const [[status, answer]] = statuses.filter(([found]) => found.startsWith("2"));
  return {
    id: operationId,
    title: `${method.toUpperCase()} ${path}`,
    summary,
    words: description,
    parameters: parameters.map(parameter),
    body: requestBody === undefined ? null : content(requestBody),
    answer: { status, content: content(answer) },
    troubles: statuses.filter(([found]) => found !== status).map(trouble),
  };
}

/**
 * @param {Schema} parameter
 * @returns {Field}
 */
function parameter({ name, required, schema, description }) {
  return { name, optional: !required, words: words(schema), about: description };
}

/**
 * @param {Schema} holder of a `content`
 * @returns {Content | null} null where there is none
 */
function content({ content }) {
  if (content === undefined) return null;
  const [[type, { schema, examples }]] = Object.entries(content);
  const found = type === "application/json" ? words(schema) : [{ text: type }];
  return { words: found, examples: Object.values(examples ?? {}).map(({ value }) => value) };
}

/**
 * @param {[string, Schema]} response
 * @returns {Trouble}
 */
function trouble([status, { content }]) {
  return { status, errors: content["application/json"].schema.properties.error.enum };
}

/**
 * The messages of a socket by who sends them, and the shapes that they are made of.
 * @param {Schema} schema
 * @returns {Readonly<{ client: Shape[], server: Shape[], parts: Shape[] }>}
 */
export function messages({ $defs: defs }) {
  const of = (/** @type {string} */ side) => refs(defs[side].anyOf);
  const client = of("ClientMessage");
  const server = of("ServerMessage");
  const told = new Set([...client, ...server, "ClientMessage", "ServerMessage"]);
  const message = (/** @type {string} */ name) => shape(name, defs[name], defs[name].properties.type.enum[0]);
  const parts = Object.keys(defs).filter((name) => !told.has(name));
  return {
    client: client.map(message),
    server: server.map(message),
    parts: parts.map((name) => shape(name, defs[name])),
  };
}

/**
 * The shapes that the bodies and answers of calls are made of.
 * @param {Schema} openapi
 * @returns {Shape[]}
 */
export function shapes({ components }) {
  return Object.entries(components.schemas).map(([name, schema]) => shape(name, schema));
}

/**
 * @param {string} id
 * @param {Schema} schema
 * @param {string} [name] where it is known by another one than its id
 * @returns {Shape}
 */
function shape(id, schema, name = id) {
  const { properties = {}, required = [], description = "", examples = [] } = schema;
  const fields = Object.entries(properties).map(([field, type]) => ({
    name: field,
    optional: !required.includes(field),
    words: words(type),
    about: type.description ?? "",
  }));
  return { id, name, about: description, words: fields.length > 0 ? [] : words(schema), fields, examples };
}

/**
 * A type in words, of which some are the names of shapes.
 * @param {Schema} schema
 * @returns {Word[]}
 */
export function words(schema) {
  const { $ref, anyOf, enum: values, type, default: usual } = schema;
  const found = $ref !== undefined ? [named($ref)] : anyOf !== undefined ? either(anyOf) : [];
  if (values !== undefined) found.push(plain(values.map(asJson).join(", ")));
  else if (type === "array") found.push(...many(schema));
  else if (type !== undefined) found.push(plain(kind(schema)));
  if (found.length === 0) found.push(plain("anything"));
  if (usual !== undefined && usual !== null) found.push(plain(` (${asJson(usual)} unless told)`));
  return found;
}

/** @param {unknown} value */
function asJson(value) {
  return JSON.stringify(value);
}

/** @param {readonly Schema[]} schemas */
function either(schemas) {
  return schemas.flatMap((schema, at) => [...(at === 0 ? [] : [plain(" or ")]), ...words(schema)]);
}

/**
 * @param {Schema} schema of an array
 * @returns {Word[]}
 */
function many({ items, prefixItems, minItems, maxItems }) {
  if (prefixItems !== undefined) return [plain(`array of ${prefixItems.length}: `), ...words(prefixItems[0])];
  const bounds = range(minItems, maxItems);
  return [plain(bounds === "" ? "array of " : `array of ${bounds} `), ...words(items ?? {})];
}

/** @param {Schema} schema of a single value */
function kind({ type, minimum, maximum, minLength, maxLength, pattern }) {
  if (type === "integer" || type === "number") {
    return (type === "integer" ? "whole number" : "number") + bracketed(range(minimum, maximum));
  }
  if (type === "string") {
    const length = range(minLength, maxLength);
    return `string${bracketed(length && `${length} characters`)}${bracketed(pattern ?? "")}`;
  }
  return type === "boolean" ? "true or false" : type === "object" ? "map" : type;
}

/** @param {string} text what is said of a kind, where there is anything to say */
function bracketed(text) {
  return text === "" ? "" : ` (${text})`;
}

/**
 * @param {number} [least]
 * @param {number} [most]
 */
function range(least = -Infinity, most = Infinity) {
  const [low, high] = [least >= -MOST, most <= MOST];
  if (low && high) return `${least} to ${most}`;
  if (low) return `at least ${least}`;
  return high ? `at most ${most}` : "";
}

/**
 * @param {string} text
 * @returns {Word}
 */
function plain(text) {
  return { text };
}

/**
 * @param {string} ref
 * @returns {Word}
 */
function named(ref) {
  return { text: last(ref), shape: last(ref) };
}

/** @param {readonly Schema[]} schemas */
function refs(schemas) {
  return schemas.map(({ $ref }) => last($ref));
}

/** @param {string} ref */
function last(ref) {
  return ref.slice(ref.lastIndexOf("/") + 1);
}

/**
 * Text in paragraphs of plain pieces and code, as Markdown marks them.
 * @param {string} text
 * @returns {Readonly<{ text: string, code: boolean }>[][]}
 */
export function paragraphs(text) {
  return text
    .split(/\n{2,}/u)
    .filter((paragraph) => paragraph.trim() !== "")
    .map((paragraph) =>
      paragraph
        .trim()
        .replace(/\s*\n\s*/gu, " ")
        .split("`")
        .map((piece, at) => ({ text: at % 2 === 1 ? piece : unstressed(piece), code: at % 2 === 1 }))
        .filter((piece) => piece.text !== ""),
    );
}

/** @param {string} text in which *words* may be stressed */
function unstressed(text) {
  return text.replace(/\*(\S[^*]*)\*/gu, "$1");
}
