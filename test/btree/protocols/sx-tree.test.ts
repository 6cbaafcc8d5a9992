import { describe, expect, it } from "vitest";
import { checkTree, Operation, SxTree, TreeStore } from "../../../src/btree/index.ts";
import { DIRECT_DRIVER, type Mode, SHARED, UPDATE } from "../../../src/latch/index.ts";
import { createPrng, runToCompletion, taskId } from "../../../src/task/index.ts";
import { OneTree } from "./one-tree.ts";

const protocol = new SxTree();

describe("the tree's latch in SX", () => {
  it("is taken for splits and merges only, and X where the root changes", () => {
    const tree = new OneTree(protocol, { pageSize: 512, mostEntries: 4 });
    for (let key = 0; key < 4; key++) tree.put(key, key);
    expect(protocol.figures(tree.store)).toEqual(figures(0, 0, 0));
    tree.put(4, 4);
    expect(protocol.figures(tree.store)).toEqual(figures(1, 1, 0));
    for (let key = 5; key < 8; key++) tree.put(key, key);
    expect(protocol.figures(tree.store)).toEqual(figures(2, 1, 0));
    for (let key = 0; key < 8; key++) tree.delete(key);
    const { structureChanges = 0, rootChanges = 0, mispredictions } = protocol.figures(tree.store);
    expect(structureChanges).toBeGreaterThan(3);
    expect(rootChanges).toBeLessThan(structureChanges);
    expect(mispredictions).toBe(0);
    expect([tree.problems, tree.pages]).toEqual([[], 1]);
  });

  it("gives way to X where separators are longer than those on the way", () => {
    const store = new TreeStore({ pageSize: 512 });
    const op = new Operation(store, taskId(0), DIRECT_DRIVER, protocol.latchOrder(store));
    const prng = createPrng("separators of all lengths");
    const known = new Map<string, Uint8Array>();
    const answers: boolean[] = [];
    for (let i = 0; i < 3000; i++) {
      const key = keyOf(prng.below(1500), prng.below(8) === 0);
      const name = key.join();
      const value = new Uint8Array(prng.below(30)).fill(i & 255);
      const isDelete = prng.below(3) === 0;
      const work = isDelete ? protocol.delete(op, key) : protocol.put(op, key, value);
      const expected = isDelete ? known.delete(name) : !known.has(name);
      if (!isDelete) known.set(name, value);
      answers.push(runToCompletion(work) === expected);
      op.assertIdle();
    }
    expect(answers).not.toContain(false);
    expect(checkTree(store.memory, store.params).problems).toEqual([]);
    for (const [name, value] of known) {
      expect(runToCompletion(protocol.get(op, Uint8Array.from(name.split(","), Number)))).toBe(
        true,
      );
      expect(op.copyValue()).toEqual(value);
    }
    expect(protocol.figures(store)["mispredictions"]).toBeGreaterThan(0);
  });

  it("is held by a reader in S, beside two pages, and never in SX", () => {
    const modes: [number, Mode][] = [];
    let most = 0;
    const store = new TreeStore({ pageSize: 512, mostEntries: 2 });
    const op = new Operation(store, taskId(0), DIRECT_DRIVER, protocol.latchOrder(store));
    for (let key = 0; key < 20; key++) {
      runToCompletion(protocol.put(op, Uint8Array.of(key), Uint8Array.of(key)));
    }
    const { owner } = op;
    const acquire = owner.acquire.bind(owner);
    owner.acquire = (guard, latch, mode, site) => {
      modes.push([latch.id, mode]);
      acquire(guard, latch, mode, site);
      most = Math.max(most, owner.held.length);
    };
    runToCompletion(protocol.get(op, Uint8Array.of(7)));
    expect(modes[0]).toEqual([0, SHARED]);
    // Two pages, from parent to child, and the tree.
    expect(most).toBe(3);
    expect(modes.filter(([, mode]) => mode === UPDATE)).toEqual([]);
    op.assertIdle();
  });
});

function figures(structureChanges: number, rootChanges: number, mispredictions: number): object {
  return { structureChanges, rootChanges, mispredictions };
}

/** Neighbours among the long keys differ only at their ends, so that their separators are long. */
function keyOf(number: number, isLong: boolean): Uint8Array {
  const short = [number >> 8, number & 255];
  if (!isLong) return Uint8Array.from(short);
  const key = new Uint8Array(63).fill(7);
  key.set(short);
  key[62] = number & 3;
  return key;
}
