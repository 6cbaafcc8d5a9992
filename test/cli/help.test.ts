import { describe, expect, it } from "vitest";
import { runCli } from "./run-cli.ts";

describe("help", () => {
  const races = ["hunt", "replay", "bugs", "protocols", "tour"];
  const verbs = [...races, "check", "inspect", "verify", "recover"];
  it.each(verbs)("of %s has an example and the exit codes", async (verb) => {
    const { code, stdout, stderr } = await runCli([verb, "--help"]);
    expect(stdout).toContain("  latchwork ");
    expect(stdout).toContain("Exit codes:");
    expect(stderr).toBe("");
    expect(code).toBe(0);
    await expect(stdout).toMatchFileSnapshot(`help/${verb}.txt`);
  });

  it("is the answer to no verb at all", async () => {
    const { code, stdout } = await runCli([]);
    expect(code).toBe(0);
    await expect(stdout).toMatchFileSnapshot("help/latchwork.txt");
  });

  it("prints the version", async () => {
    const { code, stdout } = await runCli(["--version"]);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(code).toBe(0);
  });
});
