import { type Protocol, protocolNamed, TreeChecker } from "../../src/btree/index.ts";
import type { EngineParts } from "../../src/level/index.ts";
import { INITIAL_VALUE } from "../../src/hunt/program/scenario-tree.ts";
import type { History as Run } from "../../src/hunt/judge/run-history.ts";
import {
  CrashProgram,
  type Scenario,
  type ScenarioProgram,
  TreeProgram,
} from "../../src/hunt/index.ts";
import { rowsProblem } from "../../src/hunt/judge/outcomes.ts";
import { readContents } from "../../src/hunt/judge/read-contents.ts";
import { type Failure, parseStrategy, type Program, Scheduler } from "../../src/sim/index.ts";
import { assert, createPrng } from "../../src/task/index.ts";
import type { Ends } from "./run-history.ts";
import { drawScenario, type RunShape } from "./run-scenario.ts";

/** What is wrong on purpose: the protocol, or parts of the engine. */
export interface Planted {
  readonly protocol?: (right: Protocol) => Protocol;
  readonly parts?: Partial<EngineParts>;
}

/** One run of a scenario, until the next one begins. */
export interface RecordedRun {
  readonly scenario: Scenario;
  readonly strategy: string;
  /** How many runs of this scenario there were before. */
  readonly number: number;
  readonly run: Run;
  readonly ends: Ends;
  /** What the simulator found by itself. The history is then that of the run until there. */
  readonly failure: Failure | null;
  readonly steps: number;
}

/** None goes through schedules one by one: runs are far too long for that. */
const STRATEGIES = ["random", "swarm", "pct:3", "urw", "random", "pct:20"];
/** Long runs are no livelocks. */
const STEPS_MAX = 200_000;

/**
 * Draws a scenario from a seed, and runs it so often under a strategy drawn from it too, in the
 * very programs of the hunt: trees in memory, and engines on disks that crash. Only the judge is
 * another. The same seed and shape give the same runs.
 */
export function* recordedRuns(
  shape: RunShape,
  seed: string,
  runs: number,
  planted: Planted = {},
): Generator<RecordedRun, void, void> {
  const prng = createPrng(seed);
  const scenario = drawScenario(shape, prng);
  const name = STRATEGIES[prng.below(STRATEGIES.length)] ?? "random";
  const strategy = parseStrategy(name, createPrng(`${seed}/${name}`));
  // Where a release is no step of its own, operations under one latch never meet at all.
  const releaseSteps = prng.below(4) > 0;
  const scheduler = new Scheduler({ stepsMax: STEPS_MAX, releaseSteps });
  const program = new UnjudgedProgram(programOf(scheduler, scenario, planted));
  for (let number = 0; number < runs; number++) {
    strategy.beginRun();
    const { failure, steps } = scheduler.run(program, strategy);
    strategy.endRun(scheduler);
    const { history: run } = program.program;
    const ends = { before: contentsBefore(scenario), after: program.after };
    yield { scenario, strategy: name, number, run, ends, failure, steps };
  }
}

function programOf(scheduler: Scheduler, scenario: Scenario, planted: Planted): ScenarioProgram {
  const right = protocolNamed(scenario.protocol);
  const protocol = planted.protocol?.(right) ?? right;
  const { durability } = scenario;
  return durability === undefined
    ? new TreeProgram(scheduler, scenario, protocol, right)
    : new CrashProgram(scheduler, scenario, durability, protocol, right, planted.parts);
}

function contentsBefore({ tree }: Scenario): Map<number, number> {
  assert(tree.kind === "leaves", "drawn trees are given by their leaves");
  return new Map(tree.leaves.flat().map((key) => [key, INITIAL_VALUE]));
}

/** A program of the hunt, without its judge: at the end the tree is checked, and read. */
class UnjudgedProgram implements Program {
  readonly program: ScenarioProgram;
  /** What the tree held at the end; null if there was none, or a broken one. */
  after: Map<number, number> | null = null;

  constructor(program: ScenarioProgram) {
    this.program = program;
  }

  begin(scheduler: Scheduler): void {
    this.after = null;
    this.program.begin(scheduler);
  }

  finish(): Failure | null {
    const { program } = this;
    const trees = program.trees();
    for (const { pages, store } of trees) {
      const problem = new TreeChecker(pages, store.params).check().problems[0];
      if (problem !== undefined) return { kind: "broken-tree", message: problem, task: null };
    }
    const entries = trees.flatMap(({ pages }) => [...readContents(pages)]);
    this.after = new Map(entries.toSorted(([one], [other]) => one - other));
    const odd = program.history.records.find((record) => {
      const wasRun = program.history.hasReturned(record.index) && !record.isCut;
      return wasRun && rowsProblem(record) !== null;
    });
    if (odd === undefined) return null;
    return { kind: "wrong-result", message: `scan: ${rowsProblem(odd)}`, task: null };
  }

  describeObject(objectId: number): string {
    return this.program.describeObject(objectId);
  }
}
