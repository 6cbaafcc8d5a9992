import { describe, expect, it } from "vitest";
import { Crabbing, type Operation, type RowSink, type ScanRange } from "../../src/btree/index.ts";
import { huntScenario, parseScenario } from "../../src/hunt/index.ts";
import { defaultPortfolio } from "../../src/sim/index.ts";
import type { Task } from "../../src/task/index.ts";

class ScanMiscounts extends Crabbing {
  override readonly name = "miscounting";

  override *scan(op: Operation, range: ScanRange, sink: RowSink): Task<number> {
    return (yield* super.scan(op, range, sink)) + 7;
  }
}

class ScanRepeatsRows extends Crabbing {
  override readonly name = "repeating";

  override scan(op: Operation, range: ScanRange, sink: RowSink): Task<number> {
    const twice = { row: sink.row.bind(sink) };
    return super.scan(op, range, {
      row: (leaf, index) => {
        twice.row(leaf, index);
        twice.row(leaf, index);
      },
    });
  }
}

const OPTIONS = { seed: 1, runsMax: 20, strategies: defaultPortfolio };

function scenarioOf(text: string): ReturnType<typeof parseScenario>["scenario"] {
  return parseScenario(text).scenario;
}

describe("the oracle", () => {
  const liars = [
    [new ScanMiscounts(), "gave 2 rows and counted 9"],
    [new ScanRepeatsRows(), "rows and counted"],
  ] as const;
  const places = ["in memory", "on a disk"] as const;

  it.each(
    liars.flatMap(([protocol, words]) => places.map((place) => [protocol, words, place] as const)),
  )("refuses a scan that lies about its rows: %o, %s, %s", (protocol, words, place) => {
    const disk = place === "on a disk" ? "crashes 1\n" : "";
    const text = `protocol ${protocol.name}\ntree [10,20]\ntask scan\n${disk}`;
    const scenario = scenarioOf(text);
    const { verdict } = huntScenario(scenario, { ...OPTIONS, protocols: [protocol] });
    expect(verdict.finding?.failure.kind).toBe("wrong-result");
    expect(verdict.finding?.failure.message).toContain(words);
  });

  it("refuses before anything runs what it could not judge", () => {
    const task = `task ${Array.from({ length: 30 }, () => "insert 5").join(" then ")}\n`;
    const refused = expect.objectContaining({ code: "BAD_SCENARIO" });
    expect(() => huntScenario(scenarioOf(task), OPTIONS)).toThrow(refused);
  });

  it("counts all operations where a scan promises one moment of the whole tree", () => {
    const puts = Array.from({ length: 29 }, (_, key) => `put ${key}`).join(" then ");
    const text = `task ${puts}\ntask scan\n`;
    const refused = expect.objectContaining({ code: "BAD_SCENARIO" });
    expect(() => huntScenario(scenarioOf(`protocol tree-rw\n${text}`), OPTIONS)).toThrow(refused);
    expect(huntScenario(scenarioOf(text), OPTIONS).verdict.finding).toBeNull();
  });

  it("judges sixteen overlapping writes of one key at once", () => {
    const scenario = scenarioOf("task put 5\n".repeat(16));
    const { verdict } = huntScenario(scenario, OPTIONS);
    expect(verdict.finding).toBeNull();
  });
});
