import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");

function started(...words: string[]) {
  const { status, stderr, stdout } = spawnSync(process.execPath, words, {
    cwd: root,
    encoding: "utf8",
  });
  return { status, stderr, stdout };
}

describe("a campaign's command line", () => {
  it("is explained by --help", () => {
    const stdout = "npm run test:kill-http -- [RUNS] [--seed S] [--json]\n";
    expect(started("test/http/kill.mjs", "--help")).toEqual({ status: 0, stderr: "", stdout });
  });

  it("is refused in one line", () => {
    const stderr = '--rounds must be a whole number above 0, not "half"; see --help\n';
    expect(started("test/kill/kill.mjs", "--rounds", "half")).toEqual({
      status: 2,
      stderr,
      stdout: "",
    });
    const other = started("test/kill/damage.mjs", "--bogus");
    expect(other.status).toBe(2);
    expect(other.stderr).toMatch(/^[^\n]*--bogus[^\n]*; see --help\n$/u);
  });
});
