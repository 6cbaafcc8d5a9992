import * as fc from "fast-check";
import {
  BlockCache,
  openRun,
  type OpenRunOptions,
  type Run,
  RunBuilder,
  type RunOptions,
} from "../../../src/lsm/run/index.ts";
import { compareEntries, type Cursor, type Entry } from "../../../src/lsm/index.ts";
import { MemoryDisk } from "../../../src/storage/index.ts";
import { DIRECT_HOST, runToCompletion } from "../../../src/task/index.ts";

export const RUN_NAME = "run-00000001.lsm";
/** Small, so that a few entries make several blocks and restart points. */
export const TINY: RunOptions = { blockBytes: 60, restartEvery: 3 };

export const text = (string: string): Uint8Array => new TextEncoder().encode(string);

export function value(key: string, seq: number, content: string = ""): Entry {
  return { key: text(key), seq, kind: "value", value: text(content) };
}

export function tombstone(key: string, seq: number): Entry {
  return { key: text(key), seq, kind: "tombstone", value: text("") };
}

/** The bytes of a run of these entries, which are in order. */
export function bytesOfRun(entries: readonly Entry[], options: RunOptions = TINY): Uint8Array {
  const builder = new RunBuilder(options);
  for (const entry of entries) builder.add(entry);
  builder.finish();
  return builder.take();
}

export interface Opening extends OpenRunOptions {
  readonly cache?: BlockCache;
}

export function openBytes(bytes: Uint8Array, options: Opening = {}): Run {
  const disk = new MemoryDisk();
  runToCompletion(
    (function* () {
      const file = yield* disk.open(RUN_NAME, "create");
      yield* file.write(0, bytes);
      yield* file.close();
    })(),
  );
  const cache = options.cache ?? new BlockCache(DIRECT_HOST, 1 << 20);
  return runToCompletion(openRun(disk, RUN_NAME, cache, options));
}

export function runOf(entries: readonly Entry[], options: RunOptions = TINY): Run {
  return openBytes(bytesOfRun(entries, options));
}

/** All that a cursor comes to, from where it is to the end. */
export function restOf(cursor: Cursor): Entry[] {
  const found: Entry[] = [];
  while (runToCompletion(cursor.next())) found.push(cursor.entry);
  return found;
}

export function lineOf({ key, seq, kind, value: bytes }: Entry): string {
  const what = kind === "tombstone" ? "gone" : `= ${[...bytes].join(",")}`;
  return `${[...key].join(".")} @${seq} ${what}`;
}

/** Keys that share a lot, are empty, begin one another, or have bytes that are not text. */
export const keys: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.array(fc.constantFrom(0, 1, 97, 98, 255), { maxLength: 4 }).map((k) => Uint8Array.from(k)),
  fc.nat(30).map((n) => text(`the same beginning of all keys ${String(n).padStart(3, "0")}`)),
);

const entry: fc.Arbitrary<Entry> = fc
  .record({
    key: keys,
    seq: fc.oneof({ weight: 6, arbitrary: fc.nat(12) }, fc.nat(2 ** 53 - 2)),
    kind: fc.constantFrom("value" as const, "value" as const, "tombstone" as const),
    value: fc.uint8Array({ maxLength: 20 }),
  })
  .map((made) => (made.kind === "tombstone" ? { ...made, value: new Uint8Array(0) } : made));

/** Entries in order, as of a run: at least one. */
export const entries: fc.Arbitrary<Entry[]> = fc
  .array(entry, { minLength: 1, maxLength: 60 })
  .map((list) => {
    const sorted = list.toSorted(compareEntries);
    return sorted.filter((one, i) => {
      const before = sorted[i - 1];
      return before === undefined || compareEntries(before, one) !== 0;
    });
  });

export const layouts: fc.Arbitrary<RunOptions> = fc.record({
  blockBytes: fc.constantFrom(1, 20, 60, 300, 4096),
  restartEvery: fc.constantFrom(1, 2, 3, 16),
  bitsAKey: fc.constantFrom(0, 1, 10),
});
