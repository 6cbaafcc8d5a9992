import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  childAt,
  countOf,
  Crabbing,
  type Operation,
  type PageHandle,
  type Protocol,
  PROTOCOLS,
  rootOf,
} from "../../../src/btree/index.ts";
import {
  CrashProgram,
  parseScenario,
  programOf,
  type Scenario,
  type ScenarioProgram,
} from "../../../src/hunt/index.ts";
import {
  checkFootprints,
  createPrng,
  nameOfOwnObject,
  RandomStrategy,
  Scheduler,
} from "../../../src/sim/index.ts";
import { META_PAGE, type PageView } from "../../../src/storage/index.ts";
import { DIRECT_HOST, type Host, type Task } from "../../../src/task/index.ts";
import { Log, type LogParts } from "../../../src/wal/index.ts";
import { WITH_SHORTCUTS } from "../../support/with-shortcuts.ts";
import { UncoupledReaders } from "../../support/uncoupled-readers.ts";
import { budget, IS_CAMPAIGN } from "../../campaign.ts";

const folder = new URL("../../../scenarios/", import.meta.url);
const scenarios = readdirSync(folder).map((name) => ({
  name,
  scenario: parseScenario(readFileSync(new URL(name, folder), "utf8")).scenario,
}));

/** Runs of each scenario; a campaign may ask for more. */
const RUNS = Number(process.env["FOOTPRINT_RUNS"] ?? "1");

/** Runs in which the orders of two positions are counted. */
const ORDER_RUNS = budget({ short: 400, campaign: 3000 });

interface Total {
  swaps: number;
  problem: string | null;
}

/** Checks some runs of a program; ends with the first problem. */
function check(
  scheduler: Scheduler,
  program: ScenarioProgram,
  seeds: readonly number[],
  swapsMax: number = 8,
): Total {
  let swaps = 0;
  for (const seed of seeds) {
    const strategy = new RandomStrategy(createPrng(seed));
    const report = checkFootprints(scheduler, program, strategy, { seed, swapsMax });
    swaps += report.swaps;
    if (report.problem !== null) return { swaps, problem: report.problem };
  }
  return { swaps, problem: null };
}

function seedsFrom(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => first + i);
}

/** What a program has to be given beside the protocols that it knows by name. */
function ownOf(protocol: Protocol): readonly Protocol[] {
  return PROTOCOLS.includes(protocol) ? [] : [protocol];
}

describe("the footprint check", () => {
  const OWN = [...PROTOCOLS, ...WITH_SHORTCUTS];

  it.each(OWN)(
    `passes $name on ${budget({ short: "a third of", campaign: "all" })} the scenarios`,
    (own) => {
      const protocol = own.name;
      const turn = OWN.indexOf(own);
      let swaps = 0;
      for (const [index, { name, scenario }] of scenarios.entries()) {
        // Each scenario is the turn of three of them.
        if (!IS_CAMPAIGN && index % 3 !== turn % 3) continue;
        const scheduler = new Scheduler({ releaseSteps: index % 2 === 1 });
        const program = programOf(scheduler, { ...scenario, protocol }, ownOf(own));
        const total = check(scheduler, program, seedsFrom(100 * index, RUNS));
        expect({ name, problem: total.problem }).toEqual({ name, problem: null });
        swaps += total.swaps;
      }
      // Under the one latch of a tree there is hardly a pair of segments that touch nothing in common.
      expect(swaps).toBeGreaterThan(
        protocol.includes("crabbing") ? budget({ short: 6, campaign: 20 }) : 0,
      );
    },
  );
});

/** Reads the root without a latch and goes by nothing of it: whoever edits it is not hindered. */
class Peeks extends Crabbing {
  override readonly name = "peeks";
  readonly seen: string[] = [];

  protected override *descendShared(op: Operation, key: Uint8Array): Task<PageHandle> {
    const meta = op.shared(META_PAGE, "meta");
    if (meta.pending) yield meta;
    const id = rootOf(meta);
    meta.release();
    const root = op.optimistic(id, "root");
    while (root.pending) yield root;
    if (root.isHeld) {
      this.seen.push(childrenOf(root));
      root.release();
    } else this.seen.push("refused");
    return yield* super.descendShared(op, key);
  }
}

/** What a page that may be torn says of its children. */
function childrenOf(page: PageView): string {
  try {
    return Array.from({ length: countOf(page) }, (_, index) => childAt(page, index)).join("/");
  } catch (error) {
    if (error instanceof RangeError) return "torn";
    throw error;
  }
}

describe("the footprint check of protocols to come", () => {
  it("passes pages that are retired until earlier operations have ended", () => {
    const own = new UncoupledReaders();
    const scenario = parseScenario(`
protocol uncoupled-readers
capacity 4
tree [10,20,25,28][30][50,60,65,68][70,80]
task get 70
task delete 30 then insert 15`).scenario;
    const scheduler = new Scheduler();
    const total = check(scheduler, programOf(scheduler, scenario, [own]), seedsFrom(200, 100), 30);
    expect(total.problem).toBeNull();
    expect(total.swaps).toBeGreaterThan(100);
  });

  it("passes pages that are read without a latch while they are edited", () => {
    const own = new Peeks();
    const scenario = parseScenario(`
protocol peeks
capacity 3
tree [10,20,30][40]
task get 30
task insert 15`).scenario;
    const scheduler = new Scheduler();
    const program = programOf(scheduler, scenario, [own]);
    const begin = program.begin.bind(program);
    const digest = program.digest?.bind(program);
    program.begin = (run) => {
      own.seen.length = 0;
      begin(run);
    };
    program.digest = () => `${digest?.()}\n${own.seen.join(" ")}`;
    const total = check(scheduler, program, seedsFrom(1, 60), 30);
    expect(total.problem).toBeNull();
    expect(total.swaps).toBeGreaterThan(50);
  });
});

/** Twenty leaves of two keys each, so that two splits share no page below the root. */
const LEAVES = Array.from({ length: 20 }, (_, i) => `[${20 * i + 10},${20 * i + 20}]`).join("");
const TWO_SPLITS = `
protocol crabbing
capacity 2
tree ${LEAVES}
task insert 15 then insert 16 then insert 17 then delete 16
task insert 255 then insert 256 then insert 257 then delete 256
`;

const TWO_PUTS = `
protocol optimistic-crabbing
capacity 2
tree [10,20][30,40]
task get 10 then put 10
task get 30 then put 30
crashes 0
`;

function scenarioOf(text: string): Scenario {
  return parseScenario(text).scenario;
}

/** A scheduler that hears nothing of one object: as if nobody declared how it is touched. */
function deafTo(name: string, program: (scheduler: Scheduler) => ScenarioProgram): Total {
  const scheduler = new Scheduler();
  const made = program(scheduler);
  const touch = scheduler.touch.bind(scheduler);
  scheduler.touch = (objectId, access) => {
    const touched = nameOfOwnObject(objectId) ?? made.describeObject(objectId);
    if (touched !== name) touch(objectId, access);
  };
  return check(scheduler, made, seedsFrom(1, 100), 100);
}

/** Two segments by task and step, and what each declared. */
const TWO_SEGMENTS =
  /do not commute:\n {2}step \d+ of \w \(.*\): .*\n {2}step \d+ of \w \(.*\): .*/;

describe("an access that nobody declared", () => {
  it("is found where two splits take free pages", () => {
    const { problem } = deafTo("the free pages", (scheduler) =>
      programOf(scheduler, scenarioOf(TWO_SPLITS)),
    );
    expect(problem).toMatch(TWO_SEGMENTS);
    expect(problem).toMatch(/the run ends with page 0, .*, expected page 0, /);
  });

  it("is found where two puts append to the log", () => {
    const silent = (host: Host): Host => ({
      ...DIRECT_HOST,
      nowMs: () => host.nowMs(),
      newObject: (name) => host.newObject(name),
      sleep: (durationMs) => host.sleep(durationMs),
      wake: (step) => host.wake(step),
    });
    const scheduler = new Scheduler();
    const scenario = scenarioOf(TWO_PUTS);
    const { durability } = scenario;
    if (durability === undefined) throw new Error("a scenario with a disk");
    const [protocol] = PROTOCOLS.filter(({ name }) => name === scenario.protocol);
    if (protocol === undefined) throw new Error("a protocol of that name");
    const makeLog = (parts: LogParts): Log => new Log({ ...parts, host: silent(parts.host) });
    const parts = { makeLog };
    const program = new CrashProgram(scheduler, scenario, durability, protocol, protocol, parts);
    const { problem } = check(scheduler, program, seedsFrom(1, 100), 100);
    expect(problem).toMatch(TWO_SEGMENTS);
    expect(problem).toContain("swapped, the run");
  });

  it.each([
    ["the history", "barging_latches_and_a_patient_writer.txt"],
    ["the list of tasks", "durable_batch_is_cut_off.txt"],
  ])("is found in %s", (name, file) => {
    const found = scenarios.find((one) => one.name === file);
    if (found === undefined) throw new Error(`a scenario ${file}`);
    const scenario = { ...found.scenario, protocol: "crabbing" };
    const { problem } = deafTo(name, (scheduler) => programOf(scheduler, scenario));
    expect(problem).toMatch(TWO_SEGMENTS);
  });

  it("is found where a latch is released", () => {
    const scheduler = new Scheduler();
    const program = programOf(scheduler, scenarioOf(TWO_SPLITS));
    scheduler.giveBack = () => false;
    const { problem } = check(scheduler, program, seedsFrom(1, 100), 100);
    expect(problem).toMatch(TWO_SEGMENTS);
  });
});

describe("distinct interleavings of two puts into two leaves", () => {
  /** Runs many schedules; tells for each order hash in which order the two groups were logged. */
  function ordersByHash(deafToLog: boolean): Map<number, Set<string>> {
    const scheduler = new Scheduler();
    const program = programOf(scheduler, scenarioOf(TWO_PUTS));
    const touch = scheduler.touch.bind(scheduler);
    if (deafToLog) {
      scheduler.touch = (objectId, access) => {
        const name = program.describeObject(objectId);
        if (name !== "the log" && name !== "the end of the log") touch(objectId, access);
      };
    }
    const orders = new Map<number, Set<string>>();
    const strategy = new RandomStrategy(createPrng(1));
    for (let run = 0; run < ORDER_RUNS; run++) {
      strategy.beginRun();
      const result = scheduler.run(program, strategy);
      expect(result.failure).toBeNull();
      const lines = program.digest?.().split("\n") ?? [];
      const order = lines.filter((line) => line.startsWith("page ")).join("\n");
      orders.set(result.orderHash, (orders.get(result.orderHash) ?? new Set()).add(order));
    }
    return orders;
  }

  it("count the orders of their log positions", () => {
    const orders = ordersByHash(false);
    const all = new Set([...orders.values()].flatMap((seen) => [...seen]));
    // One leaf has the lower position, or the other; and a block may end between the two.
    expect(all.size).toBeGreaterThan(1);
    for (const seen of orders.values()) expect(seen.size).toBe(1);
  });

  it("would not, if the log declared nothing", () => {
    const orders = ordersByHash(true);
    expect([...orders.values()].some((seen) => seen.size > 1)).toBe(true);
  });
});
