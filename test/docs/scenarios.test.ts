import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { formatScenario, huntScenario, parseScenario } from "../../src/hunt/index.ts";
import { defaultPortfolio } from "../../src/sim/index.ts";
import { runCli } from "../cli/run-cli.ts";

const page = readFileSync(new URL("../../docs/scenarios.md", import.meta.url), "utf8");
const [, example = ""] = /^```scenario\n([\s\S]*?)^```$/m.exec(page) ?? [];

const [, onDisk = ""] = /^```scenario-on-a-disk\n([\s\S]*?)^```$/m.exec(page) ?? [];

describe("the example with a disk", () => {
  it("is read, and written the same but for its comment", () => {
    const { scenario } = parseScenario(onDisk);
    expect(formatScenario(scenario)).toBe(onDisk.replace(/^#.*\n/, ""));
  });

  it("gives what the page shows, but for its figures", async () => {
    const folder = mkdtempSync(join(tmpdir(), "latchwork-"));
    const path = join(folder, "example.txt");
    writeFileSync(path, onDisk);
    const { stdout } = await runCli(["hunt", path, "--exhaustive", "--preemptions", "0"]);
    rmSync(folder, { recursive: true });
    // How many schedules there are is the engine's affair, and how many a second the machine's.
    const plain = (text: string): string => text.replaceAll(/[\d,]+/g, "N");
    expect(plain(page)).toContain(plain(stdout.replace(path, "example.txt")));
  });
});

describe("the example of docs/scenarios.md", () => {
  it("is read, and written the same but for its comment", () => {
    const { scenario } = parseScenario(example);
    expect(formatScenario(scenario)).toBe(example.replace(/^#.*\n/, ""));
  });

  it("is clean", () => {
    const options = { seed: 1, runsMax: 2000, strategies: defaultPortfolio };
    expect(huntScenario(parseScenario(example).scenario, options).verdict.finding).toBeNull();
  });
});
