import { LatchworkError, runToCompletion, taskId } from "../../task/index.ts";
import { DIRECT_DRIVER } from "../../latch/index.ts";
import {
  buildTree,
  CountingLog,
  formatNewTree,
  type LeafEntry,
  Operation,
  type Protocol,
  treeParameters,
  TreeStore,
} from "../../btree/index.ts";
import { PageMemory, SpaceMap } from "../../storage/index.ts";
import { bytesOf, type Scenario, type ScenarioOperation } from "../scenario/index.ts";

/** The value of every key that the initial tree holds. */
export const INITIAL_VALUE = 0;

/** A tree in memory, and the memory, whose bytes can be put back. */
export interface ScenarioTree {
  readonly store: TreeStore;
  readonly memory: PageMemory;
  readonly log: CountingLog;
}

/**
 * Makes the tree that a scenario begins with.
 *
 * @param protocol Runs the operations of a tree that is built; a right one.
 * @param holds Which keys the tree is for; the others are left out. Default: all are in.
 * @throws LatchworkError for a page size, capacity or leaf that cannot be.
 */
export function buildScenarioTree(
  scenario: Scenario,
  protocol: Protocol,
  holds: (key: number) => boolean = () => true,
): ScenarioTree {
  const { tree, pageSize, fairness } = scenario;
  const params = treeParameters(pageSize, scenario.capacity);
  const memory = new PageMemory({ pageSize });
  formatNewTree(memory, params);
  const space = new SpaceMap(memory);
  space.reload();
  const log = new CountingLog();
  const store = TreeStore.over({ params, memory, space, log, fairness });
  if (tree.kind === "leaves") {
    checkLeaves(scenario, tree.leaves);
    const entry = (key: number): LeafEntry => ({
      key: bytesOf(key),
      value: bytesOf(INITIAL_VALUE),
    });
    const leaves = leavesOf(tree.leaves, holds).map((leaf) => leaf.map(entry));
    buildTree(memory, params, leaves);
    space.reload();
    return { store, memory, log };
  }
  const op = new Operation(store, taskId(0), DIRECT_DRIVER, protocol.latchOrder(store));
  for (const operation of tree.operations) {
    if (!("key" in operation) || holds(operation.key)) build(op, protocol, operation);
  }
  return { store, memory, log };
}

/** The leaves without the keys that are another tree's, and without those that had no other. */
function leavesOf(
  leaves: readonly (readonly number[])[],
  holds: (key: number) => boolean,
): (readonly number[])[] {
  const kept = leaves.map((leaf) => leaf.filter(holds));
  const filled = kept.filter((leaf, i) => leaf.length > 0 || leaves[i]?.length === 0);
  return filled.length > 0 ? filled : [[]];
}

function build(op: Operation, protocol: Protocol, operation: ScenarioOperation): void {
  switch (operation.kind) {
    case "put":
    case "insert": {
      const value = bytesOf(operation.value ?? INITIAL_VALUE);
      runToCompletion(protocol.put(op, bytesOf(operation.key), value));
      return;
    }
    case "delete":
      runToCompletion(protocol.delete(op, bytesOf(operation.key)));
      return;
    case "get":
    case "scan":
    case "batch":
    case "checkpoint":
    case "clean":
      return;
  }
}

function checkLeaves(scenario: Scenario, leaves: readonly (readonly number[])[]): void {
  for (const leaf of leaves) {
    if (scenario.capacity > 0 && leaf.length > scenario.capacity) {
      const found = `leaf [${leaf.join(",")}] has ${leaf.length} keys`;
      throw new LatchworkError("BAD_SCENARIO", `tree: ${found}; capacity is ${scenario.capacity}`);
    }
    if (leaf.length === 0 && leaves.length > 1) {
      throw new LatchworkError("BAD_SCENARIO", "tree: only a tree's single leaf may be empty");
    }
  }
}
