import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { PROTOCOLS } from "../../src/btree/index.ts";
import { budget } from "../campaign.ts";

const RUNNER = fileURLToPath(new URL("./level-suite.mjs", import.meta.url));
const DATABASE = new URL("../../dist/level/index.js", import.meta.url).href;
const STORAGE = new URL("../../dist/storage/index.js", import.meta.url).href;
/** Files that nobody syncs to a disk are real enough for a suite that crashes nothing. */
const FILES_ROOT = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
/** Where its files are; in memory is quicker. */
type Place = "files" | "memory";
/** The suite of abstract-level 3.1.1 makes 4,304 assertions of a level that has what ours has. */
const FEWEST_PASSED = 4_000;

interface Outcome {
  readonly status: number | null;
  readonly passed: number;
  readonly failures: readonly string[];
}

function runSuite(protocol: string, where: Place, options: object): Promise<Outcome> {
  // The suite's own comparison throws and catches all the time: short stacks halve its time.
  const args = [
    "--stack-trace-limit=1",
    RUNNER,
    DATABASE,
    STORAGE,
    protocol,
    where,
    JSON.stringify(options),
  ];
  const env = { ...process.env, TMPDIR: FILES_ROOT };
  const child = spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  return new Promise((resolve) => {
    child.on("close", (status) => {
      const passed = Number(/^# pass +(\d+)$/m.exec(output)?.[1] ?? 0);
      resolve({ status, passed, failures: output.match(/^not ok .*$/gm) ?? [] });
    });
  });
}

type Setup = readonly [protocol: string, where: Place, options: object];

/** All that there is at once; the suite over a table has none of it, and is on files. */
const FULLEST: Setup = ["optimistic-crabbing", "memory", { partitions: 4, writeBatching: {} }];

const SETUPS: readonly Setup[] = [
  ...PROTOCOLS.map(({ name }): Setup => [name, "memory", {}]),
  ["optimistic-crabbing", "files", {}],
  ["tree-mutex", "memory", { partitions: 3 }],
  ["tree-mutex-durable", "memory", { writeBatching: { windowMs: 0.2 } }],
  ["optimistic-crabbing", "files", { partitions: 4, writeBatching: {} }],
  FULLEST,
];

// One level holds for all: the whole published suite passes, and none of it is left out but what
// the manifest says we do not have.
describe.concurrent("the suite of abstract-level", () => {
  it.each(budget({ short: [FULLEST], campaign: SETUPS }))(
    "passes under %s in %s, with %j",
    async (protocol, where, options) => {
      const { status, passed, failures } = await runSuite(protocol, where, options);
      expect(failures).toEqual([]);
      expect(passed).toBeGreaterThan(FEWEST_PASSED);
      expect(status).toBe(0);
    },
    240_000,
  );
});
