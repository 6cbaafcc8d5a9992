import { describe, expect, it } from "vitest";
import { BUGS } from "../../src/hunt/index.ts";
import { budget, IS_CAMPAIGN } from "../campaign.ts";
import { BUG_TABLE, LOG_BUG_TABLE } from "../hunt/bugs/bug-table.ts";
import { type CliResult, ended, runCli, startCli } from "./run-cli.ts";

const HUNT_TIMEOUT_MS = 300_000;

/** With this seed each bug is found within so many schedules; a thousand are not too many for W6. */
const MANY = ["--runs", "1000", "--seed", "2"];

/** What so few schedules find is known, by the table that test/hunt/bugs compares. */
const ONE = ["--runs", "1", "--seed", "1"];
const FOUND_AT_ONCE = [...BUG_TABLE, ...LOG_BUG_TABLE].filter(({ schedules }) => schedules === 1);

/** Whether a row must be as expected. */
function isSure({ id, expect: wanted }: { readonly id: string; readonly expect: string }): boolean {
  return IS_CAMPAIGN || wanted === "clean" || FOUND_AT_ONCE.some((bug) => bug.id === id);
}

describe("bugs", () => {
  it("lists every bug with its kind, protocol, preemptions and title", async () => {
    const { code, stdout } = await runCli(["bugs"]);
    for (const { id, title } of BUGS) {
      expect(stdout).toContain(id);
      expect(stdout).toContain(title);
    }
    expect(code).toBe(0);
  });

  it("shows one in full with its scenario", async () => {
    const { code, stdout } = await runCli(["bugs", "c1"]);
    expect(stdout).toContain("C1: a reader releases the parent before it latches the child");
    expect(stdout).toContain("task get 30\n");
    expect(stdout).toContain("latchwork hunt --bug C1");
    expect(code).toBe(0);
  });

  it(
    "hunts all of them, and the right protocols, and finds what it should",
    async () => {
      const many = budget({ short: ONE, campaign: MANY });
      const { code, stdout, stderr } = await runCli(["bugs", "--hunt", "--json", ...many]);
      const { rows, ok } = JSON.parse(stdout);
      expect(stderr).toBe("");
      for (const row of rows.filter(isSure)) expect(row).toMatchObject({ ok: true });
      expect(rows.map(({ id }: { id: string }) => id)).toEqual([
        ...BUGS.map(({ id }) => id),
        "tree-mutex",
        "tree-mutex-durable",
        "tree-rw",
        "crabbing",
        "optimistic-crabbing",
        "crabbing-path-cache",
        "olc",
        "sx-tree",
        "lanin-shasha",
        "b-link",
        "foster",
      ]);
      expect(Object.keys(rows[0])).toEqual([
        "id",
        "protocol",
        "expect",
        "found",
        "strategy",
        "schedules",
        "tasks",
        "operations",
        "preemptions",
        "limit",
        "ok",
      ]);
      const isAllOk = rows.every((row: { readonly ok: boolean }) => row.ok);
      expect(ok).toBe(isAllOk);
      expect(code).toBe(isAllOk ? 0 : 1);
    },
    HUNT_TIMEOUT_MS,
  );
});

describe("bugs --hunt --matrix", () => {
  const args = ["bugs", "C4", "--hunt", "--matrix", "--seeds", "2", "--runs", "20"];

  it("prints for each strategy how many schedules it takes", async () => {
    const { code, stdout, stderr } = await runCli(args);
    expect(stderr).toBe("");
    expect(stdout).toMatch(/^bug +portfolio +dfs:2 +random/);
    expect(stdout).toMatch(/^C4( +1\.0)+$/m);
    expect(stdout).toContain("1 bug, 2 hunts each, of at most 20 schedules");
    expect(code).toBe(0);
  });

  it("prints the same as JSON", async () => {
    const { code, stdout } = await runCli([...args, "--json"]);
    const { rows, seeds, runs, interrupted } = JSON.parse(stdout);
    expect({ seeds, runs, interrupted }).toEqual({ seeds: 2, runs: 20, interrupted: false });
    expect(rows.map(({ id }: { id: string }) => id)).toEqual(["C4"]);
    const [portfolio] = rows[0].cells;
    expect(portfolio).toEqual({
      strategy: "portfolio",
      hunts: 2,
      found: 2,
      schedules: 2,
      mean: 1,
    });
    expect(code).toBe(0);
  });
});

describe("a survey that is stopped by Ctrl-C", () => {
  // So many schedules that it does not get to its end by itself.
  const args = ["bugs", "--hunt", "--runs", "1000000"];

  async function stopped(words: readonly string[]): Promise<CliResult> {
    const child = startCli(words);
    const result = ended(child);
    child.stdout.once("data", () => child.stdout.once("data", () => child.kill("SIGINT")));
    return result;
  }

  it("says how much of it was made, and not that all is well", async () => {
    const { code, stdout, stderr } = await stopped(args);
    const sum = /^stopped after (\d+) of (\d+) rows, all of these as expected$/m.exec(stdout);
    expect(Number(sum?.[2])).toBe(BUGS.length + 11);
    expect(Number(sum?.[1])).toBe(stdout.match(/ ok$/gm)?.length);
    expect(Number(sum?.[1])).toBeLessThan(BUGS.length + 11);
    expect(stdout).not.toMatch(/rows, all as expected/);
    expect(stderr).toBe("");
    expect(code).toBe(130);
  });

  it.runIf(IS_CAMPAIGN).each([args, ["tour"]])("says so in JSON: %s", async (...words) => {
    const { code, stdout } = await stopped([...words, "--json"]);
    const { rows, ok, interrupted } = JSON.parse(stdout);
    expect(rows.length).toBeGreaterThan(0);
    expect({ ok, interrupted }).toEqual({ ok: false, interrupted: true });
    expect(code).toBe(130);
  });
});

describe("protocols", () => {
  it("names scan promise, latch order and source of each", async () => {
    const { code, stdout } = await runCli(["protocols", "--json"]);
    const { protocols } = JSON.parse(stdout);
    expect(protocols).toHaveLength(11);
    for (const one of protocols) {
      for (const field of ["name", "scan", "order", "source"]) expect(one[field]).not.toBe("");
    }
    expect(code).toBe(0);
  });
});
