import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { FaultyServer } from "../stress/faulty-server.ts";
import { ended, runCli, startCli } from "./run-cli.ts";

const folder = mkdtempSync(join(tmpdir(), "latchwork-stress-"));
const right = new FaultyServer(null);
let url = "";
beforeAll(async () => {
  url = await right.listen();
});
afterAll(async () => {
  await right.close();
  rmSync(folder, { recursive: true });
});

const SHORT = ["--requests", "600", "--keys", "10", "--clients", "4"];

describe("latchwork stress", () => {
  it("records what latchwork check judges", async () => {
    const file = join(folder, "right.jsonl");
    const { code, stdout } = await runCli(["stress", url, ...SHORT, "--record", file]);
    expect(stdout).toMatch(/^held: http:\/\/127\.0\.0\.1:\d+, 600 requests answered in /);
    expect(stdout).toContain("read back at the end: 30 keys, 0 wrong");
    expect(stdout).toContain(`latchwork check ${file} --model kv\n`);
    expect(code).toBe(0);
    const checked = await runCli(["check", file, "--model", "kv"]);
    expect(checked.stdout).toContain("linearizable (");
    expect(checked.code).toBe(0);
  });

  it("ends with 1 where a server lost what it acknowledged, as the check of it does", async () => {
    const server = new FaultyServer("lose", 2);
    const file = join(folder, "lost.jsonl");
    const at = await server.listen();
    const { code, stdout } = await runCli(["stress", at, ...SHORT, "--record", file]);
    await server.close();
    expect(stdout).toMatch(/^failed: /);
    expect(stdout).toContain("\n  lost: ");
    expect(code).toBe(1);
    const checked = await runCli(["check", file, "--model", "kv"]);
    expect(checked.stdout).toContain("not linearizable");
    expect(checked.code).toBe(1);
  });

  it("ends with 1 where a server failed, and says what it answered", async () => {
    const server = new FaultyServer("fail");
    const at = await server.listen();
    const { code, stdout } = await runCli(["stress", at, ...SHORT, "--json"]);
    await server.close();
    const report = JSON.parse(stdout);
    expect(report.statuses["500"]).toBe(server.faults);
    expect(report.problems).toEqual([expect.stringContaining("status 500")]);
    expect(report.all).toMatchObject({ count: report.answered });
    expect(report.record).toBeNull();
    expect(code).toBe(1);
  });

  it("keeps an old recording if there is no server", async () => {
    const file = join(folder, "old.jsonl");
    writeFileSync(file, "old\n");
    const { code } = await runCli(["stress", "http://127.0.0.1:1", "--record", file]);
    expect(code).toBe(2);
    expect(readFileSync(file, "utf8")).toBe("old\n");
  });

  it("ends at Ctrl-C with what was answered until then", async () => {
    const enough = right.served + 1000;
    const child = startCli(["stress", url, "--seconds", "600", "--json"]);
    const end = ended(child);
    await vi.waitUntil(() => right.served > enough, { timeout: 50_000 });
    child.kill("SIGINT");
    const { code, stdout } = await end;
    expect(JSON.parse(stdout).answered).toBeGreaterThan(0);
    expect(code).toBe(130);
  });
});
