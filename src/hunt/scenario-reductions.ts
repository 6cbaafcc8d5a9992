import type { InitialTree, Scenario } from "./scenario.ts";

/** Every scenario that has one task less, the last task first. */
export function withoutOneTask(scenario: Scenario): Scenario[] {
  const { tasks } = scenario;
  if (tasks.length < 2) return [];
  return tasks
    .map((_, dropped) => ({ ...scenario, tasks: tasks.filter((__, task) => task !== dropped) }))
    .toReversed();
}

/** Every scenario that has one operation less, and as many tasks; later operations first. */
export function withoutOneOperation(scenario: Scenario): Scenario[] {
  const shorter: Scenario[] = [];
  scenario.tasks.forEach((operations, at) => {
    if (operations.length < 2) return;
    for (let dropped = operations.length - 1; dropped >= 0; dropped--) {
      const kept = operations.filter((_, i) => i !== dropped);
      const tasks = scenario.tasks.map((task, i) => (i === at ? kept : task));
      shorter.push({ ...scenario, tasks });
    }
  });
  return shorter;
}

/** Every scenario whose initial tree has one leaf or one key less. */
export function withSmallerTree(scenario: Scenario): Scenario[] {
  const { tree } = scenario;
  if (tree.kind === "built") {
    return tree.operations
      .map((_, dropped) => tree.operations.filter((__, i) => i !== dropped))
      .map((operations) => ({ ...scenario, tree: { kind: "built", operations } }));
  }
  const smaller: InitialTree[] = [];
  const add = (leaves: readonly (readonly number[])[]): void => {
    const filled = leaves.filter((leaf) => leaf.length > 0);
    smaller.push({ kind: "leaves", leaves: filled.length > 0 ? filled : [[]] });
  };
  tree.leaves.forEach((leaf, at) => {
    if (tree.leaves.length > 1) add(tree.leaves.filter((_, i) => i !== at));
    leaf.forEach((_, dropped) => {
      const kept = leaf.filter((__, i) => i !== dropped);
      add(tree.leaves.map((other, i) => (i === at ? kept : other)));
    });
  });
  return smaller.map((smallerTree) => ({ ...scenario, tree: smallerTree }));
}
