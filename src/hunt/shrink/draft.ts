import {
  type Durability,
  DURABILITY_DEFAULTS,
  type Scenario,
  type ScenarioOperation,
} from "../scenario/index.ts";

/** One operation of a scenario in the making, and which of the larger scenario it was. */
export interface Item {
  readonly operation: ScenarioOperation;
  /** Its index among the operations of the larger scenario, as its History counts them. */
  readonly from: number;
}

export type Items = readonly (readonly Item[])[];

/** A scenario in the making, with what became of the parts of a larger one. */
export interface ShrinkDraft {
  /** The rest: everything but tasks and crashes. */
  readonly base: Scenario;
  readonly tasks: Items;
  /** What runs after the last recovery. */
  readonly after: Items;
  /** Which of the larger scenario's crashes are left, counted from 0; none in memory. */
  readonly crashes: readonly number[];
}

/** A scenario, taken apart. */
export function draftOf(scenario: Scenario): ShrinkDraft {
  let count = 0;
  const number = (tasks: readonly (readonly ScenarioOperation[])[]): Items =>
    tasks.map((operations) => operations.map((operation) => ({ operation, from: count++ })));
  const tasks = number(scenario.tasks);
  const after = number(scenario.durability?.after ?? []);
  const crashes = Array.from({ length: scenario.durability?.crashes ?? 0 }, (_, i) => i);
  return { base: scenario, tasks, after, crashes };
}

/** A draft, put together. */
export function scenarioOfDraft({ base, tasks, after, crashes }: ShrinkDraft): Scenario {
  const { durability, ...rest } = base;
  const scenario = { ...rest, tasks: operationsOf(tasks) };
  if (durability === undefined) return scenario;
  const changed = { crashes: crashes.length, after: operationsOf(after) };
  return { ...scenario, durability: { ...durability, ...changed } };
}

/** A draft whose disk is another. Requires: it has one, or all settings are given. */
export function withDisk(draft: ShrinkDraft, change: Partial<Durability>): ShrinkDraft {
  const durability = { ...DURABILITY_DEFAULTS, ...draft.base.durability, ...change };
  return { ...draft, base: { ...draft.base, durability } };
}

function operationsOf(items: Items): ScenarioOperation[][] {
  return items.map((task) => task.map(({ operation }) => operation));
}
