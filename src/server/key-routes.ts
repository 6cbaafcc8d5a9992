import type { IncomingMessage, ServerResponse } from "node:http";
import { refusesCondition } from "./conditions.ts";
import type { RouteName } from "./counts.ts";
import { Exchange } from "./exchange.ts";
import { keyPlaceOf, percentDecoded } from "./key-url.ts";
import { Problem } from "./problem.ts";
import { readBody } from "./read-body.ts";
import type { ServedTable } from "./served-tables.ts";
import type { Shared } from "./shared.ts";
import { noTable, tableNamed } from "./table-named.ts";

/** What happens to a key. */
type KeyAct = (exchange: Exchange, table: ServedTable, key: Uint8Array) => void;

/** Answers a request for `/tables/T/keys/K`, whose path is `url`. */
export function answerKey(
  shared: Shared,
  url: string,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const [route, act] = actOf(request);
  const exchange = new Exchange(shared, route, request, response);
  if (!exchange.begin()) return;
  const place = keyPlaceOf(url);
  const key = place === null ? null : percentDecoded(url, place.keyAt);
  if (place === null || key === null) {
    const message = "the key in the path is not percent-encoded, or a query is behind it";
    exchange.refuse(new Problem(400, "BAD_KEY", message));
    return;
  }
  const table = tableNamed(shared.tables, place.table);
  if (table === null) exchange.refuse(noTable(shared.tables));
  else act(exchange, table, key);
}

function actOf({ method, headers }: IncomingMessage): readonly [RouteName, KeyAct] {
  if (method === "GET" || method === "HEAD") return GET;
  if (method === "DELETE") return DELETE;
  return headers["if-none-match"] === undefined ? PUT : INSERT;
}

function get(exchange: Exchange, table: ServedTable, key: Uint8Array): void {
  table.get(key).then(
    (value) => (value === undefined ? exchange.refuse(NO_KEY) : exchange.bytes(value)),
    (error: unknown) => exchange.fail(error),
  );
}

function put(exchange: Exchange, table: ServedTable, key: Uint8Array): void {
  if (refusesCondition(exchange)) return;
  readBody(exchange, exchange.shared.limits.valueBytes, "a value", (value) => {
    table.put(key, value).then(
      () => exchange.noContent(204),
      (error: unknown) => exchange.fail(error),
    );
  });
}

function insert(exchange: Exchange, table: ServedTable, key: Uint8Array): void {
  if (refusesCondition(exchange)) return;
  readBody(exchange, exchange.shared.limits.valueBytes, "a value", (value) => {
    table.insert(key, value).then(
      (isNew) => (isNew ? exchange.noContent(201) : exchange.refuse(IS_THERE)),
      (error: unknown) => exchange.fail(error),
    );
  });
}

function remove(exchange: Exchange, table: ServedTable, key: Uint8Array): void {
  if (refusesCondition(exchange)) return;
  table.remove(key).then(
    (wasThere) => (wasThere ? exchange.noContent(204) : exchange.refuse(NO_KEY)),
    (error: unknown) => exchange.fail(error),
  );
}

const GET: readonly [RouteName, KeyAct] = ["get", get];
const PUT: readonly [RouteName, KeyAct] = ["put", put];
const INSERT: readonly [RouteName, KeyAct] = ["insert", insert];
const DELETE: readonly [RouteName, KeyAct] = ["delete", remove];

const NO_KEY = new Problem(404, "NO_SUCH_KEY", "there is no such key");
const IS_THERE = new Problem(412, "KEY_EXISTS", "the key is there already");
