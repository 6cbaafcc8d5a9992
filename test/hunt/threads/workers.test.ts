import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import {
  huntingPlan,
  type HuntPlan,
  type HuntResult,
  surveyPlans,
} from "../../../src/hunt/index.ts";
import { Crew, huntInThreads, WorkerDied } from "../../../src/hunt/threads/index.ts";
import { budget } from "../../campaign.ts";
import { ended, runCli, spawnCli, startCli } from "../../cli/run-cli.ts";

const folder = mkdtempSync(join(tmpdir(), "latchwork-"));
afterAll(() => rmSync(folder, { recursive: true }));

const CREWS = budget({ short: [2], campaign: [1, 2, 3] });
const CRASHES = ["hunt", "--crashes", "--runs", "250", "--protocol", "crabbing"];
// Under every protocol; the budget ends one of them.
const PROOFS = ["prove", "scenarios/smallest_split.txt", "--probes", "20", "--runs", "2000"];
const DRAWN = ["prove", "--random-scenarios", "3", "--bug", "C4", "--probes", "20"];
const MATRIX = ["bugs", "C1", "--hunt", "--matrix", "--seeds", "2", "--runs", "30"];
const COMMANDS = budget({
  short: [CRASHES, PROOFS, DRAWN, MATRIX],
  campaign: [
    ["hunt", "--runs", "300", "--json"],
    ["hunt", "--runs", "250"],
    CRASHES,
    PROOFS,
    [...PROOFS, "--json"],
    [...PROOFS, "--preemptions", "1"],
    DRAWN,
    ["prove", "--random-scenarios", "3", "--runs", "150", "--json"],
    ["prove", "--random-scenarios", "1", "--crashes", "--runs", "150"],
    MATRIX,
    ["bugs", "--hunt", "--matrix", "--seeds", "1", "--runs", "3", "--json"],
    ["bugs", "--hunt", "--runs", "2"],
  ],
});
const SURVEYED = budget({ short: 160, campaign: 40 });
const NOTHING = (): void => undefined;
const SETTING = {
  seed: "7",
  runsMax: budget({ short: 667, campaign: 1_333 }),
  strategies: ["portfolio"],
  shrink: { runsMax: 500 },
  checkDeterminism: false,
};
/** A tiny budget, an uneven one, on a disk, a bug, strategies that end early. */
const PLANS: readonly HuntPlan[] = [
  { kind: "random", shape: { protocol: "crabbing", bug: null }, setting: SETTING },
  {
    kind: "random",
    shape: { protocol: "tree-rw", bug: null },
    setting: { ...SETTING, runsMax: 37 },
  },
  { kind: "random", shape: { protocol: "crabbing", bug: "C4" }, setting: SETTING },
  {
    kind: "random",
    shape: { protocol: "crabbing", bug: null, tasksMax: 2, operationsMax: 1 },
    setting: { ...SETTING, runsMax: 450, strategies: ["dfs:1"] },
  },
  {
    kind: "random",
    shape: { protocol: "crabbing", bug: null, crashes: 1, faults: true },
    setting: { ...SETTING, runsMax: 250 },
  },
];

function inThisThread(plan: HuntPlan): HuntResult {
  const hunting = huntingPlan(plan, { protocols: [] });
  for (;;) {
    const next = hunting.next();
    if (next.done === true) return next.value;
  }
}

async function byCrew(workers: number, plans: readonly HuntPlan[]): Promise<HuntResult[]> {
  const crew = new Crew({ workers });
  try {
    const hunts = plans.map((plan, priority) => huntInThreads(crew, plan, priority, NOTHING));
    return await Promise.all(hunts);
  } finally {
    await crew.close();
  }
}

describe("a hunt by workers", { timeout: 300_000 }, () => {
  it("comes to what it comes to in one thread, however many there are", async () => {
    const expected = PLANS.map(inThisThread);
    expect(expected.map(({ verdict }) => verdict.finding !== null)).toContain(true);
    for (const workers of CREWS) {
      // oxlint-disable-next-line no-await-in-loop -- one crew at a time
      expect(await byCrew(workers, PLANS)).toEqual(expected);
    }
  });

  it("comes to the same for the hunts of a survey", async () => {
    const plans = surveyPlans({ seed: 1, runsMax: 60 }).flatMap(({ hunts }) => hunts);
    const some = plans.filter((_, index) => index % SURVEYED === 0);
    expect(await byCrew(3, some)).toEqual(some.map(inThisThread));
  });

  it("throws what a hunt throws", async () => {
    const shape = { protocol: "none", bug: null };
    const plan: HuntPlan = { kind: "random", shape, setting: SETTING };
    await expect(byCrew(2, [plan])).rejects.toThrow(/no protocol "none"/);
  });

  it("fails in one line if a worker dies", async () => {
    const file = join(folder, "dies.mjs");
    writeFileSync(file, "throw new Error('first line\\nsecond line');\n");
    const crew = new Crew({ workers: 2, worker: pathToFileURL(file) });
    const [plan] = PLANS;
    if (plan === undefined) throw new Error("there are plans");
    const hunt = huntInThreads(crew, plan, 0, NOTHING);
    await expect(hunt).rejects.toThrow("a worker died before all was done: first line");
    await expect(huntInThreads(crew, plan, 0, NOTHING)).rejects.toThrow(WorkerDied);
    await crew.close();
  });
});

/** Output without what differs from one run to the next. */
function timeless(text: string): string {
  return text
    .replaceAll(/"seconds": [\d.e-]+/g, '"seconds": 0')
    .replaceAll(/\s+/g, " ")
    .replaceAll(/,? (in [\d.]+ s, )?[\d,]+ (schedules|interleavings)\/s/g, "");
}

async function outputOf(args: readonly string[]): Promise<string> {
  const { stdout, stderr, code } = await runCli(args);
  return `${timeless(stdout)}\n${stderr}\n${code}`;
}

describe("--workers", { timeout: 300_000 }, () => {
  it.each(COMMANDS)("%s prints the same bytes however many there are", async (...args) => {
    const one = await outputOf(args);
    for (const workers of CREWS) {
      // oxlint-disable-next-line no-await-in-loop -- one crew at a time
      expect(await outputOf([...args, "--workers", String(workers)])).toBe(one);
    }
  });

  it.each([
    [["hunt", "--bug", "C1"], "a hunt in one scenario under one protocol"],
    [["prove", "--bug", "C1", "--probes", "20"], "the proof of one scenario under one protocol"],
  ])("says of %s that it stays with one of them", async (args, what) => {
    const one = await runCli(args);
    const two = await runCli([...args, "--workers", "2"]);
    expect(timeless(two.stdout)).toBe(timeless(one.stdout));
    expect([one.stderr, two.stderr]).toEqual([
      "",
      `latchwork: ${what} stays with one worker, and there is one: ` +
        "1 of 2 workers has nothing to do\n",
    ]);
  });

  it("prints a partial result after Ctrl-C", async () => {
    let schedules = 0;
    // On a busy machine the workers may not have begun by then: later, if so.
    for (let waitMs = 4000; schedules === 0; waitMs *= 2) {
      const child = startCli(["hunt", "--runs", "1000000000", "--workers", "2", "--json"]);
      setTimeout(() => child.kill("SIGINT"), waitMs);
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const { code, stdout } = await ended(child);
      // Ended by the signal itself: it had not got as far as to listen for it.
      if (code === null) continue;
      const { results, found } = JSON.parse(stdout);
      expect(code).toBe(130);
      expect(found).toBe(false);
      expect(results[0].interrupted).toBe(true);
      schedules = results[0].schedules;
    }
  });

  it("says in one line that a worker died, and exits 74", async () => {
    const file = join(folder, "leaves.mjs");
    const text = `
      import { isMainThread } from "node:worker_threads";
      import { Crabbing } from "latchwork";
      export class Leaves extends Crabbing {
        name = "leaves";
        get(...given) { if (!isMainThread) process.exit(0); return super.get(...given); }
      }`;
    writeFileSync(file, text);
    const args = ["hunt", "--runs", "5000", "--workers", "2", "--protocol-file", file];
    const { code, stdout, stderr } = await spawnCli(args);
    expect(stdout).toBe("");
    expect(stderr).toBe(
      "latchwork: a worker died before all was done: it ended by itself, with 0\n",
    );
    expect(code).toBe(74);
  });
});
