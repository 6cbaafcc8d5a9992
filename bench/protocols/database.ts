import { protocolNamed } from "../../src/btree/index.ts";
import { openEngine } from "../../src/engine/index.ts";
import { DIRECT_DRIVER } from "../../src/latch/index.ts";
import { type Checksum, MemoryDisk } from "../../src/storage/index.ts";
import { createPrng, DIRECT_HOST, runToCompletion } from "../../src/task/index.ts";
import { policyNamed } from "../../src/wal/index.ts";
import { firstKeys, keyOf, VALUE_BYTES } from "./keys.ts";

/** How large the tree is, and its pages. */
export interface TreeSize {
  readonly keys: number;
  readonly pageSize: number;
}

const SEED = 1;
const BATCH = 100;
const SEGMENT_BYTES = 65_536;
const value = new Uint8Array(VALUE_BYTES).fill(7);

/**
 * The files of a database whose keys were put in random order, so that its pages are as full as
 * those of a tree that grew. Every protocol begins with a copy of them.
 */
export function grownDatabase({ keys, pageSize }: TreeSize, checksum: Checksum): MemoryDisk {
  const disk = new MemoryDisk();
  const engine = runToCompletion(
    openEngine({
      disk,
      host: DIRECT_HOST,
      latches: DIRECT_DRIVER,
      protocol: protocolNamed("tree-mutex"),
      policy: policyNamed("adaptive"),
      atOnce: true,
      pageSize,
      // So that the log which is left, and which every opening reads, is short.
      segmentBytes: SEGMENT_BYTES,
      checksum,
    }),
  );
  const session = engine.borrow();
  const numbers = firstKeys(keys);
  shuffle(numbers);
  const writes = numbers.map((number) => ({ kind: "put" as const, key: keyOf(number), value }));
  for (let at = 0; at < writes.length; at += BATCH) {
    runToCompletion(engine.batch(session, writes.slice(at, at + BATCH)));
  }
  runToCompletion(engine.close(session));
  return disk;
}

/** Puts numbers into random order, the same everywhere. */
export function shuffle(numbers: number[]): void {
  const prng = createPrng(SEED);
  for (let at = numbers.length - 1; at > 0; at--) {
    const other = prng.below(at + 1);
    const [a, b] = [numbers[at] ?? 0, numbers[other] ?? 0];
    numbers[at] = b;
    numbers[other] = a;
  }
}
