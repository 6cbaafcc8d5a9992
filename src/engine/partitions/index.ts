/**
 * A table in hash partitions: each its own tree, log, latches, checkpoint and cleaner, in a
 * directory of its own, and all of them one engine to whoever uses it.
 *
 * What gains by it is what waits for a whole tree or a whole log: the one latch of the tree-wide
 * protocols, the end of a log, its gate and its sync. What loses is what was one thing and is
 * several now: a scan merges, a batch over several partitions commits in several logs.
 *
 * The memory for pages is not divided. One clock goes over the pages of all partitions (see
 * PoolFrames), so a partition that is busy takes the frames of those that are not, and none has to
 * be told how much it will need. What is divided evenly, because the hash fills all alike, is the
 * log: a checkpoint of a partition is due after its part of `checkpointBytes`.
 *
 * Invariants:
 * 1. A key is in the partition that MurmurHash3 says, modulo their number, and in no other. The
 *    file `partitions` names hash and number, and neither changes while it stays.
 * 2. A database in partitions exists once the file `partitions` does, and that alone says which
 *    directories count; others of ours are left-overs, and go at the next opening.
 * 3. A batch over several partitions is there after a crash in all of them or in none. No share is
 *    made before the decision is durable; no decision is logged before all shares are prepared
 *    durably; no checkpoint removes a prepared share or a decision that recovery may still need.
 * 4. Gates are entered in the order of the partitions, by batches, checks and scans of one moment.
 *    Whoever is inside several may wait for logs and pages, and for no other gate of a lower index.
 * 5. The frames of all pools are one budget, and their state one object to the host.
 * 6. A scan holds rows in memory in proportion to the partitions, not to the range.
 *
 * Exceptions to the engine's rules: a batch over several partitions waits for logs while it is
 * inside gates. It has to: until its decision is durable no other write may come in between.
 *
 * Left out: partitions by range, and moving keys while the table is open; syncs of several logs at
 * the same time for one batch.
 */
export { BatchOverPartitions, type Share } from "./batch-over-partitions.ts";
export { BATCHES, MADE, type Prepared, readBatchRecord } from "./batch-records.ts";
export { BatchRecovery } from "./batch-recovery.ts";
export { KeyPlaces } from "./check-partitions.ts";
export { makePartitions } from "./create-partitions.ts";
export { HASH_NAME, partitionOfKey } from "./key-hash.ts";
export { holdsDatabase, removeLeftOvers, removePartition } from "./left-overs.ts";
export { MergedScan } from "./merged-scan.ts";
export {
  openPartitioned,
  openTable,
  type PartitionedOptions,
  type PartitionParts,
  partitionTree,
  refuseOddPartitions,
  settleBatches,
} from "./open-partitioned.ts";
export { Partition } from "./partition.ts";
export { PartitionCursor, type ReadRows } from "./partition-cursor.ts";
export { PartitionedEngine, type PartitionedState } from "./partitioned-engine.ts";
export {
  type InPartitions,
  inspectTable,
  type PartitionFinding,
  type Recovered,
  recoverTable,
  type TableInspection,
  type TableRecovery,
  type TableReport,
  verifyTable,
} from "./survey-table.ts";
export {
  encodePartitions,
  isPartitionName,
  NEW_PARTITIONS_FILE,
  type PartitionLayout,
  partitionName,
  PARTITIONS_FILE,
  PARTITIONS_FORMAT,
  PARTITIONS_MAX,
  readPartitions,
  writePartitions,
} from "./partitions-file.ts";
export {
  type CopiedRows,
  repartition,
  Repartition,
  type RepartitionOptions,
  type RepartitionProgress,
  type RepartitionReport,
} from "./repartition.ts";
