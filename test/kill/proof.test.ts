import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { createPrng, type Prng } from "../../src/task/index.ts";
import { budget } from "../campaign.ts";
import { type CliResult, ended, runCli, startCli } from "../cli/run-cli.ts";

const folder = mkdtempSync(join(tmpdir(), "latchwork-kill-proof-"));
afterAll(() => rmSync(folder, { recursive: true }));

interface Load {
  /** The tasks of each scenario. */
  readonly tasks: readonly (readonly string[])[];
  readonly protocol: readonly string[];
  /** Kills at some time, and how long a process lives at most before one. */
  readonly kills: number;
  readonly lifeMsMax: number;
}

const LOAD = budget<Load>({
  // Some hundred interleavings each. A process needs half a second before it begins.
  short: {
    tasks: [
      ["insert 15", "delete 30", "scan"],
      ["insert 15", "delete 30", "get 40"],
    ],
    protocol: ["--protocol", "crabbing"],
    kills: 1,
    lifeMsMax: 900,
  },
  // 41,261 under optimistic crabbing, which take ten seconds or more.
  campaign: {
    tasks: [["insert 15 then get 30", "delete 30 then get 10", "insert 25"]],
    protocol: [],
    kills: 60,
    lifeMsMax: 2_500,
  },
});
const SCENARIOS = LOAD.tasks.map((tasks, index) => {
  const path = join(folder, `${index}.txt`);
  const lines = ["capacity 2", "tree [10,20][30,40]", ...tasks.map((one) => `task ${one}`), ""];
  writeFileSync(path, lines.join("\n"));
  return path;
});
const COMMAND = ["prove", ...SCENARIOS, ...LOAD.protocol, "--probes", "20", "--json"];
const FILE = join(folder, "checkpoint");
const FATAL = new URL("fatal-write.mjs", import.meta.url).href;

/** Each step by which the file is written, and each moment at it. */
const ALL_FATES = [
  { call: "writeFileSync", number: 1, moment: "amid" },
  { call: "renameSync", number: 1, moment: "after" },
  { call: "renameSync", number: 1, moment: "before" },
  { call: "openSync", number: 1, moment: "after" },
  { call: "fsyncSync", number: 1, moment: "before" },
  { call: "writeFileSync", number: 2, moment: "amid" },
  { call: "renameSync", number: 2, moment: "after" },
] as const;
const FATES = ALL_FATES.slice(0, budget({ short: 2, campaign: ALL_FATES.length }));

function kept(workers: number): string[] {
  return [...COMMAND, "--checkpoint", FILE, "--workers", String(workers)];
}

async function proveAndDieAt(fate: (typeof ALL_FATES)[number], workers: number): Promise<void> {
  const env = { NODE_OPTIONS: `--import=${FATAL}`, FATAL_WRITE: JSON.stringify(fate) };
  const child = startCli(kept(workers), env);
  const { stderr } = await ended(child);
  expect([fate, child.signalCode, stderr]).toEqual([fate, "SIGKILL", ""]);
}

/** Kills it at some time; it may be done before. */
async function proveAndDieSoon(prng: Prng, workers: number): Promise<void> {
  const child = startCli(kept(workers));
  const timer = setTimeout(() => child.kill("SIGKILL"), prng.below(LOAD.lifeMsMax));
  const { code, stderr } = await ended(child);
  clearTimeout(timer);
  expect([null, 0]).toContain(code);
  expect(stderr).toBe("");
}

/** What a command said of its proofs, but for the times. */
function timeless({ code, stdout }: CliResult): object {
  const { results } = JSON.parse(stdout);
  return { code, results: results.map((one: object) => ({ ...one, seconds: 0 })) };
}

it("killed at any moment, a proof that is resumed comes to the same", async () => {
  const prng = createPrng("kill proofs");
  const whole = timeless(await runCli(COMMAND));
  for (const [index, fate] of FATES.entries()) {
    const before = existsSync(FILE) ? readFileSync(FILE, "utf8") : null;
    // oxlint-disable-next-line no-await-in-loop -- one goes on from the other
    await proveAndDieAt(fate, (index % 2) + 1);
    const after = existsSync(FILE) ? readFileSync(FILE, "utf8") : null;
    expect(after === before).toBe(fate.moment !== "after" || fate.call !== "renameSync");
  }
  for (let i = 0; i < LOAD.kills; i++) {
    // oxlint-disable-next-line no-await-in-loop -- one goes on from the other
    await proveAndDieSoon(prng, (i % 2) + 1);
  }
  expect(timeless(await ended(startCli(kept(2))))).toEqual(whole);
  // And once more, with nothing left to do.
  expect(timeless(await runCli(kept(1)))).toEqual(whole);
}, 3_600_000);
