import { describe, expect, it } from "vitest";
import { SECTOR_BYTES, SimDisk, type SimDiskOptions } from "../../../src/sim/disk/index.ts";
import { formatSchedule } from "../../../src/sim/schedule.ts";
import { Scheduler } from "../../../src/sim/scheduler.ts";
import { DepthFirstStrategy } from "../../../src/sim/strategies/index.ts";
import { runToCompletion, type Task } from "../../../src/task/index.ts";
import { DiskProgram, filled } from "./run-disk.ts";

/** The first byte of each sector of each file, as `a:110 b:`, in every run of a program. */
function statesAfterCrash(
  options: SimDiskOptions & { readonly files?: Readonly<Record<string, Uint8Array>> },
  task: (disk: SimDisk) => Task<unknown>,
): { readonly states: string[]; readonly runs: number; readonly schedules: Set<string> } {
  const scheduler = new Scheduler();
  const program = new DiskProgram(scheduler, { ...options, crashes: true }, task);
  const strategy = new DepthFirstStrategy(0);
  const states = new Set<string>();
  const schedules = new Set<string>();
  let runs = 0;
  while (strategy.beginRun()) {
    const result = scheduler.run(program, strategy);
    strategy.endRun();
    expect(result.failure).toBeNull();
    expect(result.preemptions).toBe(0);
    states.add(stateOf(program.disk));
    schedules.add(formatSchedule(scheduler.schedule));
    runs++;
  }
  return { states: [...states].toSorted(), runs, schedules };
}

function stateOf(disk: SimDisk): string {
  return disk
    .names()
    .map((name) => {
      const bytes = disk.peek(name) ?? new Uint8Array(0);
      const marks = Array.from({ length: Math.ceil(bytes.length / SECTOR_BYTES) }, (_, i) =>
        String(bytes[i * SECTOR_BYTES]),
      );
      return `${name}:${marks.join("")}`;
    })
    .join(" ");
}

function* writesSyncsWrites(disk: SimDisk): Task<void> {
  const file = yield* disk.open("a", "write");
  yield* file.write(0, filled(2 * SECTOR_BYTES, 1));
  yield* file.sync();
  yield* file.write(2 * SECTOR_BYTES, filled(SECTOR_BYTES, 1));
}

describe("a crash at any step of: write 2 sectors, sync, write 1", () => {
  const files = { a: filled(3 * SECTOR_BYTES, 0) };

  it("leaves just the states that a disk may leave", () => {
    const { states } = statesAfterCrash({ survival: "sectors", files }, writesSyncsWrites);
    expect(states).toEqual(["a:000", "a:010", "a:100", "a:110", "a:111"]);
  });

  it("takes so many runs, each of them another one", () => {
    const { runs, schedules } = statesAfterCrash({ survival: "sectors", files }, writesSyncsWrites);
    // Before the open is taken 1; the write in flight 4; written but not synced 4; synced, with
    // the next write in flight 2; at the end 2.
    expect(runs).toBe(13);
    expect(schedules.size).toBe(13);
  });

  it("leaves the same by patterns, of which no two come to the same", () => {
    const { states, runs } = statesAfterCrash({ survival: "patterns", files }, writesSyncsWrites);
    expect(states).toEqual(["a:000", "a:010", "a:100", "a:110", "a:111"]);
    expect(runs).toBe(13);
  });
});

describe("a crash", () => {
  it("leaves a sector written twice as it was, or as either write made it", () => {
    const { states } = statesAfterCrash({ files: { a: filled(512, 0) } }, function* (disk) {
      const file = yield* disk.open("a", "write");
      yield* file.write(0, filled(512, 1));
      yield* file.write(0, filled(512, 2));
    });
    expect(states).toEqual(["a:0", "a:1", "a:2"]);
  });

  it("leaves zeros where a file grew and the sector did not survive", () => {
    const { states } = statesAfterCrash(
      { survival: "sectors", files: { a: filled(512, 7) } },
      function* (disk) {
        const file = yield* disk.open("a", "write");
        yield* file.write(512, filled(512, 1));
      },
    );
    expect(states).toEqual(["a:7", "a:70", "a:71"]);
  });

  it("leaves a truncated file short or long", () => {
    const { states } = statesAfterCrash({ files: { a: filled(1024, 7) } }, function* (disk) {
      const file = yield* disk.open("a", "write");
      yield* file.truncate(512);
    });
    expect(states).toEqual(["a:7", "a:77"]);
  });

  it("loses a file that was synced, but whose name was not", () => {
    const { states } = statesAfterCrash({}, function* (disk) {
      const file = yield* disk.open("a", "create");
      yield* file.write(0, filled(512, 1));
      yield* file.sync();
    });
    expect(states).toContain("");
    expect(states).toContain("a:1");
  });

  it("leaves the old file or the new one under a name that is replaced", () => {
    const { states } = statesAfterCrash(
      { survival: "sectors", files: { control: filled(512, 1) } },
      function* (disk) {
        const file = yield* disk.open("control.new", "create");
        yield* file.write(0, filled(512, 2));
        yield* file.sync();
        yield* disk.rename("control.new", "control");
        yield* disk.syncDirectory();
        yield* disk.list();
      },
    );
    const controls = new Set(states.map((state) => state.split(" ")[0]));
    expect([...controls]).toEqual(["control:1", "control:2"]);
  });

  it("leaves a replaced name empty if the new file was not synced before", () => {
    const { states } = statesAfterCrash({ files: { control: filled(512, 1) } }, function* (disk) {
      const file = yield* disk.open("control.new", "create");
      yield* file.write(0, filled(512, 2));
      yield* disk.rename("control.new", "control");
      yield* disk.syncDirectory();
    });
    expect(states).toContain("control:");
    expect(states).toContain("control:0");
  });

  it("leaves unsynced names in any subset", () => {
    const { states } = statesAfterCrash({ survival: "sectors" }, function* (disk) {
      yield* disk.open("a", "create");
      yield* disk.open("b", "create");
    });
    expect(states).toEqual(["", "a:", "a: b:", "b:"]);
  });
});

describe("after a sync that failed", () => {
  it("what was unsynced is not saved by a later sync, until it is written again", () => {
    const failing = function* (disk: SimDisk): Task<void> {
      disk.failNext("failed sync", "a");
      const file = yield* disk.open("a", "write");
      yield* file.write(0, filled(512, 1));
      try {
        yield* file.sync();
      } catch {
        yield* file.sync();
      }
    };
    const files = { a: filled(512, 0) };
    expect(statesAfterCrash({ files }, failing).states).toEqual(["a:0", "a:1"]);
    const writingAgain = function* (disk: SimDisk): Task<void> {
      yield* failing(disk);
      const file = yield* disk.open("a", "write");
      yield* file.write(0, filled(512, 2));
      yield* file.sync();
      disk.put("end", filled(512, 1));
    };
    const { states } = statesAfterCrash({ files }, writingAgain);
    expect(states.filter((state) => state.endsWith("end:1"))).toEqual(["a:2 end:1"]);
  });

  it("a file grows again when what made it grow is written again", () => {
    const files = { a: filled(512, 0) };
    const { states } = statesAfterCrash({ files }, function* (disk) {
      disk.failNext("failed sync", "a");
      const file = yield* disk.open("a", "write");
      const grow = function* (): Task<void> {
        yield* file.write(512, filled(512, 1));
        yield* file.sync();
      };
      try {
        yield* grow();
      } catch {
        yield* grow();
      }
      disk.put("end", filled(512, 1));
    });
    expect(states.filter((state) => state.endsWith("end:1"))).toEqual(["a:01 end:1"]);
  });
});

describe("a directory in the directory", () => {
  /** @param syncs Which directories are synced after the file in the new one was. */
  const makesOne = (...syncs: ("outer" | "inner")[]) =>
    function* (disk: SimDisk): Task<void> {
      const inner = yield* disk.directory("inner", "create");
      const file = yield* inner.open("a", "create");
      yield* file.write(0, filled(SECTOR_BYTES, 1));
      yield* file.sync();
      for (const which of syncs) yield* (which === "outer" ? disk : inner).syncDirectory();
      yield* (yield* disk.open("done", "create")).sync();
      yield* disk.syncDirectory();
    };
  const left = (syncs: ("outer" | "inner")[], state: string): boolean =>
    statesAfterCrash({ survival: "sectors" }, makesOne(...syncs)).states.includes(state);

  it("is lost with all that was synced in it until the outer one is synced", () => {
    // The last sync but one leaves no doubt about names in the outer directory.
    expect(left(["inner", "outer"], "done:")).toBe(false);
    expect(left(["inner"], "")).toBe(true);
    expect(left(["inner"], "done:")).toBe(true);
    expect(left(["inner", "outer"], "done: inner/a:1")).toBe(true);
  });

  it("loses names of its own until it is synced itself", () => {
    expect(left(["outer"], "done:")).toBe(true);
    expect(left(["outer", "inner"], "done:")).toBe(false);
  });

  it("is read, written and put back to a snapshot as the outer one is", () => {
    const disk = new SimDisk(new Scheduler());
    const empty = disk.snapshot();
    runToCompletion(makesOne("outer", "inner")(disk));
    expect(disk.durableNames()).toEqual(["done", "inner/a"]);
    const full = disk.snapshot();
    disk.takeAway("inner/a");
    expect(disk.names()).toEqual(["done"]);
    disk.restore(full);
    expect(disk.peek("inner/a")).toEqual(filled(SECTOR_BYTES, 1));
    disk.put("inner/b", filled(3, 2));
    disk.damage("inner/b", 1, 1);
    expect(disk.peekDurable("inner/b")).toEqual(Uint8Array.of(2, 3, 2));
    disk.restore(empty);
    expect([...disk.names(), ...disk.durableNames()]).toEqual([]);
  });
});
