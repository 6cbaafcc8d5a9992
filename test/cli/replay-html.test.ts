import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { formatReplay } from "../../src/hunt/index.ts";
import { storyPage } from "../../src/lab/index.ts";
import { formatSchedule } from "../../src/sim/index.ts";
import { failingRun } from "../support/failing-run.ts";
import { runCli } from "./run-cli.ts";

const folder = mkdtempSync(join(tmpdir(), "latchwork-story-"));
afterAll(() => rmSync(folder, { recursive: true }));

const { scenario, schedule } = failingRun("C1");
const line = formatReplay(scenario, formatSchedule(schedule));
const file = join(folder, "story.html");

describe("replay --html", () => {
  it("writes the page of the run beside its story", async () => {
    const { code, stdout, stderr } = await runCli(["replay", line, "--html", file]);
    expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
    expect(stdout).toMatch(/\nwrote \S+story\.html\n$/);
    expect(readFileSync(file, "utf8")).toBe(storyPage(scenario, schedule));
  });

  it("is of the run under the other protocol, where one is asked for", async () => {
    const args = ["replay", line, "--protocol", "crabbing", "--html", file, "--json"];
    const { code, stdout } = await runCli(args);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ kind: null, wrote: [file] });
    const right = { ...scenario, bug: null };
    expect(readFileSync(file, "utf8")).toBe(storyPage(right, schedule, [], "loose"));
  });

  it("is of a protocol of one's own, and says how to replay that", async () => {
    const mine = join(folder, "mine.mjs");
    const text = 'export class Mine extends Crabbing { name = "mine"; }';
    writeFileSync(mine, `import { Crabbing } from "latchwork";\n${text}\n`);
    const args = ["replay", line, "--protocol-file", mine, "--html", file];
    const { code, stderr } = await runCli(args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const page = readFileSync(file, "utf8");
    expect(page).toContain('<p><span class="badge good">✓ no failure</span> mine;');
    expect(page).toContain(`--protocol-file ${mine}`);
  });

  it("does not write over what it reads", async () => {
    const saved = join(folder, "saved.txt");
    writeFileSync(saved, line);
    const { code, stderr } = await runCli(["replay", saved, "--html", saved]);
    expect(code).toBe(2);
    expect(stderr).toBe(`latchwork: --html would overwrite ${saved}; name another file\n`);
  });
});
