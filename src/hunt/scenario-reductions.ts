import { bugNamed } from "./bugs/index.ts";
import {
  type Durability,
  DURABILITY_DEFAULTS,
  type InitialTree,
  needsDisk,
  type Scenario,
  type ScenarioOperation,
} from "./scenario.ts";

/** Every scenario that has one task less, the last task first. */
export function withoutOneTask(scenario: Scenario): Scenario[] {
  const { tasks } = scenario;
  if (tasks.length < 2) return [];
  return tasks
    .map((_, dropped) => ({ ...scenario, tasks: tasks.filter((__, task) => task !== dropped) }))
    .toReversed();
}

/** Every scenario that has one task less after its last recovery, the last one first. */
export function withoutOneTaskAfter(scenario: Scenario): Scenario[] {
  const { durability } = scenario;
  if (durability === undefined) return [];
  const { after } = durability;
  return after
    .map((_, dropped) => withDisk(scenario, { after: after.filter((__, at) => at !== dropped) }))
    .toReversed();
}

/** Every scenario that has one operation less, and as many tasks; later operations first. */
export function withoutOneOperation(scenario: Scenario): Scenario[] {
  const shorter = withoutOneOf(scenario.tasks).map((tasks) => ({ ...scenario, tasks }));
  const after = withoutOneOf(scenario.durability?.after ?? []);
  return [...shorter, ...after.map((tasks) => withDisk(scenario, { after: tasks }))];
}

type Tasks = readonly (readonly ScenarioOperation[])[];

function withoutOneOf(tasks: Tasks): Tasks[] {
  const shorter: Tasks[] = [];
  tasks.forEach((operations, at) => {
    if (operations.length < 2) return;
    for (let dropped = operations.length - 1; dropped >= 0; dropped--) {
      const kept = operations.filter((_, i) => i !== dropped);
      shorter.push(tasks.map((task, i) => (i === at ? kept : task)));
    }
  });
  return shorter;
}

/**
 * Every scenario in which less can happen to the disk, or less is said of it: none at all, a crash
 * less, a fault less, a setting as it is by default.
 */
export function withPlainerDisk(scenario: Scenario): Scenario[] {
  const { durability, ...rest } = scenario;
  if (durability === undefined) return [];
  const { crashes, faults, after } = durability;
  const plainer: Scenario[] = [];
  if (after.length === 0 && !asksForDisk(scenario)) plainer.push(rest);
  if (crashes > 0) plainer.push(withDisk(scenario, { crashes: crashes - 1 }));
  for (const fault of faults) {
    plainer.push(withDisk(scenario, { faults: faults.filter((other) => other !== fault) }));
  }
  const { poolFrames, segmentBytes, commit, survival, reads } = DURABILITY_DEFAULTS;
  const settings = [{ poolFrames }, { segmentBytes }, { commit }, { survival }, { reads }];
  for (const setting of settings) {
    const set = { ...durability, ...setting };
    if (!isSame(set, durability)) plainer.push({ ...scenario, durability: set });
  }
  return plainer;
}

function asksForDisk({ bug, tasks }: Scenario): boolean {
  const isInEngine = bug !== null && bugNamed(bug).parts !== undefined;
  return isInEngine || tasks.some((task) => needsDisk(task));
}

function isSame(a: Durability, b: Durability): boolean {
  return (
    a.poolFrames === b.poolFrames &&
    a.segmentBytes === b.segmentBytes &&
    a.commit === b.commit &&
    a.survival === b.survival &&
    a.reads === b.reads
  );
}

function withDisk(scenario: Scenario, change: Partial<Durability>): Scenario {
  return { ...scenario, durability: { ...DURABILITY_DEFAULTS, ...scenario.durability, ...change } };
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
