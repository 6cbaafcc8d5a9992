import { describe, expect, it } from "vitest";
import {
  OptimisticCrabbing,
  type Operation,
  type PageHandle,
  type WriteHandle,
} from "../../src/btree/index.ts";
import { bugNamed, huntRandom, huntScenario, scenarioOfBug } from "../../src/hunt/index.ts";
import { FAIRNESS_SETTINGS } from "../../src/latch/index.ts";
import { DepthFirstStrategy, PctStrategy } from "../../src/sim/index.ts";
import type { PageId } from "../../src/storage/index.ts";
import { createPrng, type Task } from "../../src/task/index.ts";

const NAME = "optimistic-crabbing-u";

/** The planted bug C11 put right: the leaf is upgraded from U, which one writer has at a time. */
class LeafHeldForUpdate extends OptimisticCrabbing {
  override readonly name: string = NAME;

  protected override *latchLeaf(op: Operation, parent: PageHandle, id: PageId): Task<WriteHandle> {
    const leaf = op.update(id, "leaf");
    if (leaf.pending) yield leaf;
    parent.release();
    const exclusive = op.upgrade(leaf, "leaf to write");
    if (exclusive.pending) yield exclusive;
    return exclusive;
  }
}

const own = { protocols: [new LeafHeldForUpdate()], shrink: null, seed: 1 };

describe("optimistic crabbing that upgrades its leaf from U", () => {
  it.each(FAIRNESS_SETTINGS)("has no deadlock where C11 has one (%s)", (fairness) => {
    const scenario = { ...scenarioOfBug(bugNamed("C11")), protocol: NAME, bug: null, fairness };
    const strategies = () => [new DepthFirstStrategy(3)];
    const { verdict } = huntScenario(scenario, { ...own, runsMax: 50_000, strategies });
    expect([verdict.finding, verdict.coverage[0]?.exhausted]).toEqual([null, true]);
  });

  it("is clean on drawn scenarios", () => {
    const strategies = (seed: string) => [new PctStrategy(createPrng(seed), 3)];
    const { verdict } = huntRandom(
      { protocol: NAME, bug: null },
      { ...own, runsMax: 5000, strategies },
    );
    expect(verdict.finding).toBeNull();
  });
});
