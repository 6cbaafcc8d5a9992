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

// What the suites are worth: each of these must be told from a right engine by its histories alone,
// whatever else the simulator says of it.

const RUNS_MAX = 400;
const IN_CRASHES: Omit<RunShape, "protocol"> = RUN_KINDS["with three crashes"] ?? {};

/** The questions to which the first refuted run answers no. */
function refutes(shape: RunShape, planted: Planted, seed: string): readonly string[] {
  const refuted = firstRefuted(shape, planted, seed, RUNS_MAX);
  return refuted?.noes.map(({ question }) => question) ?? [];
}

const changed = (protocol: (right: Protocol) => Protocol): Planted => ({ protocol });
const partsOf = (bug: string): Planted => ({ parts: bugNamed(bug).parts?.() ?? {} });

describe.each(PROTOCOLS)("under $name", ({ name: protocol }) => {
  it("a key is added twice if an insert looks and then leaps", () => {
    const planted = changed((right) => new InsertLooksThenLeaps(right));
    expect(refutes({ protocol }, planted, "leap")).toContain("per-key scans");
  });

  it("a key is removed twice if a delete answers what it saw before", () => {
    const planted = changed((right) => new DeleteAnswersWhatItSaw(right));
    expect(refutes({ protocol }, planted, "delete")).toContain("per-key scans");
  });

  it("what was acknowledged before its sync is lost", () => {
    const questions = refutes({ protocol, ...IN_CRASHES }, partsOf("W1"), "s2");
    expect(questions).toContain("per-key scans");
  });

  it("what was read before it was durable is lost", () => {
    const shape: RunShape = { protocol, ...IN_CRASHES, reads: "durable" };
    expect(refutes(shape, partsOf("W10"), "s5")).toContain("per-key scans");
  });

  it("half of a batch survives if it is logged in pieces", () => {
    const shape = { protocol, ...RUN_KINDS["with batches and crashes"] };
    expect(refutes(shape, partsOf("W24"), "s1")).toEqual(["batches at one moment"]);
  });
});

describe.each(PROTOCOLS.filter(({ scanPromise }) => scanPromise === "atomic"))(
  "under $name",
  ({ name: protocol }) => {
    it("a scan that lets go after each row is right key by key, and of no moment", () => {
      const planted = changed((right) => new ScanRowByRow(right));
      const refuted = firstRefuted({ protocol }, planted, "rows", RUNS_MAX);
      expect(refuted?.noes.map(({ question }) => question)).toEqual(["atomic scans"]);
      expect(refuted?.yeses.map(({ question }) => question)).toEqual(["per-key scans"]);
    });
  },
);

describe.each(PROTOCOLS.filter(({ scanPromise }) => scanPromise === "per-key"))(
  "the right $name",
  ({ name: protocol }) => {
    it("scans key by key, and not at one moment", () => {
      const atomic: string[] = [];
      for (let seed = 0; seed < 5; seed++) {
        for (const { run, ends } of recordedRuns({ protocol }, `scans/${seed}`, RUNS_A_SEED)) {
          const history = historyOfRun(run, ends, { batches: "apart" });
          const kindOf = (scan: ScanPromise): string =>
            checkHistory(history, treeMap(), { scan }).kind;
          expect(kindOf("per-key")).toBe("linearizable");
          atomic.push(kindOf("atomic"));
        }
      }
      expect(atomic).toContain("not-linearizable");
    });

    it("keeps its promise if it scans row by row", () => {
      const planted = changed((right) => new ScanRowByRow(right));
      expect(firstRefuted({ protocol }, planted, "rows", 12)).toBeNull();
    });
  },
);

describe("a bug of the bank shows in what operations answer", () => {
  it.each(["C1", "C2", "C3", "C7", "D2", "D4", "D5", "D11", "D12", "D13", "D14"])("%s", (id) => {
    const bug = bugNamed(id);
    const planted = changed(() => bug.make());
    const questions = refutes({ protocol: bug.protocol }, planted, "s2");
    expect(questions).toContain(id === "D13" ? "atomic scans" : "per-key scans");
  });

  it.each(["W4", "W6", "W12"])("%s, after a crash", (id) => {
    const { protocol } = bugNamed(id);
    expect(refutes({ protocol, ...IN_CRASHES }, partsOf(id), "s2")).not.toEqual([]);
  });
});
