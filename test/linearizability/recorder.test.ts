import { describe, expect, it } from "vitest";
import {
  HistoryRecorder,
  jsonLineOf,
  readHistory,
  type RecorderOptions,
} from "../../src/linearizability/index.ts";
import { LatchworkError } from "../../src/task/index.ts";

/** A store whose calls answer when the test says so. */
class SlowStore {
  readonly #values = new Map<string, number>();
  readonly answers: (() => void)[] = [];
  readonly label = "slow";

  async get(key: string): Promise<number | undefined> {
    await this.#turn();
    return this.#values.get(key);
  }

  async put(key: string, value: number): Promise<void> {
    await this.#turn();
    if (value < 0) throw new RangeError("no negative values");
    if (value > 100) throw new Error("connection lost");
    this.#values.set(key, value);
  }

  size(): number {
    return this.#values.size;
  }

  async #turn(): Promise<void> {
    await new Promise<void>((resolve) => this.answers.push(resolve));
  }
}

function recorded(options: Partial<RecorderOptions> = {}) {
  let nowMs = 0;
  const lines: string[] = [];
  const slow = new SlowStore();
  const recorder = new HistoryRecorder({
    clock: { nowMs: () => nowMs++ },
    onEvent: (event) => lines.push(jsonLineOf(event, lines.length)),
    hasFailed: (error) => error instanceof RangeError,
    ...options,
  });
  const store = recorder.wrap(slow, {
    get: (key) => ({ f: "get", key }),
    put: (key, value) => ({ f: "put", key, value }),
  });
  const rows = (): string[] =>
    recorder.history().operations.map(({ process, f, key, input, output, outcome, ...at }) => {
      const span = `${at.invokedAt}-${Number.isFinite(at.returnedAt) ? at.returnedAt : ""}`;
      return `${process} ${f} ${key} ${String(input)} ${outcome} ${String(output)} ${span}`;
    });
  return { recorder, store, slow, lines, rows };
}

const settle = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await Promise.resolve();
};

describe("a recorder", () => {
  it("gives overlapping calls processes of their own, and uses them again", async () => {
    const { store, slow, rows } = recorded();
    const both = [store.put("a", 1), store.get("a")] as const;
    slow.answers.splice(0).forEach((answer) => answer());
    expect(await Promise.all(both)).toEqual([undefined, 1]);
    const third = store.get("b");
    slow.answers.splice(0).forEach((answer) => answer());
    await third;
    expect(rows().map((row) => row.replace(/^[01] get b/, "? get b"))).toEqual([
      "0 put a 1 ok null 0-2",
      "1 get a null ok 1 1-3",
      "? get b null ok null 4-5",
    ]);
  });

  it("writes what is read as the same history", async () => {
    const { recorder, store, slow, lines } = recorded();
    const calls = Promise.allSettled([store.put("a", 1), store.put("b", -1), store.put("c", 101)]);
    slow.answers.splice(0).forEach((answer) => answer());
    await calls;
    recorder.crash();
    void store.get("a");
    const read = readHistory(lines.join(""), { file: "recording" });
    expect(read).toEqual(recorder.history());
    expect(read.crashes).toEqual([6]);
  });

  it("takes an error for a failure only where it is proof, and passes every error on", async () => {
    const { store, slow, rows } = recorded();
    const calls = [store.put("a", -1), store.put("a", 101)] as const;
    slow.answers.splice(0).forEach((answer) => answer());
    const [failed, lost] = await Promise.allSettled(calls);
    expect(failed).toMatchObject({ reason: { message: "no negative values" } });
    expect(lost).toMatchObject({ reason: { message: "connection lost" } });
    expect(rows()).toEqual(["0 put a -1 fail null 0-2", "1 put a 101 info null 1-3"]);
    // Process 1 may still be at it, so nobody else is called 1.
    void store.get("a");
    void store.get("a");
    expect(rows().slice(2)).toEqual([
      "0 get a null pending null 4-",
      "2 get a null pending null 5-",
    ]);
  });

  it("gives up after a time, and does not record what comes later", async () => {
    const alarms: (() => void)[] = [];
    const sleep = (): Promise<void> => new Promise((resolve) => alarms.push(resolve));
    const { store, slow, rows } = recorded({ timeout: { ms: 50, sleep } });
    const late = store.put("a", 1);
    alarms.splice(0).forEach((ring) => ring());
    await expect(late).rejects.toMatchObject({
      code: "TIMED_OUT",
      message: "put has not answered in 50 ms; it may still happen",
    });
    slow.answers.splice(0).forEach((answer) => answer());
    await settle();
    expect(slow.size()).toBe(1);
    expect(rows()).toEqual(["0 put a 1 info null 0-1"]);
    // In time: the alarm that rings afterwards changes nothing.
    const quick = store.get("a");
    slow.answers.splice(0).forEach((answer) => answer());
    expect(await quick).toBe(1);
    alarms.splice(0).forEach((ring) => ring());
    await settle();
    expect(rows()[1]).toBe("1 get a null ok 1 2-3");
  });

  it("cuts off what is open at a crash", async () => {
    const { recorder, store, slow, rows } = recorded();
    const cut = store.put("a", 1);
    recorder.crash();
    const after = store.get("a");
    slow.answers.splice(0).forEach((answer) => answer());
    await Promise.all([cut, after]);
    expect(rows()).toEqual(["0 put a 1 pending null 0-", "1 get a null ok 1 2-3"]);
    expect(recorder.history().crashes).toEqual([1]);
  });

  it("leaves everything else of the object as it was", () => {
    const { store, slow } = recorded();
    expect(store.size()).toBe(0);
    expect(store.label).toBe("slow");
    expect(store).toBeInstanceOf(SlowStore);
    expect(slow.answers).toEqual([]);
  });

  it("records functions, also ones that throw at once", async () => {
    const { recorder, rows } = recorded({ timeout: { ms: 1, sleep: async () => {} } });
    const double = recorder.wrapFunction(
      async (x: number) => await Promise.resolve(2 * x),
      (x) => ({ f: "double", value: x, answer: (result) => `it is ${result}` }),
    );
    await double(4).catch(() => null);
    const broken = (): Promise<number> => {
      throw new RangeError("at once");
    };
    await expect(recorder.call({ f: "broken" }, broken)).rejects.toThrow("at once");
    expect(rows()[0]).toMatch(/^0 double null 4 (?:ok it is 8|info null) 0-1$/);
    expect(rows()[1]).toMatch(/ broken null null fail null 2-3$/);
  });

  it("refuses values that are no JSON, and then knows nothing of the operation", async () => {
    const { recorder, rows } = recorded();
    const bytes = (): Promise<Uint8Array> => Promise.resolve(new Uint8Array(2));
    await expect(recorder.call({ f: "get", value: new Map() }, bytes)).rejects.toThrow(
      "argument of get: a value of type Map is no value of JSON",
    );
    expect(rows()).toEqual([]);
    await expect(recorder.call({ f: "get" }, bytes)).rejects.toThrow(
      "answer of get: a value of type Uint8Array is no value of JSON; give JSON values, with bytes",
    );
    expect(rows()).toEqual(["0 get null null info null 0-1"]);
  });

  it("keeps arguments as they were when the call began", async () => {
    const { recorder } = recorded();
    const pair = [1, 2];
    await recorder.call({ f: "cas", value: pair }, () => {
      pair.push(3);
      return true;
    });
    expect(recorder.history().operations[0]).toMatchObject({ input: [1, 2], output: true });
  });

  it("says so if it gets no clock", () => {
    for (const options of [undefined, {}, { clock: Date }]) {
      expect(() => Reflect.construct(HistoryRecorder, [options]) as unknown).toThrow(
        "recorder: options.clock is no clock; give { clock: { nowMs: () => performance.now() } }",
      );
    }
  });

  it("says so if told to record what is no method", () => {
    const { recorder } = recorded();
    const wrong = { label: () => ({ f: "x" }) } as unknown as { get: () => { f: string } };
    expect(() => recorder.wrap(new SlowStore(), wrong)).toThrow(LatchworkError);
  });
});
