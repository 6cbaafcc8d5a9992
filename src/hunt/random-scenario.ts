import { SEARCH_OPERATIONS_MAX } from "../linearizability/index.ts";
import { type Fairness, FAIRNESS_SETTINGS } from "../latch/index.ts";
import { assert, type Prng } from "../task/index.ts";
import type { NumberRange, Scenario, ScenarioOperation } from "./scenario.ts";
import { SCENARIO_DEFAULTS } from "./scenario.ts";

/** What random scenarios are drawn from. All counts are inclusive upper bounds. */
export interface ScenarioShape {
  readonly protocol: string;
  readonly bug: string | null;
  /** Most tasks, at least 2. Default 4. */
  readonly tasksMax?: number;
  /** Most operations a task; fewer if all were more than the 29 that can be judged. Default 3. */
  readonly operationsMax?: number;
  /** Keys are multiples of 5 up to this many. Default 12. */
  readonly keys?: number;
  /** How strongly operations prefer one neighbourhood of keys, 0 (not at all) to 1. Default 0.5. */
  readonly skew?: number;
  /** Most entries a page. Default: drawn, 2 to 4. */
  readonly capacity?: number;
  /** Default: drawn. */
  readonly fairness?: Fairness;
  readonly pageSize?: number;
}

const KEY_STEP = 5;
const OPERATIONS_MAX = SEARCH_OPERATIONS_MAX - 1;

/**
 * Draws a scenario: a small tree that is about to split or merge, and tasks that meet in it.
 *
 * Capacities are 2 to 4, so that most writes change the structure; keys are few, so that tasks
 * meet; leaves are full, half full or single, so that both splits and merges are one write away.
 */
export function randomScenario(shape: ScenarioShape, prng: Prng): Scenario {
  const keys = shape.keys ?? 12;
  const drawnCapacity = 2 + prng.below(3);
  const capacity = shape.capacity ?? drawnCapacity;
  const taskCount = 2 + prng.below((shape.tasksMax ?? 4) - 1);
  const most = Math.floor(OPERATIONS_MAX / taskCount);
  const operationsMax = Math.min(shape.operationsMax ?? 3, most);
  const hot = prng.below(keys);
  const draw = (): number => {
    const isNear = prng.next() < (shape.skew ?? 0.5);
    const index = isNear ? hot + prng.below(3) - 1 : prng.below(keys);
    return KEY_STEP * (1 + Math.min(Math.max(index, 0), keys - 1));
  };
  const tasks = Array.from({ length: taskCount }, () =>
    Array.from({ length: 1 + prng.below(operationsMax) }, () => randomOperation(draw, prng)),
  );
  const drawnFairness = pick(FAIRNESS_SETTINGS, prng);
  return {
    protocol: shape.protocol,
    bug: shape.bug,
    capacity,
    fairness: shape.fairness ?? drawnFairness,
    pageSize: shape.pageSize ?? SCENARIO_DEFAULTS.pageSize,
    tree: { kind: "leaves", leaves: randomLeaves(keys, capacity, prng) },
    tasks,
  };
}

function randomLeaves(keys: number, capacity: number, prng: Prng): number[][] {
  const leaves: number[][] = [];
  let leaf: number[] = [];
  let size = 1 + prng.below(capacity);
  for (let index = 0; index < keys; index++) {
    if (prng.next() < 0.4) continue;
    leaf.push(KEY_STEP * (index + 1));
    if (leaf.length < size) continue;
    leaves.push(leaf);
    leaf = [];
    size = 1 + prng.below(capacity);
  }
  if (leaf.length > 0 || leaves.length === 0) leaves.push(leaf);
  return leaves;
}

function randomOperation(drawKey: () => number, prng: Prng): ScenarioOperation {
  const roll = prng.below(100);
  if (roll < 25) return { kind: "get", key: drawKey() };
  if (roll < 40) return { kind: "put", key: drawKey(), value: null };
  if (roll < 60) return { kind: "insert", key: drawKey(), value: null };
  if (roll < 82) return { kind: "delete", key: drawKey() };
  return { kind: "scan", reverse: prng.below(2) === 1, range: randomRange(drawKey, prng) };
}

function randomRange(drawKey: () => number, prng: Prng): NumberRange {
  const a = drawKey();
  const b = drawKey();
  return {
    start: prng.below(2) === 0 ? null : Math.min(a, b),
    startInclusive: prng.below(2) === 0,
    end: prng.below(2) === 0 ? null : Math.max(a, b),
    endInclusive: prng.below(2) === 0,
    limit: prng.below(4) === 0 ? 1 + prng.below(4) : null,
  };
}

function pick<T>(from: readonly T[], prng: Prng): T {
  const one = from[prng.below(from.length)];
  assert(one !== undefined, "there is something to pick from");
  return one;
}
