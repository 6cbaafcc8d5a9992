import { describe, expect, it } from "vitest";
import { startServer } from "../../src/server/index.ts";
import { rawAnswer, serving, statusOf } from "./serving.ts";

describe("a token", () => {
  it("is wanted of every request but those for /health", async () => {
    const { ask } = await serving({ token: "right-token" });
    const paths = ["/tables", "/tables/orders/keys/a", "/tables/orders/keys", "/stats", "/metrics"];
    const wrong = ["", "Bearer", "Bearer ", "Bearer wrong", "Basic right-token", "right-token"];
    for (const path of [...paths, "/openapi.json", "/nope"]) {
      for (const authorization of wrong) {
        const headers = { authorization };
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        expect([path, await statusOf(ask(path, { headers }))]).toEqual([path, "401 UNAUTHORIZED"]);
      }
    }
    expect((await ask("/tables")).headers.get("www-authenticate")).toBe("Bearer");
    expect(await statusOf(ask("/health"))).toBe("200");
    const headers = { authorization: "Bearer right-token" };
    expect(await statusOf(ask("/tables", { headers }))).toBe("200");
    const small = { authorization: "bearer right-token" };
    expect(await statusOf(ask("/tables/orders/keys/a", { headers: small }))).toBe(
      "404 NO_SUCH_KEY",
    );
    expect(await statusOf(ask("/nope", { headers }))).toBe("404 NO_SUCH_PATH");
  });

  it("keeps a write from being made, and its body from being kept", async () => {
    const { ask, server } = await serving({ token: "t" });
    const put = { method: "PUT", body: "x".repeat(1000) };
    expect(await statusOf(ask("/tables/orders/keys/a", put))).toBe("401 UNAUTHORIZED");
    const headers = { authorization: "Bearer t" };
    expect(await statusOf(ask("/tables/orders/keys/a", { headers }))).toBe("404 NO_SUCH_KEY");
    expect(server.stats()).toMatchObject({ inFlight: 0, inFlightBytes: 0 });
  });

  it("is what lets a server at a loopback address be asked for by any name", async () => {
    const named = (host: string): string =>
      `GET /tables HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer t\r\nConnection: close\r\n\r\n`;
    const { server } = await serving();
    const fine = ["localhost", "LOCALHOST:7340", "127.0.0.1:1", "[::1]:2", "10.0.0.1"];
    const wrong = [
      "evil.example",
      "evil.example:80",
      "localhost.evil.example",
      "[evil]",
      "",
      "a:b:c",
    ];
    for (const [hosts, status] of [
      [fine, 200],
      [wrong, 403],
    ] as const) {
      for (const host of hosts) {
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        const answer = await rawAnswer(server, named(host));
        expect([host, answer.slice(0, 12)]).toEqual([host, `HTTP/1.1 ${status}`]);
      }
    }
    const closed = await serving({ token: "t" });
    expect(await rawAnswer(closed.server, named("shop.example"))).toMatch(/^HTTP\/1.1 200/);
  });

  it("must be one that a request can bring", async () => {
    for (const token of ["", "two words", "two\nlines", "ümlaut"]) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await expect(startServer(new Map(), { token })).rejects.toThrow("a token is one line");
    }
  });
});
