import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach } from "vitest";
import { openServed, type ServerOptions, startServer } from "../../src/server/index.ts";

/** A server that a test has started, and how to ask it. */
export interface Serving {
  readonly server: Awaited<ReturnType<typeof startServer>>;
  /** The directory of the tables. */
  readonly directory: string;
  /** Asks for a path below the server's address. */
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

/** Serves two tables in a fresh directory until the test is over. */
export async function serving(options: ServerOptions = {}): Promise<Serving> {
  const directory = mkdtempSync(join(tmpdir(), "latchwork-server-"));
  atEnd(async () => rmSync(directory, { recursive: true }));
  const opened = await openServed(directory, ["orders", "users"], { readDurability: "durable" });
  atEnd(() => opened.close());
  const server = await startServer(opened.tables, options);
  atEnd(() => server.stop(1000));
  return { server, directory, ask: (path, init) => fetch(server.url + path, init) };
}

/** The status of an answer, and the code in its body if it has one. */
export async function statusOf(answer: Promise<Response>): Promise<string> {
  const response = await answer;
  const text = await response.text();
  if (response.headers.get("content-type") !== "application/json") return `${response.status}`;
  const { code } = JSON.parse(text) as { readonly code?: string };
  return code === undefined ? `${response.status}` : `${response.status} ${code}`;
}
