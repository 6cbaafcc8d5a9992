import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import {
  bugNamed,
  formatReplay,
  formatScenario,
  parseScenario,
  scenarioOfBug,
} from "../../src/hunt/index.ts";
import { ended, runCli, startCli } from "./run-cli.ts";
import { budget, IS_CAMPAIGN } from "../campaign.ts";

// Each of these would run for many minutes, if not for hours.
const LONG: readonly (readonly [what: string, args: readonly string[]])[] = [
  ["the tour", ["tour"]],
  ["a survey in JSON", ["bugs", "--hunt", "--runs", "1000000", "--json"]],
  [
    "many hunts",
    ["hunt", ...Array<string>(50).fill("scenarios/smallest_split.txt"), "--runs", "100000"],
  ],
];

describe("when nobody reads what is printed", () => {
  it.each(budget({ short: LONG.slice(1, 2), campaign: LONG }))(
    "%s ends without a word",
    async (_what, args) => {
      const child = startCli(args);
      const result = ended(child);
      child.stdin.end();
      child.stdout.once("data", () => child.stdout.destroy());
      const { code, stderr } = await result;
      expect(stderr).toBe("");
      // Nothing was found, but not all was hunted.
      expect(code).toBe(74);
    },
  );

  it.runIf(IS_CAMPAIGN)("a shell's pipe ends it too", () => {
    const script = `"${process.execPath}" dist/cli/main.js bugs --hunt --runs 1000000 | head -1`;
    const { stdout, stderr } = spawnSync("sh", ["-c", script], { encoding: "utf8" });
    expect(stdout).toMatch(/^bug +protocol [^\n]*\n$/);
    expect(stderr).toBe("");
  });
});

/** Runs the command in a shell until its reader has seen one line, and gives its exit code. */
function headOf(...args: string[]): number | null {
  const script = `("${process.execPath}" dist/cli/main.js ${args.join(" ")}; echo $? >&2) | head -1`;
  const { stderr } = spawnSync("sh", ["-c", script], { encoding: "utf8" });
  expect(stderr).toMatch(/^\d+\n$/);
  return Number(stderr);
}

describe("when the reader goes away", () => {
  const folder = mkdtempSync(join(tmpdir(), "latchwork-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const rest = [...Array<string>(50).fill("scenarios/smallest_split.txt"), "--runs", "2000"];

  it("what was not hunted is not found right", () => {
    expect(headOf("hunt", ...rest)).toBe(74);
  });

  it.runIf(IS_CAMPAIGN)("what was not hunted is not found right in JSON either", () => {
    expect(headOf("hunt", ...rest, "--json")).toBe(74);
  });

  it("what was found stays the exit code", () => {
    const found = join(folder, "found.txt");
    writeFileSync(found, formatScenario(scenarioOfBug(bugNamed("C1"))));
    expect(headOf("hunt", found, ...rest)).toBe(1);
  });

  it.runIf(IS_CAMPAIGN)("what a survey found stays the exit code", () => {
    // With one schedule the first bug is missed, so the first row is not as expected.
    expect(headOf("bugs", "--hunt", "--runs", "1")).toBe(1);
  });

  it.runIf(IS_CAMPAIGN)("a run that was replayed was judged", async () => {
    const { stdout } = await runCli(["hunt", "--bug", "C1"]);
    const [, line = ""] = /replay '(LW1:.*)'/.exec(stdout) ?? [];
    expect(headOf("replay", `'${line}'`)).toBe(1);
  });

  it.runIf(IS_CAMPAIGN)("nothing is missed where nothing is judged, or all was", async () => {
    const { stdout } = await runCli(["hunt", "--bug", "C1"]);
    const [, line = ""] = /replay '(LW1:.*)'/.exec(stdout) ?? [];
    expect(headOf("replay", `'${line}'`, "--protocol", "crabbing")).toBe(0);
    expect(headOf("protocols")).toBe(0);
  });
});

describe("when the output cannot be written", () => {
  const intoFull = (...args: string[]): { status: number | null; stderr: string } => {
    const script = `"${process.execPath}" dist/cli/main.js ${args.join(" ")} > /dev/full`;
    return spawnSync("sh", ["-c", script], { encoding: "utf8" });
  };

  it("a failure that was found stays the exit code", () => {
    const { status, stderr } = intoFull("hunt", "--bug", "C1");
    expect(stderr).toMatch(/^latchwork: the output could not be written: ENOSPC[^\n]*\n$/);
    expect(status).toBe(1);
  });

  it("is exit code 74 if nothing was found", () => {
    expect(intoFull("hunt", "--protocol", "crabbing", "--runs", "10").status).toBe(74);
  });

  it.runIf(IS_CAMPAIGN)("is exit code 74 where nothing is hunted", () => {
    expect(intoFull("protocols").status).toBe(74);
  });

  it("a run whose trace cannot be written is told all the same, as a hunt's is", async () => {
    const bug = scenarioOfBug(bugNamed("C1"));
    const failing = formatReplay(bug, "a2b4a");
    const { scenario } = parseScenario("tree [10]\ntask get 10\ntask put 5\n");
    const right = formatReplay({ ...scenario, protocol: "crabbing" }, "abab2");
    const hunted = await runCli(["hunt", "--bug", "C1", "--trace", "/dev/full"]);
    const failed = await runCli(["replay", failing, "--trace", "/dev/full"]);
    const clean = await runCli(["replay", right, "--trace", "/dev/full"]);
    expect([hunted.code, failed.code, clean.code]).toEqual([1, 1, 74]);
    for (const { stdout, stderr } of [hunted, failed, clean]) {
      expect(stdout).toMatch(/latchwork replay 'LW1:.*'\n$/);
      expect(stderr).toMatch(/^latchwork: cannot write \/dev\/full: [^\n]*\n$/);
    }
  });

  it("a finding that cannot be saved is told all the same", async () => {
    const { code, stdout, stderr } = await runCli(["hunt", "--bug", "C1", "--save", "/dev/full"]);
    expect(stdout).toMatch(/latchwork replay 'LW1:.*'\n$/);
    expect(stderr).toMatch(/^latchwork: cannot write \/dev\/full: [^\n]*\n$/);
    expect(code).toBe(1);
  });
});
