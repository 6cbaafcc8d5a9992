import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/**
 * What is wrong with a server, in one of so many requests.
 *
 * - `stale`: a get answers what the key held before the last write.
 * - `lose`: a put is acknowledged and not done.
 * - `late`: a put is acknowledged, and done a little later.
 * - `insert-over`: an insert overwrites what is there, and says that it was absent.
 * - `truncate`: a get answers half of a value.
 * - `fail`: 500, and nothing was done.
 * - `busy`: 429, and nothing was done: what a right server does too.
 * - `busy-done`: 429, and it was done all the same.
 * - `refuse`: 400 to a right request.
 * - `hang-up`: the connection ends after the request was done, without an answer.
 * - `scan-drop`: a scan leaves out its last row.
 */
export type Fault =
  | "stale"
  | "lose"
  | "late"
  | "insert-over"
  | "truncate"
  | "fail"
  | "busy"
  | "busy-done"
  | "refuse"
  | "hang-up"
  | "scan-drop";

const LATE_MS = 20;

/** The routes of a server over a map in memory, wrong in one way or right. */
export class FaultyServer {
  readonly #fault: Fault | null;
  readonly #every: number;
  readonly #now = new Map<string, Buffer>();
  readonly #before = new Map<string, Buffer | undefined>();
  readonly #server: Server;
  #requests = 0;
  /** How many requests it has had. */
  served = 0;
  /** How often it was wrong. */
  faults = 0;

  constructor(fault: Fault | null, every = 20) {
    this.#fault = fault;
    this.#every = every;
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  /** Gives its address. */
  async listen(): Promise<string> {
    await new Promise<void>((resolve) => {
      this.#server.listen(0, "127.0.0.1", resolve);
    });
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.served++;
    const url = new URL(request.url ?? "/", "http://host");
    const [, , table = "", , key] = url.pathname.split("/");
    const body = await buffer(request);
    // Otherwise each request would be done before the next is read.
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    if (this.#refuses(request, response)) return;
    if (key === undefined) this.#scan(table, url.searchParams, response);
    else this.#one(`${table}/${key}`, request, body, response);
  }

  #isDue(fault: Fault): boolean {
    if (this.#fault !== fault) return false;
    const isDue = ++this.#requests % this.#every === 0;
    if (isDue) this.faults++;
    return isDue;
  }

  #refuses({ method }: IncomingMessage, response: ServerResponse): boolean {
    if (method !== "PUT") return false;
    if (this.#isDue("fail")) return end(response, 500, "it broke");
    if (this.#isDue("refuse")) return end(response, 400, "no");
    if (!this.#isDue("busy")) return false;
    return end(response, 429, "busy", { "retry-after": "0" });
  }

  #one(key: string, request: IncomingMessage, body: Buffer, response: ServerResponse): boolean {
    if (request.method === "PUT") {
      const isInsert = request.headers["if-none-match"] === "*";
      return this.#put(key, body, isInsert, response);
    }
    if (request.method === "DELETE") {
      const isThere = this.#now.has(key);
      this.#set(key, undefined);
      return end(response, isThere ? 204 : 404, "");
    }
    const found = this.#isDue("stale") ? this.#before.get(key) : this.#now.get(key);
    if (found === undefined) return end(response, 404, "");
    return end(response, 200, this.#isDue("truncate") ? found.subarray(0, 50) : found);
  }

  #put(key: string, body: Buffer, isInsert: boolean, response: ServerResponse): boolean {
    const isThere = this.#now.has(key);
    if (isInsert && isThere && !this.#isDue("insert-over")) return end(response, 412, "");
    if (this.#isDue("lose")) return end(response, 204, "");
    if (this.#isDue("late")) {
      setTimeout(() => this.#set(key, body), LATE_MS);
      return end(response, 204, "");
    }
    this.#set(key, body);
    if (this.#isDue("hang-up")) {
      response.destroy();
      return true;
    }
    const status = isInsert ? 201 : 204;
    return end(response, this.#isDue("busy-done") ? 429 : status, "", { "retry-after": "0" });
  }

  #scan(table: string, range: URLSearchParams, response: ServerResponse): boolean {
    const [low, high] = ["start", "end"].map((name) => `${table}/${range.get(name) ?? ""}`);
    const rows = [...this.#now]
      .filter(([key]) => low !== undefined && key >= low && key < (high ?? ""))
      .toSorted(([a], [b]) => (a < b ? -1 : 1));
    if (rows.length > 0 && this.#isDue("scan-drop")) rows.pop();
    const lines = rows.map(([key, value]) => {
      return `${JSON.stringify({ key: key.slice(table.length + 1), value: String(value) })}\n`;
    });
    return end(response, 200, lines.join(""));
  }

  #set(key: string, value: Buffer | undefined): void {
    this.#before.set(key, this.#now.get(key));
    if (value === undefined) this.#now.delete(key);
    else this.#now.set(key, value);
  }
}

function end(
  response: ServerResponse,
  status: number,
  body: string | Buffer,
  headers: Readonly<Record<string, string>> = {},
): true {
  response.writeHead(status, { "content-length": Buffer.byteLength(body), ...headers });
  response.end(body);
  return true;
}
