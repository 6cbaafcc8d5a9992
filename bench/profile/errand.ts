/** What is profiled: how a put or a get is asked for. */
export const CASES = ["memory put", "memory get", "durable put", "durable get"] as const;
export type CaseName = (typeof CASES)[number];

/** The task of one process. */
export interface Errand {
  readonly name: CaseName;
  readonly keys: number;
  /** How many operations are under way at once in the durable cases. */
  readonly inFlight: number;
  readonly seed: number;
}

/** So many operations are counted at a time, a few times: puts need keys of their own for them. */
export const OPERATIONS_COUNTED = 10_000;
export const TRIES = 5;

/** What one process measured. Times are nanoseconds an operation, sizes bytes an operation. */
export interface Findings {
  /** Without a profiler: by the clock on the wall. */
  readonly wall: number;
  /** Without a profiler: on a processor, all threads together. */
  readonly cpu: number;
  /** Allocated on the heap, by V8's own counters. */
  readonly allocated: number;
  /** Allocated in array buffers, beside the heap: pages that a tree grows by, and long copies. */
  readonly buffers: number;
  /** By phase, with the sampling profiler; they add up to the time on the wall. */
  readonly phases: Readonly<Record<string, number>>;
  /** By function, itself alone. */
  readonly functions: Readonly<Record<string, number>>;
  /** By the function that allocated. */
  readonly allocators: Readonly<Record<string, number>>;
}
