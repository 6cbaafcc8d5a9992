import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startServeIn, type Started } from "../server/serve-process.ts";
import { SERVER_LIMITS } from "../../src/server/index.ts";

const page = readFileSync(new URL("../../docs/server.md", import.meta.url), "utf8");
const ADDRESS = "http://127.0.0.1:7340";
const hasCurl = spawnSync("curl", ["--version"]).status === 0;

let directory = "";
let started: Started;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "latchwork-docs-"));
  started = await startServeIn(join(directory, "shop"), "--tables", "orders,users,events");
});
afterAll(async () => {
  started.child.kill("SIGTERM");
  await started.result;
  rmSync(directory, { recursive: true });
});

/** Each command of the page with what it prints. */
function commands(): (readonly [command: string, output: string])[] {
  const blocks = [...page.matchAll(/^```console\n([\s\S]*?)^```$/gm)].map(
    ([, block = ""]) => block,
  );
  return blocks.flatMap((block) =>
    block
      .split(/^\$ /m)
      .filter((part) => part !== "")
      .map((part) => {
        const [command = "", ...output] = part.split("\n");
        return [command, output.join("\n")] as const;
      }),
  );
}

describe("docs/server.md", () => {
  it.skipIf(!hasCurl)("shows what curl really prints", () => {
    const all = commands();
    expect(all.length).toBeGreaterThan(9);
    for (const [command, output] of all) {
      expect(command).toContain(ADDRESS);
      const here = command.replace(ADDRESS, started.url).replace("curl", "curl -sS");
      const printed = execFileSync("sh", ["-c", here], { encoding: "utf8", stdio: "pipe" });
      expect(`${command}\n${printed.trimEnd()}`).toBe(`${command}\n${output.trimEnd()}`);
    }
  });

  it("names the line that tells a program where the server is", () => {
    const [, example = ""] = /^```json\n(\{"event":"start".*)$/m.exec(page) ?? [];
    expect(Object.keys(JSON.parse(example))).toEqual(Object.keys(started.line));
  });

  it("has the limits that there are", () => {
    const { connections, inFlight, scans, headersMs, requestMs, idleMs, stallMs } = SERVER_LIMITS;
    const { batchBytes, batchWrites, headerBytes, inFlightBytes, loopDelayMs, valueBytes } =
      SERVER_LIMITS;
    const grouped = (number: number): string => number.toLocaleString("en-US");
    for (const row of [
      `| a value | ${valueBytes / 1024} KiB`,
      `| a batch | ${batchBytes / 1024 ** 2} MiB, ${grouped(batchWrites)} writes |`,
      `| request line and headers | ${headerBytes / 1024} KiB |`,
      `| from the first byte to the end of the headers | ${headersMs / 1000} s |`,
      `| from the first byte to the last | ${requestMs / 1000} s |`,
      `| waiting for the next request | ${idleMs / 1000} s |`,
      `| a request whose connection stands still | ${stallMs / 1000} s |`,
      `| connections | ${grouped(connections)} |`,
      `| requests under way | ${grouped(inFlight)} |`,
      `| scans among them | ${scans} |`,
      `| bytes of bodies under way | ${inFlightBytes / 1024 ** 2} MiB |`,
      `| how late the event loop is | ${loopDelayMs / 1000} s |`,
    ]) {
      expect(page).toContain(row);
    }
  });
});
