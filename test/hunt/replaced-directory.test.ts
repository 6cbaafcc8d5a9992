import { describe, expect, it } from "vitest";
import { PROTOCOLS } from "../../src/btree/index.ts";
import { LatchworkError, type Task } from "../../src/task/index.ts";
import { Log } from "../../src/wal/index.ts";
import { huntCrashes } from "../support/crash-hunt.ts";
import { budget } from "../campaign.ts";

/** Somebody puts a copy of the directory in its place, at any sync or change of a name. */
function scenarioOf(protocol: string): string {
  return `protocol ${protocol}
capacity 2
tree [10]
task put 10
task put 30 then checkpoint
crashes 1
segment 512
faults replaced
after put 50
`;
}

// What is replaced is of the log and the disk, which are the same under all.
const PROTOCOLS_MAX = budget({ short: 1, campaign: PROTOCOLS.length });

const EXHAUSTIVE = { strategy: "dfs:0", runsMax: 60_000 };

/** The bug: what was synced in a directory that nobody will find is acknowledged. */
class DeafLog extends Log {
  protected override *syncSegment(): Task<void> {
    try {
      yield* super.syncSegment();
    } catch (error) {
      if (!isReplaced(error)) throw error;
    }
  }
}

function isReplaced(error: unknown): boolean {
  return error instanceof LatchworkError && error.message.includes("another one by now");
}

describe("a directory that is replaced under a simulated database", () => {
  it.each(PROTOCOLS.map(({ name }) => [name]).slice(0, PROTOCOLS_MAX))(
    "takes nothing away that was acknowledged: %s",
    (protocol) => {
      const verdict = huntCrashes(scenarioOf(protocol), EXHAUSTIVE);
      expect(verdict.finding).toBeNull();
      expect(verdict.coverage[0]?.exhausted).toBe(true);
    },
  );

  it("is noticed in time only by who listens to the disk", () => {
    const parts = { makeLog: (made: ConstructorParameters<typeof Log>[0]) => new DeafLog(made) };
    const { finding } = huntCrashes(scenarioOf("crabbing"), { ...EXHAUSTIVE, parts });
    expect(finding?.failure.message).toMatch(/lost|durable|acknowledged|linearizable/);
  });
});
