import { describe, expect, it } from "vitest";
import { Gate } from "../../src/engine/gate.ts";
import { type Setup, SimHost, simulate, type Simulation } from "../../src/sim/index.ts";
import { lsn, pageId } from "../../src/storage/index.ts";
import { assert, type Task, type TaskId, taskId } from "../../src/task/index.ts";
import { CommitQueue } from "../../src/wal/commit-queue.ts";
import { PoolBench } from "../storage/pool-bench.ts";

/** Something of the engine that one task has at a time, and that the others wait for. */
interface Resource {
  /** Waits for it and takes it; gives what lets it go. */
  take(task: TaskId): Task<() => void>;
}

type Make = (sim: Simulation, host: SimHost) => Resource;

const MAKE = {
  gate(_sim, host) {
    const gate = new Gate(host, false, "the gate");
    return {
      *take(task) {
        const wait = gate.enter(task, true);
        if (wait !== null) yield wait;
        return () => gate.leave(task);
      },
    };
  },
  latch(sim) {
    const latch = sim.readWriteLatch("latch");
    return {
      *take() {
        const guard = yield* latch.exclusive();
        return () => guard.release();
      },
    };
  },
  flush(_sim, host) {
    const queue = new CommitQueue(host, host.newObject("the log"), lsn(1));
    queue.flushLimit = lsn(10);
    return {
      *take() {
        const wait = queue.enter(lsn(10), false, "room");
        yield wait;
        assert(wait.leads, "nothing is ever durable here, so whoever goes on leads");
        return () => {
          queue.flushEnded();
          queue.wakeSettled();
        };
      },
    };
  },
  "idle log"(_sim, host) {
    const queue = new CommitQueue(host, host.newObject("the log"), lsn(1));
    queue.flushLimit = lsn(10);
    return {
      *take() {
        while (queue.isFlushing) yield queue.idle;
        const wait = queue.enter(lsn(10), false, "room");
        yield wait;
        return () => {
          queue.flushEnded();
          queue.wakeSettled();
        };
      },
    };
  },
  "page write"(_sim, host) {
    const bench = new PoolBench(4, {}, undefined, host);
    bench.pin(3);
    bench.change(3, 1, 20);
    bench.unpin(3);
    return {
      *take(task) {
        // Two may be woken at once; the second finds that it has to wait on.
        while (bench.pool.isWriting(pageId(3))) yield* bench.cleaner.waitForWrites();
        const write = bench.pool.beginWrite(pageId(3), task);
        return () => bench.pool.endWrite(write, false);
      },
    };
  },
} satisfies Record<string, Make>;

const KINDS = Object.keys(MAKE) as (keyof typeof MAKE)[];
const PAIRS = KINDS.flatMap((one, i) => KINDS.slice(i).map((other) => [one, other] as const));

/** Two tasks that take one resource each and then, while they have it, that of the other. */
function crossing(kinds: readonly (keyof typeof MAKE)[], inOrder: boolean): Setup {
  return (sim) => {
    const host = new SimHost(sim.scheduler);
    const both = kinds.map((kind) => MAKE[kind](sim, host));
    const add = (id: number, name: string, resources: readonly Resource[]): void => {
      sim.task(name, function* () {
        const letGo: (() => void)[] = [];
        for (const resource of resources) {
          letGo.push(yield* resource.take(taskId(id)));
          yield sim.sleep(0);
        }
        for (const one of letGo.toReversed()) one();
      });
    };
    add(0, "ann", both);
    add(1, "bob", inOrder ? both : both.toReversed());
  };
}

describe("two tasks that wait for each other", () => {
  it.each(PAIRS)("are named as a deadlock: %s and %s", (one, other) => {
    const { finding } = simulate(crossing([one, other], false), { strategy: "dfs" });
    expect(finding?.failure.kind).toBe("deadlock");
    expect(finding?.failure.cycle?.map(({ taskName }) => taskName).toSorted()).toEqual([
      "ann",
      "bob",
    ]);
  });

  it.each(PAIRS)("are none if they take things in one order: %s and %s", (one, other) => {
    const { finding, coverage } = simulate(crossing([one, other], true), { strategy: "dfs" });
    expect(finding).toBeNull();
    expect(coverage).toMatchObject([{ exhausted: true }]);
  });
});

describe("a task that waits for ever", () => {
  it("is told behind whom, though that one has ended", () => {
    const { finding } = simulate(
      (sim) => {
        const gate = new Gate(new SimHost(sim.scheduler), false, "the gate");
        for (const [id, name] of ["ann", "bob"].entries()) {
          sim.task(name, function* () {
            const wait = gate.enter(taskId(id), true);
            if (wait !== null) yield wait;
          });
        }
      },
      { strategy: "dfs" },
    );
    expect(finding?.failure).toMatchObject({
      kind: "stuck",
      message:
        "stuck: no task can go on (a lost wakeup?)\n" +
        "  bob waits for ever to enter the gate exclusively, behind ann, which has ended",
    });
  });
});
