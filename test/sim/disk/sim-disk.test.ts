import { describe, expect, it } from "vitest";
import { formatSchedule } from "../../../src/sim/schedule.ts";
import { type RunResult, Scheduler } from "../../../src/sim/scheduler.ts";
import { compareRuns, followed } from "../../../src/sim/determinism.ts";
import { type DiskFault, SimDisk, type SimDiskOptions } from "../../../src/sim/disk/index.ts";
import { SimHost } from "../../../src/sim/sim-host.ts";
import { DepthFirstStrategy, RandomStrategy } from "../../../src/sim/strategies/index.ts";
import { Trace } from "../../../src/sim/trace.ts";
import {
  createPrng,
  deedOf,
  LatchworkError,
  runToCompletion,
  type Task,
} from "../../../src/task/index.ts";
import { DiskProgram, filled } from "./run-disk.ts";

/** What a task comes to: its value, or the code of the fault that ended it. */
function* outcome(task: Task<unknown>): Task<string> {
  try {
    return String(yield* task);
  } catch (error) {
    if (error instanceof LatchworkError) return error.code;
    throw error;
  }
}

/** All that a task comes to, over every schedule, as often as it does. */
function outcomes(
  options: SimDiskOptions & { readonly files?: Readonly<Record<string, Uint8Array>> },
  task: (disk: SimDisk) => Task<unknown>,
): Record<string, number> {
  const counts: Record<string, number> = {};
  const scheduler = new Scheduler();
  const program = new DiskProgram(scheduler, options, function* (disk) {
    const found = yield* outcome(task(disk));
    counts[found] = (counts[found] ?? 0) + 1;
  });
  const strategy = new DepthFirstStrategy();
  while (strategy.beginRun()) {
    expect(scheduler.run(program, strategy).failure).toBeNull();
    strategy.endRun();
  }
  return counts;
}

function faults(...kinds: DiskFault[]): SimDiskOptions {
  return { faults: { kinds, oneIn: 1 } };
}

function runOnce(scheduler: Scheduler, program: DiskProgram): RunResult {
  const strategy = new DepthFirstStrategy();
  strategy.beginRun();
  return scheduler.run(program, strategy);
}

const files = { a: filled(1024, 7) };

function* readsFirst(disk: SimDisk): Task<string> {
  const file = yield* disk.open("a", "read");
  const into = new Uint8Array(1024);
  const count = yield* file.read(0, into);
  return `${count} ${into[256]} ${into[768]}`;
}

function* writes(disk: SimDisk): Task<string> {
  const file = yield* disk.open("a", "write");
  yield* file.write(0, filled(1024, 8));
  return "written";
}

describe("a disk without faults", () => {
  it("serves runToCompletion outside of any run", () => {
    const disk = new SimDisk(new Scheduler(), { ...faults("write error"), latency: { syncMs: 5 } });
    const count = runToCompletion(
      (function* (): Task<number> {
        const file = yield* disk.open("a", "create");
        yield* file.write(700, filled(10, 1));
        yield* file.sync();
        yield* disk.syncDirectory();
        const into = new Uint8Array(20);
        const read = yield* file.read(695, into);
        expect([...into]).toEqual([0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0]);
        expect(yield* file.size()).toBe(710);
        yield* file.close();
        return read;
      })(),
    );
    expect(count).toBe(15);
    expect(disk.peekDurable("a")?.length).toBe(710);
  });

  it("says which file there is not", () => {
    const disk = new SimDisk(new Scheduler());
    expect(() => runToCompletion(disk.open("b", "read")[Symbol.iterator]())).toThrow(
      "b: no such file in the directory",
    );
    expect(runToCompletion(outcome(disk.remove("b")[Symbol.iterator]()))).toBe("NO_SUCH_FILE");
  });

  it("renames over a file, removes, and lists", () => {
    const disk = new SimDisk(new Scheduler());
    disk.put("a", filled(3, 1));
    disk.put("b", filled(4, 2));
    disk.put("c", filled(5, 3));
    const task = function* (): Task<readonly string[]> {
      yield* disk.rename("a", "b");
      yield* disk.remove("c");
      return yield* disk.list();
    };
    expect(runToCompletion(task())).toEqual(["b"]);
    expect(disk.peek("b")).toEqual(filled(3, 1));
  });

  it("empties a file that is created again, and a file that grows back has zeros", () => {
    const disk = new SimDisk(new Scheduler());
    disk.put("a", filled(600, 1));
    const task = function* (): Task<void> {
      const file = yield* disk.open("a", "write");
      yield* file.truncate(100);
      yield* file.truncate(600);
    };
    runToCompletion(task());
    const bytes = disk.peek("a") ?? new Uint8Array(0);
    expect([bytes[99], bytes[100], bytes[599]]).toEqual([1, 0, 0]);
    runToCompletion(disk.open("a", "create")[Symbol.iterator]());
    expect(disk.peek("a")).toEqual(new Uint8Array(0));
  });

  it("draws nothing, and takes no time", () => {
    const scheduler = new Scheduler();
    runOnce(scheduler, new DiskProgram(scheduler, { files }, writes));
    expect(formatSchedule(scheduler.schedule)).toBe("a2");
    expect(scheduler.nowMs()).toBe(0);
  });

  it("notices bytes that are changed under a write", () => {
    const disk = new SimDisk(new Scheduler());
    disk.put("a", filled(10, 1));
    const task = function* (): Task<void> {
      const file = yield* disk.open("a", "write");
      const bytes = filled(10, 2);
      const request = file.write(0, bytes);
      bytes[3] = 9;
      yield* request;
    };
    expect(() => runToCompletion(task())).toThrow("not changed until their write is taken");
  });

  it("notices a file that is used after a crash", () => {
    const disk = new SimDisk(new Scheduler());
    disk.put("a", filled(10, 1));
    const file = runToCompletion(disk.open("a", "read")[Symbol.iterator]());
    disk.crash(() => 0);
    expect(() => file.size()).toThrow("does not outlive a crash");
  });

  it("names its files in traces", () => {
    const scheduler = new Scheduler();
    scheduler.trace = new Trace();
    const program = new DiskProgram(scheduler, { files }, writes);
    runOnce(scheduler, program);
    const said = [0, 1].map((i) => {
      const event = scheduler.trace?.at(i);
      return event === undefined ? "" : deedOf(event.fact, program.describeObject(event.objectId));
    });
    expect(said).toEqual(["opens (write) a in the directory", "writes bytes 0-1023 of a"]);
  });
});

describe("a fault", () => {
  it("of a read comes or not", () => {
    expect(outcomes({ ...faults("read error"), files }, readsFirst)).toEqual({
      "1024 7 7": 1,
      DISK_ERROR: 1,
    });
  });

  it("that corrupts a read flips a bit of one of its sectors, and not on the disk", () => {
    expect(outcomes({ ...faults("corrupted read"), files }, readsFirst)).toEqual({
      "1024 7 7": 1,
      "1024 6 7": 1,
      "1024 7 6": 1,
    });
    expect(
      outcomes({ ...faults("corrupted read"), files }, function* (disk) {
        yield* readsFirst(disk);
        return yield* readsFirst(disk);
      }),
    ).toEqual({ "1024 7 7": 3, "1024 6 7": 1, "1024 7 6": 1 });
  });

  it("of a write leaves nothing, half or all of it", () => {
    const found = outcomes({ ...faults("write error"), files }, function* (disk) {
      const result = yield* outcome(writes(disk));
      const bytes = disk.peek("a") ?? [];
      return `${result} ${bytes[0]} ${bytes[1023]}`;
    });
    expect(found).toEqual({
      "written 8 8": 1,
      "DISK_ERROR 7 7": 1,
      "DISK_ERROR 8 7": 1,
      "DISK_ERROR 8 8": 1,
    });
  });

  it("of space comes by chance, or when the bytes are used up, until there are more", () => {
    expect(outcomes({ ...faults("no space"), files }, writes)).toEqual({ NO_SPACE: 1, written: 1 });
    const found = outcomes({ spaceBytes: 1024, files }, function* (disk) {
      const within = yield* outcome(writes(disk));
      const file = yield* disk.open("a", "write");
      const growing = function* (): Task<string> {
        yield* file.write(1024, filled(1, 1));
        return "grown";
      };
      const beyond = yield* outcome(growing());
      disk.spaceBytes = 1536;
      const later = yield* outcome(growing());
      return `${within} ${beyond} ${later}`;
    });
    expect(found).toEqual({ "written NO_SPACE grown": 1 });
  });

  it("of a sync reaches the task, of a file or of the names", () => {
    const syncs = function* (disk: SimDisk): Task<string> {
      const file = yield* disk.open("a", "write");
      yield* file.sync();
      yield* disk.syncDirectory();
      return "synced";
    };
    expect(outcomes({ ...faults("failed sync"), files }, syncs)).toEqual({
      DISK_ERROR: 2,
      synced: 1,
    });
  });

  it("comes no oftener than allowed, and with the odds asked for", () => {
    const task = function* (disk: SimDisk): Task<string> {
      const file = yield* disk.open("a", "read");
      let failed = 0;
      for (let i = 0; i < 3; i++) {
        const reading = file.read(0, new Uint8Array(1))[Symbol.iterator]();
        if ((yield* outcome(reading)) === "DISK_ERROR") failed++;
      }
      return `${failed} failed`;
    };
    const two = { faults: { kinds: ["read error"], oneIn: 1, most: 2 } } as const;
    expect(outcomes({ ...two, files }, task)).toEqual({
      "0 failed": 1,
      "1 failed": 3,
      "2 failed": 3,
    });
    const oneInFive = { faults: { kinds: ["read error"], oneIn: 5 } } as const;
    expect(outcomes({ ...oneInFive, files }, readsFirst)).toEqual({
      "1024 7 7": 4,
      DISK_ERROR: 1,
    });
  });

  it("that a test plans is certain, and draws nothing", () => {
    const scheduler = new Scheduler();
    const found: string[] = [];
    const program = new DiskProgram(scheduler, { files }, function* (disk) {
      disk.failNext("write error", "b");
      disk.failNext("read error");
      found.push(yield* outcome(writes(disk)));
      found.push(yield* outcome(readsFirst(disk)));
      found.push(yield* outcome(readsFirst(disk)));
    });
    runOnce(scheduler, program);
    expect(found).toEqual(["written", "DISK_ERROR", "1024 8 8"]);
    expect(scheduler.schedule.every((decision) => decision >= 0)).toBe(true);
  });

  it("that rots bits on the medium stays", () => {
    const disk = new SimDisk(new Scheduler());
    disk.put("a", filled(2, 1));
    disk.damage("a", 1, 4);
    expect([...(disk.peek("a") ?? [])]).toEqual([1, 5]);
    disk.crash(() => 0);
    expect([...(disk.peek("a") ?? [])]).toEqual([1, 5]);
  });
});

describe("time on a disk", () => {
  const latency = { readMs: 3, writeMs: 5, syncMs: 20 };

  /** When each of two writers of 5 ms and a sync of 20 ms is through. */
  function endsOf(options: SimDiskOptions): number[] {
    const scheduler = new Scheduler();
    const host = new SimHost(scheduler);
    const ends: number[] = [];
    const task = function* (disk: SimDisk): Task<void> {
      yield* writes(disk);
      ends.push(host.nowMs());
      const file = yield* disk.open("a", "write");
      yield* file.sync();
      ends.push(host.nowMs());
    };
    runOnce(scheduler, new DiskProgram(scheduler, { latency, files, ...options }, task, task));
    return ends;
  }

  it("passes for all requests at once", () => {
    expect(endsOf({ queue: "parallel" })).toEqual([5, 5, 25, 25]);
  });

  it("passes for one request after the other", () => {
    expect(endsOf({ queue: "serial" })).toEqual([5, 10, 30, 50]);
  });

  it("passes slower where a delay is drawn", () => {
    const found = outcomes({ faults: { slowMs: [10, 100], oneIn: 1 }, files }, function* (disk) {
      yield* writes(disk);
      return disk.isStuck;
    });
    // The open or the write is late by either delay, or neither is.
    expect(found).toEqual({ false: 5 });
  });

  it("ends for a task whose request hangs", () => {
    const scheduler = new Scheduler();
    const options = { faults: { canStick: true, oneIn: 1 }, files };
    const program = new DiskProgram(scheduler, options, writes);
    const strategy = new DepthFirstStrategy();
    const found: string[] = [];
    while (strategy.beginRun()) {
      const { failure } = scheduler.run(program, strategy);
      strategy.endRun();
      found.push(`${failure?.kind} ${program.disk.isStuck}`);
    }
    expect(found).toEqual(["undefined false", "stuck true", "stuck true"]);
  });
});

describe("a disk", () => {
  it("does the same along the same schedule", () => {
    const make = (scheduler: Scheduler): DiskProgram =>
      new DiskProgram(
        scheduler,
        {
          survival: "mixed",
          faults: { kinds: ["read error", "write error", "failed sync"], slowMs: [1], oneIn: 6 },
          crashes: true,
          files,
          recovery: (disk) => outcome(readsFirst(disk)),
        },
        (disk) => outcome(writes(disk)),
        (disk) => outcome(readsFirst(disk)),
      );
    const first = new Scheduler();
    const second = new Scheduler();
    first.trace = new Trace();
    second.trace = new Trace();
    const [program, again] = [make(first), make(second)];
    const strategy = new RandomStrategy(createPrng("same"));
    for (let i = 0; i < 200; i++) {
      strategy.beginRun();
      strategy.endRun(first.run(program, strategy));
      expect(first.failure).toBeNull();
      second.run(again, followed(first.schedule));
      expect(compareRuns(first, second)).toBeNull();
      expect(again.disk.peek("a")).toEqual(program.disk.peek("a"));
    }
  });
});
