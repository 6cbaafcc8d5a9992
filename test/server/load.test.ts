import { describe, expect, it } from "vitest";
import type { ServedTable } from "../../src/server/index.ts";
import { changed, rawAnswer, RawClient, serving, statusOf } from "./serving.ts";

const PATH = "/tables/orders/keys";
const put = (body: string): RequestInit => ({ method: "PUT", body });

/** A table whose answers are held back until `open`. */
function gate(): {
  readonly through: (table: ServedTable) => ServedTable;
  readonly open: () => void;
} {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  const through = (table: ServedTable): ServedTable =>
    changed(table, {
      put: async (key, value) => {
        const done = table.put(key, value);
        await opened;
        return done;
      },
      rows: (range) => {
        const reader = table.rows(range);
        const next = async (most: number): ReturnType<typeof reader.next> => {
          await opened;
          return reader.next(most);
        };
        return { next, close: () => reader.close() };
      },
    });
  return { through, open: () => open() };
}

describe("too much", () => {
  it("of requests is refused until some are answered, and none is lost", async () => {
    const { through, open } = gate();
    const { server, ask } = await serving({ limits: { inFlight: 3 } }, through);
    const taken = [1, 2, 3].map((i) => statusOf(ask(`${PATH}/k${i}`, put(`${i}`))));
    await expect.poll(() => server.stats()).toMatchObject({ inFlight: 3 });
    const refused = await ask(`${PATH}/k4`, put("4"));
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "1"]);
    expect(await refused.json()).toMatchObject({ code: "TOO_MANY_REQUESTS" });
    expect(await statusOf(ask("/health"))).toBe("200");
    open();
    expect(await Promise.all(taken)).toEqual(["204", "204", "204"]);
    expect(await statusOf(ask(`${PATH}/k4`))).toBe("404 NO_SUCH_KEY");
    expect(await (await ask(`${PATH}/k3`)).text()).toBe("3");
    expect(server.stats()).toMatchObject({ inFlight: 0, inFlightBytes: 0 });
  });

  it("of bytes is refused, before and while they come", async () => {
    const { through, open } = gate();
    const { server, ask } = await serving({ limits: { inFlightBytes: 1000 } }, through);
    const taken = statusOf(ask(`${PATH}/a`, put("v".repeat(900))));
    await expect.poll(() => server.stats()).toMatchObject({ inFlightBytes: 900 });
    expect(await statusOf(ask(`${PATH}/b`, put("v".repeat(101))))).toBe("429 TOO_MANY_BYTES");
    const request = [
      `PUT ${PATH}/c HTTP/1.1`,
      "Host: localhost",
      "Connection: close",
      "Transfer-Encoding: chunked",
      "",
      `65\r\n${"v".repeat(101)}\r\n0\r\n\r\n`,
    ];
    expect(await rawAnswer(server, request.join("\r\n"))).toMatch(/^HTTP\/1.1 429 /);
    open();
    expect(await taken).toBe("204");
    expect(server.stats()).toMatchObject({ inFlight: 0, inFlightBytes: 0 });
  });

  it("of scans is refused, while keys are read", async () => {
    const { through, open } = gate();
    const { server, ask } = await serving({ limits: { scans: 1 } }, through);
    const taken = statusOf(ask(PATH));
    await expect.poll(() => server.stats()).toMatchObject({ scans: 1 });
    expect(await statusOf(ask(PATH))).toBe("429 TOO_MANY_SCANS");
    expect(await statusOf(ask(`${PATH}/a`))).toBe("404 NO_SUCH_KEY");
    open();
    expect(await taken).toBe("200");
  });

  it("of connections is refused, until one closes", async () => {
    const { server } = await serving({ limits: { connections: 2 } });
    const clients = [1, 2].map(() => new RawClient(server.port));
    for (const client of clients) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await client.write("GET /tables HTTP/1.1\r\nHost: localhost\r\n\r\n");
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await client.has('{"tables":');
    }
    const last = "GET /tables HTTP/1.1\r\nHost: localhost\r\n\r\n";
    expect(await rawAnswer(server, last)).toMatch(
      /^HTTP\/1.1 429 [\s\S]*Connection: close[\s\S]*"TOO_MANY_CONNECTIONS"/,
    );
    clients[0]?.socket.destroy();
    await expect
      .poll(() => rawAnswer(server, last.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n")))
      .toMatch(/^HTTP\/1.1 200 /);
  });

  it("for the event loop is refused, until it has caught up", async () => {
    const { ask } = await serving({ limits: { loopDelayMs: 20 } });
    const blocker = setInterval(() => {
      for (const until = Date.now() + 150; Date.now() < until;);
    }, 10);
    try {
      const answer = (): Promise<string> => statusOf(ask(`${PATH}/a`));
      await expect.poll(answer, { timeout: 10_000 }).toBe("429 OVERLOADED");
      clearInterval(blocker);
      await expect.poll(answer, { timeout: 10_000 }).toBe("404 NO_SUCH_KEY");
    } finally {
      clearInterval(blocker);
    }
  });
});
