/**
 * `npm run bench:memory`: the memory of a process that reads a whole database, many times as large
 * as its pool: the peak of its resident set, beyond what it had before it opened the database and
 * beyond `poolBytes`. Each measurement is a process of its own.
 *
 *     npm run bench:memory -- [--mib 256] [--pool 64] [--json]
 *
 * What is left over is the heap of the JavaScript engine, which collects its garbage late.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { open } from "../src/level/index.ts";
import { assert } from "../src/task/index.ts";
import { Bench } from "./harness.ts";
import { parseWords } from "./options.ts";

const MIB = 2 ** 20;
const PAGE_SIZES: readonly number[] = [512, 4096, 32_768];
const HOWS = ["iterator", "gets"] as const;
type How = (typeof HOWS)[number];
/** Beyond the pool; see docs/durability.md. */
const TARGET_MIB = 64;
const GETS_AT_ONCE = 64;
const GETS_MAX = 100_000;
const BATCH = 500;

const values = parseWords("npm run bench:memory -- [--mib 256] [--pool 64] [--json]", {
  mib: { type: "string", default: "256" },
  pool: { type: "string", default: "64" },
  json: { type: "boolean", default: false },
  /** Of the parent only: what this process is to do. */
  child: { type: "string" },
});
for (const name of ["mib", "pool"] as const) {
  if (/^[1-9]\d{0,5}$/.test(values[name])) continue;
  console.error(`--${name}: expected a whole number of MiB from 1, found ${values[name]}`);
  process.exit(2);
}

/** The task of a child process. */
interface Errand {
  readonly directory: string;
  readonly pageSize: number;
  readonly rows: number;
  readonly poolBytes: number;
  /** Null to make the database. */
  readonly how: How | null;
}

const keyOf = (index: number): string => `key ${String(index).padStart(9, "0")}`;
const peakMib = (): number => process.resourceUsage().maxRSS / 1024;

async function make({ directory, pageSize, rows }: Errand): Promise<void> {
  const level = await open<string, Uint8Array>(directory, { pageSize, valueEncoding: "view" });
  const value = new Uint8Array(pageSize / 8).fill(1);
  for (let from = 0; from < rows; from += BATCH) {
    const keys = Array.from({ length: Math.min(BATCH, rows - from) }, (_, at) => keyOf(from + at));
    // oxlint-disable-next-line no-await-in-loop -- one batch after another
    await level.batch(keys.map((key) => ({ type: "put", key, value })));
  }
  await level.close();
}

/** Reads everything; gives the peak beyond what there was before, less the pool. */
async function read({ directory, rows, poolBytes, how }: Errand): Promise<number> {
  const before = peakMib();
  const level = await open<string, Uint8Array>(directory, { poolBytes, valueEncoding: "view" });
  let bytes = 0;
  if (how === "iterator") for await (const [, value] of level.iterator()) bytes += value.length;
  else {
    // All over the place, so that nearly each page is read, and none again before it is evicted.
    for (let from = 0; from < Math.min(rows, GETS_MAX); from += GETS_AT_ONCE) {
      const keys = Array.from({ length: GETS_AT_ONCE }, (_, at) =>
        keyOf(((from + at) * 7919) % rows),
      );
      // oxlint-disable-next-line no-await-in-loop -- so many at once
      const found = await Promise.all(keys.map((key) => level.get(key)));
      for (const value of found) bytes += value?.length ?? 0;
    }
  }
  assert(bytes >= Math.min(rows, GETS_MAX), "everything was read");
  const peak = peakMib();
  await level.close();
  return peak - before - poolBytes / MIB;
}

function runChild(errand: Errand): string {
  const script = fileURLToPath(import.meta.url);
  const args = [script, "--child", JSON.stringify(errand)];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  assert(status === 0, `a child ended with ${status}: ${stderr}`);
  return stdout;
}

function main(): void {
  const bench = new Bench("memory beyond the pool while a whole database is read", {
    seed: 1,
    repeats: 1,
  });
  const poolBytes = Number(values.pool) * MIB;
  const root = mkdtempSync(join(tmpdir(), "latchwork-memory-"));
  for (const pageSize of PAGE_SIZES) {
    const directory = join(root, String(pageSize));
    // A row takes about its value and as much again as its key and slot do.
    const rows = Math.floor((Number(values.mib) * MIB) / (pageSize / 8 + 30));
    runChild({ directory, pageSize, rows, poolBytes, how: null });
    for (const how of HOWS) {
      const value = Number(runChild({ directory, pageSize, rows, poolBytes, how }));
      const name = `pages of ${pageSize}, read by ${how}`;
      bench.add({ name, value, unit: "MiB", spread: 0, target: { atMost: TARGET_MIB } });
    }
    rmSync(directory, { recursive: true });
  }
  rmSync(root, { recursive: true });
  bench.finish();
}

if (values.child === undefined) main();
else {
  const errand = JSON.parse(values.child) as Errand;
  if (errand.how === null) await make(errand);
  else process.stdout.write(String(await read(errand)));
}
