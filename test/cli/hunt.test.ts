import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { ended, runCli, spawnCli, startCli } from "./run-cli.ts";
import { budget, IS_CAMPAIGN } from "../campaign.ts";

const folder = mkdtempSync(join(tmpdir(), "latchwork-"));
afterAll(() => rmSync(folder, { recursive: true }));

const SCENARIO = "capacity 2\ntree [10,20][30,40]\ntask get 20\ntask insert 15\n";
const DRAWN = budget({ short: "60", campaign: "600" });
const PREEMPTIONS = budget({ short: "1", campaign: "2" });
const ENDLESS = `capacity 2
tree [10,20][30,40]
task insert 15 then delete 30 then scan
task insert 35 then delete 10 then scan
task insert 25 then delete 40 then scan
`;

/** The path of a file that holds a scenario. */
function fileOf(text: string): string {
  const path = join(folder, "given.txt");
  writeFileSync(path, text);
  return path;
}

/** A text whose lines are not broken to fit a width. */
function unfolded(text: string): string {
  return text.replaceAll(/\s+/g, " ");
}

describe("hunt", () => {
  it("finds a planted bug, tells its story, and exits 1", async () => {
    const { code, stdout, stderr } = await runCli(["hunt", "--bug", "C1"]);
    expect(stdout).toMatch(/^found: not-linearizable in crabbing with bug C1/);
    expect(stdout).toContain("no fewer preemptions do");
    expect(stdout).toMatch(/latchwork replay 'LW1:.*'\n$/);
    expect(stderr).toBe("");
    expect(code).toBe(1);
  });

  it("finds nothing in a right protocol, says how much was explored, and exits 0", async () => {
    const args = ["hunt", "-", "--protocol", "crabbing", "--exhaustive", "--preemptions", "2"];
    const { code, stdout } = await spawnCli(args, SCENARIO);
    expect(stdout).toMatch(/^clean: nothing found in crabbing, standard input\n/);
    expect(stdout).toContain("every one with at most 2 preemptions");
    expect(code).toBe(0);
  });

  it("runs a scenario without a protocol under each", async () => {
    const { code, stdout } = await runCli(["hunt", fileOf(SCENARIO), "--runs", "50"]);
    expect(stdout.match(/^clean {2}/gm)).toHaveLength(11);
    expect(stdout).toContain("total: 11 hunts, 0 failures found");
    expect(code).toBe(0);
  });

  it(`passes fixed scenarios within preemptions: ${PREEMPTIONS}, under every protocol`, async () => {
    // Those on a disk are longer: test/hunt/durable-scenarios.test.ts passes them with one.
    const names = readdirSync("scenarios")
      .filter((name) => !name.startsWith("durable_"))
      .map((name) => `scenarios/${name}`);
    expect(names.length).toBeGreaterThanOrEqual(20);
    const hunted = names.slice(0, budget({ short: 10, campaign: names.length }));
    const args = ["hunt", "--exhaustive", "--preemptions", PREEMPTIONS, "--json", ...hunted];
    const { code, stdout } = await runCli(args);
    const { results, found } = JSON.parse(stdout);
    expect(results).toHaveLength(11 * hunted.length);
    expect(found).toBe(false);
    expect(code).toBe(0);
  });

  it("prints JSON and nothing else", async () => {
    const { code, stdout } = await runCli(["hunt", "--bug", "C1", "--json", "--seed", "7"]);
    const { results, found } = JSON.parse(stdout);
    expect(stdout).toBe(`${JSON.stringify(JSON.parse(stdout), null, 2)}\n`);
    expect(found).toBe(true);
    expect(Object.keys(results[0])).toEqual([
      "source",
      "protocol",
      "bug",
      "found",
      "kind",
      "strategy",
      "schedules",
      "foundAfter",
      "scenarios",
      "distinctInterleavings",
      "unseenInterleavings",
      "coverage",
      "interrupted",
      "seconds",
      "shrunk",
      "replay",
      "story",
    ]);
    expect(results[0].story.tasks).toEqual(["a", "b"]);
    expect(code).toBe(1);
  });

  it("saves a finding that replays, with the same trace", async () => {
    const [save, trace, again] = ["found.txt", "one", "two"].map((name) => join(folder, name));
    const hunted = await runCli([
      "hunt",
      "--bug",
      "C5",
      "--save",
      `${save}`,
      "--trace",
      `${trace}`,
    ]);
    expect(unfolded(hunted.stdout)).toContain(`wrote ${save} wrote ${trace}`);
    const { code, stdout } = await runCli(["replay", `${save}`, "--trace", `${again}`]);
    expect(stdout).toMatch(/^deadlock: /);
    expect(unfolded(stdout)).toContain(`wrote ${again}`);
    expect(code).toBe(1);
    expect(readFileSync(`${again}`, "utf8")).toBe(readFileSync(`${trace}`, "utf8"));
  });

  it("names in JSON what it wrote", async () => {
    const [save, trace] = ["j.txt", "j"].map((name) => join(folder, name));
    const bug = ["hunt", "--bug", "C5", "--json", "--save", `${save}`, "--trace", `${trace}`];
    const hunted = JSON.parse((await runCli(bug)).stdout) as object;
    expect(hunted).toMatchObject({ found: true, wrote: [save, trace] });
    const { stdout } = await runCli(["replay", `${save}`, "--trace", `${trace}`, "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({ kind: "deadlock", wrote: [trace] });
  });

  it.each([[], ["--json"]])("says so if it finds nothing to write: %j", async (...json) => {
    const trace = join(folder, "old.jsonl");
    writeFileSync(trace, "old\n");
    const args = ["hunt", "--protocol", "crabbing", "--runs", "10", "--trace", trace, ...json];
    const { code, stdout, stderr } = await runCli(args);
    expect(stderr).toBe(`latchwork: nothing found, ${trace} not written\n`);
    expect(stdout).not.toContain("not written");
    expect(readFileSync(trace, "utf8")).toBe("old\n");
    expect(code).toBe(0);
  });

  it("saves each of several findings, numbered", async () => {
    const [save, second] = ["some.txt", "some-2.txt"].map((name) => join(folder, name));
    const scenario = join(folder, "c5.txt");
    writeFileSync(scenario, "bug C5\ncapacity 2\ntree [20][30]\ntask delete 30\ntask scan\n");
    await runCli(["hunt", scenario, scenario, "--save", `${save}`]);
    for (const path of [save, second]) {
      expect((await runCli(["replay", `${path}`])).stdout).toMatch(/^deadlock: /);
    }
  });

  it("says so if it passes over a schedule", async () => {
    const path = fileOf(`${SCENARIO}schedule a3b2\n`);
    const args = ["hunt", path, "--protocol", "crabbing", "--runs", "10"];
    const { code, stderr } = await runCli(args);
    expect(stderr).toMatch(/^latchwork: [^\n]*given.txt: its line "schedule ..." [^\n]+\n$/);
    expect(code).toBe(0);
  });

  it("puts a scenario on a disk that crashes", async () => {
    const args = [
      "hunt",
      fileOf(SCENARIO),
      "--protocol",
      "crabbing",
      "--crashes",
      "--runs",
      "20",
      "--pool",
      "8",
    ];
    const { code, stdout } = await runCli(args);
    expect(stdout).toMatch(/^clean: nothing found in crabbing, .*given.txt\n/);
    expect(code).toBe(0);
  });

  it("draws scenarios on a disk that crashes", async () => {
    const args = ["hunt", "--protocol", "crabbing", "--crashes", "2", "--runs", DRAWN, "--reads"];
    const { code, stdout } = await runCli([...args, "durable"]);
    expect(stdout).toMatch(/^clean: nothing found in crabbing, random scenarios on a disk\n/);
    expect(code).toBe(0);
  });

  it("runs every schedule twice if asked to", async () => {
    const args = ["hunt", "--protocol", "crabbing", "--runs", "300", "--check-determinism"];
    const { code, stdout } = await runCli(args);
    expect(stdout).toContain("300 schedules");
    expect(code).toBe(0);
  });

  it("ends at Ctrl-C with what was explored until then, and exits 130", async () => {
    const child = startCli(["hunt", "scenarios/smallest_split.txt", "-", "--exhaustive"]);
    child.stdin.end(ENDLESS);
    const result = ended(child);
    // The first lines tell that the handler is in place.
    await new Promise((resolve) => child.stdout.once("data", resolve));
    child.kill("SIGINT");
    const { code, stdout, stderr } = await result;
    expect(stdout).toMatch(/interrupted\n/);
    expect(stdout).toMatch(/total: \d+ hunts?, 0 failures found/);
    expect(stderr).toBe("");
    expect(code).toBe(130);
  });

  // Likewise: closed-output.test.ts.
  it.runIf(IS_CAMPAIGN)("ends without a word when nobody reads what it prints", async () => {
    const child = startCli(["hunt", "--bug", "C1", "--json"]);
    child.stdin.end();
    child.stdout.destroy();
    const { code, stderr } = await ended(child);
    expect(stderr).toBe("");
    expect([0, 1]).toContain(code);
  });
});
