import { describe, expect, it } from "vitest";
import { BLink, TreeMutex } from "../../src/btree/index.ts";
import { parseScenario, TreeProgram } from "../../src/hunt/index.ts";
import { type ChoicePoint, type Coverage, Scheduler, type Strategy } from "../../src/sim/index.ts";
import type { TaskId } from "../../src/task/index.ts";

// What PostgreSQL's isolation tests of its B-tree set up by injection points (its module nbtree in
// src/test/modules), told as scenarios of our own: backward scans while their surroundings change,
// and scans of an empty tree. Splits and merges left unfinished are in b-link.test.ts.

/** A task runs until it is about to latch a page as `site`; without one, to its end. */
interface Stage {
  readonly task: number;
  readonly site?: string;
}

/** Runs tasks as a script says; at its end whoever can. */
class Script implements Strategy {
  readonly name = "script";
  readonly #stages: readonly Stage[];
  #at = 0;
  #hasRun = false;

  constructor(stages: readonly Stage[]) {
    this.#stages = stages;
  }

  beginRun(): boolean {
    const isFirst = !this.#hasRun;
    this.#hasRun = true;
    return isFirst;
  }

  choose(point: ChoicePoint): number {
    for (
      let stage = this.#stages[this.#at];
      stage !== undefined;
      stage = this.#stages[++this.#at]
    ) {
      const pending = point.pendingOf(stage.task as TaskId);
      if (pending === null) continue;
      const fact = pending.fact();
      if ("site" in fact && fact.site === stage.site) continue;
      for (let i = 0; i < point.count; i++) if (point.taskAt(i) === stage.task) return i;
    }
    return 0;
  }

  endRun(): void {}

  coverage(): Coverage {
    throw new Error("a script covers one schedule");
  }
}

/** The keys that the first task's scan gave, and how often it started over. */
function run(text: string, stages: readonly Stage[]): { keys: number[]; restarts: number } {
  const { scenario } = parseScenario(text);
  const scheduler = new Scheduler();
  const program = new TreeProgram(scheduler, scenario, new BLink(), new TreeMutex());
  const strategy = new Script(stages);
  strategy.beginRun();
  const { failure } = scheduler.run(program, strategy);
  expect(failure).toBeNull();
  const [record] = program.history.records;
  return { keys: [...(record?.keys ?? [])], restarts: program.store.linkCounts.restarts };
}

const INTO_THE_GAP: readonly Stage[] = [{ task: 0, site: "left sibling" }, { task: 1 }];

describe("a backward scan between two leaves", () => {
  it("moves right from a left sibling that was split once", () => {
    const text = "capacity 2\ntree [10,20][30,40]\ntask scan-back\ntask insert 15\n";
    expect(run(text, INTO_THE_GAP)).toEqual({ keys: [40, 30, 20, 15, 10], restarts: 0 });
  });

  it("starts over if the left sibling was split more often than it moves right", () => {
    const inserts = [11, 12, 13, 14, 15, 16, 17, 18, 19].map((key) => `insert ${key}`);
    const text = `capacity 2\ntree [10,20][30]\ntask scan-back\ntask ${inserts.join(" then ")}\n`;
    const { keys, restarts } = run(text, INTO_THE_GAP);
    expect(keys).toEqual([30, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10]);
    expect(restarts).toBe(1);
  });

  it("goes on, and gives nothing twice, if the leaf that it comes from was merged away", () => {
    const text = "capacity 2\ntree [10][30]\ntask scan-back\ntask delete 10\n";
    expect(run(text, INTO_THE_GAP)).toEqual({ keys: [30], restarts: 0 });
  });

  it("starts over if the left sibling was merged away", () => {
    const text = "capacity 2\ntree [5][10][20][30]\ntask scan-back [0,25]\ntask delete 5\n";
    expect(run(text, INTO_THE_GAP)).toEqual({ keys: [20, 10], restarts: 1 });
  });
});

describe("a scan of an empty tree that has let go of the meta page", () => {
  const text = (scan: string): string =>
    `capacity 2\ntree []\ntask ${scan}\ntask insert 10 then insert 20 then insert 30\n`;
  const stages = [{ task: 0, site: "root" }, { task: 1 }];

  it("sees what was added meanwhile, forward", () => {
    expect(run(text("scan"), stages)).toEqual({ keys: [10, 20, 30], restarts: 0 });
  });

  it("sees what was added meanwhile, backward", () => {
    expect(run(text("scan-back"), stages)).toEqual({ keys: [30, 20, 10], restarts: 0 });
  });
});
