import { describe, expect, it } from "vitest";
import { parseScenario } from "../../src/hunt/index.ts";
import { FAULT_KINDS } from "../../src/hunt/scenario/scenario.ts";
import { type Lsn } from "../../src/storage/index.ts";
import { Step, type Task } from "../../src/task/index.ts";
import { Checkpoint, type CheckpointOptions, Log, type LogParts } from "../../src/wal/index.ts";
import { huntCrashes } from "../support/crash-hunt.ts";
import { budget } from "../campaign.ts";

/** Schedules in which nothing may go wrong. */
const RUNS = budget({ short: 40, campaign: 300 });

/** Takes its pages for written once the log is durable to where it began. */
class HastyCheckpoint extends Checkpoint {
  protected override positionNeeded(begin: Lsn): Lsn {
    return begin;
  }
}

// The checkpoint finds the page of key 30 dirty. Before it gets there, the delete merges the page
// away: now it is free, and clean. If the checkpoint counts and then the delete is lost, the page
// is needed after all, as it was; neither the file nor what redo reads of the log has it.
describe("page_is_freed_while_a_checkpoint_runs", () => {
  const text =
    "protocol tree-mutex\ncapacity 2\ntree [10][20][30]\ncrashes 1\npool 8\n" +
    "task put 10 then put 30 then checkpoint\ntask delete 30\n";

  it("loses nothing", () => {
    expect(huntCrashes(text, { strategy: "pct3", seed: "6", runsMax: RUNS }).finding).toBeNull();
  });

  it("would lose what was written to it, if the log were not flushed once more", () => {
    const parts = { makeCheckpoint: (options: CheckpointOptions) => new HastyCheckpoint(options) };
    const { finding } = huntCrashes(text, { strategy: "pct3", seed: "6", runsMax: 200, parts });
    expect(finding?.failure.kind).toBe("not-durable");
  });
});

// The batch that is in alone meets a fault after its first write and poisons the log. The one that
// waited for it must not begin.
it("batch_waits_while_the_log_fails: it is refused", () => {
  const text =
    "protocol crabbing\ncapacity 2\ntree [10,15][20][30]\ncrashes 1\npool 8\nfaults read\n" +
    "task batch put 10 and put 30\ntask batch put 15 and put 20\n";
  expect(huntCrashes(text, { strategy: "random", runsMax: RUNS }).finding).toBeNull();
});

// A split may fail to get its space page's bit, a merge its neighbour: what was begun is undone.
it.each(FAULT_KINDS)("disk_fails_under_splits_and_merges: %s", (fault) => {
  const text =
    "protocol crabbing\ncapacity 2\ntree [5,10][15,20][25][30]\ncrashes 2\npool 8\n" +
    `survival mixed\nsegment 512\nfaults ${fault}\n` +
    "task put 12 then checkpoint then get 12\ntask delete 30 then clean then put 30\n" +
    "after scan\n";
  expect(huntCrashes(text, { strategy: "random", runsMax: RUNS }).finding).toBeNull();
});

/** A step that nothing ever enables. */
class Never extends Step {
  override isEnabled(): boolean {
    return false;
  }

  override take(): boolean {
    return true;
  }
}

/** Forgets whoever waits. */
class DeafLog extends Log {
  override *waitDurable(): Task<void> {
    yield new Never();
  }
}

// A crash is always possible. If it could end any wait, a lost wakeup would pass for an operation
// that was cut off.
describe("crash_meets_tasks_that_wait_for_ever", () => {
  const text = "protocol crabbing\ncapacity 2\ntree [10][20]\ncrashes 1\ntask put 10\n";

  it("tells of a wait that nothing ends", () => {
    const parts = { makeLog: (of: LogParts) => new DeafLog(of) };
    const { finding } = huntCrashes(text, { strategy: "dfs:1", runsMax: 1000, parts });
    expect(finding?.failure.kind).toBe("stuck");
  });

  it("passes over the wait for a disk that is stuck", () => {
    const stuck = `${text}faults stuck\n`;
    const { finding, coverage } = huntCrashes(stuck, { strategy: "dfs:1", runsMax: 20_000 });
    expect(finding).toBeNull();
    expect(coverage).toMatchObject([{ exhausted: true }]);
  });

  it("is asked for where the disk may be stuck", () => {
    const none = text.replace("crashes 1", "crashes 0") + "faults stuck\n";
    expect(() => parseScenario(none)).toThrow(/expected crashes 1 or more/);
  });
});
