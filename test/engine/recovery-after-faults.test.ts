import { describe, expect, it } from "vitest";
import { protocolNamed } from "../../src/btree/index.ts";
import { type Engine, openEngine, type ReadDurability } from "../../src/level/index.ts";
import {
  type DiskFault,
  Scheduler,
  SimDisk,
  SimHost,
  SimLatchDriver,
} from "../../src/sim/index.ts";
import { SimDiskFile } from "../../src/sim/disk/sim-disk-file.ts";
import {
  type DiskFile,
  type DiskRequest,
  LatchworkError,
  runToCompletion,
  type Task,
  taskId,
} from "../../src/task/index.ts";
import { faultOf } from "../support/fault-of.ts";
import { policyNamed } from "../../src/wal/index.ts";

const KEYS = Array.from({ length: 12 }, (_, i) => Uint8Array.of(i));

/** A database on a simulated disk, opened again and again without a scheduler's run. */
class Machine {
  readonly scheduler = new Scheduler();
  readonly disk = new SimDisk(this.scheduler, { survival: "sectors" });

  open(reads: ReadDurability = "committed"): Engine {
    return runToCompletion(
      openEngine({
        disk: this.disk,
        host: new SimHost(this.scheduler),
        latches: new SimLatchDriver(this.scheduler),
        protocol: protocolNamed("crabbing"),
        policy: policyNamed("each"),
        reads,
        pageSize: 512,
        mostEntries: 2,
        poolFrames: 8,
        segmentBytes: 1 << 20,
        task: taskId(0),
      }),
    );
  }

  /** The code of the fault that opening meets, or "opened". */
  outcomeOfOpening(): string {
    try {
      this.open();
      return "opened";
    } catch (error) {
      if (error instanceof LatchworkError) return error.code;
      throw error;
    }
  }

  /** The power fails, and nothing survives that was not synced. */
  crash(): void {
    this.disk.crash(() => 0);
  }

  /** A machine with a tree on three levels, acknowledged and not yet in the page file. */
  static withTree(keys: readonly Uint8Array[] = KEYS): Machine {
    const machine = new Machine();
    const engine = machine.open();
    const op = engine.borrow();
    for (const key of keys) runToCompletion(engine.put(op, key, key));
    return machine;
  }
}

/** The keys that a database holds, once it is checked. */
function contents(engine: Engine): number[] {
  const op = engine.borrow();
  expect(runToCompletion(engine.check(op))).toEqual({ ok: true, problems: [] });
  return KEYS.flatMap((key) => (runToCompletion(engine.get(op, key)) ? [...key] : []));
}

const ALL = KEYS.flatMap((key) => [...key]);

describe("a write for which the log had no room", () => {
  /** Has the log refuse to write that key 3 is gone. */
  function refused(): { machine: Machine; engine: Engine; message: string } {
    const machine = Machine.withTree();
    const engine = machine.open();

    machine.disk.failNext("no space");
    const fault = faultOf(() => runToCompletion(engine.delete(engine.borrow(), Uint8Array.of(3))));
    expect(fault?.code).toBe("NO_SPACE");
    return { machine, engine, message: fault?.message ?? "" };
  }

  it("is there at once, as its message says, and durable after the next that has room", () => {
    const { machine, engine, message } = refused();
    expect(message).toMatch(
      /not acknowledged, but it can be read, and may survive a crash or not$/,
    );
    const without3 = ALL.filter((key) => key !== 3);
    const op = engine.borrow();
    const seen = KEYS.filter((key) => runToCompletion(engine.get(op, key)));
    expect(seen.flatMap((key) => [...key])).toEqual(without3);
    runToCompletion(engine.put(op, Uint8Array.of(0), Uint8Array.of(0)));
    machine.crash();
    expect(contents(machine.open())).toEqual(without3);
  });

  it("is what a durable read is refused for, in words of its own, until there is room", () => {
    const machine = Machine.withTree();
    const engine = machine.open("durable");
    const op = engine.borrow();
    machine.disk.failNext("no space");
    faultOf(() => runToCompletion(engine.delete(op, Uint8Array.of(3))));
    const rows: number[] = [];
    const sink = { row: (): void => void rows.push(1) };
    const reads: readonly (() => Task<unknown>)[] = [
      () => engine.get(op, Uint8Array.of(3)),
      () => engine.scan(op, {}, sink),
    ];
    for (const read of reads) {
      machine.disk.failNext("no space");
      const fault = faultOf(() => runToCompletion(read()));
      expect(fault?.code).toBe("NO_SPACE");
      expect(fault?.message).toMatch(
        /; what was to be answered rests on a write that may survive a crash or not$/,
      );
    }
    expect(runToCompletion(engine.get(op, Uint8Array.of(3)))).toBe(false);
    machine.crash();
    expect(contents(machine.open())).toEqual(ALL.filter((key) => key !== 3));
  });

  it("is gone after a crash before that", () => {
    const { machine } = refused();
    machine.crash();
    expect(contents(machine.open())).toEqual(ALL);
  });
});

describe("after a sync that failed, with no crash between", () => {
  it.each([
    ["pages", "pages"],
    ["the end of the log", "log-0000000000000001"],
    ["the directory", "the directory"],
    ["the control file", "control.new"],
  ])("opening anew trusts nothing that only seems to be on the disk: %s", (_, name) => {
    const machine = Machine.withTree();
    machine.disk.failNext("failed sync", name);
    expect(machine.outcomeOfOpening()).not.toBe("opened");
    machine.open();
    machine.crash();
    expect(contents(machine.open())).toEqual(ALL);
  });

  it("the writes that were never acknowledged do not tear the tree of those that were", () => {
    const machine = Machine.withTree();
    const engine = machine.open();
    machine.disk.failNext("failed sync");
    const op = engine.borrow();
    const put = function* (): Task<string> {
      try {
        yield* engine.delete(op, Uint8Array.of(3));
        return "done";
      } catch (error) {
        return error instanceof LatchworkError ? error.code : "bug";
      }
    };
    expect(runToCompletion(put())).toBe("LOG_FAILED");
    const again = machine.open();
    const seen = contents(again);
    machine.crash();
    expect(contents(machine.open())).toEqual(seen);
  });
});

describe("a bit that flips on its way from the disk", () => {
  it.each([
    ["log-0000000000000001", 2],
    ["pages", 4],
    ["control", 1],
  ])("makes opening fail or changes nothing: in %s", (name, reads) => {
    for (let skipped = 0; skipped < reads; skipped++) {
      const machine = Machine.withTree();
      flipLater(machine, name, skipped);
      machine.outcomeOfOpening();
      machine.crash();
      expect(contents(machine.open())).toEqual(ALL);
    }
  });

  it("does not pass for a torn tail in the only block of the log", () => {
    for (const skipped of [0, 1]) {
      const machine = Machine.withTree(KEYS.slice(0, 1));
      flipLater(machine, "log-0000000000000001", skipped);
      expect(machine.outcomeOfOpening()).toBe("DISK_ERROR");
      machine.crash();
      expect(contents(machine.open())).toEqual([0]);
    }
  });
});

describe("the files of a database that meets a fault", () => {
  /** The names of files that something opens and leaves open. */
  function leftOpen(machine: Machine, act: () => void): string[] {
    const { disk } = machine;
    const open = disk.open.bind(disk);
    const opened: DiskRequest<DiskFile>[] = [];
    disk.open = (name, mode) => {
      const request = open(name, mode);
      opened.push(request);
      return request;
    };
    try {
      act();
    } catch (error) {
      if (!(error instanceof LatchworkError)) throw error;
    }
    disk.open = open;
    const files = opened.map(({ value }) => value);
    return files.filter((file) => file instanceof SimDiskFile && !file.isClosed).map(nameOf);
  }

  it.each<[DiskFault, string]>([
    ["read error", "pages"],
    ["write error", "pages"],
    ["failed sync", "pages"],
    ["failed sync", "log-0000000000000001"],
    ["no space", "control.new"],
  ])("are closed again if it cannot be opened: %s in %s", (fault, name) => {
    const machine = Machine.withTree();
    machine.disk.failNext(fault, name);
    expect(leftOpen(machine, () => void machine.open())).toEqual([]);
    expect(contents(machine.open())).toEqual(ALL);
  });

  it.each<[DiskFault, string]>([
    ["write error", "pages"],
    ["failed sync", "pages"],
    ["failed sync", "control.new"],
  ])("are closed if its last checkpoint fails: %s in %s", (fault, name) => {
    const machine = Machine.withTree();
    const left = leftOpen(machine, () => {
      const engine = machine.open();
      const op = engine.borrow();
      runToCompletion(engine.put(op, Uint8Array.of(3), Uint8Array.of(9)));
      machine.disk.failNext(fault, name);
      runToCompletion(engine.close(op));
    });
    expect(left).toEqual([]);
    expect(contents(machine.open())).toEqual(ALL);
  });
});

function nameOf({ name }: DiskFile): string {
  return name;
}

/** Plans a flipped bit for a read of a file, after so many reads of it that go well. */
function flipLater({ disk }: Machine, name: string, skipped: number): void {
  const fault: DiskFault = "corrupted read";
  const read = disk.read.bind(disk);
  let left = skipped;
  disk.read = (file, at, into) => {
    if (file.name === name && left-- === 0) disk.failNext(fault, name);
    return read(file, at, into);
  };
}
