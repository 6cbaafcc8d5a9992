/**
 * `npm run bench:server`: requests a second of the server, driven from a second process that asks
 * for 16,800 a second of three tables that grow, beside the same server before classic-level (with
 * `sync: true`), before lmdb (its flush awaited), and before a map in memory: what HTTP costs.
 *
 * A sample is one database and one mix of reads and writes: a new folder, some keys, a warm-up that
 * is not counted, and the time that is, in four quarters. Reads are of keys that were acknowledged,
 * writes of keys that are new, all over the tree, 9 bytes with values of 100. So many connections
 * have one request each at a time; `requests` is what they came to. Then the process is killed with
 * SIGKILL, another one serves the folder, and the whole of its tables is read and compared with
 * what was acknowledged. Databases take turns within a mix.
 *
 *     npm run bench:server -- [--json] [--seconds=S] [--warm-up=S] [--rate=N] [--connections=N]
 *                             [--keys=N] [--pool=MIB] [--mix=95,50,0] [--stores=latchwork]
 *                             [--directory=DIR]
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Bench } from "./harness.ts";
import { acceptWords, numberOption, wordOption } from "./options.ts";
import { Progress } from "./progress.ts";
import { Driver, type PartFigures } from "./server/drive.ts";
import { serve, type Serving } from "./server/serving.ts";
import { isDurable, type StoreName, STORES } from "./server/stores.ts";
import { TableKeys } from "./server/table-keys.ts";

const SEED = 1;
const RATE = 16_800;
const CONNECTIONS = 256;
const SECONDS = 60;
const WARM_UP_SECONDS = 10;
const KEYS = 20_000;
/** Room for all pages that come to be, as the page cache has for those of the others. */
const POOL_MIB = 512;
const BYTES_A_MIB = 1024 * 1024;
const QUARTERS = 4;
const TABLES = ["orders", "users", "events"];
/** Reads of a hundred requests. */
const MIXES = "95,50,0";
const READS_AIM = 13_000;
const WRITES_AIM = 8_000;
const P50_GROWTH_AIM = 1.3;

/** How a sample is taken. */
interface Setting {
  readonly seconds: number;
  readonly warmUpSeconds: number;
  readonly rate: number;
  readonly connections: number;
  readonly keys: number;
  readonly poolBytes: number;
  readonly parent: string;
}

/** What came of one database under one mix. */
interface Sample {
  readonly quarters: readonly PartFigures[];
  readonly reads: number;
  readonly writes: number;
  readonly serverErrors: number;
  readonly refusals: number;
  readonly broken: number;
  readonly wrong: number;
  readonly acknowledged: number;
  readonly lost: number;
  /** Processor time of the server for a request, in microseconds. */
  readonly serverUs: number;
  /** Which share of a processor the driver used. */
  readonly driverShare: number;
}

async function takeSample(store: StoreName, readShare: number, setting: Setting): Promise<Sample> {
  const folder = mkdtempSync(join(setting.parent, `latchwork-server-${store}-`));
  const place = join(folder, "db");
  try {
    const tables = TABLES.map((name) => new TableKeys(name));
    const first = await serve(store, place, TABLES, setting.poolBytes);
    for (const table of tables) await table.fill(first.url, setting.keys);
    const { url } = first;
    const { rate, connections } = setting;
    const driver = new Driver({ url, tables, connections, rate, reads: readShare, seed: SEED });
    const driven = await measure(driver, first, setting);
    await first.kill();
    const acknowledged = tables.reduce((sum, table) => sum + table.acknowledged, 0);
    const lost = isDurable(store) ? await lostOf(store, place, tables, setting.poolBytes) : 0;
    return { ...driven, acknowledged, lost };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** How many keys that were acknowledged are not there when another process serves the folder. */
async function lostOf(
  store: StoreName,
  place: string,
  tables: readonly TableKeys[],
  poolBytes: number,
): Promise<number> {
  const serving = await serve(store, place, TABLES, poolBytes);
  let lost = 0;
  for (const table of tables) lost += await table.lost(serving.url);
  await serving.kill();
  return lost;
}

async function measure(
  driver: Driver,
  serving: Serving,
  { seconds, warmUpSeconds }: Setting,
): Promise<Omit<Sample, "acknowledged" | "lost">> {
  await sleep(warmUpSeconds);
  driver.turnPage();
  const [before, servedBefore] = [process.cpuUsage(), await serving.cpuSeconds()];
  const quarters: PartFigures[] = [];
  for (let i = 0; i < QUARTERS; i++) {
    await sleep(seconds / QUARTERS);
    quarters.push(driver.turnPage());
  }
  const { user, system } = process.cpuUsage(before);
  const served = (await serving.cpuSeconds()) - servedBefore;
  const measured = quarters.reduce((sum, part) => sum + part.seconds, 0);
  const requests = quarters.reduce((sum, part) => sum + part.all.count, 0);
  await driver.end();
  const { serverErrors, refusals, broken, wrong } = driver;
  return {
    quarters,
    reads: quarters.reduce((sum, part) => sum + part.reads.count, 0) / measured,
    writes: quarters.reduce((sum, part) => sum + part.writes.count, 0) / measured,
    serverErrors,
    refusals,
    broken,
    wrong,
    serverUs: (served * 1e6) / requests,
    driverShare: (user + system) / 1e6 / measured,
  };
}

function sleep(seconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, seconds * 1000);
  });
}

/** The rows of one database under one mix; targets are for ours. */
function addRows(bench: Bench, mix: number, store: StoreName, sample: Sample): void {
  const isOurs = store === "latchwork";
  const title = `${mix}/${100 - mix} ${store}:`;
  const add = (name: string, value: number, unit: string, target: object = {}): void =>
    bench.add({ name: `${title} ${name}`, value, unit, spread: 0, ...(isOurs ? target : {}) });
  const { quarters, reads, writes } = sample;
  add("requests", reads + writes, "/s");
  if (mix > 0) add("reads", reads, "/s", mix > 50 ? { target: { atLeast: READS_AIM } } : {});
  if (mix < 100) {
    add("durable writes", writes, "/s", mix <= 50 ? { target: { atLeast: WRITES_AIM } } : {});
  }
  for (const percentile of ["p50", "p99"] as const) {
    for (const [i, { all }] of quarters.entries()) {
      add(`${percentile}, quarter ${i + 1}`, all[percentile], "ms");
    }
  }
  const [firstQuarter, lastQuarter] = [quarters[0], quarters.at(-1)];
  const growth = (lastQuarter?.all.p50 ?? Number.NaN) / (firstQuarter?.all.p50 ?? Number.NaN);
  add("p50, last quarter / first", growth, "x", { target: { atMost: P50_GROWTH_AIM } });
  add("answers from 500 on", sample.serverErrors, "", { target: { atMost: 0 } });
  add("answers 429", sample.refusals, "");
  add("broken off", sample.broken, "", { target: { atMost: 0 } });
  add("reads of what was not put", sample.wrong, "", { target: { atMost: 0 } });
  add("acknowledged", sample.acknowledged, "");
  if (isDurable(store))
    add("of these lost after SIGKILL", sample.lost, "", { target: { atMost: 0 } });
  add("processor time of the server, a request", sample.serverUs, "us");
  add("processors that the driver used", sample.driverShare, "");
}

function addRatio(bench: Bench, mix: number, peer: StoreName, ours: Sample, theirs: Sample): void {
  const name = `${mix}/${100 - mix} latchwork / ${peer}:`;
  const [our, their] = [ours, theirs].map(({ reads, writes }) => reads + writes);
  bench.add({ name: `${name} requests`, value: (our ?? 0) / (their ?? 0), unit: "x", spread: 0 });
  const cpu = theirs.serverUs / ours.serverUs;
  bench.add({ name: `${name} requests a processor second`, value: cpu, unit: "x", spread: 0 });
  const p50s = [ours, theirs].map(({ quarters }) => quarters.at(-1)?.all.p50 ?? Number.NaN);
  const p50 = (p50s[0] ?? 0) / (p50s[1] ?? 0);
  bench.add({ name: `${name} p50, last quarter`, value: p50, unit: "x", spread: 0 });
}

const USAGE = `npm run bench:server -- [--seconds=S] [--warm-up=S] [--rate=N] [--connections=N] [--keys=N]
                        [--pool=MIB] [--mix=95,50,0] [--stores=latchwork] [--directory=DIR] [--json]`;

async function main(words: readonly string[]): Promise<void> {
  acceptWords(words, USAGE);
  const setting: Setting = {
    seconds: numberOption(words, "seconds", SECONDS),
    warmUpSeconds: numberOption(words, "warm-up", WARM_UP_SECONDS),
    rate: numberOption(words, "rate", RATE),
    connections: numberOption(words, "connections", CONNECTIONS),
    keys: numberOption(words, "keys", KEYS),
    poolBytes: numberOption(words, "pool", POOL_MIB) * BYTES_A_MIB,
    parent: wordOption(words, "directory") ?? tmpdir(),
  };
  const mixes = (wordOption(words, "mix") ?? MIXES).split(",").map(Number);
  const named = wordOption(words, "stores")?.split(",");
  const stores = STORES.filter((store) => named?.includes(store) ?? true);
  const bench = new Bench("the server, driven from a second process", { seed: SEED, repeats: 1 });
  const progress = new Progress(mixes.length * stores.length, "samples");
  for (const mix of mixes) {
    const samples = new Map<StoreName, Sample>();
    for (const store of stores) {
      progress.begin(`${mix}/${100 - mix} ${store}`);
      samples.set(store, await takeSample(store, mix / 100, setting));
      progress.step(`${mix}/${100 - mix} ${store}`);
    }
    for (const [store, taken] of samples) addRows(bench, mix, store, taken);
    const ours = samples.get("latchwork");
    for (const [store, taken] of samples) {
      if (ours !== undefined && store !== "latchwork") addRatio(bench, mix, store, ours, taken);
    }
  }
  bench.finish(words);
}

await main(process.argv.slice(2));
