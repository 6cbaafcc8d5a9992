import type {
  AbstractClearOptions,
  AbstractDatabaseOptions,
  AbstractGetOptions,
  AbstractIteratorOptions,
  AbstractOpenOptions,
  AbstractPutOptions,
} from "abstract-level";
import { inWords, LatchworkError, optionNames, refuseMisspeltOptions } from "../task/index.ts";
import type { ReadDurability, WriteBatching } from "../engine/index.ts";
import { levelError } from "./level-error.ts";

/**
 * How a database is made and opened, beside the encodings that every level takes. All of it may
 * also be given to `open()`, where it takes precedence over the constructor's.
 */
export interface LatchworkOptions {
  /** The latch protocol, by name: `latchwork protocols` lists them. Default optimistic-crabbing. */
  readonly protocol?: string | undefined;
  /** Bytes a page of a new database, a power of two from 512 to 32768. Default 4096. */
  readonly pageSize?: number | undefined;
  /**
   * Hash partitions of a new database, from 1 to 256, each with a tree, a log and latches of its
   * own; an existing one keeps its number. Default 1. See docs/partitions.md.
   */
  readonly partitions?: number | undefined;
  /** Pages kept in memory. Takes precedence over `poolBytes`. */
  readonly poolPages?: number | undefined;
  /**
   * Memory for pages, in bytes, whatever their size; what is kept beside each page, about 800
   * bytes, is counted too. Default 64 MiB.
   */
  readonly poolBytes?: number | undefined;
  /** When writes are made durable together; see docs/durability.md. Default adaptive. */
  readonly commitPolicy?: string | undefined;
  /**
   * How single writes go down together; what is left out has defaults. Default: each goes by
   * itself. See docs/write-batching.md.
   */
  readonly writeBatching?: Partial<WriteBatching> | undefined;
  /**
   * Whether operations that find all their pages in memory, and no latch in the way, are carried
   * out at once. Default true; see docs/critical-path.md.
   */
  readonly atOnce?: boolean | undefined;
  /**
   * Whether an operation begins at the pages by which the last one came down, if they are still
   * right: for keys that come in order or in clusters. Implies `atOnce`. Default false.
   */
  readonly pathCache?: boolean | undefined;
  /** Whether all memory for pages is taken at open. Default false: as it is needed. */
  readonly preallocate?: boolean | undefined;
  /** Whether reads wait until what they saw is durable. Default `committed`: they do not. */
  readonly readDurability?: ReadDurability | undefined;
  /** Bytes after which the log goes on in another file. */
  readonly segmentBytes?: number | undefined;
  /** Bytes of log after which a checkpoint is made in the background. */
  readonly checkpointBytes?: number | undefined;
  /**
   * After how many milliseconds without a sign of life another process, which cannot know whether
   * this one lives, may take the database over, and this one from such a process; at least 100.
   * Default: never. See docs/durability.md for the risk.
   */
  readonly lockLeaseMs?: number | undefined;
  /**
   * The table to open, by name, of a directory with several; see docs/tables.md. What else is given
   * takes precedence, this time, over what the table was made with.
   */
  readonly table?: string | undefined;
}

/** All options of the constructor. */
export type LatchworkDatabaseOptions<K, V> = AbstractDatabaseOptions<K, V> & LatchworkOptions;
/** All options of `open()`. */
export type LatchworkOpenOptions = AbstractOpenOptions & LatchworkOptions;

/** Our own options of a constructor and of `open`. */
export const OWN_NAMES: readonly string[] = optionNames<LatchworkOptions>({
  protocol: true,
  pageSize: true,
  partitions: true,
  poolPages: true,
  poolBytes: true,
  commitPolicy: true,
  writeBatching: true,
  atOnce: true,
  pathCache: true,
  preallocate: true,
  readDurability: true,
  segmentBytes: true,
  checkpointBytes: true,
  lockLeaseMs: true,
  table: true,
});

const OPEN_NAMES: readonly string[] = [
  ...OWN_NAMES,
  ...optionNames<AbstractOpenOptions>({
    passive: true,
    createIfMissing: true,
    errorIfExists: true,
  }),
];

const DATABASE_NAMES: readonly string[] = [...OPEN_NAMES, "keyEncoding", "valueEncoding"];

const READ_NAMES = optionNames<AbstractGetOptions<unknown, unknown>>({
  keyEncoding: true,
  valueEncoding: true,
  snapshot: true,
});

const WRITE_NAMES = optionNames<AbstractPutOptions<unknown, unknown>>({
  keyEncoding: true,
  valueEncoding: true,
});

const BATCHED_NAMES: readonly string[] = [
  "type",
  "key",
  "value",
  "keyEncoding",
  "valueEncoding",
  "sublevel",
];

/**
 * No program has more options of its own; one that always makes up new names must not fill this.
 */
const PASSED_MAX = 64;

const CLEAR_NAMES = optionNames<AbstractClearOptions<unknown>>({
  gt: true,
  gte: true,
  lt: true,
  lte: true,
  reverse: true,
  limit: true,
  keyEncoding: true,
  snapshot: true,
});

const ITERATOR_NAMES = optionNames<AbstractIteratorOptions<unknown, unknown>>({
  gt: true,
  gte: true,
  lt: true,
  lte: true,
  reverse: true,
  limit: true,
  keys: true,
  values: true,
  keyEncoding: true,
  valueEncoding: true,
  snapshot: true,
  signal: true,
});

// Any call may have options of others, which hooks, events and plugins of abstract-level see, and
// its tests do. Only a name close to one of ours is rejected.

/** @throws LevelError BAD_ARGUMENT for a misspelt name, or for what is no object of options. */
export function checkDatabaseOptions(options: unknown): void {
  check("a database", options, DATABASE_NAMES);
  checkFlags(options);
}

/** @throws LevelError BAD_ARGUMENT as {@link checkDatabaseOptions}. */
export function checkOpenOptions(options: unknown): void {
  check("open", options, OPEN_NAMES);
  checkFlags(options);
}

/** Rejects what abstract-level would silently take for true or false, as "no" for true. */
function checkFlags(options: unknown): void {
  for (const name of ["createIfMissing", "errorIfExists"] as const) {
    const given = (options as AbstractOpenOptions | undefined)?.[name] as unknown;
    if (given === undefined || typeof given === "boolean") continue;
    const message = `${name} must be true or false, not ${inWords(given)}`;
    throw levelError(new LatchworkError("BAD_ARGUMENT", message));
  }
}

/** @throws LevelError BAD_ARGUMENT for a misspelt name. */
export function checkClearOptions(options: object): void {
  check("clear", options, CLEAR_NAMES);
}

/** @throws LevelError BAD_ARGUMENT for a misspelt name. */
export function checkIteratorOptions(what: string, options: object): void {
  check(what, options, ITERATOR_NAMES);
}

/**
 * Checks the options of calls that come often; those of the call before need no look if they cannot
 * have changed, as the ones that abstract-level has for calls without options.
 */
export class CallOptions {
  #read: object | undefined = undefined;
  #write: object | undefined = undefined;
  /** Names of a batch's writes that need no look: a slip must be found among 20,000 writes too. */
  readonly #passed = new Set(BATCHED_NAMES);

  /** @throws LevelError BAD_ARGUMENT for a misspelt name. */
  checkRead(what: string, options: object): void {
    if (options === this.#read) return;
    check(what, options, READ_NAMES);
    if (Object.isFrozen(options)) this.#read = options;
  }

  /** @throws LevelError BAD_ARGUMENT for a misspelt name. */
  checkWrite(what: string, options: object): void {
    if (options === this.#write) return;
    check(what, options, WRITE_NAMES);
    if (Object.isFrozen(options)) this.#write = options;
  }

  /** @throws LevelError BAD_ARGUMENT for a misspelt name in one write of a batch. */
  checkBatched(operations: readonly object[]): void {
    for (const operation of operations) {
      const names = Object.keys(operation);
      if (names.every((name) => this.#passed.has(name))) continue;
      check("batch", operation, BATCHED_NAMES);
      if (this.#passed.size < PASSED_MAX) for (const name of names) this.#passed.add(name);
    }
  }
}

function check(what: string, options: unknown, names: readonly string[]): void {
  try {
    refuseMisspeltOptions(what, options, names);
  } catch (error) {
    throw levelError(error);
  }
}
