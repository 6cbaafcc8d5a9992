import { describe, expect, it } from "vitest";
import { Explainer, type Judged } from "../../../src/hunt/judge/explainer.ts";
import { History, type OperationRecord } from "../../../src/hunt/judge/run-history.ts";
import { parseScenario } from "../../../src/hunt/index.ts";
import { KeyHistories } from "../../../src/hunt/judge/key-histories.ts";

const EVERYTHING: Judged = { counts: () => true, withEnd: true };

/** A run made by hand: operations by their numbers, in the order of the tasks' lines. */
class Run {
  readonly #history: History;
  readonly #keys: KeyHistories;
  readonly #isAtomic: boolean;

  constructor(tasks: readonly string[], before: readonly number[], isAtomic = false) {
    const lines = tasks.map((operations) => `task ${operations}\n`).join("");
    this.#history = new History(parseScenario(`${lines}crashes 1\nafter get 99\n`).scenario);
    this.#keys = new KeyHistories(this.#history, new Map(before.map((key) => [key, key])));
    this.#isAtomic = isAtomic;
  }

  begin(...operations: readonly number[]): this {
    for (const operation of operations) this.#history.invoked(operation);
    return this;
  }

  end(operation: number, result: Partial<OperationRecord> = {}): this {
    Object.assign(this.#history.records[operation] ?? {}, result);
    this.#history.returned(operation);
    return this;
  }

  scanned(operation: number, rows: Readonly<Record<number, number>>): this {
    const keys = Object.keys(rows).map(Number);
    return this.end(operation, { keys, values: keys.map((key) => rows[key] ?? 0) });
  }

  fail(operation: number): this {
    this.#history.failed(operation, "DISK_ERROR");
    return this;
  }

  crash(): this {
    this.#history.crashed();
    return this;
  }

  /** What is odd if the tree ends so: "nothing", "whole" or a key. */
  odd(after: Readonly<Record<number, number>>): string {
    for (const key of this.#keys.all) key.after = after[key.key] ?? -1;
    const explainer = new Explainer(this.#history, this.#keys, this.#isAtomic);
    const odd = explainer.unexplained(EVERYTHING);
    if (odd === null) return "nothing";
    return odd === "whole" ? odd : `key ${odd.key}`;
  }
}

describe("what explains a run", () => {
  it("is an order other than that of the returns, if need be", () => {
    const run = new Run(["put 5=1", "put 5=2", "get 5"], []).begin(0, 1, 2);
    run.end(2, { outcome: true, valueRead: 2 }).end(0, { outcome: false });
    run.end(1, { outcome: true });
    expect(run.odd({ 5: 1 })).toBe("nothing");
    expect(run.odd({ 5: 2 })).toBe("key 5");
  });

  it("is a scan that saw a key long before it returned", () => {
    const run = new Run(["scan", "delete 5 then get 5"], [5, 10]);
    run.begin(0, 1).end(1, { outcome: true }).begin(2).end(2, { outcome: false });
    expect(run.scanned(0, { 5: 5, 10: 10 }).odd({ 10: 10 })).toBe("nothing");
  });

  it("is not a scan of what was over when it began", () => {
    const run = new Run(["scan", "delete 5"], [5, 10]);
    run.begin(1).end(1, { outcome: true }).begin(0);
    expect(run.scanned(0, { 5: 5, 10: 10 }).odd({ 10: 10 })).toBe("key 5");
  });

  it.each([
    [true, "whole"],
    [false, "nothing"],
  ])("is no scan of two moments where one is promised: %s", (isAtomic, odd) => {
    const run = new Run(["scan", "delete 5 then put 10=7"], [5, 10], isAtomic).begin(0);
    run.begin(1).end(1, { outcome: true }).begin(2).end(2, { outcome: false });
    expect(run.scanned(0, { 5: 5, 10: 7 }).odd({ 10: 7 })).toBe(odd);
  });
});

describe("what a crash cut off", () => {
  it("took effect before it, or never", () => {
    const run = new Run(["put 5=1", "get 5"], [5]).begin(0).crash().begin(1);
    run.end(1, { outcome: true, valueRead: 5 });
    expect(run.odd({ 5: 5 })).toBe("nothing");
    expect(run.odd({ 5: 1 })).toBe("key 5");
  });

  it("is all there or not at all, if it is a batch", () => {
    const run = new Run(["batch put 5=1 and put 10=1"], []).begin(0).crash();
    expect(run.odd({ 5: 1, 10: 1 })).toBe("nothing");
    expect(run.odd({})).toBe("nothing");
    expect(run.odd({ 5: 1 })).toMatch(/^key/);
  });

  it("may be half there at the end, if no crash has followed the fault", () => {
    const run = new Run(["batch put 5=1 and put 10=1"], []).begin(0).fail(0);
    expect(run.odd({ 5: 1 })).toBe("nothing");
  });

  it("is not tried in every way for a key that it does not touch", () => {
    const batches = "batch put 10=1 and put 15=1 then batch put 10=2 and put 15=2";
    const run = new Run(["get 5", ...Array.from({ length: 15 }, () => batches)], [5]);
    for (let batch = 1; batch <= 30; batch++) run.begin(batch).fail(batch);
    run.begin(0).end(0, { outcome: true, valueRead: 7 }).crash();
    expect(run.odd({ 5: 5 })).toBe("key 5");
  });

  it("counts for scans of one moment too", () => {
    const run = new Run(["put 5=1", "put 10=1", "scan"], [], true).begin(0, 1, 2);
    expect(run.scanned(2, { 5: 1 }).crash().odd({ 5: 1, 10: 1 })).toBe("nothing");
  });
});
