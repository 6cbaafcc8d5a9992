import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  compareBytes,
  maxKeyBytes,
  maxValueBytes,
  TreeChecker,
  type TreeParameters,
} from "../../src/btree/index.ts";
import { assert } from "../../src/task/assert.ts";
import { PlainTree } from "../support/plain-tree.ts";
import { bytesOf, textOf } from "../support/pages.ts";

interface Action {
  readonly verb: "put" | "remove";
  readonly key: Uint8Array;
  /** Of the longest value that fits beside the key. */
  readonly share: number;
}

function actionsFor(params: TreeParameters): fc.Arbitrary<Action[]> {
  const most = maxKeyBytes(params);
  const piece = fc.constantFrom("\0", "a", "b", "\xff", "shared by many keys ", "\xff\xff\xff\xff");
  const pieces = fc.array(piece, { maxLength: 6 }).map((all) => bytesOf(all.join("")));
  const long = fc
    .tuple(fc.constantFrom(0, 97, 255), fc.nat({ max: 255 }))
    .map(([fill, last]) => new Uint8Array(most).fill(fill).fill(last, most - 1));
  const key = fc.oneof(pieces, long).map((bytes) => bytes.subarray(0, most));
  const share = fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true }));
  const verb = fc.constantFrom<Action["verb"]>("put", "put", "remove");
  return fc.array(fc.record({ verb, key, share }), { minLength: 20, maxLength: 150, size: "max" });
}

function perform(tree: PlainTree, model: Map<string, string>, action: Action): void {
  const { verb, key, share } = action;
  if (verb === "remove") {
    assert(tree.remove(key) === model.delete(textOf(key)), "both had the key, or neither");
    return;
  }
  const length = Math.floor(share * maxValueBytes(tree.params, key.length));
  const value = new Uint8Array(length).fill(length);
  tree.put(key, value);
  model.set(textOf(key), textOf(value));
}

const parameters = fc.record({
  pageSize: fc.constantFrom(512, 1024),
  mostEntries: fc.constantFrom(0, 0, 2, 3, 4, 9),
});

describe("a tree made of page operations alone", () => {
  it("is right after every change, and holds what a map holds", () => {
    let splits = 0;
    let merges = 0;
    const runs = parameters.chain((params) => fc.tuple(fc.constant(params), actionsFor(params)));
    const property = fc.property(runs, ([params, actions]) => {
      const tree = new PlainTree(params);
      const checker = new TreeChecker(tree.memory, params);
      const model = new Map<string, string>();
      for (const action of actions) {
        perform(tree, model, action);
        expect(checker.check().problems).toEqual([]);
      }
      for (const [key, value] of model) {
        expect(textOf(tree.get(bytesOf(key)) ?? bytesOf("missing"))).toBe(value);
      }
      for (const key of [...model.keys()].map(bytesOf).toSorted(compareBytes)) {
        expect(tree.remove(key)).toBe(true);
        expect(checker.check().problems).toEqual([]);
      }
      splits += tree.splits;
      merges += tree.merges;
    });
    fc.assert(property, { numRuns: 150 });
    expect(splits).toBeGreaterThan(500);
    expect(merges).toBeGreaterThan(300);
  });
});
