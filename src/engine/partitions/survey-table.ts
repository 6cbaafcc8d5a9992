import { protocolNamed } from "../../btree/index.ts";
import { DIRECT_DRIVER } from "../../latch/index.ts";
import { crc32 } from "../../storage/index.ts";
import { type Disk, LatchworkError, type Task } from "../../task/index.ts";
import { policyNamed } from "../../wal/index.ts";
import { inspectDatabase, type Inspection, type InspectOptions } from "../inspect-database.ts";
import { OverlayDisk } from "../overlay-disk.ts";
import { verifyDatabase, type VerifyOptions, type VerifyReport } from "../verify-database.ts";
import { BatchRecovery } from "./batch-recovery.ts";
import { openTable } from "./open-partitioned.ts";
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
 * @throws LatchworkError NOT_A_DATABASE if there is none, or if the file `partitions` is damaged.
 */
export function* inspectTable(options: InspectOptions): Task<TableInspection> {
  const { disk, checksum = crc32 } = options;
  const layout = yield* readPartitions(disk, checksum);
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
  const layout = yield* readPartitions(disk, checksum);
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
