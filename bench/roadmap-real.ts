import { rmSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { type LatchworkLevel, type LatchworkOptions, open } from "../src/level/index.ts";
import {
  type Causes,
  type Growth,
  KEYS,
  type Quarter,
  quarterOf,
  QUARTERS,
  VALUE_BYTES,
  WRITERS,
} from "./roadmap-table.ts";
import { type Combination, nameOf, settingsOf } from "./roadmap-ways.ts";

type Level = LatchworkLevel<Uint8Array, Uint8Array>;

/** How many entries one batch of the filling has. */
const FILL_ROWS = 1000;

const value = new Uint8Array(VALUE_BYTES).fill(7);

/** A run on real files, of one combination. */
export interface RealRun {
  readonly combination: Combination;
  /** An existing folder; the database's own is made in it, and removed. */
  readonly folder: string;
  /** Most seconds that are measured in each quarter. */
  readonly seconds: number;
  readonly keys: readonly Uint8Array[];
}

/**
 * Grows a tree from nothing, in real time, through the public interface with its defaults.
 *
 * In each quarter 64 writers put entries until the quarter's are all there or the time is over.
 * What is left then is put in large batches, which are not measured, so that the next quarter
 * begins with as large a tree for a slow combination as for a fast one.
 */
export async function growOnFiles(run: RealRun): Promise<Growth> {
  const { combination, folder } = run;
  const place = join(folder, nameOf(combination).replaceAll(/[^\w+]/gu, "-"));
  const level: Level = await open(place, {
    ...levelOptions(combination),
    keyEncoding: "view",
    valueEncoding: "view",
  });
  const quarters: Quarter[] = [];
  let errors = 0;
  const watch = new Watch(level);
  try {
    for (let quarter = 0; quarter < QUARTERS; quarter++) {
      const share = KEYS / QUARTERS;
      const wanted = run.keys.slice(quarter * share, (quarter + 1) * share);
      watch.start();
      const measured = await measureQuarter(level, wanted, run.seconds);
      watch.stop(measured.quarter.writes);
      quarters.push(measured.quarter);
      errors += measured.errors;
      await fill(level, wanted.slice(measured.quarter.writes + measured.errors));
    }
    const report = await level.check();
    if (!report.ok) throw new Error(`${place}: ${report.problems.join("; ")}`);
  } finally {
    await level.close();
    rmSync(place, { recursive: true, force: true });
  }
  return { combination, quarters, errors, causes: watch.causes() };
}

/** Counts syncs and the main thread's time over the parts of a run that are measured. */
class Watch {
  readonly #level: Level;
  #writes = 0;
  #syncs = 0;
  #activeMs = 0;
  #allMs = 0;
  #before = { flushes: 0, use: performance.eventLoopUtilization() };

  constructor(level: Level) {
    this.#level = level;
  }

  start(): void {
    const { flushes } = this.#level.stats().log;
    this.#before = { flushes, use: performance.eventLoopUtilization() };
  }

  stop(writes: number): void {
    const { active, idle } = performance.eventLoopUtilization(this.#before.use);
    this.#writes += writes;
    this.#syncs += this.#level.stats().log.flushes - this.#before.flushes;
    this.#activeMs += active;
    this.#allMs += active + idle;
  }

  causes(): Causes {
    return { writesASync: this.#writes / this.#syncs, busy: this.#activeMs / this.#allMs };
  }
}

function levelOptions(combination: Combination): LatchworkOptions {
  const { protocol, policy, partitions, isShort, writeBatching } = settingsOf(combination);
  return {
    protocol,
    commitPolicy: policy,
    partitions,
    atOnce: isShort,
    pathCache: isShort,
    preallocate: isShort,
    ...(writeBatching === null ? {} : { writeBatching }),
  };
}

async function measureQuarter(
  level: Level,
  keys: readonly Uint8Array[],
  seconds: number,
): Promise<{ quarter: Quarter; errors: number }> {
  const latenciesMs: number[] = [];
  let next = 0;
  let errors = 0;
  const startedMs = performance.now();
  const endMs = startedMs + seconds * 1000;
  let lastMs = startedMs;
  const writer = async (): Promise<void> => {
    for (let beganMs = startedMs; beganMs < endMs;) {
      const key = keys[next++];
      if (key === undefined) return;
      try {
        await level.put(key, value);
        lastMs = performance.now();
        latenciesMs.push(lastMs - beganMs);
        beganMs = lastMs;
      } catch (error) {
        errors++;
        console.error(error);
      }
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, writer));
  return { quarter: quarterOf(latenciesMs, lastMs - startedMs), errors };
}

async function fill(level: Level, keys: readonly Uint8Array[]): Promise<void> {
  for (let from = 0; from < keys.length; from += FILL_ROWS) {
    const rows = keys.slice(from, from + FILL_ROWS);
    await level.batch(rows.map((key) => ({ type: "put" as const, key, value })));
  }
}
