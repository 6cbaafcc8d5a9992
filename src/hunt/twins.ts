import { type Protocol } from "../btree/index.ts";
import { type TaskId, taskId } from "../task/index.ts";
import { OWN_VALUE_FIRST } from "./judge/index.ts";
import type { Scenario, ScenarioOperation } from "./scenario/index.ts";

/**
 * The sets of tasks of a scenario that do the same, so that it makes no difference which of them
 * does what: those with the same operations on the same keys, with the same values.
 *
 * Where writes name no value, and get one of their own, these are exchanged along: nothing looks at
 * a value but who compares answers, and a run is as right with other values. None under a protocol
 * of one's own, since that could tell tasks apart by their numbers.
 */
export function twinsOf(scenario: Scenario, own: readonly Protocol[] = []): TaskId[][] {
  if (own.some(({ name }) => name === scenario.protocol)) return [];
  const hasMixedUp = scenario.tasks.flat().some((operation) => {
    return valuesOf(operation).some((value) => value !== null && value >= OWN_VALUE_FIRST);
  });
  const sets = new Map<string, TaskId[]>();
  scenario.tasks.forEach((operations, i) => {
    if (hasMixedUp && operations.flatMap(valuesOf).includes(null)) return;
    const text = JSON.stringify(operations);
    sets.set(text, [...(sets.get(text) ?? []), taskId(i)]);
  });
  return [...sets.values()].filter(({ length }) => length > 1);
}

function valuesOf(operation: ScenarioOperation): readonly (number | null)[] {
  if (operation.kind === "batch") return operation.writes.flatMap(valuesOf);
  return operation.kind === "put" || operation.kind === "insert" ? [operation.value] : [];
}
