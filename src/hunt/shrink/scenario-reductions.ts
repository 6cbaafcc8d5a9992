import { bugNamed } from "../bugs/index.ts";
import {
  DURABILITY_DEFAULTS,
  type InitialTree,
  needsDisk,
  type Scenario,
  SCENARIO_DEFAULTS,
} from "../scenario/index.ts";
import { scenarioOfDraft, type ShrinkDraft, withDisk } from "./draft.ts";
import type { Reduction } from "./task-reductions.ts";

/**
 * Less can happen to the disk: none at all, a crash less, a fault less. With the last crash goes
 * what comes after it, and a disk that only a crash can free.
 */
export const plainerDisk: Reduction = (draft) => {
  const { durability } = draft.base;
  if (durability === undefined) return [];
  const { crashes } = draft;
  const plainer: ShrinkDraft[] = [];
  if (draft.after.length === 0 && !asksForDisk(scenarioOfDraft(draft)))
    plainer.push(inMemory(draft));
  if (crashes.length === 1) {
    const faults = durability.faults.filter((fault) => fault !== "stuck");
    plainer.push(withDisk({ ...draft, crashes: [], after: [] }, { faults }));
  } else {
    const ends = crashes.length === 0 ? [] : [crashes.slice(0, -1), crashes.slice(1)];
    plainer.push(...ends.map((left) => ({ ...draft, crashes: left })));
  }
  for (const fault of durability.faults) {
    plainer.push(withDisk(draft, { faults: durability.faults.filter((other) => other !== fault) }));
  }
  return plainer;
};

/** A setting as it is by default, so that nothing is said of it. */
export const plainerSettings: Reduction = (draft) => {
  const { base } = draft;
  const { fairness, pageSize } = SCENARIO_DEFAULTS;
  const plainer: ShrinkDraft[] = [];
  for (const setting of [{ fairness }, { pageSize }]) {
    plainer.push({ ...draft, base: { ...base, ...setting } });
  }
  if (base.durability !== undefined) {
    const { poolFrames, segmentBytes, commit, survival, reads, batching } = DURABILITY_DEFAULTS;
    const plain = [{ batching }, { commit }, { survival }, { reads }];
    const settings = [{ poolFrames }, { segmentBytes }, ...plain];
    for (const setting of settings) plainer.push(withDisk(draft, setting));
    for (const partitions of [DURABILITY_DEFAULTS.partitions, 2]) {
      if (partitions < base.durability.partitions) plainer.push(withDisk(draft, { partitions }));
    }
  }
  return plainer;
};

/** Half of the initial tree less, then a leaf, then a key. */
export const smallerTree: Reduction = (draft) => {
  const { tree } = draft.base;
  return (tree.kind === "built" ? shorterBuilds(tree.operations) : fewerKeys(tree.leaves)).map(
    (smaller) => ({ ...draft, base: { ...draft.base, tree: smaller } }),
  );
};

type BuildOperations = (InitialTree & { kind: "built" })["operations"];
type Leaves = readonly (readonly number[])[];

function shorterBuilds(operations: BuildOperations): InitialTree[] {
  const half = Math.floor(operations.length / 2);
  const halves = operations.length < 4 ? [] : [operations.slice(0, half), operations.slice(half)];
  const ones = operations.map((_, dropped) => operations.filter((__, i) => i !== dropped));
  return [...halves, ...ones].map((left) => ({ kind: "built", operations: left }));
}

function fewerKeys(leaves: Leaves): InitialTree[] {
  const smaller: InitialTree[] = [];
  const add = (some: Leaves): void => {
    const filled = some.filter((leaf) => leaf.length > 0);
    smaller.push({ kind: "leaves", leaves: filled.length > 0 ? filled : [[]] });
  };
  if (leaves.length >= 4) {
    const half = Math.floor(leaves.length / 2);
    add(leaves.slice(0, half));
    add(leaves.slice(half));
  }
  for (const [at, leaf] of leaves.entries()) {
    if (leaves.length > 1) add(leaves.filter((_, i) => i !== at));
    for (const dropped of leaf) {
      const kept = leaf.filter((key) => key !== dropped);
      add(leaves.map((other, i) => (i === at ? kept : other)));
    }
  }
  return smaller;
}

function inMemory(draft: ShrinkDraft): ShrinkDraft {
  const { durability: _, ...base } = draft.base;
  return { ...draft, base, crashes: [] };
}

function asksForDisk({ bug, tasks }: Scenario): boolean {
  const isInEngine = bug !== null && bugNamed(bug).parts !== undefined;
  return isInEngine || tasks.some((task) => needsDisk(task));
}
