import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { ended, runCli, startCli } from "./run-cli.ts";

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
  it.each(LONG)("%s ends without a word", async (_what, args) => {
    const child = startCli(args);
    const result = ended(child);
    child.stdin.end();
    child.stdout.once("data", () => child.stdout.destroy());
    const { code, stderr } = await result;
    expect(stderr).toBe("");
    expect([0, 1]).toContain(code);
  });

  it("a shell's pipe ends it too", () => {
    const script = `"${process.execPath}" dist/cli/main.js bugs --hunt --runs 1000000 | head -1`;
    const { stdout, stderr } = spawnSync("sh", ["-c", script], { encoding: "utf8" });
    expect(stdout).toMatch(/^bug +protocol [^\n]*\n$/);
    expect(stderr).toBe("");
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
    expect(intoFull("protocols").status).toBe(74);
  });

  it("a finding that cannot be saved is told all the same", async () => {
    const { code, stdout, stderr } = await runCli(["hunt", "--bug", "C1", "--save", "/dev/full"]);
    expect(stdout).toMatch(/latchwork replay 'LW1:.*'\n$/);
    expect(stderr).toMatch(/^latchwork: cannot write \/dev\/full: [^\n]*\n$/);
    expect(code).toBe(1);
  });
});
