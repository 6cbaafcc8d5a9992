import { expect, it } from "vitest";
import {
  DIRECT_DRIVER,
  EXCLUSIVE,
  LatchGuard,
  latchId,
  LatchOwner,
  LatchTable,
  SHARED,
} from "../../src/latch/index.ts";
import { taskId } from "../../src/task/index.ts";

it("a table counts who waited, who was refused, and the most that one task held", () => {
  const table = new LatchTable("fifo");
  const [first, second] = [table.latch(latchId(1)), table.latch(latchId(2))];
  const writer = new LatchOwner(taskId(0), DIRECT_DRIVER);
  const reader = new LatchOwner(taskId(1), DIRECT_DRIVER);
  expect(table.figures()).toEqual({ waits: 0, refusals: 0, heldMax: 0 });

  const held = [new LatchGuard(writer), new LatchGuard(writer)] as const;
  writer.acquire(held[0], first, EXCLUSIVE, "first");
  writer.acquire(held[1], second, EXCLUSIVE, "second");
  expect(table.figures()).toEqual({ waits: 0, refusals: 0, heldMax: 2 });

  const refused = new LatchGuard(reader);
  reader.tryAcquire(refused, first, SHARED, "tried");
  expect(refused.isHeld).toBe(false);
  expect(table.figures()).toEqual({ waits: 0, refusals: 1, heldMax: 2 });

  const waiting = new LatchGuard(reader);
  reader.acquire(waiting, first, SHARED, "waited for");
  waiting.park(taskId(1));
  waiting.park(taskId(1));
  held[0].release();
  expect(waiting.take(taskId(1))).toBe(true);
  expect(table.figures()).toEqual({ waits: 1, refusals: 1, heldMax: 2 });

  held[1].release();
  waiting.release();
  table.reset();
  expect(table.figures()).toEqual({ waits: 0, refusals: 0, heldMax: 0 });
});
