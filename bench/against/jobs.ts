import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Case } from "../check-cases.ts";
import type { Children } from "./children.ts";
import type { BenchName, ClockName, Request } from "./command-line.ts";
import { type Readings, readReport, readTiming } from "./readings.ts";
import type { Side } from "./sides.ts";

/** A process that is run on both sides in turn. */
export interface Job {
  readonly bench: string;
  readonly name: string;
  /** How many pairs a round takes of it: more of a short one, whose luck is greater. */
  readonly pairsARound: number;
  run(children: Children, side: Side): Promise<Readings>;
}

/** What is run, and what cannot be or has to be known about it. */
export interface Plan {
  readonly jobs: readonly Job[];
  readonly notes: readonly string[];
}

/** A search, a map that falls apart by key, and scans over several keys; a few seconds each. */
const CHECK_CASES = ["reg-small 10x10000", "kv10-uniq 30x100000", "kvscan20 10x10000 atomic"];

/** Two seconds each. */
const STORAGE_PAIRS = 4;

/** What the figures of a benchmark depend on, besides the engine. */
const SOURCES: Readonly<Record<BenchName, readonly string[]>> = {
  sim: ["sim.ts", "split-scenario.ts", "statistics.ts", "harness.ts"],
  tree: ["tree.ts", "statistics.ts", "harness.ts"],
  check: ["check.ts", "check-cases.ts", "check-families.ts"],
  storage: ["storage.ts", "statistics.ts", "harness.ts"],
};

/** Plans the processes of some benchmarks. `root` is where this side's sources lie. */
export async function planJobs(
  { rows: benches, clock }: Pick<Request, "rows" | "clock">,
  root: string,
  [here, there]: readonly [Side, Side],
): Promise<Plan> {
  const env = environment(clock, here);
  const jobs: Job[] = [];
  const notes: string[] = [];
  for (const name of benches) {
    const script = `dist-bench/bench/${name}.js`;
    if (!existsSync(join(there.folder, script))) {
      notes.push(`bench:${name}: the other one has none`);
      continue;
    }
    notes.push(...differingSources(SOURCES[name], root, there.folder));
    if (name !== "check") jobs.push(reportJob(name, script, env));
    else {
      // One after the other, for both load code.
      const casesHere = await casesOf(here);
      const casesThere = await casesOf(there);
      for (const each of CHECK_CASES) {
        const at = [casesHere, casesThere].map((cases) => cases.findIndex((c) => c.name === each));
        if (at.some((index) => index < 0)) notes.push(`bench:check: ${each}: not in both`);
        else jobs.push(checkJob(each, script, env, { this: at[0] ?? 0, other: at[1] ?? 0 }));
      }
    }
  }
  return { jobs, notes };
}

type Environment = Readonly<Record<string, string>>;

/** Reaches also the processes that a benchmark starts. */
function environment(clock: ClockName, here: Side): Environment {
  if (clock === "wall") return {};
  const file = join(here.folder, "dist-bench/bench/against/cpu-clock.js");
  const given = process.env["NODE_OPTIONS"] ?? "";
  return { NODE_OPTIONS: `${given} --import ${pathToFileURL(file).href}`.trim() };
}

function reportJob(name: BenchName, script: string, env: Environment): Job {
  const bench = `bench:${name}`;
  return {
    bench,
    name: bench,
    pairsARound: name === "storage" ? STORAGE_PAIRS : 1,
    async run(children, side) {
      const command = [process.execPath, script, "--json"] as const;
      const what = `${bench} of ${side.label}`;
      const { stdout, stderr } = await children.run(what, command, { cwd: side.folder, env });
      return readReport(stdout, stderr);
    },
  };
}

/** The cases have a number each, which is another one where the list is another one. */
function checkJob(
  name: string,
  script: string,
  env: Environment,
  at: Readonly<Record<Side["label"], number>>,
): Job {
  const bench = "bench:check";
  return {
    bench,
    name: `${bench} ${name}`,
    pairsARound: 1,
    async run(children, side) {
      const heap = "--max-old-space-size=8192";
      const command = [process.execPath, heap, script, "--case", String(at[side.label])] as const;
      const what = `${bench} ${name} of ${side.label}`;
      const { stdout } = await children.run(what, command, { cwd: side.folder, env });
      return { readings: readTiming(name, stdout), setting: "seeds 1 to 3, 3 repeats" };
    },
  };
}

async function casesOf({ folder }: Side): Promise<readonly Case[]> {
  const file = join(folder, "dist-bench/bench/check-cases.js");
  const loaded = (await import(pathToFileURL(file).href)) as { readonly CASES: readonly Case[] };
  return loaded.CASES;
}

function differingSources(names: readonly string[], here: string, there: string): string[] {
  const differing = names.filter((name) => textOf(here, name) !== textOf(there, name));
  return differing.map((name) => `bench/${name} differs: rows are compared by their names`);
}

function textOf(folder: string, name: string): string | null {
  const file = join(folder, "bench", name);
  return existsSync(file) ? readFileSync(file, "utf8") : null;
}
