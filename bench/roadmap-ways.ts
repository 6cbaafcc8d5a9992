/**
 * The ways out of a tree-wide mutex that the roadmap lists, and the combinations that are measured.
 * The fifth, an LSM tree, is another engine.
 */

/**
 * 1: a shorter critical path. 2: hash partitions. 3: write batching at the API. 4: page latches
 * with latch coupling.
 */
export type Way = 1 | 2 | 3 | 4;

/**
 * When writes become durable: `window`, the roadmap's fixed wait of 2 ms before each sync, or
 * `adaptive`, which waits only for writers that are on their way.
 */
export type Commit = "window" | "adaptive";

/** Which ways are taken together, under one commit policy. */
export interface Combination {
  readonly ways: readonly Way[];
  readonly commit: Commit;
  /** Whether the mutex is released before the sync: no way of the roadmap's, but a control. */
  readonly releasesEarly?: boolean;
}

/** What a combination comes to, in the engine's own options. */
export interface WaySettings {
  readonly protocol: string;
  readonly policy: string;
  readonly partitions: number;
  /** Whether operations at once, the cached path and preallocated frames are on. */
  readonly isShort: boolean;
  readonly writeBatching: WriteBatching | null;
}

interface WriteBatching {
  readonly windowMs: number;
  readonly operationsMax: number;
  readonly bytesMax: number;
}

/** How many parts a table has by way 2: what "4-8x" was promised of. */
export const PARTITIONS = 8;
/** How writes gather by way 3: as long as the roadmap's own wait, or until every writer is there. */
export const WRITE_BATCHING: WriteBatching = {
  windowMs: 2,
  operationsMax: 64,
  bytesMax: 64 * 1024,
};

/** The roadmap's: one mutex round the whole tree, held until a fixed window and a sync are over. */
export const BASELINE: Combination = { ways: [], commit: "window" };

const WAYS: readonly (readonly Way[])[] = [
  [],
  [1],
  [2],
  [3],
  [1, 2],
  [1, 3],
  [2, 3],
  [1, 2, 3],
  [4],
  [4, 1],
  [4, 2],
  [4, 3],
  [4, 1, 2, 3],
];

/** The baseline first, and then under each policy all ways alone and together, and the control. */
export const COMBINATIONS: readonly Combination[] = (["window", "adaptive"] as const).flatMap(
  (commit): Combination[] => [
    ...WAYS.map((ways) => ({ ways, commit })),
    { ways: [], commit, releasesEarly: true },
  ],
);

/** What a combination is called in a table: "4+1, adaptive". */
export function nameOf({ ways, commit, releasesEarly = false }: Combination): string {
  const what = ways.length > 0 ? ways.join("+") : releasesEarly ? "early release" : "baseline";
  return `${what}, ${commit}`;
}

/**
 * The engine's options for a combination.
 *
 * Way 1 includes "immediate commit when only one writer waits": it takes the place of the fixed
 * window. The adaptive policy does so anyway.
 */
export function settingsOf({ ways, commit, releasesEarly = false }: Combination): WaySettings {
  const isShort = ways.includes(1);
  return {
    protocol: ways.includes(4)
      ? "optimistic-crabbing"
      : releasesEarly
        ? "tree-mutex"
        : "tree-mutex-durable",
    policy: isShort && commit === "window" ? "immediate-when-one-waits" : commit,
    partitions: ways.includes(2) ? PARTITIONS : 1,
    isShort,
    writeBatching: ways.includes(3) ? WRITE_BATCHING : null,
  };
}
