import { describe, expect, it } from "vitest";
import {
  BatchOverPartitions,
  BatchRecovery,
  type PartitionParts,
} from "../../../src/engine/index.ts";
import {
  checkFootprints,
  compareRuns,
  parseStrategy,
  Scheduler,
  type Segment,
  Trace,
} from "../../../src/sim/index.ts";
import { type Hunted, huntProgram, strategyOf } from "../../support/hunt-program.ts";
import { followed } from "../../../src/sim/determinism.ts";
import { createPrng, type Task } from "../../../src/task/index.ts";
import { PartitionedProgram, type ProgramOptions } from "./partitioned-program.ts";
import { budget } from "../../campaign.ts";

function hunt(name: string, runsMax: number, options: ProgramOptions = {}): Hunted {
  return huntProgram(
    (scheduler) => new PartitionedProgram(scheduler, options),
    strategyOf(name),
    runsMax,
  );
}

describe("a table in partitions, and one crash", () => {
  it.each([
    ["random", budget({ short: 60, campaign: 100 }), {}],
    ["pct:3", budget({ short: 60, campaign: 150 }), {}],
    // A batch alone: the power fails at every one of its steps.
    ["dfs:0", budget({ short: 100, campaign: 2_000 }), { others: [] }],
    ["dfs:0", budget({ short: 60, campaign: 400 }), {}],
    ["random", budget({ short: 60, campaign: 100 }), { crashes: 2 }],
    ["dfs:0", budget({ short: 60, campaign: 600 }), { others: [], crashes: 2 }],
    ["random", 60, { protocol: "tree-mutex" }],
    ["random", 60, { protocol: "optimistic-crabbing" }],
  ] as const)("are survived under %s, %i times, with %j", (name, runsMax, options) => {
    const { failure, schedule, runs } = hunt(name, runsMax, options);
    expect({ failure, schedule }).toEqual({ failure: null, schedule: "" });
    expect(runs).toBeGreaterThan(50);
  });
});

/** Does not wait until prepared shares are durable. */
class Hasty extends BatchOverPartitions {
  protected override *flushAll(): Task<void> {}
}

/** Makes the shares before the decision is durable. */
class Undecided extends BatchOverPartitions {
  protected override *decide(...given: Parameters<Hasty["decide"]>): Task<void> {
    const [session, batch, first] = given;
    yield* first.partition.makeAndDecide(session, first.writes, batch);
  }
}

/** Drops what it finds prepared. */
class Forgetful extends BatchRecovery {
  override hasDecided(): boolean {
    return false;
  }
}

/** Makes what it finds prepared. */
class Credulous extends BatchRecovery {
  override hasDecided(): boolean {
    return true;
  }
}

describe("half a batch is found", () => {
  it.each<readonly [string, Partial<PartitionParts>, ProgramOptions]>([
    [
      "if its decision is durable before its shares are",
      { makeBatches: (...given) => new Hasty(...given) },
      {},
    ],
    [
      "if shares are made before the decision is durable",
      { makeBatches: (...given) => new Undecided(...given) },
      {},
    ],
    [
      "if recovery drops a share that was decided",
      { makeBatchRecovery: (...given) => new Forgetful(...given) },
      {},
    ],
    [
      "if recovery makes a share that was not decided",
      { makeBatchRecovery: (...given) => new Credulous(...given) },
      {},
    ],
    ["if a checkpoint does not wait for its end", { settle: () => nothing() }, {}],
  ])("%s", (_, parts, options) => {
    const { failure } = hunt("random", 2_000, { ...options, parts });
    expect(failure?.message).toMatch(/half a batch|has lost version/u);
  });
});

function* nothing(): Task<void> {}

describe("a table in partitions, simulated", () => {
  it("does the same along the same schedule, and whenever independent segments are swapped", () => {
    const scheduler = new Scheduler();
    const program = new PartitionedProgram(scheduler);
    scheduler.trace = new Trace();
    const random = strategyOf("random");
    random.beginRun();
    scheduler.run(program, random);
    const other = new Scheduler();
    other.trace = new Trace();
    other.run(new PartitionedProgram(other), followed(scheduler.schedule));
    expect(compareRuns(scheduler, other)).toBeNull();
    scheduler.trace = null;
    for (const seed of [1, 2, 3]) {
      const strategy = parseStrategy("random", createPrng(seed));
      const report = checkFootprints(scheduler, program, strategy, { swapsMax: 30 });
      expect(report.problem).toBeNull();
      expect(report.swaps).toBeGreaterThan(5);
    }
  });

  it("calls what is shared by the name of its partition", () => {
    const scheduler = new Scheduler();
    const program = new PartitionedProgram(scheduler);
    const segments: Segment[] = [];
    scheduler.onSegment = (segment) => segments.push(segment);
    const strategy = strategyOf("dfs:0");
    strategy.beginRun();
    scheduler.run(program, strategy);
    const touched = new Set(
      segments.flatMap(({ footprint }) =>
        footprint.map(({ objectId }) => program.describeObject(objectId)),
      ),
    );
    expect(touched).toContain("the buffer pool");
    for (const index of [0, 1, 2]) {
      for (const name of ["page 0", "the log", "the write gate", "the batch over partitions"]) {
        expect(touched).toContain(`${name} of partition ${index}`);
      }
      expect(touched).toContain(`partition-1-${index}/pages`);
    }
  });
});
