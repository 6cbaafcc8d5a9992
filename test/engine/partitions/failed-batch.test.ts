import { describe, expect, it } from "vitest";
import { protocolNamed } from "../../../src/btree/index.ts";
import {
  type BatchWrite,
  openPartitioned,
  Partition,
  type PartitionedEngine,
  type PartitionParts,
  partitionOfKey,
} from "../../../src/engine/index.ts";
import { DIRECT_DRIVER } from "../../../src/latch/index.ts";
import { MemoryDisk } from "../../../src/storage/index.ts";
import {
  DIRECT_HOST,
  LatchworkError,
  runToCompletion,
  type Session,
  type Step,
  type Task,
  type TaskId,
  taskId,
} from "../../../src/task/index.ts";
import { policyNamed } from "../../../src/wal/index.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function opened(disk: MemoryDisk, partitionParts: Partial<PartitionParts> = {}): PartitionedEngine {
  return runToCompletion(
    openPartitioned({
      disk,
      host: DIRECT_HOST,
      latches: DIRECT_DRIVER,
      protocol: protocolNamed("optimistic-crabbing"),
      policy: policyNamed("each"),
      pageSize: 512,
      partitions: 2,
      partitionParts,
    }),
  );
}

const KEYS = Array.from({ length: 20 }, (_, number) => bytes(String(number)));

/** How many of the keys a table has in each partition. */
function found(engine: PartitionedEngine): number[] {
  const counts = [0, 0];
  const session = engine.borrow();
  for (const key of KEYS) {
    const partition = partitionOfKey(key, 2);
    if (runToCompletion(engine.get(session, key))) counts[partition] = (counts[partition] ?? 0) + 1;
  }
  return counts;
}

/** Runs a task until it waits for another one; null if it ends. */
function untilItWaits(task: Task<unknown>, who: TaskId): Step | null {
  for (;;) {
    const next = task.next();
    if (next.done === true) return null;
    const step = next.value;
    let isTaken = false;
    while (!isTaken && step.isEnabled(who)) isTaken = step.take(who);
    if (!isTaken) return step;
  }
}

/** A partition that cannot make what it has prepared; before that, something else is done. */
class Unreadable extends Partition {
  readonly #before: () => void;

  constructor(state: ConstructorParameters<typeof Partition>[0], before: () => void) {
    super(state);
    this.#before = before;
  }

  override *makePrepared(): Task<void> {
    this.#before();
    throw new LatchworkError("BAD_PAGE", "the page cannot be read");
  }
}

describe("a checkpoint that waits for a batch over partitions", () => {
  it("does not remove its decision if the batch is cut off after it", () => {
    const disk = new MemoryDisk();
    const checkpoints: Task<unknown>[] = [];
    const engine = opened(disk, {
      makePartition: (state) =>
        new Unreadable(state, () => {
          const session: Session = engine.borrow(taskId(7));
          const checkpoint = engine.state.partitions[0]?.checkpoint(session);
          if (checkpoint === undefined) throw new Error("there are two");
          expect(untilItWaits(checkpoint, taskId(7))).not.toBeNull();
          checkpoints.push(checkpoint);
        }),
    });
    const writes = KEYS.map((key): BatchWrite => ({ kind: "put", key, value: bytes("new") }));
    const batch = (): void => runToCompletion(engine.batch(engine.borrow(), writes));
    expect(batch).toThrow(/it is decided, but could not be made/u);
    for (const checkpoint of checkpoints) {
      const goesOn = (): unknown => untilItWaits(checkpoint, taskId(7));
      expect(goesOn).toThrow(/a batch over several partitions was cut off/u);
    }
    expect(checkpoints).toHaveLength(1);

    const [first = 0, second = 0] = found(opened(disk));
    expect(first + second).toBe(KEYS.length);
  });
});
