import {
  DURABILITY_DEFAULTS,
  type Durability,
  type NumberRange,
  type Scenario,
  type ScenarioOperation,
} from "../../src/hunt/index.ts";
import { FAIRNESS_SETTINGS } from "../../src/latch/index.ts";
import { assert, type Prng } from "../../src/task/index.ts";

/** How large recorded runs are. Scenarios of the hunt are much smaller, to be read by people. */
export interface RunShape {
  readonly protocol: string;
  /** Default 8. */
  readonly tasks?: number;
  /** Operations a task. Default 30. */
  readonly operations?: number;
  /** Default 12. */
  readonly keys?: number;
  /** How many values there are. Default: as many as writes, so that a read tells which it saw. */
  readonly values?: number;
  /** Set for a tree on a simulated disk: so many crashes. Default: a tree in memory. */
  readonly crashes?: number;
  /** With `crashes`; default drawn. */
  readonly reads?: Durability["reads"];
  /** With `crashes`: whether most operations are batches, checkpoints and cleanings. */
  readonly isBatchy?: boolean;
  /** With `crashes`: whether single writes go down together. Default false. */
  readonly batching?: boolean;
  /** Whether the disk of some runs fails now and then. Default false. */
  readonly faults?: boolean;
  /** With `crashes`: how many partitions; then some scans are of one moment. Default 1. */
  readonly partitions?: number;
}

const KEY_STEP = 5;
/** With two or three entries a page, every second write or so splits or merges pages. */
const CAPACITIES = [2, 2, 3, 4];
const POOLS = [8, 8, 16, 64];
const SEGMENTS = [1024, 4096];
const BATCHINGS: readonly Durability["batching"][] = [
  { windowMs: 0, operationsMax: 16, bytesMax: 4096 },
  { windowMs: 1, operationsMax: 16, bytesMax: 4096 },
  { windowMs: 1, operationsMax: 3, bytesMax: 24 },
];
const COMMITS = ["each", "window:2", "immediate-when-alone", "adaptive"];
const SURVIVALS: readonly Durability["survival"][] = ["patterns", "sectors", "mixed"];
const FAULTS: readonly Durability["faults"][number][] = ["read", "write", "sync", "space", "slow"];
/** Of tasks that begin after the last crash. */
const TASKS_AFTER = 3;

/** Draws a scenario of many operations on few keys, in a small tree with small pages. */
export function drawScenario(shape: RunShape, prng: Prng): Scenario {
  const { protocol, tasks = 8, operations = 30, keys = 12, crashes, partitions = 1 } = shape;
  const engineOnly = crashes === undefined ? 0 : shape.isBatchy === true ? 120 : 16;
  const draw = new Drawer(prng, {
    keys,
    values: shape.values ?? 0,
    engineOnly,
    isDivided: partitions > 1,
  });
  const capacity = pick(CAPACITIES, prng);
  const scenario = {
    protocol,
    bug: null,
    capacity,
    fairness: pick(FAIRNESS_SETTINGS, prng),
    pageSize: 512,
    tree: { kind: "leaves", leaves: draw.leaves(capacity) },
    tasks: Array.from({ length: tasks }, () => draw.operations(operations)),
  } as const;
  if (crashes === undefined) return scenario;
  const hasFaults = shape.faults === true && prng.below(2) === 0;
  const durability: Durability = {
    ...DURABILITY_DEFAULTS,
    crashes,
    partitions,
    poolFrames: pick(POOLS, prng),
    commit: pick(COMMITS, prng),
    reads: shape.reads ?? pick(["committed", "durable"], prng),
    survival: pick(SURVIVALS, prng),
    segmentBytes: pick(SEGMENTS, prng),
    batching: shape.batching === true ? pick(BATCHINGS, prng) : null,
    faults: hasFaults ? FAULTS.filter(() => prng.below(3) === 0) : [],
    after: Array.from({ length: TASKS_AFTER }, () => draw.operations(Math.ceil(operations / 3))),
  };
  return { ...scenario, durability };
}

interface Draws {
  readonly keys: number;
  /** Zero: one for each write. */
  readonly values: number;
  /** How often what only an engine on a disk does is drawn, to 100 times all else. */
  readonly engineOnly: number;
  readonly isDivided: boolean;
}

class Drawer {
  readonly #prng: Prng;
  readonly #draws: Draws;

  constructor(prng: Prng, draws: Draws) {
    this.#prng = prng;
    this.#draws = draws;
  }

  /** About half of the keys, some to a leaf. */
  leaves(capacity: number): number[][] {
    const leaves: number[][] = [[]];
    for (let key = 1; key <= this.#draws.keys; key++) {
      if (this.#prng.below(2) === 0) continue;
      const last = leaves.at(-1);
      const isFull = last === undefined || last.length > this.#prng.below(capacity);
      if (isFull) leaves.push([key * KEY_STEP]);
      else last.push(key * KEY_STEP);
    }
    const filled = leaves.filter((leaf) => leaf.length > 0);
    return filled.length > 0 ? filled : [[]];
  }

  operations(count: number): ScenarioOperation[] {
    return Array.from({ length: count }, () => this.#operation());
  }

  #operation(): ScenarioOperation {
    const roll = this.#prng.below(100 + this.#draws.engineOnly);
    const key = this.#key();
    if (roll < 22) return { kind: "get", key };
    if (roll < 38) return { kind: "put", key, value: this.#value() };
    if (roll < 56) return { kind: "insert", key, value: this.#value() };
    if (roll < 80) return { kind: "delete", key };
    if (roll < 100) {
      const scan = { kind: "scan", reverse: this.#prng.below(2) === 1 } as const;
      const isPlain = !this.#draws.isDivided || this.#prng.below(3) > 0;
      return { ...scan, range: this.#range(), ...(isPlain ? {} : { atOnce: true }) };
    }
    if (roll % 2 === 0) return this.#batch();
    return { kind: roll % 4 === 1 ? "checkpoint" : "clean" };
  }

  #batch(): ScenarioOperation {
    const keys = new Set(Array.from({ length: 2 + this.#prng.below(3) }, () => this.#key()));
    const writes = [...keys].map((key) =>
      this.#prng.below(3) === 0
        ? ({ kind: "delete", key } as const)
        : ({ kind: "put", key, value: null } as const),
    );
    return { kind: "batch", writes };
  }

  #range(): NumberRange {
    const ends = [this.#key(), this.#key()];
    return {
      start: this.#prng.below(2) === 0 ? null : Math.min(...ends),
      startInclusive: this.#prng.below(2) === 0,
      end: this.#prng.below(2) === 0 ? null : Math.max(...ends),
      endInclusive: this.#prng.below(2) === 0,
      limit: this.#prng.below(4) === 0 ? 1 + this.#prng.below(4) : null,
    };
  }

  #value(): number | null {
    const { values } = this.#draws;
    return values === 0 ? null : 1 + this.#prng.below(values);
  }

  #key(): number {
    return KEY_STEP * (1 + this.#prng.below(this.#draws.keys));
  }
}

function pick<T>(from: readonly T[], prng: Prng): T {
  const one = from[prng.below(from.length)];
  assert(one !== undefined, "there is something to pick from");
  return one;
}
