import { protocolNamed } from "../../btree/index.ts";
import { DIRECT_DRIVER } from "../../latch/index.ts";
import { type Checksum, crc32, lsn } from "../../storage/index.ts";
import { assert, type Disk, LatchworkError, type Task } from "../../task/index.ts";
import {
  CONTROL_FILE,
  isPartitionName,
  PARTITIONS_FILE,
  policyNamed,
  readControl,
  type RecoveryReport,
} from "../../wal/index.ts";
import { Engine } from "../engine.ts";
import type { EngineOptions } from "../engine-options.ts";
import { inspectDatabase, type Inspection, type InspectOptions } from "../inspect-database.ts";
import { OverlayDisk } from "../overlay-disk.ts";
import { verifyDatabase, type VerifyOptions, type VerifyReport } from "../verify-database.ts";
import { BatchRecovery } from "./batch-recovery.ts";
import { openPartitionDirectory, openTable } from "./open-partitioned.ts";
import { type PartitionLayout, partitionName, readPartitions } from "./partitions-file.ts";

/** A partition of a table, and what was found in it. */
export interface PartitionFinding<T> {
  /** The name of its directory. */
  readonly name: string;
  readonly found: T;
}

/** What there is only in a table that is in partitions. */
export interface InPartitions<T> {
  readonly layout: PartitionLayout;
  readonly partitions: readonly PartitionFinding<T>[];
}

/**
 * What the files of a table say. Of one in partitions, what is of each is null here and in the
 * partitions; damage and whether recovery is due are of all.
 */
export interface TableInspection extends Inspection {
  readonly inPartitions: InPartitions<Inspection> | null;
}

/** As VerifyReport; of a table in partitions, pages and problems are of all. */
export interface TableReport extends VerifyReport {
  readonly inPartitions: InPartitions<VerifyReport> | null;
}

/**
 * As {@link inspectDatabase}, for a table that may be in partitions.
 *
 * @throws LatchworkError NOT_A_DATABASE if there is none.
 */
export function* inspectTable(options: InspectOptions): Task<TableInspection> {
  const { disk, checksum = crc32 } = options;
  const [layout, fault] = yield* layoutOrDamage(disk, checksum);
  if (fault !== null) {
    const nothing = { control: null, pages: null, log: null, inPartitions: null };
    return { ...nothing, isRecoveryDue: false, damage: [fault] };
  }
  if (layout === null) return { ...(yield* inspectDatabase(options)), inPartitions: null };
  const look = (of: Disk): Task<Inspection> => inspectDatabase({ ...options, disk: of });
  const { partitions, problems } = yield* inEach(disk, layout, look);
  for (const { name, found } of partitions) problems.push(...named(name, found.damage));
  return {
    control: null,
    pages: null,
    log: null,
    isRecoveryDue: partitions.some(({ found }) => found.isRecoveryDue),
    damage: problems,
    inPartitions: { layout, partitions },
  };
}

/**
 * As {@link verifyDatabase}, for a table that may be in partitions: then also that each key is in
 * the partition that it belongs to, after the batches in doubt were ended in memory.
 *
 * @throws LatchworkError as {@link inspectTable}.
 */
export function* verifyTable(options: VerifyOptions): Task<TableReport> {
  const { disk, checksum = crc32 } = options;
  const [layout, fault] = yield* layoutOrDamage(disk, checksum);
  if (fault !== null) {
    const nothing = { control: null, recovery: null, pages: 0, pagesInUse: 0, inPartitions: null };
    return { ...nothing, isSound: false, problems: [fault] };
  }
  if (layout === null) return { ...(yield* verifyDatabase(options)), inPartitions: null };
  const look = (of: Disk, index: number): Task<VerifyReport> => {
    const { handlers } = new BatchRecovery(index, options.handlers);
    return verifyDatabase({ ...options, disk: of, handlers });
  };
  const { partitions, problems } = yield* inEach(disk, layout, look);
  for (const { name, found } of partitions) problems.push(...named(name, found.problems));
  if (problems.length === 0) problems.push(...(yield* problemsTogether(options)));
  const sum = (of: (report: VerifyReport) => number): number => {
    return partitions.reduce((total, { found }) => total + of(found), 0);
  };
  return {
    isSound: problems.length === 0,
    problems,
    control: null,
    recovery: null,
    pages: sum(({ pages }) => pages),
    pagesInUse: sum(({ pagesInUse }) => pagesInUse),
    inPartitions: { layout, partitions },
  };
}

/** What the recovery of a table, or of one partition, did. */
export interface Recovered extends RecoveryReport {
  /** Where it began to read. */
  readonly redoLsn: number;
}

/** The same; of a table in partitions sums, with positions summed too. */
export interface TableRecovery extends Recovered {
  readonly inPartitions: InPartitions<Recovered> | null;
}

/**
 * Recovers a table by opening and closing it.
 *
 * @throws LatchworkError as {@link openTable}; NOT_A_DATABASE if there is none.
 */
export function* recoverTable(options: EngineOptions): Task<TableRecovery> {
  const { disk, checksum = crc32 } = options;
  const layout = yield* readPartitions(disk, checksum);
  const disks = layout === null ? [disk] : yield* disksOf(disk, layout);
  const redo: number[] = [];
  for (const one of disks) redo.push((yield* readControl(one, checksum))?.redoLsn ?? 0);
  const engine = yield* openTable({ ...options, create: false });
  yield* engine.close(engine.borrow());
  const parts = engine instanceof Engine ? [engine] : engine.state.partitions;
  const all = parts.map(({ state }, index): Recovered => {
    return { redoLsn: redo[index] ?? 0, ...state.recovery };
  });
  const [first] = all;
  assert(first !== undefined, "a table has one partition at least");
  if (layout === null) return { ...first, inPartitions: null };
  const name = (index: number): string => partitionName(layout.generation, index);
  const partitions = all.map((found, index) => ({ name: name(index), found }));
  return { ...summed(all), inPartitions: { layout, partitions } };
}

function* disksOf(disk: Disk, layout: PartitionLayout): Task<Disk[]> {
  const disks: Disk[] = [];
  for (let index = 0; index < layout.partitions; index++) {
    disks.push(yield* openPartitionDirectory(disk, layout, index));
  }
  return disks;
}

/** How a table is divided, or what is wrong with the file that says it. */
function* layoutOrDamage(
  disk: Disk,
  checksum: Checksum,
): Task<readonly [layout: PartitionLayout | null, fault: string | null]> {
  const directories = [...(yield* disk.listDirectories())].toSorted();
  const found = directories.find(isPartitionName);
  try {
    const layout = yield* readPartitions(disk, checksum);
    const isThere = layout !== null || (yield* disk.list()).includes(CONTROL_FILE);
    if (isThere || found === undefined) return [layout, null];
    return [null, `${PARTITIONS_FILE}: missing, expected beside ${found}`];
  } catch (error) {
    if (!(error instanceof LatchworkError) || found === undefined) throw error;
    return [null, error.message];
  }
}

function summed(all: readonly Recovered[]): Recovered {
  const sum = (of: (one: Recovered) => number): number => {
    return all.reduce((total, one) => total + of(one), 0);
  };
  return {
    redoLsn: sum(({ redoLsn }) => redoLsn),
    endLsn: lsn(sum(({ endLsn }) => endLsn)),
    groupsRead: sum(({ groupsRead }) => groupsRead),
    groupsApplied: sum(({ groupsApplied }) => groupsApplied),
    pagesTouched: sum(({ pagesTouched }) => pagesTouched),
    imagesRestored: sum(({ imagesRestored }) => imagesRestored),
    tornTail: all.find(({ tornTail }) => tornTail !== null)?.tornTail ?? null,
    droppedBatchGroups: sum(({ droppedBatchGroups }) => droppedBatchGroups),
  };
}

/** Opens all partitions in memory, and checks them as a running table is checked. */
function* problemsTogether({ disk, host, checksum }: VerifyOptions): Task<readonly string[]> {
  try {
    const engine = yield* openTable({
      disk: new OverlayDisk(disk),
      host,
      latches: DIRECT_DRIVER,
      protocol: protocolNamed("tree-mutex"),
      policy: policyNamed("each"),
      create: false,
      ...(checksum === undefined ? {} : { checksum }),
    });
    const session = engine.borrow();
    const { problems } = yield* engine.check(session);
    yield* engine.close(session);
    return problems;
  } catch (error) {
    if (error instanceof LatchworkError) return [error.message];
    throw error;
  }
}

function named(name: string, lines: readonly string[]): string[] {
  return lines.map((line) => `${name}/${line}`);
}

/** Looks into the directory of each partition; one that holds no database is a problem. */
function* inEach<T>(
  disk: Disk,
  layout: PartitionLayout,
  look: (disk: Disk, index: number) => Task<T>,
): Task<{ readonly partitions: PartitionFinding<T>[]; readonly problems: string[] }> {
  const partitions: PartitionFinding<T>[] = [];
  const problems: string[] = [];
  for (let index = 0; index < layout.partitions; index++) {
    const name = partitionName(layout.generation, index);
    try {
      const directory = yield* disk.directory(name, "open");
      partitions.push({ name, found: yield* look(directory, index) });
    } catch (error) {
      if (!(error instanceof LatchworkError)) throw error;
      const isMissing = error.code === "NO_SUCH_FILE";
      const missing = `missing, expected one of ${layout.partitions} partitions`;
      problems.push(`${name}: ${isMissing ? missing : error.message}`);
    }
  }
  return { partitions, problems };
}
