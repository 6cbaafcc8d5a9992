import { anything, assert as always, asyncProperty } from "fast-check";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import {
  checkHistory,
  HistoryBuilder,
  HistoryRecorder,
  jsonLinesOf,
  kvMap,
  multiRegister,
  readHistory,
  register,
  type ValueEncoding,
} from "../../src/linearizability/index.ts";
import { LatchworkError } from "../../src/task/index.ts";
import { faultOf } from "../support/fault-of.ts";

/** A store of one encoding: what it answers is what came of the value. */
class Store {
  #kept: unknown = null;
  readonly #encoded: (value: unknown) => unknown;

  constructor(encoded: (value: unknown) => unknown) {
    this.#encoded = encoded;
  }

  async put(_key: string, value: unknown): Promise<void> {
    this.#kept = this.#encoded(value);
  }

  async get(_key: string): Promise<unknown> {
    return this.#kept;
  }
}

const inMemory = (value: unknown): unknown => value;
const asJson = (value: unknown): unknown => {
  const text = JSON.stringify(value) as string | undefined;
  return text === undefined ? undefined : JSON.parse(text);
};
/** Stores that lose something, which nobody may overlook. */
const withoutNulls = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (name, item: unknown) =>
    item === null && name !== "" ? undefined : item,
  );
const shortened = (value: unknown): unknown => {
  const kept = asJson(value);
  return Array.isArray(kept) ? kept.slice(0, -1) : kept;
};

/** Puts a value, gets it back, and says what the checker makes of it, or what is refused. */
async function putAndGet(
  value: unknown,
  encoded: (value: unknown) => unknown,
  encoding: ValueEncoding,
): Promise<string> {
  let nowMs = 0;
  const recorder = new HistoryRecorder({ clock: { nowMs: () => nowMs++ }, encoding });
  const store = recorder.wrap(new Store(encoded), {
    put: (key, given) => ({ f: "put", key, value: given, answer: () => null }),
    get: (key) => ({ f: "get", key }),
  });
  try {
    await store.put("k", value);
    await store.get("k");
  } catch (error) {
    if (error instanceof LatchworkError && error.code === "BAD_HISTORY") return error.message;
    throw error;
  }
  const history = recorder.history();
  const file = [...jsonLinesOf(history)].join("");
  expect(readHistory(file, { file: "recording" })).toEqual(history);
  return checkHistory(history, kvMap()).kind;
}

class Point {
  readonly x = 1;
}
class Rows extends Array<number> {}
class Money {
  toJSON(): string {
    return "3 EUR";
  }
}
const circular: Record<string, unknown> = {};
circular["self"] = circular;

const at = (place: string, type: string): string =>
  `argument of put: ${type}${place} is no value of JSON; give JSON values, with bytes and large ` +
  'numbers as strings, or the recorder encoding: "json" if the object keeps values as JSON';
const OK = "linearizable";

/** A value, what comes of it where values are kept as they are, and where they are kept as JSON. */
const VALUES: readonly (readonly [what: string, value: unknown, plain: string, json: string])[] = [
  ["undefined in a field", { born: 1815, died: undefined }, OK, OK],
  ["undefined in a field of a field", { a: [{ b: undefined }] }, OK, OK],
  ["undefined in a list", [1, undefined], OK, OK],
  ["undefined alone", undefined, OK, OK],
  // oxlint-disable-next-line no-sparse-arrays
  ["a hole in a list", [1, , 3], OK, OK],
  ["-0", -0, OK, OK],
  ["-0 in a list", [-0], OK, OK],
  ["fields in another order", { b: 1, a: { d: 2, c: 3 } }, OK, OK],
  ["an object without prototype", Object.assign(Object.create(null) as object, { a: 1 }), OK, OK],
  ["a field called __proto__", JSON.parse('{"__proto__":{"a":1}}'), OK, OK],
  ["a field named by a symbol", { [Symbol("x")]: 1, a: 2 }, OK, OK],
  ["NaN", [Number.NaN], at(" at [0]", "NaN"), OK],
  ["an infinity", { a: -Infinity }, at(" at .a", "-Infinity"), OK],
  ["a date", { when: new Date(0) }, at(" at .when", "a value of type Date"), OK],
  ["a map", { a: [new Map([[1, 2]])] }, at(" at .a[0]", "a value of type Map"), OK],
  ["a set", new Set([1]), at("", "a value of type Set"), OK],
  ["bytes", new Uint8Array(2), at("", "a value of type Uint8Array"), OK],
  ["an object of a class", { "a b": new Point() }, at(' at ["a b"]', "a value of type Point"), OK],
  ["what has a toJSON", [new Money()], at(" at [0]", "a value of type Money"), OK],
  ["a boxed string", Object("x"), at("", "a value of type String"), OK],
  ["a function in a field", { a: () => 1 }, at(" at .a", "a function"), OK],
  [
    "a list with a field",
    { a: Object.assign([1], { n: 2 }) },
    at(" at .a", "a list with fields"),
    OK,
  ],
  ["what a match found", /b/.exec("abc"), at("", "a list with fields"), OK],
  ["a list of a class", [new Rows(1, 2)], at(" at [0]", "a value of type Rows"), OK],
  ["a list of another realm", runInNewContext("[1, [2]]"), OK, OK],
  ["a symbol", { a: Symbol("x") }, at(" at .a", "a symbol"), OK],
  ["an error", new RangeError("x"), at("", "a value of type RangeError"), OK],
];

describe("a value that a recorder sees", () => {
  it.each(VALUES)("is compared as it is kept: %s", async (_, value, plain, json) => {
    expect(await putAndGet(value, inMemory, "plain")).toBe(plain);
    // What is kept as JSON is told as such, and where both are the same need not be.
    expect(plain === OK ? await putAndGet(value, asJson, "plain") : OK).toBe(OK);
    expect(await putAndGet(value, asJson, "json")).toBe(json);
  });

  it("is refused in words where it cannot be read", async () => {
    const broken = {
      get name(): string {
        throw new RangeError("gone");
      },
    };
    const said = /^argument of put: what stands at \.a cannot be read: gone; give JSON values/;
    expect(await putAndGet({ a: broken }, inMemory, "plain")).toMatch(said);
    expect(await putAndGet({ a: broken }, inMemory, "json")).toBe(
      "argument of put: JSON cannot encode it: gone",
    );
  });

  it("is refused in words where JSON has none", async () => {
    expect(await putAndGet({ a: 1n }, inMemory, "plain")).toBe(at(" at .a", "a bigint"));
    expect(await putAndGet({ a: 1n }, inMemory, "json")).toMatch(
      /^argument of put: JSON cannot encode it: .*BigInt/,
    );
    expect(await putAndGet(circular, inMemory, "plain")).toMatch(
      /^argument of put: values more than 64 deep, or one that is in itself; give flat ones/,
    );
    expect(await putAndGet(circular, inMemory, "json")).toMatch(
      /^argument of put: JSON cannot encode it: .*circular/,
    );
    expect(await putAndGet(2 ** 60, inMemory, "json")).toMatch(
      /^argument of put: 1152921504606847000 is no value of JSON.* as strings$/,
    );
  });

  it("is never the reason why a right store is called wrong, nor a wrong one right", async () => {
    const values = anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withTypedArray: true,
      withSparseArray: true,
      withNullPrototype: true,
      withUnicodeString: true,
    });
    let told = 0;
    await always(
      asyncProperty(values, async (value) => {
        expect(await putAndGet(value, inMemory, "plain")).toMatch(
          /^linearizable$|^argument of put/,
        );
        const json = await putAndGet(value, asJson, "json");
        expect(json).toMatch(/^linearizable$|^argument of put/);
        if (json !== OK) return;
        const kept = asJson(value) ?? null;
        for (const lossy of [withoutNulls, shortened]) {
          const isLost = JSON.stringify(lossy(kept)) !== JSON.stringify(kept);
          if (!isLost) continue;
          told++;
          for (const encoding of ["plain", "json"] as const) {
            expect(await putAndGet(kept, lossy, encoding)).toBe("not-linearizable");
          }
        }
      }),
      { numRuns: 300, seed: 11 },
    );
    expect(told).toBeGreaterThan(20);
  });

  it("may not be named by a number", async () => {
    const recorder = new HistoryRecorder({ clock: { nowMs: () => 0 } });
    const call = (named: object): Promise<unknown> =>
      recorder.call(named as { f: string }, () => null);
    await expect(call({ f: "get", key: 7 })).rejects.toThrow(
      "recorder: key of get is 7; give a string",
    );
    await expect(call({ key: "k" })).rejects.toThrow("recorder: f is undefined; give its name");
    expect(recorder.history().events).toBe(0);
  });

  it("has an encoding that there is", () => {
    const options = { clock: { nowMs: () => 0 }, encoding: "xml" } as unknown as {
      clock: { nowMs: () => number };
    };
    expect(faultOf(() => new HistoryRecorder(options))?.message).toBe(
      "recorder: options.encoding is xml; give plain or json",
    );
  });
});

describe("a value that is given to a history by hand", () => {
  const built = (input: unknown, output: unknown) => {
    const builder = new HistoryBuilder();
    const rows: readonly (readonly ["invoke" | "ok", string, unknown])[] = [
      ["invoke", "put", input],
      ["ok", "put", null],
      ["invoke", "get", null],
      ["ok", "get", output],
    ];
    for (const [line, [type, f, value]] of rows.entries()) {
      const place = { file: "made", line: line + 1 };
      builder.add({ type, process: "0", f, key: "k", value, time: null, place });
    }
    return builder.build();
  };

  it("equals one with its fields in another order, or undefined", () => {
    const history = built({ b: [{ d: 1, c: 2 }], a: undefined }, { b: [{ c: 2, d: 1 }] });
    expect(checkHistory(history, kvMap()).kind).toBe("linearizable");
    expect(checkHistory(built({ b: 1 }, { b: null }), kvMap()).kind).toBe("not-linearizable");
  });

  it("is refused with its place if it is no JSON, save where it means nothing", () => {
    expect(faultOf(() => built(new Date(0), null))?.message).toMatch(
      /^made:1: the value: a value of type Date is no value of JSON; give JSON values/,
    );
    const builder = new HistoryBuilder();
    const place = { file: "made", line: 1 };
    const event = { process: "0", f: "put", key: "k", time: null, place };
    builder.add({ ...event, type: "invoke", value: 1 });
    builder.add({ ...event, type: "info", value: new RangeError("lost") });
    expect(builder.build().operations[0]).toMatchObject({ outcome: "info", output: null });
  });

  it("is what a model starts with, whatever the order of its fields", () => {
    const first = { b: 1, a: [{ d: 1, c: undefined }] };
    const history = (f: string, value: unknown, key: string | null, asked: unknown = null) => {
      const builder = new HistoryBuilder();
      const place = { file: "made", line: 1 };
      builder.add({ type: "invoke", process: "0", f, key, value: asked, time: null, place });
      builder.add({ type: "ok", process: "0", f, key, value, time: null, place });
      return builder.build();
    };
    const found = { a: [{ d: 1 }], b: 1 };
    const txn = history("txn", [["read", "x", found]], null, [["read", "x", null]]);
    expect(checkHistory(history("read", found, null), register({ initial: first })).kind).toBe(OK);
    expect(checkHistory(history("get", found, "k"), kvMap({ initial: first })).kind).toBe(OK);
    expect(checkHistory(txn, multiRegister({ x: first })).kind).toBe(OK);
  });
});
