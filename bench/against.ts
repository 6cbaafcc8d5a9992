/**
 * `npm run bench:against -- REV`: this revision and another one, measured in one run.
 *
 * Each side runs its own compiled benchmarks on its own engine, for the engine's interface is not
 * the same in two revisions; rows are compared by name, and a note names a benchmark whose source
 * differs.
 * The processes alternate, in swapped order each time (A B, B A), and a ratio is taken within such a
 * pair, so that a machine that slows down slows both sides. See docs/benchmarks.md.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Children, Interrupted } from "./against/children.ts";
import { HELP, parseRequest, Refused, type Request } from "./against/command-line.ts";
import { type Job, planJobs } from "./against/jobs.ts";
import { type Pair, pairUp, rowsUnder, sumUp } from "./against/ratios.ts";
import type { Readings } from "./against/readings.ts";
import { type Outcome, renderJson, renderTable } from "./against/render.ts";
import {
  type Clone,
  prepareOther,
  prepareThis,
  resolveRevision,
  type Side,
} from "./against/sides.ts";
import { assert } from "../src/task/index.ts";
import { machineLine } from "./origin.ts";
import { Progress } from "./progress.ts";

const INTERRUPTED = 130;

/** Compares as was asked, and gives the exit code. */
async function compare(request: Request, clone: Clone): Promise<number> {
  const commit = await resolveRevision(clone, request.revision);
  Progress.say(`building ${request.revision}`);
  const sides = [await prepareThis(clone), await prepareOther(clone, commit)] as const;
  const { jobs, notes } = await planJobs(request, clone.root, sides);
  const measured = await measure(jobs, request.rounds, sides, clone.children);
  const [here, there] = sides;
  const outcome: Outcome = {
    machine: machineLine(),
    here,
    there,
    rows: sumUp(measured.pairs),
    settings: measured.settings,
    notes: [...notes, ...measured.unpaired],
    roundsAsked: request.rounds,
    clock: request.clock,
    isInterrupted: measured.ended instanceof Interrupted,
  };
  console.log(request.json ? renderJson(outcome) : renderTable(outcome));
  if (measured.ended !== null) throw measured.ended;
  return judge(outcome, request.least);
}

/** The pairs that were complete when it ended, and the error that ended it, if any. */
interface Measured {
  readonly pairs: readonly Pair[];
  readonly unpaired: ReadonlySet<string>;
  readonly settings: ReadonlyMap<string, string>;
  readonly ended: Error | null;
}

async function measure(
  jobs: readonly Job[],
  rounds: number,
  sides: readonly [Side, Side],
  children: Children,
): Promise<Measured> {
  const pairsARound = jobs.reduce((sum, job) => sum + job.pairsARound, 0);
  const progress = new Progress(rounds * pairsARound * sides.length, "processes");
  const pairs: Pair[] = [];
  const unpaired = new Set<string>();
  const settings = new Map<string, string>();
  const measurePair = async (job: Job, order: readonly Side[]): Promise<void> => {
    const found: Partial<Record<Side["label"], Readings>> = {};
    for (const side of order) {
      progress.begin(`${job.name} of ${side.label}`);
      found[side.label] = await job.run(children, side);
      progress.step(`${job.name} of ${side.label}`);
    }
    const { this: here, other: there } = found;
    assert(here !== undefined && there !== undefined, "both sides were measured");
    const paired = pairUp(job.bench, here.readings, there.readings);
    pairs.push(...paired.pairs);
    for (const note of paired.unpaired) unpaired.add(note);
    const isSame = here.setting === there.setting;
    settings.set(job.bench, isSame ? here.setting : `${here.setting} (other: ${there.setting})`);
  };
  try {
    for (let round = 0; round < rounds; round++) {
      for (const job of jobs) {
        for (let pair = 0; pair < job.pairsARound; pair++) {
          const isSwapped = (round * job.pairsARound + pair) % 2 === 1;
          await measurePair(job, isSwapped ? sides.toReversed() : sides);
        }
      }
    }
    return { pairs, unpaired, settings, ended: null };
  } catch (error) {
    const isExpected = error instanceof Interrupted || error instanceof Refused;
    if (!isExpected) throw error;
    return { pairs, unpaired, settings, ended: error };
  }
}

function judge({ rows }: Outcome, least: number | null): number {
  const under = least === null ? [] : rowsUnder(rows, least);
  for (const { bench, name, ratio } of under) {
    console.error(`${bench}: ${name}: ${ratio.toFixed(3)} is under ${least}`);
  }
  return under.length === 0 ? 0 : 1;
}

async function main(): Promise<number> {
  const request = parseRequest(process.argv.slice(2));
  if (request === null) {
    console.log(HELP.trimEnd());
    return 0;
  }
  const workspace = mkdtempSync(join(tmpdir(), "latchwork-against-"));
  const children = new Children();
  // npm passes on what the terminal has sent already, so there may be several.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => children.stop());
  }
  try {
    const root = join(import.meta.dirname, "../..");
    return await compare(request, { root, workspace, children });
  } finally {
    rmSync(workspace, { recursive: true, force: true });
    Progress.say("");
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  if (error instanceof Interrupted) process.exitCode = INTERRUPTED;
  else if (error instanceof Refused) {
    console.error(`bench:against: ${error.message}`);
    process.exitCode = 2;
  } else throw error;
}
