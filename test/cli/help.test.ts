import { describe, expect, it } from "vitest";
import { STRATEGY_NAMES } from "../../src/sim/index.ts";
import { runCli } from "./run-cli.ts";

describe("help", () => {
  const races = ["hunt", "prove", "replay", "bugs", "protocols", "tour"];
  const database = ["tables", "inspect", "verify", "recover", "repartition"];
  const verbs = [...races, "lab", "check", ...database, "serve", "stress"];
  it.each(verbs)("of %s has an example and the exit codes", async (verb) => {
    const { code, stdout, stderr } = await runCli([verb, "--help"]);
    expect(stdout).toContain("  latchwork ");
    expect(stdout).toContain("Exit codes:");
    expect(stderr).toBe("");
    expect(code).toBe(0);
    await expect(stdout).toMatchFileSnapshot(`help/${verb}.txt`);
  });

  it("of hunt names every strategy", async () => {
    const words = (await runCli(["hunt", "--help"])).stdout.split(/[\s,;]+/);
    expect(words).toEqual(expect.arrayContaining(["portfolio", ...STRATEGY_NAMES]));
  });

  it("is the answer to no verb at all", async () => {
    const { code, stdout } = await runCli([]);
    expect(code).toBe(0);
    await expect(stdout).toMatchFileSnapshot("help/latchwork.txt");
  });

  it.each([["help"], ["help", "help"], ["help", "--help"], ["--help"]])(
    "is the same for %s %s",
    async (...words) => {
      expect((await runCli(words)).stdout).toBe((await runCli([])).stdout);
    },
  );

  it("of a verb can be asked for in two ways", async () => {
    const { code, stdout } = await runCli(["help", "replay"]);
    expect(stdout).toBe((await runCli(["replay", "--help"])).stdout);
    expect(code).toBe(0);
  });

  it("prints the version", async () => {
    const { code, stdout } = await runCli(["--version"]);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(code).toBe(0);
  });
});
