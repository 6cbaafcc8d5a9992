import type { IncomingMessage, ServerResponse } from "node:http";
import type { FastifyInstance, HTTPMethods } from "fastify";
import { answerBatch } from "./batch-route.ts";
import { Exchange } from "./exchange.ts";
import { answerKey } from "./key-routes.ts";
import { keyPlaceOf } from "./key-url.ts";
import { Problem } from "./problem.ts";
import { answerScan } from "./scan-route.ts";
import type { Shared } from "./shared.ts";
import type { ServedTable } from "./served-tables.ts";
import { answerHealth, answerOpenApi, answerStats, answerTables } from "./status-routes.ts";
import { noTable, tableNamed } from "./table-named.ts";

/**
 * Where the router finds the keys: a key may be any bytes, which are no text that it could decode,
 * so all paths of keys are one path to it. A request for this very path finds no key in it.
 */
const KEY_PATH = "/key";

/** The path by which the router finds a request. */
export function routedPath({ url = "" }: IncomingMessage): string {
  return keyPlaceOf(url) === null ? url : KEY_PATH;
}

const READ: readonly HTTPMethods[] = ["GET", "HEAD"];
const KEY_METHODS: readonly HTTPMethods[] = [...READ, "PUT", "DELETE"];

/** Each path as docs/server.md and the OpenAPI document have it, and the methods it takes. */
export const PATHS: readonly (readonly [path: string, methods: readonly HTTPMethods[]])[] = [
  ["/tables/{table}/keys/{key}", KEY_METHODS],
  ["/tables/{table}/keys", READ],
  ["/tables/{table}/batch", ["POST"]],
  ["/tables", READ],
  ["/stats", READ],
  ["/metrics", READ],
  ["/health", READ],
  ["/openapi.json", READ],
];

type Answer = (exchange: Exchange) => void;

/** Adds all routes. Answers go to Node's own response, past what the framework could add. */
export function addRoutes(app: FastifyInstance, shared: Shared, metrics: Answer): void {
  // To the router no method has a body: whoever wants one reads it, as bytes and within its limits.
  for (const method of ["PUT", "POST", "DELETE"]) {
    app.addHttpMethod(method, { hasBody: false, overrideExisting: true });
  }
  app.route({
    method: [...KEY_METHODS],
    url: KEY_PATH,
    exposeHeadRoute: false,
    handler: ({ raw, originalUrl }, reply) => {
      reply.hijack();
      answerKey(shared, originalUrl, raw, reply.raw);
    },
  });
  addTableRoutes(app, shared);
  const open = ["/health"];
  for (const [url, answer] of [
    ["/tables", answerTables],
    ["/stats", answerStats],
    ["/metrics", metrics],
    ["/health", answerHealth],
    ["/openapi.json", answerOpenApi],
  ] as const) {
    addRoute(app, url, (request, response) => {
      const exchange = new Exchange(shared, "other", request, response);
      if (open.includes(url) || exchange.begin()) answer(exchange);
    });
  }
  app.setNotFoundHandler(({ raw, originalUrl }, reply) => {
    reply.hijack();
    const exchange = new Exchange(shared, "other", raw, reply.raw);
    if (exchange.begin()) exchange.refuse(notFound(originalUrl));
  });
}

/** Answers a request whose path the router cannot read. */
export function answerUnroutable(
  shared: Shared,
  code: string,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const exchange = new Exchange(shared, "other", request, response);
  if (!exchange.begin()) return;
  if (code === "FST_ERR_BAD_URL") exchange.refuse(BAD_PATH);
  // Of all that is not fixed in a path, the router has read a table's name, and found it too long.
  else exchange.refuse(noTable(shared.tables));
}

const BAD_PATH = new Problem(400, "BAD_PATH", "the path is not percent-encoded");

function addTableRoutes(app: FastifyInstance, shared: Shared): void {
  addRoute(app, "/tables/:table/keys", (request, response, segment) => {
    const exchange = new Exchange(shared, "scan", request, response);
    const [, query] = splitAt(request.url ?? "", "?");
    withTable(exchange, segment, (table) => answerScan(exchange, table, query));
  });
  app.route({
    method: "POST",
    url: "/tables/:table/batch",
    handler: ({ raw, params }, reply) => {
      reply.hijack();
      const exchange = new Exchange(shared, "batch", raw, reply.raw);
      withTable(exchange, tableOf(params), (table) => answerBatch(exchange, table));
    },
  });
}

function withTable(exchange: Exchange, segment: string, act: (table: ServedTable) => void): void {
  if (!exchange.begin()) return;
  const { tables } = exchange.shared;
  const table = tableNamed(tables, segment);
  if (table === null) exchange.refuse(noTable(tables));
  else act(table);
}

function addRoute(
  app: FastifyInstance,
  url: string,
  answer: (request: IncomingMessage, response: ServerResponse, table: string) => void,
): void {
  app.route({
    method: [...READ],
    url,
    exposeHeadRoute: false,
    handler: ({ raw, params }, reply) => {
      reply.hijack();
      answer(raw, reply.raw, tableOf(params));
    },
  });
}

function tableOf(params: unknown): string {
  return (params as { readonly table?: string }).table ?? "";
}

/** A path that there is not, or a method that its path does not take. */
function notFound(url: string): Problem {
  const [path] = splitAt(url, "?");
  const found = PATHS.find(([template]) => fits(template, path));
  if (found === undefined) {
    const message = "there is no such path; GET /openapi.json lists those that there are";
    return new Problem(404, "NO_SUCH_PATH", message);
  }
  const methods = found[1].join(", ");
  const message = `this path takes ${methods}`;
  return new Problem(405, "BAD_METHOD", message, ["Allow", methods]);
}

function fits(template: string, path: string): boolean {
  const [wanted, given] = [template.split("/"), path.split("/")];
  if (template.endsWith("{key}") && keyPlaceOf(path) !== null) return true;
  if (wanted.length !== given.length) return false;
  return wanted.every((part, at) => part === given[at] || part === "{table}");
}

/** A text up to a mark, and behind it. */
function splitAt(text: string, mark: string): readonly [string, string] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + mark.length)];
}
