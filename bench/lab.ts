/**
 * The lab in a browser: hunts in its worker beside the same hunts in Node, A B A B, how long it takes
 * until any step of a long run is shown, and how many frames a second are drawn while it plays.
 *
 *     npm run bench:lab -- [--seed=N] [--repeats=N] [--runs=N] [--steps=N] [--json]
 */
import { existsSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { chromium, type Page } from "playwright-core";
import { parseScenario, type Scenario } from "../src/hunt/index.ts";
import { carryingOut, film, type HuntOrder } from "../src/lab/index.ts";
import type { Schedule } from "../src/sim/index.ts";
import { createPrng } from "../src/task/index.ts";
import { Bench, measureRatio, ofSummary } from "./harness.ts";
import { acceptWords, numberOption } from "./options.ts";
import { summarize } from "./statistics.ts";

const CHROMIUM = "/usr/bin/chromium";
const PAGE = "dist/lab/web/index.html";
const MS = 1000;

/** Right protocols, so that every hunt runs to its budget: in memory, and on a disk. */
const HUNTED: readonly (readonly [name: string, share: number, text: string])[] = [
  ["in memory", 1, "capacity 2\ntree [10,20][30,40]\ntask get 20 then scan\ntask insert 15"],
  ["on a disk", 0.1, "capacity 2\ntree [10,20]\ntask insert 15\ntask get 20\ncrashes 1"],
];
/** The page's speeds that are measured: its index of each, and steps a second. */
const SPEEDS = [
  [3, 5],
  [4, 20],
] as const;
const FRAMES_MS = 2000;
const TASKS = 6;
const LEAVES = 36;
const KEYS_OF_LEAF = 3;

/** What the page is reached by; see src/lab/web/test-door.ts. */
interface Door {
  readonly lab: {
    load(moment: {
      readonly scenario: Scenario;
      readonly schedule: Schedule;
      readonly cursor: number;
    }): void;
    readonly speed: { value: number };
  };
  readonly orderMs: (order: HuntOrder) => Promise<number>;
  readonly seekMs: (stop: number) => Promise<number>;
  readonly framesIn: (ms: number) => Promise<number>;
}

const words = process.argv.slice(2);
acceptWords(words, "npm run bench:lab -- [--seed=N] [--repeats=N] [--runs=N] [--steps=N] [--json]");
const seed = numberOption(words, "seed", 1);
const repeats = numberOption(words, "repeats", 7);
const runs = numberOption(words, "runs", 20_000);
const steps = numberOption(words, "steps", 2000);
if (!existsSync(CHROMIUM)) {
  console.error(`there is no ${CHROMIUM}, which this benchmark drives`);
  process.exit(2);
}

const bench = new Bench("the lab in a browser", { seed, repeats });
const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  await page.goto(pathToFileURL(PAGE).href);
  for (const [name, share, text] of HUNTED) await hunts(page, name, runs * share, text);
  await seeks(page);
  await frames(page);
} finally {
  await browser.close();
}
bench.finish(words);

/** Schedules a second of one hunt, in the page's worker and here. */
async function hunts(page: Page, name: string, runsMax: number, text: string): Promise<void> {
  const { scenario } = parseScenario(text);
  const order: HuntOrder = {
    kind: "hunt",
    scenario,
    seed: String(seed),
    runsMax,
    strategies: ["portfolio"],
    shrinks: true,
  };
  const there = async (): Promise<number> => (runsMax * MS) / (await inPage(page, order));
  const here = (): number => (runsMax * MS) / inNode(order);
  // Both are compiled by now.
  await there();
  here();
  const { a, b, ratio } = await measureRatio(there, here, repeats);
  bench.add({ name: `hunt ${name}: browser`, ...ofSummary(a, "schedules/s") });
  bench.add({ name: `hunt ${name}: Node`, ...ofSummary(b, "schedules/s") });
  bench.add({
    name: `hunt ${name}: browser / Node`,
    ...ofSummary(ratio, "x"),
    target: { atLeast: 0.5 },
  });
}

async function inPage(page: Page, order: HuntOrder): Promise<number> {
  return await page.evaluate(async (asked) => {
    const door = Reflect.get(globalThis, "latchworkLab") as Door;
    return await door.orderMs(asked);
  }, order);
}

function inNode(order: HuntOrder): number {
  const startedMs = performance.now();
  const work = carryingOut(order, { protocols: [] });
  while (work.next().done !== true);
  return performance.now() - startedMs;
}

/** How long it takes until a step is shown: the first look, and any look after it. */
async function seeks(page: Page): Promise<void> {
  const long = longRun();
  await page.evaluate((moment) => {
    (Reflect.get(globalThis, "latchworkLab") as Door).lab.load(moment);
  }, long);
  // Nobody is at the slider sooner.
  await page.waitForTimeout(MS);
  const prng = createPrng(`${seed}/seeks`);
  const first = await seekMs(page, long.schedule.length);
  const samples: number[] = [];
  for (let i = 0; i < 30 * repeats; i++) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    samples.push(await seekMs(page, prng.below(long.schedule.length)));
  }
  const name = `seek in ${long.schedule.length} steps, ${TASKS} tasks, ${LEAVES} leaves and more`;
  const target = { atMost: 50 };
  bench.add({ name: `${name}: any step`, ...ofSummary(summarize(samples), "ms"), target });
  const slowest = { value: Math.max(...samples), spread: 0, unit: "ms" };
  bench.add({ name: `${name}: the slowest of ${samples.length}`, ...slowest, target });
  bench.add({
    name: `${name}: the end, a second after loading`,
    value: first,
    spread: 0,
    unit: "ms",
    target,
  });
}

/** Frames a second while the long run plays, at the two quickest speeds. */
async function frames(page: Page): Promise<void> {
  for (const [speed, stepsPerSecond] of SPEEDS) {
    const samples: number[] = [];
    for (let i = 0; i < repeats; i++) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      samples.push((await framesIn(page, speed, FRAMES_MS)) / (FRAMES_MS / MS));
    }
    bench.add({
      name: `playing ${stepsPerSecond} steps a second, ${TASKS} tasks, ${LEAVES} leaves and more`,
      ...ofSummary(summarize(samples), "frames/s"),
    });
  }
}

async function framesIn(page: Page, speed: number, ms: number): Promise<number> {
  return await page.evaluate(
    async (asked) => {
      const door = Reflect.get(globalThis, "latchworkLab") as Door;
      door.lab.speed.value = asked.speed;
      await door.seekMs(100);
      return await door.framesIn(asked.ms);
    },
    { speed, ms },
  );
}

async function seekMs(page: Page, stop: number): Promise<number> {
  return await page.evaluate(
    async (wanted) => await (Reflect.get(globalThis, "latchworkLab") as Door).seekMs(wanted),
    stop,
  );
}

/** A run of six tasks in a tree of some forty pages, as long as is asked for. */
function longRun(): { readonly scenario: Scenario; readonly schedule: Schedule; cursor: number } {
  const keys = LEAVES * KEYS_OF_LEAF;
  const leaves = Array.from({ length: LEAVES }, (_, leaf) =>
    Array.from({ length: KEYS_OF_LEAF }, (__, i) => 10 * (KEYS_OF_LEAF * leaf + i)),
  );
  const prng = createPrng(`${seed}/operations`);
  const task = (): string => {
    const operations = Array.from({ length: Math.ceil(steps / TASKS / 3) }, () => {
      const key = 10 * prng.below(keys);
      return `${["get", "put", "insert", "delete"][prng.below(4)]} ${key}`;
    });
    return `task ${operations.join(" then ")}`;
  };
  const tree = leaves.map((leaf) => `[${leaf.join(",")}]`).join("");
  const tasks = Array.from({ length: TASKS }, task).join("\n");
  const { scenario } = parseScenario(`capacity 6\ntree ${tree}\n${tasks}`);
  const goOn = { strategy: "random", seed: String(seed) } as const;
  const { schedule } = film(scenario, { schedule: [], rule: "exact", goOn });
  return { scenario, schedule: schedule.slice(0, steps), cursor: 0 };
}
