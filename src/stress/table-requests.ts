import type { PlannedOperation, PlannedRequest } from "./planned-request.ts";
import { bodyOf, nameIn } from "./value-body.ts";

const OK = 200;
const CREATED = 201;
const NO_CONTENT = 204;
const NOT_FOUND = 404;
const PRECONDITION_FAILED = 412;

const BYTES = { "content-type": "application/octet-stream" };
const JSON_TEXT = { "content-type": "application/json" };

/** A key of a table. Keys of a run are plain text, so that their order is that of their bytes. */
export interface TableKey {
  readonly table: string;
  readonly key: string;
}

/** How a history names a key: keys of several tables are keys of one map to the model. */
export function historyKey({ table, key }: TableKey): string {
  return `${table}/${key}`;
}

export function getRequest(at: TableKey): PlannedRequest {
  return {
    kind: "get",
    http: { method: "GET", path: pathOf(at) },
    operations: [{ f: "get", key: historyKey(at), value: null }],
    answersIn(status, body) {
      if (status === OK) return [nameIn(body)];
      return status === NOT_FOUND ? [null] : null;
    },
  };
}

/** @param name The value's name; see {@link bodyOf}. */
export function putRequest(at: TableKey, name: string): PlannedRequest {
  return {
    kind: "put",
    http: { method: "PUT", path: pathOf(at), headers: BYTES, body: bodyOf(name) },
    operations: [{ f: "put", key: historyKey(at), value: name, leaves: name }],
    answersIn: (status) => (isSuccess(status) ? [null] : null),
  };
}

/** Puts only if the key is absent. */
export function insertRequest(at: TableKey, name: string): PlannedRequest {
  const headers = { ...BYTES, "if-none-match": "*" };
  return {
    kind: "insert",
    http: { method: "PUT", path: pathOf(at), headers, body: bodyOf(name) },
    operations: [{ f: "insert", key: historyKey(at), value: name, leaves: name }],
    answersIn(status) {
      if (isSuccess(status)) return [true];
      return status === PRECONDITION_FAILED ? [false] : null;
    },
  };
}

export function deleteRequest(at: TableKey): PlannedRequest {
  return {
    kind: "delete",
    http: { method: "DELETE", path: pathOf(at) },
    operations: [{ f: "delete", key: historyKey(at), value: null, leaves: null }],
    answersIn(status) {
      if (isSuccess(status)) return [true];
      return status === NOT_FOUND ? [false] : null;
    },
  };
}

/** Reads the keys from `low` to `high`, both included. */
export function scanRequest(table: string, low: string, high: string): PlannedRequest {
  // The end of a range is not in it; no key lies between one and itself with a zero behind it.
  const range = `start=${encodeURIComponent(low)}&end=${encodeURIComponent(high)}%00`;
  const value = [historyKey({ table, key: low }), historyKey({ table, key: high })];
  return {
    kind: "scan",
    http: { method: "GET", path: `/tables/${encodeURIComponent(table)}/keys?${range}` },
    operations: [{ f: "scan", key: null, value }],
    answersIn: (status, body) => (status === OK ? [rowsIn(table, body)] : null),
  };
}

/** Puts names, and deletes where there is null, all or nothing. */
export function batchRequest(
  table: string,
  writes: readonly (readonly [key: string, name: string | null])[],
): PlannedRequest {
  const body = JSON.stringify(writes.map(batchWrite));
  return {
    kind: "batch",
    http: {
      method: "POST",
      path: `/tables/${encodeURIComponent(table)}/batch`,
      headers: JSON_TEXT,
      body: Buffer.from(body),
    },
    operations: writes.map(([key, name]) => writeOf(historyKey({ table, key }), name)),
    answersIn: (status) => (isSuccess(status) ? writes.map(() => null) : null),
  };
}

function writeOf(key: string, name: string | null): PlannedOperation {
  return name === null
    ? { f: "delete", key, value: null, leaves: null }
    : { f: "put", key, value: name, leaves: name };
}

function batchWrite([key, name]: readonly [string, string | null]): object {
  return name === null ? { op: "del", key } : { op: "put", key, value: bodyOf(name).toString() };
}

/** The rows of NDJSON; text that is none stands for itself, which no state of a map explains. */
function rowsIn(table: string, body: Buffer): readonly unknown[] {
  const lines = body.toString("utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => rowOf(table, line));
}

function rowOf(table: string, line: string): readonly [string, string] {
  try {
    // What is put is text, and so comes as text.
    const { key, value } = JSON.parse(line) as { readonly key: string; readonly value: string };
    return [historyKey({ table, key }), nameIn(Buffer.from(value))];
  } catch {
    return [`not a row: ${line}`, ""];
  }
}

function isSuccess(status: number): boolean {
  return status === OK || status === CREATED || status === NO_CONTENT;
}

function pathOf({ table, key }: TableKey): string {
  return `/tables/${encodeURIComponent(table)}/keys/${encodeURIComponent(key)}`;
}
