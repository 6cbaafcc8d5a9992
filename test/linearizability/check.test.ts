import { describe, expect, it } from "vitest";
import {
  anyState,
  type Call,
  casRegister,
  checkHistory,
  checkOrder,
  type CheckOptions,
  counter,
  fifoQueue,
  kvMap,
  type Model,
  mutex,
  perKey,
  register,
  semaphore,
  setModel,
  stack,
} from "../../src/linearizability/index.ts";
import { drawn } from "../support/drawn-history.ts";

const verdict = (model: Model, text: string, options: CheckOptions = {}): string =>
  checkHistory(drawn(text), model, options).kind;

describe("what each model allows", () => {
  it.each<[string, string, string]>([
    ["each key by itself", "a write:x 1\na ->\na read:y\na -> null", "linearizable"],
    ["no other value", "a write:x 1\na ->\na read:x\na -> null", "not-linearizable"],
    [
      "what is not asked for again",
      "a write:x 1\na ->\nb write:y 2\nb ->\na read:y\na -> 2\nb read:x\nb -> 1",
      "linearizable",
    ],
    [
      "an order a key",
      "a write:b 1\na ->\na write:a 1\na ->\na read:c\na -> 1",
      "not-linearizable",
    ],
  ])("per key: %s", (_, text, expected) => {
    expect(verdict(perKey(register()), text)).toBe(expected);
    expect(verdict(perKey(register()), text, { partition: false })).toBe(expected);
    expect(() => verdict(perKey(register()), `${text}\nz read`)).toThrow("read without a key");
  });

  it.each<[string, Model, string, string]>([
    ["a stale read", register(), "a write 1\na ->\na read\na -> null", "not-linearizable"],
    [
      "a read of a failed write",
      register(),
      "a write 1\na fail\nb read\nb -> 1",
      "not-linearizable",
    ],
    ["a read of an open write", register(), "a write 1\nb read\nb -> 1", "linearizable"],
    ["a cas from another value", casRegister(), "a cas [1,2]\na -> true", "not-linearizable"],
    ["a cas that fails", casRegister(), "a cas [1,2]\na -> false", "linearizable"],
    [
      "nil as wildcard",
      casRegister({ initial: 0, nullReads: "wildcard" }),
      "a read\na -> null\na read\na -> 0",
      "linearizable",
    ],
    [
      "an insert of what is there",
      kvMap(),
      "a put:k 1\na ->\na insert:k 2\na -> true",
      "not-linearizable",
    ],
    ["a delete of nothing", kvMap(), "a delete:k\na -> true", "not-linearizable"],
    [
      "append",
      kvMap({ initial: "" }),
      'a append:k "x"\na ->\na append:k "y"\na ->\na get:k\na -> "xy"',
      "linearizable",
    ],
    ["an element twice", setModel(), "a add 1\na ->\na read\na -> [1,1]", "not-linearizable"],
    ["a count", counter(), "a add 2\na ->\na subtract\na ->\na read\na -> 1", "linearizable"],
    [
      "last in, first out of a queue",
      fifoQueue(),
      "a enqueue 1\na ->\na enqueue 2\na ->\na dequeue\na -> 2",
      "not-linearizable",
    ],
    [
      "last in, first out of a stack",
      stack(),
      "a push 1\na ->\na push 2\na ->\na pop\na -> 2",
      "linearizable",
    ],
    ["two in a mutex", mutex(), "a acquire\na ->\nb acquire\nb ->", "not-linearizable"],
    ["two in a semaphore of two", semaphore(2), "a acquire\na ->\nb acquire\nb ->", "linearizable"],
  ])("%s", (_, model, text, expected) => {
    expect(verdict(model, text)).toBe(expected);
  });

  it("is a user's own in ten lines", () => {
    const maximum = anyState<number>({
      name: "maximum",
      initial: 0,
      step: (state, { f, input, output, outcome }) => {
        if (f === "raise") return [Math.max(state, Number(input))];
        return outcome !== "ok" || output === state ? [state] : [];
      },
    });
    expect(verdict(maximum, "a raise 3\na ->\na raise 1\na ->\na get\na -> 3")).toBe(
      "linearizable",
    );
    expect(verdict(maximum, "a raise 3\na ->\na raise 1\na ->\na get\na -> 1")).toBe(
      "not-linearizable",
    );
  });
});

describe("scans", () => {
  // Two puts one after the other, and a scan that sees only the second.
  const torn =
    'a put:x 1\na ->\ns scan ["x","y"]\na put:x 2\na ->\na put:y 2\na ->\ns -> [["x",1],["y",2]]';

  it("see one moment if they are atomic, and a moment for each key if they are not", () => {
    expect(verdict(kvMap(), torn, { scan: "atomic" })).toBe("not-linearizable");
    expect(verdict(kvMap(), torn, { scan: "per-key" })).toBe("linearizable");
  });

  it("are wrong in both ways when a key was right at no moment", () => {
    const wrong = 'a put:x 1\na ->\na scan ["x","y"]\na -> []';
    expect(checkHistory(drawn(wrong), kvMap(), { scan: "per-key" })).toMatchObject({
      kind: "not-linearizable",
      keys: ["x"],
    });
  });

  it("include their high end unless told otherwise", () => {
    const text = 'a put:y 1\na ->\na scan ["x","y"]\na -> []';
    expect(verdict(kvMap(), text)).toBe("not-linearizable");
    expect(verdict(kvMap({ highEnd: "exclusive" }), text)).toBe("linearizable");
  });
});

describe("keys that a scan leaves out", () => {
  const missed = 'a put:a 1\na ->\na scan ["a","c"]\na -> []';
  const models: [string, Model][] = [
    ["kv", kvMap()],
    ["kv where a get of null says nothing", kvMap({ nullReads: "wildcard" })],
    ["kv with a start", kvMap({ initial: 2, nullReads: "wildcard" })],
  ];

  it.each(models)("were absent: %s", (_, model) => {
    const options: CheckOptions[] = [{}, { partition: false }, { scan: "per-key" }];
    for (const each of options) expect(verdict(model, missed, each)).toBe("not-linearizable");
  });

  it("do not so if nobody knows what the scan answered", () => {
    const open = 'a put:a 1\na ->\nb scan ["a","c"]\nb info\na get:a\na -> 1';
    expect(verdict(kvMap({ nullReads: "wildcard" }), open)).toBe("linearizable");
  });
});

describe("crashes", () => {
  it.each<[string, CheckOptions["crash"], string]>([
    ["durable", "durable", "not-linearizable"],
    ["strict", "strict", "not-linearizable"],
    ["ignored", "ignored", "linearizable"],
  ])("cut off what takes effect later (%s)", (_, crash, expected) => {
    const late = "a write 1\ncrash\nb read\nb -> null\nb read\nb -> 1";
    expect(verdict(register(), late, crash === undefined ? {} : { crash })).toBe(expected);
  });

  it("take a suffix of what had returned only if durability is buffered", () => {
    const lost = "a write 1\na ->\na write 2\na ->\ncrash\nb read\nb -> 1";
    expect(verdict(register(), lost)).toBe("not-linearizable");
    expect(verdict(register(), lost, { crash: "buffered" })).toBe("linearizable");
    const hole = "a put:x 1\na ->\na put:y 2\na ->\ncrash\nb get:x\nb -> null\nb get:y\nb -> 2";
    expect(verdict(kvMap(), hole, { crash: "buffered" })).toBe("not-linearizable");
  });

  it("of a client end its operation if the rule is strict", () => {
    const late = "a write 1\na info\nb read\nb -> null\nb read\nb -> 1";
    expect(verdict(register(), late)).toBe("linearizable");
    expect(verdict(register(), late, { crash: "strict" })).toBe("not-linearizable");
  });
});

describe("a verdict", () => {
  it("of yes gives an order that keeps real time", () => {
    const text = "a write 1\nb read\nb -> 1\nc read\nc -> 1\na ->\nd put 1";
    const found = checkHistory(drawn(text.slice(0, text.lastIndexOf("\n"))), register());
    expect(found).toMatchObject({ kind: "linearizable", witness: [0, 1, 2] });
  });

  it("of no names the event, the operation and what was open", () => {
    const text = "a write 1\na ->\nb write 2\nc read\nc -> 3";
    expect(checkHistory(drawn(text), register())).toMatchObject({
      kind: "not-linearizable",
      event: 4,
      operation: 2,
      open: [1, 2],
    });
  });

  it("is unknown when time or memory is spent, with how far it got", () => {
    const lines = Array.from({ length: 40 }, (_, i) => `p${i} enqueue ${i}`);
    const ends = Array.from({ length: 40 }, (_, i) => `p${i} ->`);
    const history = drawn([...lines, ...ends, "q dequeue", "q -> 99"].join("\n"));
    let now = 0;
    const clock = { nowMs: (): number => now++ };
    expect(checkHistory(history, fifoQueue(), { clock, timeMs: 20 })).toMatchObject({
      kind: "unknown",
      reason: "time",
      events: 82,
    });
    expect(checkHistory(history, fifoQueue(), { memoryBytes: 4e6 })).toMatchObject({
      kind: "unknown",
      reason: "memory",
    });
  });

  it("looks at the budget in the midst of long work, however many operations are open", () => {
    const lines = Array.from({ length: 2000 }, (_, i) => `p${i} enqueue ${i}`);
    const history = drawn([...lines, "q dequeue", "q -> -1"].join("\n"));
    const queue = fifoQueue();
    // Each step of such a model takes as long as its state is large, so steps are what counts.
    let steps = 0;
    let most = 0;
    let looks = 0;
    const counting = {
      ...queue,
      step: (state: unknown, call: Call): readonly unknown[] => {
        steps++;
        return queue.step(state, call);
      },
    };
    const isCancelled = (): boolean => {
      most = Math.max(most, steps);
      steps = 0;
      return ++looks > 20;
    };
    expect(checkHistory(history, counting, { isCancelled })).toMatchObject({
      kind: "unknown",
      reason: "interrupted",
    });
    expect(looks).toBeGreaterThan(20);
    expect(most).toBeLessThanOrEqual(4 * 4096);
  });

  it("is unknown when there are too many keys in too many scans to begin with", () => {
    const puts = Array.from({ length: 300 }, (_, i) => `a put:k${i} ${i}\na ->`);
    const scans = Array.from({ length: 100 }, () => 'a scan ["x",null]\na -> []');
    const history = drawn([...puts, ...scans].join("\n"));
    let looks = 0;
    const isCancelled = (): boolean => ++looks === 2;
    expect(checkHistory(history, kvMap(), { isCancelled })).toMatchObject({
      kind: "unknown",
      reason: "interrupted",
      event: 0,
    });
    const everything = drawn([...puts, "a scan [null,null]\na -> []".repeat(1)].join("\n"));
    expect(checkHistory(everything, kvMap()).kind).toBe("not-linearizable");
  });

  it("is unknown when it was broken off, and tells until then how far it is", () => {
    const put = (key: string): string => `a put:${key} 1\na ->\n`;
    const scans = 's scan ["a","b"]\ns -> [["a",1],["b",1]]';
    const history = drawn(`${put("a")}${put("b")}${put("c")}${scans}`);
    const told: (readonly [number, number])[] = [];
    const onProgress = (events: number, of: number): unknown => told.push([events, of]);
    expect(checkHistory(history, kvMap(), { onProgress }).kind).toBe("linearizable");
    // Keys a and b with a look of the scan each, then c, then a and b with the whole scan.
    expect(told).toEqual([
      [0, 10],
      [4, 10],
      [8, 10],
      [10, 16],
    ]);
    let asked = 0;
    const isCancelled = (): boolean => ++asked === 3;
    expect(checkHistory(history, kvMap(), { isCancelled })).toMatchObject({
      kind: "unknown",
      reason: "interrupted",
      keys: ["c"],
    });
    expect(asked).toBe(3);
  });

  it("is not given of operations that the model cannot read", () => {
    expect(() => verdict(register(), "a write 1\na ->\na jump 2")).toThrow(
      "drawn:3: unknown operation jump: expected read, write",
    );
    expect(() => verdict(kvMap(), 'a scan "x"')).toThrow(
      'drawn:1: scan of "x": expected [low, high]',
    );
  });
});

describe("an operation on several keys that the model does not take apart", () => {
  const one = register();
  const pair = anyState<Readonly<Record<string, number>>>({
    name: "pair",
    initial: { a: 0, b: 0 },
    step: (state, { f, key, output, input }) => {
      if (f === "both") return [{ a: Number(input), b: Number(input) }];
      if (f === "sum") return output === (state["a"] ?? 0) + (state["b"] ?? 0) ? [state] : [];
      return output === state[key ?? ""] ? [state] : [];
    },
    observes: ({ f }) => f !== "both",
    partition: { one, keyOf: (call) => call.key },
  });

  it("is decided with all others at once", () => {
    expect(verdict(pair, "a both 1\na ->\na sum\na -> 2\na read:a\na -> 1")).toBe("linearizable");
    expect(verdict(pair, "a both 1\na ->\na sum\na -> 1")).toBe("not-linearizable");
    expect(verdict(pair, "a both 1\na info\nb read:b\nb -> 2")).toBe("not-linearizable");
  });
});

it("finds room for more open operations than a word has bits", () => {
  const lines = Array.from({ length: 100 }, (_, i) => `p${i} write ${i}`);
  const reads = Array.from({ length: 5 }, (_, i) => `q read\nq -> ${i * 20}`);
  expect(verdict(casRegister(), [...lines, ...reads].join("\n"))).toBe("linearizable");
  expect(verdict(casRegister(), [...lines, ...reads, "q read\nq -> 0"].join("\n"))).toBe(
    "not-linearizable",
  );
});

describe("an order that is claimed to be a witness", () => {
  const history = drawn("a write 1\nb read\nb -> 1\na ->\nc read\nc -> 1\nd write 2\nd fail");
  it.each<[readonly number[], string | null]>([
    [[0, 1, 2], null],
    [[1, 0, 2], "not legal"],
    [[2, 0, 1], "not legal"],
    [[0, 2, 1], "too late"],
    [[0, 1], "missing"],
    [[0, 1, 1], "twice"],
    [[0, 1, 2, 3], "failed"],
    [[0, 1, 2, 9], "unknown"],
  ])("is checked step by step: %j", (order, reason) => {
    expect(checkOrder(history, register(), order)?.reason ?? null).toBe(reason);
  });
});
