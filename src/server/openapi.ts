import { openApiPaths } from "./openapi-paths.ts";

/** The version of what is served, not of the package: it grows with what clients can tell apart. */
const API_VERSION = "1.0.0";

const DESCRIPTION =
  "Tables of keys and values, both of them bytes. A write is answered once it is durable. " +
  "Every answer with a status from 400 on has a body {code, message}. A path that is not listed " +
  "is answered with 404, a method that is not with 405 and Allow, an Expect other than " +
  "100-continue with 417.";

/** The document that `/openapi.json` serves: OpenAPI 3.1, written by hand and checked by a test. */
export function openApiDocument(): object {
  return {
    openapi: "3.1.0",
    info: { title: "Latchwork", version: API_VERSION, description: DESCRIPTION },
    security: [{}, { token: [] }],
    paths: openApiPaths(),
    components: {
      securitySchemes: {
        token: {
          type: "http",
          scheme: "bearer",
          description: "Wanted only of a server that was started with a token.",
        },
      },
      parameters: PARAMETERS,
      schemas: SCHEMAS,
      responses: RESPONSES,
    },
  };
}

const BYTES_TEXT =
  "Bytes, percent-encoded: any byte may be written %XX. A plus sign is a plus sign.";

const PARAMETERS = {
  table: {
    name: "table",
    in: "path",
    required: true,
    description: "The name of a table.",
    schema: { type: "string" },
  },
  key: {
    name: "key",
    in: "path",
    required: true,
    description: `${BYTES_TEXT} It may be empty. A slash in it is %2F.`,
    schema: { type: "string" },
  },
  start: {
    name: "start",
    in: "query",
    description: `The lowest key of the range, which belongs to it. ${BYTES_TEXT}`,
    schema: { type: "string" },
  },
  end: {
    name: "end",
    in: "query",
    description: `The first key above the range, which does not belong to it. ${BYTES_TEXT}`,
    schema: { type: "string" },
  },
  limit: {
    name: "limit",
    in: "query",
    description: "The most rows.",
    schema: { type: "integer", minimum: 0 },
  },
  reverse: {
    name: "reverse",
    in: "query",
    description: "Whether rows come from the highest key down.",
    schema: { type: "boolean", default: false },
  },
  encoding: {
    name: "encoding",
    in: "query",
    description: "utf8: bytes that are no UTF-8 come in base 64 all the same. base64: all do.",
    schema: { type: "string", enum: ["utf8", "base64"], default: "utf8" },
  },
} as const;

const BASE64 = { type: "string", contentEncoding: "base64" };
const EITHER_KEY = [{ required: ["key"] }, { required: ["key64"] }];
const EITHER_VALUE = [{ required: ["value"] }, { required: ["value64"] }];
const KEY_FIELDS = { key: { type: "string" }, key64: BASE64 };
const VALUE_FIELDS = { value: { type: "string" }, value64: BASE64 };

const SCHEMAS = {
  Problem: {
    type: "object",
    required: ["code", "message"],
    properties: {
      code: { type: "string", description: "A word for programs; docs/server.md lists them." },
      message: { type: "string", description: "A sentence for people." },
    },
  },
  Row: {
    type: "object",
    description: "One row of a scan. A field is text, or its name ends with 64 and it is base 64.",
    properties: { ...KEY_FIELDS, ...VALUE_FIELDS },
    allOf: [{ oneOf: EITHER_KEY }, { oneOf: EITHER_VALUE }],
  },
  Put: {
    type: "object",
    required: ["op"],
    properties: { op: { const: "put" }, ...KEY_FIELDS, ...VALUE_FIELDS },
    additionalProperties: false,
    allOf: [{ oneOf: EITHER_KEY }, { oneOf: EITHER_VALUE }],
  },
  Del: {
    type: "object",
    required: ["op"],
    properties: { op: { const: "del" }, ...KEY_FIELDS },
    additionalProperties: false,
    oneOf: EITHER_KEY,
  },
  Write: {
    oneOf: [{ $ref: "#/components/schemas/Put" }, { $ref: "#/components/schemas/Del" }],
  },
  Writes: { type: "array", items: { $ref: "#/components/schemas/Write" } },
} as const;

/** An answer that says what is wrong. */
function problem(description: string, headers: object = {}): object {
  const schema = { $ref: "#/components/schemas/Problem" };
  return { description, headers, content: { "application/json": { schema } } };
}

const RETRY_AFTER = {
  "Retry-After": { description: "Seconds to wait.", schema: { type: "integer" } },
};
const CHALLENGE = { "WWW-Authenticate": { schema: { const: "Bearer" } } };

const RESPONSES = {
  BadRequest: problem("The request is wrong, as the message says. Nothing was done."),
  Unauthorized: problem("The token is missing or wrong. Nothing was done.", CHALLENGE),
  WrongHost: problem(
    "Without a token, the host must be localhost or an address. Nothing was done.",
  ),
  NotFound: problem("There is no such table, or no such key."),
  TooSlow: problem("The request did not come in time. Nothing was done."),
  KeyExists: problem("The key is there already. Nothing was done."),
  TooLong: problem("The body, a value or the batch is too long. Nothing was done."),
  BadType: problem("The body has another type, or is compressed. Nothing was done."),
  TooMuch: problem("Too much is under way. Nothing was done.", RETRY_AFTER),
  HeadersTooLong: problem("The request line and the headers are too long. Nothing was done."),
  Bug: problem("A bug in the server. The write may have been made or not."),
  DiskFault: problem("The disk failed, or the database is damaged. A write may be made or not."),
  NoSpace: problem("The disk is full. The message says what became of the write."),
} as const;
