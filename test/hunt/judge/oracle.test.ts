import { describe, expect, it } from "vitest";
import {
  Crabbing,
  type Operation,
  type RowSink,
  type ScanRange,
} from "../../../src/btree/index.ts";
import { huntScenario, parseScenario } from "../../../src/hunt/index.ts";
import { defaultPortfolio } from "../../../src/sim/index.ts";
import type { Task } from "../../../src/task/index.ts";

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
      row: (key, value) => {
        twice.row(key, value);
        twice.row(key, value);
      },
    });
  }
}

/** Scans leaf by leaf, and says that it does not. */
class PromisesTooMuch extends Crabbing {
  override readonly name = "hasty";
  override readonly scanPromise = "atomic";
}

const OPTIONS = { seed: 1, runsMax: 20, strategies: defaultPortfolio };

function scenarioOf(text: string): ReturnType<typeof parseScenario>["scenario"] {
  return parseScenario(text).scenario;
}

const places = ["in memory", "on a disk"] as const;

describe("the oracle", () => {
  const liars = [
    [new ScanMiscounts(), "gave 2 rows and counted 9"],
    [new ScanRepeatsRows(), "rows and counted"],
  ] as const;

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

  it("judges more operations of one key than a word has bits", () => {
    const inserts = Array.from({ length: 40 }, () => "insert 5").join(" then ");
    const { verdict } = huntScenario(scenarioOf(`task ${inserts}\ntask delete 5\n`), OPTIONS);
    expect(verdict.finding).toBeNull();
  });

  it("judges as many where a scan promises one moment of the whole tree", () => {
    const puts = Array.from({ length: 40 }, (_, key) => `put ${key}`).join(" then ");
    const scenario = scenarioOf(`protocol tree-rw\ntask ${puts}\ntask scan\n`);
    expect(huntScenario(scenario, OPTIONS).verdict.finding).toBeNull();
  });

  it.each(places)("refuses scans that are not of the one moment they promise: %s", (place) => {
    const disk = place === "on a disk" ? "crashes 1\n" : "";
    const tasks = "task scan\ntask delete 10 then insert 35\n";
    const text = `protocol hasty\ncapacity 2\ntree [10][20][30]\n${tasks}${disk}`;
    const options = { ...OPTIONS, runsMax: 3000, protocols: [new PromisesTooMuch()] };
    const { verdict } = huntScenario(scenarioOf(text), options);
    expect(verdict.finding?.failure.message).toContain("no moment explains a whole scan");
  });

  it("judges sixteen overlapping writes of one key at once", () => {
    const scenario = scenarioOf("task put 5\n".repeat(16));
    const { verdict } = huntScenario(scenario, OPTIONS);
    expect(verdict.finding).toBeNull();
  });
});
