import { describe, expect, it } from "vitest";
import { changed, rawAnswer, RawClient, serving, statusOf } from "./serving.ts";

const KEY = "/tables/orders/keys/a";
const put = (body: string): RequestInit => ({ method: "PUT", body });
const head = (line: string, ...headers: string[]): string =>
  [`${line} HTTP/1.1`, "Host: localhost", ...headers, "", ""].join("\r\n");
/** A request after whose answer the server closes. */
const lastHead = (line: string, ...headers: string[]): string =>
  head(line, ...headers, "Connection: close");

describe("what is too long", () => {
  it("is a value, by its table or by the server, with a length or in chunks", async () => {
    const { server, ask } = await serving({ limits: { valueBytes: 2000 } });
    expect(await statusOf(ask(KEY, put("v".repeat(900))))).toBe("204");
    expect(await statusOf(ask(KEY, put("v".repeat(1900))))).toBe("413 VALUE_TOO_LONG");
    expect(await statusOf(ask(KEY, put("v".repeat(2001))))).toBe("413 BODY_TOO_LONG");
    const chunk = `3e8\r\n${"v".repeat(1000)}\r\n`;
    const start = lastHead(`PUT ${KEY}`, "Transfer-Encoding: chunked");
    expect(await rawAnswer(server, `${start}${chunk.repeat(3)}0\r\n\r\n`)).toMatch(
      /^HTTP\/1.1 413 [\s\S]*"BODY_TOO_LONG"/,
    );
    expect(await (await ask(KEY)).text()).toBe("v".repeat(900));
  });

  it("is a key, a batch and the headers", async () => {
    const { server, ask } = await serving({ limits: { batchBytes: 500, batchWrites: 2 } });
    expect(await statusOf(ask(`/tables/orders/keys/${"k".repeat(600)}`))).toBe("400 KEY_TOO_LONG");
    const batch = (body: string): RequestInit => {
      return { method: "POST", body, headers: { "Content-Type": "application/json" } };
    };
    const del = '{"op":"del","key":"a"}';
    const path = "/tables/orders/batch";
    expect(await statusOf(ask(path, batch(`[${del},${del}]`)))).toBe("200");
    expect(await statusOf(ask(path, batch(`[${del},${del},${del}]`)))).toBe("413 BATCH_TOO_LONG");
    expect(await statusOf(ask(path, batch(`[${" ".repeat(500)}]`)))).toBe("413 BODY_TOO_LONG");
    const long = head(`GET ${KEY}`, `X: ${"x".repeat(40_000)}`);
    expect(await rawAnswer(server, long)).toMatch(/^HTTP\/1.1 431 [\s\S]*"HEADERS_TOO_LONG"/);
  });

  it("is answered before all of it was sent, and the connection goes on", async () => {
    const { server } = await serving({ limits: { valueBytes: 1000 } });
    const client = new RawClient(server.port);
    await client.write(head(`PUT ${KEY}`, "Content-Length: 100000"));
    await client.has("413 Payload Too Large");
    await client.write("v".repeat(100_000));
    await client.write(lastHead("GET /health"));
    await client.closed;
    expect(client.received).toContain('{"status":"ok"}');
  });

  it("is not read for ever", async () => {
    const { server } = await serving({ limits: { valueBytes: 1000 } });
    const client = new RawClient(server.port);
    await client.write(head(`PUT ${KEY}`, "Transfer-Encoding: chunked"));
    const chunk = `10000\r\n${"v".repeat(65_536)}\r\n`;
    // Some gigabytes, were it read; after a megabyte or two the connection is broken.
    for (let sent = 0; client.socket.writable && sent < 50_000; sent++) {
      // oxlint-disable-next-line no-await-in-loop -- as fast as it is taken
      await client.write(chunk);
    }
    await client.closed;
    expect(client.socket.bytesWritten).toBeLessThan(100 * 1024 * 1024);
  });
});

describe("what is no request", () => {
  const cases = [
    ["a line", "nonsense\r\n\r\n"],
    ["an odd method", "NOPE / HTTP/1.1\r\nHost: localhost\r\n\r\n"],
    ["no host", "GET / HTTP/1.1\r\n\r\n"],
    ["a blank in the path", "GET /tables/a b HTTP/1.1\r\nHost: localhost\r\n\r\n"],
    ["two lengths", head("PUT /x", "Content-Length: 1", "Content-Length: 2")],
    ["a length and chunks", head("PUT /x", "Content-Length: 1", "Transfer-Encoding: chunked")],
    ["an odd length", head("PUT /x", "Content-Length: 1x")],
    ["an odd chunk", `${head(`PUT ${KEY}`, "Transfer-Encoding: chunked")}zz\r\n`],
    ["a nul in a header", head("GET /", "X: \0")],
    ["binary", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"],
  ] as const;

  it("is answered with 400, and its connection closed", async () => {
    const { server } = await serving();
    for (const [name, text] of cases) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      expect(`${name}: ${await rawAnswer(server, text)}`).toContain(`${name}: HTTP/1.1 400 `);
    }
    await expect.poll(() => server.stats()).toMatchObject({ connections: 0, inFlight: 0 });
  });

  it("but asks for what is not done, is told so", async () => {
    const { server, ask } = await serving();
    expect(await rawAnswer(server, head("CONNECT x:1"))).toMatch(/^HTTP\/1.1 405 /);
    expect(await rawAnswer(server, lastHead(`PUT ${KEY}`, "Expect: wonders"))).toMatch(
      /^HTTP\/1.1 417 /,
    );
    const conditions = [
      { "If-Match": "*" },
      { "If-None-Match": '"a"' },
      { "Content-Range": "bytes 0-0/5" },
    ];
    for (const headers of conditions) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      expect(await statusOf(ask(KEY, { ...put("x"), headers }))).toBe("400 BAD_CONDITION");
    }
    const batch = { method: "POST", body: "[]", headers: { "If-Match": "*" } };
    expect(await statusOf(ask("/tables/orders/batch", batch))).toBe("400 BAD_CONDITION");
    const packed = lastHead(`PUT ${KEY}`, "Transfer-Encoding: gzip, chunked");
    expect(await rawAnswer(server, `${packed}1\r\nx\r\n0\r\n\r\n`)).toMatch(
      /^HTTP\/1.1 415 [\s\S]*"BAD_ENCODING"/,
    );
    const encoded = { ...put("x"), headers: { "Content-Encoding": "gzip" } };
    expect(await statusOf(ask(KEY, encoded))).toBe("415 BAD_ENCODING");
    expect(await statusOf(ask(KEY))).toBe("404 NO_SUCH_KEY");
  });
});

describe("a client that is slow", () => {
  it("with its headers, its body or its next request is let go", async () => {
    const limits = { headersMs: 1500, requestMs: 2000, idleMs: 300 };
    const { server } = await serving({ limits });
    const clients = [1, 2, 3, 4].map(() => new RawClient(server.port));
    const [, headers, body, idle] = clients;
    await headers?.write("GET / HTTP/1.1\r\nHo");
    await body?.write(`${head(`PUT ${KEY}`, "Content-Length: 10")}12345`);
    await idle?.write(head("GET /health"));
    await Promise.all(clients.map((client) => client.closed));
    const slow = /^HTTP\/1.1 408 [\s\S]*"TOO_SLOW"/;
    expect(headers?.received).toMatch(slow);
    expect(body?.received).toMatch(slow);
    expect(idle?.received).toMatch(/^HTTP\/1.1 200 /);
    await expect.poll(() => server.stats()).toMatchObject({ inFlight: 0, inFlightBytes: 0 });
  });

  it("to read its answers is let go", async () => {
    const { server } = await serving({ limits: { stallMs: 500 } }, (table) =>
      changed(table, {
        rows: () => ({
          next: async () => [[Buffer.from("k"), Buffer.alloc(1e6)]],
          close: async () => undefined,
        }),
      }),
    );
    const client = new RawClient(server.port);
    client.socket.pause();
    await client.write(head("GET /tables/orders/keys"));
    await expect.poll(() => server.stats()).toMatchObject({ scans: 1 });
    await expect.poll(() => server.stats(), { timeout: 5000 }).toMatchObject({ scans: 0 });
  });
});
