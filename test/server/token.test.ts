import { describe, expect, it } from "vitest";
import { startServer } from "../../src/server/index.ts";
import { serving, statusOf } from "./serving.ts";

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

  it("must be one that a request can bring", async () => {
    for (const token of ["", "two words", "two\nlines", "ümlaut"]) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await expect(startServer(new Map(), { token })).rejects.toThrow("a token is one line");
    }
  });
});
