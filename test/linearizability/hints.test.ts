import { describe, expect, it } from "vitest";
import {
  casRegister,
  checkHistory,
  checkOrder,
  HistoryRecorder,
  jsonLinesOf,
  kvMap,
  type Model,
  readHistory,
  register,
  setModel,
  verdictText,
} from "../../src/linearizability/index.ts";
import { drawn } from "../support/drawn-history.ts";

const history = drawn("a write 1\nb write 2\nb ->\na ->\nc read\nc -> 2\nc read\nc -> 2");

const SOME_AND_NONE =
  's scan ["x","z"]\na put:a 1\nb put:b 2\na ->\nt scan ["a","c"]\nb ->\ns -> []\n' +
  't -> [["a",1],["b",2]]\nt scan ["c","d"]\nt -> []\na get:b\na -> 2';

describe("an order in which the system says it applied the operations", () => {
  it("is the witness, and nothing is searched, if it holds", () => {
    const witness = [0, 1, 3, 2];
    const verdict = checkHistory(history, register(), { witness: [0, 1, 2, 3] });
    expect(verdict).toEqual({ kind: "linearizable", witness: [0, 1, 2, 3], explored: 0 });
    expect(checkHistory(history, register(), { witness })).toMatchObject({
      kind: "linearizable",
      claim: { operation: 2, reason: "too late" },
    });
  });

  it("may name the writes only", () => {
    expect(checkHistory(history, register(), { witness: [0, 1] })).toEqual({
      kind: "linearizable",
      witness: [0, 1, 2, 3],
      explored: 0,
      claim: { operation: 2, reason: "missing" },
    });
  });

  it.each<[string, Model, string]>([
    ["a scan of keys that nobody names", kvMap(), 'a put:a 1\na ->\na scan ["b","c"]\na -> []'],
    ["a scan alone", kvMap(), 'a scan ["b","c"]\na -> []'],
    ["a read of a set that stays empty", setModel(), "a read\na -> []"],
    ["scans of some keys, and of none", kvMap(), SOME_AND_NONE],
  ])("is found of %s, with every answer in it", (_, model, text) => {
    const told = drawn(text);
    const verdict = checkHistory(told, model);
    const witness = verdict.kind === "linearizable" ? verdict.witness : [];
    expect(witness.toSorted((a, b) => a - b)).toEqual(told.operations.map(({ id }) => id));
    expect(checkOrder(told, model, witness)).toBe(null);
    expect(checkHistory(told, model, { witness })).toEqual({
      kind: "linearizable",
      witness,
      explored: 0,
    });
  });

  it("does not change a verdict if it is wrong", () => {
    const stale = drawn("a write 1\na ->\nb read\nb -> null");
    const verdict = checkHistory(stale, register(), { witness: [1, 0] });
    expect(verdict).toMatchObject({
      kind: "not-linearizable",
      claim: { operation: 0, reason: "too late" },
    });
    expect(verdictText(verdict, stale)).toContain(
      "the order that was claimed is no witness: write 1 -> null by process a (drawn:1) was over " +
        "before an operation ahead of it began",
    );
  });

  it("saves the search of the keys where it holds", () => {
    const two = drawn(
      "a put:k 1\nb put:k 2\nb ->\na ->\nc get:k\nc -> 2\na put:m 1\nb put:m 2\na ->\nb ->\nc get:m\nc -> 1",
    );
    const reductions = { uniqueValues: false };
    const plain = checkHistory(two, kvMap(), { reductions });
    const verdict = checkHistory(two, kvMap(), { witness: [0, 1, 2, 3, 4, 5], reductions });
    expect(verdict).toMatchObject({ kind: "linearizable", claim: { operation: 5 } });
    expect(verdict.explored).toBeGreaterThan(0);
    expect(verdict.explored).toBeLessThan(plain.explored);
  });
});

describe("versions that answers carry", () => {
  it("make an order that is followed", () => {
    const reductions = { uniqueValues: false };
    const versioned = drawn(
      "a write 1\nb cas [1,2]\nb -> true @7\na -> null @5\nc read\nc -> 2\nd cas [1,3]\nd -> false @7",
    );
    expect(versioned.operations.map(({ version }) => version)).toEqual([5, 7, null, 7]);
    expect(checkHistory(versioned, casRegister(), { reductions })).toMatchObject({
      kind: "linearizable",
      witness: [0, 1, 2, 3],
      explored: 0,
    });
    expect(
      checkHistory(versioned, casRegister(), { reductions, versions: false }).explored,
    ).toBeGreaterThan(0);
  });

  it("leave room for a write that nobody answered, where somebody saw it", () => {
    const versioned = drawn(
      "a write 1\na -> null @1\nb write 2\nb info\nc read\nc -> 2 @2\na write 3\na -> null @3\nc read\nc -> 3 @3",
    );
    const verdict = checkHistory(versioned, register());
    expect(verdict).toMatchObject({ kind: "linearizable", explored: 0, witness: [0, 1, 2, 3, 4] });
  });

  it("stand in JSON lines, and come from a recorder", async () => {
    const recorder = new HistoryRecorder({ clock: { nowMs: () => 0 } });
    const call = { f: "write", value: 1, version: (result: { rev: number }) => result.rev };
    await recorder.call({ ...call, answer: () => null }, () => ({ rev: 12 }));
    const text = [...jsonLinesOf(recorder.history())].join("");
    expect(text).toContain('"type":"ok","f":"write","key":null,"value":null,"version":12');
    expect(readHistory(text, { file: "h" }).operations[0]?.version).toBe(12);
    expect(() => readHistory(text.replace('n":12', 'n":"12"'), { file: "h" })).toThrow(
      'h:2: "version" is "12"; write a number, null or nothing',
    );
    const wrong = { ...call, version: () => Number.NaN };
    await expect(recorder.call(wrong, () => ({ rev: 12 }))).rejects.toThrow(
      "version of write is NaN",
    );
  });
});
