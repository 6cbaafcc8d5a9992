import type { AbstractDatabaseOptions } from "abstract-level";
import { protocolNamed, SMALLEST_PAGE_BYTES, treeParameters } from "../btree/index.ts";
import { LatchworkError } from "../task/index.ts";
import {
  poolFramesOf,
  refuseOddPartitions,
  refuseOddSwitches,
  writeBatchingOf,
} from "../engine/index.ts";
import { WORKING_MAX } from "./call-order.ts";
import type { EngineSettings, OpenSettings } from "./level-engine.ts";
import {
  checkDatabaseOptions,
  type LatchworkDatabaseOptions,
  type LatchworkOpenOptions,
  type LatchworkOptions,
  OWN_NAMES,
} from "./options.ts";

/**
 * Takes our own options out of those of a constructor: the rest is abstract-level's business.
 *
 * @throws LevelError BAD_ARGUMENT for an option that there is not.
 */
export function splitOptions<K, V>(
  options: LatchworkDatabaseOptions<K, V>,
): [own: LatchworkOptions, others: AbstractDatabaseOptions<K, V>] {
  checkDatabaseOptions(options);
  const entries = Object.entries(options);
  const own = entries.filter(([name]) => OWN_NAMES.includes(name));
  const others = entries.filter(([name]) => !OWN_NAMES.includes(name));
  return [Object.fromEntries(own), Object.fromEntries(others)];
}

const DEFAULT_PROTOCOL = "optimistic-crabbing";
const DEFAULT_POLICY = "adaptive";

/**
 * Checks what was asked for and fills in what was not.
 *
 * @throws LatchworkError UNKNOWN_NAME, BAD_PAGE_SIZE or BAD_ARGUMENT.
 */
export function settingsOf(options: LatchworkOpenOptions): OpenSettings {
  const { pageSize, readDurability = "committed" } = options;
  if (pageSize !== undefined) treeParameters(pageSize);
  refuseOddPartitions(options.partitions);
  refuseOddSwitches(options);
  if (readDurability !== "committed" && readDurability !== "durable") {
    const given = JSON.stringify(readDurability);
    const message = `readDurability must be "committed" or "durable", not ${given}`;
    throw new LatchworkError("BAD_ARGUMENT", message);
  }
  return {
    protocol: protocolNamed(options.protocol === undefined ? DEFAULT_PROTOCOL : options.protocol),
    commitPolicy: options.commitPolicy === undefined ? DEFAULT_POLICY : options.commitPolicy,
    readDurability,
    ...batchingOf(options),
    atOnce: options.atOnce ?? true,
    pathCache: options.pathCache ?? false,
    preallocate: options.preallocate ?? false,
    ...poolOf(options),
    ...(pageSize === undefined ? {} : { pageSize }),
    ...(options.partitions === undefined ? {} : { partitions: options.partitions }),
    ...countOf(options, "segmentBytes"),
    ...countOf(options, "checkpointBytes"),
    createIfMissing: options.createIfMissing !== false,
    errorIfExists: options.errorIfExists === true,
    lockLeaseMs: leaseOf(options),
  };
}

function poolOf(options: LatchworkOptions): Pick<EngineSettings, "poolFrames" | "poolBytes"> {
  const { poolPages } = countOf(options, "poolPages");
  const bytes = countOf(options, "poolBytes");
  const pool = poolPages === undefined ? bytes : { poolFrames: poolPages };
  // A database that exists may have larger pages, which are checked when it is opened.
  const { pageSize = SMALLEST_PAGE_BYTES } = options;
  poolFramesOf(pool, pageSize);
  return pool;
}

/** No more calls are at work at once, so a batch of more would always wait for its window. */
function batchingOf({ writeBatching }: LatchworkOptions): Pick<EngineSettings, "writeBatching"> {
  if (writeBatching === undefined) return {};
  const settings = writeBatchingOf(writeBatching);
  const { operationsMax } = settings;
  if (operationsMax <= WORKING_MAX) return { writeBatching: settings };
  const limit = `at most ${WORKING_MAX}, since no more calls are at work at once`;
  const message = `writeBatching.operationsMax must be ${limit}, not ${operationsMax}`;
  throw new LatchworkError("BAD_ARGUMENT", message);
}

/** Within less, a busy event loop by itself makes a process silent. */
const SHORTEST_LEASE_MS = 100;

function leaseOf(options: LatchworkOptions): number {
  const { lockLeaseMs = 0 } = countOf(options, "lockLeaseMs");
  if (lockLeaseMs === 0 || lockLeaseMs >= SHORTEST_LEASE_MS) return lockLeaseMs;
  const message = `lockLeaseMs must be ${SHORTEST_LEASE_MS} or more, not ${lockLeaseMs}`;
  throw new LatchworkError("BAD_ARGUMENT", message);
}

type CountName = "segmentBytes" | "checkpointBytes" | "poolPages" | "poolBytes" | "lockLeaseMs";

function countOf<Name extends CountName>(
  options: LatchworkOptions,
  name: Name,
): { readonly [key in Name]?: number } {
  const count = options[name];
  if (count === undefined) return {};
  if (Number.isSafeInteger(count) && count > 0) return { [name]: count } as Record<Name, number>;
  const message = `${name} must be a whole number above 0, not ${String(count)}`;
  throw new LatchworkError("BAD_ARGUMENT", message);
}
