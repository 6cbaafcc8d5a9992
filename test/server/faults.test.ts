import { describe, expect, it } from "vitest";
import { LevelError } from "../../src/level/index.ts";
import { changed, serving, statusOf } from "./serving.ts";

const PATH = "/tables/orders/keys";

const FAULTS = [
  ["NO_SPACE", "507 NO_SPACE"],
  ["LOG_FAILED", "503 LOG_FAILED"],
  ["LEVEL_IO_ERROR", "503 DISK_ERROR"],
  ["DIRECTORY_CHANGED", "503 DIRECTORY_CHANGED"],
  ["LEVEL_CORRUPTION", "503 DAMAGED"],
  ["LEVEL_DATABASE_NOT_OPEN", "503 CLOSED"],
  ["SOMETHING", "500 INTERNAL"],
] as const;

describe("a fault of the disk", () => {
  it("is answered as what it is, by every route, and reported", async () => {
    let code = "";
    const fail = async (): Promise<never> => {
      throw new LevelError(code, "the disk is at fault");
    };
    const faults: unknown[] = [];
    const own = { get: fail, put: fail, insert: fail, remove: fail, batch: fail };
    const { ask, server } = await serving({ onFault: (fault) => faults.push(fault) }, (table) =>
      changed(table, { ...own, rows: () => ({ next: fail, close: async () => undefined }) }),
    );
    const ifAbsent = { "If-None-Match": "*" };
    const type = { "Content-Type": "application/json" };
    for (const [fault, status] of FAULTS) {
      code = fault;
      // oxlint-disable-next-line no-await-in-loop -- one fault after the other
      const answers = await Promise.all([
        statusOf(ask(`${PATH}/a`)),
        statusOf(ask(`${PATH}/a`, { method: "PUT", body: "1" })),
        statusOf(ask(`${PATH}/a`, { method: "PUT", body: "1", headers: ifAbsent })),
        statusOf(ask(`${PATH}/a`, { method: "DELETE" })),
        statusOf(ask("/tables/orders/batch", { method: "POST", body: "[]", headers: type })),
        statusOf(ask(PATH)),
      ]);
      expect(answers).toEqual(answers.map(() => status));
      expect(faults.splice(0)).toHaveLength(answers.length);
    }
    expect(await statusOf(ask("/tables/users/keys/a"))).toBe("404 NO_SUCH_KEY");
    expect(server.stats()).toMatchObject({ inFlight: 0, scans: 0 });
  });
});

describe("figures", () => {
  it("count each answer once, as JSON and for Prometheus", async () => {
    const { ask } = await serving();
    const put = { method: "PUT", body: "1" };
    for (const key of ["a", "b", "c"]) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await ask(`${PATH}/${key}`, put);
    }
    await statusOf(ask(`${PATH}/a`));
    await statusOf(ask(`${PATH}/x`));
    const stats = await (await ask("/stats")).json();
    expect(stats).toMatchObject({
      answers: { put: { count: 3, statuses: { 204: 3 } }, get: { statuses: { 200: 1, 404: 1 } } },
      tables: { orders: { protocol: "optimistic-crabbing" }, users: {} },
      isStopping: false,
    });
    const answer = await ask("/metrics");
    expect(answer.headers.get("content-type")).toContain("text/plain; version=0.0.4");
    const text = await answer.text();
    expect(text).toContain('latchwork_http_answers_total{route="put",status="204"} 3\n');
    expect(text).toContain('latchwork_http_answer_seconds_bucket{route="put",le="+Inf"} 3\n');
    expect(text).toContain('latchwork_http_answer_seconds_count{route="get"} 2\n');
    expect(text).toMatch(/^latchwork_loop_delay_seconds \d/m);
    expect(text).toMatch(/^process_resident_memory_bytes [1-9]/m);
  });
});
