/**
 * `npm run profile:insert`: where the time of a put and of a get goes, and what they allocate.
 *
 * Four cases: a put and a get of the tree in memory, as in bench:tree, and a durable put and a get
 * of a database on real files through the public interface, so many at once. Each repeat of each
 * case is a process of its own. It is measured by the clock, then under V8's sampling profiler (by
 * phase and by function), then by V8's counters of what is allocated, and under its heap profiler.
 * docs/critical-path.md is written from the output.
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { assert } from "../src/task/index.ts";
import { Bench } from "./harness.ts";
import { measure } from "./profile/child.ts";
import type { CaseName, Errand, Findings } from "./profile/errand.ts";
import { PHASES } from "./profile/phases.ts";
import { HELP, parseRequest, Refused } from "./profile/request.ts";
import { Progress } from "./progress.ts";
import { summarize } from "./statistics.ts";

const SEED = 1;
/** A young generation that no stretch of counted operations fills. */
const CHILD_FLAGS = ["--expose-gc", "--max-semi-space-size=128", "--min-semi-space-size=128"];

function runChild(errand: Errand): Findings {
  const script = fileURLToPath(import.meta.url);
  const words = [...CHILD_FLAGS, script];
  const { status, stdout, stderr } = spawnSync(process.execPath, words, {
    encoding: "utf8",
    env: { ...process.env, [CHILD]: JSON.stringify(errand) },
  });
  assert(status === 0, `a child ended with ${status}: ${stderr}`);
  return JSON.parse(stdout) as Findings;
}

/** Names the errand of a child process; the parent has none. */
const CHILD = "LATCHWORK_PROFILE_ERRAND";

/** Adds the rows of one case, the functions with the largest medians first. */
function addRows(bench: Bench, name: CaseName, found: readonly Findings[], top: number): void {
  const add = (what: string, unit: string, samples: readonly number[]): void => {
    const { median, spread } = summarize(samples);
    bench.add({ name: `${name}: ${what}`, value: median, unit, spread });
  };
  const addAll = (
    what: string,
    unit: string,
    names: readonly string[],
    of: (one: Findings) => Readonly<Record<string, number>>,
  ): void => {
    for (const one of names) {
      add(
        `${what} ${one}`,
        unit,
        found.map((findings) => of(findings)[one] ?? 0),
      );
    }
  };
  add(
    "on the wall, unprofiled",
    "ns",
    found.map((one) => one.wall),
  );
  add(
    "on a processor, unprofiled",
    "ns",
    found.map((one) => one.cpu),
  );
  addAll("phase", "ns", PHASES, (one) => one.phases);
  const byTime = largest(
    found.map((one) => one.functions),
    top,
  );
  addAll("in", "ns", byTime, (one) => one.functions);
  add(
    "allocated on the heap",
    "B",
    found.map((one) => one.allocated),
  );
  add(
    "allocated in buffers",
    "B",
    found.map((one) => one.buffers),
  );
  const byBytes = largest(
    found.map((one) => one.allocators),
    top,
  );
  addAll("allocated in", "B", byBytes, (one) => one.allocators);
}

function largest(found: readonly Readonly<Record<string, number>>[], count: number): string[] {
  const names = [...new Set(found.flatMap((one) => Object.keys(one)))];
  const medianOf = (name: string): number => summarize(found.map((one) => one[name] ?? 0)).median;
  const ranked = names.map((name) => ({ name, median: medianOf(name) }));
  ranked.sort((a, b) => b.median - a.median);
  return ranked
    .slice(0, count)
    .filter(({ median }) => median >= 1)
    .map(({ name }) => name);
}

function main(): void {
  const request = parseRequest(process.argv.slice(2));
  if (request === null) {
    console.log(HELP);
    return;
  }
  const { cases, keys, inFlight, repeats, top } = request;
  const title = `where a put and a get spend their time: ${keys} keys, ${inFlight} in flight`;
  const bench = new Bench(title, { seed: SEED, repeats });
  const progress = new Progress(cases.length * repeats, "processes");
  for (const name of cases) {
    const found = Array.from({ length: repeats }, () => {
      progress.begin(name);
      const findings = runChild({ name, keys, inFlight, seed: SEED });
      progress.step(name);
      return findings;
    });
    addRows(bench, name, found, top);
  }
  bench.finish();
}

const errand = process.env[CHILD];
if (errand !== undefined) {
  process.stdout.write(JSON.stringify(await measure(JSON.parse(errand) as Errand)));
} else {
  try {
    main();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    console.error(`profile:insert: ${error.message}; see --help`);
    process.exitCode = 2;
  }
}
