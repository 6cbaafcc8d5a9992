import { expect, it } from "vitest";
import {
  DIRECT_DRIVER,
  EXCLUSIVE,
  FAIRNESS_SETTINGS,
  LatchGuard,
  latchId,
  LatchOwner,
  LatchTable,
  SHARED,
} from "../../src/latch/index.ts";
import { taskId } from "../../src/task/index.ts";

// A driver that does not ask again parks what it cannot take; a release must then find it.
it.each(FAIRNESS_SETTINGS)("parked_guard_is_handed_the_latch: %s", (fairness) => {
  const granted: LatchGuard[] = [];
  const driver = { ...DIRECT_DRIVER, granted: (guard: LatchGuard) => void granted.push(guard) };
  const latch = new LatchTable(fairness).latch(latchId(7));
  const [writer, reader] = [0, 1].map((task) => new LatchOwner(taskId(task), driver));
  if (writer === undefined || reader === undefined) return;
  const held = new LatchGuard(writer);
  writer.acquire(held, latch, EXCLUSIVE, "writer");
  const parked = new LatchGuard(reader);
  reader.acquire(parked, latch, SHARED, "reader");
  expect([held.state, parked.state]).toEqual(["held", "wanted"]);
  parked.park(taskId(1));
  parked.park(taskId(1));
  expect(parked.isEnabled(taskId(1))).toBe(false);
  held.release();
  expect(granted).toEqual([parked]);
  expect(parked.take(taskId(1))).toBe(true);
  expect(parked.isHeld).toBe(true);
});
