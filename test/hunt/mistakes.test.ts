import { describe, expect, it } from "vitest";
import {
  Crabbing,
  type Operation,
  type PageGuard,
  type Protocol,
  type RowSink,
  type ScanRange,
  TreeReadWrite,
} from "../../src/btree/index.ts";
import {
  formatScenario,
  formatStory,
  huntScenario,
  parseReplay,
  parseScenario,
  replayScenario,
  type Scenario,
  tellStory,
} from "../../src/hunt/index.ts";
import { defaultPortfolio, type FailureKind } from "../../src/sim/index.ts";
import { META_PAGE, rightOf } from "../../src/storage/index.ts";
import { LatchworkError, type Task } from "../../src/task/index.ts";

/** What somebody gets wrong who writes a first protocol, and what the hunt says of it. */
interface Mistake {
  readonly name: string;
  readonly get?: (this: Crabbing, op: Operation, key: Uint8Array) => unknown;
  readonly protocol?: Protocol;
  readonly kind: FailureKind;
  readonly message: string;
  /** How many steps there are until it shows. */
  readonly steps: number;
  /** Whether code of the user is running then, so that there is a place. */
  readonly hasPlace: boolean;
}

const YIELD_IT = 'after asking for it write "if (page.pending) yield page;"';

class ForgetsToYield extends Crabbing {
  override readonly name: string = "forgets-to-yield";

  protected override *stepRight(op: Operation, leaf: PageGuard): Task<PageGuard> {
    const next = op.shared(rightOf(leaf), "right sibling");
    leaf.release();
    return next;
  }
}

class GivesNoCount extends TreeReadWrite {
  override readonly name: string = "gives-no-count";

  override *scan(op: Operation, range: ScanRange, sink: RowSink): Task<number> {
    yield* super.scan(op, range, sink);
    return undefined as never;
  }
}

const mistakes: readonly Mistake[] = [
  {
    name: "throws at once",
    *get() {
      throw new Error("not written yet");
    },
    kind: "exception",
    message: "Error: not written yet",
    steps: 0,
    hasPlace: true,
  },
  {
    name: "touches a page that it has not waited for",
    *get(op) {
      const page = op.shared(META_PAGE, "tree");
      rightOf(page);
      if (page.pending) yield page;
      page.release();
      return false;
    },
    kind: "latch-misuse",
    message: `page 0 (tree) was used before its latch was held; ${YIELD_IT}`,
    steps: 0,
    hasPlace: true,
  },
  {
    name: "passes on a page that it has not waited for",
    protocol: new ForgetsToYield(),
    kind: "latch-misuse",
    message: `page 3 (right sibling) was used before its latch was held; ${YIELD_IT}`,
    steps: 3,
    hasPlace: false,
  },
  {
    name: "asks for a latch and forgets it",
    *get(op) {
      op.shared(META_PAGE, "tree");
      return false;
    },
    kind: "latch-misuse",
    message: `an operation asked for page 0 (tree) and ended before its latch was held; ${YIELD_IT}`,
    steps: 0,
    hasPlace: false,
  },
  {
    name: "releases what it has not waited for",
    *get(op) {
      op.shared(META_PAGE, "tree").release();
      return false;
    },
    kind: "latch-misuse",
    message: `latch 0 (tree) was released before its latch was held; ${YIELD_IT}`,
    steps: 0,
    hasPlace: true,
  },
  {
    name: "yields nothing",
    *get() {
      yield;
      return false;
    },
    kind: "exception",
    message: "a (get 20) yields what is no step, before its first step: undefined",
    steps: 0,
    hasPlace: false,
  },
  {
    name: "yields what release gives",
    *get(op) {
      const page = op.shared(META_PAGE, "meta");
      if (page.pending) yield page;
      yield page.release();
      return false;
    },
    kind: "exception",
    message:
      "a (get 20) yields what is no step, after its step 1 (latch S): undefined; " +
      "what lets go (unlock, release) is a plain call, without yield",
    steps: 1,
    hasPlace: false,
  },
  {
    name: "forgets the star of yield*",
    *get(op, key): Generator<unknown, unknown, unknown> {
      return yield Crabbing.prototype.get.call(this, op, key);
    },
    kind: "exception",
    message: "yields what is no step, before its first step: a generator; it needs yield*",
    steps: 0,
    hasPlace: false,
  },
  {
    name: "forgets yield*",
    *get(op, key) {
      return Crabbing.prototype.get.call(this, op, key);
    },
    kind: "exception",
    message:
      "a (get 20) returns a generator that has not run; write return yield* in place of return",
    steps: 0,
    hasPlace: false,
  },
  {
    name: "is no generator function",
    get() {
      return false;
    },
    kind: "exception",
    message:
      "a (get 20): its function gives false, expected a generator; " +
      "write function* in place of function, or * before the name of a method",
    steps: 0,
    hasPlace: false,
  },
  {
    name: "is an async function",
    async get() {
      return false;
    },
    kind: "exception",
    message: "a (get 20): its function gives a promise, expected a generator; write function*",
    steps: 0,
    hasPlace: false,
  },
  {
    name: "is an async generator function",
    async *get() {},
    kind: "exception",
    message: "a (get 20): its function is an async generator; write function* without async",
    steps: 0,
    hasPlace: false,
  },
  {
    name: "releases twice",
    *get(op) {
      const page = op.shared(META_PAGE, "meta");
      if (page.pending) yield page;
      page.release();
      page.release();
      return false;
    },
    kind: "double-release",
    message: "latch 0 (meta) was released twice; release each guard once, and let one place do it",
    steps: 1,
    hasPlace: true,
  },
  {
    name: "uses what it has released",
    *get(op) {
      const page = op.shared(META_PAGE, "meta");
      if (page.pending) yield page;
      page.release();
      return rightOf(page) === META_PAGE;
    },
    kind: "latch-misuse",
    message: "page 0 (meta) was used after its latch was released; release it after its last use",
    steps: 1,
    hasPlace: true,
  },
  {
    name: "uses what it was refused",
    *get(op) {
      const held = op.exclusive(META_PAGE, "meta");
      if (held.pending) yield held;
      const page = op.tryShared(META_PAGE, "again");
      if (page.pending) yield page;
      rightOf(page);
      return false;
    },
    kind: "latch-misuse",
    message: "page 0 (again) was used though its try-latch was refused; look at isHeld first",
    steps: 2,
    hasPlace: true,
  },
  {
    name: "returns without releasing",
    *get(op) {
      const page = op.shared(META_PAGE, "meta");
      if (page.pending) yield page;
      return false;
    },
    kind: "latch-held",
    message:
      "an operation ended with the latch of page 0 (meta) still held; release it on every way out",
    steps: 1,
    hasPlace: false,
  },
  {
    name: "changes what it only shares",
    *get(op) {
      const page = op.shared(META_PAGE, "meta");
      if (page.pending) yield page;
      op.change().edit(page as never);
      return false;
    },
    kind: "latch-misuse",
    message: "page 0 (meta) was changed under a shared latch; ask for it with op.exclusive",
    steps: 1,
    hasPlace: true,
  },
  {
    name: "does not commit",
    *get(op) {
      op.change();
      return false;
    },
    kind: "exception",
    message: "an operation that ends has called commit() on its change group",
    steps: 0,
    hasPlace: false,
  },
  {
    name: "gives no answer",
    *get() {},
    kind: "exception",
    message: "a (get 20) returns undefined, expected true or false",
    steps: 0,
    hasPlace: false,
  },
  {
    name: "gives no number of rows",
    protocol: new GivesNoCount(),
    kind: "exception",
    message: "returns undefined, expected how many rows there were",
    steps: 1,
    hasPlace: false,
  },
  {
    name: "meets a fault that no disk made",
    *get() {
      throw new LatchworkError("BAD_ARGUMENT", "the key is odd");
    },
    kind: "exception",
    message: "LatchworkError: the key is odd",
    steps: 0,
    hasPlace: true,
  },
];

class Mistaken extends Crabbing {
  override readonly name: string = "mistaken";

  constructor(get: NonNullable<Mistake["get"]>) {
    super();
    this.get = get as Crabbing["get"];
  }
}

function protocolOf({ get, protocol }: Mistake): Protocol {
  if (protocol !== undefined) return protocol;
  return new Mistaken(get ?? (() => undefined));
}

function scenarioOf({ name }: Protocol): Scenario {
  const text = "tree [10,20][30,40]\ntask get 20\ntask scan\ntask put 30\n";
  return { ...parseScenario(text).scenario, protocol: name };
}

describe.each(mistakes)("a protocol that $name", (mistake) => {
  const { kind, message, steps, hasPlace } = mistake;
  const protocol = protocolOf(mistake);
  const own = [protocol];
  const result = huntScenario(scenarioOf(protocol), {
    protocols: own,
    strategies: defaultPortfolio,
    seed: 1,
    runsMax: 500,
    shrink: { runsMax: 500 },
  });
  const { scenario, schedule } = parseReplay(result.replay ?? "");

  it("is told what to write, and where it went wrong", () => {
    const { shrunk } = result;
    expect(shrunk?.failure.kind).toBe(kind);
    expect(shrunk?.failure.message).toContain(message);
    const place = expect.stringMatching(/test\/hunt\/mistakes\.test\.ts:\d+:\d+\)$/);
    expect(shrunk?.failure.stack?.[0]).toEqual(hasPlace ? place : undefined);
    expect(shrunk).toMatchObject({ tasks: 1, operations: 1 });
  });

  it("is replayed from its line, and from a file", () => {
    const again = replayScenario(scenario, schedule, undefined, own);
    expect(again.failure).toEqual(result.shrunk?.failure);
    expect(again.drift).toBeNull();
    expect(again.scheduler.steps).toBe(steps);
    const file = formatScenario(scenario, schedule);
    expect(file).toMatch(/\nschedule( \S+)?\n$/);
    const read = parseScenario(file);
    expect(read.schedule).toBe(schedule);
    const { failure } = replayScenario(read.scenario, read.schedule ?? "no", undefined, own);
    expect(failure).toEqual(result.shrunk?.failure);
  });

  it("has a story with the operation and what it did", () => {
    const story = tellStory(scenario, schedule, own);
    expect(story.rows).toHaveLength(Math.max(steps, 1));
    expect(story.rows.at(-1)).toMatchObject({
      kind: steps === 0 ? "start" : "latch",
      step: steps,
      fails: expect.stringContaining(message),
    });
    const text = formatStory(story, { widthMax: 400 });
    expect(text).toMatch(/\n +\d {2}> (get 20|scan)\n/);
    expect(text).toContain(`!! ${story.rows.at(-1)?.fails}\n`);
    const [place = ""] = result.shrunk?.failure.stack ?? [];
    expect(text).toContain(place);
    expect(JSON.stringify(story)).toContain(place);
    expect(/\n {2}at .*:\d+:\d+\)\n/.test(text)).toBe(hasPlace);
  });

  it("is found on a disk too, before a crash and after one", () => {
    const before = { ...scenarioOf(protocol), ...diskOf("crashes 1\n") };
    const after = { ...before, tasks: [[{ kind: "checkpoint" } as const]] };
    for (const one of [before, { ...after, ...diskOf("crashes 1\nafter get 20\nafter scan\n") }]) {
      const options = { protocols: own, strategies: defaultPortfolio, seed: 1, runsMax: 500 };
      const found = huntScenario(one, options);
      expect(found.verdict.finding?.failure.kind).toBe(kind);
      const read = parseReplay(found.replay ?? "");
      const story = tellStory(read.scenario, read.schedule, own);
      expect(story.kind).toBe(kind);
      expect(story.drift).toBeNull();
      expect(story.rows.filter(({ fails }) => fails !== null)).toHaveLength(1);
    }
  });
});

function diskOf(lines: string): Pick<Scenario, "durability"> {
  const { durability } = parseScenario(`${lines}task get 1\n`).scenario;
  return durability === undefined ? {} : { durability };
}

describe("a protocol that is none", () => {
  it.each<[string, unknown, string]>([
    ["a class", Crabbing, "expected an object, found a function; make one with new"],
    ["nothing", undefined, "expected an object, found undefined"],
    [
      "without a name",
      Object.assign(new Mistaken(() => 0), { name: undefined }),
      "its name is undefined",
    ],
    [
      "without a scan",
      Object.assign(new Mistaken(() => 0), { scan: undefined }),
      "mistaken has no scan(); expected get, put, insert, delete, scan, latchOrder, coveringLatch",
    ],
    [
      "without a promise",
      Object.assign(new Mistaken(() => 0), { scanPromise: "none" }),
      'mistaken has scanPromise "none"; expected "atomic" or "per-key"',
    ],
  ])("is refused in one line: %s", (_, given, message) => {
    const scenario = { ...parseScenario("task get 1\n").scenario, protocol: "mistaken" };
    const options = { strategies: defaultPortfolio, seed: 1, runsMax: 1 };
    const hunt = (): unknown =>
      huntScenario(scenario, { ...options, protocols: [given as Protocol] });
    expect(hunt).toThrow(`a protocol of one's own: ${message}`);
  });
});

describe("a hunt", () => {
  const scenario = parseScenario("task get 1\ntask put 1\n").scenario;
  const options = { strategies: defaultPortfolio, seed: 1, runsMax: 20 };
  it.each<[string, object, string]>([
    ["async strategies", { strategies: async () => [] }, "strategies: gave a promise"],
    ["no strategies", { strategies: () => [] }, "expected at least one, found an empty list"],
    ["a list of strategies", { strategies: [] }, "strategies: expected a function that makes them"],
    ["an async shouldStop", { shouldStop: async () => true }, "shouldStop: gave a promise"],
    ["an async onProgress", { onProgress: async () => undefined }, "onProgress: gave a promise"],
  ])("refuses %s in one line", (_, odd, message) => {
    expect(() => huntScenario(scenario, { ...options, ...odd })).toThrow(message);
    expect(() => huntScenario(scenario, { ...options, ...odd })).toThrow(LatchworkError);
  });

  it("refuses what a replay would have to await", () => {
    const prepare = (async () => undefined) as never;
    expect(() => replayScenario(scenario, "ab", prepare)).toThrow("prepare: gave a promise");
  });
});
