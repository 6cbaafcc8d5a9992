import { describe, expect, it } from "vitest";
import { checkHistory, kvMap, readHistory, type Verdict } from "../../src/linearizability/index.ts";
import { parseMix, type StressReport, StressRun } from "../../src/stress/index.ts";
import { type Fault, FaultyServer } from "./faulty-server.ts";
import { budget } from "../campaign.ts";

interface Stressed {
  readonly report: StressReport;
  readonly verdict: Verdict;
  readonly faults: number;
}

const REQUESTS = budget({ short: 900, campaign: 1500 });
const MIX = "get=40,put=30,insert=15,delete=10,scan=5";

/** Stresses a server that is wrong in one way, or right, and checks what was recorded. */
async function stressed(fault: Fault | null): Promise<Stressed> {
  const server = new FaultyServer(fault);
  const url = await server.listen();
  const pieces: string[] = [];
  const run = new StressRun({
    url,
    tables: ["orders", "users"],
    keys: 10,
    clients: 8,
    seconds: 50,
    requests: REQUESTS,
    mix: parseMix(MIX),
    record: (piece) => pieces.push(piece),
  });
  const report = await run.run();
  await server.close();
  const history = readHistory(pieces.join(""), { file: "stress" });
  const verdict = checkHistory(history, kvMap(), { scan: "per-key" });
  return { report, verdict, faults: server.faults };
}

describe("stress and check", () => {
  it("hold a right server for right", async () => {
    const { report, verdict } = await stressed(null);
    expect(report.problems).toEqual([]);
    expect(verdict.kind).toBe("linearizable");
    expect(report.answered).toBe(REQUESTS);
    expect(report.verified).toBe(20);
    expect(report.events).toBeGreaterThanOrEqual(2 * (report.answered + report.verified));
    expect(Object.keys(report.byKind)).toEqual(["delete", "get", "insert", "put", "scan"]);
    expect(Object.keys(report.statuses)).toEqual(["200", "201", "204", "404", "412"]);
  });

  it.each(["stale", "lose", "late", "insert-over", "truncate", "busy-done", "scan-drop"] as const)(
    "catch a server that is wrong: %s",
    async (fault) => {
      const { verdict, faults } = await stressed(fault);
      expect(faults).toBeGreaterThan(0);
      expect(verdict.kind).toBe("not-linearizable");
    },
  );

  it("report a write that was acknowledged and is lost, without a check", async () => {
    const server = new FaultyServer("lose", 2);
    const run = new StressRun({ url: await server.listen(), keys: 50, requests: 1000 });
    const { lost, problems } = await run.run();
    await server.close();
    expect(lost.length).toBeGreaterThan(0);
    expect(problems[0]).toMatch(/^lost: \w+\/k\d+ is \S+, acknowledged was /);
  });

  it.each([
    ["fail", /^the server failed: status 500, \d+ times, first with "it broke"$/],
    ["refuse", /^the server refused what is right: status 400, \d+ times, first with "no"$/],
  ] as const)("report what a right server does not answer: %s", async (fault, line) => {
    const { report, verdict } = await stressed(fault);
    expect(report.problems).toEqual([expect.stringMatching(line)]);
    expect(verdict.kind).toBe("linearizable");
  });

  it("ask again what was too much, and hold that for right", async () => {
    const { report, verdict, faults } = await stressed("busy");
    expect(report.busy).toBe(faults);
    expect(report.problems).toEqual([]);
    expect(verdict.kind).toBe("linearizable");
  });

  it("say nothing of what broke off", async () => {
    const { report, verdict, faults } = await stressed("hang-up");
    expect(report.broken).toBe(faults);
    expect(report.problems).toEqual([]);
    expect(verdict.kind).toBe("linearizable");
  });

  it("begin with what the server holds", async () => {
    const server = new FaultyServer(null);
    const url = await server.listen();
    const pieces: string[] = [];
    const options = { url, keys: 5, requests: 200 };
    await new StressRun({ ...options, mix: parseMix("put=1") }).run();
    const record = (piece: string): unknown => pieces.push(piece);
    const mix = parseMix("get=1");
    const report = await new StressRun({ ...options, mix, record }).run();
    await server.close();
    expect(report.problems).toEqual([]);
    const history = readHistory(pieces.join(""), { file: "stress" });
    expect(checkHistory(history, kvMap()).kind).toBe("linearizable");
    expect(history.operations.filter(({ f }) => f === "put")).toHaveLength(15);
  });
});

describe("a stress run", () => {
  it("refuses a token that no header can carry", () => {
    const refused = "token has characters of no header; expected printable ASCII without spaces";
    const run = () => new StressRun({ url: "http://127.0.0.1:8080", token: "two\nlines" });
    expect(run).toThrow(
      expect.objectContaining({ code: "BAD_ARGUMENT", message: expect.stringContaining(refused) }),
    );
  });
});
