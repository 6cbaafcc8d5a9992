/**
 * `npm run bench:roadmap`: 64 writers grow a tree from nothing to 200,000 random 16-byte keys with
 * 100-byte values, every write durable; writes a second and latencies in each quarter, for each of
 * the roadmap's ways out and for several together, beside its baseline.
 *
 * First on real files, through the public interface. Each combination has a limited time in each
 * quarter; what it has not put by then is put in large batches, unmeasured, so that every quarter
 * begins with the size it is named after. Then in virtual time on two simulated disks, which gives
 * the same figures on every machine: there only the disk and the policies' sleeps take time.
 *
 *     npm run bench:roadmap -- [--json] [--seconds=S] [--directory=DIR] [--virtual | --real]
 *                              [--virtual-keys=N] [--only=4+1]
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import type { Checksum } from "../src/storage/index.ts";
import { Bench } from "./harness.ts";
import { acceptWords, numberOption, wordOption } from "./options.ts";
import { commitName, machineLine } from "./origin.ts";
import { Progress } from "./progress.ts";
import { growOnFiles } from "./roadmap-real.ts";
import { type Growth, KEYS, meanRate, renderGrowths, slowdown, WRITERS } from "./roadmap-table.ts";
import { COMBINATIONS, type Combination, nameOf } from "./roadmap-ways.ts";
import {
  type DiskModel,
  FAST_DISK,
  growVirtually,
  randomKeys,
  SLOW_DISK,
} from "./roadmap-virtual.ts";

const SEED = 1;
const checksum: Checksum = (bytes, seed) => crc32(bytes, seed);
const SECONDS = 4;
const VIRTUAL_KEYS = 20_000;
/** Pages to a tree of 20,000 keys: some 900. */
const KEYS_A_FRAME = 40;

function combinationsOf(words: readonly string[]): readonly Combination[] {
  const only = wordOption(words, "only");
  if (only === undefined) return COMBINATIONS;
  return COMBINATIONS.filter((one, at) => at === 0 || nameOf(one).startsWith(`${only},`));
}

async function realGrowths(words: readonly string[]): Promise<Growth[]> {
  const seconds = numberOption(words, "seconds", SECONDS);
  const folder = mkdtempSync(
    join(wordOption(words, "directory") ?? tmpdir(), "latchwork-roadmap-"),
  );
  const combinations = combinationsOf(words);
  const progress = new Progress(combinations.length, "combinations on real files");
  const keys = randomKeys(KEYS, SEED);
  const growths: Growth[] = [];
  try {
    for (const combination of combinations) {
      growths.push(await growOnFiles({ combination, folder, seconds, keys }));
      progress.step(nameOf(combination));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return growths;
}

function virtualGrowths(words: readonly string[], disk: DiskModel): Growth[] {
  const keys = randomKeys(numberOption(words, "virtual-keys", VIRTUAL_KEYS), SEED);
  const combinations = combinationsOf(words);
  const progress = new Progress(combinations.length, `combinations, ${disk.name}`);
  const poolFrames = Math.ceil(keys.length / KEYS_A_FRAME);
  return combinations.map((combination) => {
    const run = {
      combination,
      disk,
      keys,
      writers: WRITERS,
      poolFrames,
      checksum,
    };
    const growth = growVirtually(run);
    progress.step(nameOf(combination));
    return growth;
  });
}

interface Part {
  readonly name: string;
  readonly note: string;
  readonly growths: readonly Growth[];
}

function addRows(bench: Bench, { name, growths }: Part, isFull: boolean): void {
  const [baseline] = growths;
  if (baseline === undefined) return;
  const add = (what: string, value: number, unit: string, target = {}): void =>
    bench.add({ name: `${name}: ${what}`, value, unit, spread: 0, ...target });
  for (const growth of growths) {
    const who = nameOf(growth.combination);
    if (isFull) {
      for (const [i, quarter] of growth.quarters.entries()) {
        add(`${who}, quarter ${i + 1}`, quarter.writesPerSecond, "writes/s");
        add(`${who}, quarter ${i + 1}, p50`, quarter.p50Ms, "ms");
        add(`${who}, quarter ${i + 1}, p99`, quarter.p99Ms, "ms");
      }
    }
    const isJudged = who === "4, adaptive";
    if (!isFull && !isJudged) continue;
    const ratio = meanRate(growth) / meanRate(baseline);
    add(`${who} / baseline`, ratio, "x", isJudged ? { target: { atLeast: 10 } } : {});
    const grown = slowdown(growth);
    add(`${who}, p50 of quarter 4 / 1`, grown, "x", isJudged ? { target: { atMost: 2 } } : {});
  }
  const errors = growths.reduce((sum, growth) => sum + growth.errors, 0);
  add("errors", errors, "", { target: { atMost: 0 } });
}

const USAGE = `npm run bench:roadmap -- [--seconds=S] [--directory=DIR] [--virtual | --real]
                         [--virtual-keys=N] [--only=4+1] [--json]`;

async function main(words: readonly string[]): Promise<void> {
  acceptWords(words, USAGE);
  const isJson = words.includes("--json");
  const bench = new Bench("a tree growing under 64 durable writers", { seed: SEED, repeats: 1 });
  const parts: Part[] = [];
  if (!words.includes("--virtual")) {
    const seconds = numberOption(words, "seconds", SECONDS);
    const note = `at most ${seconds} s measured in each quarter, the rest put in batches`;
    parts.push({ name: "real files", note, growths: await realGrowths(words) });
  }
  if (!words.includes("--real")) {
    for (const disk of [FAST_DISK, SLOW_DISK]) {
      const keys = numberOption(words, "virtual-keys", VIRTUAL_KEYS);
      const note =
        `virtual time, ${keys} keys, sync ${disk.syncMs} ms, read ${disk.readMs} ms, ` +
        `a pool of ${Math.ceil(keys / KEYS_A_FRAME)} pages, computing takes no time`;
      parts.push({ name: disk.name, note, growths: virtualGrowths(words, disk) });
    }
  }
  if (!isJson) {
    console.log(`${machineLine()}\ncommit ${commitName()}, seed ${SEED}, ${WRITERS} writers\n`);
    for (const { name, note, growths } of parts) {
      console.log(`${name}: ${note}\n\n${renderGrowths(growths)}\n`);
    }
  }
  for (const part of parts) addRows(bench, part, isJson);
  bench.finish(words);
}

await main(process.argv.slice(2));
