import { expect, it } from "vitest";
import { Crabbing, type Operation } from "../../src/btree/index.ts";
import { type Engine, openEngine } from "../../src/level/index.ts";
import { DIRECT_DRIVER } from "../../src/latch/index.ts";
import { MemoryDisk } from "../../src/storage/index.ts";
import {
  DIRECT_HOST,
  InvariantViolation,
  runToCompletion,
  type Task,
} from "../../src/task/index.ts";
import { policyNamed } from "../../src/wal/index.ts";

const key = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Meets a bug of its own at one key, with the leaf latched. */
class BreaksAt extends Crabbing {
  override *put(op: Operation, at: Uint8Array, value: Uint8Array): Task<boolean> {
    if (at[0] !== key("x")[0]) return yield* super.put(op, at, value);
    yield* this.descendExclusive(op, at, value);
    throw new InvariantViolation("a planted bug");
  }
}

function openOn(disk: MemoryDisk, protocol: Crabbing): Engine {
  const [host, latches, policy] = [DIRECT_HOST, DIRECT_DRIVER, policyNamed("adaptive")];
  return runToCompletion(openEngine({ disk, host, latches, policy, protocol }));
}

it("batch_is_broken_off_by_a_bug: nothing of it is kept, and nothing works any more", () => {
  const disk = new MemoryDisk();
  const engine = openOn(disk, new BreaksAt());
  const op = engine.borrow();
  runToCompletion(engine.put(op, key("a"), key("1")));
  const writes = ["b", "x", "c"].map((name) => ({
    kind: "put" as const,
    key: key(name),
    value: key("2"),
  }));
  expect(() => runToCompletion(engine.batch(op, writes))).toThrow(/planted/);
  expect(engine.state.store.latches.firstInUse()).toBeNull();
  expect(engine.isIdle).toBe(true);
  const other = engine.borrow();
  expect(() => runToCompletion(engine.get(other, key("a")))).toThrow(/broke down: a planted bug/);

  const again = openOn(disk, new Crabbing());
  const look = again.borrow();
  const found = ["a", "b", "x", "c"].map((name) => runToCompletion(again.get(look, key(name))));
  expect(found).toEqual([true, false, false, false]);
  expect(runToCompletion(again.check(look))).toEqual({ ok: true, problems: [] });
});
