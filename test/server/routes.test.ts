import { describe, expect, it } from "vitest";
import { serving, statusOf } from "./serving.ts";

const KEY = "/tables/orders/keys/";
const put = (body: string | Uint8Array, headers: Record<string, string> = {}): RequestInit => ({
  method: "PUT",
  body,
  headers,
});

describe("a key", () => {
  it("is put, read and deleted, and says whether it was there", async () => {
    const { ask } = await serving();
    expect(await statusOf(ask(`${KEY}a`))).toBe("404 NO_SUCH_KEY");
    expect(await statusOf(ask(`${KEY}a`, put("one")))).toBe("204");
    const found = await ask(`${KEY}a`);
    expect(found.status).toBe(200);
    expect(found.headers.get("content-type")).toBe("application/octet-stream");
    expect(await found.text()).toBe("one");
    const head = await ask(`${KEY}a`, { method: "HEAD" });
    expect([head.status, head.headers.get("content-length")]).toEqual([200, "3"]);
    expect(await statusOf(ask(`/tables/users/keys/a`))).toBe("404 NO_SUCH_KEY");
    expect(await statusOf(ask(`${KEY}a`, { method: "DELETE" }))).toBe("204");
    expect(await statusOf(ask(`${KEY}a`, { method: "DELETE" }))).toBe("404 NO_SUCH_KEY");
  });

  it("is put if it is absent, once, however many try", async () => {
    const { ask } = await serving();
    const tries = Array.from({ length: 20 }, (_, i) =>
      statusOf(ask(`${KEY}a`, put(`${i}`, { "If-None-Match": "*" }))),
    );
    const answers = await Promise.all(tries);
    expect(answers.filter((answer) => answer === "201")).toHaveLength(1);
    expect(answers.filter((answer) => answer === "412 KEY_EXISTS")).toHaveLength(19);
    const winner = answers.indexOf("201");
    expect(await (await ask(`${KEY}a`)).text()).toBe(`${winner}`);
  });

  it("may be any bytes", async () => {
    const { ask } = await serving();
    const special = ["%00", "%2F", "a%2Fb", "%FF%FE", "%25", "a+b", "a%20b", "", "%C3%A4"];
    const keys = [...special, "%e2%82%ac", "~'()", "a/b/c"];
    for (const key of keys) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      expect([key, await statusOf(ask(KEY + key, put(`value of ${key}`)))]).toEqual([key, "204"]);
    }
    const rows = (await (await ask("/tables/orders/keys?encoding=base64")).text()).split("\n");
    for (const key of keys) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      expect(await (await ask(KEY + key)).text()).toBe(`value of ${key}`);
      const [key64, value64] = [bytesOf(key), Buffer.from(`value of ${key}`)];
      expect(rows).toContain(
        `{"key64":"${key64.toString("base64")}","value64":"${value64.toString("base64")}"}`,
      );
    }
  });

  it("must be percent-encoded", async () => {
    const { ask } = await serving();
    for (const key of ["%", "%0", "%zz", "a%", "%0g"]) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      expect(await statusOf(ask(KEY + key))).toBe("400 BAD_KEY");
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      expect(await statusOf(ask(KEY + key, put("x")))).toBe("400 BAD_KEY");
    }
  });

  it("has a value of any bytes", async () => {
    const { ask } = await serving();
    for (const value of [new Uint8Array(0), Uint8Array.from({ length: 256 }, (_, i) => i)]) {
      expect(await statusOf(ask(`${KEY}v`, put(value)))).toBe("204");
      expect(new Uint8Array(await (await ask(`${KEY}v`)).arrayBuffer())).toEqual(value);
    }
  });
});

/** The bytes that a percent-encoded text stands for, by another way than the server's. */
function bytesOf(text: string): Buffer {
  const characters = text.replaceAll(/%(..)/g, (_, digits: string) =>
    String.fromCodePoint(Number.parseInt(digits, 16)),
  );
  return Buffer.from(characters, "latin1");
}

describe("a path", () => {
  const cases = [
    ["GET", "/", "404 NO_SUCH_PATH"],
    ["GET", "/key", "400 BAD_KEY"],
    ["GET", "/tables/", "404 NO_SUCH_PATH"],
    ["GET", "/tables/nope/keys/a", "404 NO_SUCH_TABLE"],
    ["GET", "/tables/nope/keys", "404 NO_SUCH_TABLE"],
    ["POST", "/tables/nope/batch", "404 NO_SUCH_TABLE"],
    ["GET", `/tables/${"n".repeat(200)}/keys`, "404 NO_SUCH_TABLE"],
    ["GET", "/tables/%FF/keys", "400 BAD_PATH"],
    ["GET", "/tables/%FF/keys/a", "404 NO_SUCH_TABLE"],
    ["POST", `${KEY}a`, "405 BAD_METHOD"],
    ["PATCH", `${KEY}a`, "405 BAD_METHOD"],
    ["PUT", "/tables/orders/keys", "405 BAD_METHOD"],
    ["GET", "/tables/orders/batch", "405 BAD_METHOD"],
    ["DELETE", "/tables", "405 BAD_METHOD"],
    ["GET", `${KEY}a?b=c`, "400 BAD_KEY"],
  ] as const;

  it("that is none, or takes other methods, is refused", async () => {
    const { ask } = await serving();
    for (const [method, path, status] of cases) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      expect([method, path, await statusOf(ask(path, { method }))]).toEqual([method, path, status]);
    }
  });

  it("says which methods it takes", async () => {
    const { ask } = await serving();
    const answer = await ask(`${KEY}a`, { method: "PATCH" });
    expect(answer.headers.get("allow")).toBe("GET, HEAD, PUT, DELETE");
  });
});
