import { expect, it } from "vitest";
import { Latencies, Pacer, parseMix } from "../../src/stress/index.ts";

it("latencies are right to a hundredth, from microseconds to minutes", () => {
  const latencies = new Latencies();
  for (let i = 1; i <= 1000; i++) latencies.add(i / 10);
  const { count, p50, p99, max } = latencies.figures();
  expect([count, max]).toEqual([1000, 100]);
  expect(Math.abs(p50 / 50 - 1)).toBeLessThan(0.011);
  expect(Math.abs(p99 / 99 - 1)).toBeLessThan(0.011);
  expect(new Latencies().figures()).toEqual({ count: 0, p50: 0, p99: 0, max: 0 });
  const long = new Latencies();
  long.add(0);
  long.add(600_000);
  expect(long.figures()).toMatchObject({ count: 2, max: 600_000 });
});

it("a pacer never lets more begin than were due", async () => {
  const pacer = new Pacer(500);
  const startedMs = performance.now();
  for (let i = 0; i < 51; i++) await pacer.turn();
  expect(performance.now() - startedMs).toBeGreaterThan(98);
});

it("a mix leaves out what weighs nothing", () => {
  expect(parseMix("get=3, put=1,scan=0")).toEqual([
    ["get", 3],
    ["put", 1],
  ]);
});
