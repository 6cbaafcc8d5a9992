import { expect, it } from "vitest";
import { ConfigSet } from "../../../src/linearizability/search/config-set.ts";
import { FootprintColumns, FootprintSteps } from "../../../src/linearizability/search/index.ts";

it("knows the first state of several registers after states were collected", () => {
  const columns = new FootprintColumns();
  for (let value = 1; value <= 5_000; value++) columns.add(value % 2, { makes: value });
  columns.add(0, { needs: 0 });
  const isRequired = new Uint8Array(5_001).fill(1);
  const steps = new FootprintSteps({ columns, keys: 2, initial: 0, isRequired, mergesDead: false });
  let state = steps.initialState;
  for (let write = 0; write < 5_000; write++) state = steps.next(state, write, 0);
  const kept = new ConfigSet();
  kept.add(state, new Int32Array(1), 0);
  expect(steps.isDue).toBe(true);
  steps.collect([kept]);
  expect(steps.next(kept.states[0] ?? 0, 5_000, 0)).toBeLessThan(0);
  expect(steps.next(steps.initialState, 5_000, 0)).toBe(steps.initialState);
});
