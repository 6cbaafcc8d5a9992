import { describe, expect, it } from "vitest";
import { serving, statusOf } from "./serving.ts";

const PATH = "/tables/orders/batch";
const JSON_TYPE = "application/json";
const LINES_TYPE = "application/x-ndjson";

function post(body: string | Uint8Array, type: string = JSON_TYPE): RequestInit {
  return { method: "POST", body, headers: { "Content-Type": type } };
}

const writes = (...items: readonly object[]): RequestInit => post(JSON.stringify(items));
const put = (key: string, value: string): object => ({ op: "put", key, value });

describe("a batch", () => {
  it("makes its writes in order, as JSON and as lines", async () => {
    const { ask } = await serving();
    const answer = await ask(PATH, writes(put("a", "1"), put("b", "2"), { op: "del", key: "a" }));
    expect([answer.status, await answer.json()]).toEqual([200, { writes: 3 }]);
    const lines = `${JSON.stringify(put("c", "3"))}\n{"op":"put","key64":"AP8=","value64":"/w=="}\n`;
    expect(await statusOf(ask(PATH, post(lines, `${LINES_TYPE}; charset=utf-8`)))).toBe("200");
    expect(await (await ask("/tables/orders/keys")).text()).toBe(
      '{"key64":"AP8=","value64":"/w=="}\n{"key":"b","value":"2"}\n{"key":"c","value":"3"}\n',
    );
    expect(await statusOf(ask(PATH, writes()))).toBe("200");
    expect(await statusOf(ask(PATH, post("", LINES_TYPE)))).toBe("200");
  });

  it("is made as a whole or not at all", async () => {
    const { ask } = await serving();
    const long = "x".repeat(5000);
    const [first, last] = [put("a", "1"), put("z", "1")];
    for (const [bad, status] of [
      [put("b", long), "413 VALUE_TOO_LONG"],
      [put(long, "1"), "400 KEY_TOO_LONG"],
      [{ op: "put", key: "b" }, "400 BAD_BATCH"],
    ] as const) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      expect(await statusOf(ask(PATH, writes(first, bad, last)))).toBe(status);
    }
    expect(await (await ask("/tables/orders/keys")).text()).toBe("");
  });

  const bad = [
    ["no JSON", "[", "the body is not JSON"],
    ["no array", "{}", "the body must be an array of writes"],
    ["no object", "[1]", "write 0 must be an object with op and key"],
    ["null", "[null]", "write 0 must be an object with op and key"],
    ["no op", '[{"key":"a"}]', 'write 0: op must be "put" or "del"'],
    ["no key", '[{"op":"del"}]', "write 0 must have either key or key64"],
    ["two keys", '[{"op":"del","key":"a","key64":"YQ=="}]', "either key or key64"],
    ["no value", '[{"op":"put","key":"a"}]', "write 0 must have either value or value64"],
    ["a number", '[{"op":"put","key":"a","value":1}]', "value must be a string of whole"],
    [
      "half a character",
      String.raw`[{"op":"del","key":"\ud800"}]`,
      "key must be a string of whole",
    ],
    ["no base 64", '[{"op":"del","key64":"*"}]', "key64 must be a string in base 64"],
    ["no padding", '[{"op":"del","key64":"YQ"}]', "key64 must be a string in base 64"],
    [
      "an odd field",
      '[{"op":"del","key":"a","value":"1"}]',
      'a del has op, key, key64, not "value"',
    ],
    ["a late one", '[{"op":"del","key":"a"},{"op":"x"}]', "write 1: op must be"],
  ] as const;

  it("that is none is refused, and says why", async () => {
    const { ask } = await serving();
    for (const [name, body, message] of bad) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const answer = await ask(PATH, post(body));
      expect([name, answer.status]).toEqual([name, 400]);
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      expect(await answer.json()).toMatchObject({ message: expect.stringContaining(message) });
    }
  });

  it("names the line that is wrong", async () => {
    const { ask } = await serving();
    const answer = await ask(PATH, post('{"op":"del","key":"a"}\n\n', LINES_TYPE));
    expect(await answer.json()).toEqual({ code: "BAD_BATCH", message: "line 2 is not JSON" });
    const bytes = await ask(PATH, post(Uint8Array.of(0x5b, 0xff)));
    expect(await bytes.json()).toMatchObject({ message: "the body is not UTF-8" });
  });

  it("must say what it is, which keeps pages of other sites out", async () => {
    const { ask } = await serving();
    expect(await statusOf(ask(PATH, post("[]", "text/plain")))).toBe("415 BAD_CONTENT_TYPE");
    expect(await statusOf(ask(PATH, { method: "POST" }))).toBe("415 BAD_CONTENT_TYPE");
  });
});
