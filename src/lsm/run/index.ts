/**
 * Sorted runs: files that are written once, from front to back, and then only read.
 *
 * A run holds entries in the order of {@link compareEntries}, in blocks of about 4 KiB whose keys
 * leave out what they share with the one before. Behind the blocks are a Bloom filter of the keys,
 * an index of the blocks, and a footer of fixed size by which a reader begins. The bytes are
 * described in docs/run-format.md. The form is that of LevelDB's tables; the details are our own.
 *
 * A {@link RunWriter} makes one, a {@link Run} reads it. Filter and index are in memory as long as
 * it is open; blocks come and go in a {@link BlockCache} that all runs share.
 *
 * Invariants:
 * 1. Entries of a run are in strictly ascending order, and there is at least one.
 * 2. Every byte of a run is covered by a checksum, or is one, or is compared with what it must be.
 *    What is damaged is never taken for an entry: BAD_RUN names file and place.
 * 3. The checksum of a block goes with its place: one that lies elsewhere is damaged.
 * 4. A block in memory never changes, and whoever works with it keeps it: the cache may forget it
 *    at any time. So no block is pinned, and the cache is never over its budget between two steps.
 * 5. A block that several tasks ask for at once is read once.
 * 6. The filter says of no key of the run that it is not there.
 * 7. The cache is one object to the host, and every access to it is declared. Runs are not shared
 *    state: nothing of them changes.
 *
 * Who reads all of a run, as a compaction or {@link checkRun}, sweeps: past the cache, and many
 * blocks at once.
 *
 * Left out: reading ahead for scans; filters and indexes in parts, for runs whose own do not fit
 * memory; a cache that serves filters and indexes too.
 */
export { Block } from "./block.ts";
export { BlockCache, type CacheStats } from "./block-cache.ts";
export { BlockSweep } from "./block-sweep.ts";
export { checkRun } from "./check-run.ts";
export { filterHash, FilterWriter, KeyFilter } from "./key-filter.ts";
export { type OpenRunOptions, openRun, Run, type RunParts } from "./run.ts";
export { RunBuilder, type RunOptions, type RunSummary } from "./run-builder.ts";
export { RunCursor } from "./run-cursor.ts";
export { RUN_FORMAT, RUN_KEY_BYTES_MAX } from "./run-format.ts";
export { type RunInfo, RunWriter, writeRun } from "./write-run.ts";
