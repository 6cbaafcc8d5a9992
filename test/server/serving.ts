import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect } from "vitest";
import {
  type LatchworkServer,
  openServed,
  type ServedTable,
  type ServerOptions,
  startServer,
} from "../../src/server/index.ts";
import { isDocumented } from "./documented.ts";

/** A server that a test has started, and how to ask it. */
export interface Serving {
  readonly server: LatchworkServer;
  /** The directory of the tables. */
  readonly directory: string;
  readonly orders: ServedTable;
  /** Asks for a path below the server's address; what it answers has to be in its document. */
  readonly ask: (path: string, init?: RequestInit) => Promise<Response>;
}

const closes: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closes.splice(0).toReversed()) {
    // oxlint-disable-next-line no-await-in-loop -- the server before its tables
    await close();
  }
});

/** Something to be done once the test is over, before what was noted earlier. */
export function atEnd(close: () => Promise<unknown>): void {
  closes.push(close);
}

/** A directory until the test is over. */
export function directoryUntilEnd(): string {
  const directory = mkdtempSync(join(tmpdir(), "latchwork-server-"));
  atEnd(async () => rmSync(directory, { recursive: true }));
  return directory;
}

/** Serves two tables in a fresh directory until the test is over, the first as `change` has it. */
export async function serving(
  options: ServerOptions = {},
  change: (table: ServedTable) => ServedTable = (table) => table,
): Promise<Serving> {
  const directory = directoryUntilEnd();
  const opened = await openServed(directory, ["orders", "users"], { readDurability: "durable" });
  atEnd(() => opened.close());
  const [orders, users] = [...opened.tables.values()];
  if (orders === undefined || users === undefined) throw new Error("no tables");
  const tables = new Map([
    ["orders", change(orders)],
    ["users", users],
  ]);
  const server = await startServer(tables, options);
  atEnd(() => server.stop(1000));
  const ask = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const response = await fetch(server.url + path, init);
    const asked = `${init.method ?? "GET"} ${path}`;
    expect(isDocumented(asked, response.status), `${asked}: ${response.status}`).toBe(true);
    return response;
  };
  return { server, directory, orders, ask };
}

/** The same table, some of whose methods are others. */
export function changed(table: ServedTable, own: Partial<ServedTable>): ServedTable {
  return {
    get: (key) => table.get(key),
    put: (key, value) => table.put(key, value),
    insert: (key, value) => table.insert(key, value),
    remove: (key) => table.remove(key),
    batch: (writes) => table.batch(writes),
    rows: (range) => table.rows(range),
    stats: () => table.stats(),
    ...own,
  };
}

/** The status of an answer, and the code in its body if it has one. */
export async function statusOf(answer: Promise<Response>): Promise<string> {
  const response = await answer;
  const text = await response.text();
  if (response.headers.get("content-type") !== "application/json") return `${response.status}`;
  const { code } = JSON.parse(text) as { readonly code?: string };
  return code === undefined ? `${response.status}` : `${response.status} ${code}`;
}

/** A connection that writes what it likes; what came back is gathered. */
export class RawClient {
  readonly socket: Socket;
  /** Kept once the server has closed the connection. */
  readonly closed: Promise<void>;
  received = "";

  constructor(port: number) {
    this.socket = connect({ port, host: "127.0.0.1" });
    this.socket.setEncoding("latin1").on("data", (text: string) => (this.received += text));
    this.socket.on("error", () => undefined);
    this.closed = new Promise((resolve) => this.socket.once("close", () => resolve()));
    atEnd(async () => this.socket.destroy());
  }

  /** Writes, and waits until that is with the system. */
  write(text: string): Promise<void> {
    return new Promise((resolve) => this.socket.write(text, "latin1", () => resolve()));
  }

  /** Waits until what came back contains a text. */
  async has(text: string): Promise<void> {
    while (!this.received.includes(text)) await once(this.socket, "data");
  }
}

/** What a server answers to bytes, until it closes the connection. */
export async function rawAnswer(server: LatchworkServer, text: string): Promise<string> {
  const client = new RawClient(server.port);
  await client.write(text);
  await client.closed;
  return client.received;
}
