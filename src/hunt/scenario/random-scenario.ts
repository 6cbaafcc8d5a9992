import { type Fairness, FAIRNESS_SETTINGS } from "../../latch/index.ts";
import { assert, type Prng } from "../../task/index.ts";
import type {
  Durability,
  NumberRange,
  Scenario,
  ScenarioOperation,
  ScenarioWrite,
} from "./scenario.ts";
import { DURABILITY_DEFAULTS, FAULT_KINDS, SCENARIO_DEFAULTS } from "./scenario.ts";

/** What random scenarios are drawn from. All counts are inclusive upper bounds. */
export interface ScenarioShape {
  readonly protocol: string;
  readonly bug: string | null;
  /** Most tasks, at least 2. Default 4. */
  readonly tasksMax?: number;
  /** Most operations a task. Default 3. */
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
  /** Set for trees on a disk: most crashes a run, at least 1. Default: trees in memory. */
  readonly crashes?: number;
  /** Whether the disk of some of the scenarios fails now and then. Default false. */
  readonly faults?: boolean;
  /** With `crashes`: whether single writes of half of the scenarios are batched. Default false. */
  readonly batching?: boolean;
  /** With `crashes`: settings of the disk that are not to be drawn. */
  readonly durability?: Partial<Durability>;
}

const KEY_STEP = 5;
/** How many keys a tree on a disk may hold: the larger ones have more pages than a pool of 8. */
const DURABLE_KEYS = [6, 12, 24, 40];
const POOLS = [8, 8, 12, 16, 64];
const SEGMENTS = [512, 1024, 4096];
const SURVIVALS: readonly Durability["survival"][] = ["patterns", "sectors", "mixed"];
/** Half of them none; else as many as come, or few. A key and a value have 8 bytes. */
const BATCHINGS: readonly Durability["batching"][] = [
  null,
  null,
  null,
  { windowMs: 0, operationsMax: 16, bytesMax: 4096 },
  { windowMs: 1, operationsMax: 16, bytesMax: 4096 },
  { windowMs: 1, operationsMax: 3, bytesMax: 16 },
];
const COMMITS = ["each", "window:2", "immediate-when-alone", "adaptive"];

/**
 * Draws a scenario: a small tree that is about to split or merge, and tasks that meet in it.
 *
 * Capacities are 2 to 4, so that most writes change the structure; keys are few, so that tasks
 * meet; leaves are full, half full or single, so that both splits and merges are one write away.
 */
export function randomScenario(shape: ScenarioShape, prng: Prng): Scenario {
  return shape.crashes === undefined
    ? randomInMemory(shape, prng)
    : randomDurable(shape, shape.crashes, prng);
}

function randomInMemory(shape: ScenarioShape, prng: Prng): Scenario {
  const keys = shape.keys ?? 12;
  const drawnCapacity = 2 + prng.below(3);
  const capacity = shape.capacity ?? drawnCapacity;
  const taskCount = 2 + prng.below((shape.tasksMax ?? 4) - 1);
  const operationsMax = shape.operationsMax ?? 3;
  const hot = prng.below(keys);
  const draw = drawerOfKeys(shape, keys, hot, prng);
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

/**
 * Draws a scenario on a disk: as in memory, and then checkpoints, cleanings and batches among the
 * operations, a pool that may be smaller than the tree, and what the disk and the log are like.
 */
function randomDurable(shape: ScenarioShape, crashes: number, prng: Prng): Scenario {
  const keys = shape.keys ?? pick(DURABLE_KEYS, prng);
  const { tasksMax = 3, operationsMax = 3 } = shape;
  const scenario = randomInMemory({ ...shape, keys, tasksMax, operationsMax }, prng);
  const drawKey = drawerOfKeys(shape, keys, prng.below(keys), prng);
  const after = Array.from({ length: prng.below(3) }, () =>
    Array.from({ length: 1 + prng.below(2) }, () => randomDurableOperation(drawKey, prng)),
  );
  const tasks = scenario.tasks.map((operations) =>
    operations.map((operation) =>
      prng.below(3) === 0 ? randomDurableOperation(drawKey, prng) : operation,
    ),
  );
  const hasFaults = shape.faults === true && prng.below(2) === 0;
  const durability: Durability = {
    crashes: 1 + prng.below(crashes),
    partitions: DURABILITY_DEFAULTS.partitions,
    poolFrames: pick(POOLS, prng),
    commit: pick(COMMITS, prng),
    reads: pick(["committed", "durable"], prng),
    survival: pick(SURVIVALS, prng),
    segmentBytes: pick(SEGMENTS, prng),
    batching: shape.batching === true ? pick(BATCHINGS, prng) : null,
    faults: hasFaults ? FAULT_KINDS.filter(() => prng.below(3) === 0) : [],
    after,
    ...shape.durability,
  };
  if (durability.partitions === 1) return { ...scenario, tasks, durability };
  const some = (all: Scenario["tasks"]): Scenario["tasks"] =>
    all.map((operations) => operations.map((operation) => perhapsAtOnce(operation, prng)));
  return { ...scenario, tasks: some(tasks), durability: { ...durability, after: some(after) } };
}

/** Where there are partitions, a scan of one moment is another operation than a plain one. */
function perhapsAtOnce(operation: ScenarioOperation, prng: Prng): ScenarioOperation {
  if (operation.kind !== "scan" || prng.below(3) > 0) return operation;
  return { ...operation, atOnce: true };
}

function randomDurableOperation(drawKey: () => number, prng: Prng): ScenarioOperation {
  const roll = prng.below(100);
  if (roll < 20) return { kind: "checkpoint" };
  if (roll < 35) return { kind: "clean" };
  if (roll < 60) {
    const batch = new Set(Array.from({ length: 2 + prng.below(2) }, drawKey));
    const writes = [...batch].map((key): ScenarioWrite =>
      prng.below(3) === 0 ? { kind: "delete", key } : { kind: "put", key, value: null },
    );
    return { kind: "batch", writes };
  }
  return randomOperation(drawKey, prng);
}

/** Draws keys, many of them near one place, `hot`. */
function drawerOfKeys(shape: ScenarioShape, keys: number, hot: number, prng: Prng): () => number {
  return () => {
    const isNear = prng.next() < (shape.skew ?? 0.5);
    const index = isNear ? hot + prng.below(3) - 1 : prng.below(keys);
    return KEY_STEP * (1 + Math.min(Math.max(index, 0), keys - 1));
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
