import { describe, expect, it } from "vitest";
import type { RowReader, ServedTable } from "../../src/server/index.ts";
import { changed, RawClient, serving, type Serving, statusOf } from "./serving.ts";

const PATH = "/tables/orders/keys";

async function filled(keys: readonly string[]): Promise<Serving> {
  const at = await serving();
  await at.orders.batch(
    keys.map((key) => ({ type: "put", key: Buffer.from(key), value: Buffer.from(`of ${key}`) })),
  );
  return at;
}

async function keysOf({ ask }: Serving, query: string): Promise<string[]> {
  const text = await (await ask(PATH + query)).text();
  const lines = text.split("\n").filter((line) => line !== "");
  return lines.map((line) => (JSON.parse(line) as { readonly key: string }).key);
}

describe("a scan", () => {
  it("gives a range, both ways, up to a limit", async () => {
    const at = await filled(["a", "b", "c/", "d"]);
    expect(await keysOf(at, "")).toEqual(["a", "b", "c/", "d"]);
    expect(await keysOf(at, "?start=b&end=d")).toEqual(["b", "c/"]);
    expect(await keysOf(at, "?start=b%00")).toEqual(["c/", "d"]);
    expect(await keysOf(at, "?start=c%2F")).toEqual(["c/", "d"]);
    expect(await keysOf(at, "?reverse=true")).toEqual(["d", "c/", "b", "a"]);
    expect(await keysOf(at, "?reverse=true&end=d&limit=2")).toEqual(["c/", "b"]);
    expect(await keysOf(at, "?limit=0")).toEqual([]);
    expect(await keysOf(at, "?start=x&end=a")).toEqual([]);
    const row = await (await at.ask(`${PATH}?limit=1&encoding=base64`)).text();
    expect(row).toBe('{"key64":"YQ==","value64":"b2YgYQ=="}\n');
  });

  it("goes over many pages, in order", async () => {
    const keys = Array.from({ length: 3000 }, (_, i) => `k${10_000 + i}`);
    const at = await filled(keys);
    expect(await keysOf(at, "")).toEqual(keys);
    expect(await keysOf(at, "?reverse=true")).toEqual(keys.toReversed());
  });

  it("has headers of its own", async () => {
    const { ask } = await filled(["a"]);
    const head = await ask(PATH, { method: "HEAD" });
    expect([head.status, head.headers.get("content-type")]).toEqual([200, "application/x-ndjson"]);
  });

  it("refuses what it does not understand", async () => {
    const { ask } = await serving();
    const limits = ["limit=-1", "limit=x", "limit=", "limt=1", "limit=1&limit=1"];
    const others = ["reverse=1", "encoding=hex", "start=%zz", "&", "start=a&start=b"];
    const answers = [...limits, ...others].map((query) => statusOf(ask(`${PATH}?${query}`)));
    expect(new Set(await Promise.all(answers))).toEqual(new Set(["400 BAD_QUERY"]));
  });
});

const [BATCHES, ROWS_A_BATCH, VALUE_BYTES] = [12, 1000, 900];
const ROWS = BATCHES * ROWS_A_BATCH;

/** Fills a table with more than what the system keeps for a connection. */
async function fill(table: ServedTable): Promise<void> {
  const value = Buffer.alloc(VALUE_BYTES, "v");
  for (let batch = 0; batch < BATCHES; batch++) {
    const writes = Array.from({ length: ROWS_A_BATCH }, (_, i) => {
      const key = Buffer.from(`k${100_000 + batch * ROWS_A_BATCH + i}`);
      return { type: "put", key, value } as const;
    });
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await table.batch(writes);
  }
}

describe("a reader who stands still", () => {
  it("lets little be read that it does not take, loses nothing, and may go", async () => {
    let read = 0;
    let closes = 0;
    const { server, orders } = await serving({}, (table) =>
      changed(table, { rows: (range) => counting(table.rows(range)) }),
    );
    function counting(reader: RowReader): RowReader {
      return {
        next: async (most) => {
          const rows = await reader.next(most);
          read += rows.length;
          return rows;
        },
        close: () => {
          closes++;
          return reader.close();
        },
      };
    }
    await fill(orders);
    const client = new RawClient(server.port);
    client.socket.pause();
    await client.write(`GET ${PATH} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
    const stoodAt = await stands(() => read);
    expect(stoodAt).toBeLessThan(ROWS);
    expect(server.stats()).toMatchObject({ inFlight: 1, scans: 1 });
    client.socket.resume();
    await client.closed;
    expect(read).toBe(ROWS);
    expect(client.received.match(/"key":/g)).toHaveLength(ROWS);
    expect(client.received.endsWith("\r\n0\r\n\r\n")).toBe(true);
    expect([closes, server.stats()]).toMatchObject([1, { inFlight: 0, scans: 0 }]);

    // Another one goes in the midst of it.
    const leaver = new RawClient(server.port);
    leaver.socket.pause();
    await leaver.write(`GET ${PATH} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    await stands(() => read - ROWS);
    expect(server.stats()).toMatchObject({ inFlight: 1, scans: 1 });
    leaver.socket.destroy();
    await expect.poll(() => server.stats()).toMatchObject({ inFlight: 0, scans: 0 });
    expect([closes, read < 2 * ROWS]).toEqual([2, true]);
  });
});

/** For busy machines. */
const PATIENT = { timeout: 30_000 };

describe("a scan whose answer waits behind others", () => {
  it.each([
    ["its reader goes", ""],
    [
      "its reader goes who asked for a tunnel too",
      "CONNECT x:1 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    ],
  ])("ends when %s", async (_, behind) => {
    let begun = 0;
    // To fill a table may keep the event loop, and then scans would be refused.
    const limits = { loopDelayMs: 600_000 };
    const { server, orders } = await serving({ limits }, (table) =>
      changed(table, {
        rows: (range) => {
          begun++;
          return table.rows(range);
        },
      }),
    );
    await fill(orders);
    const client = new RawClient(server.port);
    client.socket.pause();
    await client.write(`GET ${PATH} HTTP/1.1\r\nHost: localhost\r\n\r\n`.repeat(3) + behind);
    await expect.poll(() => begun, PATIENT).toBe(3);
    client.socket.destroy();
    await expect.poll(() => server.stats(), PATIENT).toMatchObject({ inFlight: 0, scans: 0 });
  });
});

describe("a scan that fails halfway", () => {
  it("never passes for a whole one", async () => {
    const faults: unknown[] = [];
    const { orders, ask } = await serving({ onFault: (fault) => faults.push(fault) }, (table) =>
      changed(table, { rows: (range) => failing(table.rows(range)) }),
    );
    function failing(reader: RowReader): RowReader {
      let parts = 0;
      const next = async (most: number): ReturnType<RowReader["next"]> => {
        if (parts++ > 0) throw new Error("the disk has gone");
        return reader.next(most);
      };
      return { next, close: () => reader.close() };
    }
    await orders.put(Buffer.from("a"), Buffer.from("1"));
    // Either the headers or some rows are all that came.
    await expect(ask(PATH).then((answer) => answer.text())).rejects.toThrow(/terminated|failed/);
    expect(faults).toHaveLength(1);
  });
});

/** Where a count stands once it has not moved for a while. */
async function stands(count: () => number): Promise<number> {
  for (let before = -1; before !== count() || before === 0;) {
    before = count();
    // oxlint-disable-next-line no-await-in-loop -- waits
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return count();
}
