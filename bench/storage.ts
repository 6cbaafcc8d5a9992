/**
 * `npm run bench:storage`: what the hot paths under a put cost by themselves, in nanoseconds: to
 * append the group of a put to the log, to pin and unpin a page, and to sum up a page, by the
 * portable checksum and by Node's, with the ratio of the two.
 *
 *     npm run bench:storage -- [--json]
 */
import { crc32 as nodeCrc32 } from "node:zlib";
import {
  asEditor,
  BufferPool,
  type Checksum,
  crc32,
  FIRST_TREE_REDO,
  lsn,
  MemoryDisk,
  pageId,
  PageMemory,
  PageRedo,
  sealPage,
  setLsn,
} from "../src/storage/index.ts";
import { createPrng, DIRECT_HOST, runToCompletion } from "../src/task/index.ts";
import { openLog, type PageChange, policyNamed } from "../src/wal/index.ts";
import { Bench, measureRatio, ofSummary, type Sample } from "./harness.ts";
import { acceptWords } from "./options.ts";
import { summarize } from "./statistics.ts";

acceptWords(process.argv.slice(2), "npm run bench:storage -- [--json]");

const SEED = 1;
const REPEATS = 15;
const WARM_UPS = 3;
const PAGE_SIZE = 4096;
const PAGES = 1024;
const APPENDS_A_BLOCK = 64;
const BLOCKS = 500;
const PINS = 200_000;
const SUMS = 4000;
const KEY_BYTES = 16;
const VALUE_BYTES = 100;

/** A group as a put makes it: one page, and the entry that was put there. */
function changeOfPut(): PageChange {
  const page = new PageMemory({ pageSize: PAGE_SIZE });
  page.ensure(1);
  const frame = page.frame(pageId(0));
  // After the image floor, so that the operations are logged and not the page.
  setLsn(asEditor(frame), lsn(2 ** 40));
  const redo = new PageRedo();
  redo.begin(FIRST_TREE_REDO);
  redo.u16(7);
  redo.bytes(new Uint8Array(KEY_BYTES).fill(1));
  redo.bytes(new Uint8Array(VALUE_BYTES).fill(2));
  return { id: pageId(0), page: frame, redo, unusedFrom: 1000, unusedTo: 3000 };
}

/** Nanoseconds an append; the blocks are written, to memory, without being counted. */
function appendSample(): Sample {
  const changes = [changeOfPut()];
  return () => {
    const log = runToCompletion(
      openLog({
        disk: new MemoryDisk(),
        host: DIRECT_HOST,
        policy: policyNamed("adaptive"),
        segmentBytes: 1 << 20,
        startLsn: lsn(1),
        checksum: nodeSum,
      }),
    );
    let took = 0;
    for (let block = 0; block < BLOCKS; block++) {
      took += nanoseconds(() => {
        for (let i = 0; i < APPENDS_A_BLOCK; i++) log.append(changes);
      });
      runToCompletion(log.flushTo(log.endLsn));
    }
    return took / (BLOCKS * APPENDS_A_BLOCK);
  };
}

/** Nanoseconds for pinning a page that is in memory, and unpinning it. */
function pinSample(): Sample {
  const disk = new MemoryDisk();
  const file = runToCompletion(disk.open("pages", "create")[Symbol.iterator]());
  const pool = new BufferPool({
    pageSize: PAGE_SIZE,
    framesMax: PAGES,
    file,
    host: DIRECT_HOST,
    pageCount: 0,
  });
  for (let id = 0; id < PAGES; id++) {
    pool.fresh(pageId(id));
    pool.unpin(pageId(id));
  }
  const prng = createPrng(SEED);
  const order = Array.from({ length: PINS }, () => pageId(prng.below(PAGES)));
  return () =>
    nanoseconds(() => {
      for (const id of order) {
        pool.pin(id);
        pool.unpin(id);
      }
    }) / PINS;
}

const nodeSum: Checksum = (bytes, seed) => nodeCrc32(bytes, seed);

/** Nanoseconds to seal a page. */
function sealSample(checksum: Checksum): Sample {
  const memory = new PageMemory({ pageSize: PAGE_SIZE });
  memory.ensure(1);
  const page = asEditor(memory.frame(pageId(0)));
  const prng = createPrng(SEED);
  for (let i = 0; i < PAGE_SIZE; i++) page.bytes[i] = prng.below(256);
  return () =>
    nanoseconds(() => {
      for (let i = 0; i < SUMS; i++) sealPage(page, checksum);
    }) / SUMS;
}

function nanoseconds(work: () => void): number {
  const began = process.hrtime.bigint();
  work();
  return Number(process.hrtime.bigint() - began);
}

async function measure(sample: Sample): Promise<number[]> {
  for (let i = 0; i < WARM_UPS; i++) await sample();
  const values: number[] = [];
  for (let i = 0; i < REPEATS; i++) values.push(await sample());
  return values;
}

const bench = new Bench("the hot paths under a put", { seed: SEED, repeats: REPEATS });
const appends = await measure(appendSample());
bench.add({ name: "append the group of a put to the log", ...ofSummary(summarize(appends), "ns") });
const pins = await measure(pinSample());
bench.add({ name: "pin and unpin a page in memory", ...ofSummary(summarize(pins), "ns") });
const [portable, node] = [sealSample(crc32), sealSample(nodeSum)];
await measure(portable);
await measure(node);
const { a, b, ratio } = await measureRatio(portable, node, REPEATS);
bench.add({ name: "seal a page, portable checksum", ...ofSummary(a, "ns") });
bench.add({ name: "seal a page, Node's checksum", ...ofSummary(b, "ns") });
bench.add({ name: "seal a page, portable / Node's", ...ofSummary(ratio, "x") });
bench.finish();
