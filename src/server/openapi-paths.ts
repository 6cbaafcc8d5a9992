/** Answers that any request may get, but that /health wants no token. */
const COMMON = {
  400: "BadRequest",
  401: "Unauthorized",
  403: "WrongHost",
  408: "TooSlow",
  429: "TooMuch",
  431: "HeadersTooLong",
  500: "Bug",
} as const;

const READ_FAULTS = { 503: "DiskFault", 507: "NoSpace" } as const;

/** An answer by its name, or written out. */
type Response = string | object;

/** What may be answered: the statuses given, and those that are common to all. */
function answers(own: Readonly<Record<number, Response>>): object {
  const entries = Object.entries({ ...COMMON, ...own }).map(([status, response]) => [
    status,
    typeof response === "string" ? { $ref: `#/components/responses/${response}` } : response,
  ]);
  return Object.fromEntries(entries);
}

function parameter(name: string): object {
  return { $ref: `#/components/parameters/${name}` };
}

function json(description: string, schema: object): object {
  return { description, content: { "application/json": { schema } } };
}

const BYTES = { "application/octet-stream": {} };
const IF_NONE_MATCH = {
  name: "If-None-Match",
  in: "header",
  description: "With *, the key is set only if it is not there: 201 if it was set, else 412.",
  schema: { const: "*" },
};

/** The paths of the OpenAPI document. */
export function openApiPaths(): object {
  return {
    "/tables/{table}/keys/{key}": keyPath(),
    "/tables/{table}/keys": scanPath(),
    "/tables/{table}/batch": batchPath(),
    "/tables": readPath("tables", "The names of the tables.", tablesAnswer()),
    "/stats": readPath("stats", "Figures of the server and its tables.", {
      200: json("Figures since the server began.", { type: "object" }),
      ...READ_FAULTS,
    }),
    "/metrics": readPath("metrics", "Figures for Prometheus.", {
      200: { description: "Metrics in Prometheus' text format.", content: { "text/plain": {} } },
    }),
    "/health": readPath("health", "Whether requests are taken on. Wants no token.", {
      200: json("They are, or the server is stopping.", {
        type: "object",
        required: ["status"],
        properties: { status: { enum: ["ok", "stopping"] } },
      }),
    }),
    "/openapi.json": readPath("openApi", "This document.", {
      200: json("An OpenAPI document.", { type: "object" }),
    }),
  };
}

function readPath(id: string, summary: string, own: Readonly<Record<number, Response>>): object {
  const responses = answers(own);
  return {
    get: { operationId: id, summary, responses },
    head: { operationId: `${id}Head`, summary: `The headers of: ${summary}`, responses },
  };
}

function tablesAnswer(): Readonly<Record<number, Response>> {
  const tables = { type: "array", items: { type: "string" } };
  const schema = { type: "object", required: ["tables"], properties: { tables } };
  return { 200: json("Their names.", schema) };
}

function keyPath(): object {
  const found = { 200: { description: "The value.", content: BYTES }, 404: "NotFound" };
  const read = answers({ ...found, ...READ_FAULTS });
  return {
    parameters: [parameter("table"), parameter("key")],
    get: { operationId: "get", summary: "The value of a key.", responses: read },
    head: { operationId: "has", summary: "Whether a key is there.", responses: read },
    put: {
      operationId: "put",
      summary: "Sets the value of a key: the body, as bytes. No body is an empty value.",
      parameters: [IF_NONE_MATCH],
      requestBody: { required: false, content: { "*/*": {} } },
      responses: answers({
        201: { description: "The key was not there, and is set. With If-None-Match only." },
        204: { description: "The key is set." },
        404: "NotFound",
        412: "KeyExists",
        413: "TooLong",
        415: "BadType",
        ...READ_FAULTS,
      }),
    },
    delete: {
      operationId: "delete",
      summary: "Removes a key.",
      responses: answers({
        204: { description: "The key was there, and is removed." },
        404: "NotFound",
        ...READ_FAULTS,
      }),
    },
  };
}

function scanPath(): object {
  const rows = { "application/x-ndjson": { schema: { $ref: "#/components/schemas/Row" } } };
  const responses = answers({
    200: {
      description: "The rows, each a line. One that is cut off ends in error.",
      content: rows,
    },
    404: "NotFound",
    ...READ_FAULTS,
  });
  return {
    parameters: ["table", "start", "end", "limit", "reverse", "encoding"].map(parameter),
    get: { operationId: "scan", summary: "The rows of a range, in order.", responses },
    head: { operationId: "scanHead", summary: "The headers of a scan.", responses },
  };
}

function batchPath(): object {
  const writes = { schema: { $ref: "#/components/schemas/Writes" } };
  const line = { schema: { $ref: "#/components/schemas/Write" } };
  const made = {
    type: "object",
    required: ["writes"],
    properties: { writes: { type: "integer" } },
  };
  return {
    parameters: [parameter("table")],
    post: {
      operationId: "batch",
      summary: "Makes several writes, all or none.",
      requestBody: {
        required: true,
        content: { "application/json": writes, "application/x-ndjson": line },
      },
      responses: answers({
        200: json("All are made; how many there are.", made),
        404: "NotFound",
        413: "TooLong",
        415: "BadType",
        ...READ_FAULTS,
      }),
    },
  };
}
