import { describe, expect, it } from "vitest";
import { type Protocol, PROTOCOLS, type ScanPromise } from "../../src/btree/index.ts";
import { bugNamed } from "../../src/hunt/index.ts";
import { checkHistory } from "../../src/linearizability/index.ts";
import {
  DeleteAnswersWhatItSaw,
  InsertLooksThenLeaps,
  ScanRowByRow,
} from "../support/planted-protocols.ts";
import { type Planted, recordedRuns } from "../support/recorded-runs.ts";
import { firstRefuted, RUN_KINDS, RUNS_A_SEED } from "../support/run-campaign.ts";
import { historyOfRun } from "../support/run-history.ts";
import { treeMap } from "../support/run-models.ts";
import type { RunShape } from "../support/run-scenario.ts";
import { budget } from "../campaign.ts";

// What the suites are worth: each of these must be told from a right engine by its histories alone,
// whatever else the simulator says of it.

const IN_CRASHES: Omit<RunShape, "protocol"> = RUN_KINDS["with three crashes"] ?? {};
/** What is planted is above or below the protocol, so that some will do. */
const UNDER = budget({ short: PROTOCOLS.slice(0, 1), campaign: PROTOCOLS });
const NO = "not-linearizable";
const YES = "linearizable";

const changed = (protocol: (right: Protocol) => Protocol): Planted => ({ protocol });
const partsOf = (bug: string): Planted => ({ parts: bugNamed(bug).parts?.() ?? {} });

describe.each(UNDER)("under $name", ({ name: protocol }) => {
  it("a key is added twice if an insert looks and then leaps", () => {
    const planted = changed((right) => new InsertLooksThenLeaps(right));
    expect(firstRefuted("per-key scans", { protocol }, planted, "leap")).not.toBeNull();
  });

  it("a key is removed twice if a delete answers what it saw before", () => {
    const planted = changed((right) => new DeleteAnswersWhatItSaw(right));
    expect(firstRefuted("per-key scans", { protocol }, planted, "delete")).not.toBeNull();
  });

  it("what was acknowledged before its sync is lost", () => {
    const shape = { protocol, ...IN_CRASHES };
    expect(firstRefuted("per-key scans", shape, partsOf("W1"), "s2")).not.toBeNull();
  });

  it("what was read before it was durable is lost", () => {
    const shape: RunShape = { protocol, ...IN_CRASHES, reads: "durable" };
    expect(firstRefuted("per-key scans", shape, partsOf("W10"), "s5")).not.toBeNull();
  });

  it("half of a batch survives if it is logged in pieces", () => {
    const shape = { protocol, ...RUN_KINDS["with batches and crashes"] };
    const answers = firstRefuted("batches at one moment", shape, partsOf("W24"), "s1");
    expect(answers).toMatchObject({ "batches at one moment": NO, "per-key scans": YES });
  });
});

describe.each(PROTOCOLS.filter(({ scanPromise }) => scanPromise === "atomic"))(
  "under $name",
  ({ name: protocol }) => {
    it("a scan that lets go after each row is right key by key, and of no moment", () => {
      const planted = changed((right) => new ScanRowByRow(right));
      const answers = firstRefuted("atomic scans", { protocol }, planted, "rows");
      expect(answers).toEqual({ "atomic scans": NO, "per-key scans": YES });
    });
  },
);

describe.each(PROTOCOLS.filter(({ scanPromise }) => scanPromise === "per-key"))(
  "the right $name",
  ({ name: protocol }) => {
    it("scans key by key, and not at one moment", () => {
      const atomic: string[] = [];
      for (let seed = 0; seed < 5 && !atomic.includes(NO); seed++) {
        for (const { run, ends } of recordedRuns({ protocol }, `scans/${seed}`, RUNS_A_SEED)) {
          const history = historyOfRun(run, ends, { batches: "apart" });
          const kindOf = (scan: ScanPromise): string =>
            checkHistory(history, treeMap(), { scan }).kind;
          expect(kindOf("per-key")).toBe(YES);
          atomic.push(kindOf("atomic"));
        }
      }
      expect(atomic).toContain(NO);
    });

    it("keeps its promise if it scans row by row", () => {
      const planted = changed((right) => new ScanRowByRow(right));
      expect(firstRefuted("per-key scans", { protocol }, planted, "rows", 8)).toBeNull();
    });
  },
);

describe.each(["crabbing", "optimistic-crabbing"])("a crash under the right %s", (protocol) => {
  /** Of so many runs, whether the whole history with all its reads is durably linearizable. */
  function verdicts(reads: "committed" | "durable", seeds: number): string[] {
    const kinds: string[] = [];
    for (let seed = 0; seed < seeds && !kinds.includes(NO); seed++) {
      const shape: RunShape = { protocol, ...IN_CRASHES, reads };
      for (const { run, ends } of recordedRuns(shape, `reads/${seed}`, RUNS_A_SEED)) {
        const history = historyOfRun(run, ends, { batches: "apart" });
        kinds.push(checkHistory(history, treeMap(), { scan: "per-key" }).kind);
      }
    }
    return kinds;
  }

  it("takes back what was read before it was durable", () => {
    expect(verdicts("committed", 40)).toContain(NO);
  });

  it("takes nothing back that a durable read has seen", () => {
    expect(new Set(verdicts("durable", budget({ short: 1, campaign: 3 })))).toEqual(new Set([YES]));
  });
});

// Those that show key by key are explained besides: explain-bugs.test.ts.
it("D13 of the bank shows in what scans answer, taken at one moment", () => {
  const { protocol, make } = bugNamed("D13");
  expect(firstRefuted("atomic scans", { protocol }, changed(make), "s2")).not.toBeNull();
});
